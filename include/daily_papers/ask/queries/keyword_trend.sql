-- How often did a keyword occur in each month?
--
-- Parameters:
--   keyword VARCHAR = reinforcement learning: In lower case; % stands for anything
-- Columns:
--   month: First day of the month
--   papers: Papers with the keyword
--   percent_of_listed: Share of the papers that have keywords at all
--   upvotes: Their votes
-- A good answer:
--   A row for each month that has the keyword; compare the percentages, because months differ in size.

WITH listed AS (
    SELECT date_trunc('month', l.listing_date)::DATE AS month, l.paper_id, max(l.upvotes) AS upvotes,
           l.paper_id IN (SELECT paper_id FROM keywords WHERE lower(keyword) LIKE $keyword) AS has_keyword
    FROM listings l
    JOIN papers p ON p.paper_id = l.paper_id AND p.has_keywords
    WHERE l.is_listed
    GROUP BY 1, l.paper_id
)
SELECT month, count(*) FILTER (WHERE has_keyword) AS papers,
       round(100.0 * count(*) FILTER (WHERE has_keyword) / count(*), 2) AS percent_of_listed,
       coalesce(sum(upvotes) FILTER (WHERE has_keyword), 0)::BIGINT AS upvotes
FROM listed
GROUP BY month
HAVING papers > 0
ORDER BY month DESC
