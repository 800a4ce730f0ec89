-- What holds papers back from readers, and what fixes it?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   reason: Code (docs/audit.md)
--   papers: Papers it holds back
--   percent_of_listed: Share of all papers of these dates
--   latest_date: Newest date it occurred on
--   remedy: What fixes it
-- A good answer:
--   Few rows with small shares. One reason with many papers on the latest date points to a cause: a provider that
--   is down, a new model, a changed prompt.

SELECT q.reason, count(DISTINCT q.paper_id) AS papers,
       round(100.0 * count(DISTINCT q.paper_id)
             / (SELECT count(DISTINCT paper_id) FROM listings
                WHERE is_listed AND listing_date BETWEEN $first_date AND $last_date), 2) AS percent_of_listed,
       max(q.listing_date) AS latest_date, any_value(q.remedy) AS remedy
FROM quarantine q
WHERE q.listing_date BETWEEN $first_date AND $last_date
GROUP BY q.reason
ORDER BY papers DESC, q.reason
