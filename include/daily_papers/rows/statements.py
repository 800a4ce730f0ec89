"""What a summary states, sentence by sentence, and what a second reader says about each sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from daily_papers.rows.answers import Part


class Judgement(StrEnum):
    """What the passages of a paper say about a statement."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Statement:
    """A sentence of an answer that claims to be the source's, or a row of its results."""

    part: Part
    text: str


@dataclass(frozen=True)
class JudgedStatement:
    """A statement, what a second reader says about it, and the words of the source that decide it.

    `judgement` is None where nobody judged it, or nothing holds of what was said: `words` must be literal.
    """

    statement: Statement
    judgement: Judgement | None = None
    words: str = ""
