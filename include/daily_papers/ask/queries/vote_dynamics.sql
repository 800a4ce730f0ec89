-- How do votes grow with the hours since a paper was first seen?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   hours: Hours since the first look that found it, in steps
--   papers: Papers with a look in that step
--   median_upvotes: Median of their votes then
--   median_percent_of_last: Median share of the votes they had at the last look
-- A good answer:
--   Growing to 100 percent within one to two weeks. Steps with few papers say little; how many
--   there are depends on how often a date is looked at.

WITH looks AS (
    SELECT v.listing_date, v.paper_id, v.upvotes, l.upvotes AS last_upvotes,
           date_sub('hour', l.first_seen_at, v.observed_at) AS age
    FROM votes v
    JOIN listings l ON l.listing_date = v.listing_date AND l.paper_id = v.paper_id
    WHERE v.listing_date BETWEEN $first_date AND $last_date
), steps AS (
    SELECT *, CASE WHEN age < 1 THEN 0 WHEN age < 24 THEN 24 WHEN age < 72 THEN 72 WHEN age < 168 THEN 168
                   WHEN age < 336 THEN 336 ELSE 999 END AS step
    FROM looks
)
SELECT CASE step WHEN 0 THEN 'first look' WHEN 24 THEN 'under 24' WHEN 72 THEN 'under 72' WHEN 168 THEN 'under 168'
                 WHEN 336 THEN 'under 336' ELSE '336 and more' END AS hours,
       count(DISTINCT (listing_date, paper_id)) AS papers, median(upvotes) AS median_upvotes,
       round(median(100.0 * upvotes / last_upvotes) FILTER (WHERE last_upvotes > 0), 1) AS median_percent_of_last
FROM steps
GROUP BY step
ORDER BY step
