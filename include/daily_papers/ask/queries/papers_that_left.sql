-- Which papers left a date, and where did they go?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   listing_date: The date that no longer lists it
--   paper_id: Paper
--   title: Title; null for an item that could not be read
--   what_happened: moved, withdrawn or gone
--   now_listed_on: Date that lists it now; null where none does
--   last_seen_at: Last look that found it, UTC
-- A good answer:
--   A few that moved by a day. Many that are gone from one date point to a listing that was cut off.

SELECT d.listing_date, d.paper_id, p.title, d.what_happened, d.now_listed_on, d.last_seen_at
FROM departed_papers d
LEFT JOIN papers p ON p.paper_id = d.paper_id
WHERE d.listing_date BETWEEN $first_date AND $last_date
ORDER BY d.listing_date DESC, d.paper_id
