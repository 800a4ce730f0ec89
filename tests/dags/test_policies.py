"""Rules for every DAG file."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from airflow.sdk import CronDataIntervalTimetable

from daily_papers.errors import ContractError, TransientError, UserError
from daily_papers.orchestration.names import ARXIV_POOL
from daily_papers.orchestration.retry_policy import TransientFailuresOnly, report_failure
from tests.conftest import REPOSITORY
from tests.support.airflow import dag_bag

DAG_FILES = {
    "daily_papers_dag.py": ["daily_papers"],
    "refresh_daily_papers_dag.py": ["refresh_daily_papers"],
    "review_daily_papers_dag.py": ["review_daily_papers"],
    "round_up_daily_papers_dag.py": ["round_up_daily_papers"],
}
HEAVY = {
    "great_expectations",
    "pandas",
    "numpy",
    "pyarrow",
    "duckdb",
    "openai",
    "requests",
    "markdown_it",
    "rich",
    "typer",
    "bs4",
    "lxml",
    "markdownify",
    "bpe_openai",
    "pypdfium2",
    "matplotlib",
}

_LOADED = """
import json, runpy, sys
import airflow.sdk
before = set(sys.modules)
runpy.run_path(sys.argv[1])
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_every_file_is_listed_and_parses() -> None:
    assert {path.name for path in (REPOSITORY / "dags").glob("*.py")} == set(DAG_FILES)
    bag = dag_bag()
    assert bag.import_errors == {}
    assert sorted(bag.dags) == sorted(dag_id for dag_ids in DAG_FILES.values() for dag_id in dag_ids)


@pytest.mark.parametrize("name", DAG_FILES)
def test_parsing_loads_nothing_heavy(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, str(REPOSITORY / "dags" / name)], capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert HEAVY.isdisjoint({module.partition(".")[0] for module in loaded})
    ours = {module for module in loaded if module.startswith("daily_papers")}
    cheap = {"dates", "errors", "lake", "lake.layout", "lake.library", "settings", "orchestration"}
    tasks = {"daily_tasks", "refresh_tasks", "review_tasks", "round_up_tasks"}
    wiring = {"assets", "dag_runs", "names", "retry_policy", "review_operator", "run_subject", *tasks}
    cheap |= {f"orchestration.{module}" for module in wiring}
    assert ours <= {"daily_papers", *(f"daily_papers.{module}" for module in cheap)}


@pytest.mark.parametrize("name", DAG_FILES)
def test_no_heavy_module_anywhere_after_parsing(name: str) -> None:
    script = _LOADED.replace("set(sys.modules) - before", "set(sys.modules)")
    done = subprocess.run(
        [sys.executable, "-c", script, str(REPOSITORY / "dags" / name)], capture_output=True, text=True, check=True
    )
    roots = {module.partition(".")[0] for module in json.loads(done.stdout.splitlines()[-1])}
    assert {"great_expectations", "pandas", "pyarrow", "duckdb", "openai"}.isdisjoint(roots)


@pytest.mark.parametrize("dag_id", [dag_id for dag_ids in DAG_FILES.values() for dag_id in dag_ids])
def test_every_dag_has_an_owner_tags_a_manual_retries_and_callbacks(dag_id: str) -> None:
    dag = dag_bag().dags[dag_id]
    assert dag.tags
    assert dag.description
    assert len(dag.doc_md or "") > 500
    assert dag.catchup is False
    assert dag.on_failure_callback is report_failure
    for task in dag.tasks:
        assert task.owner == "daily-papers"
        assert task.retries >= 1
        assert isinstance(task.retry_policy, TransientFailuresOnly)
        assert task.on_failure_callback in (report_failure, [report_failure])  # a mapped task keeps the bare function


def test_the_schedule_is_one_utc_day() -> None:
    timetable = dag_bag().dags["daily_papers"].timetable
    assert timetable == CronDataIntervalTimetable("0 0 * * *", timezone="UTC")


def test_what_waits_for_the_hub_ends() -> None:
    dags = dag_bag().dags
    waiting = [dags["daily_papers"].get_task("extract"), dags["refresh_daily_papers"].get_task("date.look_again")]
    assert {task.execution_timeout for task in waiting} == {timedelta(minutes=15)}


@pytest.mark.parametrize("dag_id", [dag_id for dag_ids in DAG_FILES.values() for dag_id in dag_ids])
def test_the_manual_names_every_task(dag_id: str) -> None:
    dag = dag_bag().dags[dag_id]
    assert all(f"| {task.task_id} |" in (dag.doc_md or "") for task in dag.tasks)


def test_the_six_steps() -> None:
    dag = dag_bag().dags["daily_papers"]
    assert [task.task_id for task in dag.topological_sort()] == [
        "extract",
        "read",
        "summarize",
        "audit",
        "load",
        "render",
    ]


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (UserError("x"), "fail"),
        (ContractError("x"), "fail"),
        (TransientError("x"), "retry"),
        (RuntimeError("unexpected"), "retry"),
    ],
)
def test_only_what_can_pass_is_tried_again(error: Exception, action: str) -> None:
    assert TransientFailuresOnly().evaluate(error, 1, 3).action.value == action


def test_waits_grow_have_jitter_and_follow_the_other_side() -> None:
    policy = TransientFailuresOnly()

    def seconds(error: TransientError, try_number: int, most: int) -> float:
        delay = policy.evaluate(error, try_number, most).retry_delay
        assert delay is not None
        return delay.total_seconds()

    waits = [seconds(TransientError("x"), 3, 5) for _ in range(20)]
    assert len(set(waits)) > 1
    assert all(40 <= wait <= 60 for wait in waits)
    told = seconds(TransientError("x", retry_after_seconds=55), 1, 3)
    assert 55 <= told <= 56


def test_dag_files_hold_wiring_only() -> None:
    for path in Path(REPOSITORY / "dags").glob("*.py"):
        assert len(path.read_text().splitlines()) < 150


def test_what_asks_arxiv_runs_in_the_pool_with_one_slot() -> None:
    tasks = dag_bag().dags["daily_papers"].task_dict
    assert tasks["read"].pool == ARXIV_POOL
    assert {task.pool for name, task in tasks.items() if name != "read"} == {"default_pool"}
