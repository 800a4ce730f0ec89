-- Which papers are on several dates?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   paper_id: Paper
--   title: Title
--   dates: Dates that list it now, or did
--   first_date: The first of them
--   last_date: The last
--   still_listed: How many of them still list it
-- A good answer:
--   Few papers, with dates close together: most of them moved to another date (still_listed is 1).

SELECT l.paper_id, p.title, count(*) AS dates, min(l.listing_date) AS first_date, max(l.listing_date) AS last_date,
       count(*) FILTER (WHERE l.is_listed) AS still_listed
FROM listings l
JOIN papers p ON p.paper_id = l.paper_id
WHERE l.listing_date BETWEEN $first_date AND $last_date
GROUP BY l.paper_id, p.title
HAVING count(*) > 1
ORDER BY dates DESC, last_date DESC, l.paper_id
