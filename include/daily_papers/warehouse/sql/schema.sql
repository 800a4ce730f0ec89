-- The warehouse's tables. Derived from the lake alone: `papers rebuild` makes them again.
-- Times are UTC. No keys and no indexes: a date is replaced by delete and insert in one transaction.

CREATE TABLE schema_version (version VARCHAR NOT NULL);
COMMENT ON TABLE schema_version IS
    'One row: hash of the statements that made this file; a load with other statements rebuilds it.';
COMMENT ON COLUMN schema_version.version IS 'SHA-256 of the statements and the version of DuckDB';

CREATE TABLE days (
    listing_date DATE NOT NULL,
    status VARCHAR NOT NULL,
    listed_papers INTEGER NOT NULL,
    complete_papers INTEGER NOT NULL,
    quarantined_papers INTEGER NOT NULL,
    pending_papers INTEGER NOT NULL,
    observed_at TIMESTAMP
);
COMMENT ON TABLE days IS 'One row per date that was asked for. A date without a row was never asked for.';
COMMENT ON COLUMN days.listing_date IS 'UTC day';
COMMENT ON COLUMN days.status IS
    'published, partial (has pending papers), empty (nothing was listed), failed (refused by the audit), fetch_failed or '
    'damaged (one of its files could not be read; the date has no other rows)';
COMMENT ON COLUMN days.listed_papers IS 'Papers the newest capture lists; the next three columns add up to it';
COMMENT ON COLUMN days.complete_papers IS 'Of these, papers whose summary passed the audit';
COMMENT ON COLUMN days.quarantined_papers IS
    'Of these, papers that are held back from readers, with reasons (quarantine)';
COMMENT ON COLUMN days.pending_papers IS 'Of these, papers that the model has not answered yet';
COMMENT ON COLUMN days.observed_at IS 'Newest successful look at the listing; null where none succeeded';

CREATE TABLE warnings (
    listing_date DATE NOT NULL,
    warning VARCHAR NOT NULL,
    meaning VARCHAR NOT NULL
);
COMMENT ON TABLE warnings IS 'One row per date and warning.';
COMMENT ON COLUMN warnings.listing_date IS 'The date it is about';
COMMENT ON COLUMN warnings.warning IS
    'exactly_one_page, empty_weekday, fewer_than_usual, broken_items, listing_drift, latest_look_failed or audit';
COMMENT ON COLUMN warnings.meaning IS 'The warning in a sentence';

CREATE TABLE observations (
    listing_date DATE NOT NULL,
    observed_at TIMESTAMP NOT NULL,
    outcome VARCHAR NOT NULL,
    listed_papers INTEGER,
    joined_papers INTEGER,
    left_papers INTEGER,
    broken_items INTEGER,
    error VARCHAR,
    error_message VARCHAR
);
COMMENT ON TABLE observations IS 'One row per look at the listing of a date.';
COMMENT ON COLUMN observations.listing_date IS 'The date whose listing was looked at';
COMMENT ON COLUMN observations.observed_at IS 'When the answer came';
COMMENT ON COLUMN observations.outcome IS 'listed, empty or failed';
COMMENT ON COLUMN observations.listed_papers IS 'Papers on the list; null for a look that failed';
COMMENT ON COLUMN observations.joined_papers IS
    'Papers that the previous successful look did not list; null for a look that failed';
COMMENT ON COLUMN observations.left_papers IS
    'Papers that only the previous successful look listed; null for a look that failed';
COMMENT ON COLUMN observations.broken_items IS 'Items that break the contract; null for a look that failed';
COMMENT ON COLUMN observations.error IS 'Kind of error; null for a look that succeeded';
COMMENT ON COLUMN observations.error_message IS 'What it said; null for a look that succeeded';

CREATE TABLE votes (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    observed_at TIMESTAMP NOT NULL,
    upvotes INTEGER NOT NULL,
    comments INTEGER NOT NULL
);
COMMENT ON TABLE votes IS 'One row per paper and look whose listing held it.';
COMMENT ON COLUMN votes.listing_date IS 'The date whose listing holds the paper';
COMMENT ON COLUMN votes.paper_id IS 'arXiv id without version';
COMMENT ON COLUMN votes.observed_at IS 'Time of the look';
COMMENT ON COLUMN votes.upvotes IS 'Votes at that time';
COMMENT ON COLUMN votes.comments IS 'Comments at that time';

CREATE TABLE drift (
    what VARCHAR NOT NULL,
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE drift IS 'One row per key or type in a listing that was unknown when it first appeared.';
COMMENT ON COLUMN drift.what IS 'The key with its path, or the value that has another type';
COMMENT ON COLUMN drift.listing_date IS 'The date whose listing had it first';
COMMENT ON COLUMN drift.paper_id IS 'The item that had it';
COMMENT ON COLUMN drift.first_seen_at IS 'Time of that look';

CREATE TABLE listings (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    is_listed BOOLEAN NOT NULL,
    is_complete BOOLEAN NOT NULL,
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
COMMENT ON TABLE listings IS 'One row per paper and date it was listed on.';
COMMENT ON COLUMN listings.listing_date IS 'The date that lists it';
COMMENT ON COLUMN listings.paper_id IS 'arXiv id without version, or unidentified-… for an item without a usable one';
COMMENT ON COLUMN listings.status IS 'complete, quarantined or pending';
COMMENT ON COLUMN listings.is_listed IS 'false: the newest capture no longer lists it (moved or withdrawn)';
COMMENT ON COLUMN listings.is_complete IS 'Whether the date has an audited summary of it (status complete)';
COMMENT ON COLUMN listings.upvotes IS 'As last seen (all looks: votes); null where listing_problem is set';
COMMENT ON COLUMN listings.comments IS 'As last seen; null where listing_problem is set';
COMMENT ON COLUMN listings.submitted_at IS 'Null where the listing does not say';
COMMENT ON COLUMN listings.submitted_by IS 'Null where the listing does not say';
COMMENT ON COLUMN listings.author_participates IS
    'Whether an author takes part in the discussion; null where the listing does not say';
COMMENT ON COLUMN listings.withdrawn_at IS 'Null where it was not withdrawn';
COMMENT ON COLUMN listings.listing_problem IS 'How the item breaks the listing''s contract; null for a readable one';
COMMENT ON COLUMN listings.first_seen_at IS 'First look that found it on this date';
COMMENT ON COLUMN listings.last_seen_at IS 'Last look that found it on this date';

CREATE TABLE papers (
    paper_id VARCHAR NOT NULL,
    listing_date DATE NOT NULL,
    title VARCHAR NOT NULL,
    abstract VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL,
    project_page VARCHAR,
    github_repository VARCHAR,
    github_stars INTEGER,
    hf_summary VARCHAR,
    author_count INTEGER NOT NULL,
    has_code BOOLEAN NOT NULL,
    has_project_page BOOLEAN NOT NULL,
    has_keywords BOOLEAN NOT NULL,
    has_organization BOOLEAN NOT NULL
);
COMMENT ON TABLE papers IS
    'One row per paper whose listing can be read, with the values of the newest listing that still holds it.';
COMMENT ON COLUMN papers.paper_id IS 'arXiv id without version';
COMMENT ON COLUMN papers.listing_date IS 'The newest date that still lists it, where the other columns come from';
COMMENT ON COLUMN papers.title IS 'In its own language, on one line';
COMMENT ON COLUMN papers.abstract IS 'On one line';
COMMENT ON COLUMN papers.published_at IS 'Publication on arXiv; mostly midnight since 2026-04-03';
COMMENT ON COLUMN papers.project_page IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.github_repository IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.github_stars IS 'Null where the listing gives none';
COMMENT ON COLUMN papers.hf_summary IS 'Hugging Face''s own one-sentence summary; null where the listing gives none';
COMMENT ON COLUMN papers.author_count IS 'Number of its rows in authors';
COMMENT ON COLUMN papers.has_code IS 'Whether the listing names a code repository';
COMMENT ON COLUMN papers.has_project_page IS 'Whether the listing names a project page';
COMMENT ON COLUMN papers.has_keywords IS
    'Whether it has rows in keywords (Hugging Face has given them since 2025-03-10)';
COMMENT ON COLUMN papers.has_organization IS 'Whether it has a row in organizations (given since 2025-10-03)';

CREATE TABLE authors (
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    author VARCHAR NOT NULL
);
COMMENT ON TABLE authors IS 'One row per paper and author, in the paper''s order. Equal names may be different people.';
COMMENT ON COLUMN authors.paper_id IS 'The paper';
COMMENT ON COLUMN authors.position IS 'From 1';
COMMENT ON COLUMN authors.author IS 'Name as the listing gives it';

CREATE TABLE keywords (
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    keyword VARCHAR NOT NULL
);
COMMENT ON TABLE keywords IS 'One row per paper and keyword from Hugging Face.';
COMMENT ON COLUMN keywords.paper_id IS 'The paper';
COMMENT ON COLUMN keywords.position IS 'From 1, in the listing''s order';
COMMENT ON COLUMN keywords.keyword IS 'As the listing gives it; compare with lower()';

CREATE TABLE organizations (
    paper_id VARCHAR NOT NULL,
    organization VARCHAR NOT NULL
);
COMMENT ON TABLE organizations IS 'One row per paper that names an organization (listings give at most one).';
COMMENT ON COLUMN organizations.paper_id IS 'The paper';
COMMENT ON COLUMN organizations.organization IS 'Its name on Hugging Face';

CREATE TABLE summaries (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    translated_title VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    prompt_version VARCHAR NOT NULL,
    source_kind VARCHAR NOT NULL,
    source_version INTEGER,
    has_full_text BOOLEAN NOT NULL,
    request_key VARCHAR NOT NULL,
    repairs INTEGER NOT NULL,
    stated_sections INTEGER NOT NULL,
    inferred_sections INTEGER NOT NULL,
    absent_sections INTEGER NOT NULL,
    quote_count INTEGER NOT NULL,
    result_count INTEGER NOT NULL,
    warnings VARCHAR[] NOT NULL,
    is_approved BOOLEAN NOT NULL,
    decision VARCHAR,
    decided_by VARCHAR,
    decided_at TIMESTAMP,
    decided_because VARCHAR
);
COMMENT ON TABLE summaries IS 'One row per complete (audited) summary of a date.';
COMMENT ON COLUMN summaries.listing_date IS 'The date whose list holds the paper';
COMMENT ON COLUMN summaries.paper_id IS 'The paper';
COMMENT ON COLUMN summaries.translated_title IS 'Title in the summary''s language';
COMMENT ON COLUMN summaries.language IS 'ISO 639-1 code';
COMMENT ON COLUMN summaries.model IS 'Model that was asked';
COMMENT ON COLUMN summaries.prompt_version IS 'Version of the prompt';
COMMENT ON COLUMN summaries.source_kind IS
    'What the summary is based on: html or pdf (arXiv''s full text) or abstract';
COMMENT ON COLUMN summaries.source_version IS 'Version of the paper on arXiv; null where it is unknown';
COMMENT ON COLUMN summaries.has_full_text IS 'Whether it is based on the full text (source_kind html or pdf)';
COMMENT ON COLUMN summaries.request_key IS 'Identifies the paid answer in calls';
COMMENT ON COLUMN summaries.repairs IS 'How often parts of the answer were requested again';
COMMENT ON COLUMN summaries.stated_sections IS
    'Sections supported by quotes; this and the next two columns add up to 7';
COMMENT ON COLUMN summaries.inferred_sections IS 'Sections that the summarizer inferred';
COMMENT ON COLUMN summaries.absent_sections IS 'Sections the source says nothing about';
COMMENT ON COLUMN summaries.quote_count IS 'Number of its rows in quotes';
COMMENT ON COLUMN summaries.result_count IS 'Number of its rows in results';
COMMENT ON COLUMN summaries.warnings IS 'Codes of warnings that readers should know about; usually empty';
COMMENT ON COLUMN summaries.is_approved IS 'Whether a person approved it (decision approved or edited)';
COMMENT ON COLUMN summaries.decision IS
    'approved or edited where a person approved it; null where it passed the audit by itself';
COMMENT ON COLUMN summaries.decided_by IS 'Who decided; null where nobody did';
COMMENT ON COLUMN summaries.decided_at IS 'When; null where nobody did';
COMMENT ON COLUMN summaries.decided_because IS 'Why; null where nobody did';

CREATE TABLE sections (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    section VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    is_present BOOLEAN NOT NULL,
    characters INTEGER NOT NULL,
    markdown VARCHAR NOT NULL
);
COMMENT ON TABLE sections IS 'Seven rows per complete summary.';
COMMENT ON COLUMN sections.listing_date IS 'Of the summary';
COMMENT ON COLUMN sections.paper_id IS 'Of the summary';
COMMENT ON COLUMN sections.position IS '1 to 7';
COMMENT ON COLUMN sections.section IS
    'motivation, contributions, method, experiments, results, limitations or future_work';
COMMENT ON COLUMN sections.basis IS
    'stated (supported by quotes), inferred (by the summarizer) or absent (empty text)';
COMMENT ON COLUMN sections.is_present IS 'Whether it says anything (basis is not absent)';
COMMENT ON COLUMN sections.characters IS 'Length of markdown';
COMMENT ON COLUMN sections.markdown IS 'The text; empty where absent';

CREATE TABLE quotes (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    section VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    quote VARCHAR NOT NULL
);
COMMENT ON TABLE quotes IS 'One row per literal quote from the source that supports what a section claims.';
COMMENT ON COLUMN quotes.listing_date IS 'Of the summary';
COMMENT ON COLUMN quotes.paper_id IS 'Of the summary';
COMMENT ON COLUMN quotes.section IS 'As in sections';
COMMENT ON COLUMN quotes.position IS 'From 1 in each section';
COMMENT ON COLUMN quotes.quote IS 'Word for word as in the source';

CREATE TABLE results (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    metric VARCHAR NOT NULL,
    dataset VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    baseline VARCHAR NOT NULL
);
COMMENT ON TABLE results IS 'One row per figure that a complete summary reports.';
COMMENT ON COLUMN results.listing_date IS 'Of the summary';
COMMENT ON COLUMN results.paper_id IS 'Of the summary';
COMMENT ON COLUMN results.position IS 'From 1';
COMMENT ON COLUMN results.metric IS 'As text; empty where not named';
COMMENT ON COLUMN results.dataset IS 'As text; empty where not named';
COMMENT ON COLUMN results.value IS 'As text, with its unit';
COMMENT ON COLUMN results.baseline IS 'What it is compared with, as text; empty where not named';

CREATE TABLE quarantine (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    model VARCHAR,
    details VARCHAR NOT NULL,
    meaning VARCHAR NOT NULL,
    meaning_ko VARCHAR NOT NULL,
    remedy VARCHAR NOT NULL
);
COMMENT ON TABLE quarantine IS 'One row per reason of each paper that is quarantined or pending.';
COMMENT ON COLUMN quarantine.listing_date IS 'The date that lists it';
COMMENT ON COLUMN quarantine.paper_id IS 'As in listings';
COMMENT ON COLUMN quarantine.status IS 'quarantined or pending';
COMMENT ON COLUMN quarantine.reason IS 'Code of the reason (docs/audit.md)';
COMMENT ON COLUMN quarantine.model IS 'Model whose answer it is; null while pending, and for an unreadable item';
COMMENT ON COLUMN quarantine.details IS
    'What exactly was found and where, by section; empty where the reason says everything';
COMMENT ON COLUMN quarantine.meaning IS 'The reason in an English sentence';
COMMENT ON COLUMN quarantine.meaning_ko IS 'The reason in a Korean sentence';
COMMENT ON COLUMN quarantine.remedy IS 'What fixes it';

CREATE TABLE findings (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    is_set_aside BOOLEAN NOT NULL,
    part VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);
COMMENT ON TABLE findings IS 'One row per thing that the audit found in a summary, published or not.';
COMMENT ON COLUMN findings.listing_date IS 'The date that lists it';
COMMENT ON COLUMN findings.paper_id IS 'The paper';
COMMENT ON COLUMN findings.reason IS 'Code of the reason (docs/audit.md)';
COMMENT ON COLUMN findings.severity IS 'critical (holds the row back from readers) or warning';
COMMENT ON COLUMN findings.is_set_aside IS 'Whether a person approved the row nevertheless';
COMMENT ON COLUMN findings.part IS 'A section, title_ko, results_rows or answer (as a whole)';
COMMENT ON COLUMN findings.detail IS 'What exactly was found; empty where the reason says everything';

CREATE TABLE audits (
    listing_date DATE NOT NULL,
    expectation VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    is_met BOOLEAN NOT NULL,
    failing_rows INTEGER,
    observed DOUBLE,
    least DOUBLE,
    most DOUBLE
);
COMMENT ON TABLE audits IS 'One row per date and expectation of its latest audit.';
COMMENT ON COLUMN audits.listing_date IS 'The date that was audited';
COMMENT ON COLUMN audits.expectation IS 'What is required';
COMMENT ON COLUMN audits.reason IS 'Code of the reason that is given where it is not met';
COMMENT ON COLUMN audits.severity IS 'critical or warning';
COMMENT ON COLUMN audits.is_met IS 'Whether the date met it';
COMMENT ON COLUMN audits.failing_rows IS 'Rows that did not meet it; null where it is about the day';
COMMENT ON COLUMN audits.observed IS 'Share, median length in characters, or number of rows; null where there was nothing to measure';
COMMENT ON COLUMN audits.least IS 'Lower bound; null where there is none';
COMMENT ON COLUMN audits.most IS 'Upper bound; null where there is none';

CREATE TABLE decisions (
    paper_id VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    action VARCHAR NOT NULL,
    is_edited BOOLEAN NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_because VARCHAR NOT NULL,
    request_key VARCHAR,
    reasons VARCHAR[] NOT NULL
);
COMMENT ON TABLE decisions IS
    'One row per decision of a person about a paper, including those that later ones replaced.';
COMMENT ON COLUMN decisions.paper_id IS 'The paper';
COMMENT ON COLUMN decisions.decided_at IS 'When';
COMMENT ON COLUMN decisions.action IS 'approve, reject or retry';
COMMENT ON COLUMN decisions.is_edited IS 'Whether the answer was corrected by hand before it was approved';
COMMENT ON COLUMN decisions.decided_by IS 'Who';
COMMENT ON COLUMN decisions.decided_because IS 'Why, in that person''s words';
COMMENT ON COLUMN decisions.request_key IS 'Identifies the answer in calls; null for a retry';
COMMENT ON COLUMN decisions.reasons IS 'Reasons that an approval set aside; else empty';

CREATE TABLE calls (
    request_key VARCHAR NOT NULL,
    paper_id VARCHAR NOT NULL,
    listing_date DATE NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    model VARCHAR NOT NULL,
    prompt_version VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    run VARCHAR,
    is_answered BOOLEAN NOT NULL,
    finish_reason VARCHAR,
    error VARCHAR,
    error_detail VARCHAR,
    latency_seconds DOUBLE NOT NULL,
    input_tokens BIGINT NOT NULL,
    cached_input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cost_usd DOUBLE,
    provider_request_id VARCHAR,
    repairs_request VARCHAR,
    is_verification BOOLEAN NOT NULL
);
COMMENT ON TABLE calls IS 'One row per call to the model, answered or failed.';
COMMENT ON COLUMN calls.request_key IS 'Hash of the request''s body';
COMMENT ON COLUMN calls.paper_id IS 'The paper it is about';
COMMENT ON COLUMN calls.listing_date IS 'The date whose run made the call';
COMMENT ON COLUMN calls.asked_at IS 'When the request went out';
COMMENT ON COLUMN calls.model IS 'Model that was asked';
COMMENT ON COLUMN calls.prompt_version IS 'Version of the prompt';
COMMENT ON COLUMN calls.language IS 'Language asked for, ISO 639-1';
COMMENT ON COLUMN calls.run IS
    'The DAG and its run, or the command, that made the call; null for calls by releases that did not record it';
COMMENT ON COLUMN calls.is_answered IS 'Whether it brought an answer';
COMMENT ON COLUMN calls.finish_reason IS 'As the provider names it; null for a failed call';
COMMENT ON COLUMN calls.error IS 'Reason code of a failed call; null where it was answered';
COMMENT ON COLUMN calls.error_detail IS 'What the provider said; null where it was answered';
COMMENT ON COLUMN calls.latency_seconds IS 'Seconds until the answer or the failure, transport retries included';
COMMENT ON COLUMN calls.input_tokens IS 'As counted by the provider; 0 where it reports none';
COMMENT ON COLUMN calls.cached_input_tokens IS 'The part of input_tokens that the provider had cached';
COMMENT ON COLUMN calls.output_tokens IS 'As counted by the provider; 0 where it reports none';
COMMENT ON COLUMN calls.cost_usd IS 'US dollars; null where the model has no price in prices.json';
COMMENT ON COLUMN calls.provider_request_id IS 'Null where the provider sent none';
COMMENT ON COLUMN calls.repairs_request IS
    'request_key of the answer whose parts it requests again; null for a first request';
COMMENT ON COLUMN calls.is_verification IS 'Whether a second reader was asked to judge a summary, not for a summary';

CREATE TABLE legacy_summaries (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    title VARCHAR NOT NULL
);
COMMENT ON TABLE legacy_summaries IS 'One row per paper in an imported older digest, never mixed with summaries.';
COMMENT ON COLUMN legacy_summaries.listing_date IS 'Date of the digest';
COMMENT ON COLUMN legacy_summaries.paper_id IS 'The paper';
COMMENT ON COLUMN legacy_summaries.position IS 'From 1, in the digest''s order';
COMMENT ON COLUMN legacy_summaries.title IS 'As the digest has it';

CREATE TABLE legacy_sections (
    listing_date DATE NOT NULL,
    paper_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    section VARCHAR NOT NULL,
    markdown VARCHAR NOT NULL
);
COMMENT ON TABLE legacy_sections IS 'Seven rows per paper in an imported older digest.';
COMMENT ON COLUMN legacy_sections.listing_date IS 'Date of the digest';
COMMENT ON COLUMN legacy_sections.paper_id IS 'The paper';
COMMENT ON COLUMN legacy_sections.position IS '1 to 7';
COMMENT ON COLUMN legacy_sections.section IS 'As in sections';
COMMENT ON COLUMN legacy_sections.markdown IS 'The text as the digest has it';
