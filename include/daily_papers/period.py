"""Weeks and months that are rounded up."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from daily_papers.errors import UserError

_WEEK, _MONTH = re.compile(r"(\d{4})-W(\d{2})"), re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Period:
    """A week (ISO 8601, Monday to Sunday, such as 2025-W21) or a month (2025-05)."""

    kind: Literal["week", "month"]
    name: str
    first_date: date
    last_date: date

    @property
    def dates(self) -> list[date]:
        """Its dates, ascending."""
        return [
            self.first_date + timedelta(days=number) for number in range((self.last_date - self.first_date).days + 1)
        ]

    @property
    def before(self) -> Period:
        """The period before it."""
        day = self.first_date - timedelta(days=1)
        return week_of(day) if self.kind == "week" else month_of(day)


def week_of(day: date) -> Period:
    """The week of a date."""
    monday = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Period("week", f"{year:04}-W{week:02}", monday, monday + timedelta(days=6))


def month_of(day: date) -> Period:
    """The month of a date."""
    return Period(
        "month",
        f"{day.year:04}-{day.month:02}",
        day.replace(day=1),
        day.replace(day=monthrange(day.year, day.month)[1]),
    )


def parse_period(text: str) -> Period:
    """A period by its name; UserError where there is none of it."""
    try:
        if match := _WEEK.fullmatch(text):
            found = week_of(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        elif match := _MONTH.fullmatch(text):
            found = month_of(date(int(match[1]), int(match[2]), 1))
        else:
            raise ValueError("another form")
        found.before  # noqa: B018  # the calendar ends before some periods, and some end after it
    except (ValueError, OverflowError):
        pass
    else:
        return found
    raise UserError(f"{text!r} is not a period. Give a week such as 2025-W21, or a month such as 2025-05.")


def periods_ended(day: date) -> list[Period]:
    """Periods that ended on the day before: a week on Mondays, a month on the first."""
    yesterday = day - timedelta(days=1)
    return [period for period in (week_of(yesterday), month_of(yesterday)) if period.last_date == yesterday]
