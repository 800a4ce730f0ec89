-- How many papers of each model and prompt passed the audit?
--
-- Parameters:
--   first_date DATE = 2023-05-01: First listing date
--   last_date DATE = 2999-12-31: Last listing date
-- Columns:
--   model: Model
--   prompt_version: Version of the prompt
--   answered_papers: Papers it answered about
--   complete_papers: Of these, papers whose published summary is its answer
--   approved_papers: Of these, approved by a person
--   complete_percent: Share of complete papers
--   repairs_a_paper: Answers requested again, per complete paper
-- A good answer:
--   Complete percent near 100 with few repairs. A model that was replaced by a better one falls, because its
--   answers are no longer the published ones.

SELECT c.model, c.prompt_version, count(DISTINCT c.paper_id) AS answered_papers,
       count(DISTINCT s.paper_id) AS complete_papers,
       count(DISTINCT s.paper_id) FILTER (WHERE s.is_approved) AS approved_papers,
       round(100.0 * count(DISTINCT s.paper_id) / count(DISTINCT c.paper_id), 1) AS complete_percent,
       round((count(DISTINCT c.request_key) FILTER (WHERE s.paper_id IS NOT NULL AND c.repairs_request IS NOT NULL))
             / nullif(count(DISTINCT s.paper_id), 0), 2) AS repairs_a_paper
FROM calls c
LEFT JOIN summaries s ON s.paper_id = c.paper_id AND s.model = c.model AND s.prompt_version = c.prompt_version
WHERE c.is_answered AND NOT c.is_verification AND c.listing_date BETWEEN $first_date AND $last_date
GROUP BY ALL
ORDER BY answered_papers DESC, c.model, c.prompt_version
