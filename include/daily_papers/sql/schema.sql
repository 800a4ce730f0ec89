-- The warehouse's tables. Derived from the lake alone: `papers rebuild` makes them again.
-- Times are UTC. No keys and no indexes: a date is replaced by delete and insert in one transaction.

CREATE TABLE days (
    listing_date DATE NOT NULL,
    status VARCHAR NOT NULL,
    listed INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    pending INTEGER NOT NULL
);
COMMENT ON TABLE days IS 'One row a date that was loaded.';
COMMENT ON COLUMN days.status IS 'published, partial (has pending papers) or empty (nothing was listed)';
COMMENT ON COLUMN days.listed IS 'Papers the newest capture lists; complete, quarantined and pending add up to it';

CREATE TABLE listings (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    listed BOOLEAN NOT NULL,
    upvotes INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    submitted_at TIMESTAMP,
    submitted_by VARCHAR
);
COMMENT ON TABLE listings IS 'One row a paper and date it was listed on.';
COMMENT ON COLUMN listings.status IS 'complete, quarantined or pending';
COMMENT ON COLUMN listings.listed IS 'false: the newest capture no longer lists it (moved or withdrawn)';
COMMENT ON COLUMN listings.submitted_at IS 'Null where the listing does not say';
COMMENT ON COLUMN listings.submitted_by IS 'Null where the listing does not say';

CREATE TABLE papers (
    paper_id VARCHAR NOT NULL,
    listing_date DATE NOT NULL,
    title VARCHAR NOT NULL,
    abstract VARCHAR NOT NULL,
    authors VARCHAR[] NOT NULL,
    published_at TIMESTAMP NOT NULL,
    project_page VARCHAR,
    github_repository VARCHAR,
    keywords VARCHAR[] NOT NULL,
    organization VARCHAR
);
COMMENT ON TABLE papers IS 'One row a paper, as its newest listing that still holds it gives it.';
COMMENT ON COLUMN papers.listing_date IS 'The newest date that still lists it, where the other columns come from';
COMMENT ON COLUMN papers.project_page IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.github_repository IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.organization IS 'Null where the listing gives none';

CREATE TABLE summaries (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    title_ko VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    prompt_version VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    request_key VARCHAR NOT NULL
);
COMMENT ON TABLE summaries IS 'One row a complete (audited) summary of a date.';
COMMENT ON COLUMN summaries.source_kind IS 'What the summary rests on: abstract';
COMMENT ON COLUMN summaries.request_key IS 'Names the paid answer in calls';

CREATE TABLE sections (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    section VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    markdown VARCHAR NOT NULL,
    quotes VARCHAR[] NOT NULL
);
COMMENT ON TABLE sections IS 'Seven rows a complete summary, position 1 to 7.';
COMMENT ON COLUMN sections.basis IS 'stated (quotes carry it), inferred (the summarizer''s thought) or absent (empty text)';

CREATE TABLE results (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    baseline VARCHAR NOT NULL
);
COMMENT ON TABLE results IS 'One row a figure that a complete summary reports, as text; empty where not named.';

CREATE TABLE quarantine (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    meaning VARCHAR NOT NULL,
    meaning_ko VARCHAR NOT NULL,
    remedy VARCHAR NOT NULL
);
COMMENT ON TABLE quarantine IS 'One row a paper that did not make it, and reason: quarantined or pending.';

CREATE TABLE calls (
    request_key VARCHAR NOT NULL,
    paper_id VARCHAR NOT NULL,
    listing_date DATE NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    model VARCHAR NOT NULL,
    prompt_version VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    answered BOOLEAN NOT NULL,
    finish_reason VARCHAR,
    error VARCHAR,
    error_detail VARCHAR,
    latency_seconds DOUBLE NOT NULL,
    input_tokens BIGINT NOT NULL,
    cached_input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cost_usd DOUBLE,
    provider_request_id VARCHAR
);
COMMENT ON TABLE calls IS 'One row a call to the model, answered or failed.';
COMMENT ON COLUMN calls.listing_date IS 'The date whose run made the call';
COMMENT ON COLUMN calls.error IS 'Reason code of a failed call; null where it was answered';
COMMENT ON COLUMN calls.cost_usd IS 'US dollars; null where the model has no price in prices.json';
COMMENT ON COLUMN calls.finish_reason IS 'As the provider names it; null for a failed call';
COMMENT ON COLUMN calls.error_detail IS 'What the provider said; null where it was answered';
COMMENT ON COLUMN calls.provider_request_id IS 'Null where the provider sent none';

CREATE TABLE legacy_summaries (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    title VARCHAR NOT NULL
);
COMMENT ON TABLE legacy_summaries IS 'One row a paper of an imported older digest, never mixed with summaries.';

CREATE TABLE legacy_sections (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    section VARCHAR NOT NULL,
    markdown VARCHAR NOT NULL
);
COMMENT ON TABLE legacy_sections IS 'Seven rows a paper of an imported older digest.';
