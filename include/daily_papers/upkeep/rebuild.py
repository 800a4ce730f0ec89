"""Making derived things again: days from the inputs, the warehouse and digests from the days.

What of one date is damaged never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from daily_papers.audit.run import audit_day
from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library
from daily_papers.publish.digest import publish_digest
from daily_papers.runs.failure import forget_run_failure, run_failure
from daily_papers.warehouse import publication
from daily_papers.warehouse.full_rebuild import loadable_dates


def has_anything(library: Library) -> bool:
    """Whether there is a library at all: a date that was asked for, a day file, or an imported digest."""
    return bool(loadable_dates(library) or library.lake.legacy_dates())


def rebuild_days(
    library: Library, dates: Sequence[date], progress: Callable[[date], None] = lambda _: None
) -> dict[date, str]:
    """Assembles and audits fetched dates again.

    Returns:
        Messages by date, of those that could not be audited or were refused; their earlier version stays.
    """
    problems: dict[date, str] = {}
    for listing_date in dates:
        try:
            audit_day(library, listing_date)
        except TerminalError as error:
            problems[listing_date] = str(error)
        progress(listing_date)
    return problems


def rebuild_warehouse(library: Library, progress: Callable[[date], None]) -> list[str]:
    """Makes the whole warehouse again; returns the messages of what had to be left out."""
    return list(publication.rebuild(library, progress).damage)


def load_dates(
    library: Library, dates: Sequence[date], progress: Callable[[date], None] = lambda _: None
) -> dict[date, str]:
    """Loads dates, those that can be; returns the messages of the others by date; they keep their earlier version."""
    damaged = publication.load_readable(library, dates)
    for listing_date in dates:
        progress(listing_date)
    return {day: str(error) for day, error in damaged.items()}


def rebuild_digests(library: Library, dates: Sequence[date]) -> tuple[int, dict[date, str]]:
    """Renders the day files of some dates again; returns the number of digests, and messages by date for the others."""
    digests, problems = 0, {}
    for listing_date in sorted({*dates} & {*library.lake.day_dates()}):
        try:
            digests += publish_digest(library, listing_date)
        except TerminalError as error:
            problems[listing_date] = str(error)
    return digests, problems


def forget_failures(library: Library, dates: Iterable[date], *, audited: bool) -> None:
    """Forgets failed runs of dates that are made again, where the task that failed is one of those just done."""
    done = {"load", "render", "audit"} if audited else {"load", "render"}
    for listing_date in dates:
        failed = run_failure(library, listing_date)
        if failed is not None and failed.task_id in done:
            forget_run_failure(library, listing_date)
