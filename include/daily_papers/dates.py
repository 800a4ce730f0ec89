"""Listing dates: a UTC day, written YYYY-MM-DD everywhere."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from daily_papers.errors import UserError

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def today() -> date:
    """The current UTC day."""
    return datetime.now(UTC).date()


def parse_listing_date(text: str) -> date:
    """A listing date from outside (parameter, command line, URL).

    Raises:
        UserError: not a calendar date in the form YYYY-MM-DD, or in the future.
    """
    if not _ISO_DATE.fullmatch(text):
        raise UserError(f"{text!r} is not a date. Give a UTC day as YYYY-MM-DD, for example 2025-05-21.")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text} is not a calendar date. Give a UTC day as YYYY-MM-DD, e.g. 2025-05-21.") from None
    if day > today():
        raise UserError(f"{text} is in the future (today is {today()} UTC). Give today or a past day.")
    return day


def resolve_run_date(requested: str | None, logical_date: datetime | None, run_after: datetime) -> date:
    """The date a run works on: its parameter, else its logical date, else the last closed day.

    Args:
        requested: the run's parameter `date`, or None.
        logical_date: the run's logical date; None for a manual run without one.
        run_after: when the run was due, timezone-aware.

    Raises:
        UserError: the resulting date cannot be listed (see `parse_listing_date`).
    """
    if requested:
        return parse_listing_date(requested)
    if logical_date is not None:
        return parse_listing_date(logical_date.astimezone(UTC).date().isoformat())
    return parse_listing_date((run_after.astimezone(UTC).date() - timedelta(days=1)).isoformat())
