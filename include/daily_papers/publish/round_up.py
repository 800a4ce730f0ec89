"""The round-up of a week or a month: what was listed, voted for and reported, from published rows, with charts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from daily_papers.ask.catalogue import named_queries
from daily_papers.audit.day_status import DayStatus
from daily_papers.dates import today
from daily_papers.errors import UserError
from daily_papers.lake.files import write_atomically
from daily_papers.lake.library import Library
from daily_papers.period import Period
from daily_papers.warehouse.publication import open_for_reading
from daily_papers.wording.headings_and_labels import wording_of
from daily_papers.writing.templating import markdown_template

if TYPE_CHECKING:
    import duckdb

PAPERS_SHOWN, ROWS_SHOWN = 10, 10
_LISTED = frozenset({DayStatus.PUBLISHED, DayStatus.PARTIAL, DayStatus.EMPTY})
"""What a date is when all that it listed is loaded."""

_PAPERS = """
SELECT p.listing_date, p.paper_id, p.title, p.translated_title, p.upvotes, p.organization, s.markdown AS contributions
FROM published_papers p
JOIN sections s ON s.listing_date = p.listing_date AND s.paper_id = p.paper_id AND s.section = 'contributions'
WHERE p.listing_date BETWEEN $first_date AND $last_date
QUALIFY row_number() OVER (PARTITION BY p.paper_id ORDER BY p.upvotes DESC, p.listing_date) = 1
ORDER BY p.upvotes DESC, p.paper_id
LIMIT $most
"""
_KEYWORDS = """
WITH listed AS (
    SELECT DISTINCT paper_id, listing_date >= $first_date AS now
    FROM listings
    WHERE is_listed AND listing_date BETWEEN $before AND $last_date
)
SELECT k.keyword, count(*) FILTER (WHERE l.now) AS papers, count(*) FILTER (WHERE NOT l.now) AS papers_before
FROM (SELECT DISTINCT paper_id, lower(keyword) AS keyword FROM keywords) k
JOIN listed l ON l.paper_id = k.paper_id
GROUP BY k.keyword
HAVING papers > 0
ORDER BY {order}, k.keyword
LIMIT $most
"""


def publish_round_up(library: Library, period: Period) -> bool:
    """Writes a period's round-up and its charts; False where nothing of the period is published.

    The same rows give the same bytes. A period that is not over yet is rounded up as far as it goes.

    Raises:
        UserError: the period lies in the future, or nothing was loaded yet.
    """
    from daily_papers.writing import charts

    if period.first_date > today():
        raise UserError(f"{period.name} is in the future. Give the current or a past period.")
    text = wording_of(library.settings.language).round_up
    with open_for_reading(library) as connection:
        found = _contents(connection, period)
    if not found["papers"]:
        return False
    days = [(row["listing_date"], row["complete_papers"], row["listed_papers"]) for row in found["days"]]
    begun = sum(day <= today() for day in period.dates)
    images = {
        "days": charts.papers_by_day(
            days, title=text["chart_days"], complete=text["chart_complete"], other=text["chart_other"]
        )
    }
    if found["frequent"]:
        images["keywords"] = charts.frequencies(
            [(row["keyword"], row["papers"]) for row in found["frequent"]], title=text["chart_keywords"]
        )
    for name, data in images.items():
        write_atomically(library.lake.round_up(f"{period.name}.{name}.png"), data)
    rendered = markdown_template("round_up").render(
        period=period,
        text=text,
        is_open=period.last_date >= today(),
        counts=_counts(found["days"]),
        begun=begun,
        **found,
    )
    write_atomically(library.lake.round_up(f"{period.name}.md"), rendered.encode())
    return True


def _contents(connection: duckdb.DuckDBPyConnection, period: Period) -> dict[str, Any]:
    dates = {"first_date": period.first_date, "last_date": period.last_date}
    queries, rows = named_queries(), {**dates, "most": ROWS_SHOWN}
    keywords = {**rows, "before": period.before.first_date}
    listed_before = _listed_dates(connection, period.before)
    is_compared = listed_before == len(period.before.dates)
    order = "papers - papers_before DESC, papers DESC" if is_compared else "papers DESC"
    days = _rows(connection, queries["completeness_per_day"].sql, dates)
    return {
        "days": sorted(days, key=lambda row: row["listing_date"]),
        "gaps": _gaps(period, days),
        "papers": _rows(connection, _PAPERS, {**dates, "most": PAPERS_SHOWN}),
        "listed_before": listed_before,
        "is_compared": is_compared,
        "keywords": _rows(connection, _KEYWORDS.format(order=order), keywords),
        "frequent": _rows(connection, _KEYWORDS.format(order="papers DESC"), keywords),
        "organizations": _rows(connection, queries["top_organizations"].sql, rows),
        "datasets": _rows(connection, queries["reported_datasets"].sql, rows),
    }


def _listed_dates(connection: duckdb.DuckDBPyConnection, period: Period) -> int:
    """How many dates of a period are loaded with all that they listed: only whole periods can be compared."""
    bounds = {"first_date": period.first_date, "last_date": period.last_date}
    days = _rows(connection, named_queries()["completeness_per_day"].sql, bounds)
    return sum(row["status"] in _LISTED for row in days)


def _gaps(period: Period, days: list[dict[str, Any]]) -> list[str]:
    """Dates of a period that are over and not whole."""
    whole = {row["listing_date"] for row in days if row["status"] in (DayStatus.PUBLISHED, DayStatus.EMPTY)}
    return [str(day) for day in period.dates if day < today() and day not in whole]


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _counts(days: list[dict[str, Any]]) -> Counter[str]:
    counts = Counter(days=sum(1 for row in days if row["listed_papers"]))
    for row in days:
        for name in ("listed", "complete", "quarantined", "pending"):
            counts[name] += row[f"{name}_papers"]
    return counts
