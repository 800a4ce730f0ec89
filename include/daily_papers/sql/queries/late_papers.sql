-- Which papers joined a date after its first look, and how much later?
WITH first_looks AS (
    SELECT listing_date, min(observed_at) AS first_look FROM observations WHERE outcome = 'listed' GROUP BY listing_date
)
SELECT l.listing_date, l.paper_id, p.title, l.first_seen_at - f.first_look AS later, l.upvotes
FROM listings l
JOIN first_looks f ON f.listing_date = l.listing_date
JOIN papers p ON p.paper_id = l.paper_id
WHERE l.first_seen_at > f.first_look
ORDER BY l.listing_date DESC, l.first_seen_at, l.paper_id
