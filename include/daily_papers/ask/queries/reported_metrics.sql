-- With which metrics do papers report results?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 20: Maximum number of rows
-- Columns:
--   metric: In lower case
--   papers: Papers that report it
--   figures: Figures
--   with_baseline: Of these, figures that say what they are compared with
-- A good answer:
--   Accuracy and related metrics on top; most figures with a baseline.

SELECT lower(metric) AS metric, count(DISTINCT paper_id) AS papers, count(*) AS figures,
       count(*) FILTER (WHERE baseline <> '') AS with_baseline
FROM results
JOIN newest_summaries($first_date, $last_date) USING (listing_date, paper_id)
WHERE metric <> ''
GROUP BY 1
ORDER BY papers DESC, figures DESC, 1
LIMIT $most
