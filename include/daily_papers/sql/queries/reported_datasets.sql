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
--   metrics: Up to five metrics that they name, in lower case, the most frequent first
-- A good answer:
--   Common benchmarks on top. The names are as papers write them: AIME 2024 and AIME2024 are two rows.

WITH figures AS (
    SELECT lower(dataset) AS dataset, lower(metric) AS metric, paper_id
    FROM results
    JOIN newest_summaries($first_date, $last_date) USING (listing_date, paper_id)
    WHERE dataset <> ''
), top AS (
    SELECT dataset, count(DISTINCT paper_id) AS papers, count(*) AS figures
    FROM figures
    GROUP BY dataset
    ORDER BY papers DESC, figures DESC, dataset
    LIMIT $most
), named AS (
    SELECT dataset, metric, count(*) AS times
    FROM figures
    GROUP BY ALL
)
SELECT dataset, any_value(papers) AS papers, any_value(figures) AS figures,
       coalesce(list(metric ORDER BY times DESC, metric) FILTER (WHERE metric <> ''), [])[1:5] AS metrics
FROM top
LEFT JOIN named USING (dataset)
GROUP BY dataset
ORDER BY papers DESC, figures DESC, dataset
