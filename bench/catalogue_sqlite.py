"""The queries of the catalogue in SQLite's SQL, over the tables of the warehouse with their dates and times as text.

What SQLite lacks is put as its users put it: `row_number()` in a subquery for QUALIFY, `strftime` for `date_trunc`,
a recursive query for `generate_series`. `median`, `quantile_disc` and `mode` are Python aggregates (`AGGREGATES`) and
`names_dataset` is a Python function (`FUNCTIONS`), since SQLite has neither them nor regular expressions: their CPU
counts for SQLite, as it would in an application.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from statistics import median
from typing import Any

from bench.dataset_names import names_dataset


class Median:
    """`median(value)`: the mean of the two in the middle where their number is even."""

    def __init__(self) -> None:
        self.values: list[float] = []

    def step(self, value: float | None) -> None:
        """Takes a value; null is none."""
        if value is not None:
            self.values.append(value)

    def finalize(self) -> float | None:
        """The median; null of nothing."""
        return median(self.values) if self.values else None


class QuantileDisc:
    """`quantile_disc(value, percent)`: the smallest value that so many percent do not exceed."""

    def __init__(self) -> None:
        self.values: list[int] = []
        self.percent = 0

    def step(self, value: int | None, percent: int) -> None:
        """Takes a value; null is none."""
        self.percent = percent
        if value is not None:
            self.values.append(value)

    def finalize(self) -> int | None:
        """The quantile; null of nothing."""
        rank = -(-len(self.values) * self.percent // 100)
        return sorted(self.values)[max(rank, 1) - 1] if self.values else None


class Mode:
    """`mode(value)`: the value that is met most."""

    def __init__(self) -> None:
        self.values: Counter[Any] = Counter()

    def step(self, value: object) -> None:
        """Takes a value; null is none."""
        if value is not None:
            self.values[value] += 1

    def finalize(self) -> Any:
        """One of the most frequent values; null of nothing."""
        return self.values.most_common(1)[0][0] if self.values else None


AGGREGATES: dict[str, tuple[type, int]] = {"median": (Median, 1), "quantile_disc": (QuantileDisc, 2), "mode": (Mode, 1)}
"""Aggregates to create on a connection, with the number of their arguments."""

FUNCTIONS: dict[str, Callable[[str], bool]] = {"names_dataset": lru_cache(100_000)(names_dataset)}
"""Functions of one argument to create on a connection."""


def _rounded(figure: str, digits: int) -> str:
    """To so many digits, as DuckDB does: halves of the binary number go away from zero (SQLite's own way: its text)."""
    return f"round(({figure}) * 1e{digits}) / 1e{digits}"


def _month(column: str = "listing_date") -> str:
    return f"strftime('%Y-%m-01', {column})"


def _weekday(column: str) -> str:
    names = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    cases = " ".join(f"WHEN '{number}' THEN '{name}'" for number, name in enumerate(names))
    return f"CASE strftime('%w', {column}) {cases} END"


_IN_PERIOD = "listing_date BETWEEN $first_date AND $last_date"
_NEWEST = f"""
newest AS (
    SELECT * FROM (
        SELECT s.*, row_number() OVER (PARTITION BY s.paper_id ORDER BY s.listing_date DESC) AS place
        FROM summaries s
        JOIN listings l ON l.listing_date = s.listing_date AND l.paper_id = s.paper_id
        WHERE l.is_listed AND s.{_IN_PERIOD}
    ) WHERE place = 1
)"""
_LISTED_PAPERS = f"""
listed AS (
    SELECT paper_id, max(upvotes) AS upvotes, max(listing_date) AS listing_date
    FROM listings
    WHERE is_listed AND {_IN_PERIOD}
    GROUP BY paper_id
)"""
_ALL_LISTED = f"(SELECT count(DISTINCT paper_id) FROM listings WHERE is_listed AND {_IN_PERIOD})"
_REPAIRS = """
    1.0 * count(DISTINCT c.request_key) FILTER (WHERE s.paper_id IS NOT NULL AND c.repairs_request IS NOT NULL)
    / nullif(count(DISTINCT s.paper_id), 0)"""

QUERIES: dict[str, str] = {
    "audit_findings": f"""
SELECT reason, severity, count(*) AS findings, count(DISTINCT paper_id) AS papers,
       count(DISTINCT paper_id) FILTER (WHERE is_set_aside) AS set_aside, mode(part) AS part
FROM findings
WHERE {_IN_PERIOD}
GROUP BY reason, severity
ORDER BY findings DESC, reason""",
    "code_availability": f"""
WITH listed AS (
    SELECT {_month("l.listing_date")} AS month, l.paper_id, p.has_code, max(l.upvotes) AS upvotes
    FROM listings l
    JOIN papers p ON p.paper_id = l.paper_id
    WHERE l.is_listed AND l.{_IN_PERIOD}
    GROUP BY 1, l.paper_id, p.has_code
)
SELECT month, count(*) AS papers, {_rounded("100.0 * count(*) FILTER (WHERE has_code) / count(*)", 1)},
       median(upvotes) FILTER (WHERE has_code), median(upvotes) FILTER (WHERE NOT has_code)
FROM listed
GROUP BY month
ORDER BY month DESC""",
    "completeness_by_model": f"""
SELECT c.model, c.prompt_version, count(DISTINCT c.paper_id) AS answered_papers, count(DISTINCT s.paper_id),
       count(DISTINCT s.paper_id) FILTER (WHERE s.is_approved),
       {_rounded("100.0 * count(DISTINCT s.paper_id) / count(DISTINCT c.paper_id)", 1)},
       {_rounded(_REPAIRS, 2)}
FROM calls c
LEFT JOIN summaries s ON s.paper_id = c.paper_id AND s.model = c.model AND s.prompt_version = c.prompt_version
WHERE c.is_answered AND c.{_IN_PERIOD}
GROUP BY c.model, c.prompt_version
ORDER BY answered_papers DESC, c.model, c.prompt_version""",
    "completeness_per_day": f"""
SELECT listing_date, status, listed_papers, complete_papers, quarantined_papers, pending_papers,
       {_rounded("100.0 * complete_papers / nullif(listed_papers, 0)", 1)}
FROM days
WHERE {_IN_PERIOD}
ORDER BY listing_date DESC""",
    "cost_per_month": f"""
WITH complete AS (
    SELECT {_month()} AS month, count(DISTINCT paper_id) AS papers
    FROM listings
    WHERE is_listed AND is_complete AND {_IN_PERIOD}
    GROUP BY month
)
SELECT {_month("c.listing_date")} AS month, count(*), count(*) FILTER (WHERE c.is_answered), sum(c.input_tokens),
       {_rounded("100.0 * sum(c.cached_input_tokens) / nullif(sum(c.input_tokens), 0)", 1)}, sum(c.output_tokens),
       {_rounded("sum(c.cost_usd)", 6)}, {_rounded("sum(c.cost_usd) / nullif(max(m.papers), 0)", 6)}
FROM calls c
LEFT JOIN complete m ON m.month = {_month("c.listing_date")}
WHERE c.{_IN_PERIOD}
GROUP BY 1
ORDER BY 1 DESC""",
    "cost_per_paper": f"""
SELECT c.model, count(*), count(DISTINCT c.paper_id), count(DISTINCT s.paper_id), {_rounded("sum(c.cost_usd)", 6)},
       {_rounded("sum(c.cost_usd) / count(DISTINCT c.paper_id)", 6)},
       {_rounded("sum(c.cost_usd) / nullif(count(DISTINCT s.paper_id), 0)", 6)},
       sum(c.input_tokens + c.output_tokens) / count(DISTINCT c.paper_id)
FROM calls c
LEFT JOIN (SELECT DISTINCT paper_id, model FROM summaries) s ON s.paper_id = c.paper_id AND s.model = c.model
WHERE c.{_IN_PERIOD}
GROUP BY c.model
ORDER BY c.model""",
    "coverage_gaps": f"""
WITH RECURSIVE bounds AS (
    SELECT max($first_date, min(listing_date)) AS first_date, min($last_date, max(listing_date)) AS last_date
    FROM days
    HAVING count(*) > 0
), calendar AS (
    SELECT first_date AS listing_date, last_date FROM bounds WHERE first_date <= last_date
    UNION ALL
    SELECT date(listing_date, '+1 day'), last_date FROM calendar WHERE listing_date < last_date
)
SELECT c.listing_date, {_weekday("c.listing_date")} AS weekday, coalesce(d.status, 'missing') AS status,
       coalesce(d.pending_papers, 0) AS pending_papers,
       CASE coalesce(d.status, 'missing') WHEN 'partial' THEN 'run the date again, or let the refresh do it'
            WHEN 'failed' THEN 'papers report DATE says what the audit refused' ELSE 'run the date, or a backfill' END
           AS remedy
FROM calendar c
LEFT JOIN days d ON d.listing_date = c.listing_date
WHERE coalesce(d.status, 'missing') NOT IN ('published', 'empty')
ORDER BY c.listing_date DESC""",
    "days_from_arxiv": f"""
WITH first_listing AS (
    SELECT paper_id, min(listing_date) AS listing_date FROM listings WHERE listing_problem IS NULL GROUP BY paper_id
), waits AS (
    SELECT f.listing_date, CAST(julianday(f.listing_date) - julianday(date(p.published_at)) AS INTEGER) AS days
    FROM first_listing f
    JOIN papers p ON p.paper_id = f.paper_id
    WHERE f.{_IN_PERIOD}
)
SELECT {_month()} AS month, count(*) AS papers, median(days),
       {_rounded("100.0 * count(*) FILTER (WHERE days <= 3) / count(*)", 1)}, max(days)
FROM waits
GROUP BY 1
ORDER BY 1 DESC""",
    "keyword_trend": f"""
WITH listed AS (
    SELECT {_month("l.listing_date")} AS month, l.paper_id, max(l.upvotes) AS upvotes,
           l.paper_id IN (SELECT paper_id FROM keywords WHERE lower(keyword) LIKE $keyword) AS has_keyword
    FROM listings l
    JOIN papers p ON p.paper_id = l.paper_id AND p.has_keywords
    WHERE l.is_listed
    GROUP BY 1, l.paper_id
)
SELECT month, count(*) FILTER (WHERE has_keyword) AS papers,
       {_rounded("100.0 * count(*) FILTER (WHERE has_keyword) / count(*)", 2)},
       coalesce(sum(upvotes) FILTER (WHERE has_keyword), 0)
FROM listed
GROUP BY month
HAVING papers > 0
ORDER BY month DESC""",
    "late_papers": f"""
WITH first_looks AS (
    SELECT listing_date, min(observed_at) AS first_look FROM observations WHERE outcome = 'listed' GROUP BY listing_date
)
SELECT l.listing_date, l.paper_id, p.title, strftime('%s', l.first_seen_at) - strftime('%s', f.first_look), l.upvotes
FROM listings l
JOIN first_looks f ON f.listing_date = l.listing_date
JOIN papers p ON p.paper_id = l.paper_id
WHERE l.first_seen_at > f.first_look AND l.{_IN_PERIOD}
ORDER BY l.listing_date DESC, l.first_seen_at, l.paper_id""",
    "models_by_grounding": f"""
WITH {_NEWEST}, summarized AS (
    SELECT model, count(*) AS summaries,
           {_rounded("100.0 * count(*) FILTER (WHERE has_full_text) / count(*)", 1)} AS full_text_percent,
           {_rounded("100.0 * sum(stated_sections) / (7 * count(*))", 1)} AS stated_percent,
           {_rounded("avg(quote_count)", 1)} AS quotes_per_summary,
           {_rounded("avg(result_count)", 1)} AS figures_per_summary, {_rounded("avg(repairs)", 2)} AS repairs
    FROM newest
    GROUP BY model
), ungrounded AS (
    SELECT model, count(DISTINCT paper_id) AS papers
    FROM quarantine
    WHERE {_IN_PERIOD} AND reason IN ('number_not_in_source', 'name_not_in_source', 'quote_not_in_source')
    GROUP BY model
)
SELECT model, coalesce(summaries, 0) AS summaries, full_text_percent, stated_percent, quotes_per_summary,
       figures_per_summary, repairs, coalesce(u.papers, 0)
FROM summarized
FULL JOIN ungrounded u USING (model)
ORDER BY summaries DESC, model""",
    "papers_listed_twice": f"""
SELECT l.paper_id, p.title, count(*) AS dates, min(l.listing_date) AS first_date, max(l.listing_date) AS last_date,
       count(*) FILTER (WHERE l.is_listed)
FROM listings l
JOIN papers p ON p.paper_id = l.paper_id
WHERE l.{_IN_PERIOD}
GROUP BY l.paper_id, p.title
HAVING count(*) > 1
ORDER BY dates DESC, last_date DESC, l.paper_id""",
    "papers_per_day": f"""
SELECT d.listing_date, {_weekday("d.listing_date")}, d.listed_papers, coalesce(sum(l.upvotes), 0),
       coalesce(max(l.upvotes), 0)
FROM days d
LEFT JOIN listings l ON l.listing_date = d.listing_date AND l.is_listed
WHERE d.{_IN_PERIOD}
GROUP BY d.listing_date, d.listed_papers
ORDER BY d.listing_date DESC""",
    "papers_that_left": f"""
WITH there AS (
    SELECT paper_id, listing_date, first_seen_at FROM (
        SELECT paper_id, listing_date, first_seen_at,
               row_number() OVER (PARTITION BY paper_id ORDER BY first_seen_at DESC, listing_date DESC) AS place
        FROM listings
        WHERE is_listed AND paper_id IN (SELECT paper_id FROM listings WHERE NOT is_listed)
    ) WHERE place = 1
)
SELECT gone.listing_date, gone.paper_id, p.title,
       CASE WHEN gone.withdrawn_at IS NOT NULL THEN 'withdrawn'
            WHEN there.first_seen_at > gone.first_seen_at THEN 'moved'
            ELSE 'gone' END, there.listing_date, gone.last_seen_at
FROM listings gone
LEFT JOIN there ON there.paper_id = gone.paper_id
LEFT JOIN papers p ON p.paper_id = gone.paper_id
WHERE NOT gone.is_listed AND gone.{_IN_PERIOD}
ORDER BY gone.listing_date DESC, gone.paper_id""",
    "quarantine_by_model": f"""
WITH answered AS (
    SELECT model, count(DISTINCT paper_id) AS papers
    FROM calls
    WHERE is_answered AND {_IN_PERIOD}
    GROUP BY model
)
SELECT q.model, q.reason, count(DISTINCT q.paper_id) AS papers,
       {_rounded("100.0 * count(DISTINCT q.paper_id) / max(a.papers)", 2)}
FROM quarantine q
LEFT JOIN answered a ON a.model = q.model
WHERE q.{_IN_PERIOD}
GROUP BY q.model, q.reason
ORDER BY papers DESC, q.model, q.reason""",
    "quarantine_by_reason": f"""
SELECT q.reason, count(DISTINCT q.paper_id) AS papers,
       {_rounded(f"100.0 * count(DISTINCT q.paper_id) / {_ALL_LISTED}", 2)}, max(q.listing_date), max(q.remedy)
FROM quarantine q
WHERE q.{_IN_PERIOD}
GROUP BY q.reason
ORDER BY papers DESC, q.reason""",
    "reported_datasets": f"""
WITH {_NEWEST}, figures AS (
    SELECT lower(r.dataset) AS dataset, lower(r.metric) AS metric, r.paper_id
    FROM results r
    JOIN newest n ON n.listing_date = r.listing_date AND n.paper_id = r.paper_id
    WHERE r.dataset <> '' AND names_dataset(r.dataset)
), top AS (
    SELECT dataset, count(DISTINCT paper_id) AS papers, count(*) AS figures
    FROM figures
    GROUP BY 1
    ORDER BY papers DESC, figures DESC, 1
    LIMIT $most
)
SELECT t.dataset, t.papers, t.figures,
       (SELECT json_group_array(metric) FROM
           (SELECT f.metric FROM figures f WHERE f.dataset = t.dataset AND f.metric <> ''
            GROUP BY f.metric ORDER BY count(*) DESC, f.metric LIMIT 5))
FROM top t""",
    "reported_metrics": f"""
WITH {_NEWEST}
SELECT lower(r.metric) AS of_metric, count(DISTINCT r.paper_id) AS papers, count(*) AS figures,
       count(*) FILTER (WHERE r.baseline <> '')
FROM results r
JOIN newest n ON n.listing_date = r.listing_date AND n.paper_id = r.paper_id
WHERE r.metric <> ''
GROUP BY of_metric
ORDER BY papers DESC, figures DESC, of_metric
LIMIT $most""",
    "reported_results": f"""
WITH {_NEWEST}
SELECT r.paper_id, r.dataset, r.metric, r.value, r.baseline
FROM results r
JOIN newest n ON n.listing_date = r.listing_date AND n.paper_id = r.paper_id
JOIN listings l ON l.listing_date = r.listing_date AND l.paper_id = r.paper_id AND l.is_listed
JOIN papers p ON p.paper_id = r.paper_id
WHERE r.baseline <> ''
ORDER BY l.upvotes DESC, r.paper_id, r.position
LIMIT $most""",
    "rising_keywords": """
WITH chosen AS (
    SELECT date(min($week, max(listing_date)), 'weekday 0', '-6 days') AS monday FROM listings WHERE is_listed
), before AS (
    SELECT count(*) = 7 AS is_whole
    FROM chosen c
    JOIN days d ON d.listing_date >= date(c.monday, '-7 days') AND d.listing_date < c.monday
    WHERE d.status IN ('published', 'partial', 'empty')
), listed AS (
    SELECT l.paper_id, l.listing_date >= c.monday AS is_now, max(l.upvotes) AS upvotes
    FROM chosen c
    JOIN listings l ON l.listing_date >= date(c.monday, '-7 days') AND l.listing_date < date(c.monday, '+7 days')
    WHERE l.is_listed
    GROUP BY 1, 2
), named AS (
    SELECT DISTINCT paper_id, lower(keyword) AS keyword FROM keywords WHERE paper_id IN (SELECT paper_id FROM listed)
), weekly AS (
    SELECT n.keyword, count(*) FILTER (WHERE l.is_now) AS papers, count(*) FILTER (WHERE NOT l.is_now) AS papers_before,
           coalesce(sum(l.upvotes) FILTER (WHERE l.is_now), 0) AS upvotes
    FROM named n
    JOIN listed l ON l.paper_id = n.paper_id
    GROUP BY n.keyword
)
SELECT keyword, papers, iif(is_whole, papers_before, NULL), iif(is_whole, papers - papers_before, NULL) AS rise, upvotes
FROM weekly, before
WHERE papers >= $least
ORDER BY rise DESC, papers DESC, upvotes DESC, keyword
LIMIT $most""",
    "runs_that_paid": f"""
SELECT run, listing_date, min(asked_at), max(asked_at) AS last_call_at, count(*), count(*) FILTER (WHERE is_answered),
       count(DISTINCT paper_id), {_rounded("sum(cost_usd)", 6)}
FROM calls
WHERE run IS NOT NULL
GROUP BY run, listing_date
ORDER BY last_call_at DESC, run, listing_date
LIMIT $most""",
    "section_lengths": f"""
WITH {_NEWEST}
SELECT x.section, s.model, count(*) FILTER (WHERE x.is_present), count(*) FILTER (WHERE NOT x.is_present),
       median(x.characters) FILTER (WHERE x.is_present), quantile_disc(x.characters, 10) FILTER (WHERE x.is_present),
       quantile_disc(x.characters, 90) FILTER (WHERE x.is_present)
FROM sections x
JOIN newest s ON s.listing_date = x.listing_date AND s.paper_id = x.paper_id
GROUP BY x.section, s.model, x.position
ORDER BY x.position, s.model""",
    "top_authors": f"""
WITH {_LISTED_PAPERS}
SELECT a.author, count(*) AS papers, sum(l.upvotes) AS votes, max(l.listing_date)
FROM (SELECT DISTINCT paper_id, author FROM authors) a
JOIN listed l ON l.paper_id = a.paper_id
GROUP BY a.author
ORDER BY papers DESC, votes DESC, a.author
LIMIT $most""",
    "top_organizations": f"""
WITH {_LISTED_PAPERS}
SELECT o.organization, count(*) AS papers, sum(l.upvotes) AS votes, count(*) FILTER (WHERE p.has_code),
       max(l.listing_date)
FROM organizations o
JOIN listed l ON l.paper_id = o.paper_id
JOIN papers p ON p.paper_id = o.paper_id
GROUP BY o.organization
ORDER BY papers DESC, votes DESC, o.organization
LIMIT $most""",
    "top_papers": f"""
SELECT listing_date, paper_id, upvotes, translated_title FROM (
    SELECT l.listing_date, l.paper_id, l.upvotes, s.translated_title,
           row_number() OVER (PARTITION BY l.paper_id ORDER BY l.upvotes DESC, l.listing_date) AS place
    FROM listings l
    JOIN summaries s ON s.listing_date = l.listing_date AND s.paper_id = l.paper_id
    JOIN papers p ON p.paper_id = l.paper_id
    WHERE l.is_listed AND l.{_IN_PERIOD}
) WHERE place = 1
ORDER BY upvotes DESC, paper_id
LIMIT $most""",
    "vote_dynamics": f"""
WITH looks AS (
    SELECT v.listing_date, v.paper_id, v.upvotes, l.upvotes AS last_upvotes,
           (strftime('%s', v.observed_at) - strftime('%s', l.first_seen_at)) / 3600 AS age
    FROM votes v
    JOIN listings l ON l.listing_date = v.listing_date AND l.paper_id = v.paper_id
    WHERE v.{_IN_PERIOD}
), steps AS (
    SELECT *, CASE WHEN age < 1 THEN 0 WHEN age < 24 THEN 24 WHEN age < 72 THEN 72 WHEN age < 168 THEN 168
                   WHEN age < 336 THEN 336 ELSE 999 END AS step
    FROM looks
)
SELECT CASE step WHEN 0 THEN 'first look' WHEN 24 THEN 'under 24' WHEN 72 THEN 'under 72' WHEN 168 THEN 'under 168'
                 WHEN 336 THEN 'under 336' ELSE '336 and more' END AS hours,
       count(DISTINCT listing_date || paper_id), median(upvotes),
       {_rounded("median(100.0 * upvotes / last_upvotes) FILTER (WHERE last_upvotes > 0)", 1)}
FROM steps
GROUP BY step
ORDER BY step""",
    "vote_gains": f"""
WITH looks AS (
    SELECT listing_date, paper_id, observed_at, upvotes,
           first_value(upvotes) OVER one_paper AS first_upvotes, last_value(upvotes) OVER one_paper AS last_upvotes
    FROM votes
    WHERE {_IN_PERIOD}
    WINDOW one_paper AS (PARTITION BY listing_date, paper_id ORDER BY observed_at
                         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
SELECT v.listing_date, v.paper_id, max(p.title), max(v.first_upvotes), max(v.last_upvotes) AS votes,
       max(v.last_upvotes) - max(v.first_upvotes) AS gained, count(*)
FROM looks v
JOIN papers p ON p.paper_id = v.paper_id
GROUP BY v.listing_date, v.paper_id
ORDER BY gained DESC, votes DESC, v.paper_id, v.listing_date
LIMIT $most""",
}
"""SQL of the queries by name."""
