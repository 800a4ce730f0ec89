"""A library of everything that was recorded: all captures at their times, and the sample answers for the sample day."""

from __future__ import annotations

from datetime import date, datetime

from daily_papers.audit.assemble import staged_rows
from daily_papers.audit.run import audit_day, with_status
from daily_papers.lake.library import open_library
from daily_papers.listing.contract import parse_capture
from daily_papers.listing.listing_page import Page
from daily_papers.listing.looks import record_look, report_drift
from daily_papers.rows.day_file import write_day_file
from daily_papers.sample.server import SAMPLE_DATE
from tests.support.data import recordings
from tests.support.steps import ask


def all_captures() -> list[tuple[datetime, date]]:
    """Time and listing date of every recorded capture, oldest first."""
    return sorted((moment, day) for day, captures in recordings().items() for moment in captures)


def record_everything() -> None:
    """Keeps all recorded captures as if they had been fetched at their times; asks about the sample day and audits it.

    The environment must lead to a server of the sample answers.
    """
    library = open_library()
    for moment, listing_date in all_captures():
        body = recordings()[listing_date][moment]
        page = Page(f"/api/daily_papers?date={listing_date}", 200, moment, body)
        capture = parse_capture(page.items)
        record_look(library, listing_date, moment, [page], capture)
        report_drift(library, listing_date, moment, dict(capture.drift))
    ask(SAMPLE_DATE)
    audit_day(library, SAMPLE_DATE)
    for listing_date in recordings().keys() - {SAMPLE_DATE}:  # nothing was asked: a suite has nothing to look at
        rows = staged_rows(library, listing_date, library.settings.language)
        write_day_file(library, listing_date, [with_status(row, frozenset()) for row in rows])
