-- Which keywords rise week on week?
--
-- Parameters:
--   week DATE = 2999-12-31: Any day of the week to look at; after the newest listing, the week of that listing is used
--   least INTEGER = 2: Minimum number of papers with the keyword in that week
--   most INTEGER = 20: Maximum number of rows
-- Columns:
--   keyword: In lower case
--   papers: Papers listed in that week
--   papers_before: In the week before; null where not every date of that week is loaded
--   rise: The difference; null where papers_before is null
--   upvotes: Votes of that week's papers
-- A good answer:
--   Topics of the week on top; general words (large language models) rise and fall by chance.

WITH chosen AS (
    SELECT date_trunc('week', least($week, max(listing_date)))::DATE AS monday FROM listings WHERE is_listed
), before AS (
    SELECT count(*) = 7 AS is_whole
    FROM days, chosen c
    WHERE listing_date >= c.monday - 7 AND listing_date < c.monday AND status IN ('published', 'partial', 'empty')
), listed AS (
    SELECT l.paper_id, l.listing_date >= c.monday AS is_now, max(l.upvotes) AS upvotes
    FROM listings l, chosen c
    WHERE l.is_listed AND l.listing_date >= c.monday - 7 AND l.listing_date < c.monday + 7
    GROUP BY ALL
), named AS (
    SELECT DISTINCT paper_id, lower(keyword) AS keyword FROM keywords WHERE paper_id IN (SELECT paper_id FROM listed)
), weekly AS (
    SELECT n.keyword, count(*) FILTER (WHERE l.is_now) AS papers, count(*) FILTER (WHERE NOT l.is_now) AS papers_before,
           coalesce(sum(l.upvotes) FILTER (WHERE l.is_now), 0)::BIGINT AS upvotes
    FROM named n
    JOIN listed l ON l.paper_id = n.paper_id
    GROUP BY n.keyword
)
SELECT keyword, papers, if(is_whole, papers_before, NULL) AS papers_before,
       if(is_whole, papers - papers_before, NULL) AS rise, upvotes
FROM weekly, before
WHERE papers >= $least
ORDER BY rise DESC, papers DESC, upvotes DESC, keyword
LIMIT $most
