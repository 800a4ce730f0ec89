"""A whole day under a real scheduler, beside the usual designs.

`python -m bench.day_bench [--papers 50] [--seconds 3] [--without-rivals] [--tasks] [--json FILE]`

Ours, one task per paper, and six empty tasks run in one Airflow (LocalExecutor, SQLite, a model that only waits, on
another process); the sequential script runs beside no Airflow work. Bare times mean nothing on a busy machine, so the
figures are ratios from one run. Ours reads abstracts, as the rivals do: arXiv's pace is arXiv's.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.support.models import ScriptedModel

from daily_papers.environment_file import REPOSITORY
from daily_papers.local.airflow import LocalAirflow
from daily_papers.sample.replay import RecordedListings, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, no_document

SEQUENTIAL_PAPERS = 5
"""So many papers of the sequential script are measured; its time is linear in their number."""
REPEATS = 3


def serve(pipe: Connection, papers: int, seconds: float) -> None:
    """A hub and a model in one process; tells its addresses, then the number of calls whenever asked."""
    items = sample_items()
    listed = []
    for number in range(papers):
        item = json.loads(json.dumps(items[number % len(items)]))
        item["paper"]["id"] = f"2505.{number + 20001:05d}"
        listed.append(item)
    model = ScriptedModel(seconds=seconds)
    with LocalServer(RecordedListings({SAMPLE_DATE: listed}), model, no_document) as server:
        pipe.send((server.address, server.model_address))
        while pipe.recv() is not None:
            pipe.send((model.calls.total(), model.most_at_once))


class Bench:
    """One Airflow with our DAGs and the rivals'."""

    def __init__(self, folder: Path, pipe: Connection, environment: dict[str, str]) -> None:
        self._pipe = pipe
        dags = folder / "dags"
        shutil.copytree(REPOSITORY / "dags", dags)
        shutil.copy(Path(__file__).with_name("rivals") / "rival_dags.py", dags)
        self.home = folder / "home"
        self.airflow = LocalAirflow(
            folder / "airflow",
            environment={
                **environment,
                "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
                "DAILY_PAPERS_HOME": str(self.home),
                "DAILY_PAPERS_SOURCE": "abstract",
                "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]),
            },
        )

    def run(self, dag_id: str) -> float:
        """Seconds from when a run is queued to when it has ended well."""
        run_id = self.airflow.trigger(dag_id, {"date": str(SAMPLE_DATE)})
        for _ in self.airflow.follow(dag_id, run_id):
            pass
        run = self.airflow.api("GET", f"/dags/{dag_id}/dagRuns/{run_id}")
        if run["state"] != "success":
            raise AssertionError(f"{dag_id} ended as {run['state']}: {self.airflow.failures(dag_id, run_id)}")
        return (datetime.fromisoformat(run["end_date"]) - datetime.fromisoformat(run["queued_at"])).total_seconds()

    def tasks(self, dag_id: str) -> dict[str, tuple[float, float]]:
        """When each task of the newest run began and how long it took, in seconds since the run was queued."""
        [run] = self.airflow.api("GET", f"/dags/{dag_id}/dagRuns?limit=1&order_by=-run_after")["dag_runs"]
        queued = datetime.fromisoformat(run["queued_at"])
        found = {}
        for one in self.airflow.api("GET", f"/dags/{dag_id}/dagRuns/{run['dag_run_id']}/taskInstances")[
            "task_instances"
        ]:
            if one["start_date"]:
                began = (datetime.fromisoformat(one["start_date"]) - queued).total_seconds()
                found[one["task_id"]] = (round(began, 2), round(one["duration"] or 0, 2))
        return found

    def calls(self) -> tuple[int, int]:
        """Calls to the model so far, and the most at once."""
        self._pipe.send("?")
        found: tuple[int, int] = self._pipe.recv()
        return found

    def forget(self) -> None:
        """Throws our library away, so that the next run is a first one."""
        shutil.rmtree(self.home)


def measure(bench: Bench, papers: int, *, rivals: bool) -> dict[str, Any]:
    """All figures, in seconds."""
    times: dict[str, list[float]] = {"six empty tasks": [], "ours": [], "ours again": []}
    bench.run("six_empty_tasks")  # what the scheduler does once
    bench.run("daily_papers")
    if rivals:
        bench.run("one_task_per_paper")
        _sequential(1)
    tasks = {}
    calls_again = 0
    for _ in range(REPEATS):
        times["six empty tasks"].append(bench.run("six_empty_tasks"))
        bench.forget()
        times["ours"].append(bench.run("daily_papers"))
        tasks["ours"] = bench.tasks("daily_papers")
        before, _ = bench.calls()
        times["ours again"].append(bench.run("daily_papers"))
        tasks["ours again"] = bench.tasks("daily_papers")
        calls_again += bench.calls()[0] - before
    if rivals:
        times["one task per paper"] = [bench.run("one_task_per_paper")]
        times["sequential script"] = [_sequential(SEQUENTIAL_PAPERS) * papers / SEQUENTIAL_PAPERS]
    return {"seconds": times, "tasks": tasks, "calls of a second run": calls_again, "most at once": bench.calls()[1]}


def _sequential(papers: int) -> float:
    from bench.rivals.sequential_script import main as script

    started = time.monotonic()
    script(str(SAMPLE_DATE), papers)
    return time.monotonic() - started


def markdown(found: dict[str, Any], papers: int, seconds: float) -> str:
    """The figures as a table of ratios."""
    typical = {name: statistics.median(values) for name, values in found["seconds"].items()}
    ours = typical["ours"]
    rows: list[tuple[str, str]] = [
        ("the limit (all calls at once) / ours", f"{seconds / ours:.2f}"),
        ("ours / six empty tasks", f"{ours / typical['six empty tasks']:.2f}"),
        ("ours again, nothing to do / six empty tasks", f"{typical['ours again'] / typical['six empty tasks']:.2f}"),
        ("calls of a second run", str(found["calls of a second run"])),
        ("most calls at once", str(found["most at once"])),
    ]
    for rival in ("one task per paper", "sequential script"):
        if rival in typical:
            rows.insert(0, (f"{rival} / ours", f"{typical[rival] / ours:.1f}"))
    spread = max(found["seconds"]["ours"]) / min(found["seconds"]["ours"])
    head = f"a day of {papers} papers, {seconds:g} s a call ({REPEATS} runs, rivals 1; slowest / fastest {spread:.2f})"
    lines = [f"| {head} | |", "|---|--:|", *(f"| {name} | {value} |" for name, value in rows)]
    return "\n".join(lines)


def run_beside(papers: int, seconds: float, use: Callable[[Bench], dict[str, Any]]) -> dict[str, Any]:
    """Starts server and Airflow, and ends them."""
    context = multiprocessing.get_context("spawn")
    pipe, other = context.Pipe()
    server = context.Process(target=serve, args=(other, papers, seconds), daemon=True)
    server.start()
    hub, model = pipe.recv()
    environment = {
        "HF_ENDPOINT": hub, "OPENAI_BASE_URL": model, "OPENAI_API_KEY": "sk-bench-0123456789",
        "DAILY_PAPERS_MODEL": "bench",
    }  # fmt: skip
    os.environ.update(environment)
    with tempfile.TemporaryDirectory(prefix="day-bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(Path(folder), pipe, environment)
        with bench.airflow.running():
            found = use(bench)
    pipe.send(None)
    server.join(10)
    return found


def main() -> None:
    """Measures, and prints Markdown."""
    parser = argparse.ArgumentParser(prog="python -m bench.day_bench", description=__doc__)
    parser.add_argument("--papers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=3.0, help="what the model takes for an answer")
    parser.add_argument("--without-rivals", action="store_true")
    parser.add_argument("--tasks", action="store_true", help="also print when each task began and how long it took")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    given = parser.parse_args()
    found = run_beside(
        given.papers, given.seconds, lambda bench: measure(bench, given.papers, rivals=not given.without_rivals)
    )
    print(markdown(found, given.papers, given.seconds))
    if given.tasks:
        for name, tasks in found["tasks"].items():
            print(f"{name}: {tasks}", file=sys.stderr)
        print(found["seconds"], file=sys.stderr)
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
