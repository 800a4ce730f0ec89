"""One whole Airflow for all end-to-end tests: api-server, scheduler, dag-processor and triggerer as processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daily_papers.lake.library import Library
from daily_papers.local.airflow import LocalAirflow
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import LocalServer
from tests.support.data import recorded_week
from tests.support.libraries import library_in
from tests.support.models import ScriptedModel
from tests.support.second_reader import SecondReader
from tests.support.served import environment_of

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
AT_ONCE = 8
"""Calls to the model under way at once."""


@dataclass
class Stack:
    """A running Airflow, the home it works on, and the server on the other side."""

    airflow: LocalAirflow
    server: LocalServer
    listings: RecordedListings
    model: ScriptedModel
    second_reader: SecondReader
    home: Path

    @property
    def library(self) -> Library:
        return library_in(self.home)

    def runs(self, **wanted: str) -> list[dict[str, Any]]:
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        found: list[dict[str, Any]] = self.airflow.api("GET", f"/dags/daily_papers/dagRuns?limit=100&{query}")[
            "dag_runs"
        ]
        return found

    def tasks(self, run_id: str) -> dict[str, set[str]]:
        """States of each task's instances."""
        path = f"/dags/daily_papers/dagRuns/{run_id}/taskInstances"
        states: dict[str, set[str]] = {}
        for instance in self.airflow.api("GET", path)["task_instances"]:
            states.setdefault(instance["task_id"], set()).add(instance["state"])
        return states

    def run(self, listing_date: date) -> str:
        """Triggers a date by hand, waits for the end, and returns the run's id."""
        run_id = self.airflow.trigger("daily_papers", {"date": listing_date.isoformat()})
        for _ in self.airflow.follow("daily_papers", run_id):
            pass
        return run_id

    def note(self, run_id: str) -> str | None:
        """The note of a run of daily_papers."""
        found: str | None = self.airflow.api("GET", f"/dags/daily_papers/dagRuns/{run_id}")["note"]
        return found

    def events(self, run_id: str, task_id: str) -> list[dict[str, Any]]:
        """The lines of a task's log, but for those with which Airflow frames each task."""
        path = f"/dags/daily_papers/dagRuns/{run_id}/taskInstances"
        [task] = [one for one in self.airflow.api("GET", path)["task_instances"] if one["task_id"] == task_id]
        address = f"{path}/{task_id}/logs/{task['try_number']}?map_index={task['map_index']}"
        lines: list[dict[str, Any]] = self.airflow.api("GET", address)["content"]
        return [line for line in lines if not line["event"].startswith("::") and "logger" in line]

    def log(self, run_id: str, task_id: str) -> str:
        [instance] = self.airflow.api("GET", f"/dags/daily_papers/dagRuns/{run_id}/taskInstances/{task_id}/tries")[
            "task_instances"
        ][-1:]
        path = f"/dags/daily_papers/dagRuns/{run_id}/taskInstances/{task_id}/logs/{instance['try_number']}"
        return str(self.airflow.api("GET", path)["content"])


def until(condition: Callable[[], object], *, seconds: float = 600) -> None:
    """Waits for a condition; fails with its name when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.3)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("e2e")
    model = ScriptedModel()
    second_reader = SecondReader(model)
    listings = recorded_week()
    listings.items_by_date[YESTERDAY] = []  # what the schedule runs when the DAG is switched on
    with ExitStack() as exit_stack:
        server = exit_stack.enter_context(LocalServer(listings, second_reader))
        airflow = LocalAirflow(
            root / "airflow",
            environment={
                **environment_of(server),
                "DAILY_PAPERS_HOME": str(root / "home"),
                "DAILY_PAPERS_RETRY_DELAY_SECONDS": "1",
                "DAILY_PAPERS_CONCURRENCY": str(AT_ONCE),
                "DAILY_PAPERS_VERIFIER_MODEL": "reader",
            },
        )
        exit_stack.enter_context(airflow.running())
        yield Stack(airflow, server, listings, model, second_reader, root / "home")
