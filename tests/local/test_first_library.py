"""Which library `papers` opens for a newcomer, who has set nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PAPERS = str(Path(sys.executable).with_name("papers"))
QUESTION = ("sql", "SELECT count(*) AS days FROM days", "--format", "csv")
SHOWS_THREE, SHOWS_NOTHING = "days\n3\n", ""


@dataclass(frozen=True)
class Case:
    """Folders with a library (the newest last), what is set, and which one answers."""

    name: str
    libraries: tuple[str, ...]
    answers: str | None
    variables: dict[str, str] = field(default_factory=dict)
    words: str = ""


CASES = [
    Case("after `make demo`", ("data/demo",), "data/demo", words="using the demo's, data/demo"),
    Case("after a demo with an own model", ("data/demo-live",), "data/demo-live", words="data/demo-live"),
    Case("after two demos", ("data/demo-live", "data/demo"), "data/demo", words="the demo's, data/demo ("),
    Case("after a run of `make up`", ("data",), "data"),
    Case("after both", ("data", "data/demo"), "data"),
    Case("a library is named", ("data/demo", "mine"), "mine", {"DAILY_PAPERS_HOME": "mine"}),
    Case("a missing one is named", ("data/demo",), None, {"DAILY_PAPERS_HOME": "mine"}, "DAILY_PAPERS_HOME=data/demo"),
    Case("nothing was run", (), None, words="make demo"),
]


def papers(directory: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAILY_PAPERS_")}
    environment = {**kept, **variables}
    return subprocess.run(
        [PAPERS, *arguments], capture_output=True, text=True, check=False, cwd=directory, env=environment
    )


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_newcomers_question_is_answered_or_says_how(case: Case, three_days: Path, tmp_path: Path) -> None:
    for age, name in enumerate(reversed(case.libraries)):
        shutil.copytree(three_days, tmp_path / name, symlinks=True, dirs_exist_ok=True)
        published = (tmp_path / name / "warehouse.duckdb").resolve()
        os.utime(published, (published.stat().st_mtime - age * 60,) * 2)
    done = papers(tmp_path, *QUESTION, **case.variables)
    assert done.stdout == (SHOWS_THREE if case.answers else SHOWS_NOTHING)
    assert done.returncode == (0 if case.answers else 2)
    assert case.words in done.stderr
    assert ("using the demo's" in done.stderr) == (case.words.startswith(("using", "the demo", "data/demo-live")))
    if case.answers and case.answers != "mine":
        there = papers(tmp_path, "digest", "2025-05-21")
        assert there.stdout == (tmp_path / case.answers / "digests" / "2025-05-21.md").read_text()


def test_the_remedy_that_a_missing_library_names_works(three_days: Path, tmp_path: Path) -> None:
    shutil.copytree(three_days, tmp_path / "data" / "demo", symlinks=True)
    refused = papers(tmp_path, *QUESTION, DAILY_PAPERS_HOME="mistyped")
    assert "look at the demo's library with DAILY_PAPERS_HOME=data/demo" in refused.stderr
    assert papers(tmp_path, *QUESTION, DAILY_PAPERS_HOME="data/demo").stdout == SHOWS_THREE
