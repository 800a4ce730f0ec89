-- Rows of day files (day_rows) and when their papers were seen (seen) become rows of tables.

INSERT INTO listings BY NAME
SELECT d.listing_date, d.paper_id, d.status, d.listed AS is_listed, d.status = 'complete' AS is_complete, d.upvotes, d.comments, d.submitted_at,
       d.submitted_by, d.author_participates, d.withdrawn_at, d.listing_problem, s.first_seen_at, s.last_seen_at
FROM day_rows d
LEFT JOIN seen s ON s.listing_date = d.listing_date AND s.paper_id = d.paper_id;

CREATE TEMP TABLE written AS
SELECT listing_date, paper_id, results_rows, unnest({sections}, recursive := true)
FROM day_rows
WHERE status = 'complete';

INSERT INTO sections BY NAME
SELECT listing_date, paper_id, position, section, basis, basis <> 'absent' AS is_present, length(markdown) AS characters,
       markdown
FROM written;

INSERT INTO quotes BY NAME
SELECT listing_date, paper_id, section, unnest(range(1, len(quotes) + 1)) AS position, unnest(quotes) AS quote
FROM written;

INSERT INTO results BY NAME
SELECT listing_date, paper_id, position, figure.metric, figure.dataset, figure.value, figure.baseline
FROM (
    SELECT listing_date, paper_id, unnest(range(1, len(results_rows) + 1)) AS position, unnest(results_rows) AS figure
    FROM written
    WHERE position = 1
);

INSERT INTO summaries BY NAME
SELECT d.listing_date, d.paper_id, d.translated_title, d.language, d.model, d.prompt_version, d.source_kind, d.source_version,
       d.source_kind <> 'abstract' AS has_full_text, d.request_key, d.repairs, w.stated_sections, w.inferred_sections,
       w.absent_sections, w.quote_count, len(d.results_rows) AS result_count, d.warnings,
       d.decision IS NOT NULL AS is_approved, d.decision, d.decided_by, d.decided_at, d.decided_because
FROM day_rows d
JOIN (
    SELECT listing_date, paper_id, count(*) FILTER (WHERE basis = 'stated') AS stated_sections,
           count(*) FILTER (WHERE basis = 'inferred') AS inferred_sections,
           count(*) FILTER (WHERE basis = 'absent') AS absent_sections, sum(len(quotes)) AS quote_count
    FROM written
    GROUP BY ALL
) w ON w.listing_date = d.listing_date AND w.paper_id = d.paper_id;

DROP TABLE written;
