"""Rebuilding the warehouse from the lake, and the months it is rebuilt from."""

from __future__ import annotations

import duckdb
import pytest

from daily_papers.lake.library import Library, open_library
from daily_papers.rows.day_file import read_day_file
from daily_papers.rows.months import compacted_month
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.warehouse import publication
from tests.support.contents import tables
from tests.support.three_days import EMPTY_DAY, NEXT_DAY


def test_a_rebuild_equals_what_was_loaded(loaded: Library) -> None:
    before = tables(loaded)
    loaded.settings.warehouse_path.resolve().unlink()
    loaded.settings.warehouse_path.unlink()
    assert publication.rebuild(loaded).dates == 3
    assert tables(loaded) == before


def test_a_warehouse_with_other_tables_is_made_again_by_the_next_load(loaded: Library) -> None:
    before = tables(loaded)
    for statement in ("UPDATE schema_version SET version = 'other'", "DROP TABLE schema_version"):
        with duckdb.connect(str(loaded.settings.warehouse_path.resolve())) as connection:
            connection.execute("DELETE FROM sections")
            connection.execute(statement)
        publication.load(loaded, [EMPTY_DAY])
        assert tables(loaded) == before


@pytest.mark.parametrize("name", ["env=prod", "a [b] c*", "it's"])
def test_a_home_of_any_name_can_be_rebuilt(loaded: Library, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = tables(loaded)
    home = loaded.settings.warehouse_path.parent
    moved = home.with_name(name)
    home.rename(moved)
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(moved))
    library = open_library()
    assert publication.rebuild(library).dates == 3
    assert tables(library) == before


def test_a_damaged_month_is_made_again(loaded: Library) -> None:
    before = tables(loaded)
    publication.rebuild(loaded)
    month = loaded.lake.month_file("2025-05")
    whole = month.read_bytes()
    for position in range(0, len(whole), len(whole) // 20):
        month.write_bytes(whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :])
        days = compacted_month(loaded, loaded.lake.day_dates()).rows
        assert {day: rows.num_rows for day, rows in days.items()} == {SAMPLE_DATE: 4, NEXT_DAY: 2, EMPTY_DAY: 0}
        for day, rows in days.items():
            assert rows.to_pylist() == read_day_file(loaded, day)
    assert tables(loaded) == before
