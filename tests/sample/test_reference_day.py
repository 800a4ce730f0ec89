"""The sample day comes out as earlier code made it.

`tests/fixtures/reference_day` was made at f90c267, before the modules moved into packages: day file, digest, and
of every table the number of rows and a hash of each column (rows sorted; values as JSON; columns of the time of the run
left out). Prompt v3 changed the columns that name the prompt and its requests, and the tokens of the calls; nothing
else differed when they were written again. The column `is_verification` of `calls` came later.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from daily_papers.lake.library import Library, open_library
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, sample_answer
from daily_papers.warehouse import publication
from tests.support.contents import tables
from tests.support.data import FIXTURES, recorded_week
from tests.support.steps import run_day

REFERENCE = FIXTURES / "reference_day"
TIMES_OF_THE_RUN = frozenset({"asked_at", "latency_seconds", "observed_at", "first_seen_at", "last_seen_at"})
CHANGED_SINCE = frozenset({"audits"})
"""One row per expectation: more expectations were added."""
FORMER_NAMES = {"translated_title": "title_ko"}


def column_hashes(warehouse: Path, table: str) -> dict[str, Any]:
    """The number of rows of a table and a hash of each column, as the reference has them."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        relation = connection.table(table)
        columns = [column for column in relation.columns if column not in TIMES_OF_THE_RUN]
        rows = sorted([_as_json(value) for value in row] for row in relation.select(*columns).fetchall())
    digests = (hashlib.sha256("\n".join(values).encode()).hexdigest()[:16] for values in zip(*rows, strict=True))
    empty = hashlib.sha256(b"").hexdigest()[:16]
    return {
        "rows": len(rows),
        "columns": dict(zip(columns, digests, strict=True)) if rows else dict.fromkeys(columns, empty),
    }


def _as_json(value: Any) -> str:
    return json.dumps(value if isinstance(value, int | float | str | list | None) else str(value), ensure_ascii=False)


def _bytes_of(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", compression_level=9)
    return buffer.getvalue()


def test_the_sample_day_is_as_it_was_before_the_packages(serve: Callable[..., LocalServer]) -> None:
    serve(recorded_week(), sample_answer)
    run_day(SAMPLE_DATE)
    library = open_library()
    assert library.lake.digest(SAMPLE_DATE).read_bytes() == (REFERENCE / "2025-05-21.md").read_bytes()
    reference = pq.read_table(REFERENCE / "2025-05-21.parquet")
    made = pq.read_table(str(library.lake.day_file(SAMPLE_DATE)))
    made = made.rename_columns([FORMER_NAMES.get(name, name) for name in made.column_names])
    assert made.to_pylist() == reference.to_pylist()
    assert _bytes_of(made.cast(reference.schema)) == _bytes_of(reference)  # with the former name and its meaning
    before = json.loads(
        (REFERENCE / "tables.json").read_text(encoding="utf-8").replace('"title_ko"', '"translated_title"')
    )
    for table in before.keys() - CHANGED_SINCE:
        assert column_hashes(library.settings.warehouse_path, table) == before[table], table


def test_a_day_file_of_that_version_is_read_and_loaded(loaded: Library) -> None:
    """As a library made before: `title_ko` in its day file, other tables in its warehouse."""
    loaded.lake.day_file_note(SAMPLE_DATE).unlink()  # its hash is another one then
    before = read_day_file(loaded, SAMPLE_DATE)
    path = str(loaded.lake.day_file(SAMPLE_DATE))
    table = pq.read_table(path)
    former = table.rename_columns([FORMER_NAMES.get(name, name) for name in table.column_names])
    pq.write_table(former, path)
    assert read_day_file(loaded, SAMPLE_DATE) == before
    assert read_day_file(loaded, SAMPLE_DATE, ["translated_title", "paper_id"]) == [
        {"translated_title": row["translated_title"], "paper_id": row["paper_id"]} for row in before
    ]
    rows = tables(loaded)
    publication.rebuild(loaded)
    assert tables(loaded) == rows
