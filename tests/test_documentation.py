"""Documents agree with the code, and every command in them is run by a test, by CI, or is a target of the Makefile."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from daily_papers.ask import catalogue
from daily_papers.sample.replay import RecordedListings, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, sample_answer
from daily_papers.warehouse import schema
from tests import generated_documents
from tests.conftest import REPOSITORY
from tests.support.data import LEGACY_DIGEST
from tests.support.papers import Done
from tests.support.papers import run as papers_within
from tests.support.steps import run_day

DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
BIN = Path(sys.executable).parent

RUN_ELSEWHERE = {
    "git clone <this repository> daily-papers && cd daily-papers": "CI starts from a clone",
    "make demo": "tests/e2e/test_demo.py",
    "make demo LLM=local": "tests/e2e/test_local_model.py (make slow-test)",
    "make up": "tests/e2e/test_demo.py",
    "make bench": ".ci/run",
    "make measure": ".ci/run",
    ".venv/bin/papers judge gpt-4o-mini": "tests/judging/test_second_reader.py, with a reader by script",
    "papers judge": "make measure, which .ci/run calls",
    "make docs": "tests/generated_documents.py is compared below",
    "make proofs": ".ci/run",
    "make damage-test": "the test of make proofs with more damage",
    "make warehouse-bench": "the bench of make bench with more papers",
    "make lint": ".ci/run",
    "make test": ".ci/run",
    "make test TESTS=tests/legacy/test_legacy.py": "the same target as make test",
    "make env": "tests/local/test_compose.py",
    "docker compose up --build": "tests/local/test_compose.py checks the file; no engine here runs it",
    ".venv/bin/python -m daily_papers.local.airflow": "tests/e2e/test_scheduler.py and test_demo.py",
    ".venv/bin/python -m daily_papers.sample.replay": "tests/sample/test_replay.py",
}


def commands(path: Path) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", path.read_text(), re.DOTALL)
    found = [line for block in blocks for line in block.splitlines() if line.strip()]
    if path.name == "README.md":
        found += [command for cell in re.findall(r"^\| (`papers .*?) \|", path.read_text(), re.MULTILINE)
                  for command in re.findall(r"`(papers [^`]+)`", cell)]  # fmt: skip
    return found


OURS = sorted(
    {
        command
        for path in DOCUMENTS
        for command in commands(path)
        if not any(command.startswith(known) for known in RUN_ELSEWHERE)
    }
)


FIRST_STEPS = {"make demo": "data/demo", "make up": "data"}
"""Where a newcomer's library is after the first thing that was run, seen from the folder of the repository."""


@pytest.fixture(params=FIRST_STEPS)
def library(
    request: pytest.FixtureRequest, serve: Callable[..., LocalServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A newcomer's library; no setting names it."""
    made = tmp_path / "repository" / FIRST_STEPS[request.param]
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(made))
    serve(RecordedListings({SAMPLE_DATE: sample_items()}), sample_answer)
    run_day(SAMPLE_DATE)
    monkeypatch.delenv("DAILY_PAPERS_HOME")
    return made


def run(command: str, library: Path) -> Done:
    """Runs a command as it stands, but for the file that it imports and, after `make up`, the demo's folder.

    After `make demo`, when all of them are run, what is no more than a line for `papers` is run within this process.
    """
    repository = next(folder for folder in library.parents if folder.name == "repository")
    line = command.replace(".venv/bin/", "").replace("FILE.md", str(LEGACY_DIGEST))
    line = line.replace("data/demo", str(library.relative_to(repository)))
    words = line.split(" # ")[0]
    if library.name == "demo" and words.startswith("papers ") and not set(words) & set("|><$`;&"):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(repository)
            return papers_within(shlex.split(words))
    done = subprocess.run(
        ["bash", "-c", f'export PATH="{BIN}:$PATH"; {line}' if "python" not in line else f'"{BIN}"/{line}'],
        capture_output=True,
        text=True,
        check=False,
        cwd=repository,
    )
    return Done(command, done.returncode, done.stdout, done.stderr)


def commands_after(library: Path) -> list[str]:
    """All commands after `make demo`; elsewhere the first of each kind: where the library is makes one difference."""
    commands = sorted(OURS, key=lambda line: "papers import" not in line)  # what one exports was imported before
    if library.name == "demo":
        return commands
    kinds = {" ".join(command.removeprefix(".venv/bin/").split()[:2]): command for command in reversed(commands)}
    return [command for command in commands if command in kinds.values()]


def test_every_documented_command_works(library: Path) -> None:
    assert len(OURS) > 10
    for command in commands_after(library):
        done = run(command, library)
        assert (done.code, done.exception) == (0, ""), f"{command}\n{done.stderr}"
        assert done.stdout or done.stderr, command
        # the sample day's listing names no organization
        assert "Nothing was found" not in done.stderr or "--organization" in command, command


@pytest.mark.parametrize("library", ["make demo"], indirect=True)
def test_what_the_readme_shows_is_what_comes_out(library: Path) -> None:
    text = (REPOSITORY / "README.md").read_text()
    shown = "\n".join(line.removeprefix("> ").rstrip(">") for line in text.splitlines() if line.startswith(">"))
    digest = (library / "digests" / f"{SAMPLE_DATE}.md").read_text()
    for piece in shown.split("\n\n"):
        assert piece.strip() in digest
    [query] = [command for command in OURS if "AIME" in command]
    assert run(query, library).stdout in text


def test_every_cli_command_is_documented() -> None:
    shown = subprocess.run([str(BIN / "papers"), "--help"], capture_output=True, text=True, check=True).stdout
    names = set(re.findall(r"^│ (\w[\w-]*) ", shown, re.MULTILINE))
    assert names >= {
        "digest",
        "show",
        "sql",
        "status",
        "quarantine",
        "draft",
        "approve",
        "reject",
        "retry",
        "report",
        "docs",
        "costs",
        "resummarize",
        "import",
        "export",
        "rebuild",
        "search",
        "queries",
        "round-up",
        "compact",
        "export-parquet",
        "judge",
        "compare",
    }
    text = (REPOSITORY / "README.md").read_text()
    assert [name for name in names if f"papers {name}" not in text] == []


def test_every_make_target_named_in_a_document_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    named = {name for path in DOCUMENTS for name in re.findall(r"(?:`|^)make ([\w-]+)", path.read_text(), re.MULTILINE)}
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    assert named > {"demo", "up", "test", "env"}
    assert named <= targets


def test_links_between_documents_lead_somewhere() -> None:
    for path in DOCUMENTS:
        for target, heading in re.findall(r"\]\(([^)#]+)(?:#([^)]*))?[^)]*\)", path.read_text()):
            if not target.startswith("http"):
                assert (path.parent / target).exists(), f"{path.name}: {target}"
                assert not heading or heading in anchors(path.parent / target), f"{path.name}: {target}#{heading}"


def anchors(document: Path) -> list[str]:
    """Headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]


def test_generated_parts_are_as_the_code_makes_them() -> None:
    old = [path.name for path, text in generated_documents.documents() if path.read_text(encoding="utf-8") != text]
    assert not old, "run make docs"


def test_every_table_view_and_query_is_documented() -> None:
    tables, queries = schema.markdown_documentation(), catalogue.markdown_documentation()
    assert len(re.findall("^### ", tables, re.MULTILINE)) == 22 + 9 + 1  # tables, views, a table function
    assert queries.count("A good answer: ") == len(catalogue.named_queries())


def test_no_registry_host_and_no_secret_is_in_a_tracked_file() -> None:
    patterns = [r"p[y]pi\.org", r"p[y]thonhosted\.", r"registry\.n[p]mjs", r"deb\.deb[i]an", r"hf_[A-Za-z]{30,}"]
    for pattern in patterns:
        found = subprocess.run(["git", "grep", "-nIE", pattern], capture_output=True, check=False, cwd=REPOSITORY)
        assert found.stdout == b""


def test_requirements_are_pinned_with_hashes_and_name_no_index() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (REPOSITORY / name).read_text()
        packages = re.findall(r"^[\w.\[\]-]+==\S+", text, re.MULTILINE)
        assert len(packages) > 5
        assert text.count("--hash=sha256:") >= len(packages)
        assert "http://" not in text
        assert "https://" not in text
        assert "index-url" not in text
