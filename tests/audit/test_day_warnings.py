"""What deserves a second look, from recorded and made-up listings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from daily_papers.audit.day_warnings import DayWarning, WarningsOfDays, dates_of_the_months
from daily_papers.errors import DailyPapersError
from daily_papers.lake.library import Library
from daily_papers.sample.faults import Fault, WithFaults
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.data import SATURDAY, item, recorded_items
from tests.support.models import well_answering
from tests.support.steps import fetch

Serve = Callable[..., LocalServer]
MONDAY = date(2025, 6, 2)


def papers(count: int) -> list[object]:
    return [item(f"2506.{number:05d}") for number in range(count)]


def codes(library: Library, listing_date: date) -> set[DayWarning]:
    return set(WarningsOfDays(library).of(listing_date))


def test_exactly_a_page(serve: Serve, library: Library) -> None:
    recorded = date(2026, 5, 13)
    serve(RecordedListings({recorded: recorded_items(recorded), MONDAY: papers(51)}), well_answering)
    fetch(recorded)
    fetch(MONDAY)
    assert codes(library, recorded) == {DayWarning.EXACTLY_ONE_PAGE}
    assert codes(library, MONDAY) == set()


def test_an_empty_weekday_but_not_an_empty_weekend(serve: Serve, library: Library) -> None:
    new_year, sunday = date(2025, 1, 1), SATURDAY + timedelta(days=1)
    days = [new_year, SATURDAY, sunday]
    serve(RecordedListings({key: [] for key in days}), well_answering)
    for day in days:
        fetch(day)
    assert [codes(library, day) for day in days] == [{DayWarning.EMPTY_WEEKDAY}, set(), set()]


@pytest.mark.parametrize(
    ("listed", "warned"), [(1, True), (5, True), (14, True), (15, False), (30, False), (90, False)]
)
def test_far_fewer_papers_than_in_the_rest_of_the_month(
    serve: Serve, library: Library, listed: int, warned: bool
) -> None:
    counts = [24, 28, 30, 32, 26, 29, 20]  # mean 27, standard deviation 4.1
    days = {MONDAY + timedelta(days=number): papers(count) for number, count in enumerate(counts)}
    days |= {date(2025, 6, 21): [], date(2025, 5, 30): papers(2)}  # an empty day and another month do not count
    serve(RecordedListings({**days, date(2025, 6, 30): papers(listed)}), well_answering)
    for day in (*days, date(2025, 6, 30)):
        fetch(day)
    assert codes(library, date(2025, 6, 30)) == ({DayWarning.FEWER_THAN_USUAL} if warned else set())
    if warned:
        text = WarningsOfDays(library).of(date(2025, 6, 30))[DayWarning.FEWER_THAN_USUAL]
        assert text.startswith(f"{listed} papers are listed, 3 standard deviations or more below the mean of 27 on the")


def test_a_handful_of_days_says_nothing(serve: Serve, library: Library) -> None:
    days = {MONDAY + timedelta(days=number): papers(30) for number in range(4)}
    serve(RecordedListings({**days, date(2025, 6, 30): papers(1)}), well_answering)
    for day in (*days, date(2025, 6, 30)):
        fetch(day)
    assert codes(library, date(2025, 6, 30)) == set()


def test_broken_items_drift_and_a_failed_look(serve: Serve, library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item(new=1), item("2505.00002", upvotes="many")]})
    serve(
        WithFaults(listings, [Fault("status", page=1, status=404), Fault("status", page=0, status=404)]), well_answering
    )
    with pytest.raises(DailyPapersError):
        fetch(SAMPLE_DATE)
    assert codes(library, SAMPLE_DATE) == {DayWarning.LATEST_LOOK_FAILED}
    with pytest.raises(DailyPapersError):
        fetch(SAMPLE_DATE)
    fetch(SAMPLE_DATE)
    found = WarningsOfDays(library).of(SAMPLE_DATE)
    assert set(found) == {DayWarning.BROKEN_ITEMS, DayWarning.LISTING_DRIFT}
    assert found[DayWarning.BROKEN_ITEMS].startswith("Items in the newest capture that break")
    assert "paper.new" in found[DayWarning.LISTING_DRIFT]


def test_an_unknown_date_has_none(library: Library) -> None:
    assert WarningsOfDays(library).of(SAMPLE_DATE) == {}


def test_days_of_a_month_go_together(serve: Serve, library: Library) -> None:
    days = [date(2025, 5, 30), MONDAY, date(2025, 6, 30)]
    serve(RecordedListings({key: [] for key in days}), well_answering)
    for day in days:
        fetch(day)
    assert dates_of_the_months(library, [date(2025, 6, 30)]) == [MONDAY, date(2025, 6, 30)]
