"""The seven sections: keys and order; and what readers see around them, in each language (`wording/*.json`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

SectionKey = Literal["motivation", "contributions", "method", "experiments", "results", "limitations", "future_work"]
SECTION_KEYS: Final[tuple[SectionKey, ...]] = get_args(SectionKey)

Basis = Literal["stated", "inferred", "absent"]
"""stated: the source says it (quotes are needed); inferred: the summarizer's own thought; absent: not in the source."""
BASES: Final[tuple[Basis, ...]] = get_args(Basis)

INFERABLE_SECTIONS: Final[frozenset[SectionKey]] = frozenset({"limitations", "future_work"})
"""Sections that ask for potential factors and ideas, where the summarizer may think for itself."""
REQUIRED_SECTIONS: Final[frozenset[SectionKey]] = frozenset({"motivation", "contributions", "method"})
"""Sections every paper has something to say on: `absent` is not accepted."""


LANGUAGES: Final = ("ko", "en")


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
    folder = files("daily_papers").joinpath("wording")
    wordings: dict[str, Wording] = {}
    for language in LANGUAGES:
        wording = Wording(**json.loads(folder.joinpath(f"{language}.json").read_text(encoding="utf-8")))
        if tuple(wording.headings) != SECTION_KEYS:
            raise ValueError(f"wording/{language}.json does not list the seven keys in order")
        wordings[language] = wording
    return wordings


def wording(language: str) -> Wording:
    """Headings and fixed sentences of a language; KeyError where it is not one of `LANGUAGES`."""
    return _wordings()[language]


def numbered_headings(language: str) -> dict[SectionKey, str]:
    """Headings as printed: `1. 핵심 동기와 문제 정의` … in order."""
    headings = wording(language).headings
    return {key: f"{number}. {headings[key]}" for number, key in enumerate(SECTION_KEYS, start=1)}
