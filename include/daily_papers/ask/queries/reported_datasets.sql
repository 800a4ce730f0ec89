-- On which datasets do papers report results?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 20: Maximum number of rows
-- Columns:
--   dataset: In lower case
--   papers: Papers that report a figure on it
--   figures: Figures
--   metrics: Up to five metrics that they name, in lower case, the most frequent first
-- A good answer:
--   Common benchmarks on top. The names are as papers write them: AIME 2024 and AIME2024 are two rows. Entries
--   that name a processor, a model or several datasets are left out; `reported_results` has them.

WITH figures AS (
    SELECT lower(dataset) AS dataset, lower(metric) AS metric, paper_id
    FROM results
    JOIN newest_summaries($first_date, $last_date) USING (listing_date, paper_id)
    WHERE dataset <> '' AND (
        regexp_matches(dataset, '(?i)bench($|[^m])|eval|arena|corpus|dataset\b|\bqa\b|test\b|laion|movielens|coyo|chat-1m|webvid')
        OR NOT (
            -- processors
            regexp_matches(dataset, '(?i)\b([rg]tx ?\d|geforce|tesla\b|quadro|nvidia|radeon|xeon|epyc|jetson|[gct]pus?\b)')
            OR regexp_matches(dataset, '(?i)^([ahbvl]\d{2,3}s?|mi\d{3}x?|gb\d{3}|apple m\d.*|m\d (pro|max|ultra))([ -]\d+ ?gb)?$')
            -- models: by their size, what they are, or their family
            OR regexp_matches(dataset, '(?i)[-_ ]\d+([.]\d+)?(x\d+)?b\b|^pythia|\b[mv]?ll?ms?\b|\bvlms?\b')
            OR regexp_matches(dataset, '(?i)^(gpt|o[134]$|llama|qwen|qwq|gemini|gemma|claude|mi[sx]tral|deepseek|phi-?\d)[- ]?[\drv.]*')
            OR regexp_matches(dataset, '(?i)^(flux|sdxl|dit|vit|bert|roberta|t5|opt|bloom|falcon|olmo|vicuna)([-. ]?(\d|x?l\b).*)?$')
            -- some that have no name
            OR regexp_matches(dataset, '(?i)^(\d+|two|three|four|five|six|seven|eight|nine|ten|all|both|several|various) \w+s$')
            OR regexp_matches(dataset, '(?i)^(a |the )?(selected|multiple|diverse|different|other|average|overall)\b')
        )
    )
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
