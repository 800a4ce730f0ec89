"""Every test gets a home of its own and an environment without keys; Airflow gets a temporary home."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
_OURS = ("OPENAI_", "HF_", "DAILY_PAPERS_", "AIRFLOW")

for _name in [name for name in os.environ if name.startswith(_OURS)]:
    del os.environ[_name]
os.environ["PYTHON_DOTENV_DISABLED"] = "1"  # a developer's .env may hold a key
_airflow_home = tempfile.TemporaryDirectory(prefix="daily-papers-airflow-")
os.environ.update(
    {
        "AIRFLOW_HOME": _airflow_home.name,
        "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(REPOSITORY / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
    }
)

from daily_papers.lake.library import Library, open_library  # noqa: E402  # after Airflow's environment
from daily_papers.sample.server import LocalServer, no_document  # noqa: E402
from daily_papers.settings import Settings, load_settings  # noqa: E402
from tests.support.served import environment_of  # noqa: E402
from tests.support.three_days import make_three_days  # noqa: E402

LONG_FILES = (
    "warehouse/test_warehouse_publication.py",
    "warehouse/test_recorded_library.py",
    "test_documentation.py",
    "cli/test_cli.py",
    "publish/test_round_up.py",
)

PROOFS = (
    "e2e",
    "dags/test_kill.py",
    "dags/test_daily_papers.py",
    "faults/test_damaged_files.py",
    "faults/test_hostile_text.py",
    "faults/test_odd_homes.py",
    "faults/test_operations_faults.py",
    "faults/test_found_by_review.py",
    "local",
    "test_documentation.py",
    "warehouse/test_recorded_library.py",
    "warehouse/test_warehouse_publication.py",
)
"""Files and folders of `make proofs`: they take longer together than all others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the proofs. Files that take long run first, after tests/e2e: the last file of a run leaves a core idle."""

    long_files = [REPOSITORY / "tests" / name for name in LONG_FILES]
    proofs = [REPOSITORY / "tests" / name for name in PROOFS]
    if missing := [str(path) for path in (*long_files, *proofs) if not path.exists()]:
        raise pytest.UsageError(f"LONG_FILES or PROOFS names files that are not there: {', '.join(missing)}")
    for item in items:
        if any(item.path.is_relative_to(proof) for proof in proofs):
            item.add_marker(pytest.mark.proof)

    def place(item: pytest.Item) -> int:
        if "e2e" in item.path.parts:
            return 0
        return 1 if item.path in long_files else 2

    items.sort(key=place)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of this test."""
    for name in [name for name in os.environ if name.startswith(_OURS[:3])]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def settings() -> Settings:
    return load_settings()


@pytest.fixture
def library() -> Library:
    return open_library()


@pytest.fixture(scope="session")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the small library, made once (`tests.support.three_days`)."""
    made = tmp_path_factory.mktemp("three-days") / "home"
    make_three_days(made)
    return made


@pytest.fixture
def loaded(three_days: Path, home: Path) -> Library:
    """The small library in the home of this test."""
    shutil.copytree(three_days, home, symlinks=True)
    return open_library()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., LocalServer]]:
    """Starts a local server and points the environment at it."""
    running: list[LocalServer] = []

    def start(listings: object, answers: object, documents: object = no_document) -> LocalServer:
        server = LocalServer(listings, answers, documents).__enter__()  # type: ignore[arg-type]
        running.append(server)
        for name, value in environment_of(server).items():
            monkeypatch.setenv(name, value)
        return server

    yield start
    for server in running:
        server.__exit__()
