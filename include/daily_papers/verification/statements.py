"""What there is to judge in a summary: its statements, and the passages of the source around its quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from daily_papers.checks.grounding.instructions import evidence
from daily_papers.rows.answers import RESULTS_ROWS, TITLE, Part
from daily_papers.rows.staged_row import StagedRow, present, title_in_source
from daily_papers.rows.statements import Statement
from daily_papers.texts.quoted_passages import near_quotes

SHORTEST_STATEMENT = 12
"""Characters; what is shorter is a label of a list, unless it ends as a Korean sentence does."""
_SENTENCE_END = re.compile(r"(?<=[^\d\s][.!?。])\s+")
_ITEM = re.compile(r"^\s*(?:[-*]|\d{1,2}[.)])\s+")


@dataclass(frozen=True)
class Evidence:
    """The statements of one part of an answer, and the passages of the source around the quotes of that part."""

    part: Part
    passages: str
    statements: tuple[Statement, ...]


def evidence_of(row: StagedRow) -> tuple[Evidence, ...]:
    """Everything that an answer claims its source says, part by part; empty for an answer without such claims.

    The title stands beside the paper's; the results' rows have no passages of their own, those of the sections count.
    """
    stated = {key: text for key, basis, text in present(row) if basis == "stated" and text}
    source = evidence(row.source_text)  # without what speaks to models
    found = [
        Evidence(key, near_quotes(source, row.sections[key].quotes), tuple(_sentences(key, text)))
        for key, text in stated.items()
    ]
    if row.translated_title:
        found.insert(0, Evidence(TITLE, title_in_source(row), (Statement(TITLE, row.translated_title),)))
    found.append(Evidence(RESULTS_ROWS, "", tuple(_results(row))))
    return tuple(one for one in found if one.statements)


def _sentences(part: Part, text: str) -> Iterator[Statement]:
    for line in text.replace("**", "").splitlines():
        for sentence in _SENTENCE_END.split(_ITEM.sub("", line)):
            if len(sentence.strip()) >= SHORTEST_STATEMENT or sentence.strip().endswith("다."):
                yield Statement(part, sentence.strip())


def _results(row: StagedRow) -> Iterator[Statement]:
    for result in row.results:
        where = f" on {result.dataset}" if result.dataset else ""
        beside = f" (compared with {result.baseline})" if result.baseline else ""
        if result.value:
            yield Statement(RESULTS_ROWS, f"{result.metric}{where}: {result.value}{beside}")
