"""Making derived things again: days from the inputs, digests from the days (the warehouse: `warehouse.rebuild`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from daily_papers.audit import audit
from daily_papers.digest import publish_digest
from daily_papers.errors import TerminalError
from daily_papers.lake import Lake
from daily_papers.settings import Settings


def rebuild_days(settings: Settings, lake: Lake, progress: Callable[[date], None]) -> list[str]:
    """Assembles and audits every fetched date again.

    Returns:
        The messages of days that could not be audited, or were refused; their earlier version stays.
    """
    refused = []
    for listing_date in lake.observed_dates():
        try:
            audit(settings, lake, listing_date)
        except TerminalError as error:
            refused.append(str(error))
        progress(listing_date)
    return refused


def rebuild_digests(lake: Lake) -> int:
    """Renders every day file again; returns the number of digests."""
    return sum(publish_digest(lake, listing_date) for listing_date in lake.day_dates())
