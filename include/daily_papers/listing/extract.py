"""Step 1: look at the listing of a date and keep what was served."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from daily_papers.errors import ContractError, TransientError, UserError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import Capture, item_key, parse_capture
from daily_papers.listing.day_listing import captures_of
from daily_papers.listing.huggingface_client import PAGE_SIZE, HuggingFaceClient
from daily_papers.listing.listing_page import Page
from daily_papers.listing.looks import failed_looks, latest_look, record_failed_look, record_look, report_drift

logger = logging.getLogger(__name__)

MAXIMUM_PASSES = 5
"""Passes over a listing of several pages while votes move papers between them."""
EMPTINESS_IS_BELIEVED_AFTER = timedelta(hours=20)
"""A listing that had papers and comes back empty counts as empty when that was seen on two days."""


class VanishedListingError(TransientError):
    """A listing that had papers came back empty: rather a fault of the hub than the truth."""


def look_at_listing(library: Library, client: HuggingFaceClient, listing_date: date) -> Capture:
    """Looks at a date once: fetches all pages, checks them, keeps them, and records the look.

    No page is kept unless every page came. A look that fails is recorded as such, whatever made it fail.

    Returns:
        What was found; a capture without papers is a day without papers.

    Raises:
        UserError: the date is in the future; nothing is recorded.
        TransientError, TerminalError, ContractError: see `HuggingFaceClient.listing_pages`.
        ContractError: not one item of several can be read.
        VanishedListingError: no papers, where an earlier capture had some.
    """
    try:
        pages = _settled_pages(client, listing_date)
        observed_at = pages[-1].fetched_at  # of two looks at once, the one that ended later saw the newer list
        capture = parse_capture([item for page in pages for item in page.items])
        _check(library, listing_date, capture, observed_at)
    except UserError:
        raise
    except BaseException as error:  # Airflow's timeout is not an Exception
        record_failed_look(library, listing_date, datetime.now(UTC), error)
        raise
    record_look(library, listing_date, observed_at, pages, capture)
    report_drift(library, listing_date, observed_at, dict(capture.drift))
    for item in capture.broken:
        logger.warning("Broken item %s in the listing of %s: %s", item.paper_id, listing_date, item.problem)
    logger.info("Listing of %s: %d papers on %d pages", listing_date, len(capture.papers), len(pages))
    return capture


def _settled_pages(client: HuggingFaceClient, listing_date: date) -> list[Page]:
    """The pages of as many passes as it takes until two find the same.

    The order is by votes: while they move, a paper can slip from a page not yet read to one already read. A page that
    is not full is the whole list and cannot change while it is read, so one pass is enough for it.
    """
    pages: list[Page] = []
    before: Counter[str] | None = None
    for _ in range(MAXIMUM_PASSES):
        served = list(client.listing_pages(listing_date))
        pages += served
        found = Counter(item_key(item) for page in served for item in page.items)
        if found == before or len(served[0].items) < PAGE_SIZE:
            return pages
        before = found
    logger.warning("The listing of %s still changed after %d passes; all of them count.", listing_date, MAXIMUM_PASSES)
    return pages


def _check(library: Library, listing_date: date, capture: Capture, observed_at: datetime) -> None:
    """Refuses a capture that is not a listing at all."""
    if capture.broken and not capture.papers and (len(capture.broken) > 1 or _had_papers(library, listing_date)):
        first = capture.broken[0]
        raise ContractError(
            f"None of the {len(capture.broken)} items of the listing of {listing_date} can be read. The first is "
            f"{first.paper_id}: {first.problem}. The API has changed; nothing was written. Please report this."
        )
    last_success = latest_look(library, listing_date)
    if capture.papers or capture.broken or last_success is None or not last_success.listed:
        return
    earlier = [one for one in failed_looks(library, listing_date) if one.error == VanishedListingError.__name__]
    since_then = [one.observed_at for one in earlier if one.observed_at > last_success.observed_at]
    if not since_then or observed_at - since_then[0] < EMPTINESS_IS_BELIEVED_AFTER:
        raise VanishedListingError(
            f"The listing of {listing_date} came back empty, but held {last_success.listed} papers before. Nothing was "
            "changed; run the date again. If it is still empty a day later, it counts as empty."
        )


def _had_papers(library: Library, listing_date: date) -> bool:
    return any(capture.papers for _, capture in captures_of(library, listing_date))
