"""The parts of a paper, and which of them a summary can do without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

SHORTEST_FULL_TEXT = 2000
"""Characters; a document with less of them is a notice, or could not be read."""


class UnreadableError(ValueError):
    """A document holds no paper that can be read; the text says why."""


class PassageKind(IntEnum):
    """What a part of a paper is for; the smaller the number, the sooner it is left out."""

    REFERENCES = 1
    ACKNOWLEDGEMENTS = 2
    APPENDIX = 3
    RELATED_WORK = 4
    OTHER = 5
    INTRODUCTION = 6
    DISCUSSION = 7
    RESULTS = 8
    METHOD = 9
    ABSTRACT = 10


@dataclass(frozen=True)
class Passage:
    """One part of a paper: its heading ("" where it has none), what it is for, and its text as Markdown."""

    title: str
    kind: PassageKind
    text: str

    @property
    def markdown(self) -> str:
        """Heading and text."""
        return f"# {self.title}\n\n{self.text}" if self.title else self.text


_TITLES = (
    (PassageKind.REFERENCES, r"references|bibliography"),
    (
        PassageKind.ACKNOWLEDGEMENTS,
        r"acknowledg|author contributions|funding|(?:neurips )?paper checklist|ethic",
    ),
    (PassageKind.APPENDIX, r"appendi|supplement"),
    (PassageKind.ABSTRACT, r"abstract$"),
    (PassageKind.RELATED_WORK, r"related work|background|preliminar|literature"),
    (PassageKind.INTRODUCTION, r"introduction|motivation"),
    (PassageKind.DISCUSSION, r"discussion|conclusion|concluding|limitation|future|broader|summary"),
    (PassageKind.RESULTS, r".*(?:experiment|result|evaluation|ablation|benchmark|analys[ie]s|findings)"),
    (
        PassageKind.METHOD,
        r".*(?:method|approach|model|architect|framework|algorithm|training|system|design|dataset)",
    ),
)
_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*|[IVX]+|[A-Z])?[.:]?\s+", re.ASCII)


def kind_of(title: str) -> PassageKind:
    """What a part is for, as far as its heading tells."""
    plain = _NUMBERING.sub("", f" {title}" if title[:1].islower() else title).strip().lower()
    return next((kind for kind, pattern in _TITLES if re.match(pattern, plain)), PassageKind.OTHER)


def with_kinds_by_place(passages: list[Passage]) -> list[Passage]:
    """What comes after the references is appendix, whatever it is called."""
    kinds = [passage.kind for passage in passages]
    if PassageKind.REFERENCES not in kinds:
        return passages
    end = kinds.index(PassageKind.REFERENCES)
    return [
        Passage(one.title, min(one.kind, PassageKind.APPENDIX), one.text) if place > end else one
        for place, one in enumerate(passages)
    ]


def named_version(text: str, paper_id: str) -> int | None:
    """The version in a versioned id of the paper in a text (2505.14683v2); None where there is none.

    The ids of other papers, which it cites, say nothing.
    """
    found = re.search(rf"(?<!\d){re.escape(paper_id)}v(\d{{1,3}})\b", text)
    return int(found[1]) if found else None
