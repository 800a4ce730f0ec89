-- How many papers come with code, and do they get more votes?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   month: First day of the month
--   papers: Papers listed
--   code_percent: Share with a code repository
--   median_upvotes_with_code: Median votes of those with code; null where there are none
--   median_upvotes_without_code: Median votes of the others; null where there are none
-- A good answer:
--   Listings have named repositories since 2025-03-03; since then half of the papers or more, with more votes.

WITH listed AS (
    SELECT date_trunc('month', l.listing_date)::DATE AS month, l.paper_id, p.has_code, max(l.upvotes) AS upvotes
    FROM listings l
    JOIN papers p ON p.paper_id = l.paper_id
    WHERE l.is_listed AND l.listing_date BETWEEN $first_date AND $last_date
    GROUP BY 1, l.paper_id, p.has_code
)
SELECT month, count(*) AS papers, round(100.0 * count(*) FILTER (WHERE has_code) / count(*), 1) AS code_percent,
       median(upvotes) FILTER (WHERE has_code) AS median_upvotes_with_code,
       median(upvotes) FILTER (WHERE NOT has_code) AS median_upvotes_without_code
FROM listed
GROUP BY month
ORDER BY month DESC
