"""The language of a date: that of its summaries, so that a changed setting asks nothing again."""

from __future__ import annotations

from datetime import date

from daily_papers.errors import DamagedFileError
from daily_papers.lake.library import Library
from daily_papers.listing.day_listing import day_listing
from daily_papers.rows.day_file import RowStatus, read_day_file
from daily_papers.summaries.call_store import CallStore


def day_language(library: Library, listing_date: date) -> str:
    """The language of the published rows of a fetched date, else that of the settings.

    Where the day file is gone or damaged, it is that of the newest answer that the date asked for.
    """
    default = library.settings.language
    try:
        rows = read_day_file(library, listing_date, ["language", "status"])
    except (FileNotFoundError, DamagedFileError):
        return _language_of_answers(library, listing_date) or default
    return next((str(row["language"]) for row in rows if row["status"] == RowStatus.COMPLETE), default)


def _language_of_answers(library: Library, listing_date: date) -> str | None:
    store = CallStore(library)
    papers = (row.paper.paper_id for row in day_listing(library, listing_date).papers)
    calls = (call for paper_id in papers for call in store.readable_calls(paper_id))
    answers = [call for call in calls if call.answered and call.listing_date == listing_date]
    newest = max(answers, key=lambda call: call.asked_at, default=None)
    return newest.language if newest is not None else None
