"""A staged row: the columns of the day file before the audit, and what the checks need beside them.

- `listing_problem`: what is wrong with its item of the listing, or None;
- `damaged_input`: a stored file of the paper that cannot be read, and why (None: all can);
- `answered`: whether there is an answer; `answer_problem`: reason code of one that could not be read, or None;
- `answer_paper_id`, `section_order`, `source_text`: what the answer named, and what it rests on;
- `source_lost`: what that text lacks because arXiv's documents do (see `sources.LOST`);
- `decision`, `decided_by`, `decided_because`, `approved_reasons`: what a person decided about it (see `decisions`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from daily_papers.rows.answers import RESULTS_ROWS, TITLE, ParsedAnswer, Part, ResultRow
from daily_papers.sections import SECTION_KEYS, SectionKey
from daily_papers.writing.markdown_text import with_closed_bold

StagedRow = Mapping[str, Any]

NO_DECISION: Final[StagedRow] = {
    "decision": None,
    "decided_by": None,
    "decided_at": None,
    "decided_because": None,
    "approved_reasons": (),
}
"""The columns of a row that nobody has decided about."""
_NO_RESULT: Final = dict.fromkeys(ResultRow.model_fields, "")


def answer_columns(answer: ParsedAnswer | None, source_text: str, source_lost: tuple[str, ...] = ()) -> dict[str, Any]:
    """The columns of a staged row that come from an answer (None: there is none yet) and its source."""
    answered, answer = answer is not None, answer or ParsedAnswer()
    columns: dict[str, Any] = {
        "answered": answered,
        "answer_problem": answer.problem,
        "answer_paper_id": answer.paper_id,
        "section_order": list(answer.section_order),
        "source_text": source_text,
        "source_lost": source_lost,
        "title_ko": answer.title or None,
        "results_rows": [row.model_dump() for row in answer.results],
    }
    for key in SECTION_KEYS:
        section = answer.sections.get(key)
        columns[f"{key}_basis"] = section.basis if section else None
        columns[f"{key}_markdown"] = with_closed_bold(section.markdown.strip()) if section else None
        columns[f"{key}_quotes"] = list(section.quotes) if section else []
    return columns


def present(row: StagedRow) -> Iterator[tuple[SectionKey, str, str]]:
    """Key, basis and text of the sections that the answer has (and that nobody left out by `without`)."""
    for key in SECTION_KEYS:
        if row[f"{key}_markdown"] is not None:
            yield key, row[f"{key}_basis"], row[f"{key}_markdown"]


def written(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of everything the answer writes in its own words: the title and the sections."""
    if row["title_ko"]:
        yield TITLE, row["title_ko"]
    yield from texts(row)


def cells(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of the results' rows."""
    return ((RESULTS_ROWS, text) for result in row["results_rows"] for text in result.values())


def texts(row: StagedRow) -> Iterator[tuple[SectionKey, str]]:
    """Key and text of the sections that say something."""
    return ((key, text) for key, basis, text in present(row) if basis != "absent" and text)


def without(row: StagedRow, parts: Set[Part]) -> StagedRow:
    """A row without the texts of some parts of its answer; for its checks, the parts are there and in order."""
    left_out: dict[str, Any] = {}
    for key in filter(parts.__contains__, SECTION_KEYS):
        left_out |= {f"{key}_markdown": None, f"{key}_quotes": []}
    if TITLE in parts:
        left_out["title_ko"] = None
    if RESULTS_ROWS in parts:
        left_out[RESULTS_ROWS] = [_NO_RESULT]
    return {**row, **left_out} if left_out else row
