"""Looks at listings: every page as served, and what each look found, successful or not. Nothing is ever overwritten."""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from gzip import BadGzipFile
from typing import Any

from upath import UPath

from daily_papers.errors import TerminalError
from daily_papers.huggingface import Page, decode_items
from daily_papers.lake import FAILED_LOOK, Lake
from daily_papers.listing import Capture
from daily_papers.redaction import redacted
from daily_papers.storage import compress, decompress, read_json, readable_json, sorted_files, write_atomically

logger = logging.getLogger(__name__)

MOST_NEW_KEYS = 20
"""Unknown keys of one look that are reported; who sends more sends something else than a listing."""


_TIME_IN_NAMES = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class Observation:
    """One successful look at a listing: when, the hashes of its pages in order, how many items it listed, and how
    many of these break the contract."""

    listing_date: date
    observed_at: datetime
    page_hashes: tuple[str, ...]
    listed: int
    broken: int


@dataclass(frozen=True)
class FailedObservation:
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
    first_seen_at: datetime


def record_observation(
    lake: Lake, listing_date: date, observed_at: datetime, pages: Sequence[Page], capture: Capture
) -> None:
    """Keeps the pages of a look, each content once, and then the look itself."""
    for page in pages:
        path = _page_path(lake, listing_date, page.sha256)
        if not path.exists():
            write_atomically(path, compress(page.body))
    record = {
        "listing_date": listing_date.isoformat(),
        "fetched_at": observed_at.isoformat(),
        "listed": len(capture.listed_ids),
        "broken": len(capture.broken),
        "pages": [
            {
                "url": page.url,
                "status": page.status,
                "fetched_at": page.fetched_at.isoformat(),
                "sha256": page.sha256,
                "bytes": len(page.body),
                "items": len(page.items),
                "headers": page.headers,
            }
            for page in pages
        ],
    }
    write_atomically(_observation_path(lake, listing_date, observed_at, ".json"), readable_json(record))


def record_failure(lake: Lake, listing_date: date, observed_at: datetime, error: BaseException) -> None:
    """Keeps a look that failed, so that nobody takes the date for one that was never asked for, or for an empty one."""
    record = {
        "listing_date": listing_date.isoformat(),
        "fetched_at": observed_at.isoformat(),
        "error": type(error).__name__,
        "message": redacted(str(error), longest=1000),
    }
    write_atomically(_observation_path(lake, listing_date, observed_at, FAILED_LOOK), readable_json(record))


def observations(lake: Lake, listing_date: date) -> list[Observation]:
    """All successful looks at a date's listing, oldest first."""
    return [_observation(read_json(path)) for path in _looks(lake, listing_date, failed=False)]


def latest_observation(lake: Lake, listing_date: date) -> Observation | None:
    """The newest successful look at a date's listing."""
    paths = _looks(lake, listing_date, failed=False)
    return _observation(read_json(paths[-1])) if paths else None


def first_look_at(lake: Lake, listing_date: date) -> datetime | None:
    """When a date was looked at for the first time, also in vain."""
    paths = sorted_files(lake.observations(listing_date), ".json")
    if not paths:
        return None
    name = paths[0].name.removesuffix(FAILED_LOOK).removesuffix(".json")
    return datetime.strptime(name, _TIME_IN_NAMES).replace(tzinfo=UTC)


def failures(lake: Lake, listing_date: date) -> list[FailedObservation]:
    """All looks that failed, oldest first."""
    found = []
    for path in _looks(lake, listing_date, failed=True):
        record = read_json(path)
        observed_at = datetime.fromisoformat(record["fetched_at"])
        found.append(FailedObservation(listing_date, observed_at, record["error"], record["message"]))
    return found


def kept_items(lake: Lake, listing_date: date, page_hashes: Iterable[str]) -> list[Any]:
    """The items of kept pages, in the order of the hashes.

    Raises:
        TerminalError: a page is missing or is not what was kept.
    """
    items: list[Any] = []
    for page_hash in page_hashes:
        path = _page_path(lake, listing_date, page_hash)
        try:
            body = decompress(path.read_bytes())
        except (FileNotFoundError, BadGzipFile, EOFError, zlib.error):
            body = b""
        if hashlib.sha256(body).hexdigest() != page_hash:
            raise TerminalError(
                f"{path} is missing or damaged. Restore it from a backup: {listing_date} cannot be read without it."
            )
        items += decode_items(body, str(path))
    return items


def report_drift(lake: Lake, listing_date: date, observed_at: datetime, drift: dict[str, str]) -> None:
    """Keeps and reports what is new in a listing's items, each once for the whole library, some of very many."""
    for what, paper_id in sorted(drift.items())[:MOST_NEW_KEYS]:
        path = lake.drift() / f"{hashlib.sha256(what.encode(errors='replace')).hexdigest()}.json"
        if path.exists():
            continue
        record = {
            "what": what,
            "listing_date": listing_date.isoformat(),
            "paper_id": paper_id,
            "first_seen_at": observed_at.isoformat(),
        }
        write_atomically(path, readable_json(record))
        logger.warning(
            "New in the listing of %s: %r, first in %s. It is kept in the raw capture and not used.",
            listing_date,
            what,
            paper_id,
        )


def all_drift(lake: Lake) -> list[Drift]:
    """Everything that was ever new, in the order it was met."""
    found = []
    for path in sorted_files(lake.drift(), ".json"):
        record = read_json(path)
        day, moment = date.fromisoformat(record["listing_date"]), datetime.fromisoformat(record["first_seen_at"])
        found.append(Drift(record["what"], day, record["paper_id"], moment))
    return sorted(found, key=lambda one: (one.first_seen_at, one.what))


def _page_path(lake: Lake, listing_date: date, page_hash: str) -> UPath:
    return lake.pages(listing_date) / f"{page_hash}.json.gz"


def _observation_path(lake: Lake, listing_date: date, observed_at: datetime, suffix: str) -> UPath:
    return lake.observations(listing_date) / f"{observed_at.astimezone(UTC):{_TIME_IN_NAMES}}{suffix}"


def _looks(lake: Lake, listing_date: date, *, failed: bool) -> list[UPath]:
    paths = sorted_files(lake.observations(listing_date), ".json")
    return [path for path in paths if path.name.endswith(FAILED_LOOK) == failed]


def _observation(record: dict[str, Any]) -> Observation:
    return Observation(
        listing_date=date.fromisoformat(record["listing_date"]),
        observed_at=datetime.fromisoformat(record["fetched_at"]),
        page_hashes=tuple(page["sha256"] for page in record["pages"]),
        # version 0.1.0 wrote no counts
        listed=record.get("listed", sum(page["items"] for page in record["pages"])),
        broken=record.get("broken", 0),
    )
