"""Which dates are looked at again, and which of them are run again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.errors import DailyPapersError
from daily_papers.lake.library import Library, open_library
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.upkeep.refresh import dates_to_refresh, why_to_run
from tests.support.data import SATURDAY, item
from tests.support.models import ScriptedModel, failure
from tests.support.steps import fetch, run_day

Serve = Callable[..., LocalServer]
LAST = datetime.now(UTC).date() - timedelta(days=1)
FORTNIGHT = [LAST - timedelta(days=age) for age in range(13, -1, -1)]


@pytest.fixture(autouse=True)
def _no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


def empty_days(serve: Serve, *days: date) -> None:
    serve(RecordedListings({key: [] for key in days}), ScriptedModel())
    for day in days:
        run_day(day)


def begun(library: Library, first: date, days_ago: int) -> None:
    """Puts the first look at a date into the past, as if the library had been at work since."""
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    for path in list(library.lake.observations(first).iterdir()):
        path.rename(path.with_name(f"{moment:%Y%m%dT%H%M%S.%fZ}.json"))


def test_a_new_library_looks_at_nothing(library: Library) -> None:
    assert dates_to_refresh(open_library(), LAST, 14) == []


def test_the_last_dates_are_looked_at_and_gaps_since_the_beginning_closed(serve: Serve, library: Library) -> None:
    empty_days(serve, date(2025, 5, 1), FORTNIGHT[5])
    begun(library, FORTNIGHT[5], days_ago=30)
    assert dates_to_refresh(open_library(), LAST, 14) == FORTNIGHT
    assert dates_to_refresh(open_library(), LAST, 3) == FORTNIGHT[-3:]


def test_what_had_closed_before_the_first_look_is_not_fetched(serve: Serve, library: Library) -> None:
    empty_days(serve, FORTNIGHT[10])
    begun(library, FORTNIGHT[10], days_ago=3)  # that day's listing was still open
    assert dates_to_refresh(open_library(), LAST, 14) == FORTNIGHT[10:]
    assert dates_to_refresh(open_library(), LAST, 366) == FORTNIGHT[10:]


def test_a_backfill_of_old_dates_wants_nothing_new(serve: Serve, library: Library) -> None:
    empty_days(serve, date(2025, 5, 1), FORTNIGHT[4])
    assert dates_to_refresh(open_library(), LAST, 14) == [FORTNIGHT[4]]


def test_a_date_that_could_not_be_fetched_is_tried_again(serve: Serve, library: Library) -> None:
    serve(RecordedListings({}), ScriptedModel())
    with pytest.raises(DailyPapersError):
        fetch(FORTNIGHT[12])
    assert dates_to_refresh(open_library(), LAST, 14) == [FORTNIGHT[12]]


def test_pending_papers_are_never_forgotten(serve: Serve, library: Library) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item()], SATURDAY: []}), ScriptedModel({"2505.00001": [failure(503)]}))
    run_day(SAMPLE_DATE)
    run_day(SATURDAY)
    assert dates_to_refresh(open_library(), date(2026, 1, 1), 14) == [SAMPLE_DATE]
    assert why_to_run(open_library(), SAMPLE_DATE) == "pending papers: 1"
    refused(library)
    assert dates_to_refresh(open_library(), date(2026, 1, 1), 14) == [SAMPLE_DATE]


def test_a_date_that_was_only_fetched_is_run(serve: Serve, library: Library) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item()]}), ScriptedModel())
    fetch(SAMPLE_DATE)
    assert why_to_run(open_library(), SAMPLE_DATE) == "it has no audited rows yet"


def refused(library: Library) -> None:
    path = library.lake.audit_file(SAMPLE_DATE)
    path.write_text(path.read_text().replace('"accepted"', '"refused"'))


def test_a_refused_date_is_run(serve: Serve, library: Library) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item()]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    refused(library)
    assert why_to_run(open_library(), SAMPLE_DATE) == "its audit refused it"


ONE, TWO = item("2505.00001"), item("2505.00002", upvotes=3)


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        ([ONE, TWO], None),
        ([TWO, ONE], None),
        ([ONE, item("2505.00002", upvotes=3, unknown=1)], None),
        ([ONE, item("2505.00002", upvotes=4)], "papers added: 0, changed: 1"),
        ([ONE, item("2505.00002", upvotes=3, title="Another")], "papers added: 0, changed: 1"),
        ([ONE, item("2505.00002", upvotes=3, projectPage="https://a.example")], "papers added: 0, changed: 1"),
        ([ONE], "papers added: 0, changed: 1"),
        ([ONE, TWO, item("2505.00003")], "papers added: 1, changed: 0"),
        ([ONE, TWO, item("2505.00003", upvotes="many")], "papers added: 1, changed: 0"),
        ([item("2505.00001", withdrawnAt="2025-05-22T00:00:00Z"), TWO], "papers added: 0, changed: 1"),
    ],
)
def test_only_a_change_of_what_the_rows_say_is_worth_a_run(
    serve: Serve, library: Library, later: list[Any], reason: str | None
) -> None:
    listings = RecordedListings({SAMPLE_DATE: [ONE, TWO]})
    serve(listings, ScriptedModel())
    run_day(SAMPLE_DATE)
    listings.items_by_date[SAMPLE_DATE] = later
    fetch(SAMPLE_DATE)
    assert why_to_run(open_library(), SAMPLE_DATE) == reason
    audit_day(open_library(), SAMPLE_DATE)
    assert why_to_run(open_library(), SAMPLE_DATE) in (None, "pending papers: 1")


def test_an_empty_date_that_stays_empty_is_not_run(serve: Serve, library: Library) -> None:
    empty_days(serve, SATURDAY)
    fetch(SATURDAY)
    assert why_to_run(open_library(), SATURDAY) is None
