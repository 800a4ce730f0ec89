-- Whose papers are listed most often, and how many votes do they get?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 20: Maximum number of rows
-- Columns:
--   author: Name; equal names may be different people
--   papers: Papers listed
--   upvotes: Votes of these, as last seen
--   latest_date: Newest listing
-- A good answer:
--   People of large groups with a handful of papers a year. A very common name on top is several people.

WITH listed AS (
    SELECT paper_id, max(upvotes) AS upvotes, max(listing_date) AS listing_date
    FROM listings
    WHERE is_listed AND listing_date BETWEEN $first_date AND $last_date
    GROUP BY paper_id
)
SELECT a.author, count(*) AS papers, sum(l.upvotes)::BIGINT AS upvotes,
       max(l.listing_date) AS latest_date
FROM (SELECT DISTINCT paper_id, author FROM authors) a  -- some papers name an author twice
JOIN listed l ON l.paper_id = a.paper_id
GROUP BY a.author
ORDER BY papers DESC, upvotes DESC, a.author
LIMIT $most
