-- Which papers joined a date after its first look, and how much later?
SELECT l.listing_date, l.paper_id, p.title, l.first_seen_at - first_look.seen_at AS later, l.upvotes
FROM listings l
JOIN papers p USING (paper_id)
JOIN (SELECT listing_date, min(observed_at) AS seen_at FROM observations WHERE outcome = 'listed' GROUP BY ALL) first_look
  USING (listing_date)
WHERE l.first_seen_at > first_look.seen_at
ORDER BY l.listing_date DESC, l.first_seen_at, l.paper_id
