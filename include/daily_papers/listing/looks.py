"""Looks at listings: every page as served, and what each look found, successful or not. Nothing is ever overwritten."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field
from upath import UPath

from daily_papers.errors import DamagedFileError
from daily_papers.lake.files import (
    RESTORE,
    compress,
    decompress,
    holds,
    if_readable,
    read_record,
    readable,
    sha256_of,
    sorted_files,
    time_in_names,
    time_of_name,
    write_atomically,
    write_record,
)
from daily_papers.lake.layout import FAILED_LOOK
from daily_papers.lake.library import Library
from daily_papers.listing.contract import Capture
from daily_papers.listing.listing_page import Page, decode_items
from daily_papers.redaction import redacted

logger = logging.getLogger(__name__)

MOST_NEW_KEYS = 20
"""Unknown keys of one look that are reported; who sends more sends something else than a listing."""


@dataclass(frozen=True)
class Look:
    """One successful look at a listing: when, the hashes of its pages in order, how many items it listed, and how
    many of these break the contract."""

    listing_date: date
    observed_at: datetime
    page_hashes: tuple[str, ...]
    listed: int
    broken: int


@dataclass(frozen=True)
class FailedLook:
    """One look that failed: when, the kind of error, and what it said."""

    listing_date: date
    observed_at: datetime
    error: str
    message: str


@dataclass(frozen=True)
class Drift:
    """A key or type in a listing that was unknown when it was first met."""

    what: str
    listing_date: date
    paper_id: str
    first_seen_at: AwareDatetime


@dataclass(frozen=True, kw_only=True)
class _KeptPage:
    """A page as the record of a look names it.

    Only `sha256` and `items` are read; the others are kept for people, so nothing about them can damage a look.
    """

    url: Any = None
    status: Any = None
    fetched_at: Any = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Any = None
    items: int = 0
    headers: Any = None


@dataclass(frozen=True, kw_only=True)
class _KeptLook:
    """The record of a successful look."""

    listing_date: date
    fetched_at: AwareDatetime
    listed: int | None = None
    broken: int = 0
    pages: tuple[_KeptPage, ...]


@dataclass(frozen=True)
class _KeptFailure:
    """The record of a look that failed; its place says the date."""

    listing_date: Any
    fetched_at: AwareDatetime
    error: str
    message: str


def record_look(
    library: Library, listing_date: date, observed_at: datetime, pages: Sequence[Page], capture: Capture
) -> None:
    """Keeps the pages of a look, each content once, and then the look itself."""
    for page in pages:
        path = _page_path(library, listing_date, page.sha256)
        if not holds(path, page.sha256):
            write_atomically(path, compress(page.body))
    kept = tuple(
        _KeptPage(
            url=page.url,
            status=page.status,
            fetched_at=page.fetched_at,
            sha256=page.sha256,
            bytes=len(page.body),
            items=len(page.items),
            headers=page.headers,
        )
        for page in pages
    )
    look = _KeptLook(
        listing_date=listing_date,
        fetched_at=observed_at,
        listed=len(capture.listed_ids),
        broken=len(capture.broken),
        pages=kept,
    )
    write_record(_observation_path(library, listing_date, observed_at, ".json"), look)


def record_failed_look(library: Library, listing_date: date, observed_at: datetime, error: BaseException) -> None:
    """Keeps a look that failed, so that nobody takes the date for one that was never asked for, or for an empty one."""
    failure = _KeptFailure(listing_date, observed_at, type(error).__name__, redacted(str(error), longest=1000))
    write_record(_observation_path(library, listing_date, observed_at, FAILED_LOOK), failure)


def successful_looks(library: Library, listing_date: date) -> list[Look]:
    """All successful looks at a date's listing, oldest first.

    Raises:
        DamagedFileError: one of them cannot be read.
    """
    return [_observation(path) for path in _looks(library, listing_date, failed=False)]


def latest_look(library: Library, listing_date: date) -> Look | None:
    """The newest successful look at a date's listing that can be read."""
    return next(readable(reversed(_looks(library, listing_date, failed=False)), _observation), None)


def first_look_at(library: Library, listing_date: date) -> datetime | None:
    """When a date was looked at for the first time, successfully or not."""
    paths = library.lake.looks(listing_date)
    if not paths:
        return None
    name = paths[0].name.removesuffix(FAILED_LOOK).removesuffix(".json")
    return time_of_name(name)


def failed_looks(library: Library, listing_date: date) -> list[FailedLook]:
    """All looks that failed and can be read, oldest first."""
    return [
        FailedLook(listing_date, kept.fetched_at, kept.error, kept.message)
        for kept in readable(_looks(library, listing_date, failed=True), lambda path: read_record(path, _KeptFailure))
    ]


def kept_items(library: Library, look: Look) -> list[Any]:
    """The items of the pages of a look, in served order.

    Raises:
        DamagedFileError: a page is missing or is not what was kept.
    """
    return [
        item
        for page_hash in look.page_hashes
        for item in decode_items(
            _page_body(library, look, page_hash), str(_page_path(library, look.listing_date, page_hash))
        )
    ]


def check_pages(library: Library, looks: Sequence[Look]) -> None:
    """Makes sure that the pages of some looks are as they were kept.

    Raises:
        DamagedFileError: one is missing or is not what was kept.
    """
    checked: set[str] = set()
    for look in looks:
        for page_hash in look.page_hashes:
            if page_hash not in checked:
                _page_body(library, look, page_hash)
                checked.add(page_hash)


def _page_body(library: Library, look: Look, page_hash: str) -> bytes:
    path = _page_path(library, look.listing_date, page_hash)
    try:
        body = decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        body = b""
    if sha256_of(body) != page_hash:
        of_look = _observation_path(library, look.listing_date, look.observed_at, ".json")
        raise DamagedFileError(
            path,
            f"it is missing or damaged; it holds what Hugging Face listed for {look.listing_date} at "
            f"{look.observed_at:%Y-%m-%d %H:%M} UTC",
            f"Run {look.listing_date} again: this restores a page that is still served unchanged. Otherwise restore it "
            f"from a backup; or delete {of_look} to continue without that look, then run the date again.",
        )
    return body


def report_drift(library: Library, listing_date: date, observed_at: datetime, drift: dict[str, str]) -> None:
    """Records and logs each unknown key or type once per library, at most `MOST_NEW_KEYS` per look."""
    for what, paper_id in sorted(drift.items())[:MOST_NEW_KEYS]:
        path = library.lake.drift() / f"{hashlib.sha256(what.encode(errors='replace')).hexdigest()}.json"
        if _is_kept(path):
            continue
        write_record(path, Drift(what, listing_date, paper_id, observed_at))
        logger.warning(
            "New in the listing of %s: %s, first in %s. It is kept in the raw capture and not used.",
            listing_date,
            what,
            paper_id,
        )


def all_drift(library: Library) -> list[Drift]:
    """Everything that was ever new and can be read, in the order it was met."""
    found = readable(sorted_files(library.lake.drift(), ".json"), lambda path: read_record(path, Drift))
    return sorted(found, key=lambda one: (one.first_seen_at, one.what))


def _is_kept(path: UPath) -> bool:
    return if_readable(path, lambda one: read_record(one, Drift)) is not None


def _page_path(library: Library, listing_date: date, page_hash: str) -> UPath:
    return library.lake.pages(listing_date) / f"{page_hash}.json.gz"


def _observation_path(library: Library, listing_date: date, observed_at: datetime, suffix: str) -> UPath:
    return library.lake.observations(listing_date) / f"{time_in_names(observed_at)}{suffix}"


def _looks(library: Library, listing_date: date, *, failed: bool) -> list[UPath]:
    return [path for path in library.lake.looks(listing_date) if path.name.endswith(FAILED_LOOK) == failed]


def _observation(path: UPath) -> Look:
    remedy = f"{RESTORE} Or delete it to continue without that look at the listing, then run the date again."
    kept = read_record(path, _KeptLook, remedy)
    return Look(
        listing_date=kept.listing_date,
        observed_at=kept.fetched_at,
        page_hashes=tuple(page.sha256 for page in kept.pages),
        # version 0.1.0 wrote no counts
        listed=sum(page.items for page in kept.pages) if kept.listed is None else kept.listed,
        broken=kept.broken,
    )
