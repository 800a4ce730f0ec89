"""`make demo` and `make up` as a newcomer runs them, without make: make only adds the installation."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

from daily_papers.local.airflow import free_port
from daily_papers.sample.replay import sample_server
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.e2e


def environment(user_home: Path, **variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(user_home), "PYTHON_DOTENV_DISABLED": "1", **variables}


def demo(directory: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daily_papers.local.demo"],
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
        env=environment(directory, **variables),
    )


def ours(home: Path) -> list[psutil.Process]:
    """Processes that work on this home."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("DAILY_PAPERS_HOME") == str(home):
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return [process for process in found if process.pid != os.getpid()]


def interrupted_after(line_end: str, directory: Path) -> int:
    """Starts the demo, presses Ctrl-C when a line of its output ends so, and returns the exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "daily_papers.local.demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=directory,
        env=environment(directory),
    )
    for line in process.stdout or ():
        if line_end in line:
            process.send_signal(signal.SIGINT)
    return process.wait(timeout=60)


def test_the_demo_shows_a_whole_day_also_after_it_was_stopped_once(tmp_path: Path) -> None:
    home, library = tmp_path / "data" / "demo", tmp_path / "library"
    assert interrupted_after("success  extract", tmp_path) == 130
    assert ours(home) == []
    done = demo(
        tmp_path,
        DAILY_PAPERS_HOME=str(library),
        DAILY_PAPERS_WAREHOUSE=str(library / "my.duckdb"),
        DAILY_PAPERS_LANGUAGE="en",
        HTTP_PROXY="http://127.0.0.1:9",
        AIRFLOW_CONN_OPENAI_DEFAULT='{"conn_type": "openai", "host": "http://127.0.0.1:9/v1"}',
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for words in (
        "hand-written SAMPLE answers",
        "success  extract",
        "success  render",
        "32 of 32 complete, 0 quarantined, 0 pending",
        "0.0000 USD (32 calls",
        str(home / "digests" / "2025-05-21.md"),
        "Which papers of all loaded dates got the most votes?",
        "통합 멀티모달 사전학습",
        "RTX5090",
        "OPENAI_API_KEY",
    ):
        assert words in done.stdout
    assert len((home / "digests" / "2025-05-21.md").read_text()) > 30_000
    assert ours(home) == []
    assert not library.exists()  # samples stay out of the user's library


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DATE": "2025-05-22"}, "HF_ENDPOINT=https://huggingface.co and OPENAI_API_KEY"),
        ({"DATE": "2025-05-22", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, "HF_ENDPOINT"),
        ({"DATE": "21.05.2025"}, "YYYY-MM-DD"),
        ({"DATE": "2999-01-01"}, "in the future"),
    ],
)
def test_the_demo_says_what_another_date_needs(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    done = demo(tmp_path, **variables)
    assert done.returncode == 2
    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_up_says_where_everything_is_and_ctrl_c_ends_all_of_it(home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "daily_papers.local.up"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=REPOSITORY,
        env=environment(
            home.parent, DAILY_PAPERS_HOME=str(home), AIRFLOW_HOME=str(home / "airflow"), PORT=str(free_port())
        ),
    )
    try:
        said = ""
        deadline = time.monotonic() + 180
        while "Press Ctrl-C to stop everything" not in said and time.monotonic() < deadline:
            line = process.stdout.readline() if process.stdout else ""
            assert line, said
            said += line
        [address] = re.findall(r"Airflow +(http://127\.0\.0\.1:\d+)", said)
        [password] = re.findall(r"Login +admin / (\S+)", said)
        login = requests.post(f"{address}/auth/token", json={"username": "admin", "password": password}, timeout=30)
        assert login.status_code == 201
        page = requests.get(f"{address}/daily-papers/", cookies={"_token": login.json()["access_token"]}, timeout=30)
        assert page.status_code == 200
        assert len(ours(home)) > 4
        command = [sys.executable, "-m", "daily_papers.local.airflow", "dags", "list", "--output", "plain"]
        variables = environment(home.parent, AIRFLOW_HOME=str(home / "airflow"))
        listed = subprocess.run(command, capture_output=True, text=True, check=True, env=variables, cwd=home)
        assert "daily_papers" in listed.stdout
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
        assert "Everything is stopped" in rest
        assert process.returncode == 0
        assert ours(home) == []
    finally:
        for left in ours(home):
            left.kill()


def test_up_refuses_a_port_in_use(home: Path) -> None:
    with sample_server() as server:
        port = server.address.rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-m", "daily_papers.local.up"],
            capture_output=True,
            text=True,
            check=False,
            cwd=REPOSITORY,
            env=environment(home.parent, DAILY_PAPERS_HOME=str(home), AIRFLOW_HOME=str(home / "airflow"), PORT=port),
        )
    assert done.returncode == 2
    assert f"Port {port} is in use" in done.stderr
