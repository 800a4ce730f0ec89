"""`make up` at night: a second start is refused; killed in the middle of a run, it says so, and the run goes on."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from daily_papers.audit.day_status import day_summary
from daily_papers.local.airflow import free_port
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.conftest import REPOSITORY
from tests.e2e.conftest import until
from tests.e2e.test_demo import environment
from tests.support.data import few_papers
from tests.support.libraries import library_in
from tests.support.models import ScriptedModel
from tests.support.served import environment_of

pytestmark = pytest.mark.e2e

RUN = "the-run-of-this-test"


@dataclass
class Up:
    """`make up` with a library, and what it says."""

    root: Path
    variables: dict[str, str]
    process: subprocess.Popen[str] | None = None
    said: str = ""
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def command(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "daily_papers.local.up"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=REPOSITORY,
            env=environment(self.root, **self.variables),
        )

    def start(self) -> None:
        self.process, self.said = self.command(), ""
        deadline = time.monotonic() + 240
        while "Press Ctrl-C to stop everything" not in self.said:
            line = self.process.stdout.readline() if self.process.stdout else ""
            assert line, self.said
            assert time.monotonic() < deadline
            self.said += line
        [self.address] = re.findall(r"Airflow +(http://127\.0\.0\.1:\d+)", self.said)
        [password] = re.findall(r"Login +admin / (\S+)", self.said)
        login = {"username": "admin", "password": password}
        token = requests.post(f"{self.address}/auth/token", json=login, timeout=60).json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def api(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            method, f"{self.address}/api/v2/dags/daily_papers{path}", json=body, headers=self.headers, timeout=60
        )
        return answer.json() if answer.ok else {}

    def component(self, name: str) -> psutil.Process:
        """The process that leads a component's session."""
        leaders = json.loads((self.root / "airflow" / "running.json").read_text())["sessions"]
        [found] = [one for one in map(psutil.Process, leaders) if name in " ".join(one.cmdline()).replace("_", "-")]
        return found

    @property
    def processes(self) -> list[psutil.Process]:
        """Living processes of this Airflow, by the folder they run in: their titles hide their environment."""
        home = self.root / "airflow"
        found = []
        for process in psutil.process_iter():
            try:
                if Path(process.cwd()) == home and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
        return found

    def end(self) -> str:
        """What it says from here to its end."""
        assert self.process
        rest, _ = self.process.communicate(timeout=90)
        return rest


@pytest.fixture
def up(home: Path) -> Iterator[Up]:
    model = ScriptedModel(seconds=2)
    with LocalServer(few_papers(8), model) as server:
        variables = {
            **environment_of(server),
            "DAILY_PAPERS_HOME": str(home),
            "DAILY_PAPERS_CONCURRENCY": "1",
            "AIRFLOW_HOME": str(home.parent / "airflow"),
            "PORT": str(free_port()),
        }
        made = Up(home.parent, variables)
        yield made
        if made.process:
            made.process.kill()
        for left in made.processes:
            left.kill()


def test_killed_in_the_middle_of_a_run_it_says_so_and_goes_on(up: Up, home: Path) -> None:
    up.start()
    assert up.process
    second = up.command()
    refusal, _ = second.communicate(timeout=60)
    assert second.returncode == 2
    assert f"run by `make up` (process {up.process.pid}), since " in refusal
    assert f"at {up.address}. Stop it" in refusal
    assert len(refusal.splitlines()) == 2  # it says first that it starts

    up.api("PATCH", "?update_mask=is_paused", {"is_paused": False})
    conf = {"date": SAMPLE_DATE.isoformat()}
    up.api("POST", "/dagRuns", {"dag_run_id": RUN, "logical_date": None, "conf": conf})
    answers = home / "lake" / "calls"
    until(lambda: len(list(answers.glob("*/*.answer.json"))) >= 1)

    for component in ("scheduler", "api-server"):
        up.component(component).send_signal(signal.SIGKILL)
        rest = up.end()
        assert up.process.returncode == 1
        assert f"Error: The {component} was killed by signal 9 (SIGKILL)" in rest
        assert "Run `make up` again: interrupted runs continue" in rest
        assert f"Its log: {up.root}/airflow/logs/components/{component}.log" in rest
        assert len(rest) < 3000
        assert up.processes == []
        up.start()

    up.process.kill()  # the start itself: nobody is left to end the components
    up.process.wait()
    left = {process.pid for process in up.processes}
    assert len(left) >= 4
    up.start()
    assert left.isdisjoint(process.pid for process in up.processes)
    until(lambda: up.api("GET", f"/dagRuns/{RUN}").get("state") in ("success", "failed"), seconds=300)
    assert up.api("GET", f"/dagRuns/{RUN}")["state"] == "success"
    summary = day_summary(library_in(home), SAMPLE_DATE)
    assert (summary.complete, summary.listed) == (8, 8)

    up.component("dag-processor").terminate()
    assert "Error: The dag-processor" in up.end()
    assert up.processes == []
