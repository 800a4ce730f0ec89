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
SELECT listing_date, model, prompt_version, count(*) AS calls, count(*) FILTER (WHERE answered) AS answers,
       sum(input_tokens)::BIGINT AS input_tokens, sum(cached_input_tokens)::BIGINT AS cached_input_tokens,
       sum(output_tokens)::BIGINT AS output_tokens, sum(cost_usd) AS cost_usd,
       count(*) FILTER (WHERE answered AND cost_usd IS NULL) AS answers_without_price
FROM calls
GROUP BY ALL;
COMMENT ON VIEW daily_cost IS
    'Calls, tokens and cost of each date, model and prompt version; the cost is null where no answer has a price.';

CREATE VIEW keyword_days AS
SELECT l.listing_date, keyword, count(*) AS papers, sum(l.upvotes)::BIGINT AS upvotes
FROM (SELECT paper_id, unnest(keywords) AS keyword FROM papers)
JOIN listings l USING (paper_id)
WHERE l.listed
GROUP BY ALL;
COMMENT ON VIEW keyword_days IS 'Papers and votes of each keyword and date.';

CREATE VIEW vote_history AS
SELECT listing_date, paper_id, observed_at, upvotes, comments,
       upvotes - lag(upvotes) OVER one_paper AS new_upvotes, comments - lag(comments) OVER one_paper AS new_comments
FROM votes
WINDOW one_paper AS (PARTITION BY listing_date, paper_id ORDER BY observed_at);
COMMENT ON VIEW vote_history IS 'Votes and comments at every look, and what came since the look before (null at the first).';

CREATE VIEW departed_papers AS
SELECT gone.listing_date, gone.paper_id, gone.last_seen_at,
       CASE WHEN gone.withdrawn_at IS NOT NULL THEN 'withdrawn'
            WHEN there.first_seen_at > gone.first_seen_at THEN 'moved'
            ELSE 'gone' END AS what_happened,
       there.listing_date AS now_listed_on, gone.withdrawn_at
FROM listings gone
LEFT JOIN (
    SELECT paper_id, arg_max(listing_date, (first_seen_at, listing_date)) AS listing_date,
           max(first_seen_at) AS first_seen_at
    FROM listings
    WHERE listed
    GROUP BY paper_id
) there ON there.paper_id = gone.paper_id
WHERE NOT gone.listed;
COMMENT ON VIEW departed_papers IS
    'Papers that left a date: withdrawn, moved (another date began to list it later) or gone; and what lists it now.';
