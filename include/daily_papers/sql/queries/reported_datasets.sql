-- On which datasets do papers report results?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 20: So many rows
-- Columns:
--   dataset: In lower case
--   papers: Papers that report a figure on it
--   figures: Figures
--   metrics: Metrics they name, most frequent first
-- A good answer:
--   Common benchmarks on top. The names are as papers write them: AIME 2024 and AIME2024 are two rows.

WITH newest AS (
    SELECT s.*
    FROM summaries s
    JOIN listings l ON l.listing_date = s.listing_date AND l.paper_id = s.paper_id
    WHERE l.is_listed AND s.listing_date BETWEEN $first_date AND $last_date
    QUALIFY row_number() OVER (PARTITION BY s.paper_id ORDER BY s.listing_date DESC) = 1
)
SELECT lower(dataset) AS dataset, count(DISTINCT paper_id) AS papers, count(*) AS figures,
       list(DISTINCT lower(metric) ORDER BY lower(metric))[1:5] AS metrics
FROM results
JOIN newest USING (listing_date, paper_id)
WHERE dataset <> ''
GROUP BY 1
ORDER BY papers DESC, figures DESC, 1
LIMIT $most
