-- Which keywords rise week on week?
--
-- Parameters:
--   week DATE = 2999-12-31: A day of the week to look at; a later one than the newest listing means the week of that
--   least INTEGER = 2: Papers a keyword has at least in that week
--   most INTEGER = 20: So many rows
-- Columns:
--   keyword: In lower case
--   papers: Papers listed in that week
--   papers_before: In the week before
--   rise: The difference
--   upvotes: Votes of that week's papers
-- A good answer:
--   Topics of the week on top; general words (large language models) rise and fall by chance.

WITH chosen AS (
    SELECT date_trunc('week', least($week, max(listing_date)))::DATE AS monday FROM listings WHERE is_listed
), weekly AS (
    SELECT k.keyword, coalesce(sum(k.papers) FILTER (WHERE k.listing_date >= c.monday), 0)::BIGINT AS papers,
           coalesce(sum(k.papers) FILTER (WHERE k.listing_date < c.monday), 0)::BIGINT AS papers_before,
           coalesce(sum(k.upvotes) FILTER (WHERE k.listing_date >= c.monday), 0)::BIGINT AS upvotes
    FROM keyword_days k, chosen c
    WHERE k.listing_date >= c.monday - 7 AND k.listing_date < c.monday + 7
    GROUP BY k.keyword
)
SELECT keyword, papers, papers_before, papers - papers_before AS rise, upvotes
FROM weekly
WHERE papers >= $least
ORDER BY rise DESC, papers DESC, upvotes DESC, keyword
LIMIT $most
