-- Which papers joined a date after its first look, and how much later?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   listing_date: Listing date
--   paper_id: Paper
--   title: Title
--   later: Time between the first look at the date and the first that found the paper
--   upvotes: Votes as last seen
-- A good answer:
--   Papers join for a day or two. One that joined a week later was moved here.

WITH first_looks AS (
    SELECT listing_date, min(observed_at) AS first_look FROM observations WHERE outcome = 'listed' GROUP BY listing_date
)
SELECT l.listing_date, l.paper_id, p.title, l.first_seen_at - f.first_look AS later, l.upvotes
FROM listings l
JOIN first_looks f ON f.listing_date = l.listing_date
JOIN papers p ON p.paper_id = l.paper_id
WHERE l.first_seen_at > f.first_look AND l.listing_date BETWEEN $first_date AND $last_date
ORDER BY l.listing_date DESC, l.first_seen_at, l.paper_id
