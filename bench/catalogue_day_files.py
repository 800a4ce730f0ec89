"""The queries of the catalogue in DuckDB's SQL over the view `day_files`, the daily Parquet files of the lake.

The table `reason_texts` (reason, severity, remedy) is what the code says of reasons. Queries that are missing ask for
what no day file holds: the calls (completeness_by_model, cost_per_month, cost_per_paper, quarantine_by_model,
runs_that_paid), or the looks and what they found (coverage_gaps, late_papers, papers_that_left, vote_dynamics,
vote_gains).
"""

from __future__ import annotations

from bench.dataset_names import OF_DATASETS, OF_OTHERS
from daily_papers.sections import SECTION_KEYS

_IN_PERIOD = "listing_date BETWEEN $first_date AND $last_date"
_NAMES_DATASET = (
    f"(regexp_matches(figure.dataset, '{OF_DATASETS}') OR NOT ("
    + " OR ".join(f"regexp_matches(figure.dataset, '{pattern}')" for pattern in OF_OTHERS)
    + "))"
)
_COMPLETE = "listed AND status = 'complete'"
_MONTH = "date_trunc('month', listing_date)::DATE"


def _facts(*columns: str) -> str:
    """Facts of papers from the newest date that still lists them."""
    return (
        f"facts AS (SELECT paper_id, {', '.join(columns)} FROM day_files WHERE listing_problem IS NULL "
        "QUALIFY row_number() OVER (PARTITION BY paper_id ORDER BY listed DESC, listing_date DESC) = 1)"
    )


def _newest(*columns: str) -> str:
    """The newest summary of each paper in a period."""
    return (
        f"newest AS (SELECT {', '.join(('paper_id', 'model', *columns))} FROM day_files "
        f"WHERE {_COMPLETE} AND {_IN_PERIOD} "
        "QUALIFY row_number() OVER (PARTITION BY paper_id ORDER BY listing_date DESC) = 1)"
    )


def _of_sections(form: str) -> str:
    """A list with something of each section."""
    return f"[{', '.join(form.format(key=key, number=number) for number, key in enumerate(SECTION_KEYS, 1))}]"


_LISTED_PAPERS = (
    "listed_papers AS (SELECT paper_id, max(upvotes) AS upvotes, max(listing_date) AS listing_date "
    f"FROM day_files WHERE listed AND {_IN_PERIOD} GROUP BY paper_id)"
)
_STATED = f"len(list_filter({_of_sections('{key}_basis')}, lambda basis: basis = 'stated')) AS stated"
_QUOTES = f"{' + '.join(f'len({key}_quotes)' for key in SECTION_KEYS)} AS quotes"
_LENGTHS = _of_sections(
    "{{'position': {number}, 'section': '{key}', 'is_present': {key}_basis <> 'absent', "
    "'characters': length({key}_markdown)}}"
)
_FIGURES = f"""
{_newest("results_rows", "upvotes")}, figures AS (
    SELECT paper_id, upvotes, unnest(range(1, len(results_rows) + 1)) AS position, unnest(results_rows) AS figure
    FROM newest
)"""

QUERIES: dict[str, str] = {
    "audit_findings": f"""
SELECT reason, any_value(t.severity), count(*) AS findings, count(DISTINCT paper_id) AS papers,
       count(DISTINCT paper_id) FILTER (WHERE NOT list_contains(known, reason)) AS set_aside, mode(part) AS part
FROM (
    SELECT paper_id, reasons || warnings AS known, unnest(findings, recursive := true)
    FROM day_files
    WHERE listed AND {_IN_PERIOD}
)
JOIN reason_texts t USING (reason)
GROUP BY reason
ORDER BY findings DESC, reason""",
    "code_availability": f"""
WITH {_facts("github_repository IS NOT NULL AS has_code")}, listed_papers AS (
    SELECT {_MONTH} AS month, paper_id, max(upvotes) AS upvotes
    FROM day_files
    WHERE listed AND {_IN_PERIOD}
    GROUP BY 1, 2
)
SELECT month, count(*), round(100.0 * count(*) FILTER (WHERE has_code) / count(*), 1),
       median(upvotes) FILTER (WHERE has_code), median(upvotes) FILTER (WHERE NOT has_code)
FROM listed_papers
JOIN facts USING (paper_id)
GROUP BY month
ORDER BY month DESC""",
    # days that have a file: a day whose looks failed or that is empty has none
    "completeness_per_day": f"""
SELECT listing_date, CASE WHEN bool_or(status = 'pending') THEN 'partial' ELSE 'published' END, count(*),
       count(*) FILTER (WHERE status = 'complete'), count(*) FILTER (WHERE status = 'quarantined'),
       count(*) FILTER (WHERE status = 'pending'),
       round(100.0 * count(*) FILTER (WHERE status = 'complete') / count(*), 1)
FROM day_files
WHERE listed AND {_IN_PERIOD}
GROUP BY listing_date
ORDER BY listing_date DESC""",
    "days_from_arxiv": f"""
WITH {_facts("published_at")}, first_listing AS (
    SELECT paper_id, min(listing_date) AS listing_date FROM day_files WHERE listing_problem IS NULL GROUP BY paper_id
), waits AS (
    SELECT listing_date, listing_date - published_at::DATE AS days
    FROM first_listing
    JOIN facts USING (paper_id)
    WHERE {_IN_PERIOD}
)
SELECT {_MONTH}, count(*), median(days), round(100.0 * count(*) FILTER (WHERE days <= 3) / count(*), 1), max(days)
FROM waits
GROUP BY 1
ORDER BY 1 DESC""",
    "keyword_trend": f"""
WITH {_facts("keywords")}, with_keywords AS (
    SELECT paper_id, len(list_filter(keywords, lambda word: lower(word) LIKE $keyword)) > 0 AS has_keyword
    FROM facts
    WHERE len(keywords) > 0
), listed_papers AS (
    SELECT {_MONTH} AS month, paper_id, max(upvotes) AS upvotes FROM day_files WHERE listed GROUP BY 1, 2
)
SELECT month, count(*) FILTER (WHERE has_keyword) AS papers,
       round(100.0 * count(*) FILTER (WHERE has_keyword) / count(*), 2),
       coalesce(sum(upvotes) FILTER (WHERE has_keyword), 0)::BIGINT
FROM listed_papers
JOIN with_keywords USING (paper_id)
GROUP BY month
HAVING papers > 0
ORDER BY month DESC""",
    "models_by_grounding": f"""
WITH {_newest("source_kind", "repairs", _STATED, _QUOTES, "len(results_rows) AS figures")}, summarized AS (
    SELECT model, count(*) AS summaries,
           round(100.0 * count(*) FILTER (WHERE source_kind <> 'abstract') / count(*), 1) AS full_text_percent,
           round(100.0 * sum(stated) / (7 * count(*)), 1) AS stated_percent,
           round(avg(quotes), 1) AS quotes_per_summary, round(avg(figures), 1) AS figures_per_summary,
           round(avg(repairs), 2) AS repairs_per_summary
    FROM newest
    GROUP BY model
), ungrounded AS (
    SELECT model, count(DISTINCT paper_id) AS papers
    FROM day_files
    WHERE listed AND {_IN_PERIOD}
      AND list_has_any(reasons, ['number_not_in_source', 'name_not_in_source', 'quote_not_in_source'])
    GROUP BY model
)
SELECT model, coalesce(summaries, 0) AS summaries, full_text_percent, stated_percent, quotes_per_summary,
       figures_per_summary, repairs_per_summary, coalesce(u.papers, 0)
FROM summarized
FULL JOIN ungrounded u USING (model)
ORDER BY summaries DESC, model""",
    "papers_listed_twice": f"""
WITH {_facts("title")}, twice AS (
    SELECT paper_id, count(*) AS dates, min(listing_date) AS first_date, max(listing_date) AS last_date,
           count(*) FILTER (WHERE listed) AS still_listed
    FROM day_files
    WHERE {_IN_PERIOD}
    GROUP BY paper_id
    HAVING count(*) > 1
)
SELECT paper_id, title, dates, first_date, last_date, still_listed
FROM twice
JOIN facts USING (paper_id)
ORDER BY dates DESC, last_date DESC, paper_id""",
    # days that have a file, as above
    "papers_per_day": f"""
SELECT listing_date, dayname(listing_date), count(*), coalesce(sum(upvotes), 0)::BIGINT, coalesce(max(upvotes), 0)
FROM day_files
WHERE listed AND {_IN_PERIOD}
GROUP BY listing_date
ORDER BY listing_date DESC""",
    "quarantine_by_reason": f"""
SELECT reason, count(DISTINCT paper_id) AS papers,
       round(100.0 * count(DISTINCT paper_id)
             / (SELECT count(DISTINCT paper_id) FROM day_files WHERE listed AND {_IN_PERIOD}), 2),
       max(listing_date), any_value(t.remedy)
FROM (SELECT listing_date, paper_id, unnest(reasons) AS reason FROM day_files WHERE listed AND {_IN_PERIOD})
JOIN reason_texts t USING (reason)
GROUP BY reason
ORDER BY papers DESC, reason""",
    "reported_datasets": f"""
WITH {_FIGURES}, counted AS (
    SELECT lower(figure.dataset) AS of_set, lower(figure.metric) AS of_metric, list(paper_id) AS papers
    FROM figures
    WHERE figure.dataset <> '' AND {_NAMES_DATASET}
    GROUP BY ALL
)
SELECT of_set, len(list_distinct(flatten(list(papers)))) AS papers_of_set, sum(len(papers))::BIGINT AS figures_of_set,
       coalesce(list(of_metric ORDER BY len(papers) DESC, of_metric) FILTER (WHERE of_metric <> ''), [])[1:5]
FROM counted
GROUP BY of_set
ORDER BY papers_of_set DESC, figures_of_set DESC, of_set
LIMIT $most""",
    "reported_metrics": f"""
WITH {_FIGURES}
SELECT lower(figure.metric) AS of_metric, count(DISTINCT paper_id) AS papers, count(*) AS figures,
       count(*) FILTER (WHERE figure.baseline <> '')
FROM figures
WHERE figure.metric <> ''
GROUP BY 1
ORDER BY papers DESC, figures DESC, 1
LIMIT $most""",
    "reported_results": f"""
WITH {_FIGURES}
SELECT paper_id, figure.dataset, figure.metric, figure.value, figure.baseline
FROM figures
WHERE figure.baseline <> ''
ORDER BY upvotes DESC, paper_id, position
LIMIT $most""",
    "rising_keywords": f"""
WITH chosen AS (
    SELECT date_trunc('week', least($week, max(listing_date)))::DATE AS monday FROM day_files WHERE listed
), before AS (
    -- a date without papers has no row in any day file; this library has none
    SELECT count(DISTINCT listing_date) = 7 AS is_whole
    FROM day_files, chosen
    WHERE listing_date >= monday - 7 AND listing_date < monday
), listed_papers AS (
    SELECT paper_id, listing_date >= monday AS is_now, max(upvotes) AS upvotes
    FROM day_files, chosen
    WHERE listed AND listing_date >= monday - 7 AND listing_date < monday + 7
    GROUP BY ALL
), {_facts("keywords")}, named AS (
    SELECT DISTINCT paper_id, lower(unnest(keywords)) AS keyword
    FROM facts
    WHERE paper_id IN (SELECT paper_id FROM listed_papers)
), weekly AS (
    SELECT keyword, count(*) FILTER (WHERE is_now) AS papers, count(*) FILTER (WHERE NOT is_now) AS papers_before,
           coalesce(sum(upvotes) FILTER (WHERE is_now), 0)::BIGINT AS upvotes
    FROM named
    JOIN listed_papers USING (paper_id)
    GROUP BY keyword
)
SELECT keyword, papers, if(is_whole, papers_before, NULL), if(is_whole, papers - papers_before, NULL) AS rise, upvotes
FROM weekly, before
WHERE papers >= $least
ORDER BY rise DESC, papers DESC, upvotes DESC, keyword
LIMIT $most""",
    "section_lengths": f"""
WITH {_newest(f"{_LENGTHS} AS lengths")}
SELECT section, model, count(*) FILTER (WHERE is_present), count(*) FILTER (WHERE NOT is_present),
       median(characters) FILTER (WHERE is_present), quantile_disc(characters, 0.1) FILTER (WHERE is_present),
       quantile_disc(characters, 0.9) FILTER (WHERE is_present)
FROM (SELECT model, unnest(lengths, recursive := true) FROM newest)
GROUP BY section, model, position
ORDER BY position, model""",
    "top_authors": f"""
WITH {_LISTED_PAPERS}, {_facts("authors")}, named AS (
    SELECT DISTINCT paper_id, unnest(authors) AS author FROM facts
)
SELECT author, count(*) AS papers, sum(upvotes)::BIGINT AS votes, max(listing_date)
FROM named
JOIN listed_papers USING (paper_id)
GROUP BY author
ORDER BY papers DESC, votes DESC, author
LIMIT $most""",
    "top_organizations": f"""
WITH {_LISTED_PAPERS}, {_facts("organization", "github_repository")}
SELECT organization, count(*) AS papers, sum(upvotes)::BIGINT AS votes, count(github_repository), max(listing_date)
FROM facts
JOIN listed_papers USING (paper_id)
WHERE organization IS NOT NULL
GROUP BY organization
ORDER BY papers DESC, votes DESC, organization
LIMIT $most""",
    "top_papers": f"""
SELECT listing_date, paper_id, upvotes, translated_title
FROM day_files
WHERE {_COMPLETE} AND {_IN_PERIOD}
QUALIFY row_number() OVER (PARTITION BY paper_id ORDER BY upvotes DESC, listing_date) = 1
ORDER BY upvotes DESC, paper_id
LIMIT $most""",
}
"""SQL of the queries by name."""
