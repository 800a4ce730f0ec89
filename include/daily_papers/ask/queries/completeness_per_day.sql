-- How complete is each date?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   listing_date: UTC day
--   status: Status of the date
--   listed_papers: Papers listed
--   complete_papers: With an audited summary
--   quarantined_papers: Held back from readers
--   pending_papers: Without an answer yet
--   complete_percent: Share of complete papers; null on an empty day
-- A good answer:
--   Nearly 100 percent everywhere, and no pending papers on dates older than a day.

SELECT listing_date, status, listed_papers, complete_papers, quarantined_papers, pending_papers, complete_percent
FROM daily_completeness
WHERE listing_date BETWEEN $first_date AND $last_date
ORDER BY listing_date DESC
