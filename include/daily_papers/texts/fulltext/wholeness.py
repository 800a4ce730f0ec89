"""Whether a document holds the whole paper: what no paper looks like is not believed, what few look like is doubted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bs4.element import Tag

from daily_papers.texts.fulltext.passages import Passage, PassageKind, UnreadableError

SHORT_BODY = 8000
"""Characters before references and appendices, some two pages: few papers have less."""
LONGEST_WITHOUT_END = 25_000
"""Characters; what ends in neither a conclusion nor references is doubted where it is shorter."""
DEEPEST = 250
"""Elements in one another; LaTeXML's formulas come to some sixty."""
_LEAST_TEXT = 40
"""Characters; a section with less is a heading."""
_FEWEST_HOLLOW = 2
_LARGEST_HOLLOW_SHARE = 1 / 3
_UNIT = "section.ltx_section, section.ltx_subsection, section.ltx_subsubsection"
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:[^<>]*(/)>)?")
_NOT_NESTING = frozenset(b"area base br col embed hr img input link meta source track wbr p li dt dd option".split())
"""Void elements, and those that end without saying so."""
_NUMBER = re.compile(r"(\d{1,2})[.:]?\s")
_AFTER_THE_BODY = (PassageKind.REFERENCES, PassageKind.ACKNOWLEDGEMENTS, PassageKind.APPENDIX)


@dataclass(frozen=True)
class Doubt:
    """Why a text may be a part of a paper only. `grave`: it is not taken unless another form agrees.

    `missing`: numbers of sections that it leaves out.
    """

    text: str
    grave: bool = True
    missing: frozenset[int] = frozenset()


def check_depth(body: bytes) -> None:
    """Raises UnreadableError before a parser follows elements that are nested without end."""
    depth = 0
    for closing, name, closed in _TAG.findall(body):
        if name.lower() in _NOT_NESTING or closed:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > DEEPEST:
            raise UnreadableError("is nested too deeply")


def check_not_hollow(article: Tag) -> None:
    """Raises UnreadableError where sections are headings without text."""
    units = [unit for unit in article.select(_UNIT) if unit.select_one(_UNIT) is None]
    hollow = sum(_text_length(unit) < _LEAST_TEXT for unit in units)
    if hollow >= _FEWEST_HOLLOW and hollow > _LARGEST_HOLLOW_SHARE * len(units):
        raise UnreadableError(f"holds no text in {hollow} of its {len(units)} sections")


def _text_length(unit: Tag) -> int:
    heading = unit.select_one(".ltx_title")
    return len(" ".join(unit.get_text().split())) - (len(" ".join(heading.get_text().split())) if heading else 0)


def doubt_about(passages: Sequence[Passage]) -> Doubt | None:
    """What makes a text look like a part of a paper only; None for most."""
    if missing := _missing_numbers(passages):
        return Doubt(f"lacks section {', '.join(map(str, missing))}", missing=frozenset(missing))
    body = sum(len(one.text) for one in passages if one.kind not in _AFTER_THE_BODY)
    ends = {one.kind for one in passages} & {PassageKind.REFERENCES, PassageKind.DISCUSSION}
    if not ends and body < LONGEST_WITHOUT_END:
        return Doubt(f"ends after {body} characters without conclusion or references")
    return Doubt(f"holds only {body} characters before its references", grave=False) if body < SHORT_BODY else None


def _missing_numbers(passages: Sequence[Passage]) -> list[int]:
    """The numbers left out between the first and the last section before the references."""
    numbers = section_numbers(passages)
    return [one for one in range(min(numbers), max(numbers)) if one not in numbers] if numbers else []


def section_numbers(passages: Sequence[Passage]) -> set[int]:
    """The numbers of the sections before the references."""
    numbers: set[int] = set()
    for passage in passages:
        if passage.kind is PassageKind.REFERENCES:
            break
        if found := _NUMBER.match(passage.title):
            numbers.add(int(found[1]))
    return numbers
