"""What the warehouse is asked beside the queries of the catalogue: one paper, and words in texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from daily_papers.sections import SECTION_KEYS

Scan = Callable[[str], pl.LazyFrame]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """A question: SQL of the warehouse and the values of its `$name`s, SQL of SQLite and a function for polars (None:
    nobody wrote it), SQL over the view `day_files` (None: they do not hold the answer), and positions of columns that
    are not compared."""

    warehouse: str
    values: Values
    sqlite: str | None = None
    polars: Callable[[Scan, Values], pl.LazyFrame] | None = None
    day_files: str | None = None
    not_compared: frozenset[int] = frozenset()


TABLES = (
    "days", "observations", "votes", "listings", "papers", "authors", "keywords", "organizations", "summaries",
    "sections", "results", "quarantine", "findings", "calls",
)  # fmt: skip
"""What the questions and the catalogue need."""

_VOTES_OF_A_PAPER = "SELECT listing_date, observed_at, upvotes, comments FROM votes WHERE paper_id = $paper_id"
_WORD_IN_ABSTRACTS = "SELECT count(*) FROM papers WHERE instr(abstract, $word) > 0"
_KOREAN_IN_SECTIONS = "SELECT section, count(*) FROM sections WHERE instr(markdown, $korean) > 0 GROUP BY section"
_SECTIONS_OF_DAY_FILES = (
    "SELECT unnest(["
    + ", ".join(f"{{'section': '{key}', 'markdown': {key}_markdown}}" for key in SECTION_KEYS)
    + "], recursive := true) FROM day_files WHERE status = 'complete'"
)


def _votes_of_a_paper(scan: Scan, values: Values) -> pl.LazyFrame:
    votes = scan("votes").filter(pl.col("paper_id") == values["paper_id"])
    return votes.select("listing_date", "observed_at", "upvotes", "comments")


def _word_in_abstracts(scan: Scan, values: Values) -> pl.LazyFrame:
    return scan("papers").filter(pl.col("abstract").str.contains(values["word"], literal=True)).select(pl.len())


def _korean_in_sections(scan: Scan, values: Values) -> pl.LazyFrame:
    found = scan("sections").filter(pl.col("markdown").str.contains(values["korean"], literal=True))
    return found.group_by("section").agg(pl.len())


def other_questions(paper_id: str) -> dict[str, Question]:
    """Questions that are no queries of the catalogue, by name."""
    return {
        "votes_of_a_paper": Question(_VOTES_OF_A_PAPER, {"paper_id": paper_id}, _VOTES_OF_A_PAPER, _votes_of_a_paper),
        "word_in_abstracts": Question(
            _WORD_IN_ABSTRACTS,
            {"word": "Reasoning"},
            _WORD_IN_ABSTRACTS,
            _word_in_abstracts,
            "SELECT count(DISTINCT paper_id) FROM day_files WHERE instr(abstract, $word) > 0",
        ),
        "korean_in_sections": Question(
            _KOREAN_IN_SECTIONS,
            {"korean": "추론"},
            _KOREAN_IN_SECTIONS,
            _korean_in_sections,
            f"SELECT section, count(*) FROM ({_SECTIONS_OF_DAY_FILES}) "
            "WHERE instr(markdown, $korean) > 0 GROUP BY section",
        ),
    }
