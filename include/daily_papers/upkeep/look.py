"""A look at a date's listing, and the looks that failed in the warehouse."""

from __future__ import annotations

import logging
from datetime import date

from daily_papers.lake.library import Library

logger = logging.getLogger(__name__)


def look_at(library: Library, listing_date: date) -> None:
    """Fetches a listing and logs what about it deserves a second look."""
    from daily_papers.audit.day_warnings import WarningsOfDays
    from daily_papers.listing.extract import look_at_listing
    from daily_papers.listing.huggingface_client import HuggingFaceClient

    with HuggingFaceClient(library.settings) as client:
        look_at_listing(library, client, listing_date)
    for warning in WarningsOfDays(library).of(listing_date).values():
        logger.warning("%s: %s", listing_date, warning)


def load_failed_looks(library: Library, listing_date: date) -> None:
    """Loads a date after a failed look at once: the warehouse must not take it for an empty day, nor keep
    calling it unfetched when a later look succeeded."""
    from daily_papers.listing.looks import failed_looks

    if failed_looks(library, listing_date):
        from daily_papers.warehouse import publication

        try:
            publication.load(library, [listing_date])
        except Exception:
            logger.exception("The looks at %s are kept, but could not be loaded", listing_date)
