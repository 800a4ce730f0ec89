-- The warehouse's tables. Derived from the lake alone: `papers rebuild` makes them again.
-- Times are UTC. No keys and no indexes: a date is replaced by delete and insert in one transaction.

CREATE TABLE schema_version (version VARCHAR NOT NULL);
COMMENT ON TABLE schema_version IS 'One row: hash of the statements that made this file; a load under others rebuilds it.';

CREATE TABLE days (
    listing_date DATE NOT NULL,
    status VARCHAR NOT NULL,
    listed INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    observed_at TIMESTAMP
);
COMMENT ON TABLE days IS 'One row a date that was asked for. A date without a row was never asked for.';
COMMENT ON COLUMN days.status IS
    'published, partial (has pending papers), empty (nothing was listed), failed (refused by the audit) or fetch_failed';
COMMENT ON COLUMN days.listed IS 'Papers the newest capture lists; complete, quarantined and pending add up to it';
COMMENT ON COLUMN days.observed_at IS 'Newest successful look at the listing; null where none succeeded';

CREATE TABLE warnings (
    listing_date DATE NOT NULL,
    warning VARCHAR NOT NULL,
    meaning VARCHAR NOT NULL
);
COMMENT ON TABLE warnings IS 'One row a date and thing about it that deserves a second look.';
COMMENT ON COLUMN warnings.warning IS
    'exactly_one_page, empty_weekday, fewer_than_usual, broken_items, listing_drift, latest_look_failed or audit';

CREATE TABLE observations (
    listing_date DATE NOT NULL,
    observed_at TIMESTAMP NOT NULL,
    outcome VARCHAR NOT NULL,
    listed INTEGER,
    added INTEGER,
    removed INTEGER,
    broken INTEGER,
    error VARCHAR,
    error_message VARCHAR
);
COMMENT ON TABLE observations IS 'One row a look at the listing of a date.';
COMMENT ON COLUMN observations.outcome IS 'listed, empty or failed';
COMMENT ON COLUMN observations.listed IS 'Papers on the list; null for a look that failed';
COMMENT ON COLUMN observations.added IS 'Papers that the successful look before did not list; null for a look that failed';
COMMENT ON COLUMN observations.removed IS 'Papers that only the look before listed; null for a look that failed';
COMMENT ON COLUMN observations.broken IS 'Items that break the contract; null for a look that failed';
COMMENT ON COLUMN observations.error IS 'Kind of error; null for a look that succeeded';
COMMENT ON COLUMN observations.error_message IS 'What it said; null for a look that succeeded';

CREATE TABLE votes (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    observed_at TIMESTAMP NOT NULL,
    upvotes INTEGER NOT NULL,
    comments INTEGER NOT NULL
);
COMMENT ON TABLE votes IS 'One row a paper and look at which its date''s listing held it.';

CREATE TABLE drift (
    what VARCHAR NOT NULL,
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE drift IS 'One row a key or type in a listing that was unknown when it was first met.';

CREATE TABLE listings (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    listed BOOLEAN NOT NULL,
    upvotes INTEGER,
    comments INTEGER,
    submitted_at TIMESTAMP,
    submitted_by VARCHAR,
    author_participates BOOLEAN,
    withdrawn_at TIMESTAMP,
    listing_problem VARCHAR,
    first_seen_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE listings IS 'One row a paper and date it was listed on.';
COMMENT ON COLUMN listings.status IS 'complete, quarantined or pending';
COMMENT ON COLUMN listings.listed IS 'false: the newest capture no longer lists it (moved or withdrawn)';
COMMENT ON COLUMN listings.upvotes IS 'As last seen (all looks: votes); null where listing_problem is set';
COMMENT ON COLUMN listings.comments IS 'As last seen; null where listing_problem is set';
COMMENT ON COLUMN listings.submitted_at IS 'Null where the listing does not say';
COMMENT ON COLUMN listings.submitted_by IS 'Null where the listing does not say';
COMMENT ON COLUMN listings.author_participates IS 'In the discussion; null where the listing does not say';
COMMENT ON COLUMN listings.withdrawn_at IS 'Null where it was not withdrawn';
COMMENT ON COLUMN listings.listing_problem IS 'How the item breaks the listing''s contract; null for a readable one';
COMMENT ON COLUMN listings.first_seen_at IS 'First look that found it on this date';
COMMENT ON COLUMN listings.last_seen_at IS 'Last look that found it on this date';

CREATE TABLE papers (
    paper_id VARCHAR NOT NULL,
    listing_date DATE NOT NULL,
    title VARCHAR NOT NULL,
    abstract VARCHAR NOT NULL,
    authors VARCHAR[] NOT NULL,
    published_at TIMESTAMP NOT NULL,
    project_page VARCHAR,
    github_repository VARCHAR,
    github_stars INTEGER,
    keywords VARCHAR[] NOT NULL,
    organization VARCHAR,
    hf_summary VARCHAR
);
COMMENT ON TABLE papers IS
    'One row a paper whose listing can be read, as its newest listing that still holds it gives it.';
COMMENT ON COLUMN papers.listing_date IS 'The newest date that still lists it, where the other columns come from';
COMMENT ON COLUMN papers.project_page IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.github_repository IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.github_stars IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.organization IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.hf_summary IS 'Hugging Face''s own one-sentence summary; null where the listing gives none';

CREATE TABLE summaries (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    title_ko VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    prompt_version VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    source_version INTEGER,
    request_key VARCHAR NOT NULL,
    repairs INTEGER NOT NULL,
    warnings VARCHAR[] NOT NULL,
    decision VARCHAR,
    decided_by VARCHAR,
    decided_at TIMESTAMP,
    decided_because VARCHAR
);
COMMENT ON TABLE summaries IS 'One row a complete (audited) summary of a date.';
COMMENT ON COLUMN summaries.source_kind IS 'What the summary rests on: html or pdf (arXiv''s full text) or abstract';
COMMENT ON COLUMN summaries.source_version IS 'Version of the paper on arXiv; null where it is unknown';
COMMENT ON COLUMN summaries.repairs IS 'How often parts of the answer were asked for again';
COMMENT ON COLUMN summaries.warnings IS 'Reason codes of what readers should know; mostly empty';
COMMENT ON COLUMN summaries.decision IS 'approved or edited where a person let it pass; null where it passed the audit by itself';
COMMENT ON COLUMN summaries.decided_by IS 'Who decided; null where nobody did';
COMMENT ON COLUMN summaries.decided_at IS 'When; null where nobody did';
COMMENT ON COLUMN summaries.decided_because IS 'Why; null where nobody did';
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
    details VARCHAR NOT NULL,
    meaning VARCHAR NOT NULL,
    meaning_ko VARCHAR NOT NULL,
    remedy VARCHAR NOT NULL
);
COMMENT ON TABLE quarantine IS 'One row a paper that did not make it, and reason: quarantined or pending.';
COMMENT ON COLUMN quarantine.details IS 'Where and what exactly, by section; empty where the reason says it all';

CREATE TABLE findings (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    set_aside BOOLEAN NOT NULL,
    part VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);
COMMENT ON TABLE findings IS 'One row a thing that the audit found in a summary, published or not.';
COMMENT ON COLUMN findings.severity IS 'critical (keeps the row from its readers) or warning';
COMMENT ON COLUMN findings.set_aside IS 'Whether a person approved the row nevertheless';
COMMENT ON COLUMN findings.part IS 'A section, title_ko, results_rows or answer (as a whole)';
COMMENT ON COLUMN findings.detail IS 'What exactly; empty where the reason says it all';

CREATE TABLE audits (
    listing_date DATE NOT NULL,
    expectation VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    met BOOLEAN NOT NULL,
    failing_rows INTEGER,
    observed DOUBLE,
    least DOUBLE,
    most DOUBLE
);
COMMENT ON TABLE audits IS 'One row a date and expectation of its latest audit.';
COMMENT ON COLUMN audits.failing_rows IS 'Rows that did not meet it; null where it is about the day';
COMMENT ON COLUMN audits.observed IS 'Share, median length in characters, or number of rows; null where there was nothing to measure';
COMMENT ON COLUMN audits.least IS 'Lower bound; null where there is none';
COMMENT ON COLUMN audits.most IS 'Upper bound; null where there is none';

CREATE TABLE decisions (
    paper_id VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    action VARCHAR NOT NULL,
    edited BOOLEAN NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_because VARCHAR NOT NULL,
    request_key VARCHAR,
    reasons VARCHAR[] NOT NULL
);
COMMENT ON TABLE decisions IS 'One row a decision of a person about a paper, also those that later ones replaced.';
COMMENT ON COLUMN decisions.action IS 'approve, reject or retry';
COMMENT ON COLUMN decisions.edited IS 'Whether the answer was corrected by hand before it was approved';
COMMENT ON COLUMN decisions.request_key IS 'Names the answer in calls; null for a retry';
COMMENT ON COLUMN decisions.reasons IS 'Reasons that an approval set aside; else empty';

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
    provider_request_id VARCHAR,
    repairs_request VARCHAR
);
COMMENT ON TABLE calls IS 'One row a call to the model, answered or failed.';
COMMENT ON COLUMN calls.listing_date IS 'The date whose run made the call';
COMMENT ON COLUMN calls.error IS 'Reason code of a failed call; null where it was answered';
COMMENT ON COLUMN calls.cost_usd IS 'US dollars; null where the model has no price in prices.json';
COMMENT ON COLUMN calls.finish_reason IS 'As the provider names it; null for a failed call';
COMMENT ON COLUMN calls.error_detail IS 'What the provider said; null where it was answered';
COMMENT ON COLUMN calls.provider_request_id IS 'Null where the provider sent none';
COMMENT ON COLUMN calls.repairs_request IS 'request_key of the answer whose parts it asks for again; null for a first one';

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
