"""What docker-compose.yaml runs, without the containers: PostgreSQL, LocalExecutor, and the setup before the start."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from daily_papers.audit.day_status import day_summary
from daily_papers.lake.library import open_library
from daily_papers.local.airflow import LocalAirflow
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.data import few_papers
from tests.support.models import ScriptedModel
from tests.support.postgres import postgres_server

pytestmark = pytest.mark.e2e


@pytest.fixture
def database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as directory:
        Path(directory).chmod(0o755)  # the server runs as another user
        with postgres_server(Path(directory) / "server") as address:
            yield address


def test_a_day_with_its_metadata_in_postgresql(database: str, tmp_path: Path, home: Path) -> None:
    with LocalServer(few_papers(), ScriptedModel()) as server:
        airflow = LocalAirflow(
            tmp_path / "airflow",
            metadata_connection=database,
            environment={
                "DAILY_PAPERS_HOME": str(home),
                "HF_ENDPOINT": server.address,
                "OPENAI_BASE_URL": server.model_address,
                "DAILY_PAPERS_ARXIV_ENDPOINT": server.address,
                "DAILY_PAPERS_ARXIV_INTERVAL_SECONDS": "0",
                "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
                "AIRFLOW_ADMIN_PASSWORD": "a-password-of-this-test",
            },
        )
        setup = [sys.executable, "-m", "daily_papers.local.container_setup"]
        subprocess.run(setup, check=True, env=airflow.environment, capture_output=True)
        assert json.loads(airflow.passwords_file.read_text()) == {"admin": "a-password-of-this-test"}
        assert airflow.passwords_file.stat().st_mode & 0o777 == 0o600
        airflow.passwords = {"admin": "a-password-of-this-test"}
        with airflow.running():
            run_id = airflow.trigger("daily_papers", {"date": SAMPLE_DATE.isoformat()})
            for _ in airflow.follow("daily_papers", run_id):
                pass
            assert airflow.run_state("daily_papers", run_id) == "success"
    assert day_summary(open_library(), SAMPLE_DATE).complete == 3
    assert not (tmp_path / "airflow" / "airflow.db").exists()


def test_the_containers_do_not_start_without_a_password(tmp_path: Path) -> None:
    environment = {"AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(tmp_path / "passwords.json"), "PATH": ""}
    setup = [sys.executable, "-m", "daily_papers.local.container_setup"]
    done = subprocess.run(setup, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "make env" in done.stderr
    assert not (tmp_path / "passwords.json").exists()
