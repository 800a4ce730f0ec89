-- Which papers of all loaded dates got the most votes?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 5: Maximum number of rows
-- Columns:
--   listing_date: The one of its dates with the most votes
--   paper_id: Paper
--   upvotes: Votes as last seen
--   translated_title: Title in the summary's language
-- A good answer:
--   The papers everybody talks about.

SELECT listing_date, paper_id, upvotes, translated_title
FROM published_papers
WHERE listing_date BETWEEN $first_date AND $last_date
QUALIFY row_number() OVER (PARTITION BY paper_id ORDER BY upvotes DESC, listing_date) = 1
ORDER BY upvotes DESC, paper_id
LIMIT $most
