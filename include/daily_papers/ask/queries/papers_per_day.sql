-- How many papers did each date list, and how many votes do they have?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   listing_date: UTC day
--   weekday: Its name
--   listed_papers: Papers listed
--   upvotes: All their votes, as last seen
--   most_upvotes: Votes of the paper with the most
-- A good answer:
--   Weekdays list 10 to 100 papers, weekends few or none; an empty weekday is a holiday, or a fault (`papers
--   status`).

SELECT d.listing_date, dayname(d.listing_date) AS weekday, d.listed_papers,
       coalesce(sum(l.upvotes), 0)::BIGINT AS upvotes, coalesce(max(l.upvotes), 0) AS most_upvotes
FROM days d
LEFT JOIN listings l ON l.listing_date = d.listing_date AND l.is_listed
WHERE d.listing_date BETWEEN $first_date AND $last_date
GROUP BY ALL
ORDER BY d.listing_date DESC
