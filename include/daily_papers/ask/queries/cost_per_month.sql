-- What did each month cost?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   month: First day of the month of the listing dates
--   calls: Calls
--   answers: Of these, answered
--   input_tokens: Tokens sent
--   cached_percent: Share of these that the provider had cached
--   output_tokens: Tokens received
--   cost_usd: Dollars; null where no answer has a price
--   usd_per_complete_paper: Dollars for each paper that is complete now
-- A good answer:
--   Answers near calls, a growing cached percent, and a stable price per complete paper.

WITH complete AS (
    SELECT date_trunc('month', listing_date)::DATE AS month, count(DISTINCT paper_id) AS papers
    FROM listings
    WHERE is_listed AND is_complete AND listing_date BETWEEN $first_date AND $last_date
    GROUP BY month
)
SELECT date_trunc('month', c.listing_date)::DATE AS month, count(*) AS calls,
       count(*) FILTER (WHERE c.is_answered) AS answers, sum(c.input_tokens)::BIGINT AS input_tokens,
       round(100.0 * sum(c.cached_input_tokens) / nullif(sum(c.input_tokens), 0), 1) AS cached_percent,
       sum(c.output_tokens)::BIGINT AS output_tokens, round(sum(c.cost_usd), 6) AS cost_usd,
       round(sum(c.cost_usd) / nullif(any_value(m.papers), 0), 6) AS usd_per_complete_paper
FROM calls c
LEFT JOIN complete m ON m.month = date_trunc('month', c.listing_date)::DATE
WHERE c.listing_date BETWEEN $first_date AND $last_date
GROUP BY 1
ORDER BY 1 DESC
