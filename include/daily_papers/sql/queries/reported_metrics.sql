-- In which metrics do papers report results?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 20: So many rows
-- Columns:
--   metric: In lower case
--   papers: Papers that report it
--   figures: Figures
--   with_baseline: Of these, figures that say what they are compared with
-- A good answer:
--   Accuracy and its relatives on top; most figures with a baseline.

WITH newest AS (
    SELECT s.*
    FROM summaries s
    JOIN listings l ON l.listing_date = s.listing_date AND l.paper_id = s.paper_id
    WHERE l.is_listed AND s.listing_date BETWEEN $first_date AND $last_date
    QUALIFY row_number() OVER (PARTITION BY s.paper_id ORDER BY s.listing_date DESC) = 1
)
SELECT lower(metric) AS metric, count(DISTINCT paper_id) AS papers, count(*) AS figures,
       count(*) FILTER (WHERE baseline <> '') AS with_baseline
FROM results
JOIN newest USING (listing_date, paper_id)
WHERE metric <> ''
GROUP BY 1
ORDER BY papers DESC, figures DESC, 1
LIMIT $most
