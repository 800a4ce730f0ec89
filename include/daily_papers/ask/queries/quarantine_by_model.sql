-- For which reasons are each model's answers held back?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   model: Model; null while pending
--   reason: Code (docs/audit.md)
--   papers: Papers
--   percent_of_answered: Share of the papers it answered about; null while pending
-- A good answer:
--   A good model has few rows, none above one percent.

WITH answered AS (
    SELECT model, count(DISTINCT paper_id) AS papers
    FROM calls
    WHERE is_answered AND NOT is_verification AND listing_date BETWEEN $first_date AND $last_date
    GROUP BY model
)
SELECT q.model, q.reason, count(DISTINCT q.paper_id) AS papers,
       round(100.0 * count(DISTINCT q.paper_id) / any_value(a.papers), 2) AS percent_of_answered
FROM quarantine q
LEFT JOIN answered a ON a.model = q.model
WHERE q.listing_date BETWEEN $first_date AND $last_date
GROUP BY q.model, q.reason
ORDER BY papers DESC, q.model, q.reason
