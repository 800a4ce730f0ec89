"""How many planted falsehoods and sloppy habits the audit finds, and how often it is wrong: `make measure`.

`labelled/` was written by readers who had not seen the checks and knew the classes alone: careful
true answers to papers of the recorded listings, and for each a list of changes, true or false. The checks were improved
on `*_seen`; the figures of docs/grounding.md come from `*_unseen`. A dense source is the abstract within 60,000
characters of other papers' abstracts and of tables made by chance.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from daily_papers.checks import row_checks
from daily_papers.checks.form.particular import uninformative_sections
from daily_papers.reasons import Reason
from daily_papers.rows.answers import parse_content
from daily_papers.rows.staged_row import StagedRow, with_answer
from daily_papers.sections import SectionKey

LABELLED = Path(__file__).parent / "labelled"
DENSE_CHARACTERS = 60_000
MENDED = frozenset({"invisible", "unclosed_bold", "stray_jamo"})
"""Classes that code corrects before anybody reads: found, where the text comes out as in the true answer."""
NOT_A_REASON = frozenset({"praise"})
"""Classes that no reason of the audit is about."""
INFERABLE = ("limitations", "future_work")

Paper = dict[str, Any]
Found = set[tuple[Reason, str, str]]


def papers_of(name: str) -> Iterator[Paper]:
    """The lines of a file of `labelled/`."""
    with gzip.open(LABELLED / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


@cache
def other_papers() -> list[Paper]:
    """Titles and abstracts that dense sources are filled with."""
    return list(papers_of("other_papers"))


def source_of(paper: Paper, *, dense: bool) -> str:
    """Title and abstract, alone or within a long text full of other numbers and names."""
    source = f"{paper['title']}\n\n{paper['abstract']}\n"
    if not dense:
        return source
    others, chance = other_papers(), random.Random(paper["paper_id"])
    while len(source) < DENSE_CHARACTERS:
        source += f"\n{chance.choice(others)['abstract']}\n{_table(others, chance)}\n"
    return source


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
    row = StagedRow(paper_id=answer["paper_id"], language="ko", listing_date=date(2026, 1, 1))
    return with_answer(row, parse_content(answer), source)


def found_in(row: StagedRow) -> Found:
    """What keeps a row from its readers."""
    return {(reason, one.part, one.detail) for reason, found in row_checks.failures(row).items() for one in found}


def changed(answer: Paper, change: Paper) -> Paper:
    """An answer after one change."""
    result, part, old, new = deepcopy(answer), change["part"], change["old"], change["new"]
    if part == "title_ko":
        result[part] = result[part].replace(old, new)
    elif part == "results_rows":
        cells = result[part][change["row"]]
        cells[change["field"]] = cells[change["field"]].replace(old, new) if old else new
    elif part.startswith("quotes:"):
        quotes = result["sections"][part.partition(":")[2]]["quotes"]
        quotes[quotes.index(old)] = new
    else:
        result["sections"][part]["markdown"] = result["sections"][part]["markdown"].replace(old, new)
    return result


def measured(name: str, *, dense: bool = False) -> dict[str, tuple[int, int]]:
    """By class of change, and for the true answers themselves: how many were flagged, of how many."""
    flagged: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for paper in papers_of(name):
        source = source_of(paper, dense=dense)
        true_row = row_of(paper["answer"], source)
        known = found_in(true_row)
        total["true answers"] += 1
        flagged["true answers"] += bool(known)
        for change in paper["changes"]:
            row = row_of(changed(paper["answer"], change), source)
            is_mended = change["class"] in MENDED and _texts(row) == _texts(true_row)
            total[change["class"]] += 1
            flagged[change["class"]] += bool(found_in(row) - known) or is_mended
    return {kind: (flagged[kind], total[kind]) for kind in sorted(total)}


def _texts(row: StagedRow) -> list[str]:
    return [(section.markdown or "").replace("**", "") for section in row.sections.values()]


def templates_stopped() -> tuple[int, int]:
    """How many texts that fit any paper are stopped under each of four papers, of how many."""
    papers = list(papers_of("truth_unseen"))[:4]
    templates = list(papers_of("templates_unseen"))
    stopped = sum(all(_is_stopped(template, paper) for paper in papers) for template in templates)
    return stopped, len(templates)


def _is_stopped(template: Paper, paper: Paper) -> bool:
    sections: dict[SectionKey, str] = {
        key: text.replace("{title}", paper["title"])
        for key, text in template["sections"].items()
        if key not in INFERABLE
    }
    return bool(uninformative_sections(sections, source_of(paper, dense=False)))


def report(which: str) -> str:
    """A table of all classes; `which` is seen or unseen."""
    lines = ["| class | abstract | dense |", "|---|---:|---:|"]
    plain, dense = measured(f"truth_{which}"), measured(f"truth_{which}", dense=True)
    lines += [f"| {kind} | {_share(*plain[kind])} | {_share(*dense[kind])} |" for kind in plain]
    form = measured(f"form_{which}")
    lines += [f"| {kind} (form) | {_share(*form[kind])} | |" for kind in form if kind not in NOT_A_REASON]
    if which == "unseen":
        lines.append(f"| texts that fit any paper | {_share(*templates_stopped())} | |")
        rows = [row_of(one["answer"], source_of(one, dense=False)) for one in papers_of("modest_unseen")]
        called = sum(Reason.UNINFORMATIVE in row_checks.failures(row) for row in rows)
        lines.append(f"| modest true answers called uninformative | {_share(called, len(rows))} | |")
    return "\n".join(lines)


def _share(flagged: int, total: int) -> str:
    return f"{flagged / total:.2f} ({flagged} of {total})"


if __name__ == "__main__":
    for one in sys.argv[1:] or ["unseen"]:
        print(report(one))
