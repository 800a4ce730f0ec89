-- Which papers have gained the most votes since they were first seen?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 10: Maximum number of rows
-- Columns:
--   listing_date: Listing date
--   paper_id: Paper
--   title: Title
--   first_upvotes: Votes at the first look
--   upvotes: Votes at the last look
--   gained: The difference
--   looks: Looks that found it
-- A good answer:
--   Papers that people discovered later on top. With one look per date, no gains show: unpause
--   `refresh_daily_papers`.

SELECT v.listing_date, v.paper_id, any_value(p.title) AS title, arg_min(v.upvotes, v.observed_at) AS first_upvotes,
       arg_max(v.upvotes, v.observed_at) AS upvotes,
       arg_max(v.upvotes, v.observed_at) - arg_min(v.upvotes, v.observed_at) AS gained, count(*) AS looks
FROM votes v
JOIN papers p ON p.paper_id = v.paper_id
WHERE v.listing_date BETWEEN $first_date AND $last_date
GROUP BY v.listing_date, v.paper_id
ORDER BY gained DESC, upvotes DESC, v.paper_id, v.listing_date
LIMIT $most
