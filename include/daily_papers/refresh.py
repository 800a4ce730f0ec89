"""Which dates deserve another look, and which of them another run."""

from __future__ import annotations

from datetime import date, timedelta

from daily_papers.assemble import LISTING_COLUMNS, listing_columns
from daily_papers.day_file import read_day_file
from daily_papers.day_listing import day_listing
from daily_papers.day_status import DayStatus, day_summary
from daily_papers.lake import Lake


def dates_to_look_at(lake: Lake, last_date: date, days: int) -> list[date]:
    """The last `days` dates up to `last_date`, and every date with pending papers; ascending.

    Of the last dates, those before the first that was ever asked for are left out: a new library grows from the day
    it is switched on, and a gap in an older one is closed.
    """
    attempted = lake.attempted_dates()
    recent = {last_date - timedelta(days=age) for age in range(days)}
    begun = min(recent.intersection(attempted), default=None)
    wanted = {day for day in recent if begun and day >= begun}
    wanted |= {day for day in attempted if day_summary(lake, day).status is DayStatus.PARTIAL}
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
