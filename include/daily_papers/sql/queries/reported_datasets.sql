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

SELECT lower(dataset) AS dataset, count(DISTINCT paper_id) AS papers, count(*) AS figures,
       list(DISTINCT lower(metric) ORDER BY lower(metric))[1:5] AS metrics
FROM results
JOIN current_summaries USING (listing_date, paper_id)
WHERE dataset <> '' AND listing_date BETWEEN $first_date AND $last_date
GROUP BY 1
ORDER BY papers DESC, figures DESC, 1
LIMIT $most
