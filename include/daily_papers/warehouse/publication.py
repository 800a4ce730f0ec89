"""Step 5: the DuckDB warehouse, replaced date by date in one transaction and published as a whole new version, with
its search index."""

from __future__ import annotations

import logging
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import tantivy

from daily_papers.errors import DailyPapersError, TerminalError, UserError
from daily_papers.lake.files import cannot_be_written, naming_what_cannot_be_written, sync_directory
from daily_papers.lake.library import Library
from daily_papers.legacy.digest import LegacyDigest
from daily_papers.redaction import redacted
from daily_papers.warehouse.duckdb_access import CLOSED, OFFLINE, is_damage
from daily_papers.warehouse.fill_tables import contents_of, replace_dates, replace_legacy
from daily_papers.warehouse.full_rebuild import Loaded, load_everything
from daily_papers.warehouse.load_requests import LoadRequests
from daily_papers.warehouse.schema import create_tables, schema_version
from daily_papers.warehouse.search_index import DamagedIndexError, copy_index, index_papers, open_index, seal

logger = logging.getLogger(__name__)

_UNIQUE = "[0-9a-f]{32}"
GRACE_SECONDS = 15.0
"""How long a version stays after it was replaced: a reader that has just resolved the link still finds its file."""
_READABLE_SINCE = "v1.4.0"
"""The oldest DuckDB whose tools (command line, Metabase, Superset) read the file."""


def load(library: Library, listing_dates: Sequence[date]) -> None:
    """Replaces dates in the warehouse and publishes the new version; a date without a day file has only its looks.

    A crash at any point leaves the previous version in place. Processes that load at the same time (runs of a backfill)
    wait for one of them, which loads the dates of all and publishes once. Where there is no warehouse yet, or one with
    other tables, everything is loaded.

    Raises:
        DailyPapersError: a file of one of these dates is damaged. That date stays as it was, the others are loaded.
    """
    for error in load_readable(library, listing_dates).values():
        raise error


def load_readable(library: Library, listing_dates: Sequence[date]) -> dict[date, DailyPapersError]:
    """`load` that returns, by date, why a date could not be loaded."""
    requests = LoadRequests(library, listing_dates)
    try:
        with _writing(library):
            if requests.are_done():
                return {}
            waiting = requests.waiting()
            try:
                damaged = _load(library, sorted({*waiting.dates, *listing_dates}))
            except Exception:
                if set(waiting.dates) <= set(listing_dates):
                    raise
                logger.exception("Loading %s together failed; retrying without dates of other processes", waiting.dates)
                return _load(library, listing_dates)
            if of_others := sorted(set(damaged) - set(listing_dates)):
                logger.warning("Loaded without damaged dates of other processes: %s", ", ".join(map(str, of_others)))
            waiting.remove(but=damaged)  # whoever waits for a damaged date meets its damage
            return {day: error for day, error in damaged.items() if day not in of_others}
    finally:
        requests.remove()


def _load(library: Library, listing_dates: Sequence[date]) -> dict[date, DailyPapersError]:
    contents = contents_of(library, listing_dates)
    whole = replace(contents, dates=tuple(contents.whole_dates), damaged={})
    if whole.dates:
        _change(library, lambda draft: draft.index(replace_dates(draft.connection, library, whole)))
    return contents.damaged


def load_legacy(library: Library, digest: LegacyDigest) -> None:
    """Replaces an imported older digest in the warehouse."""
    with _writing(library):
        _change(library, lambda draft: replace_legacy(draft.connection, digest))


def _change(library: Library, change: Callable[[_Draft], None]) -> None:
    """Publishes a version with a change; where the published one is damaged or an older one, everything is loaded."""
    try:
        with _new_version(library) as draft, _transaction(draft.connection):
            if draft.is_empty:
                _load_everything(draft, library)
            else:
                change(draft)
    except duckdb.Error as error:
        if not is_damage(error) or _no_room(error):
            raise
        logger.warning("The warehouse is damaged (%s): rebuilding it from the lake.", error)
        with _new_version(library, from_scratch=True) as draft, _transaction(draft.connection):
            _load_everything(draft, library)


def _load_everything(draft: _Draft, library: Library) -> None:
    """Loads the whole lake where nobody asked for it, so what is left out is logged."""
    for message in load_everything(draft.connection, library, draft.parts, lambda _: None).damage:
        logger.warning("Skipped: %s", message)


def rebuild(library: Library, progress: Callable[[date], None] = lambda _: None) -> Loaded:
    """Makes the warehouse again from the lake: looks, day files and imported digests."""
    with (
        _writing(library),
        _new_version(library, from_scratch=True) as draft,
        _transaction(draft.connection),
    ):
        return load_everything(draft.connection, library, draft.parts, progress)


def published_version(library: Library) -> Path:
    """The file of the published version.

    Raises:
        UserError: nothing was loaded yet.
    """
    published = library.settings.warehouse_path.resolve()
    if not published.exists():
        raise UserError(
            f"No warehouse at {library.settings.warehouse_path} yet. Run the DAG for a date (`make up`), or "
            "`make demo`, and look at the demo's library with DAILY_PAPERS_HOME=data/demo."
        )
    return published


@contextmanager
def open_for_reading(library: Library) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published version, read-only and without access to files or the network.

    Raises:
        UserError: nothing was loaded yet.
        TerminalError: the file is damaged, whenever that shows, or has other tables.
    """
    published = published_version(library)
    try:
        with duckdb.connect(str(published), read_only=True, config=CLOSED) as connection:
            connection.execute("SET lock_configuration = true")
            yield connection
    except (duckdb.CatalogException, duckdb.BinderException):
        raise TerminalError(
            f"The warehouse {library.settings.warehouse_path} has tables that do not match this release. "
            "`papers rebuild` rebuilds it from the lake."
        ) from None
    except duckdb.Error as error:
        if is_damage(error):
            raise damaged_warehouse(library, str(error)) from None
        raise


@contextmanager
def open_search_index(library: Library) -> Iterator[tantivy.Searcher]:
    """The search index of the published version.

    Raises:
        UserError: nothing was loaded yet.
        TerminalError: the index is damaged, whenever that shows, or absent.
    """
    try:
        with open_index(_search_index(published_version(library))) as searcher:
            yield searcher
    except DamagedIndexError as error:
        raise TerminalError(
            f"The search index of {library.settings.warehouse_path} cannot be read: {error}. "
            "`papers rebuild` rebuilds it from the lake."
        ) from None


def damaged_warehouse(library: Library, problem: str) -> TerminalError:
    """The error of a warehouse that cannot be read."""
    path = library.settings.warehouse_path
    said = redacted(problem.replace(str(path.resolve()), str(path)))
    return TerminalError(
        f"The warehouse {path} cannot be read: {said.rstrip('.')}. `papers rebuild` rebuilds it from the lake."
    )


@contextmanager
def _writing(library: Library) -> Iterator[None]:
    """One writer at a time; what cannot be written is told by the name that readers know."""
    link = library.settings.warehouse_path
    _check_is_ours(link)
    with naming_what_cannot_be_written(link, link.parent, _size(link)):
        link.parent.mkdir(parents=True, exist_ok=True)
        with library.lock("warehouse"):
            try:
                yield
            except duckdb.Error as error:
                if problem := _no_room(error):
                    raise cannot_be_written(link, link.parent, problem, _size(link)) from error
                raise


def _size(link: Path) -> int | None:
    """Bytes of the published version: so much room its successor needs, too."""
    return link.stat().st_size if link.exists() else None


def _no_room(error: duckdb.Error) -> str | None:
    """Why DuckDB could not write, where trying again does not help."""
    text = str(error).lower()
    found = {
        "no space left": "the disk is full",
        "quota exceeded": "the disk quota is used up",
        "permission denied": "permission denied",
        "file too large": "it exceeds the file size limit of the process",
    }
    return next((problem for words, problem in found.items() if words in text), None)


def _check_is_ours(link: Path) -> None:
    """Makes sure that a load replaces nothing but a warehouse.

    Raises:
        UserError: something else is at its place.
    """
    if link.is_symlink() or not link.exists():
        return
    if link.is_file() and _is_warehouse(link):  # of release 0.1, which had no versions
        return
    raise UserError(
        f"{link} is not a Daily Papers warehouse. Move it away or set DAILY_PAPERS_WAREHOUSE to another path. "
        "Nothing was changed."
    )


def _is_warehouse(file: Path) -> bool:
    try:
        return _version_of_tables(file) is not None
    except duckdb.Error:
        return False


def _version_of_tables(file: Path) -> str | None:
    """Which tables of ours a DuckDB file has; None where it has none. `duckdb.Error` where it cannot be read."""
    with duckdb.connect(str(file), read_only=True, config=OFFLINE) as connection:
        try:
            found = connection.execute("SELECT version FROM schema_version").fetchone()
        except duckdb.CatalogException:
            return None
    return str(found[0]) if found else None


@dataclass(frozen=True)
class _Draft:
    """A version that is being written: tables, and the folder of its search index, which is made from them."""

    file: Path
    connection: duckdb.DuckDBPyConnection
    is_empty: bool

    @property
    def search_index(self) -> Path:
        return self.file.with_name(f"{self.file.name}.search")

    @property
    def parts(self) -> Path:
        """A folder for the parts that an empty draft is filled from."""
        return self.file.with_name(f"{self.file.name}.parts")

    def index(self, paper_ids: Sequence[str]) -> None:
        """Brings the index up to date with papers that were changed in the tables."""
        if self.search_index.exists():
            index_papers(self.connection, self.search_index, paper_ids)

    def begin_index(self, published: Path) -> None:
        """Takes over the index of a published version; one that is damaged is made anew from the tables."""
        try:
            copy_index(_search_index(published), self.search_index)
        except DamagedIndexError as error:
            logger.warning("The search index is damaged (%s): rebuilding it.", error)

    def finish(self) -> None:
        """Makes the index of all papers where there is none yet, and writes everything out."""
        if not self.search_index.exists():
            index_papers(self.connection, self.search_index)
        seal(self.search_index)
        self.connection.execute("CHECKPOINT")


def _search_index(version: Path) -> Path:
    return version.with_name("search")


@contextmanager
def _new_version(library: Library, *, from_scratch: bool = False) -> Iterator[_Draft]:
    """A copy of the published version to write to; published when the block ends well.

    Where nothing was published yet, from scratch, and where the published version has other tables than those of this
    release, it is empty. DuckDB lets nobody read a file that is being written, so the writer works on a copy, and
    readers follow the stable name, a link that is swapped in one step.
    """
    link = library.settings.warehouse_path
    _remove_leftovers(link)
    file = link.with_name(f"{link.stem}.{uuid.uuid4().hex}.tmp")
    search_index = None
    try:
        is_empty = from_scratch or not link.exists() or not _copy(link.resolve(), file)
        connection = duckdb.connect(str(file), config={**OFFLINE, "storage_compatibility_version": _READABLE_SINCE})
        try:
            draft = _Draft(file, connection, is_empty)
            search_index = draft.search_index
            if is_empty:
                create_tables(connection)
            else:
                draft.begin_index(link.resolve())
            yield draft
            draft.finish()
        finally:
            connection.close()
        _publish(link, file, search_index)
    finally:
        file.unlink(missing_ok=True)
        if search_index:
            shutil.rmtree(search_index, ignore_errors=True)


def _copy(published: Path, draft: Path) -> bool:
    """Copies a version, unless its tables are others than those of this release; whether it did."""
    shutil.copyfile(published, draft)
    try:
        version = _version_of_tables(draft)
    except duckdb.Error as error:
        logger.warning("The warehouse is damaged (%s): rebuilding it from the lake.", error)
        draft.unlink()
        return False
    if version != schema_version():
        logger.warning("The warehouse's tables do not match this release: rebuilding it from the lake.")
        draft.unlink()
    return draft.exists()


def _publish(link: Path, draft: Path, search_index: Path) -> None:
    """Gives the draft and its search index a place among the versions and points the stable name at it.

    Every version has the file name of the link: DuckDB names the catalog after the file, and tools keep that name.
    """
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    version = _versions(link) / uuid.uuid4().hex / link.name
    version.parent.mkdir(parents=True)
    draft.rename(version)
    search_index.rename(_search_index(version))
    for folder in (version.parent, _versions(link)):
        sync_directory(folder)
    pointer = link.with_name(f"{link.name}.{uuid.uuid4().hex}.tmp")
    pointer.symlink_to(version.relative_to(link.parent))
    pointer.replace(link)
    sync_directory(link.parent)


def _versions(link: Path) -> Path:
    return link.with_name(f"{link.stem}.versions")


def _remove_leftovers(link: Path) -> None:
    """Drafts of killed writers, and versions that were replaced a while ago."""
    current = link.readlink().parent.name if link.is_symlink() else None  # by name: the folder itself may be a link
    stem, name = re.escape(link.stem), re.escape(link.name)
    drafts = rf"{stem}\.{_UNIQUE}\.tmp(\.wal|\.tmp|\.parts|\.search)?|{name}\.{_UNIQUE}\.tmp"
    earlier = rf"{stem}-{_UNIQUE}{re.escape(link.suffix)}"  # where versions were until release 0.1
    ours = re.compile(f"{drafts}|{earlier}")
    left = [path for path in link.parent.iterdir() if ours.fullmatch(path.name) and path != link.resolve()]
    if _versions(link).is_dir():
        versions = [path for path in _versions(link).iterdir() if re.fullmatch(_UNIQUE, path.name)]
        versions.sort(key=lambda path: path.stat().st_mtime)
        replaced = pairwise(versions)
        old = [path for path, by in replaced if time.time() - by.stat().st_mtime >= GRACE_SECONDS]
        left += [path for path in old if path.name != current]
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
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
