"""A staged row: what is known about a paper of a date before the audit decides about it.

It is what every check looks at, and with a status it becomes a row of the day file (`as_columns`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final

from daily_papers.listing.contract import DayBrokenItem, DayPaper, ListedPaper
from daily_papers.reasons import Reason
from daily_papers.rows.answers import RESULTS_ROWS, TITLE, ParsedAnswer, Part, ResultRow
from daily_papers.rows.statements import JudgedStatement
from daily_papers.sections import SECTION_KEYS, SectionKey
from daily_papers.texts.quoted_passages import as_source_writes
from daily_papers.writing.markdown_text import with_closed_bold

LISTING_COLUMNS: Final = (*(field.name for field in fields(ListedPaper)), "listed", "listing_problem")
"""Columns of the day file that come from the listing."""
_NO_RESULT: Final = ResultRow(metric="", dataset="", value="", baseline="")


@dataclass(frozen=True)
class StagedSection:
    """A section of an answer. `markdown` is None where checks shall not look at the text (see `without`)."""

    basis: str
    markdown: str | None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origin:
    """What a summary was made of, and by which request: the columns of these names."""

    source_kind: str
    source_version: int | None
    source_sha256: str
    model: str
    prompt_version: str
    request_key: str
    repairs: int


@dataclass(frozen=True)
class Verdict:
    """What a person decided about a summary (see `decisions.Decision`); nothing, by default."""

    outcome: str | None = None
    by: str | None = None
    at: datetime | None = None
    because: str | None = None
    approved_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StagedRow:
    """A paper of a date, or an item of its listing that breaks the contract (`listing_problem`).

    The fields from `answered` to `source_lost` are filled by `with_answer`. `answer_problem` says why an answer could
    not be read; `section_order` holds the keys as the answer gave them; `source_lost` is what the source lacks because
    arXiv's documents do (see `text_store.LOST`). `damaged_input` is a stored file of the paper that cannot be read, and
    `lost_input` what its published version rests on and the lake no longer has.
    """

    paper_id: str
    language: str
    listing_date: date | None = None
    listing: ListedPaper | None = None
    listed: bool = True
    listing_problem: str | None = None
    answered: bool = False
    answer_problem: Reason | None = None
    answer_paper_id: str = ""
    section_order: tuple[str, ...] = ()
    translated_title: str | None = None
    sections: Mapping[str, StagedSection] = field(default_factory=dict)
    results: tuple[ResultRow, ...] = ()
    source_text: str = ""
    source_lost: tuple[str, ...] = ()
    numbers_near_quotes: bool = True
    """Whether the prompt asked for a quote near every number; earlier prompts did not."""
    judged: tuple[JudgedStatement, ...] = ()
    """What a second reader says about its statements; empty where none was asked, or nothing of it can be used."""
    is_to_be_verified: bool = False
    """Whether a second reader is to judge it (`DAILY_PAPERS_VERIFIER_MODEL` is set, and no person decided)."""
    origin: Origin | None = None
    verdict: Verdict = Verdict()
    pending_reason: str | None = None
    damaged_input: str | None = None
    lost_input: str | None = None

    @property
    def title(self) -> str:
        """The title as listed; "" for an item that cannot be read."""
        return self.listing.title if self.listing is not None else ""

    @property
    def listing_columns(self) -> dict[str, Any]:
        """`LISTING_COLUMNS`; of an item that cannot be read, its name and what is wrong with it."""
        facts: dict[str, Any] = {**dict.fromkeys(LISTING_COLUMNS), "authors": [], "keywords": []}
        if self.listing is not None:
            listed = vars(self.listing).items()
            facts |= {name: list(value) if isinstance(value, tuple) else value for name, value in listed}
        return {
            **facts,
            "paper_id": self.paper_id,
            "listed": self.listed,
            "listing_problem": self.listing_problem,
        }

    def as_columns(self) -> dict[str, Any]:
        """The columns of the day file, but for what the audit adds."""
        origin = self.origin
        columns: dict[str, Any] = {
            **self.listing_columns,
            "listing_date": self.listing_date,
            "language": self.language,
            **{one.name: getattr(origin, one.name) if origin is not None else None for one in fields(Origin)},
            "repairs": origin.repairs if origin is not None else 0,
            "decision": self.verdict.outcome,
            "decided_by": self.verdict.by,
            "decided_at": self.verdict.at,
            "decided_because": self.verdict.because,
            "translated_title": self.translated_title,
            "results_rows": [row.model_dump() for row in self.results],
        }
        for key in SECTION_KEYS:
            section = self.sections.get(key)
            columns[f"{key}_basis"] = section.basis if section is not None else None
            columns[f"{key}_markdown"] = section.markdown if section is not None else None
            columns[f"{key}_quotes"] = list(section.quotes) if section is not None else []
        return columns


def row_of_listing(listing_date: date, listed: DayPaper | DayBrokenItem, language: str) -> StagedRow:
    """The row of something that a date's listing holds; nobody has answered yet."""
    row = StagedRow(paper_id="", language=language, listing_date=listing_date, listed=listed.listed)
    if isinstance(listed, DayBrokenItem):
        return replace(row, paper_id=listed.item.paper_id, listing_problem=listed.item.problem)
    return replace(row, paper_id=listed.paper.paper_id, listing=listed.paper)


def with_answer(row: StagedRow, answer: ParsedAnswer, source_text: str, source_lost: tuple[str, ...] = ()) -> StagedRow:
    """A row with an answer and the text that it rests on; quotes are as that text writes them."""
    sections: dict[str, StagedSection] = {
        key: StagedSection(
            section.basis,
            with_closed_bold(section.markdown.strip()),
            tuple(as_source_writes(source_text, quote) for quote in section.quotes),
        )
        for key in SECTION_KEYS
        if (section := answer.sections.get(key)) is not None
    }
    return replace(
        row,
        answered=True,
        answer_problem=answer.problem,
        answer_paper_id=answer.paper_id,
        section_order=answer.section_order,
        translated_title=answer.title or None,
        sections=sections,
        results=answer.results,
        source_text=source_text,
        source_lost=source_lost,
    )


def title_in_source(row: StagedRow) -> str:
    """The paper's title as its source begins with it; "" where the row has no source."""
    return row.source_text.partition("\n\n")[0]


def present(row: StagedRow) -> Iterator[tuple[SectionKey, str, str]]:
    """Key, basis and text of the sections that the answer has (and that nobody left out by `without`)."""
    for key in SECTION_KEYS:
        section = row.sections.get(key)
        if section is not None and section.markdown is not None:
            yield key, section.basis, section.markdown


def quotes_of(row: StagedRow) -> Iterator[tuple[SectionKey, tuple[str, ...]]]:
    """Key and quotes of the sections that the answer has."""
    return ((key, row.sections[key].quotes) for key in SECTION_KEYS if key in row.sections)


def written(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of everything the answer writes in its own words: the title and the sections."""
    if row.translated_title:
        yield TITLE, row.translated_title
    yield from texts(row)


def cells(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of the results' rows."""
    return ((RESULTS_ROWS, text) for result in row.results for text in vars(result).values())


def texts(row: StagedRow) -> Iterator[tuple[SectionKey, str]]:
    """Key and text of the sections that say something."""
    return ((key, text) for key, basis, text in present(row) if basis != "absent" and text)


def without(row: StagedRow, parts: Set[Part]) -> StagedRow:
    """A row without the texts of some parts of its answer; for its checks, the parts are there and in order."""
    if not parts:
        return row
    return replace(
        row,
        sections={
            key: StagedSection(section.basis, None) if key in parts else section
            for key, section in row.sections.items()
        },
        translated_title=None if TITLE in parts else row.translated_title,
        results=(_NO_RESULT,) if RESULTS_ROWS in parts else row.results,
    )
