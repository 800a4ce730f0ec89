"""Step 1: fetch the listing of a date and keep it as served."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime

from daily_papers.errors import TransientError, UserError
from daily_papers.huggingface import HuggingFaceClient, Page, decode_items
from daily_papers.lake import Lake
from daily_papers.listing import DayPaper, ListedPaper, parse_capture, union_of_captures
from daily_papers.storage import (
    compress,
    decompress,
    read_json,
    readable_json,
    sorted_files,
    write_atomically,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Observation:
    """One successful look at a listing: when, and the hashes of the pages it consisted of."""

    listing_date: date
    fetched_at: datetime
    page_hashes: tuple[str, ...]


def extract(lake: Lake, client: HuggingFaceClient, listing_date: date) -> list[ListedPaper]:
    """Fetches all pages of a date, checks them, keeps them, and records the look.

    Nothing is written unless every page came and every item holds the fields that are always there.

    Returns:
        The papers of this capture; an empty list is a day without papers.

    Raises:
        TransientError, TerminalError, ContractError: see `HuggingFaceClient.listing_pages` and `parse_item`.
        TransientError: no papers, where an earlier capture had some.
    """
    fetched_at = datetime.now(UTC)
    pages = list(client.listing_pages(listing_date))
    papers = parse_capture([item for page in pages for item in page.items], listing_date)
    if not papers and (known := listed_ids(lake, listing_date)):
        raise TransientError(
            f"The listing of {listing_date} came back empty, but held {len(known)} papers before. Nothing was "
            "changed; run the date again later."
        )
    for page in pages:
        path = lake.pages(listing_date) / f"{page.sha256}.json.gz"
        if not path.exists():
            write_atomically(path, compress(page.body))
    _record_observation(lake, listing_date, fetched_at, pages)
    logger.info("Listing of %s: %d papers on %d pages", listing_date, len(papers), len(pages))
    return papers


def _record_observation(lake: Lake, listing_date: date, fetched_at: datetime, pages: list[Page]) -> None:
    record = {
        "listing_date": listing_date.isoformat(),
        "fetched_at": fetched_at.isoformat(),
        "pages": [
            {
                "url": page.url,
                "status": page.status,
                "sha256": page.sha256,
                "bytes": len(page.body),
                "items": len(page.items),
                "headers": page.headers,
            }
            for page in pages
        ],
    }
    name = f"{fetched_at:%Y%m%dT%H%M%S.%fZ}.json"
    write_atomically(lake.observations(listing_date) / name, readable_json(record))


def observations(lake: Lake, listing_date: date) -> list[Observation]:
    """All successful looks at a date's listing, oldest first."""
    found = []
    for path in sorted_files(lake.observations(listing_date), ".json"):
        record = read_json(path)
        found.append(
            Observation(
                listing_date=listing_date,
                fetched_at=datetime.fromisoformat(record["fetched_at"]),
                page_hashes=tuple(page["sha256"] for page in record["pages"]),
            )
        )
    return found


def day_papers(lake: Lake, listing_date: date) -> list[DayPaper]:
    """The papers of a date as the union of its captures.

    Raises:
        UserError: the date was never fetched.
    """
    looks = observations(lake, listing_date)
    if not looks:
        raise UserError(f"{listing_date} was never fetched. Run `daily_papers` for it first.")
    parsed: dict[tuple[str, ...], list[ListedPaper]] = {}
    for look in looks:
        if look.page_hashes not in parsed:
            parsed[look.page_hashes] = parse_capture(_items(lake, look), listing_date)
    return union_of_captures([parsed[look.page_hashes] for look in looks])


def listed_ids(lake: Lake, listing_date: date) -> list[str]:
    """Ids of all papers that any capture of a date lists, read from the pages as served, ascending."""
    hashes = {page_hash for look in observations(lake, listing_date) for page_hash in look.page_hashes}
    found: set[str] = set()
    for page_hash in hashes:
        body = decompress((lake.pages(listing_date) / f"{page_hash}.json.gz").read_bytes())
        found.update(item["paper"]["id"] for item in json.loads(body))
    return sorted(found)


def _items(lake: Lake, look: Observation) -> list[object]:
    items: list[object] = []
    for page_hash in look.page_hashes:
        path = lake.pages(look.listing_date) / f"{page_hash}.json.gz"
        items.extend(decode_items(decompress(path.read_bytes()), str(path)))
    return items
