"""The row checks of the audit: one plain function for each reason.

They are used on an answer as soon as it is there (is the paper done? what must be asked again?) and as the
expectations of the audit's suite, so each rule has one definition. A check gets a staged row, a mapping with the
columns of the day file and

- `listing_problem`: what is wrong with its item of the listing, or None;
- `answered`: whether there is an answer; `answer_problem`: reason code of one that could not be read, or None;
- `answer_paper_id`, `section_order`, `source_text`: what the answer named, and what it rests on.

and yields what it finds; nothing for a row that passes. A row without a readable answer passes every check but its
problem's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from daily_papers.answers import RESULTS_ROWS, TITLE, WHOLE, ParsedAnswer, Part
from daily_papers.grounding.instructions import evidence, instructions_to_models
from daily_papers.grounding.names import ungrounded_names
from daily_papers.grounding.numbers import ungrounded_numbers
from daily_papers.grounding.wording import alike, filler, foreign_words
from daily_papers.markdown_text import is_plain_markdown, with_closed_bold
from daily_papers.reasons import WARNINGS, Reason
from daily_papers.sections import INFERABLE_SECTIONS, REQUIRED_SECTIONS, SECTION_KEYS, SectionKey

StagedRow = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """What a check found: in which part of an answer, and what exactly ("" where the reason says it all)."""

    part: Part
    detail: str = ""


Check = Callable[[StagedRow], Iterable[Finding]]

SHORTEST_SECTION: Final = 15
"""Characters; the shortest of the 112 sections in the recorded digest of 2025-05-21 has 64."""
LONGEST_SECTION: Final = 2000
"""Characters; the longest of the 112 sections in that digest has 534."""
SHORTEST_QUOTE: Final = 10
"""Characters; a shorter one carries nothing."""
LONGEST_TITLE: Final = 300
"""Characters; the longest of the 1,332 recorded titles has 168."""
LEAST_HANGUL_SHARE: Final = 0.3
"""Hangul among the letters of a Korean section, names left out; English terms make up the rest."""

LEAST_LATIN_SHARE: Final = 0.8
"""Latin letters among those of an English section; Greek symbols and names make up the rest."""

ROW_CHECKS: dict[Reason, Check] = {}

_SCRIPTS = {
    "ko": (re.compile(r"[가-힣]"), LEAST_HANGUL_SHARE),
    "en": (re.compile(r"[A-Za-z]"), LEAST_LATIN_SHARE),
}
_LINK = re.compile(r"https?://|\]\(", re.IGNORECASE)
_CODE = re.compile(r"`[^`]*`")
_NAME = re.compile(r"[A-Za-z0-9./+-]*[A-Z0-9][A-Za-z0-9./+-]*")
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


def findings(row: StagedRow) -> dict[Reason, list[Finding]]:
    """What the checks find in a row, by reason in the enum's order; empty for a good row without warnings."""
    found = {reason: list(check(row)) for reason, check in ROW_CHECKS.items()}
    return {reason: of_reason for reason, of_reason in found.items() if of_reason}


def failures(row: StagedRow) -> dict[Reason, list[Finding]]:
    """The findings that keep a row from its readers, by reason in the enum's order; empty for a good row."""
    return {reason: of_reason for reason, of_reason in findings(row).items() if reason not in WARNINGS}


def _row_check(reason: Reason) -> Callable[[Check], Check]:
    """Registers a check; rows without a readable answer pass it: their problem is reported by its own reason."""

    def register(check: Check) -> Check:
        ROW_CHECKS[reason] = lambda row: check(row) if row["answered"] and row["answer_problem"] is None else ()
        return check

    return register


def item_is_readable(row: StagedRow) -> Iterator[Finding]:
    """The listing's item keeps its contract."""
    if row["listing_problem"] is not None:
        yield Finding(WHOLE, row["listing_problem"])


ROW_CHECKS[Reason.LISTING_ITEM_BROKEN] = item_is_readable


def _problem_check(problem: Reason) -> Check:
    return lambda row: [Finding(WHOLE)] if row["answer_problem"] == problem else []


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


def _written(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of everything the answer writes in its own words: the title and the sections."""
    if row["title_ko"]:
        yield TITLE, row["title_ko"]
    yield from _texts(row)


def _cells(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of the results' rows."""
    return ((RESULTS_ROWS, text) for result in row["results_rows"] for text in result.values())


def _texts(row: StagedRow) -> Iterator[tuple[SectionKey, str]]:
    """Key and text of the sections that say something."""
    return ((key, text) for key, basis, text in _present(row) if basis != "absent" and text)


@_row_check(Reason.WRONG_PAPER)
def names_its_paper(row: StagedRow) -> Iterator[Finding]:
    """The answer carries the id it was asked about."""
    if row["answer_paper_id"] != row["paper_id"]:
        yield Finding(WHOLE, row["answer_paper_id"])


@_row_check(Reason.SECTION_MISSING)
def has_all_sections(row: StagedRow) -> Iterator[Finding]:
    """All seven sections are there."""
    present = {key for key, _, _ in _present(row)}
    return (Finding(key) for key in SECTION_KEYS if key not in present)


@_row_check(Reason.SECTION_EMPTY)
def sections_hold_text(row: StagedRow) -> Iterator[Finding]:
    """A section has text exactly where its basis is not `absent`."""
    return (Finding(key, basis) for key, basis, text in _present(row) if bool(text) == (basis == "absent"))


@_row_check(Reason.SECTIONS_OUT_OF_ORDER)
def sections_are_in_order(row: StagedRow) -> Iterator[Finding]:
    """The agreed keys come in the agreed order, and no unknown key among them."""
    given = list(row["section_order"])
    if given != [key for key in SECTION_KEYS if key in given]:
        yield Finding(WHOLE, ", ".join(given))


@_row_check(Reason.SECTION_TOO_SHORT)
def sections_are_long_enough(row: StagedRow) -> Iterator[Finding]:
    """Every text has at least `SHORTEST_SECTION` characters."""
    return (Finding(key, f"{len(text)} characters") for key, text in _texts(row) if len(text) < SHORTEST_SECTION)


@_row_check(Reason.SECTION_TOO_LONG)
def sections_are_short_enough(row: StagedRow) -> Iterator[Finding]:
    """Every section has at most `LONGEST_SECTION` characters, the title and the results' cells `LONGEST_TITLE`."""
    for part, text in (*_written(row), *_cells(row)):
        if len(text) > (LONGEST_SECTION if part in SECTION_KEYS else LONGEST_TITLE):
            yield Finding(part, f"{len(text)} characters")


@_row_check(Reason.BASIS_NOT_ALLOWED)
def bases_are_allowed(row: StagedRow) -> Iterator[Finding]:
    """`inferred` only where thinking is asked for, `absent` only where a paper may be silent."""
    for key, basis, _ in _present(row):
        if (basis == "inferred" and key not in INFERABLE_SECTIONS) or (basis == "absent" and key in REQUIRED_SECTIONS):
            yield Finding(key, basis)


@_row_check(Reason.WRONG_LANGUAGE)
def is_in_its_language(row: StagedRow) -> Iterator[Finding]:
    """Every text is written in the row's language."""
    yield from (Finding(key) for key, text in _texts(row) if not is_written_in(text, row["language"]))
    if row["title_ko"] and not _SCRIPTS[row["language"]][0].search(row["title_ko"]):  # names may make up most of it
        yield Finding(TITLE, row["title_ko"])


@_row_check(Reason.FORBIDDEN_MARKDOWN)
def markdown_is_plain(row: StagedRow) -> Iterator[Finding]:
    """Every section consists of paragraphs, lists, emphasis and inline code; title and cells hold no link."""
    yield from (Finding(key) for key, text in _texts(row) if not is_plain_markdown(text))
    linking = ((part, text) for part, text in ((TITLE, row["title_ko"] or ""), *_cells(row)) if _LINK.search(text))
    yield from (Finding(part, text) for part, text in linking)


@_row_check(Reason.QUOTE_MISSING)
def stated_sections_quote(row: StagedRow) -> Iterator[Finding]:
    """A `stated` section has at least one quote of `SHORTEST_QUOTE` characters."""
    for key, basis, _ in _present(row):
        if basis == "stated" and not any(len(quote.strip()) >= SHORTEST_QUOTE for quote in row[f"{key}_quotes"]):
            yield Finding(key)


@_row_check(Reason.QUOTE_NOT_IN_SOURCE)
def quotes_are_literal(row: StagedRow) -> Iterator[Finding]:
    """Every quote occurs in the source, apart from white space and the shape of dashes and quotation marks."""
    source = _comparable(evidence(row["source_text"]))
    for key in SECTION_KEYS:
        yield from (Finding(key, quote) for quote in row[f"{key}_quotes"] if _comparable(quote) not in source)


@_row_check(Reason.NUMBER_NOT_IN_SOURCE)
def numbers_are_stated(row: StagedRow) -> Iterator[Finding]:
    """Every number, also those of the title and the results' rows, occurs in the source in some form."""
    for part, text in (*_written(row), *_cells(row)):
        yield from (Finding(part, number) for number in ungrounded_numbers(text, evidence(row["source_text"])))


@_row_check(Reason.NAME_NOT_IN_SOURCE)
def names_are_known(row: StagedRow) -> Iterator[Finding]:
    """The title, what says it is stated, and the datasets of the results' rows name nothing new."""
    stated = ((key, text) for key, basis, text in _present(row) if basis == "stated")
    datasets = ((RESULTS_ROWS, result["dataset"]) for result in row["results_rows"])
    title = ((part, text) for part, text in _written(row) if part == TITLE)
    for part, text in (*title, *stated, *datasets):
        yield from (Finding(part, name) for name in ungrounded_names(text, evidence(row["source_text"])))


@_row_check(Reason.FOREIGN_SCRIPT)
def scripts_belong(row: StagedRow) -> Iterator[Finding]:
    """No word is written in a script that neither the language nor English uses."""
    return (Finding(part, word) for part, text in (*_written(row), *_cells(row)) for word in foreign_words(text))


@_row_check(Reason.FILLER)
def sections_say_something(row: StagedRow) -> Iterator[Finding]:
    """No text says that there is nothing to say: that is what `absent` is for."""
    for key, text in _texts(row):
        yield from (Finding(key, phrase) for phrase in filler(text, inferred=row[f"{key}_basis"] == "inferred"))


@_row_check(Reason.SECTIONS_ALIKE)
def sections_differ(row: StagedRow) -> Iterator[Finding]:
    """No two sections say nearly the same."""
    pairs = alike({key: text for key, _, text in _present(row)})
    return (Finding(second, first) for first, second in pairs)


def source_is_only_a_paper(row: StagedRow) -> Iterator[Finding]:
    """Neither the source nor the title speaks to a language model that reads it (a warning: see `WARNINGS`)."""
    if row["answered"]:
        text = f"{row['title']}\n{row['source_text']}"
        yield from (Finding(WHOLE, phrase) for phrase in instructions_to_models(text))


ROW_CHECKS[Reason.INSTRUCTIONS_IN_SOURCE] = source_is_only_a_paper


def is_written_in(text: str, language: str) -> bool:
    """Whether enough of the letters of a text are those of a language.

    Inline code is left out, and in Korean text so are names (Latin words with a capital letter or a digit).
    """
    plain = _CODE.sub("", text)
    letters = [letter for letter in (_NAME.sub("", plain) if language == "ko" else plain) if letter.isalpha()]
    pattern, least = _SCRIPTS[language]
    return bool(letters) and len(pattern.findall("".join(letters))) / len(letters) >= least


@lru_cache(maxsize=256)  # every section of a paper is held against the same source
def _comparable(text: str) -> str:
    return " ".join(text.translate(_SAME_CHARACTERS).split())
