"""Whether a text says something that is particular to its paper, or would fit any other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from daily_papers.checks.grounding.names import is_ordinary
from daily_papers.checks.grounding.numbers import squeezed
from daily_papers.checks.grounding.topics import touched_topics
from daily_papers.sections import SectionKey

LEAST_DENSITY = 4.7
"""Points per 100 characters, on average over the stated sections: a number or name of the source counts two, a
word that is not in everybody's prose one. The 32 sample answers have at least 5.0, half of them more than 10."""
MOST_EMPTY = 1
"""Stated sections without a point that an answer may have."""
FEWEST_LINKS, FEWEST_LINKS_TO_FIGURES, FEW_FIGURES = 2, 4, 3
"""Names, numbers and topics of its source that an answer has at least; more where the source has some figures. Of 150
careful answers, also to papers without any figure, two have fewer; of 54 texts that fit any paper, nearly all."""
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-.+@][A-Za-z0-9]+)*")
_NUMBER = re.compile(r"(?<![A-Za-z0-9.])\d[\d,.]*")
_FIGURE = re.compile(r"(?<![A-Za-z0-9.])(?:\d[\d,.]*\d|\d(?=%))")
_HANGUL = re.compile(r"[가-힣]+")
_SHORTEST = 2


@cache
def _generic_stems() -> frozenset[str]:
    """Beginnings of Korean words that any summary may use."""
    text = files("daily_papers.checks.form").joinpath("generic_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def uninformative_sections(sections: Mapping[SectionKey, str], source: str) -> list[SectionKey]:
    """Keys of the Korean texts that say little of their paper, where the answer as a whole does or several say nothing.

    All of them where hardly anything ties the answer to its source. A single thin section may be right: some papers
    have little to say there.
    """
    if sections and _links(sections.values(), source) < _fewest_links(source):
        return list(sections)
    points = {key: _points(text, source) for key, text in sections.items()}
    densities = {key: 100 * points[key] / len(sections[key]) for key in sections}
    empty = [key for key in sections if not points[key]]
    if sections and sum(densities.values()) / len(sections) < LEAST_DENSITY:
        return [key for key in sections if densities[key] < LEAST_DENSITY]
    return empty if len(empty) > MOST_EMPTY else []


def _links(texts: Collection[str], source: str) -> int:
    """What ties some texts to their source: names and numbers of it, and topics that both touch."""
    known = squeezed(source)
    names = {squeezed(name) for text in texts for name in _LATIN.findall(text) if len(name) > 1}
    numbers = {number.rstrip(".,") for text in texts for number in _NUMBER.findall(text)}
    tied = sum(name in known for name in names) + sum(number in source for number in numbers)
    return tied + touched_topics(texts, source)


def _fewest_links(source: str) -> int:
    figures = set(_FIGURE.findall(source))
    return FEWEST_LINKS if len(figures) < FEW_FIGURES else FEWEST_LINKS_TO_FIGURES


def _points(text: str, source: str) -> int:
    known = squeezed(source)
    names = {name for name in _LATIN.findall(text) if not is_ordinary(name) and squeezed(name) in known}
    numbers = {number.rstrip(".,") for number in _NUMBER.findall(text)}
    numbers = {number for number in numbers if len(number) > 1 and number in source}
    words = {word for word in _HANGUL.findall(text) if len(word) >= _SHORTEST and not _is_generic(word)}
    return 2 * (len(names) + len(numbers)) + len(words)


def _is_generic(word: str) -> bool:
    return any(word[:size] in _generic_stems() for size in range(1, len(word) + 1))
