-- Views and table functions for analysts.

CREATE VIEW published_papers AS
SELECT l.listing_date, l.paper_id, p.title, s.translated_title, l.upvotes, l.comments, p.author_count, o.organization,
       p.has_code, p.github_repository, s.model, s.prompt_version, s.source_kind, s.is_approved
FROM listings l
JOIN summaries s ON s.listing_date = l.listing_date AND s.paper_id = l.paper_id
JOIN papers p ON p.paper_id = l.paper_id
LEFT JOIN organizations o ON o.paper_id = l.paper_id
WHERE l.is_listed;
COMMENT ON VIEW published_papers IS
    'Papers that readers see, with both titles and votes; organization and github_repository are null where not given.';

CREATE VIEW current_summaries AS
SELECT *
FROM summaries
QUALIFY row_number() OVER (PARTITION BY paper_id ORDER BY listing_date DESC) = 1;
COMMENT ON VIEW current_summaries IS
    'One row per paper that has a summary: the one of its newest date. A paper on two dates has two rows in summaries.';

CREATE MACRO newest_summaries(first_date, last_date) AS TABLE
SELECT s.*
FROM summaries s
JOIN listings l ON l.listing_date = s.listing_date AND l.paper_id = s.paper_id
WHERE l.is_listed AND s.listing_date BETWEEN first_date AND last_date
QUALIFY row_number() OVER (PARTITION BY s.paper_id ORDER BY s.listing_date DESC) = 1;
COMMENT ON MACRO TABLE newest_summaries IS
    'For each paper listed within a period (both dates included), the summary of its newest date in that period.';

CREATE VIEW daily_completeness AS
SELECT listing_date, status, listed_papers, complete_papers, quarantined_papers, pending_papers,
       round(100.0 * complete_papers / nullif(listed_papers, 0), 1) AS complete_percent
FROM days;
COMMENT ON VIEW daily_completeness IS 'How complete each date is; the percentage is null on an empty day.';

CREATE VIEW quarantine_reasons AS
SELECT listing_date, reason, any_value(meaning) AS meaning, count(*) AS papers
FROM quarantine
GROUP BY ALL;
COMMENT ON VIEW quarantine_reasons IS 'How many papers of a date each reason holds back.';

CREATE VIEW daily_cost AS
SELECT listing_date, model, prompt_version, count(*) AS calls, count(*) FILTER (WHERE is_answered) AS answers,
       sum(input_tokens)::BIGINT AS input_tokens, sum(cached_input_tokens)::BIGINT AS cached_input_tokens,
       sum(output_tokens)::BIGINT AS output_tokens, round(sum(cost_usd), 10) AS cost_usd,
       count(*) FILTER (WHERE is_answered AND cost_usd IS NULL) AS answers_without_price
FROM calls
GROUP BY ALL;
COMMENT ON VIEW daily_cost IS
    'Calls, tokens and cost of each date, model and prompt version; the cost is null where no answer has a price.';

CREATE VIEW runs AS
SELECT run, listing_date, min(asked_at) AS first_call_at, max(asked_at) AS last_call_at,
       count(*) AS calls, count(*) FILTER (WHERE is_answered) AS answers,
       count(DISTINCT paper_id) AS papers, sum(input_tokens)::BIGINT AS input_tokens,
       sum(output_tokens)::BIGINT AS output_tokens, round(sum(cost_usd), 10) AS cost_usd
FROM calls
WHERE run IS NOT NULL
GROUP BY ALL;
COMMENT ON VIEW runs IS
    'Runs that asked the model, with what they asked and paid; the cost is null where no answer has a price.';

CREATE VIEW keyword_days AS
SELECT l.listing_date, k.keyword, count(*) AS papers,
       sum(l.upvotes)::BIGINT AS upvotes
FROM (SELECT DISTINCT paper_id, lower(keyword) AS keyword FROM keywords) k
JOIN listings l USING (paper_id)
WHERE l.is_listed
GROUP BY ALL;
COMMENT ON VIEW keyword_days IS 'Papers and votes of each keyword (in lower case) and date.';

CREATE VIEW vote_history AS
SELECT listing_date, paper_id, observed_at, upvotes, comments,
       upvotes - lag(upvotes) OVER one_paper AS new_upvotes, comments - lag(comments) OVER one_paper AS new_comments
FROM votes
WINDOW one_paper AS (PARTITION BY listing_date, paper_id ORDER BY observed_at);
COMMENT ON VIEW vote_history IS
    'Votes and comments at every look, and the change since the look before (null at the first).';

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
    WHERE is_listed
    GROUP BY paper_id
) there ON there.paper_id = gone.paper_id
WHERE NOT gone.is_listed;
COMMENT ON VIEW departed_papers IS
    'Papers that left a date: withdrawn, moved (another date listed them later) or gone; and what lists them now.';
