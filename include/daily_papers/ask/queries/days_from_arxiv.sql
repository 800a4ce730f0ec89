-- How many days lie between a paper's publication on arXiv and its listing?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   month: First day of the month of the listing
--   papers: Papers, each with its first listing
--   median_days: Median of the days
--   percent_within_3_days: Share listed within three days
--   most_days: The oldest paper
-- A good answer:
--   A median of one to three days; single papers are years old.

WITH first_listing AS (
    SELECT paper_id, min(listing_date) AS listing_date FROM listings WHERE listing_problem IS NULL GROUP BY paper_id
), waits AS (
    SELECT f.listing_date, f.listing_date - p.published_at::DATE AS days
    FROM first_listing f
    JOIN papers p ON p.paper_id = f.paper_id
    WHERE f.listing_date BETWEEN $first_date AND $last_date
)
SELECT date_trunc('month', listing_date)::DATE AS month, count(*) AS papers, median(days) AS median_days,
       round(100.0 * count(*) FILTER (WHERE days <= 3) / count(*), 1) AS percent_within_3_days, max(days) AS most_days
FROM waits
GROUP BY 1
ORDER BY 1 DESC
