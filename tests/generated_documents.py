"""The parts of docs/ that are made from the code and its tests. `make docs` (`python -m tests.generated_documents`)
writes them; a test compares them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

from daily_papers import reasons
from daily_papers.ask import catalogue
from daily_papers.checks.row_checks import SECTION_LENGTHS
from daily_papers.rows import day_file
from daily_papers.warehouse import schema
from daily_papers.wording.headings_and_labels import numbered_headings
from tests.conftest import REPOSITORY
from tests.defects import corpus
from tests.faults import (
    test_damaged_files,
    test_document_faults,
    test_failed_runs,
    test_hostile_text,
    test_listing_faults,
    test_model_faults,
    test_odd_text,
    test_operations_faults,
    test_providers,
    test_proxies,
    test_second_reader_faults,
)


def lengths_table() -> str:
    """How long each section may be."""
    headings = numbered_headings("ko")
    lines = [f"| {headings[key]} | {least} | {most:,} |" for key, (least, most) in SECTION_LENGTHS.items()]
    return "\n".join(["| section | least | most |", "|---|---:|---:|", *lines])


TABLES: list[tuple[str, Callable[[], str]]] = [
    ("audit.md", reasons.markdown_documentation),
    ("audit.md", lengths_table),
    ("audit.md", corpus.table),
    ("day-file.md", day_file.markdown_documentation),
    ("faults.md", test_listing_faults.table),
    ("faults.md", test_model_faults.table),
    ("faults.md", test_second_reader_faults.table),
    ("faults.md", test_proxies.table),
    ("faults.md", test_odd_text.table),
    ("faults.md", test_document_faults.table),
    ("faults.md", test_hostile_text.table),
    ("faults.md", test_operations_faults.clock_table),
    ("faults.md", test_operations_faults.run_table),
    ("faults.md", test_operations_faults.start_table),
    ("faults.md", test_operations_faults.end_table),
    ("faults.md", test_damaged_files.table),
    ("faults.md", test_failed_runs.table),
    ("summaries.md", test_providers.table),
]
"""A document and a table in it, which is found by its first line and ends with its last row."""

ENDINGS: list[tuple[str, Callable[[], str]]] = [
    ("queries.md", catalogue.markdown_documentation),
    ("schema.md", schema.markdown_documentation),
]
"""A document and what it ends with, which is found by its first line."""


def documents() -> Iterator[tuple[Path, str]]:
    """Each document with generated parts, and the text that it should have.

    Raises:
        ValueError: a document lacks the first line of a part, which has to be put there by hand once.
    """
    for name in sorted({name for name, _ in [*TABLES, *ENDINGS]}):
        path = REPOSITORY / "docs" / name
        lines = path.read_text(encoding="utf-8").splitlines()
        for of_document, make in TABLES:
            if of_document == name:
                made = make().splitlines()
                start = _place(path, lines, made[0])
                length = len(list(takewhile(lambda line: line.startswith("|"), lines[start:])))
                lines[start : start + length] = made
        for of_document, make in ENDINGS:
            if of_document == name:
                made = make().splitlines()
                lines[_place(path, lines, made[0]) :] = made
        yield path, "\n".join(lines) + "\n"


def _place(path: Path, lines: list[str], first: str) -> int:
    if lines.count(first) != 1:
        raise ValueError(f"docs/{path.name} needs this line once, where a generated part is to begin: {first}")
    return lines.index(first)


def main() -> None:
    """Writes what is not as it should be."""
    logging.disable()  # the corpus has rows on which checks fail
    for path, text in documents():
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"docs/{path.name} is new")  # noqa: T201


if __name__ == "__main__":
    main()
