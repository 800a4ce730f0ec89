"""What the scheduler imports for its tasks, and that nobody else does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

_STARTING = """
import sys
sys.argv = {argv!r}
from daily_papers.orchestration import preloading
before = set(sys.modules)
preloading.on_starting(None)
print(*sorted({{"great_expectations", "openai", "duckdb", "pandas"}} & (set(sys.modules) - before)))
"""


@pytest.mark.parametrize(
    ("argv", "executor", "imported"),
    [
        (["airflow", "scheduler"], "LocalExecutor", "duckdb great_expectations openai pandas"),
        (["airflow", "scheduler"], "CeleryExecutor", ""),
        (["airflow", "triggerer"], "LocalExecutor", ""),
        (["airflow", "dag-processor"], "LocalExecutor", ""),
    ],
)
def test_only_a_scheduler_that_forks_its_tasks_imports_for_them(
    argv: list[str], executor: str, imported: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", executor)
    done = subprocess.run(
        [sys.executable, "-c", _STARTING.format(argv=argv)], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.split() == imported.split()
    assert "Skipping registering" not in done.stdout + done.stderr


def test_every_module_is_one_that_a_task_imports() -> None:
    from daily_papers.orchestration.preloading import MODULES

    tasks = (REPOSITORY / "include/daily_papers/orchestration/daily_tasks.py").read_text(encoding="utf-8")
    for name in MODULES:
        if name.startswith("daily_papers."):
            package, _, module = name.rpartition(".")
            assert Path(REPOSITORY, "include", *name.split(".")).with_suffix(".py").exists(), name
            imported = f"from {name} import" in tasks or f"from {package} import {module}" in tasks
            assert imported or name == "daily_papers.audit.suite", name
