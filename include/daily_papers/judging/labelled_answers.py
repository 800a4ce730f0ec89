"""The labelled answers: careful true summaries of recorded papers, and changes to them that are true or false.

`labelled/` was written by readers who had not seen the checks and knew the classes alone. The checks were improved on
`*_seen`; the figures of docs/grounding.md come from `*_unseen`.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from daily_papers.rows.answers import RESULTS_ROWS, TITLE, parse_content
from daily_papers.rows.staged_row import StagedRow, with_answer

DENSE_CHARACTERS = 60_000
LABELLED_DATE = date(2026, 1, 1)
"""The listing date that labelled answers go by; no listing holds them."""
TRUE_REWORDING = "true_rewording"
"""The class of changes that leave an answer true."""

Paper = dict[str, Any]
"""`paper_id`, `title`, `abstract`, `answer` (as a model gives it), and `changes`."""
Change = dict[str, Any]
"""`class`, `part`, `old` and `new`; for a result's cell `row` and `field`, for another basis `basis` and `quotes`."""


def papers_of(name: str) -> Iterator[Paper]:
    """The lines of a file of `labelled/`."""
    content = files("daily_papers.judging").joinpath(f"labelled/{name}.jsonl.gz").read_bytes()
    yield from map(json.loads, gzip.decompress(content).decode().splitlines())


@cache
def _other_papers() -> list[Paper]:
    return list(papers_of("other_papers"))


def source_of(paper: Paper, *, dense: bool = False) -> str:
    """Title and abstract, alone or within a long text full of other numbers and names.

    White space is as the pipeline has it: one line. A dense source is filled to 60,000 characters with other papers'
    abstracts and with tables made by chance.
    """
    source = f"{_on_one_line(paper['title'])}\n\n{_on_one_line(paper['abstract'])}\n"
    if not dense:
        return source
    others, chance = _other_papers(), random.Random(paper["paper_id"])  # noqa: S311  # always the same text
    while len(source) < DENSE_CHARACTERS:
        source += f"\n{_on_one_line(chance.choice(others)['abstract'])}\n{_table(others, chance)}\n"
    return source


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _table(others: list[Paper], chance: random.Random) -> str:
    rows = ["Method | Acc | F1 | Time (s) | Params | FPS"]
    for _ in range(8):
        name = chance.choice(others)["title"].partition(":")[0][:20]
        figures = (
            f"{chance.uniform(0, 100):.1f}", f"{chance.randint(2, 999)}", f"{chance.uniform(0, 10):.2f}",
            f"{chance.randint(1, 99)}%", f"{chance.uniform(1, 20):.1f}x", f"{chance.randint(1, 100)}K",
        )  # fmt: skip
        rows.append(" | ".join([name, *(chance.choice(figures) for _ in range(5))]))
    return "\n".join(rows)


def row_of(answer: Paper, source: str) -> StagedRow:
    """The staged row of an answer."""
    row = StagedRow(paper_id=answer["paper_id"], language="ko", listing_date=LABELLED_DATE)
    return with_answer(row, parse_content(answer), source)


def changed(answer: Paper, *changes: Change) -> Paper:
    """An answer after some changes."""
    result = deepcopy(answer)
    for change in changes:
        _change(result, change)
    return result


def _change(answer: Paper, change: Change) -> None:
    part, old, new = change["part"], change["old"], change["new"]
    if part == TITLE:
        answer[part] = answer[part].replace(old, new)
    elif part == RESULTS_ROWS:
        cells = answer[part][change["row"]]
        cells[change["field"]] = cells[change["field"]].replace(old, new) if old else new
    elif part.startswith("quotes:"):
        quotes = answer["sections"][part.partition(":")[2]]["quotes"]
        quotes[quotes.index(old)] = new
    else:
        section = answer["sections"][part]
        section["markdown"] = section["markdown"].replace(old, new)
        section |= {name: change[name] for name in ("basis", "quotes") if name in change}
