"""The headings of the seven sections, and all labels and fixed sentences (`headings_and_labels.LANGUAGE.json`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from daily_papers.sections import LANGUAGES, SECTION_KEYS, SectionKey


@dataclass(frozen=True)
class Wording:
    """Everything readers see beside the summaries, in one language: `labels` of the digest and of questions to people,
    texts of the round-up and of the page."""

    language_name: str
    headings: dict[SectionKey, str]
    absent: str
    inferred_mark: str
    labels: dict[str, str]
    round_up: dict[str, str]
    page: dict[str, str]


@cache
def _wordings() -> dict[str, Wording]:
    folder = files("daily_papers.wording")
    wordings: dict[str, Wording] = {}
    for language in LANGUAGES:
        file = folder.joinpath(f"headings_and_labels.{language}.json")
        wording = Wording(**json.loads(file.read_text(encoding="utf-8")))
        if tuple(wording.headings) != SECTION_KEYS:
            raise ValueError(f"{file} does not list the seven keys in order")
        wordings[language] = wording
    return wordings


def wording_of(language: str) -> Wording:
    """Headings and fixed sentences of a language; KeyError where it is not one of `LANGUAGES`."""
    return _wordings()[language]


def numbered_headings(language: str) -> dict[SectionKey, str]:
    """Headings as printed: `1. 핵심 동기와 문제 정의` … in order."""
    headings = wording_of(language).headings
    return {key: f"{number}. {headings[key]}" for number, key in enumerate(SECTION_KEYS, start=1)}
