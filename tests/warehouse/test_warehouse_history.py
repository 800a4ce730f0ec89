"""What the looks at a listing tell, from recorded captures and a move that was made up after one that happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import permutations
from typing import Any

import pytest

from daily_papers.ask.catalogue import run_query
from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library
from daily_papers.sample.replay import RecordedListings, ReplayedCaptures
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.warehouse import publication
from tests.support.contents import tables
from tests.support.data import captures, item, recorded_items
from tests.support.models import ScriptedModel
from tests.support.steps import run_day
from tests.support.three_days import EMPTY_DAY, NEXT_DAY


def first_nine(of_day: dict[datetime, list[Any]]) -> list[list[Any]]:
    """The papers of the first capture, as each capture has them."""
    known = {one["paper"]["id"] for one in next(iter(of_day.values()))}
    return [[one for one in items if one["paper"]["id"] in known] for items in of_day.values()]


def sum_of_votes(items: list[Any]) -> int:
    return sum(one["paper"]["upvotes"] for one in items)


def test_a_day_that_grew(serve: Callable[..., LocalServer], library: Library) -> None:
    moments = list(captures(SAMPLE_DATE))
    listings = ReplayedCaptures({SAMPLE_DATE: captures(SAMPLE_DATE)}, moments[0])
    serve(listings, ScriptedModel())
    for moment in moments:
        listings.advance_to(moment)
        run_day(SAMPLE_DATE)
    with publication.open_for_reading(library) as connection:
        looks = connection.execute(
            "SELECT outcome, listed_papers, joined_papers, left_papers, broken_items FROM observations "
            "ORDER BY ALL DESC"
        )
        assert looks.fetchall() == [("listed", 32, 23, 0, 0), ("listed", 9, 9, 0, 0)]
        assert connection.execute("SELECT count(*) FROM votes").fetchone() == (9 + 32,)
        early = "SELECT count(*) FROM listings WHERE first_seen_at < last_seen_at"
        assert connection.execute(early).fetchone() == (9,)
        assert len(run_query(library, "late_papers")[1]) == 23
        gained = connection.execute("SELECT sum(new_upvotes) FROM vote_history").fetchone()
        first, last = (sum_of_votes(items) for items in first_nine(captures(SAMPLE_DATE)))
        assert gained == (last - first,)


def test_moved_withdrawn_and_gone(serve: Callable[..., LocalServer], library: Library) -> None:
    moved, gone = item("2511.07332"), item("2511.00009")
    withdrawn = item("2511.00008", withdrawnAt="2025-11-12T08:00:00.000Z")
    monday, tuesday = date(2025, 11, 11), date(2025, 11, 12)
    listings = RecordedListings({monday: [moved, gone, item("2511.00008"), item("2511.00001")], tuesday: []})
    serve(listings, ScriptedModel())
    run_day(monday)
    listings.items_by_date = {monday: [withdrawn, item("2511.00001")], tuesday: recorded_items(tuesday)[:5]}
    listings.items_by_date[tuesday] = [one for one in recorded_items(tuesday) if one["paper"]["id"] == "2511.07332"]
    run_day(monday)
    run_day(tuesday)
    with publication.open_for_reading(library) as connection:
        query = "SELECT paper_id, what_happened, now_listed_on FROM departed_papers ORDER BY ALL"
        assert connection.execute(query).fetchall() == [
            ("2511.00008", "withdrawn", None),
            ("2511.00009", "gone", None),
            ("2511.07332", "moved", tuesday),
        ]
        query = "SELECT is_listed FROM listings WHERE paper_id = '2511.07332' ORDER BY listing_date"
        assert connection.execute(query).fetchall() == [(False,), (True,)]


def test_empty_failed_and_never_asked_for_stay_apart(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(RecordedListings({EMPTY_DAY: []}), ScriptedModel())
    run_day(EMPTY_DAY)
    with pytest.raises(TerminalError):
        run_day(NEXT_DAY)
    publication.load(library, [NEXT_DAY])
    with publication.open_for_reading(library) as connection:
        days = connection.execute("SELECT listing_date, status, observed_at IS NULL FROM days ORDER BY ALL").fetchall()
        assert days == [(NEXT_DAY, "fetch_failed", True), (EMPTY_DAY, "empty", False)]
        looks = connection.execute(
            "SELECT outcome, listed_papers, error FROM observations ORDER BY listing_date"
        ).fetchall()
        assert looks == [("failed", None, "TerminalError"), ("empty", 0, None)]
        [(warning, meaning)] = connection.execute("SELECT warning, meaning FROM warnings").fetchall()
        assert warning == "latest_look_failed"
        assert "404" in meaning


def test_an_unlisted_paper_that_was_elsewhere_before_did_not_move(
    serve: Callable[..., LocalServer], library: Library
) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item()], NEXT_DAY: [item(), item("2505.00002")]})
    serve(listings, ScriptedModel())
    run_day(SAMPLE_DATE)
    run_day(NEXT_DAY)
    listings.items_by_date[NEXT_DAY] = [item("2505.00002")]
    run_day(NEXT_DAY)
    with publication.open_for_reading(library) as connection:
        query = "SELECT listing_date, what_happened, now_listed_on FROM departed_papers"
        assert connection.execute(query).fetchall() == [(NEXT_DAY, "gone", SAMPLE_DATE)]


def test_a_paper_that_is_readable_on_one_date_only_can_be_loaded_in_any_order(
    serve: Callable[..., LocalServer], library: Library
) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item()], NEXT_DAY: [item(upvotes="many")]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    run_day(NEXT_DAY)
    before = tables(library)
    assert [row[:2] for row in before["papers"]] == [("2505.00001", SAMPLE_DATE)]
    for order in permutations((SAMPLE_DATE, NEXT_DAY)):
        for day in order:
            publication.load(library, [day])
        assert tables(library) == before


def test_a_date_that_was_never_looked_at_gets_no_row(library: Library) -> None:
    publication.load(library, [SAMPLE_DATE])
    assert tables(library)["days"] == []


def test_drift_and_broken_items(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item(new=1), item("2505.00002", upvotes="many")]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    rows = tables(library)
    assert [row[:3] for row in rows["drift"]] == [("paper.new", SAMPLE_DATE, "2505.00001")]
    assert [row[0] for row in rows["papers"]] == ["2505.00001"]
    [broken] = [row for row in rows["listings"] if row[1] == "2505.00002"]
    assert broken[5:7] == (None, None)
    assert broken[11] == "paper.upvotes: Input should be a valid integer"
    assert [row[3] for row in rows["quarantine"]] == ["listing_item_broken"]
    assert {row[1] for row in rows["warnings"]} == {"broken_items", "listing_drift"}
