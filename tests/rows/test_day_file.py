from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from daily_papers.audit.run import audit_day
from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library, open_library
from daily_papers.rows.day_file import COLUMNS, SCHEMA, read_day_file, write_day_file
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.contents import hashes, published
from tests.support.data import few_papers
from tests.support.models import ScriptedModel
from tests.support.steps import run_day


@pytest.fixture
def day(serve: Callable[..., LocalServer], library: Library) -> Library:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    return library


def test_the_same_rows_give_the_same_bytes_in_any_order_and_process(day: Library, home: Path) -> None:
    before = published(home)
    write_day_file(day, SAMPLE_DATE, list(reversed(read_day_file(day, SAMPLE_DATE))))
    assert published(home) == before
    script = (
        "from datetime import date; from daily_papers.lake.library import Library;"
        "from daily_papers.settings import Settings;"
        "from daily_papers.rows.day_file import *;"
        f"library = Library(Settings(DAILY_PAPERS_HOME={str(home)!r})); day = date(2025, 5, 21);"
        "write_day_file(library, day, read_day_file(library, day))"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONHASHSEED": "7", "PATH": ""})
    assert published(home) == before


def test_the_file_carries_its_documentation_and_zstd(day: Library) -> None:
    file = pq.ParquetFile(str(day.lake.day_file(SAMPLE_DATE)))
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    described = {field.name: (field.metadata or {})[b"description"].decode() for field in file.schema_arrow}
    assert described == {column.name: column.meaning for column in COLUMNS}
    assert file.schema_arrow.types == SCHEMA.types


def test_a_null_where_none_belongs_changes_nothing(day: Library, home: Path) -> None:
    before = hashes(home)
    rows = read_day_file(day, SAMPLE_DATE)
    with pytest.raises(Exception, match="null"):
        write_day_file(day, SAMPLE_DATE, [{**rows[0], "listed": None}, *rows[1:]])
    assert hashes(home) == before


def test_a_file_of_an_earlier_version_says_what_to_do(day: Library) -> None:
    path = str(day.lake.day_file(SAMPLE_DATE))
    pq.write_table(pq.read_table(path).drop_columns(["findings"]), path)
    day.lake.day_file_note(SAMPLE_DATE).unlink()  # such a version noted no hash
    with pytest.raises(TerminalError, match=r"lacks findings.*papers rebuild --from-inputs"):
        read_day_file(day, SAMPLE_DATE)
    assert read_day_file(day, SAMPLE_DATE, ["status"])
    audit_day(open_library(), SAMPLE_DATE)
    assert read_day_file(day, SAMPLE_DATE)
