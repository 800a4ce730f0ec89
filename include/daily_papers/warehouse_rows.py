"""What the warehouse's tables hold: rows from the lake, replaced date by date.

Everything here works within the caller's transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from daily_papers.audit_record import read_audit_record
from daily_papers.calls import Call, CallStore, cost_usd
from daily_papers.day_file import RowStatus, details_of, read_day_file
from daily_papers.day_listing import captures_of
from daily_papers.day_status import DayStatus, day_summary
from daily_papers.day_warnings import WarningsOfDays, dates_of_the_months
from daily_papers.decisions import Decision, decisions
from daily_papers.lake import Lake
from daily_papers.legacy import LegacyDigest
from daily_papers.listing import Capture
from daily_papers.observations import all_drift, failures
from daily_papers.reasons import text_of
from daily_papers.sections import SECTION_KEYS

logger = logging.getLogger(__name__)

Captures = Sequence[tuple[datetime, Capture]]

DATE_TABLES = (
    "days", "observations", "votes", "listings", "summaries", "sections", "results", "quarantine", "findings", "audits",
)  # fmt: skip
"""Tables whose rows belong to one date and are replaced with it."""


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Inserts rows by way of Arrow: `executemany` takes a hundred times as long for a date with many looks."""
    columns = [list(values) for values in zip(*rows, strict=True)]
    if columns:
        schema = connection.table(table).limit(0).to_arrow_table().schema
        arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
        staged = pa.Table.from_arrays(arrays, schema=schema)
        connection.register("staged", staged)
        connection.execute(f"INSERT INTO {table} SELECT * FROM staged")
        connection.unregister("staged")


def replace_date(connection: duckdb.DuckDBPyConnection, lake: Lake, listing_date: date) -> None:
    """Replaces a date: its status, its looks, and the audited rows where there are any."""
    for table in DATE_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE listing_date = ?", [listing_date])
    summary = day_summary(lake, listing_date)
    if summary.status is DayStatus.MISSING:
        return
    # the rows first: looks only grow, so all that the rows know is in the looks read after them
    rows = read_day_file(lake, listing_date) if lake.day_file(listing_date).exists() else []
    captures = captures_of(lake, listing_date)
    newest = _naive_utc(captures[-1][0]) if captures else None
    _insert(connection, "days", [[*summary.as_row().values(), newest]])
    _insert(connection, "observations", _observation_rows(lake, listing_date, captures))
    _insert(connection, "votes", _vote_rows(listing_date, captures))
    _insert_day(connection, lake, rows, captures)
    _insert(connection, "audits", _audit_rows(lake, listing_date))
    logger.info("Loaded %s: %s", listing_date, summary)


def _insert_day(
    connection: duckdb.DuckDBPyConnection, lake: Lake, rows: Sequence[dict[str, Any]], captures: Captures
) -> None:
    complete = [row for row in rows if row["status"] == RowStatus.COMPLETE]
    seen = _first_and_last_seen(captures)
    _insert(connection, "listings", ([*_columns(row, _LISTING), *seen[row["paper_id"]]] for row in rows))
    _insert(connection, "summaries", (_columns(row, _SUMMARY) for row in complete))
    _insert(connection, "sections", (section for row in complete for section in _section_rows(row)))
    _insert(connection, "results", (result for row in complete for result in _result_rows(row)))
    _insert(connection, "quarantine", (reason for row in rows if row["listed"] for reason in _reason_rows(row)))
    _insert(connection, "findings", (finding for row in rows if row["listed"] for finding in _finding_rows(row)))
    readable = [row["paper_id"] for row in rows if row["listing_problem"] is None]
    _replace_papers(connection, lake, readable)
    _replace_calls(connection, lake, readable)
    _replace_decisions(connection, lake, readable)


def replace_warnings(connection: duckdb.DuckDBPyConnection, lake: Lake, listing_dates: Sequence[date]) -> None:
    """Warnings of whole months, because a day is measured by its month; and what was ever new in listings."""
    warnings = WarningsOfDays(lake)
    for listing_date in dates_of_the_months(lake, listing_dates):
        connection.execute("DELETE FROM warnings WHERE listing_date = ?", [listing_date])
        found = warnings.of(listing_date)
        _insert(connection, "warnings", ([listing_date, code.value, text] for code, text in found.items()))
    connection.execute("DELETE FROM drift")
    _insert(
        connection,
        "drift",
        ([one.what, one.listing_date, one.paper_id, _naive_utc(one.first_seen_at)] for one in all_drift(lake)),
    )


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _observation_rows(lake: Lake, listing_date: date, captures: Captures) -> Iterator[list[Any]]:
    before = frozenset[str]()
    for observed_at, capture in captures:
        listed = capture.listed_ids
        outcome = "listed" if listed else "empty"
        counts = [len(listed), len(listed - before), len(before - listed), len(capture.broken)]
        yield [listing_date, _naive_utc(observed_at), outcome, *counts, None, None]
        before = listed
    for failure in failures(lake, listing_date):
        nothing = [None] * 4
        yield [listing_date, _naive_utc(failure.observed_at), "failed", *nothing, failure.error, failure.message]


def _vote_rows(listing_date: date, captures: Captures) -> Iterator[list[Any]]:
    for observed_at, capture in captures:
        for paper in capture.papers:
            yield [listing_date, paper.paper_id, _naive_utc(observed_at), paper.upvotes, paper.comments]


def _first_and_last_seen(captures: Captures) -> dict[str, tuple[datetime, datetime]]:
    """Times of the first and the last look that found each item on a date."""
    seen: dict[str, tuple[datetime, datetime]] = {}
    for observed_at, capture in captures:
        moment = _naive_utc(observed_at)
        for paper_id in capture.paper_ids:
            seen[paper_id] = (seen.get(paper_id, (moment, moment))[0], moment)
    return seen


_LISTING = (
    "listing_date", "paper_id", "status", "listed", "upvotes", "comments", "submitted_at", "submitted_by",
    "author_participates", "withdrawn_at", "listing_problem",
)  # fmt: skip
_PAPER = (
    "paper_id", "listing_date", "title", "abstract", "authors", "published_at", "project_page", "github_repository",
    "github_stars", "keywords", "organization", "hf_summary",
)  # fmt: skip
_SUMMARY = (
    "listing_date", "paper_id", "title_ko", "language", "model", "prompt_version", "source_kind", "source_version",
    "request_key", "repairs", "warnings", "decision", "decided_by", "decided_at", "decided_because",
)  # fmt: skip


def _columns(row: dict[str, Any], names: Sequence[str]) -> list[Any]:
    return [row[name] for name in names]


def _section_rows(row: dict[str, Any]) -> Iterator[list[Any]]:
    for position, key in enumerate(SECTION_KEYS, start=1):
        facts = [row[f"{key}_basis"], row[f"{key}_markdown"], row[f"{key}_quotes"]]
        yield [row["listing_date"], row["paper_id"], position, key, *facts]


def _result_rows(row: dict[str, Any]) -> Iterator[list[Any]]:
    for result in row["results_rows"]:
        yield [row["listing_date"], row["paper_id"], *result.values()]


def _reason_rows(row: dict[str, Any]) -> Iterator[list[Any]]:
    for code in row["reasons"]:
        text = text_of(code)
        identity = [row["listing_date"], row["paper_id"], row["status"], code]
        yield [*identity, details_of(row, code), text.english, text.korean, text.remedy]


def _finding_rows(row: dict[str, Any]) -> Iterator[list[Any]]:
    for finding in row["findings"]:
        reason = finding["reason"]
        set_aside = reason not in (*row["reasons"], *row["warnings"])
        about = [reason, text_of(reason).severity.value, set_aside]
        yield [row["listing_date"], row["paper_id"], *about, finding["part"], finding["detail"]]


def _audit_rows(lake: Lake, listing_date: date) -> Iterator[list[Any]]:
    record = read_audit_record(lake, listing_date)
    for one in record.outcomes if record is not None else ():
        yield [listing_date, *vars(one).values()]


def _replace_decisions(connection: duckdb.DuckDBPyConnection, lake: Lake, paper_ids: list[str]) -> None:
    connection.execute("DELETE FROM decisions WHERE paper_id IN (SELECT unnest(?))", [paper_ids])
    decided = set(lake.decided_papers()).intersection(paper_ids)
    made = (decision for paper_id in sorted(decided) for decision in decisions(lake, paper_id))
    _insert(connection, "decisions", map(_decision_row, made))


def _decision_row(one: Decision) -> list[Any]:
    edited, key = one.answer is not None, one.request_keys[0] if one.request_keys else None
    why = [one.by, one.why, key, list(one.reasons)]
    return [one.paper_id, _naive_utc(one.decided_at), one.action.value, edited, *why]


def _replace_papers(connection: duckdb.DuckDBPyConnection, lake: Lake, paper_ids: list[str]) -> None:
    """Takes each paper's facts from its newest date that still lists it, in whatever order dates are loaded."""
    sources = connection.execute(
        "SELECT paper_id, arg_max(listing_date, (listed, listing_date)) "
        "FROM listings WHERE paper_id IN (SELECT unnest(?)) AND listing_problem IS NULL GROUP BY paper_id",
        [paper_ids],
    ).fetchall()
    ids_by_date: dict[date, set[str]] = {}
    for paper_id, source in sources:
        ids_by_date.setdefault(source, set()).add(paper_id)
    connection.execute("DELETE FROM papers WHERE paper_id IN (SELECT unnest(?))", [paper_ids])
    for source, wanted in ids_by_date.items():
        rows = (row for row in read_day_file(lake, source, _PAPER) if row["paper_id"] in wanted)
        _insert(connection, "papers", (_columns(row, _PAPER) for row in rows))


def _replace_calls(connection: duckdb.DuckDBPyConnection, lake: Lake, paper_ids: list[str]) -> None:
    store = CallStore(lake)
    connection.execute("DELETE FROM calls WHERE paper_id IN (SELECT unnest(?))", [paper_ids])
    calls = (call for paper_id in paper_ids for call in store.calls(paper_id) if call.sent)
    _insert(connection, "calls", map(_call_row, calls))


def _call_row(call: Call) -> list[Any]:
    tokens = call.tokens
    return [
        call.key,
        call.paper_id,
        call.listing_date,
        _naive_utc(call.asked_at),
        call.model,
        call.prompt_version,
        call.language,
        call.answered,
        call.finish_reason if call.answered else None,
        call.error,
        call.error_detail,
        call.latency_seconds,
        tokens.input,
        tokens.cached_input,
        tokens.output,
        cost_usd(call.model, tokens) if call.answered else None,
        call.request_id,
        call.repairs,
    ]


def replace_legacy(connection: duckdb.DuckDBPyConnection, digest: LegacyDigest) -> None:
    """Replaces an imported older digest."""
    for table in ("legacy_summaries", "legacy_sections"):
        connection.execute(f"DELETE FROM {table} WHERE listing_date = ?", [digest.listing_date])
    numbered = list(enumerate(digest.papers, start=1))
    _insert(
        connection,
        "legacy_summaries",
        ([digest.listing_date, paper.paper_id, position, paper.title] for position, paper in numbered),
    )
    _insert(
        connection,
        "legacy_sections",
        (
            [digest.listing_date, paper.paper_id, position, key, paper.sections[key].strip()]
            for paper in digest.papers
            for position, key in enumerate(SECTION_KEYS, start=1)
        ),
    )
