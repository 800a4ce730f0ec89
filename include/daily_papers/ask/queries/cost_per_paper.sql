-- What does a paper cost, and what does a complete one?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   model: Model; a second reader has no complete papers
--   calls: Calls, failed ones included
--   asked_papers: Papers asked about
--   complete_papers: Of these, papers whose published summary is from this model
--   cost_usd: Dollars; null where the model has no price
--   usd_per_paper: Dollars for each paper asked about
--   usd_per_complete_paper: Dollars for each complete one
--   tokens_per_paper: Input and output tokens for each paper asked about
-- A good answer:
--   The two prices are close: the difference was paid for repairs and for answers that failed the audit.

SELECT c.model, count(*) AS calls, count(DISTINCT c.paper_id) AS asked_papers,
       count(DISTINCT s.paper_id) AS complete_papers, round(sum(c.cost_usd), 6) AS cost_usd,
       round(sum(c.cost_usd) / count(DISTINCT c.paper_id), 6) AS usd_per_paper,
       round(sum(c.cost_usd) / nullif(count(DISTINCT s.paper_id), 0), 6) AS usd_per_complete_paper,
       (sum(c.input_tokens + c.output_tokens) // count(DISTINCT c.paper_id))::BIGINT AS tokens_per_paper
FROM calls c
LEFT JOIN (SELECT DISTINCT paper_id, model FROM summaries) s ON s.paper_id = c.paper_id AND s.model = c.model
WHERE c.listing_date BETWEEN $first_date AND $last_date
GROUP BY c.model
ORDER BY c.model
