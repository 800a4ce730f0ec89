"""Which dates deserve another look, and which of them another run."""

from __future__ import annotations

from datetime import date, timedelta

from daily_papers.assemble import LISTING_COLUMNS, listing_columns
from daily_papers.day_file import read_day_file
from daily_papers.day_listing import day_listing
from daily_papers.day_status import DayStatus, day_summary
from daily_papers.lake import Lake
from daily_papers.observations import first_look_at


def dates_to_look_at(lake: Lake, last_date: date, days: int) -> list[date]:
    """The last `days` dates up to `last_date`, and every date with pending papers; ascending.

    Of the last dates, those that were never asked for and had closed before the library's first look are left out:
    switching the refresh on fetches nothing that nobody wanted, and a gap since then is closed.
    """
    attempted = set(lake.attempted_dates())
    first_looks = (first_look_at(lake, day) for day in attempted)
    begun = min((moment for moment in first_looks if moment), default=None)
    recent = {last_date - timedelta(days=age) for age in range(days)}
    wanted = {day for day in recent if day in attempted or (begun and day >= begun.date())}
    wanted |= {day for day in attempted if day_summary(lake, day).pending}
    return sorted(wanted)


def why_to_run(lake: Lake, listing_date: date) -> str | None:
    """What makes a run of a date worth it after a look at its listing; None where its rows say what the listing says.

    Compares with the audited rows, not with the look before: a run that did not come to its end is made up for.

    Raises:
        UserError: the date was never fetched.
    """
    if not lake.day_file(listing_date).exists():
        return "it has no audited rows yet"
    summary = day_summary(lake, listing_date)
    if summary.pending:
        return f"{summary.pending} papers are pending"
    if summary.status is DayStatus.FAILED:
        return "its audit refused it"
    now = [listing_columns(row) for row in day_listing(lake, listing_date).rows]
    audited = {row["paper_id"]: row for row in read_day_file(lake, listing_date, LISTING_COLUMNS)}
    joined = sum(row["paper_id"] not in audited for row in now)
    changed = sum(row["paper_id"] in audited and row != audited[row["paper_id"]] for row in now)
    if joined or changed:
        return f"{joined} papers joined, {changed} changed"
    return None
