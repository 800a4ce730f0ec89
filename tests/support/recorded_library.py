"""A library of everything that was recorded: all captures at their times, and the sample answers for the sample day."""

from __future__ import annotations

from datetime import date, datetime

from daily_papers.audit import audit
from daily_papers.huggingface import Page
from daily_papers.lake import open_library
from daily_papers.listing import parse_capture
from daily_papers.observations import record_observation, report_drift
from daily_papers.sample.server import SAMPLE_DATE
from tests.support.data import recordings
from tests.support.steps import ask


def all_captures() -> list[tuple[datetime, date]]:
    """Time and listing date of every recorded capture, oldest first."""
    return sorted((moment, day) for day, captures in recordings().items() for moment in captures)


def record_everything() -> None:
    """Keeps all recorded captures as if they had been fetched at their times, asks about the sample day, audits all.

    The environment must lead to a server of the sample answers.
    """
    settings, lake = open_library()
    for moment, listing_date in all_captures():
        body = recordings()[listing_date][moment]
        page = Page(f"/api/daily_papers?date={listing_date}", 200, moment, body)
        capture = parse_capture(page.items)
        record_observation(lake, listing_date, moment, [page], capture)
        report_drift(lake, listing_date, moment, dict(capture.drift))
    ask(SAMPLE_DATE)
    for listing_date in recordings():
        audit(settings, lake, listing_date)
