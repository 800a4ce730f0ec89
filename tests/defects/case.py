"""A case of the corpus, and how rows are made: a sample answer, changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from daily_papers.listing.contract import BrokenItem, parse_item
from daily_papers.reasons import Reason
from daily_papers.rows.answers import parse_answer
from daily_papers.rows.staged_row import StagedRow, StagedSection, with_answer
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.sections import SECTION_KEYS
from tests.support.data import parsed, recorded_item
from tests.support.models import good_answer

Row = StagedRow
Answer = dict[str, Any]
Edit = Callable[[Answer], object]


@dataclass(frozen=True)
class Case:
    """A row, what it is about, and the reason that it must be found with, or must not be taken for."""

    reason: Reason
    name: str
    row: Row


def cases(reason: Reason, rows: Mapping[str, Row]) -> list[Case]:
    """Cases of one reason, from rows by their short description."""
    return [Case(reason, name, row) for name, row in rows.items()]


@cache
def _items() -> dict[str, Any]:
    return {item["paper"]["id"]: item for item in sample_items()}


def sample_item(paper_id: str) -> Any:
    """A copy of a sample paper's item of the listing."""
    return deepcopy(_items()[paper_id])


@cache
def _answer_text(paper_id: str) -> str:
    return files("daily_papers").joinpath(f"sample/answers/{paper_id}.json").read_text(encoding="utf-8")


def sample_answer(paper_id: str) -> Answer:
    """A copy of a sample paper's answer."""
    answer: Answer = json.loads(_answer_text(paper_id))
    return answer


def edited(answer: Answer, *edits: Edit) -> Answer:
    """An answer after all edits."""
    for edit in edits:
        edit(answer)
    return answer


def changed(paper_id: str, *edits: Edit, more_source: str = "", quotes_asked: bool = False) -> Row:
    """The row of a sample paper whose answer was edited; `more_source` is added to its abstract.

    What is added needs no quote, unless the prompt `quotes_asked` for one.
    """
    row = row_of(sample_item(paper_id), completion(edited(sample_answer(paper_id), *edits)), more_source)
    return replace(row, numbers_near_quotes=quotes_asked or not re.search(r"\d", more_source))


def completed(paper_id: str, response: dict[str, Any]) -> Row:
    """The row of a sample paper that a provider answered so."""
    return row_of(sample_item(paper_id), response)


def recorded(paper_id: str, listing_date: str, *edits: Edit) -> Row:
    """The row of a paper of a recorded listing: a plain answer, edited."""
    item = recorded_item(paper_id, date.fromisoformat(listing_date))
    paper = parsed(item)
    answer = good_answer({"paper_id": paper_id, "text": f"{paper.title}\n\n{paper.abstract}"})
    return row_of(item, completion(edited(answer, *edits)))


def row_of(item: Any, response: dict[str, Any] | None, more_source: str = "") -> Row:
    """The staged row of an item of a listing and a completion; a broken item has no answer."""
    listing_date = SAMPLE_DATE
    paper, _ = parse_item(item)
    if isinstance(paper, BrokenItem):
        return StagedRow(
            paper_id=paper.paper_id, language="ko", listing_date=listing_date, listing_problem=paper.problem
        )
    row = StagedRow(paper_id=paper.paper_id, language="ko", listing_date=listing_date, listing=paper)
    source = f"{paper.title}\n\n{paper.abstract} {more_source}".rstrip()
    return row if response is None else with_answer(row, parse_answer(response), source)


def unanswered(row: Row) -> Row:
    """A row without its answer."""
    return StagedRow(
        paper_id=row.paper_id,
        language=row.language,
        listing_date=row.listing_date,
        listing=row.listing,
        listed=row.listed,
    )


def with_values(row: Row, **values: Any) -> Row:
    """A row with other values, of whatever type: fields by their names, `title`, and `SECTION_markdown`, `_quotes`."""
    for name, value in values.items():
        key, _, part = name.rpartition("_")
        if key in SECTION_KEYS:
            section = row.sections.get(key, StagedSection("stated", None))
            row = replace(row, sections={**row.sections, key: replace(section, **{part: value})})
        elif name == "title":
            assert row.listing is not None
            row = replace(row, listing=replace(row.listing, title=value))
        else:
            row = replace(row, **{name: value})
    return row


def completion(content: Answer | str | None, finish_reason: str | None = "stop", **message: Any) -> dict[str, Any]:
    """A chat completion; `message` are further fields of its message (`refusal`)."""
    text = json.dumps(content, ensure_ascii=False) if isinstance(content, dict) else content
    return {"choices": [{"finish_reason": finish_reason, "message": {"role": "assistant", "content": text, **message}}]}


def said(key: str, markdown: str, basis: str | None = None) -> Edit:
    """A section says this instead (and rests on this)."""

    def edit(answer: Answer) -> None:
        answer["sections"][key].update({"markdown": markdown, **({"basis": basis} if basis else {})})

    return edit


def added(key: str, text: str) -> Edit:
    """A section goes on with this."""

    def edit(answer: Answer) -> None:
        answer["sections"][key]["markdown"] += text

    return edit


def begun(key: str, text: str) -> Edit:
    """A section begins with this."""

    def edit(answer: Answer) -> None:
        answer["sections"][key]["markdown"] = text + answer["sections"][key]["markdown"]

    return edit


def swapped(key: str, old: str, new: str) -> Edit:
    """Words of a section, or of the title, are replaced by others."""

    def edit(answer: Answer) -> None:
        place, name = (answer, key) if key == "title_ko" else (answer["sections"][key], "markdown")
        assert old in place[name], f"{old!r} is not in {key} of {answer['paper_id']}"
        place[name] = place[name].replace(old, new)

    return edit


def quoted(key: str, *quotes: str) -> Edit:
    """A section has these quotes instead."""
    return lambda answer: answer["sections"][key].update(quotes=list(quotes))


def titled(title: str) -> Edit:
    """The answer's title is this."""
    return lambda answer: answer.update(title_ko=title)


def absent(*keys: str) -> Edit:
    """Sections are marked absent, as they should where the source is silent."""

    def edit(answer: Answer) -> None:
        for key in keys:
            answer["sections"][key].update(basis="absent", markdown="", quotes=[])

    return edit


def with_results(*rows: tuple[str, str, str, str]) -> Edit:
    """The results' rows are these: metric, dataset, value, baseline."""
    names = ("metric", "dataset", "value", "baseline")
    return lambda answer: answer.update(results_rows=[dict(zip(names, row, strict=True)) for row in rows])


def korean_sentences() -> Iterator[str]:
    """Sentences of the sample answers' thoughts without figures and names: they fit any paper."""
    for paper_id in sorted(_items()):
        sections = sample_answer(paper_id)["sections"]
        for key in ("limitations", "future_work"):
            for line in sections[key]["markdown"].splitlines():
                sentence = line.removeprefix("- ")
                if sections[key]["basis"] == "inferred" and not any(sign.isascii() and sign.isalnum() for sign in line):
                    yield sentence


def long_text(longest: int, skipped: int = 0) -> str:
    """As many different Korean sentences as fit into so many characters, without the first few."""
    text = ""
    for sentence in list(korean_sentences())[skipped:]:
        if len(text) + len(sentence) + 1 > longest:
            break
        text = f"{text} {sentence}".strip()
    return text
