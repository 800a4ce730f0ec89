"""The listing of a date as the lake has it: the union of everything that was ever served for it."""

from __future__ import annotations

from datetime import date, datetime

from daily_papers.errors import UserError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import Capture, DayListing, item_key, parse_capture, union_of_captures
from daily_papers.listing.looks import kept_items, successful_looks


def day_listing(library: Library, listing_date: date) -> DayListing:
    """The papers of a date as the union of its captures.

    Raises:
        UserError: the date was never fetched.
        DamagedFileError: a look or a page of it is missing or damaged.
    """
    captures = captures_of(library, listing_date)
    if not captures:
        raise UserError(f"{listing_date} was never fetched. Run `daily_papers` for it first.")
    return union_of_captures([capture for _, capture in captures])


def captures_of(library: Library, listing_date: date) -> list[tuple[datetime, Capture]]:
    """Everything that was found on a date, oldest first, with the time of the look."""
    parsed: dict[tuple[str, ...], Capture] = {}
    found = []
    for look in successful_looks(library, listing_date):
        if look.page_hashes not in parsed:
            parsed[look.page_hashes] = parse_capture(kept_items(library, look))
        found.append((look.observed_at, parsed[look.page_hashes]))
    return found


def ids_ever_listed(library: Library, listing_date: date) -> list[str]:
    """Names of all items that any capture of a date has, read from the pages as served, ascending (see `item_key`)."""
    looks = {look.page_hashes: look for look in successful_looks(library, listing_date)}
    return sorted({item_key(item) for look in looks.values() for item in kept_items(library, look)})
