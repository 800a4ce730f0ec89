"""Airflow in this process: a migrated database, fresh DAGs, and runs with `dag.test()`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any


@cache
def _database() -> None:
    from airflow.utils.db import initdb

    initdb()


def dag_bag() -> Any:
    """The repository's DAGs, parsed anew: `dag.test()` leaves a run's configuration in the parameters of a DAG."""
    from airflow.dag_processing.dagbag import DagBag

    _database()
    return DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])


@dataclass(frozen=True)
class RunResult:
    state: str
    tasks: dict[tuple[str, int], str]
    run_id: str


def run_dag(
    conf: Mapping[str, Any] | None = None, logical_date: datetime | None = None, *, dag_id: str = "daily_papers"
) -> RunResult:
    """One run of a DAG in this process."""
    dag = dag_bag().dags[dag_id]
    run = dag.test(logical_date=logical_date or datetime.now(UTC), run_conf=dict(conf or {}))
    tasks = {(one.task_id, one.map_index): str(one.state) for one in run.get_task_instances()}
    return RunResult(str(run.state), tasks, run.run_id)


def states(result: RunResult) -> dict[str, str]:
    """State per task; a mapped task is what all its instances are, or `mixed`."""
    found: dict[str, set[str]] = {}
    for (task_id, _), state in result.tasks.items():
        found.setdefault(task_id, set()).add(state)
    return {task_id: next(iter(some)) if len(some) == 1 else "mixed" for task_id, some in found.items()}
