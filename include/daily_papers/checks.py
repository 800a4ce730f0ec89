"""The row checks of the audit: one plain function for each reason.

They are used on an answer as soon as it is there (is the paper done?) and as the expectations of the audit's
suite, so each rule has one definition. A check gets a staged row, a mapping with the columns of the day file and

- `listing_problem`: what is wrong with its item of the listing, or None;
- `answered`: whether there is an answer; `answer_problem`: reason code of one that could not be read, or None;
- `answer_paper_id`, `section_order`, `source_text`: what the answer named, and what it rests on.

and tells whether the row passes. A row without a readable answer passes every check but its problem's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from daily_papers.answers import ParsedAnswer, parse_answer
from daily_papers.calls import Call
from daily_papers.grounding.names import ungrounded_names
from daily_papers.grounding.numbers import ungrounded_numbers
from daily_papers.grounding.wording import alike, filler, foreign_words
from daily_papers.lake import Lake
from daily_papers.markdown_text import is_plain_markdown, with_closed_bold
from daily_papers.read import stored_source
from daily_papers.reasons import Reason
from daily_papers.sections import INFERABLE_SECTIONS, REQUIRED_SECTIONS, SECTION_KEYS, SectionKey

StagedRow = Mapping[str, Any]
Check = Callable[[StagedRow], bool]

SHORTEST_SECTION: Final = 15
"""Characters; the shortest of the 112 sections in the recorded digest of 2025-05-21 has 64."""
LONGEST_SECTION: Final = 2000
"""Characters; the longest of the 112 sections in that digest has 534."""
LEAST_HANGUL_SHARE: Final = 0.3
"""Hangul among the letters of a Korean section; English terms and names make up the rest."""

LEAST_LATIN_SHARE: Final = 0.8
"""Latin letters among those of an English section; Greek symbols and names make up the rest."""

ROW_CHECKS: dict[Reason, Check] = {}

_SCRIPTS = {
    "ko": (re.compile(r"[가-힣]"), LEAST_HANGUL_SHARE),
    "en": (re.compile(r"[A-Za-z]"), LEAST_LATIN_SHARE),
}
_CODE = re.compile(r"`[^`]*`")
_SAME_CHARACTERS = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-"})


def answer_columns(answer: ParsedAnswer | None, source_text: str) -> dict[str, Any]:
    """The columns of a staged row that come from an answer (None: there is none yet) and its source."""
    answered, answer = answer is not None, answer or ParsedAnswer()
    columns: dict[str, Any] = {
        "answered": answered,
        "answer_problem": answer.problem,
        "answer_paper_id": answer.paper_id,
        "section_order": list(answer.section_order),
        "source_text": source_text,
        "title_ko": answer.title or None,
        "results_rows": [row.model_dump() for row in answer.results],
    }
    for key in SECTION_KEYS:
        section = answer.sections.get(key)
        columns[f"{key}_basis"] = section.basis if section else None
        columns[f"{key}_markdown"] = with_closed_bold(section.markdown.strip()) if section else None
        columns[f"{key}_quotes"] = list(section.quotes) if section else []
    return columns


def answer_row(lake: Lake, call: Call) -> dict[str, Any]:
    """A stored answer as the part of a staged row that the checks look at."""
    source = stored_source(lake, call.paper_id, call.source_sha256)
    return {
        "paper_id": call.paper_id,
        "listing_problem": None,
        "language": call.language,
        **answer_columns(parse_answer(call.response or {}), source.text),
    }


def failing_reasons(row: StagedRow) -> list[Reason]:
    """Reasons whose check the row fails, in the enum's order; empty for a good row."""
    return [reason for reason, check in ROW_CHECKS.items() if not check(row)]


def _readable(check: Check) -> Check:
    """Lets rows pass that hold no readable answer: their problem is reported by its own reason."""
    return lambda row: not row["answered"] or row["answer_problem"] is not None or check(row)


def _row_check(reason: Reason) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        ROW_CHECKS[reason] = _readable(check)
        return check

    return register


def item_is_readable(row: StagedRow) -> bool:
    """The listing's item keeps its contract."""
    return row["listing_problem"] is None


ROW_CHECKS[Reason.LISTING_ITEM_BROKEN] = item_is_readable


def _problem_check(problem: Reason) -> Check:
    return lambda row: row["answer_problem"] != problem


for _problem in (
    Reason.ANSWER_TRUNCATED,
    Reason.ANSWER_REFUSED,
    Reason.ANSWER_EMPTY,
    Reason.ANSWER_NOT_JSON,
    Reason.SCHEMA_MISMATCH,
):
    ROW_CHECKS[_problem] = _problem_check(_problem)


def _present(row: StagedRow) -> Iterator[tuple[SectionKey, str, str]]:
    """Key, basis and text of the sections that the answer has."""
    for key in SECTION_KEYS:
        if row[f"{key}_basis"] is not None:
            yield key, row[f"{key}_basis"], row[f"{key}_markdown"]


def _texts(row: StagedRow) -> Iterator[str]:
    """Texts of the sections that say something."""
    return (text for _, basis, text in _present(row) if basis != "absent" and text)


@_row_check(Reason.WRONG_PAPER)
def names_its_paper(row: StagedRow) -> bool:
    """The answer carries the id it was asked about."""
    return bool(row["answer_paper_id"] == row["paper_id"])


@_row_check(Reason.SECTION_MISSING)
def has_all_sections(row: StagedRow) -> bool:
    """All seven sections are there."""
    return len(list(_present(row))) == len(SECTION_KEYS)


@_row_check(Reason.SECTION_EMPTY)
def sections_hold_text(row: StagedRow) -> bool:
    """A section has text exactly where its basis is not `absent`."""
    return all(bool(text) == (basis != "absent") for _, basis, text in _present(row))


@_row_check(Reason.SECTIONS_OUT_OF_ORDER)
def sections_are_in_order(row: StagedRow) -> bool:
    """The agreed keys come in the agreed order, and no unknown key among them."""
    given = list(row["section_order"])
    return given == [key for key in SECTION_KEYS if key in given]


@_row_check(Reason.SECTION_TOO_SHORT)
def sections_are_long_enough(row: StagedRow) -> bool:
    """Every text has at least `SHORTEST_SECTION` characters."""
    return all(len(text) >= SHORTEST_SECTION for text in _texts(row))


@_row_check(Reason.SECTION_TOO_LONG)
def sections_are_short_enough(row: StagedRow) -> bool:
    """Every text has at most `LONGEST_SECTION` characters."""
    return all(len(text) <= LONGEST_SECTION for text in _texts(row))


@_row_check(Reason.BASIS_NOT_ALLOWED)
def bases_are_allowed(row: StagedRow) -> bool:
    """`inferred` only where thinking is asked for, `absent` only where a paper may be silent."""
    return all(
        not (basis == "inferred" and key not in INFERABLE_SECTIONS)
        and not (basis == "absent" and key in REQUIRED_SECTIONS)
        for key, basis, _ in _present(row)
    )


@_row_check(Reason.WRONG_LANGUAGE)
def is_in_its_language(row: StagedRow) -> bool:
    """Every text is written in the row's language."""
    return all(is_written_in(text, row["language"]) for text in _texts(row))


@_row_check(Reason.FORBIDDEN_MARKDOWN)
def markdown_is_plain(row: StagedRow) -> bool:
    """Every text consists of paragraphs, lists, emphasis and inline code."""
    return all(is_plain_markdown(text) for text in _texts(row))


@_row_check(Reason.QUOTE_MISSING)
def stated_sections_quote(row: StagedRow) -> bool:
    """A `stated` section has at least one quote with text."""
    return all(
        any(quote.strip() for quote in row[f"{key}_quotes"]) for key, basis, _ in _present(row) if basis == "stated"
    )


@_row_check(Reason.QUOTE_NOT_IN_SOURCE)
def quotes_are_literal(row: StagedRow) -> bool:
    """Every quote occurs in the source, apart from white space and the shape of dashes and quotation marks."""
    source = _comparable(row["source_text"])
    return all(_comparable(quote) in source for key in SECTION_KEYS for quote in row[f"{key}_quotes"])


@_row_check(Reason.NUMBER_NOT_IN_SOURCE)
def numbers_are_stated(row: StagedRow) -> bool:
    """Every number, also those of the results' rows, occurs in the source in some form."""
    figures = (text for result in row["results_rows"] for text in result.values())
    return not any(ungrounded_numbers(text, row["source_text"]) for text in (*_texts(row), *figures))


@_row_check(Reason.NAME_NOT_IN_SOURCE)
def names_are_known(row: StagedRow) -> bool:
    """What says it is stated, and the datasets of the results' rows, names nothing that the source does not name."""
    stated = (text for _, basis, text in _present(row) if basis == "stated")
    datasets = (result["dataset"] for result in row["results_rows"])
    return not any(ungrounded_names(text, row["source_text"]) for text in (*stated, *datasets))


@_row_check(Reason.FOREIGN_SCRIPT)
def scripts_belong(row: StagedRow) -> bool:
    """No word is written in a script that neither the language nor English uses."""
    return not any(foreign_words(text) for text in _texts(row))


@_row_check(Reason.FILLER)
def sections_say_something(row: StagedRow) -> bool:
    """No text says that there is nothing to say: that is what `absent` is for."""
    return not any(filler(text) for text in _texts(row))


@_row_check(Reason.SECTIONS_ALIKE)
def sections_differ(row: StagedRow) -> bool:
    """No two sections say nearly the same."""
    return not alike({key: text for key, _, text in _present(row)})


def is_written_in(text: str, language: str) -> bool:
    """Whether enough of the letters of a text (inline code left out) are those of a language."""
    letters = [letter for letter in _CODE.sub("", text) if letter.isalpha()]
    pattern, least = _SCRIPTS[language]
    return bool(letters) and len(pattern.findall("".join(letters))) / len(letters) >= least


def _comparable(text: str) -> str:
    return " ".join(text.translate(_SAME_CHARACTERS).split())
