-- Which figures do the summaries report, and compared with what?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 8: Maximum number of rows
-- Columns:
--   paper_id: Paper
--   dataset: As the paper names it
--   metric: As the paper names it
--   value: As text
--   baseline: What it is compared with
-- A good answer:
--   Figures of the papers with most votes; each can be read in the paper.

SELECT r.paper_id, r.dataset, r.metric, r.value, r.baseline
FROM results r
JOIN newest_summaries($first_date, $last_date) n ON n.listing_date = r.listing_date AND n.paper_id = r.paper_id
JOIN published_papers p ON p.listing_date = r.listing_date AND p.paper_id = r.paper_id
WHERE r.baseline <> ''
ORDER BY p.upvotes DESC, r.paper_id, r.position
LIMIT $most
