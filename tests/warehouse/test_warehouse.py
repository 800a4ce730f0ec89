"""What is in the warehouse after loads, in any order."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from itertools import permutations

import duckdb
import pyarrow as pa
import pytest

from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library
from daily_papers.rows.day_file import SCHEMA
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.warehouse import publication
from daily_papers.warehouse.duckdb_access import statements
from daily_papers.warehouse.fill_tables import _SECTIONS, _insert
from tests.support.contents import tables
from tests.support.data import item
from tests.support.models import ScriptedModel
from tests.support.steps import run_day
from tests.support.three_days import DAYS, EMPTY_DAY, NEXT_DAY


def test_loading_again_changes_no_row(loaded: Library) -> None:
    before = tables(loaded)
    publication.load(loaded, DAYS)
    assert tables(loaded) == before


def test_the_order_of_loading_does_not_matter(loaded: Library) -> None:
    before = tables(loaded)
    assert [row[2] for row in before["papers"] if row[0] == "2505.14683"] == ["A new title"]
    for order in permutations(DAYS):
        loaded.settings.warehouse_path.unlink()
        for day in order:
            publication.load(loaded, [day])
        assert tables(loaded) == before


def test_a_paper_that_moved_keeps_the_facts_of_where_it_is_listed(
    serve: Callable[..., LocalServer], library: Library
) -> None:
    moved, other = item("2505.00007", title="Before the move"), item("2505.00008")
    listings = RecordedListings({SAMPLE_DATE: [other], NEXT_DAY: [moved, other]})
    serve(listings, ScriptedModel())
    run_day(NEXT_DAY)
    listings.items_by_date |= {SAMPLE_DATE: [item("2505.00007", title="After the move")], NEXT_DAY: [other]}
    for day in (SAMPLE_DATE, NEXT_DAY):
        run_day(day)
    rows = tables(library)
    assert [(row[1], row[2]) for row in rows["papers"] if row[0] == "2505.00007"] == [(SAMPLE_DATE, "After the move")]
    assert {row[1] for row in rows["quarantine"]} == set()
    with publication.open_for_reading(library) as connection:
        query = "SELECT listing_date FROM published_papers WHERE paper_id = '2505.00007'"
        assert connection.execute(query).fetchall() == [(SAMPLE_DATE,)]


def test_what_is_in_the_tables(loaded: Library) -> None:
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


def test_readers_never_see_an_unaudited_text(loaded: Library) -> None:
    with publication.open_for_reading(loaded) as connection:
        assert connection.execute("SELECT count(*) FROM published_papers WHERE paper_id = '2505.00002'").fetchone() == (
            0,
        )
        assert connection.execute("SELECT count(*) FROM sections WHERE paper_id = '2505.00002'").fetchone() == (0,)


def test_every_table_and_view_has_a_comment_and_answers(loaded: Library) -> None:
    with publication.open_for_reading(loaded) as connection:
        for kind in ("tables", "views"):
            found = connection.execute(
                f"SELECT {kind[:-1]}_name, comment FROM duckdb_{kind}() WHERE NOT internal"
            ).fetchall()
            assert found
            assert [name for name, comment in found if not comment] == []
            for name, _ in found:
                connection.execute(f"FROM {name}").fetchall()


def test_every_column_has_a_comment_and_every_null_a_meaning(loaded: Library) -> None:
    with publication.open_for_reading(loaded) as connection:
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


def test_what_was_paid_for_stays_when_a_day_file_is_gone(loaded: Library) -> None:
    calls = tables(loaded)["calls"]
    loaded.lake.day_file(SAMPLE_DATE).unlink()
    publication.load(loaded, [SAMPLE_DATE])
    after = tables(loaded)
    assert after["calls"] == calls
    assert [row for row in after["listings"] if row[0] == SAMPLE_DATE] == []
    publication.rebuild(loaded)
    assert tables(loaded) == after


def test_a_lost_day_file_keeps_no_other_date_from_its_load(loaded: Library) -> None:
    loaded.lake.day_file(NEXT_DAY).unlink()  # the newer date of the shared paper
    publication.load(loaded, [SAMPLE_DATE])
    rows = {row[0]: row[1:3] for row in tables(loaded)["papers"]}
    assert rows["2505.14683"] == (SAMPLE_DATE, "Emerging Properties in Unified Multimodal Pretraining")


def test_audited_rows_without_a_look_are_refused_with_what_to_restore(loaded: Library) -> None:
    before = tables(loaded)
    shutil.rmtree(str(loaded.lake.observations(SAMPLE_DATE).parent))
    with pytest.raises(TerminalError, match=rf"{SAMPLE_DATE} .* Restore .*listings/{SAMPLE_DATE} from a backup"):
        publication.load(loaded, [SAMPLE_DATE])
    assert tables(loaded) == before


def test_rows_are_inserted_by_the_names_of_their_columns() -> None:
    """Two columns of one type that change places would pass every check of types."""
    with duckdb.connect() as connection:
        connection.execute(statements("schema"))
        row = {"listing_date": SAMPLE_DATE, "warning": "votes", "meaning": "no votes"}
        _insert(connection, "warnings", [dict(reversed(row.items()))])
        assert connection.execute("FROM warnings").fetchall() == [tuple(row.values())]
        for other in ({**row, "more": "x"}, {name: row[name] for name in ("listing_date", "warning")}):
            with pytest.raises(ValueError, match=r"a row of warnings has other columns: \['(more|meaning)'\]"):
                _insert(connection, "warnings", [other])


INSERT = re.compile(r"INSERT INTO (\w+) BY NAME\s+(.*)", re.DOTALL)


def test_every_statement_gives_each_column_of_its_table() -> None:
    """BY NAME leaves a forgotten column null, and says nothing."""
    seen = pa.schema([(name, pa.timestamp("us")) for name in ("first_seen_at", "last_seen_at")])
    seen = seen.append(pa.field("listing_date", pa.date32())).append(pa.field("paper_id", pa.string()))
    inserted = []
    with duckdb.connect() as connection:
        connection.execute(statements("schema"))
        connection.register("day_rows", SCHEMA.empty_table())
        connection.register("paper_rows", SCHEMA.empty_table())
        connection.register("seen", seen.empty_table())
        texts = statements("load_listings_and_summaries").replace("{sections}", f"[{_SECTIONS}]") + statements(
            "load_papers_and_authors"
        )
        for statement in connection.extract_statements(texts):
            if insert := INSERT.search(statement.query):
                table, select = insert[1], insert[2].rstrip().rstrip(";")
                assert set(connection.sql(select).columns) == set(connection.table(table).columns), table
                inserted.append(table)
            assert "INSERT" not in statement.query or insert, statement.query
            connection.execute(statement)
    assert {"listings", "summaries", "papers"} <= set(inserted)
