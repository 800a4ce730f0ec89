"""The `papers` command: output, exit codes, and that a mistake changes nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from daily_papers.ask.catalogue import named_queries
from daily_papers.errors import ContractError
from daily_papers.lake.library import Library
from daily_papers.sample.replay import RecordedListings, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, sample_answer
from daily_papers.warehouse.publication import open_for_reading
from tests.support.contents import hashes, published, tables
from tests.support.data import LEGACY_DIGEST, SATURDAY
from tests.support.models import HTML, ScriptedModel
from tests.support.papers import Done, run
from tests.support.steps import fetch, run_day

PAPERS = Path(sys.executable).with_name("papers")
DAY = SAMPLE_DATE.isoformat()


def papers(*arguments: str) -> Done:
    return run(["papers", *arguments])


def output(*arguments: str) -> str:
    done = papers(*arguments)
    assert (done.code, done.exception) == (0, ""), done.stderr
    return done.stdout


@pytest.fixture
def sample_day(serve: Callable[..., LocalServer]) -> None:
    serve(RecordedListings({SAMPLE_DATE: sample_items(), SATURDAY: []}), sample_answer)
    run_day(SAMPLE_DATE)


@pytest.fixture
def small_day(serve: Callable[..., LocalServer]) -> None:
    serve(RecordedListings({SAMPLE_DATE: sample_items()[:2], SATURDAY: []}), ScriptedModel({"2505.11594": ["prose"]}))
    run_day(SAMPLE_DATE)
    run_day(SATURDAY)


@pytest.mark.usefixtures("sample_day")
def test_reading_the_sample_day(home: Path) -> None:
    assert output("digest", DAY) == (home / "digests" / f"{DAY}.md").read_text()
    assert output("export", DAY, "--style", "digest") == output("digest", DAY)
    [day] = json.loads(output("status", "--format", "json"))
    assert day == {
        "listing_date": DAY, "status": "published", "listed": 32, "complete": 32, "quarantined": 0, "pending": 0,
        "problems": [], "warnings": [],
    }  # fmt: skip
    shown = dict(json.loads(output("show", "2505.11594", "--format", "json"))[1].items())
    assert shown == {"field": "status", "value": "complete"}
    assert "1038 TOPS" in output("show", "2505.11594")
    assert [row["name"] for row in json.loads(output("queries", "--format", "json"))] == list(named_queries())
    assert output("queries", "top_papers") == named_queries()["top_papers"].sql
    most = list(csv.reader(io.StringIO(output("sql", "top_papers", "--param", "most=3", "--format", "csv"))))
    assert len(most) == 1 + 3
    assert "| 2505\\.14683 |" not in output("sql", "top_papers", "--format", "md")
    assert "| 2505.14683 |" in output("sql", "top_papers", "--format", "md")
    assert "BAGEL" in output("sql", "SELECT markdown FROM sections WHERE paper_id = '2505.14683'")


@pytest.mark.usefixtures("small_day")
def test_what_is_missing_is_named_with_its_remedy() -> None:
    [row] = json.loads(output("quarantine", DAY, "--format", "json"))
    assert (row["paper_id"], row["reason"]) == ("2505.11594", "answer_not_json")
    assert row["meaning"] == "The answer is not JSON."
    assert row["remedy"]
    statuses = {row["listing_date"]: row["status"] for row in json.loads(output("status", "--format", "json"))}
    assert statuses == {DAY: "published", "2025-05-24": "empty"}
    done = papers("digest", "2025-05-24")
    assert (done.code, done.stdout) == (0, "")
    assert "listed no papers" in done.stderr
    assert json.loads(output("status", "2025-05-23", "--format", "json"))[0]["status"] == "missing"
    range_of_days = json.loads(output("status", DAY, "2025-05-24", "--format", "json"))
    assert [row["status"] for row in range_of_days] == ["published", "missing", "missing", "empty"]


def test_warnings_are_named_and_explained(serve: Callable[..., LocalServer]) -> None:
    monday = date(2025, 5, 26)
    serve(RecordedListings({monday: []}), ScriptedModel())
    run_day(monday)
    done = papers("status", "--format", "json")
    [row] = json.loads(done.stdout)
    assert (row["status"], row["warnings"]) == ("empty", ["empty_weekday"])
    assert "2025-05-26: Hugging Face listed nothing on a weekday (a holiday, or a fault)." in done.stderr


def test_a_date_that_could_not_be_fetched_is_not_taken_for_empty(serve: Callable[..., LocalServer]) -> None:
    serve(lambda query: HTML, ScriptedModel())
    with pytest.raises(ContractError):
        fetch(SAMPLE_DATE)
    done = papers("status", "--format", "json")
    assert (done.code, json.loads(done.stdout)[0]["status"]) == (1, "fetch_failed")
    assert "Check HF_ENDPOINT" in done.stderr
    refused = papers("digest", DAY)
    assert refused.code == 2
    assert "this does not mean that it is empty" in refused.stderr


@pytest.mark.usefixtures("small_day")
def test_costs_by_date_model_and_prompt(library: Library) -> None:
    [row] = json.loads(output("costs", "--format", "json"))
    assert (row["listing_date"], row["model"], row["prompt_version"]) == (DAY, "test-model", "v3")
    assert (row["calls"], row["answers"], row["cost_usd"], row["answers_without_price"]) == (4, 4, None, 4)
    assert row["input_tokens"] > row["cached_input_tokens"] == 0
    assert row["output_tokens"] > 0
    assert json.loads(output("costs", "2025-05-22", "2025-05-24", "--format", "json")) == []
    assert len(json.loads(output("costs", "2025-05-20", DAY, "--format", "json"))) == 1
    with open_for_reading(library) as connection:
        assert connection.execute("SELECT count(*) FROM daily_cost").fetchone() == (1,)


@pytest.mark.usefixtures("small_day")
def test_the_history_of_a_paper_is_shown() -> None:
    run_day(SAMPLE_DATE)
    shown = json.loads(output("show", "2505.14683", "--format", "json"))
    assert re.fullmatch(r"2025-05-21, seen \S+ \S+ to \S+ \S+ UTC, latest votes: 45", shown[0]["value"])
    looks = json.loads(
        output("sql", "SELECT new_upvotes FROM vote_history WHERE paper_id = '2505.14683'", "--format", "json")
    )
    assert [look["new_upvotes"] for look in looks] == [None, 0]


@pytest.mark.usefixtures("small_day")
def test_a_short_command_ends_well_every_time() -> None:
    """Arrow's threads once aborted two of three processes that ended right after reading."""
    command = [str(PAPERS), "quarantine", DAY]
    assert [subprocess.run(command, capture_output=True, check=False).returncode for _ in range(8)] == [0] * 8


@pytest.mark.usefixtures("small_day")
def test_columns_of_one_name_stay_apart_and_numbers_stay_numbers() -> None:
    [row] = json.loads(output("sql", "SELECT 1 AS a, 2 AS a, 1.5 AS b", "--format", "json"))
    assert row == {"a": 1, "a_2": 2, "b": 1.5}


@pytest.mark.usefixtures("small_day")
def test_rebuilding_gives_the_same_files_and_rows(home: Path, library: Library) -> None:
    before, rows = published(home), tables(library)
    for arguments in (["rebuild"], ["rebuild", "--from-inputs"]):
        (home / "digests" / f"{DAY}.md").unlink()
        library.settings.warehouse_path.unlink()
        assert "Rebuilt dates: 2, digests: 1" in papers(*arguments).stderr
        assert (published(home), tables(library)) == (before, rows)


def test_importing_and_exporting_an_older_digest(home: Path, library: Library) -> None:
    assert "16 papers × 7 sections" in papers("import", str(LEGACY_DIGEST)).stderr
    done = subprocess.run([str(PAPERS), "export", DAY, "--style", "legacy"], capture_output=True, check=True)
    assert done.stdout == LEGACY_DIGEST.read_bytes()
    rows = tables(library)
    assert (len(rows["legacy_summaries"]), len(rows["legacy_sections"]), len(rows["summaries"])) == (16, 112, 0)
    before = hashes(home / "lake")
    assert papers("import", str(LEGACY_DIGEST)).code == 0
    assert hashes(home / "lake") == before
    assert "legacy_summaries" in output("sql", "SELECT table_name FROM duckdb_tables()", "--format", "csv")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["digest", "2025-13-01"], 2, "not a calendar date"),
        (["digest", "yesterday"], 2, "YYYY-MM-DD"),
        (["digest", "2999-01-01"], 2, "in the future"),
        (["digest", DAY], 2, "Run the DAG"),
        (["export", DAY, "--style", "digest"], 2, "papers status"),
        (["export", DAY, "--style", "legacy"], 2, "papers import"),
        (["export", DAY], 2, "--style"),
        (["show", "../../etc/passwd"], 2, "arXiv id"),
        (["show", "2505.00001"], 2, "No warehouse"),
        (["sql", "top_papers"], 2, "make demo"),
        (["sql", "no_such_query"], 2, "top_papers"),
        (["sql", "top_papers", "--param", "most"], 2, "--param NAME=VALUE"),
        (["queries", "no_such_query"], 2, "top_papers"),
        (["search", "모델"], 2, "No warehouse"),
        (["search", "!!!"], 2, "at least one word"),
        (["search", "모델", "--from", "yesterday"], 2, "YYYY-MM-DD"),
        (["round-up", "2025"], 2, "2025-W21"),
        (["round-up", "2025-W21"], 2, "No warehouse"),
        (["export-parquet", "tables"], 2, "No warehouse"),
        (["quarantine", DAY], 2, "no audited rows"),
        (["import", "/does/not/exist.md"], 2, "cannot be read"),
        (["status", "--format", "xml"], 2, "xml"),
        (["status", "2025-05-22", DAY], 2, "earlier date first"),
        (["costs", "2025-05-22", DAY], 2, "earlier date first"),
        (["costs"], 2, "No warehouse"),
        (["status", DAY, "tomorrow"], 2, "YYYY-MM-DD"),
        (["unknown"], 2, "unknown"),
        (["import", "/dev/null"], 2, "must begin with"),
    ],
)
def test_a_mistake_gets_a_message_and_changes_nothing(arguments: list[str], code: int, words: str, home: Path) -> None:
    done = papers(*arguments)
    assert done.code == code
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert hashes(home) == {}


@pytest.mark.usefixtures("small_day")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM days",
        "SELECT 1; SELECT 2",
        "SELEC 1",
        "ATTACH 'x.db'",
        "SELECT * FROM read_text('/etc/passwd')",
        ";",
    ],
)
def test_sql_only_reads(statement: str, home: Path) -> None:
    before = hashes(home)
    done = papers("sql", statement + " ")
    assert done.code == 2
    assert done.stderr.startswith("Error: ")
    assert hashes(home) == before


def test_a_digest_with_a_missing_section_imports_nothing(tmp_path: Path, home: Path) -> None:
    broken = tmp_path / "broken.md"
    broken.write_text(LEGACY_DIGEST.read_text().replace("## 4. 실험 설정\n\n", "", 1))
    done = papers("import", str(broken))
    assert done.code == 2
    assert "2505.14683: the section '4. 실험 설정' is missing" in done.stderr
    assert hashes(home) == {}


def test_no_data_is_said_in_words() -> None:
    assert "Nothing has been fetched yet" in papers("status").stderr
