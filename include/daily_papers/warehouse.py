"""Step 5: the DuckDB warehouse, replaced date by date in one transaction and published as a whole new version."""

from __future__ import annotations

import logging
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from daily_papers.calls import Call, CallStore, cost_usd
from daily_papers.day_file import RowStatus, read_day_file
from daily_papers.day_status import summarize_rows
from daily_papers.errors import UserError
from daily_papers.lake import Lake
from daily_papers.legacy import LegacyDigest, read_stored_legacy_digest
from daily_papers.reasons import text_of
from daily_papers.sections import SECTION_KEYS
from daily_papers.settings import Settings
from daily_papers.storage import sync_directory

logger = logging.getLogger(__name__)

DATE_TABLES = ("days", "listings", "summaries", "sections", "results", "quarantine")
"""Tables whose rows belong to one date and are replaced with it."""

_UNIQUE = "[0-9a-f]{32}"
_OFFLINE: dict[str, str | bool | int | float | list[str]] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}


def load(settings: Settings, lake: Lake, listing_dates: Sequence[date]) -> None:
    """Replaces dates in the warehouse and publishes the new version; without a day file a date is left out.

    All or nothing: a crash at any point leaves the previous version in place.
    """
    with _new_version(settings) as connection, _transaction(connection):
        for listing_date in listing_dates:
            if lake.day_file(listing_date).exists():
                _replace_date(connection, lake, listing_date)


def load_legacy(settings: Settings, digest: LegacyDigest) -> None:
    """Replaces an imported older digest in the warehouse."""
    with _new_version(settings) as connection, _transaction(connection):
        _replace_legacy(connection, digest)


def rebuild(settings: Settings, lake: Lake, progress: Callable[[date], None] = lambda _: None) -> int:
    """Makes the warehouse again from the day files and imported digests alone.

    Returns:
        The number of dates loaded.
    """
    dates = lake.day_dates()
    with _new_version(settings, from_scratch=True) as connection, _transaction(connection):
        for listing_date in dates:
            _replace_date(connection, lake, listing_date)
            progress(listing_date)
        for listing_date in lake.legacy_dates():
            _replace_legacy(connection, read_stored_legacy_digest(lake, listing_date))
    return len(dates)


def open_for_reading(settings: Settings) -> duckdb.DuckDBPyConnection:
    """The published version, read-only and without access to files or the network.

    Raises:
        UserError: nothing was loaded yet.
    """
    published = settings.warehouse_path.resolve()
    if not published.exists():
        raise UserError(f"No warehouse at {settings.warehouse_path} yet. Run `make demo`, or the DAG for a date.")
    connection = duckdb.connect(
        str(published),
        read_only=True,
        config={**_OFFLINE, **_CLOSED},
    )
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def _new_version(settings: Settings, *, from_scratch: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the published version to write to, published when the block ends well, else thrown away.

    DuckDB lets nobody read a file that is being written, so writers work on a copy under one lock,
    and readers follow the stable name, a link that is swapped in one step.
    """
    link = settings.warehouse_path
    link.parent.mkdir(parents=True, exist_ok=True)
    settings.lock_directory.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.lock_directory / "warehouse.lock"):
        _remove_leftovers(link)
        previous = link.resolve() if link.exists() else None
        draft = link.with_name(f"{link.stem}.{uuid.uuid4().hex}.tmp")
        try:
            if previous and not from_scratch:
                shutil.copyfile(previous, draft)
            connection = duckdb.connect(str(draft), config=_OFFLINE)
            try:
                if not previous or from_scratch:
                    _create(connection)
                yield connection
                connection.execute("CHECKPOINT")
            finally:
                connection.close()
            _publish(link, draft)
        finally:
            draft.unlink(missing_ok=True)


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("schema", "views"):
        connection.execute(files("daily_papers").joinpath(f"sql/{name}.sql").read_text(encoding="utf-8"))


def _publish(link: Path, draft: Path) -> None:
    """Gives the draft its version name and points the stable name at it."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    version = link.with_name(f"{link.stem}-{uuid.uuid4().hex}{link.suffix}")
    draft.rename(version)
    pointer = link.with_name(f"{link.name}.{uuid.uuid4().hex}.tmp")
    pointer.symlink_to(version.name)
    pointer.replace(link)
    sync_directory(link.parent)


def _remove_leftovers(link: Path) -> None:
    """Drafts of killed writers, and versions before the current one: the next load removes them, not the one that
    replaced them, so a reader that has just resolved the link still finds its file."""
    current = link.readlink().name if link.is_symlink() else None  # by name: the folder itself may be a link
    stem, name, suffix = re.escape(link.stem), re.escape(link.name), re.escape(link.suffix)
    ours = re.compile(rf"{stem}-{_UNIQUE}{suffix}(\.wal)?|{stem}\.{_UNIQUE}\.tmp(\.wal)?|{name}\.{_UNIQUE}\.tmp")
    for path in link.parent.iterdir():
        if ours.fullmatch(path.name) and path.name != current:
            path.unlink(missing_ok=True)


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    values = [list(row) for row in rows]
    if values:
        marks = ", ".join("?" * len(values[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)


def _replace_date(connection: duckdb.DuckDBPyConnection, lake: Lake, listing_date: date) -> None:
    rows = read_day_file(lake, listing_date)
    complete = [row for row in rows if row["status"] == RowStatus.COMPLETE]
    for table in DATE_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE listing_date = ?", [listing_date])
    summary = summarize_rows(listing_date, rows).as_row()
    _insert(connection, "days", [list(summary.values())])
    _insert(connection, "listings", (_columns(row, _LISTING) for row in rows))
    _insert(connection, "summaries", (_columns(row, _SUMMARY) for row in complete))
    _insert(connection, "sections", (section for row in complete for section in _section_rows(row)))
    _insert(connection, "results", (result for row in complete for result in _result_rows(row)))
    _insert(connection, "quarantine", (reason for row in rows if row["listed"] for reason in _reason_rows(row)))
    _replace_papers(connection, lake, [row["paper_id"] for row in rows])
    _replace_calls(connection, lake, [row["paper_id"] for row in rows])
    logger.info("Loaded %s: %d rows, %d complete", listing_date, len(rows), len(complete))


_LISTING = (
    "listing_date", "paper_id", "status", "listed", "upvotes", "comments", "submitted_at", "submitted_by",
)  # fmt: skip
_PAPER = (
    "paper_id", "listing_date", "title", "abstract", "authors", "published_at", "project_page", "github_repository",
    "keywords", "organization",
)  # fmt: skip
_SUMMARY = (
    "listing_date", "paper_id", "title_ko", "language", "model", "prompt_version", "source_kind", "request_key",
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
        yield [*identity, text.english, text.korean, text.remedy]


def _replace_papers(connection: duckdb.DuckDBPyConnection, lake: Lake, paper_ids: list[str]) -> None:
    """Takes each paper's facts from its newest date that still lists it, in whatever order dates are loaded."""
    sources = connection.execute(
        "SELECT paper_id, arg_max(listing_date, (listed, listing_date)) "
        "FROM listings WHERE paper_id IN (SELECT unnest(?)) GROUP BY paper_id",
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
    _insert(connection, "calls", (_call_row(call) for paper_id in paper_ids for call in store.calls(paper_id)))


def _call_row(call: Call) -> list[Any]:
    tokens = call.tokens
    return [
        call.key,
        call.paper_id,
        call.listing_date,
        call.asked_at.astimezone(UTC).replace(tzinfo=None),
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
    ]


def _replace_legacy(connection: duckdb.DuckDBPyConnection, digest: LegacyDigest) -> None:
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
