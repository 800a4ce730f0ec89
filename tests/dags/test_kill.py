"""`kill -9` of the process after each step: running again reaches the same end and pays for nothing twice."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daily_papers.lake.library import open_library
from daily_papers.sample.server import LocalServer
from tests.support.airflow import run_dag
from tests.support.contents import published, tables_but_looks
from tests.support.data import few_papers
from tests.support.models import ScriptedModel

PAPERS = 6
LOGICAL_DATE = datetime(2025, 5, 21, tzinfo=UTC)


def files(home: Path, pattern: str) -> int:
    return len(list(home.glob(pattern)))


UNBROKEN = "never"
DONE: dict[str, Callable[[Path], bool]] = {
    UNBROKEN: lambda home: True,  # comes first: the others are compared with it
    "extract": lambda home: files(home, "lake/listings/*/observations/*.json") == 1,
    "read": lambda home: files(home, "lake/sources/*/*.json.gz") == PAPERS,
    "summarize, half of it": lambda home: files(home, "lake/calls/*/*.answer.json") >= PAPERS // 2,
    "summarize": lambda home: files(home, "lake/calls/*/*.answer.json") == PAPERS,
    "audit": lambda home: files(home, "lake/days/*.parquet") == 1,
    "load": lambda home: (home / "warehouse.duckdb").exists(),
    "render": lambda home: files(home, "digests/*.md") == 1,
}


def _run() -> None:
    run_dag(logical_date=LOGICAL_DATE)


def killed_when(done: Callable[[Path], bool], home: Path) -> None:
    """Runs the DAG in a process of its own and kills that as soon as the step has left its files."""
    process = multiprocessing.get_context("spawn").Process(target=_run)
    process.start()
    deadline = time.monotonic() + 120
    while not done(home):
        assert process.is_alive(), "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.fixture(scope="module")
def expected() -> dict[str, object]:
    return {}


@pytest.mark.parametrize("step", DONE)
def test_killed_after_a_step(
    step: str,
    home: Path,
    serve: Callable[..., LocalServer],
    monkeypatch: pytest.MonkeyPatch,
    expected: dict[str, object],
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "2")
    model = ScriptedModel(seconds=0.2)
    serve(few_papers(PAPERS), model)
    if step != UNBROKEN:
        killed_when(DONE[step], home)
    answered = {path.parent.name for path in home.glob("lake/calls/*/*.answer.json")}
    assert run_dag(logical_date=LOGICAL_DATE).state == "success"
    assert all(model.calls[paper_id] == 1 for paper_id in answered)
    assert PAPERS <= model.calls.total() <= PAPERS + 2  # two were under way
    rows = tables_but_looks(open_library())
    end = {**published(home), "days": rows["days"], "sections": rows["sections"], "listings": rows["listings"]}
    if step == UNBROKEN:
        expected.update(end)
    assert end == expected
