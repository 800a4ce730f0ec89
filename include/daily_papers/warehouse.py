"""Step 5: the DuckDB warehouse, replaced date by date in one transaction and published as a whole new version."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path

import duckdb
from filelock import FileLock

from daily_papers.errors import UserError
from daily_papers.lake import Lake
from daily_papers.legacy import LegacyDigest, read_stored_legacy_digest
from daily_papers.settings import Settings
from daily_papers.storage import sync_directory
from daily_papers.warehouse_rows import replace_date, replace_legacy, replace_warnings

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
    """Replaces dates in the warehouse and publishes the new version; a date without a day file has only its looks.

    All or nothing: a crash at any point leaves the previous version in place. Where there is no warehouse yet, or one
    with other tables, everything is loaded.
    """
    with _new_version(settings) as (connection, is_empty), _transaction(connection):
        if is_empty:
            _load_everything(connection, lake)
            return
        for listing_date in listing_dates:
            replace_date(connection, lake, listing_date)
        replace_warnings(connection, lake, listing_dates)


def load_legacy(settings: Settings, lake: Lake, digest: LegacyDigest) -> None:
    """Replaces an imported older digest in the warehouse."""
    with _new_version(settings) as (connection, is_empty), _transaction(connection):
        if is_empty:
            _load_everything(connection, lake)
            return
        replace_legacy(connection, digest)


def rebuild(settings: Settings, lake: Lake, progress: Callable[[date], None] = lambda _: None) -> int:
    """Makes the warehouse again from the lake: looks, day files and imported digests.

    Returns:
        The number of dates loaded.
    """
    with _new_version(settings, from_scratch=True) as (connection, _), _transaction(connection):
        return _load_everything(connection, lake, progress)


def _load_everything(
    connection: duckdb.DuckDBPyConnection, lake: Lake, progress: Callable[[date], None] = lambda _: None
) -> int:
    dates = loadable_dates(lake)
    for listing_date in dates:
        replace_date(connection, lake, listing_date)
        progress(listing_date)
    replace_warnings(connection, lake, dates)
    for listing_date in lake.legacy_dates():
        replace_legacy(connection, read_stored_legacy_digest(lake, listing_date))
    return len(dates)


def loadable_dates(lake: Lake) -> list[date]:
    """Dates that have anything to load, ascending."""
    return sorted({*lake.attempted_dates(), *lake.day_dates()})


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
def _new_version(settings: Settings, *, from_scratch: bool = False) -> Iterator[tuple[duckdb.DuckDBPyConnection, bool]]:
    """A copy of the published version to write to, and whether it is empty; published when the block ends well.

    It is empty where nothing was published yet, from scratch, and where the published version has other tables than
    those of this release. DuckDB lets nobody read a file that is being written, so writers work on a copy under one
    lock, and readers follow the stable name, a link that is swapped in one step.
    """
    link = settings.warehouse_path
    link.parent.mkdir(parents=True, exist_ok=True)
    settings.lock_directory.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.lock_directory / "warehouse.lock"):
        _remove_leftovers(link)
        draft = link.with_name(f"{link.stem}.{uuid.uuid4().hex}.tmp")
        try:
            is_empty = from_scratch or not link.exists() or not _copy(link.resolve(), draft)
            connection = duckdb.connect(str(draft), config=_OFFLINE)
            try:
                if is_empty:
                    _create(connection)
                yield connection, is_empty
                connection.execute("CHECKPOINT")
            finally:
                connection.close()
            _publish(link, draft)
        finally:
            draft.unlink(missing_ok=True)


def _copy(published: Path, draft: Path) -> bool:
    """Copies a version, unless its tables are others than those of this release; whether it did."""
    shutil.copyfile(published, draft)
    with duckdb.connect(str(draft), read_only=True, config=_OFFLINE) as connection:
        try:
            versions = connection.execute("SELECT version FROM schema_version").fetchall()
        except duckdb.CatalogException:
            versions = []
    if versions != [(_schema_version(),)]:
        draft.unlink()
    return draft.exists()


def _statements() -> str:
    directory = files("daily_papers").joinpath("sql")
    return "".join(directory.joinpath(f"{name}.sql").read_text(encoding="utf-8") for name in ("schema", "views"))


def _schema_version() -> str:
    return hashlib.sha256(_statements().encode()).hexdigest()


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_statements())
    connection.execute("INSERT INTO schema_version VALUES (?)", [_schema_version()])


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
