"""The packages of `daily_papers` import downward only, and what is outside is reached from few of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import daily_papers

ROOT = Path(daily_papers.__file__).parent
WORDS = "words"
"""The modules in the folder itself."""
ORDER = (
    WORDS, "wording", "network", "lake", "runs", "writing", "listing", "texts", "rows", "checks", "verification",
    "summaries", "audit", "legacy", "warehouse", "ask", "publish", "upkeep", "judging", "orchestration", "sample",
    "local", "cli",
)  # fmt: skip
"""From the ground up: a package imports itself and what is below it."""
MOST_MODULES = 16
REACHED_FROM = {
    "airflow": {"orchestration", "local/airflow_command.py"},
    "requests": {"network", "listing/huggingface_client.py", "texts/arxiv_client.py", "local/airflow.py"},
    "duckdb": {"warehouse", "ask"},
    "openai": {"summaries", "network/proxies.py"},
    "great_expectations": {"audit"},
}
"""By library: packages and modules that may import it."""


def package_of(name: str) -> str:
    first = name.partition(".")[0]
    return first if (ROOT / first).is_dir() else WORDS


def imported(path: Path) -> Iterator[str]:
    """Full names of what a module imports when it runs, lazily or not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {id(node) for branch in ast.walk(tree) if _is_for_types(branch) for node in ast.walk(branch)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names if id(node) not in for_types)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if id(node) not in for_types)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


def test_every_package_has_its_place() -> None:
    assert {package_of(name) for name, _ in modules()} == set(ORDER)


@pytest.mark.parametrize("package", ORDER)
def test_a_package_imports_only_what_is_below_it(package: str) -> None:
    allowed = set(ORDER[: ORDER.index(package) + 1])
    upward = [
        f"{name} imports {other}"
        for name, path in modules()
        if package_of(name) == package
        for other in imported(path)
        if other.startswith("daily_papers.") and package_of(other.removeprefix("daily_papers.")) not in allowed
    ]
    assert upward == []


@pytest.mark.parametrize("library", REACHED_FROM)
def test_a_library_is_imported_from_where_it_belongs(library: str) -> None:
    elsewhere = []
    for _, path in modules():
        place = path.relative_to(ROOT).as_posix()
        if any(name.partition(".")[0] == library for name in imported(path)):
            elsewhere += [place] if not {place, place.partition("/")[0]} & REACHED_FROM[library] else []
    assert elsewhere == []


def test_no_folder_is_a_long_corridor() -> None:
    folders = [ROOT, *(path for path in ROOT.rglob("*") if path.is_dir())]
    counts = {str(folder.relative_to(ROOT)): len(list(folder.glob("[!_]*.py"))) for folder in folders}
    assert {name: count for name, count in counts.items() if count > MOST_MODULES} == {}
