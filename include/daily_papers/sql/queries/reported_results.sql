-- Which figures do the summaries report, and against what?
SELECT r.paper_id, r.dataset, r.metric, r.value, r.baseline
FROM results r
JOIN published_papers p ON p.listing_date = r.listing_date AND p.paper_id = r.paper_id
WHERE r.baseline <> ''
ORDER BY p.upvotes DESC, r.paper_id, r.dataset, r.metric, r.value
LIMIT 8
