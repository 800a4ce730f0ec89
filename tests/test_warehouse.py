from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
import pytest

from daily_papers import warehouse
from daily_papers.audit import audit
from daily_papers.errors import TerminalError
from daily_papers.lake import Lake
from daily_papers.queries import run_query
from daily_papers.sample.replay import RecordedListings, ReplayedCaptures
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.settings import Settings, load_settings
from daily_papers.warehouse_load import replace_dates
from tests.support.contents import tables
from tests.support.data import captures, item, recorded_items
from tests.support.models import ScriptedModel
from tests.support.steps import fetch, run_day

NEXT_DAY, EMPTY_DAY = date(2025, 5, 22), date(2025, 5, 24)
DAYS = (SAMPLE_DATE, NEXT_DAY, EMPTY_DAY)


@pytest.fixture
def loaded(serve: Callable[..., LocalServer], settings: Settings) -> Settings:
    """Two days that share a paper (with another title the second time), and an empty one."""
    shared = recorded_items(SAMPLE_DATE)[0]
    retitled = item(shared["paper"]["id"], **{**shared["paper"], "title": "A new title"})
    listings = RecordedListings(
        {SAMPLE_DATE: recorded_items(SAMPLE_DATE)[:4], NEXT_DAY: [retitled, item("2505.00002")], EMPTY_DAY: []}
    )
    serve(listings, ScriptedModel({"2505.00002": ["prose"]}))
    for day in DAYS:
        run_day(day)
    return settings


def test_loading_again_changes_no_row(loaded: Settings, lake: Lake) -> None:
    before = tables(loaded)
    warehouse.load(loaded, lake, DAYS)
    assert tables(loaded) == before


def test_the_order_of_loading_does_not_matter(loaded: Settings, lake: Lake) -> None:
    before = tables(loaded)
    assert [row[2] for row in before["papers"] if row[0] == "2505.14683"] == ["A new title"]
    for order in permutations(DAYS):
        loaded.warehouse_path.unlink()
        for day in order:
            warehouse.load(loaded, lake, [day])
        assert tables(loaded) == before


def test_a_paper_that_moved_keeps_the_facts_of_where_it_is_listed(
    serve: Callable[..., LocalServer], settings: Settings
) -> None:
    moved, other = item("2505.00007", title="Before the move"), item("2505.00008")
    listings = RecordedListings({SAMPLE_DATE: [other], NEXT_DAY: [moved, other]})
    serve(listings, ScriptedModel())
    run_day(NEXT_DAY)
    listings.items_by_date |= {SAMPLE_DATE: [item("2505.00007", title="After the move")], NEXT_DAY: [other]}
    for day in (SAMPLE_DATE, NEXT_DAY):
        run_day(day)
    rows = tables(settings)
    assert [(row[1], row[2]) for row in rows["papers"] if row[0] == "2505.00007"] == [(SAMPLE_DATE, "After the move")]
    assert {row[1] for row in rows["quarantine"]} == set()
    with warehouse.open_for_reading(settings) as connection:
        query = "SELECT listing_date FROM published_papers WHERE paper_id = '2505.00007'"
        assert connection.execute(query).fetchall() == [(SAMPLE_DATE,)]


def test_a_home_behind_a_link_keeps_what_was_loaded(
    loaded: Settings, lake: Lake, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tables(loaded)
    (tmp_path / "linked").symlink_to(home)
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(tmp_path / "linked"))
    warehouse.load(load_settings(), lake, [SAMPLE_DATE])
    assert tables(loaded) == before


def test_files_of_other_people_stay(loaded: Settings, lake: Lake) -> None:
    backup = loaded.warehouse_path.with_name("warehouse-backup.duckdb")
    backup.write_bytes(b"mine")
    warehouse.load(loaded, lake, DAYS)
    assert backup.read_bytes() == b"mine"


def test_a_rebuild_equals_what_was_loaded(loaded: Settings, lake: Lake) -> None:
    before = tables(loaded)
    loaded.warehouse_path.resolve().unlink()
    loaded.warehouse_path.unlink()
    assert warehouse.rebuild(loaded, lake) == 3
    assert tables(loaded) == before


def test_a_warehouse_with_other_tables_is_made_again_by_the_next_load(loaded: Settings, lake: Lake) -> None:
    before = tables(loaded)
    for statement in ("UPDATE schema_version SET version = 'other'", "DROP TABLE schema_version"):
        with duckdb.connect(str(loaded.warehouse_path.resolve())) as connection:
            connection.execute("DELETE FROM sections")
            connection.execute(statement)
        warehouse.load(loaded, lake, [EMPTY_DAY])
        assert tables(loaded) == before


def test_what_is_in_the_tables(loaded: Settings) -> None:
    rows = tables(loaded)
    assert [day[:-1] for day in rows["days"]] == [
        (SAMPLE_DATE, "published", 4, 4, 0, 0),
        (NEXT_DAY, "published", 2, 1, 1, 0),
        (EMPTY_DAY, "empty", 0, 0, 0, 0),
    ]
    assert len(rows["listings"]) == 6
    assert len(rows["papers"]) == 5
    assert len(rows["calls"]) == 5 + 2  # one answer was to be mended, twice
    assert len(rows["summaries"]) == 5
    assert len(rows["sections"]) == 35
    assert [(row[1], row[3]) for row in rows["quarantine"]] == [("2505.00002", "answer_not_json")]


class TestHistory:
    """What the looks at a listing tell, from recorded captures and a move that was made up after one that happened."""

    def test_a_day_that_grew(self, serve: Callable[..., LocalServer], settings: Settings) -> None:
        moments = list(captures(SAMPLE_DATE))
        listings = ReplayedCaptures({SAMPLE_DATE: captures(SAMPLE_DATE)}, moments[0])
        serve(listings, ScriptedModel())
        for moment in moments:
            listings.advance_to(moment)
            run_day(SAMPLE_DATE)
        with warehouse.open_for_reading(settings) as connection:
            looks = connection.execute(
                "SELECT outcome, listed_papers, joined_papers, left_papers, broken_items FROM observations "
                "ORDER BY ALL DESC"
            )
            assert looks.fetchall() == [("listed", 32, 23, 0, 0), ("listed", 9, 9, 0, 0)]
            assert connection.execute("SELECT count(*) FROM votes").fetchone() == (9 + 32,)
            early = "SELECT count(*) FROM listings WHERE first_seen_at < last_seen_at"
            assert connection.execute(early).fetchone() == (9,)
            assert len(run_query(settings, "late_papers")[1]) == 23
            gained = connection.execute("SELECT sum(new_upvotes) FROM vote_history").fetchone()
            first, last = (sum_of_votes(items) for items in first_nine(captures(SAMPLE_DATE)))
            assert gained == (last - first,)

    def test_moved_withdrawn_and_gone(self, serve: Callable[..., LocalServer], settings: Settings) -> None:
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
        with warehouse.open_for_reading(settings) as connection:
            query = "SELECT paper_id, what_happened, now_listed_on FROM departed_papers ORDER BY ALL"
            assert connection.execute(query).fetchall() == [
                ("2511.00008", "withdrawn", None),
                ("2511.00009", "gone", None),
                ("2511.07332", "moved", tuesday),
            ]
            query = "SELECT is_listed FROM listings WHERE paper_id = '2511.07332' ORDER BY listing_date"
            assert connection.execute(query).fetchall() == [(False,), (True,)]

    def test_empty_failed_and_never_asked_for_stay_apart(
        self, serve: Callable[..., LocalServer], settings: Settings, lake: Lake
    ) -> None:
        serve(RecordedListings({EMPTY_DAY: []}), ScriptedModel())
        run_day(EMPTY_DAY)
        with pytest.raises(TerminalError):
            run_day(NEXT_DAY)
        warehouse.load(settings, lake, [NEXT_DAY])
        with warehouse.open_for_reading(settings) as connection:
            days = connection.execute(
                "SELECT listing_date, status, observed_at IS NULL FROM days ORDER BY ALL"
            ).fetchall()
            assert days == [(NEXT_DAY, "fetch_failed", True), (EMPTY_DAY, "empty", False)]
            looks = connection.execute(
                "SELECT outcome, listed_papers, error FROM observations ORDER BY listing_date"
            ).fetchall()
            assert looks == [("failed", None, "TerminalError"), ("empty", 0, None)]
            [(warning, meaning)] = connection.execute("SELECT warning, meaning FROM warnings").fetchall()
            assert warning == "latest_look_failed"
            assert "404" in meaning

    def test_an_unlisted_paper_that_was_elsewhere_before_did_not_move(
        self, serve: Callable[..., LocalServer], settings: Settings
    ) -> None:
        listings = RecordedListings({SAMPLE_DATE: [item()], NEXT_DAY: [item(), item("2505.00002")]})
        serve(listings, ScriptedModel())
        run_day(SAMPLE_DATE)
        run_day(NEXT_DAY)
        listings.items_by_date[NEXT_DAY] = [item("2505.00002")]
        run_day(NEXT_DAY)
        with warehouse.open_for_reading(settings) as connection:
            query = "SELECT listing_date, what_happened, now_listed_on FROM departed_papers"
            assert connection.execute(query).fetchall() == [(NEXT_DAY, "gone", SAMPLE_DATE)]

    def test_a_paper_that_is_readable_on_one_date_only_can_be_loaded_in_any_order(
        self, serve: Callable[..., LocalServer], settings: Settings, lake: Lake
    ) -> None:
        serve(RecordedListings({SAMPLE_DATE: [item()], NEXT_DAY: [item(upvotes="many")]}), ScriptedModel())
        run_day(SAMPLE_DATE)
        run_day(NEXT_DAY)
        before = tables(settings)
        assert [row[:2] for row in before["papers"]] == [("2505.00001", SAMPLE_DATE)]
        for order in permutations((SAMPLE_DATE, NEXT_DAY)):
            for day in order:
                warehouse.load(settings, lake, [day])
            assert tables(settings) == before

    def test_a_date_that_was_never_looked_at_gets_no_row(self, settings: Settings, lake: Lake) -> None:
        warehouse.load(settings, lake, [SAMPLE_DATE])
        assert tables(settings)["days"] == []

    def test_drift_and_broken_items(self, serve: Callable[..., LocalServer], settings: Settings) -> None:
        serve(RecordedListings({SAMPLE_DATE: [item(new=1), item("2505.00002", upvotes="many")]}), ScriptedModel())
        run_day(SAMPLE_DATE)
        rows = tables(settings)
        assert [row[:3] for row in rows["drift"]] == [("paper.new", SAMPLE_DATE, "2505.00001")]
        assert [row[0] for row in rows["papers"]] == ["2505.00001"]
        [broken] = [row for row in rows["listings"] if row[1] == "2505.00002"]
        assert broken[5:7] == (None, None)
        assert broken[11] == "paper.upvotes: Input should be a valid integer"
        assert [row[3] for row in rows["quarantine"]] == ["listing_item_broken"]
        assert {row[1] for row in rows["warnings"]} == {"broken_items", "listing_drift"}

    def test_all_recorded_captures_in_any_order_of_loading(
        self, serve: Callable[..., LocalServer], settings: Settings, lake: Lake
    ) -> None:
        days = [date(2025, 6, day) for day in (2, 3, 4, 5, 6, 9, 10)]
        listings = ReplayedCaptures({day: captures(day) for day in days}, datetime(2026, 1, 1, tzinfo=UTC))
        serve(listings, ScriptedModel())
        for day in days:
            fetch(day)
            audit(load_settings(), lake, day)
        warehouse.load(settings, lake, days)
        before = tables(settings)
        settings.warehouse_path.unlink()
        for day in reversed(days):
            warehouse.load(settings, lake, [day])
        assert tables(settings) == before
        assert warehouse.rebuild(settings, lake) == len(days)
        assert tables(settings) == before


def first_nine(of_day: dict[datetime, list[Any]]) -> list[list[Any]]:
    """The papers of the first capture, as each capture has them."""
    known = {one["paper"]["id"] for one in next(iter(of_day.values()))}
    return [[one for one in items if one["paper"]["id"] in known] for items in of_day.values()]


def sum_of_votes(items: list[Any]) -> int:
    return sum(one["paper"]["upvotes"] for one in items)


def test_readers_never_see_an_unaudited_text(loaded: Settings) -> None:
    with warehouse.open_for_reading(loaded) as connection:
        assert connection.execute("SELECT count(*) FROM published_papers WHERE paper_id = '2505.00002'").fetchone() == (
            0,
        )
        assert connection.execute("SELECT count(*) FROM sections WHERE paper_id = '2505.00002'").fetchone() == (0,)


def test_every_table_and_view_has_a_comment_and_answers(loaded: Settings) -> None:
    with warehouse.open_for_reading(loaded) as connection:
        for kind in ("tables", "views"):
            found = connection.execute(
                f"SELECT {kind[:-1]}_name, comment FROM duckdb_{kind}() WHERE NOT internal"
            ).fetchall()
            assert found
            assert [name for name, comment in found if not comment] == []
            for name, _ in found:
                connection.execute(f"FROM {name}").fetchall()


def test_an_error_leaves_the_published_version(loaded: Settings, lake: Lake) -> None:
    before, version = tables(loaded), loaded.warehouse_path.resolve()
    lake.day_file(NEXT_DAY).write_bytes(b"not parquet")
    with pytest.raises(Exception, match=r"(?i)parquet"):
        warehouse.load(loaded, lake, DAYS)
    assert loaded.warehouse_path.resolve() == version
    assert tables(loaded) == before
    assert list(loaded.warehouse_path.parent.glob("*.tmp*")) == []


def _load_slowly(ready: str) -> None:
    settings = load_settings()
    lake = Lake(settings.home_path)
    with (
        warehouse._writing(settings),
        warehouse._new_version(settings) as (connection, _),
        warehouse._transaction(connection),
    ):
        connection.execute("DELETE FROM papers")
        replace_dates(connection, lake, [SAMPLE_DATE])
        Path(ready).touch()
        time.sleep(60)


def test_a_killed_writer_leaves_the_published_version_and_no_lock(loaded: Settings, lake: Lake, tmp_path: Path) -> None:
    before = tables(loaded)
    ready = tmp_path / "ready"
    writer = multiprocessing.get_context("spawn").Process(target=_load_slowly, args=(str(ready),))
    writer.start()
    deadline = time.monotonic() + 60
    while not ready.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ready.exists()
    assert tables(loaded) == before  # a reader beside the writer
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join()
    assert tables(loaded) == before
    warehouse.load(loaded, lake, [SAMPLE_DATE])
    assert tables(loaded) == before
    assert list(loaded.warehouse_path.parent.glob("*.tmp*")) == []


def test_a_reader_keeps_its_version_while_a_new_one_is_published(loaded: Settings, lake: Lake) -> None:
    with warehouse.open_for_reading(loaded) as connection:
        for _ in range(3):
            warehouse.load(loaded, lake, [SAMPLE_DATE])
        assert connection.execute("SELECT count(*) FROM days").fetchone() == (3,)
    assert len(list(loaded.warehouse_path.parent.glob("warehouse.versions/*/warehouse.duckdb"))) <= 2


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM days", "SELECT * FROM '/etc/passwd'", "COPY days TO '/tmp/x.csv'", "INSTALL httpfs", "SET threads=9"],
)
def test_a_reader_can_change_and_reach_nothing(loaded: Settings, statement: str) -> None:
    with warehouse.open_for_reading(loaded) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement)
