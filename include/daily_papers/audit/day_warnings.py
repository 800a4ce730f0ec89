"""What about a date deserves a second look, although nothing failed: computed here and shown the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from statistics import mean, stdev

from daily_papers.audit.audit_record import readable_audit_record
from daily_papers.lake.library import Library
from daily_papers.listing.looks import Drift, all_drift, failed_looks, latest_look
from daily_papers.period import month_of
from daily_papers.reasons import text_of

DEFAULT_PAGE_SIZE = 50
"""Length of a page of the API for those who do not page: 28 recorded dates stop at exactly this many papers."""
LEAST_OTHER_DAYS = 5
"""Fewer other days of the month say nothing about what is usual."""
STANDARD_DEVIATIONS = 3
_SATURDAY = 5


class DayWarning(StrEnum):
    """Codes of warnings."""

    EXACTLY_ONE_PAGE = "exactly_one_page"
    EMPTY_WEEKDAY = "empty_weekday"
    FEWER_THAN_USUAL = "fewer_than_usual"
    BROKEN_ITEMS = "broken_items"
    LISTING_DRIFT = "listing_drift"
    LATEST_LOOK_FAILED = "latest_look_failed"
    AUDIT = "audit"


class WarningsOfDays:
    """Warnings of any date of a lake. Keeps what it has read, so that many dates cost little more than one."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._listed: dict[date, int] = {}
        self._drift: list[Drift] | None = None

    def of(self, listing_date: date) -> dict[DayWarning, str]:
        """The warnings of a date, each with its sentence; empty for an inconspicuous date."""
        found: dict[DayWarning, str] = {}
        look = latest_look(self._library, listing_date)
        if look is not None:
            self._listed[listing_date] = look.listed
            found |= self._about_the_count(listing_date, look.listed)
            if look.broken:
                found[DayWarning.BROKEN_ITEMS] = (
                    f"Items in the newest capture that break the listing's contract: {look.broken}. `papers quarantine "
                    f"{listing_date}` names those that cannot be read in any capture."
                )
        if self._drift is None:
            self._drift = all_drift(self._library)
        if new := [one.what for one in self._drift if one.listing_date == listing_date]:
            found[DayWarning.LISTING_DRIFT] = (
                f"New in the listing since this date: {', '.join(map(repr, new))}. "
                "It is kept in the raw captures and not used."
            )
        failed = failed_looks(self._library, listing_date)
        if failed and (look is None or failed[-1].observed_at > look.observed_at):
            found[DayWarning.LATEST_LOOK_FAILED] = (
                f"The latest look, at {failed[-1].observed_at:%Y-%m-%d %H:%M} UTC, failed: {failed[-1].message}"
            )
        if texts := _of_the_audit(self._library, listing_date):
            found[DayWarning.AUDIT] = " ".join(texts)
        return found

    def _about_the_count(self, listing_date: date, listed: int) -> dict[DayWarning, str]:
        if listed == DEFAULT_PAGE_SIZE:
            text = f"Exactly {listed} papers are listed, which is one full page: there may be more."
            return {DayWarning.EXACTLY_ONE_PAGE: text}
        if not listed:
            if listing_date.weekday() >= _SATURDAY:
                return {}
            text = "Hugging Face listed nothing on a weekday (a holiday, or a fault)."
            return {DayWarning.EMPTY_WEEKDAY: text}
        others = [count for count in self._other_days_of_the_month(listing_date) if count]
        if len(others) < LEAST_OTHER_DAYS:
            return {}
        usual = mean(others)
        if listed >= usual - STANDARD_DEVIATIONS * stdev(others):
            return {}
        text = (
            f"{listed} papers are listed, {STANDARD_DEVIATIONS} standard deviations or more below the "
            f"mean of {usual:.0f} on the other {len(others)} days of its month."
        )
        return {DayWarning.FEWER_THAN_USUAL: text}

    def _other_days_of_the_month(self, listing_date: date) -> list[int]:
        return [self._count(day) for day in month_of(listing_date).dates if day != listing_date]

    def _count(self, listing_date: date) -> int:
        """Papers listed at the newest look; 0 without one."""
        if listing_date not in self._listed:
            look = latest_look(self._library, listing_date)
            self._listed[listing_date] = look.listed if look else 0
        return self._listed[listing_date]


def _of_the_audit(library: Library, listing_date: date) -> list[str]:
    """What the latest audit warns of, in sentences with what was observed and expected."""
    record = readable_audit_record(library, listing_date)
    by_reason: dict[str, list[str]] = {}
    for one in record.day_warnings if record is not None else ():
        bounds = f"{_figure(one.least)} to {_figure(one.most)}"
        measure = one.expectation.rpartition(" ")[2]
        by_reason.setdefault(one.reason, []).append(f"{measure} {_figure(one.observed)}, expected {bounds}")
    return [f"{text_of(reason).english} ({'; '.join(found)})" for reason, found in by_reason.items()]


def _figure(value: float | None) -> str:
    return "any" if value is None else f"{value:.3g}"


def dates_of_the_months(library: Library, listing_dates: Sequence[date]) -> list[date]:
    """All dates looked at in the months of the given ones: their warnings depend on one another."""
    return [
        day
        for first in sorted({day.replace(day=1) for day in listing_dates})
        for day in month_of(first).dates
        if library.lake.was_attempted(day)
    ]
