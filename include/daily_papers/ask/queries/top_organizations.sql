-- Which organizations' papers are listed most often?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
--   most INTEGER = 20: Maximum number of rows
-- Columns:
--   organization: Name on Hugging Face
--   papers: Papers listed
--   upvotes: Votes of these, as last seen
--   with_code: Of these, papers with a code repository
--   latest_date: Newest listing
-- A good answer:
--   Large laboratories on top. Listings have named organizations since 2025-10-03: earlier dates have no rows.

WITH listed AS (
    SELECT paper_id, max(upvotes) AS upvotes, max(listing_date) AS listing_date
    FROM listings
    WHERE is_listed AND listing_date BETWEEN $first_date AND $last_date
    GROUP BY paper_id
)
SELECT o.organization, count(*) AS papers, sum(l.upvotes)::BIGINT AS upvotes,
       count(*) FILTER (WHERE p.has_code) AS with_code, max(l.listing_date) AS latest_date
FROM organizations o
JOIN listed l ON l.paper_id = o.paper_id
JOIN papers p ON p.paper_id = o.paper_id
GROUP BY o.organization
ORDER BY papers DESC, upvotes DESC, o.organization
LIMIT $most
