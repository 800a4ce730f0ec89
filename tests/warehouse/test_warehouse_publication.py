"""How versions of the warehouse come into being beside readers, other loads and crashes."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from daily_papers.lake.library import Library, open_library
from daily_papers.listing.contract import parse_capture
from daily_papers.listing.listing_page import Page
from daily_papers.listing.looks import record_look, successful_looks
from daily_papers.rows.day_file import read_day_file, write_day_file
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.warehouse import publication
from daily_papers.warehouse.fill_tables import contents_of, replace_dates
from tests.support.contents import tables
from tests.support.data import item
from tests.support.models import ScriptedModel
from tests.support.steps import run_day
from tests.support.three_days import DAYS, EMPTY_DAY, NEXT_DAY


def test_a_home_behind_a_link_keeps_what_was_loaded(
    loaded: Library, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tables(loaded)
    (tmp_path / "linked").symlink_to(home)
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(tmp_path / "linked"))
    publication.load(open_library(), [SAMPLE_DATE])
    assert tables(loaded) == before


def test_files_of_other_people_stay(loaded: Library) -> None:
    backup = loaded.settings.warehouse_path.with_name("warehouse-backup.duckdb")
    backup.write_bytes(b"mine")
    publication.load(loaded, DAYS)
    assert backup.read_bytes() == b"mine"


def test_an_error_leaves_the_published_version(loaded: Library) -> None:
    before, version = tables(loaded), loaded.settings.warehouse_path.resolve()
    loaded.lake.day_file(NEXT_DAY).write_bytes(b"not parquet")
    with pytest.raises(Exception, match=r"(?i)parquet"):
        publication.load(loaded, [NEXT_DAY])
    assert loaded.settings.warehouse_path.resolve() == version
    assert tables(loaded) == before
    assert list(loaded.settings.warehouse_path.parent.glob("*.tmp*")) == []


def _load_slowly(ready: str) -> None:
    library = open_library()
    with (
        publication._writing(library),
        publication._new_version(library) as draft,
        publication._transaction(draft.connection),
    ):
        draft.connection.execute("DELETE FROM papers")
        replace_dates(draft.connection, library, contents_of(library, [SAMPLE_DATE]))
        Path(ready).touch()
        time.sleep(60)


def test_a_killed_writer_leaves_the_published_version_and_no_lock(loaded: Library, tmp_path: Path) -> None:
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
    publication.load(loaded, [SAMPLE_DATE])
    assert tables(loaded) == before
    assert list(loaded.settings.warehouse_path.parent.glob("*.tmp*")) == []


def test_a_reader_keeps_its_version_while_a_new_one_is_published(
    loaded: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "GRACE_SECONDS", 0.0)
    with publication.open_for_reading(loaded) as connection:
        for _ in range(3):
            publication.load(loaded, [SAMPLE_DATE])
        assert connection.execute("SELECT count(*) FROM days").fetchone() == (3,)
    assert len(list(loaded.settings.warehouse_path.parent.glob("warehouse.versions/*/warehouse.duckdb"))) <= 2


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM days", "SELECT * FROM '/etc/passwd'", "COPY days TO '/tmp/x.csv'", "INSTALL httpfs", "SET threads=9"],
)
def test_a_reader_can_change_and_reach_nothing(loaded: Library, statement: str) -> None:
    with publication.open_for_reading(loaded) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement)


def _load_in_a_process(listing_date: str) -> None:
    library = open_library()
    publication.load(library, [date.fromisoformat(listing_date)])


def test_runs_that_load_at_once_publish_once(loaded: Library) -> None:
    before = tables(loaded)
    context = multiprocessing.get_context("spawn")
    folder = loaded.settings.warehouse_path.with_name("warehouse.versions")
    with publication._writing(loaded):  # until all of them wait
        processes = [context.Process(target=_load_in_a_process, args=(str(day),)) for day in DAYS]
        for process in processes:
            process.start()
        deadline = time.monotonic() + 60
        while len(list(loads(loaded))) < len(DAYS) and time.monotonic() < deadline:
            time.sleep(0.05)
        earlier = {path.name for path in folder.iterdir()}
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(DAYS)
    assert len({path.name for path in folder.iterdir()} - earlier) == 1
    assert list(loads(loaded)) == []
    assert tables(loaded) == before


def loads(library: Library) -> Iterator[Path]:
    return (library.settings.lock_directory / "loads").iterdir()


def test_a_request_that_nobody_can_meet_is_given_up_and_other_files_do_no_harm(
    loaded: Library, caplog: pytest.LogCaptureFixture
) -> None:
    loaded.lake.day_file(NEXT_DAY).write_bytes(b"not parquet")
    folder = loaded.settings.lock_directory / "loads"
    request, stray = folder / f"{NEXT_DAY}.{'0' * 32}", folder / ".DS_Store"
    for file in (request, stray):
        file.touch()
        os.utime(file, (0, 0))
    publication.load(loaded, [EMPTY_DAY])
    assert list(loads(loaded)) == [stray]
    assert f"Gave up loading {NEXT_DAY}" in caplog.text


def test_a_request_of_a_dead_process_is_met_by_the_next_load(loaded: Library) -> None:
    before = tables(loaded)
    with duckdb.connect(str(loaded.settings.warehouse_path.resolve())) as connection:
        connection.execute("DELETE FROM days")
    (loaded.settings.lock_directory / "loads" / f"{NEXT_DAY}.{'0' * 32}").touch()
    publication.load(loaded, [SAMPLE_DATE, EMPTY_DAY])
    assert list(loads(loaded)) == []
    assert tables(loaded) == before


def test_a_date_of_others_that_cannot_be_loaded_does_not_keep_a_date_from_its_load(
    loaded: Library, caplog: pytest.LogCaptureFixture
) -> None:
    loaded.lake.day_file(NEXT_DAY).write_bytes(b"not parquet")
    with duckdb.connect(str(loaded.settings.warehouse_path.resolve())) as connection:
        connection.execute("DELETE FROM days WHERE listing_date = ?", [EMPTY_DAY])
    request = loaded.settings.lock_directory / "loads" / f"{NEXT_DAY}.{'0' * 32}"
    request.touch()
    publication.load(loaded, [EMPTY_DAY])
    assert len(tables(loaded)["days"]) == 3
    assert "without damaged dates of other processes" in caplog.text
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
    serve: Callable[..., LocalServer], library: Library, tmp_path: Path
) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item(), item("2505.00002"), item("2505.00003")]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    days = [SAMPLE_DATE + timedelta(days=number) for number in range(1, 101)]
    observed = successful_looks(library, SAMPLE_DATE)[0].observed_at
    for day in days:
        items = [item(f"2505.{day.toordinal() % 10000:04}{number}") for number in range(3)]
        page = Page("/", 200, observed, json.dumps(items).encode())
        record_look(library, day, observed, [page], parse_capture(page.items))
        rows = read_day_file(library, SAMPLE_DATE)
        renamed = [
            {**row, "listing_date": day, "paper_id": one["paper"]["id"]} for row, one in zip(rows, items, strict=True)
        ]
        write_day_file(library, day, renamed)
    context = multiprocessing.get_context("spawn")
    stop = tmp_path / "stop"
    readers = [
        context.Process(
            target=_read_in_a_loop,
            args=(
                str(library.settings.warehouse_path),
                str(stop),
                str(tmp_path / f"failed{n}"),
                str(tmp_path / f"counted{n}"),
            ),
        )
        for n in range(8)
    ]
    for reader in readers:
        reader.start()
    for start in range(0, len(days), 10):
        publication.load(library, days[start : start + 10])
    stop.touch()
    for reader in readers:
        reader.join(60)
    assert [path.read_text() for path in tmp_path.glob("failed*")] == []
    counts = [path.read_text().split() for path in tmp_path.glob("counted*")]
    assert len(counts) == 8
    assert all(int(rounds) > 0 for rounds, _ in counts)
    assert len(tables(library)["days"]) == 101
