"""Step 1: look at the listing of a date and keep what was served."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

from daily_papers.day_listing import listed_ids
from daily_papers.errors import ContractError, TerminalError, TransientError
from daily_papers.huggingface import HuggingFaceClient, Page
from daily_papers.lake import Lake
from daily_papers.listing import Capture, item_key, parse_capture
from daily_papers.observations import failures, latest_observation, record_failure, record_observation, report_drift

logger = logging.getLogger(__name__)

MAXIMUM_PASSES = 5
"""Passes over a listing of several pages while votes move papers between them."""
EMPTINESS_IS_BELIEVED_AFTER = timedelta(hours=20)
"""A listing that had papers and comes back empty counts as empty when that was seen on two days."""


class VanishedListingError(TransientError):
    """A listing that had papers came back empty: rather a fault of the hub than the truth."""


def extract(lake: Lake, client: HuggingFaceClient, listing_date: date) -> Capture:
    """Looks at a date once: fetches all pages, checks them, keeps them, and records the look.

    No page is kept unless every page came. A look that fails is recorded as such.

    Returns:
        What was found; a capture without papers is a day without papers.

    Raises:
        UserError: the date is in the future; nothing is recorded.
        TransientError, TerminalError, ContractError: see `HuggingFaceClient.listing_pages`.
        ContractError: not one item of several can be read.
        VanishedListingError: no papers, where an earlier capture had some.
    """
    observed_at = datetime.now(UTC)
    try:
        pages = _settled_pages(client, listing_date)
        capture = parse_capture([item for page in pages for item in page.items])
        _check(lake, listing_date, capture, observed_at)
    except (TransientError, TerminalError) as error:
        record_failure(lake, listing_date, observed_at, error)
        raise
    record_observation(lake, listing_date, observed_at, pages, capture)
    report_drift(lake, listing_date, observed_at, dict(capture.drift))
    for item in capture.broken:
        logger.warning("Broken item %s in the listing of %s: %s", item.paper_id, listing_date, item.problem)
    logger.info("Listing of %s: %d papers on %d pages", listing_date, len(capture.papers), len(pages))
    return capture


def _settled_pages(client: HuggingFaceClient, listing_date: date) -> list[Page]:
    """The pages of as many passes as it takes until one brings nothing new.

    The order is by votes: while they move, a paper can slip from a page not yet read to one already read. A listing
    of one page cannot change while it is read, so one pass is enough for it.
    """
    pages: list[Page] = []
    known: set[str] = set()
    for _ in range(MAXIMUM_PASSES):
        served = list(client.listing_pages(listing_date))
        ids = [item_key(item) for page in served for item in page.items]
        is_calm = len(ids) == len(set(ids)) and known.issuperset(ids)
        pages += served
        known.update(ids)
        if is_calm or sum(bool(page.items) for page in served) <= 1:
            return pages
    logger.warning("The listing of %s still moved after %d passes; all of them count.", listing_date, MAXIMUM_PASSES)
    return pages


def _check(lake: Lake, listing_date: date, capture: Capture, observed_at: datetime) -> None:
    """Refuses a capture that is no listing at all."""
    if len(capture.broken) > 1 and not capture.papers:
        first = capture.broken[0]
        raise ContractError(
            f"None of the {len(capture.broken)} items of the listing of {listing_date} can be read. The first is "
            f"{first.paper_id}: {first.problem}. The API has changed: nothing was written, report this message."
        )
    if capture.papers or capture.broken or not (held := listed_ids(lake, listing_date)):
        return
    earlier = [one for one in failures(lake, listing_date) if one.error == VanishedListingError.__name__]
    last_success = latest_observation(lake, listing_date)
    since_then = [one.observed_at for one in earlier if last_success and one.observed_at > last_success.observed_at]
    if not since_then or observed_at - since_then[0] < EMPTINESS_IS_BELIEVED_AFTER:
        raise VanishedListingError(
            f"The listing of {listing_date} came back empty, but held {len(held)} papers before. Nothing was "
            "changed; run the date again. If it is still empty a day later, it counts as empty."
        )
