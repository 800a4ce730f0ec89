"""Bringing dates from the lake into the tables of an open warehouse, within the caller's transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from daily_papers.audit.audit_record import read_audit_record
from daily_papers.audit.day_status import DayStatus, DaySummary, day_summary
from daily_papers.audit.day_warnings import WarningsOfDays, dates_of_the_months
from daily_papers.errors import DailyPapersError, TerminalError
from daily_papers.lake.library import Library
from daily_papers.legacy.digest import LegacyDigest
from daily_papers.listing.day_listing import captures_of
from daily_papers.rows.day_file import SCHEMA, read_day_table, readable_tables
from daily_papers.rows.months import CompactedMonth
from daily_papers.sections import SECTION_KEYS
from daily_papers.warehouse import table_rows
from daily_papers.warehouse.duckdb_access import statements

logger = logging.getLogger(__name__)

DATE_TABLES = (
    "days", "observations", "votes", "listings", "summaries", "sections", "quotes", "results", "quarantine", "findings",
    "audits",
)  # fmt: skip
"""Tables whose rows belong to one date and are replaced with it."""
FACT_TABLES = ("papers", "authors", "keywords", "organizations")
"""Tables with one paper's facts, from the newest date that still lists it."""
PAPER_TABLES = ("calls", "decisions")
"""Tables whose rows belong to one paper, whatever lists it."""
LEGACY_TABLES = ("legacy_summaries", "legacy_sections")

_FACTS = (
    "paper_id", "listing_date", "title", "abstract", "authors", "published_at", "project_page", "github_repository",
    "github_stars", "keywords", "organization", "hf_summary",
)  # fmt: skip
_FACT_SCHEMA = pa.schema([SCHEMA.field(one) for one in _FACTS])
_SEEN_COLUMNS: dict[str, pa.DataType] = {
    "listing_date": pa.date32(),
    "paper_id": pa.string(),
    "first_seen_at": pa.timestamp("us"),
    "last_seen_at": pa.timestamp("us"),
}
_SEEN = pa.schema(_SEEN_COLUMNS)
_SECTIONS = ", ".join(
    f"{{'position': {position}, 'section': '{key}', 'basis': {key}_basis, 'markdown': {key}_markdown, "
    f"'quotes': {key}_quotes}}"
    for position, key in enumerate(SECTION_KEYS, start=1)
)


def replace_dates(connection: duckdb.DuckDBPyConnection, library: Library, contents: DateContents) -> list[str]:
    """Replaces dates: status, looks, the audited rows where there are any, and what follows from them for papers.

    Returns:
        Ids of the papers that these dates list, or did.
    """
    paper_ids = load_dates(connection, library, contents)
    replace_warnings(connection, library, contents.dates)
    replace_drift(connection, library)
    return paper_ids


@dataclass(frozen=True)
class DateContents:
    """What the lake has of some dates: audited rows of those with a day file, captures, and which dates are damaged."""

    dates: tuple[date, ...]
    day_rows: dict[date, pa.Table]
    captures: dict[date, table_rows.Captures]
    damaged: dict[date, DailyPapersError]

    @property
    def whole_dates(self) -> list[date]:
        """The dates that can be loaded."""
        return [day for day in self.dates if day not in self.damaged]


def contents_of(library: Library, listing_dates: Sequence[date], month: CompactedMonth | None = None) -> DateContents:
    """Reads dates; what of one date is damaged says nothing about the others.

    Args:
        month: the rows of all of these dates, where the caller has read them.
    """
    found = DateContents(tuple(listing_dates), {}, {}, dict(month.damaged) if month else {})
    for day in found.whole_dates:
        try:
            # the rows first: looks only grow, so all that the rows know is in the looks read after them
            rows = month.rows.get(day) if month else _rows(library, day)
            captures = captures_of(library, day)
            read_audit_record(library, day)
            if rows is not None and not captures:
                raise TerminalError(
                    f"{day} has audited rows, but all looks at its listing are gone. Restore "
                    f"{library.lake.observations(day).parent} from a backup, or run {day} again to look at it anew."
                )
        except TerminalError as error:
            found.damaged[day] = error
            continue
        found.captures[day] = captures
        if rows is not None:
            found.day_rows[day] = rows
    return found


def _rows(library: Library, day: date) -> pa.Table | None:
    try:
        return read_day_table(library, day)
    except FileNotFoundError:
        return None


def load_dates(connection: duckdb.DuckDBPyConnection, library: Library, contents: DateContents) -> list[str]:
    """Replaces dates, but for what depends on other dates.

    A damaged date has its status and nothing else.

    Returns:
        Ids of the papers that these dates list, or did.
    """
    days, day_rows, captures = list(contents.dates), contents.day_rows, contents.captures
    readable = (
        "SELECT DISTINCT paper_id FROM listings WHERE listing_date IN (SELECT unnest(?)) AND listing_problem IS NULL"
    )
    paper_ids = {paper_id for (paper_id,) in connection.execute(readable, [days]).fetchall()}
    for table in DATE_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE listing_date IN (SELECT unnest(?))", [days])
    _insert_looks(connection, library, captures)
    damaged = (DaySummary(day, DayStatus.DAMAGED) for day in contents.damaged)
    _insert(connection, "days", [table_rows.day_row(summary, None) for summary in damaged])
    audited = pa.concat_tables([SCHEMA.empty_table(), *day_rows.values()])
    seen = [row for day in day_rows for row in table_rows.seen_rows(day, captures[day])]
    connection.register("day_rows", audited)
    connection.register("seen", pa.Table.from_pylist(seen, _SEEN))
    connection.execute(statements("load_listings_and_summaries").replace("{sections}", f"[{_SECTIONS}]"))
    connection.unregister("seen")
    connection.unregister("day_rows")
    odd = _rows_with_findings(audited)
    _insert(connection, "quarantine", (reason for row in odd for reason in table_rows.reason_rows(row)))
    _insert(connection, "findings", (finding for row in odd for finding in table_rows.finding_rows(row)))
    paper_ids |= {paper_id for (paper_id,) in connection.execute(readable, [days]).fetchall()}
    # also where nothing was audited yet: calls were paid for
    paper_ids |= {paper.paper_id for looks in captures.values() for _, look in looks for paper in look.papers}
    _replace_papers(connection, library, sorted(paper_ids), day_rows)
    return sorted(paper_ids)


def _insert_looks(
    connection: duckdb.DuckDBPyConnection, library: Library, captures_by_date: Mapping[date, table_rows.Captures]
) -> None:
    tables: dict[str, list[table_rows.Row]] = {name: [] for name in ("days", "observations", "votes", "audits")}
    for listing_date, captures in captures_by_date.items():
        summary = day_summary(library, listing_date)
        if summary.status is DayStatus.MISSING:
            continue
        newest = captures[-1][0] if captures else None
        tables["days"].append(table_rows.day_row(summary, newest))
        tables["observations"] += table_rows.observation_rows(library, listing_date, captures)
        tables["votes"] += table_rows.vote_rows(listing_date, captures)
        tables["audits"] += table_rows.audit_rows(library, listing_date)
        logger.info("Loaded %s: %s", listing_date, summary)
    for name, rows in tables.items():
        _insert(connection, name, rows)


def _rows_with_findings(table: pa.Table) -> list[dict[str, Any]]:
    """Rows that are listed and have something for `quarantine` or `findings`."""
    names = ("listing_date", "paper_id", "status", "listed", "reasons", "warnings", "findings", "model")
    return [row for row in table.select(names).to_pylist() if row["listed"] and (row["reasons"] or row["findings"])]


def _replace_papers(
    connection: duckdb.DuckDBPyConnection, library: Library, paper_ids: list[str], day_rows: Mapping[date, pa.Table]
) -> None:
    """Takes each paper's facts from its newest date that still lists it and has a day file, in whatever order dates are
    loaded."""
    for table in (*FACT_TABLES, *PAPER_TABLES):
        connection.execute(f"DELETE FROM {table} WHERE paper_id IN (SELECT unnest(?))", [paper_ids])
    listed = "FROM listings WHERE paper_id IN (SELECT unnest($ids)) AND listing_problem IS NULL"
    dates_of_papers = connection.execute(f"SELECT DISTINCT listing_date {listed}", {"ids": paper_ids}).fetchall()
    facts_by_date = {day: table.select(_FACTS) for day, table in day_rows.items()}
    others = sorted(day for (day,) in dates_of_papers if day not in facts_by_date)
    facts_by_date |= readable_tables(library, others, _FACTS)
    sources = connection.sql(
        f"SELECT arg_max(listing_date, (is_listed, listing_date)) AS source, paper_id {listed} "
        "AND listing_date IN (SELECT unnest($there::DATE[])) GROUP BY paper_id",
        params={"ids": paper_ids, "there": sorted(facts_by_date)},
    )
    source_of = sources.to_arrow_table()
    dates = sorted(set(source_of["source"].to_pylist()))
    connection.register("sources", source_of)
    facts = pa.concat_tables([_FACT_SCHEMA.empty_table(), *(facts_by_date[day] for day in dates)])
    connection.register("facts", facts)
    connection.execute(
        "CREATE TEMP TABLE paper_rows AS SELECT f.* FROM facts f "
        "JOIN sources s ON s.paper_id = f.paper_id AND s.source = f.listing_date"
    )
    connection.unregister("facts")
    connection.unregister("sources")
    connection.execute(statements("load_papers_and_authors"))
    connection.execute("DROP TABLE paper_rows")
    _insert(connection, "calls", table_rows.call_rows(library, paper_ids))
    _insert(connection, "decisions", table_rows.decision_rows(library, paper_ids))


def replace_warnings(connection: duckdb.DuckDBPyConnection, library: Library, listing_dates: Sequence[date]) -> None:
    """Warnings of whole months, because a day is measured by its month."""
    warnings = WarningsOfDays(library)
    months = dates_of_the_months(library, listing_dates)
    connection.execute("DELETE FROM warnings WHERE listing_date IN (SELECT unnest(?))", [months])
    rows = (table_rows.warning_row(day, code, text) for day in months for code, text in warnings.of(day).items())
    _insert(connection, "warnings", rows)


def replace_drift(connection: duckdb.DuckDBPyConnection, library: Library) -> None:
    """What was ever new in listings."""
    connection.execute("DELETE FROM drift")
    _insert(connection, "drift", table_rows.drift_rows(library))


def replace_legacy(connection: duckdb.DuckDBPyConnection, digest: LegacyDigest) -> None:
    """Replaces an imported older digest."""
    for table in LEGACY_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE listing_date = ?", [digest.listing_date])
    _insert(connection, "legacy_summaries", table_rows.legacy_summary_rows(digest))
    _insert(connection, "legacy_sections", table_rows.legacy_section_rows(digest))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[table_rows.Row]) -> None:
    """Inserts rows by the names of their columns, by way of Arrow: `executemany` takes a hundred times as long for a
    date with many looks.

    Raises:
        ValueError: a row lacks a column of the table, or has another one.
    """
    staged = list(rows)
    if not staged:
        return
    schema = connection.table(table).limit(0).to_arrow_table().schema
    names = set(schema.names)
    for row in staged:
        if row.keys() != names:
            raise ValueError(f"a row of {table} has other columns: {sorted(row.keys() ^ names)}")
    connection.register("staged", pa.Table.from_pylist(staged, schema))
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM staged")
    connection.unregister("staged")
