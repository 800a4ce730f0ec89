from __future__ import annotations

import json
import multiprocessing
import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
import pytest

from daily_papers import warehouse
from daily_papers.compaction import compacted_month
from daily_papers.day_file import read_day_file, write_day_file
from daily_papers.errors import TerminalError
from daily_papers.huggingface import Page
from daily_papers.lake import Lake, open_library
from daily_papers.listing import parse_capture
from daily_papers.observations import observations, record_observation
from daily_papers.queries import run_query
from daily_papers.sample.replay import RecordedListings, ReplayedCaptures
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.settings import Settings, load_settings
from daily_papers.warehouse_load import replace_dates
from tests.support.contents import tables
from tests.support.data import captures, item, recorded_items
from tests.support.models import ScriptedModel
from tests.support.steps import run_day

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


def test_every_column_has_a_comment_and_every_null_a_meaning(loaded: Settings) -> None:
    with warehouse.open_for_reading(loaded) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name, is_nullable, c.comment FROM duckdb_columns() c "
            "JOIN duckdb_tables() t USING (table_name) WHERE NOT c.internal"
        ).fetchall()
        assert len(columns) > 150
        for table, column, is_nullable, comment in columns:
            assert comment, f"{table}.{column}"
            assert not is_nullable or re.search(r"\b[Nn]ull\b", comment), f"{table}.{column}"
            is_flag = column.startswith(("is_", "has_")) or column == "author_participates"
            kind = connection.execute(f"SELECT typeof({column}) FROM {table} LIMIT 1").fetchone()
            assert kind is None or (kind == ("BOOLEAN",)) == is_flag, f"{table}.{column}"


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


def test_a_reader_keeps_its_version_while_a_new_one_is_published(
    loaded: Settings, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "GRACE_SECONDS", 0.0)
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


def _load_in_a_process(listing_date: str) -> None:
    settings = load_settings()
    warehouse.load(settings, Lake(settings.home_path), [date.fromisoformat(listing_date)])


def test_runs_that_load_at_once_publish_once(loaded: Settings, lake: Lake) -> None:
    before = tables(loaded)
    context = multiprocessing.get_context("spawn")
    versions = loaded.warehouse_path.with_name("warehouse.versions")
    with warehouse._writing(loaded):  # until all of them wait
        processes = [context.Process(target=_load_in_a_process, args=(str(day),)) for day in DAYS]
        for process in processes:
            process.start()
        deadline = time.monotonic() + 60
        while len(list(loads(loaded))) < len(DAYS) and time.monotonic() < deadline:
            time.sleep(0.05)
        earlier = {path.name for path in versions.iterdir()}
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(DAYS)
    assert len({path.name for path in versions.iterdir()} - earlier) == 1
    assert list(loads(loaded)) == []
    assert tables(loaded) == before


def loads(settings: Settings) -> Iterator[Path]:
    return (settings.lock_directory / "loads").iterdir()


def test_a_request_that_nobody_can_meet_is_given_up_and_other_files_do_no_harm(
    loaded: Settings, lake: Lake, caplog: pytest.LogCaptureFixture
) -> None:
    lake.day_file(NEXT_DAY).write_bytes(b"not parquet")
    folder = loaded.lock_directory / "loads"
    request, stray = folder / f"{NEXT_DAY}.{'0' * 32}", folder / ".DS_Store"
    for file in (request, stray):
        file.touch()
        os.utime(file, (0, 0))
    warehouse.load(loaded, lake, [EMPTY_DAY])
    assert list(loads(loaded)) == [stray]
    assert f"The load of {NEXT_DAY} was given up" in caplog.text


def test_what_was_paid_for_stays_when_a_day_file_is_gone(loaded: Settings, lake: Lake) -> None:
    calls = tables(loaded)["calls"]
    lake.day_file(SAMPLE_DATE).unlink()
    warehouse.load(loaded, lake, [SAMPLE_DATE])
    after = tables(loaded)
    assert after["calls"] == calls
    assert [row for row in after["listings"] if row[0] == SAMPLE_DATE] == []
    warehouse.rebuild(loaded, lake)
    assert tables(loaded) == after


def test_a_lost_day_file_keeps_no_other_date_from_its_load(loaded: Settings, lake: Lake) -> None:
    lake.day_file(NEXT_DAY).unlink()  # the newer date of the shared paper
    warehouse.load(loaded, lake, [SAMPLE_DATE])
    rows = {row[0]: row[1:3] for row in tables(loaded)["papers"]}
    assert rows["2505.14683"] == (SAMPLE_DATE, "Emerging Properties in Unified Multimodal Pretraining")


def test_audited_rows_without_a_look_are_refused_with_what_to_restore(loaded: Settings, lake: Lake) -> None:
    before = tables(loaded)
    shutil.rmtree(lake.observations(SAMPLE_DATE).parent)
    with pytest.raises(TerminalError, match=rf"{SAMPLE_DATE} .* Restore .*listings/{SAMPLE_DATE} from a backup"):
        warehouse.load(loaded, lake, [SAMPLE_DATE])
    assert tables(loaded) == before


@pytest.mark.parametrize("name", ["env=prod", "a [b] c*", "it's"])
def test_a_home_of_any_name_can_be_rebuilt(loaded: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = tables(loaded)
    home = loaded.warehouse_path.parent
    moved = home.with_name(name)
    home.rename(moved)
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(moved))
    settings, lake = open_library()
    assert warehouse.rebuild(settings, lake) == 3
    assert tables(settings) == before


def test_a_damaged_month_is_made_again(loaded: Settings, lake: Lake) -> None:
    before = tables(loaded)
    warehouse.rebuild(loaded, lake)
    month = lake.month_file("2025-05")
    whole = month.read_bytes()
    for position in range(0, len(whole), len(whole) // 20):
        month.write_bytes(whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :])
        days, _ = compacted_month(lake, lake.day_dates())
        assert {day: rows.num_rows for day, rows in days.items()} == {SAMPLE_DATE: 4, NEXT_DAY: 2, EMPTY_DAY: 0}
        for day, rows in days.items():
            assert rows.to_pylist() == read_day_file(lake, day)
    assert tables(loaded) == before


def test_a_request_of_a_dead_process_is_met_by_the_next_load(loaded: Settings, lake: Lake) -> None:
    before = tables(loaded)
    with duckdb.connect(str(loaded.warehouse_path.resolve())) as connection:
        connection.execute("DELETE FROM days")
    (loaded.lock_directory / "loads" / f"{NEXT_DAY}.{'0' * 32}").touch()
    warehouse.load(loaded, lake, [SAMPLE_DATE, EMPTY_DAY])
    assert list(loads(loaded)) == []
    assert tables(loaded) == before


def test_a_date_of_others_that_cannot_be_loaded_does_not_keep_a_date_from_its_load(
    loaded: Settings, lake: Lake, caplog: pytest.LogCaptureFixture
) -> None:
    lake.day_file(NEXT_DAY).write_bytes(b"not parquet")
    with duckdb.connect(str(loaded.warehouse_path.resolve())) as connection:
        connection.execute("DELETE FROM days WHERE listing_date = ?", [EMPTY_DAY])
    request = loaded.lock_directory / "loads" / f"{NEXT_DAY}.{'0' * 32}"
    request.touch()
    warehouse.load(loaded, lake, [EMPTY_DAY])
    assert len(tables(loaded)["days"]) == 3
    assert "without the dates of others" in caplog.text
    assert list(loads(loaded)) == [request]


def _read_in_a_loop(warehouse_path: str, stop: str, failed: str, counted: str) -> None:
    """Opens the newest version again and again: every day is whole, and days only join."""
    rounds, most = 0, 0
    while not Path(stop).exists():
        try:
            with duckdb.connect(str(Path(warehouse_path).resolve()), read_only=True) as connection:
                days, halves = connection.execute(
                    "SELECT count(*), count(*) FILTER (WHERE listed_papers <> (SELECT count(*) FROM listings l "
                    "WHERE l.listing_date = d.listing_date AND l.is_listed) OR complete_papers * 7 <> (SELECT count(*) "
                    "FROM sections s WHERE s.listing_date = d.listing_date)) FROM days d"
                ).fetchone() or (0, 0)
            assert not halves, f"{halves} half days"
            assert days >= most, "days were lost"
            rounds, most = rounds + 1, days
        except Exception as error:
            Path(failed).write_text(repr(error))
            raise
    Path(counted).write_text(f"{rounds} {most}")


def test_eight_readers_see_only_whole_days_while_a_hundred_are_loaded(
    serve: Callable[..., LocalServer], settings: Settings, lake: Lake, tmp_path: Path
) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item(), item("2505.00002"), item("2505.00003")]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    days = [SAMPLE_DATE + timedelta(days=number) for number in range(1, 101)]
    observed = observations(lake, SAMPLE_DATE)[0].observed_at
    for day in days:
        items = [item(f"2505.{day.toordinal() % 10000:04}{number}") for number in range(3)]
        page = Page("/", 200, observed, json.dumps(items).encode())
        record_observation(lake, day, observed, [page], parse_capture(page.items))
        rows = read_day_file(lake, SAMPLE_DATE)
        renamed = [
            {**row, "listing_date": day, "paper_id": one["paper"]["id"]} for row, one in zip(rows, items, strict=True)
        ]
        write_day_file(lake, day, renamed)
    context = multiprocessing.get_context("spawn")
    stop = tmp_path / "stop"
    readers = [
        context.Process(
            target=_read_in_a_loop,
            args=(str(settings.warehouse_path), str(stop), str(tmp_path / f"failed{n}"), str(tmp_path / f"counted{n}")),
        )
        for n in range(8)
    ]
    for reader in readers:
        reader.start()
    for start in range(0, len(days), 10):
        warehouse.load(settings, lake, days[start : start + 10])
    stop.touch()
    for reader in readers:
        reader.join(60)
    assert [path.read_text() for path in tmp_path.glob("failed*")] == []
    counts = [path.read_text().split() for path in tmp_path.glob("counted*")]
    assert len(counts) == 8
    assert all(int(rounds) > 0 for rounds, _ in counts)
    assert len(tables(settings)["days"]) == 101
