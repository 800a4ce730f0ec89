-- Which runs asked the model, and what did they pay?
--
-- Parameters:
--   most INTEGER = 20: Maximum number of rows
-- Columns:
--   run: DAG and run, or command
--   listing_date: The date it worked on
--   first_call_at: UTC
--   last_call_at: UTC
--   calls: Calls
--   answers: Of these, answered
--   papers: Papers asked about
--   cost_usd: Dollars; null where no answer has a price
-- A good answer:
--   One run per date. Several runs of one date with many calls mean that the model was asked again: `papers show`
--   tells why.

SELECT run, listing_date, first_call_at, last_call_at, calls, answers, papers, round(cost_usd, 6) AS cost_usd
FROM runs
ORDER BY last_call_at DESC, run, listing_date
LIMIT $most
