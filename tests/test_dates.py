from datetime import UTC, date, datetime, timedelta

import pytest

from daily_papers.dates import parse_listing_date, resolve_run_date, today
from daily_papers.errors import UserError

RUN_AFTER = datetime(2025, 5, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "21-05-2025", "2025-5-21", "2025-02-30", "20250521", "../2025", "2025-05-21T00:00"]
)
def test_malformed_dates_are_refused_with_the_form(text: str) -> None:
    with pytest.raises(UserError, match="YYYY-MM-DD"):
        parse_listing_date(text)


def test_the_future_is_refused_and_today_is_allowed() -> None:
    assert parse_listing_date(today().isoformat()) == today()
    with pytest.raises(UserError, match="in the future"):
        parse_listing_date((today() + timedelta(days=1)).isoformat())


def test_the_parameter_wins_over_the_logical_date() -> None:
    assert resolve_run_date("2025-05-01", RUN_AFTER, RUN_AFTER) == date(2025, 5, 1)


def test_the_logical_date_counts_in_utc() -> None:
    seoul_morning = datetime.fromisoformat("2025-05-21T08:59:59+09:00")
    assert resolve_run_date(None, seoul_morning, RUN_AFTER) == date(2025, 5, 20)


def test_a_run_with_neither_takes_the_last_closed_day() -> None:
    assert resolve_run_date(None, None, RUN_AFTER) == date(2025, 5, 21)
