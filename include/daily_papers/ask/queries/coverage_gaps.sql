-- Which dates are missing or incomplete?
--
-- Parameters:
--   first_date DATE = 1970-01-01: First date to look at; before the library's first date, that one is used
--   last_date DATE = 2999-12-31: Last date to look at; after the library's last date, that one is used
-- Columns:
--   listing_date: Date that is missing or incomplete
--   weekday: Its name
--   status: missing (never asked for), fetch_failed, failed or partial
--   pending_papers: Papers without an answer yet; 0 where nothing was listed
--   remedy: What to do
-- A good answer:
--   No rows. A few partial days are fixed by the next refresh.

WITH bounds AS (
    SELECT greatest($first_date, min(listing_date)) AS first_date, least($last_date, max(listing_date)) AS last_date
    FROM days
    HAVING count(*) > 0
), calendar AS (
    SELECT unnest(generate_series(first_date, last_date, INTERVAL 1 DAY))::DATE AS listing_date FROM bounds
)
SELECT c.listing_date, dayname(c.listing_date) AS weekday, coalesce(d.status, 'missing') AS status,
       coalesce(d.pending_papers, 0) AS pending_papers,
       CASE coalesce(d.status, 'missing') WHEN 'partial' THEN 'run the date again, or let the refresh do it'
            WHEN 'failed' THEN 'papers report DATE says what the audit refused' ELSE 'run the date, or a backfill' END
           AS remedy
FROM calendar c
LEFT JOIN days d ON d.listing_date = c.listing_date
WHERE coalesce(d.status, 'missing') NOT IN ('published', 'empty')
ORDER BY c.listing_date DESC
