-- A first set of views for analysts.

CREATE VIEW published_papers AS
SELECT l.listing_date, l.paper_id, p.title, s.title_ko, l.upvotes, l.comments, len(p.authors) AS author_count,
       p.organization, p.github_repository, s.model, s.source_kind
FROM listings l
JOIN summaries s ON s.listing_date = l.listing_date AND s.paper_id = l.paper_id
JOIN papers p ON p.paper_id = l.paper_id
WHERE l.listed;
COMMENT ON VIEW published_papers IS 'Papers that readers see, with both titles and votes.';

CREATE VIEW daily_completeness AS
SELECT listing_date, status, listed, complete, quarantined, pending,
       round(100.0 * complete / nullif(listed, 0), 1) AS complete_percent
FROM days;
COMMENT ON VIEW daily_completeness IS 'How much of each date is there; the percentage is null on an empty day.';

CREATE VIEW quarantine_reasons AS
SELECT listing_date, reason, any_value(meaning) AS meaning, count(*) AS papers
FROM quarantine
GROUP BY ALL;
COMMENT ON VIEW quarantine_reasons IS 'How many papers of a date each reason holds back.';

CREATE VIEW daily_cost AS
SELECT listing_date, model, count(*) AS calls, count(*) FILTER (WHERE answered) AS answers,
       sum(input_tokens)::BIGINT AS input_tokens, sum(output_tokens)::BIGINT AS output_tokens,
       sum(cost_usd) AS cost_usd, count(*) FILTER (WHERE answered AND cost_usd IS NULL) AS answers_without_price
FROM calls
GROUP BY ALL;
COMMENT ON VIEW daily_cost IS 'Calls, tokens and cost of each date and model.';

CREATE VIEW keyword_days AS
SELECT l.listing_date, keyword, count(*) AS papers, sum(l.upvotes)::BIGINT AS upvotes
FROM (SELECT paper_id, unnest(keywords) AS keyword FROM papers)
JOIN listings l USING (paper_id)
WHERE l.listed
GROUP BY ALL;
COMMENT ON VIEW keyword_days IS 'Papers and votes of each keyword and date.';
