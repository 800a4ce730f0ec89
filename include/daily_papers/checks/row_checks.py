"""The row checks of the audit: one plain function for each reason.

They are used on an answer as soon as it is there (is the paper done? what must be asked again?) and as the
expectations of the audit's suite, so each rule has one definition. A check gets a staged row (see `staged_row`) and
yields what it finds; nothing for a row that passes. A row without a readable answer passes every check but its
problem's own. What is too long for its place is said to be so, and no other check looks at it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from textwrap import shorten
from typing import Final

from daily_papers.checks.form import habits
from daily_papers.checks.form.particular import uninformative_sections
from daily_papers.checks.grounding import debris
from daily_papers.checks.grounding.changes import wrong_changes
from daily_papers.checks.grounding.counted_nouns import wrong_counts
from daily_papers.checks.grounding.filler import NAME, alike, filler
from daily_papers.checks.grounding.foreign_script import foreign_words
from daily_papers.checks.grounding.instructions import evidence, instructions_to_models
from daily_papers.checks.grounding.names import lost_names, ungrounded_institutions, ungrounded_names, unknown_words
from daily_papers.checks.grounding.numbers import ungrounded_numbers
from daily_papers.checks.grounding.results_evidence import cells_elsewhere, datasets_elsewhere
from daily_papers.checks.grounding.topics import foreign_topics
from daily_papers.reasons import ROW_REASONS, WARNINGS, Reason
from daily_papers.rows.answers import RESULTS_ROWS, TITLE, WHOLE, Part
from daily_papers.rows.staged_row import StagedRow, cells, present, quotes_of, texts, title_in_source, without, written
from daily_papers.rows.statements import Judgement
from daily_papers.sections import INFERABLE_SECTIONS, LANGUAGES, REQUIRED_SECTIONS, SECTION_KEYS, SectionKey
from daily_papers.texts.quoted_passages import has_letters, near_quotes, place_of
from daily_papers.wording.headings_and_labels import wording_of
from daily_papers.writing.markdown_text import is_plain_markdown

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """What a check found: in which part of an answer, and what exactly ("" where the reason says it all)."""

    part: Part
    detail: str = ""


Check = Callable[[StagedRow], Iterable[Finding]]

SECTION_LENGTHS: Final[dict[SectionKey, tuple[int, int]]] = {
    "motivation": (26, 892),
    "contributions": (24, 2136),
    "method": (35, 1060),
    "experiments": (12, 1080),
    "results": (18, 1248),
    "limitations": (13, 872),
    "future_work": (15, 1248),
}
"""Least and most characters of each section: half of the shortest and four times the longest in the recorded digest of
2025-05-21 (16 papers from web pages) and the 32 sample answers (from abstracts), which a test derives again."""
SHORTEST_QUOTE: Final = 10
"""Characters; a shorter one carries nothing."""
LONGEST_TITLE: Final = 300
"""Characters of a title or a result's cell; the longest of the 1,332 recorded titles has 168."""
LONGEST_QUOTE: Final = 2000
"""Characters; the longest quote of the sample answers has 181."""
MOST_QUOTES: Final = 50
"""Of a section; the sample answers have at most 4."""
MOST_RESULTS_ROWS: Final = 100
"""The sample answers have at most 6."""
BEGINNING: Final = 2500
"""Characters of a source that hold its title and abstract."""
LONGEST_DETAIL: Final = 500
"""Characters of what a check found."""
LONGEST_STATEMENT: Final = 90
"""Characters of a statement, and of the words that contradict it, in what a check found."""
LEAST_HANGUL_SHARE: Final = 0.3
"""Hangul among the letters of a Korean section, names left out; English terms make up the rest."""

LEAST_LATIN_SHARE: Final = 0.8
"""Latin letters among those of an English section; Greek symbols and names make up the rest."""

ROW_CHECKS: dict[Reason, Check] = {}

_SCRIPTS = {
    "ko": (re.compile(r"[가-힣]"), LEAST_HANGUL_SHARE),
    "en": (re.compile(r"[A-Za-z]"), LEAST_LATIN_SHARE),
}
_MEASURED = re.compile(
    r"(?<![\d.,])(?:(?<=\w)\d++)?+[.,]*+(\d[\d.,]*+\s?(?:%|\\%|x\b|×|percent(?:age\spoints?)?\b|points?\b|times\b))",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|\]\(", re.IGNORECASE)
_FENCE = "```"
_CODE = re.compile(r"`[^`]*`")
_NUMBER = re.compile(
    r"\d|절반|(?<![가-힣])반(?:으로|\s?이상|\s?넘)|(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열|수십|수백)\s?배"
)


def findings(row: StagedRow) -> dict[Reason, list[Finding]]:
    """What the checks find in a row, by reason in the enum's order; empty for a good row without warnings.

    No text can stop it: a check that raises is a finding, too.
    """
    failed: list[Finding] = []
    too_long = _found_by(Reason.SECTION_TOO_LONG, row, failed)
    readable = without(row, {finding.part for finding in too_long})
    found: dict[Reason, list[Finding]] = {
        reason: too_long if reason is Reason.SECTION_TOO_LONG else _found_by(reason, readable, failed)
        for reason in ROW_REASONS
        if reason is not Reason.CHECK_FAILED
    }
    found[Reason.CHECK_FAILED] = failed
    return {reason: found[reason] for reason in ROW_REASONS if found[reason]}


def _found_by(reason: Reason, row: StagedRow, failed: list[Finding]) -> list[Finding]:
    """What one check finds, with short details; where it raises, nothing, and `failed` says so."""
    try:
        return [
            replace(finding, detail=finding.detail[:LONGEST_DETAIL])
            if len(finding.detail) > LONGEST_DETAIL
            else finding
            for finding in ROW_CHECKS[reason](row)
        ]
    except Exception as error:  # whatever a text does to a check, the other papers of its date go on
        logger.exception("%s: the check for %s failed", row.paper_id, reason)
        failed.append(Finding(WHOLE, f"{reason}: {type(error).__name__}"[:LONGEST_DETAIL]))
        return []


def failures(row: StagedRow) -> dict[Reason, list[Finding]]:
    """The findings that keep a row from its readers, by reason in the enum's order; empty for a good row.

    Not those that a person set aside by approving the row.
    """
    set_aside = {*WARNINGS, *row.verdict.approved_reasons}
    return {reason: of_reason for reason, of_reason in findings(row).items() if reason not in set_aside}


def _row_check(reason: Reason) -> Callable[[Check], Check]:
    """Registers a check; rows without a readable answer pass it: their problem is reported by its own reason."""

    def register(check: Check) -> Check:
        ROW_CHECKS[reason] = lambda row: check(row) if row.answered and row.answer_problem is None else ()
        return check

    return register


def item_is_readable(row: StagedRow) -> Iterator[Finding]:
    """The listing's item keeps its contract."""
    if row.listing_problem is not None:
        yield Finding(WHOLE, row.listing_problem)


ROW_CHECKS[Reason.LISTING_ITEM_BROKEN] = item_is_readable


def inputs_are_readable(row: StagedRow) -> Iterator[Finding]:
    """The stored answers, texts and decisions of the paper can be read."""
    if row.damaged_input is not None:
        yield Finding(WHOLE, row.damaged_input)


ROW_CHECKS[Reason.INPUT_DAMAGED] = inputs_are_readable


def _problem_check(problem: Reason) -> Check:
    return lambda row: [Finding(WHOLE)] if row.answer_problem == problem else []


for _problem in (
    Reason.ANSWER_TRUNCATED,
    Reason.ANSWER_REFUSED,
    Reason.ANSWER_EMPTY,
    Reason.ANSWER_NOT_JSON,
    Reason.SCHEMA_MISMATCH,
):
    ROW_CHECKS[_problem] = _problem_check(_problem)


@_row_check(Reason.WRONG_PAPER)
def names_its_paper(row: StagedRow) -> Iterator[Finding]:
    """The answer carries the id it was asked about."""
    if row.answer_paper_id != row.paper_id:
        yield Finding(WHOLE, row.answer_paper_id)


@_row_check(Reason.SECTION_MISSING)
def has_all_sections(row: StagedRow) -> Iterator[Finding]:
    """All seven sections are there."""
    return (Finding(key) for key in SECTION_KEYS if key not in row.sections)


@_row_check(Reason.SECTION_EMPTY)
def sections_hold_text(row: StagedRow) -> Iterator[Finding]:
    """A section has text exactly where its basis is not `absent`."""
    return (Finding(key, basis) for key, basis, text in present(row) if bool(text) == (basis == "absent"))


@_row_check(Reason.SECTIONS_OUT_OF_ORDER)
def sections_are_in_order(row: StagedRow) -> Iterator[Finding]:
    """The agreed keys come in the agreed order, and no unknown key among them."""
    given = list(row.section_order)
    if given != [key for key in SECTION_KEYS if key in given]:
        yield Finding(WHOLE, ", ".join(given))


@_row_check(Reason.SECTION_TOO_SHORT)
def sections_are_long_enough(row: StagedRow) -> Iterator[Finding]:
    """Every section that has text has its least length (`SECTION_LENGTHS`)."""
    for key, text in texts(row):
        if len(text) < SECTION_LENGTHS[key][0]:
            yield Finding(key, f"{len(text)} characters")


@_row_check(Reason.SECTION_TOO_LONG)
def parts_are_short_enough(row: StagedRow) -> Iterator[Finding]:
    """No section exceeds its length (`SECTION_LENGTHS`), nor the title or a result's cell `LONGEST_TITLE`.

    Quotes and the results' rows have limits of their own: every one of them is looked for in the source.
    """
    most: dict[Part, int] = {key: longest for key, (_, longest) in SECTION_LENGTHS.items()}
    for part, text in (*written(row), *cells(row)):
        if len(text) > most.get(part, LONGEST_TITLE):
            yield Finding(part, f"{len(text)} characters")
    for key, quotes in quotes_of(row):
        yield from (
            Finding(key, f"a quote of {len(quote)} characters") for quote in quotes if len(quote) > LONGEST_QUOTE
        )
        if len(quotes) > MOST_QUOTES:
            yield Finding(key, f"{len(quotes)} quotes")
    if len(row.results) > MOST_RESULTS_ROWS:
        yield Finding(RESULTS_ROWS, f"{len(row.results)} rows")


@_row_check(Reason.BASIS_NOT_ALLOWED)
def bases_are_allowed(row: StagedRow) -> Iterator[Finding]:
    """`inferred` only where thinking is asked for, `absent` only where a paper may be silent."""
    for key, basis, _ in present(row):
        if (basis == "inferred" and key not in INFERABLE_SECTIONS) or (basis == "absent" and key in REQUIRED_SECTIONS):
            yield Finding(key, basis)


@_row_check(Reason.WRONG_LANGUAGE)
def is_in_its_language(row: StagedRow) -> Iterator[Finding]:
    """Every text is written in the row's language."""
    yield from (Finding(key) for key, text in texts(row) if not is_written_in(text, row.language))
    if row.translated_title and not _SCRIPTS[row.language][0].search(
        row.translated_title
    ):  # names may make up most of it
        yield Finding(TITLE, row.translated_title)


@_row_check(Reason.FORBIDDEN_MARKDOWN)
def markdown_is_plain(row: StagedRow) -> Iterator[Finding]:
    """Every section consists of paragraphs, lists, emphasis and inline code; title and cells hold no link."""
    yield from (Finding(key) for key, text in texts(row) if _FENCE in text or not is_plain_markdown(text))
    yield from (Finding(part, address) for part, text in written(row) for address in habits.addresses(text))
    linking = ((part, text) for part, text in ((TITLE, row.translated_title or ""), *cells(row)) if _LINK.search(text))
    yield from (Finding(part, text) for part, text in linking)


@_row_check(Reason.ERROR_MESSAGE)
def nothing_is_an_error(row: StagedRow) -> Iterator[Finding]:
    """Title and sections are not messages of programs."""
    for part, text in written(row):
        yield from (Finding(part, phrase) for phrase in debris.error_messages(text, row.source_text))


@_row_check(Reason.MODEL_TALK)
def model_keeps_to_the_paper(row: StagedRow) -> Iterator[Finding]:
    """In title and sections the model neither refuses nor speaks about itself or its task."""
    for part, text in written(row):
        yield from (Finding(part, phrase) for phrase in debris.model_talk(text, row.source_text))


@_row_check(Reason.JSON_DEBRIS)
def nothing_is_json(row: StagedRow) -> Iterator[Finding]:
    """Title and sections hold no pieces of the answer's JSON, nor its escapes."""
    for part, text in written(row):
        yield from (Finding(part, piece) for piece in debris.json_debris(text, row.source_text))


@_row_check(Reason.HEADING_DEBRIS)
def headings_are_not_repeated(row: StagedRow) -> Iterator[Finding]:
    """No section holds a section's heading, in any language or as its key, as a line or label."""
    headings = {heading for language in LANGUAGES for heading in wording_of(language).headings.values()}
    for key, text in texts(row):
        yield from (Finding(key, line) for line in debris.heading_debris(text, {*headings, *SECTION_KEYS}))


@_row_check(Reason.QUOTE_MISSING)
def stated_sections_quote(row: StagedRow) -> Iterator[Finding]:
    """A `stated` section has at least one quote of `SHORTEST_QUOTE` characters."""
    for key, basis, _ in present(row):
        if basis == "stated" and not any(len(quote.strip()) >= SHORTEST_QUOTE for quote in row.sections[key].quotes):
            yield Finding(key)


@_row_check(Reason.QUOTE_NOT_IN_SOURCE)
def quotes_are_literal(row: StagedRow) -> Iterator[Finding]:
    """Every quote occurs in the source, apart from how it is typeset: white space, hyphens within words, dashes,
    quotation marks, escapes, capitals and marks at its ends.

    What readers get is the source's wording (`as_source_writes`).
    """
    source = evidence(row.source_text)
    for key, quotes in quotes_of(row):
        yield from (Finding(key, quote) for quote in quotes if has_letters(quote) and place_of(source, quote) is None)


@_row_check(Reason.NUMBER_NOT_IN_SOURCE)
def numbers_are_stated(row: StagedRow) -> Iterator[Finding]:
    """Every number, also those of the title and the results' rows, occurs in the source in some form."""
    for part, text in (*written(row), *cells(row)):
        yield from (Finding(part, number) for number in _numbers_without_evidence(row, part, text)[0])


def _numbers_without_evidence(row: StagedRow, part: Part, text: str) -> tuple[list[str], list[str]]:
    """Numbers of a part that stand nowhere in the source, and those that stand there, but not near a quote.

    The whole source is read only for what is missing near the quotes.
    """
    source = evidence(row.source_text)
    near = near_quotes(source, _all_quotes(row))
    missing_near = _unstated_numbers(row, part, text, near, f"{source[:BEGINNING]}\n{near}")
    if not missing_near:
        return [], []
    missing = _unstated_numbers(row, part, text, source, source)
    return [one for one in missing if one in missing_near], [one for one in missing_near if one not in missing]


def _unstated_numbers(row: StagedRow, part: Part, text: str, source: str, named: str) -> list[str]:
    """Numbers of a part that a source does not state, and names with digits that `named` does not have.

    A thought may count what it speaks of, and a section what its own quotes list; a result may leave out a bound that
    its sentence names; the title's are those of the paper's title.
    """
    if part == RESULTS_ROWS:
        return ungrounded_numbers(text, source, listed="", bounds=False, named=named)
    if part == TITLE:
        return ungrounded_numbers(text, title_in_source(row), listed="", named=named)
    section = row.sections.get(part)
    listed = near_quotes(evidence(row.source_text), section.quotes) if section is not None else ""
    if section is not None and section.basis == "inferred":
        return ungrounded_numbers(text, source, listed=listed, in_words=False, bounds=False, named=named)
    counted = "\n".join(section.quotes) if section is not None else ""
    return [*ungrounded_numbers(text, source, listed=listed, counted=counted, named=named), *wrong_counts(text, source)]


@_row_check(Reason.NUMBER_USED_OTHERWISE)
def numbers_are_used_as_stated(row: StagedRow) -> Iterator[Finding]:
    """Numbers are told as what the passages around the quotes say they are: changes or ends, rises or falls."""
    near = near_quotes(evidence(row.source_text), _all_quotes(row))
    yield from (Finding(part, number) for part, text in _stated(row) for number in wrong_changes(text, near))


@_row_check(Reason.NAME_NOT_IN_SOURCE)
def names_are_known(row: StagedRow) -> Iterator[Finding]:
    """The title, what says it is stated, and the results' rows name nothing new."""
    source = evidence(row.source_text)
    near = near_quotes(source, _all_quotes(row))
    yield from (Finding(part, name) for part, text in _named(row) for name in ungrounded_names(text, source, near))
    thoughts = ((key, text) for key, basis, text in present(row) if basis == "inferred")
    yield from (Finding(part, name) for part, text in thoughts for name in ungrounded_institutions(text, source))
    yield from (Finding(part, word) for part, text in _named_cells(row) for word in unknown_words(text, source))


@_row_check(Reason.NOT_NEAR_QUOTE)
def claims_stand_near_quotes(row: StagedRow) -> Iterator[Finding]:
    """Numbers and names that the source has stand in a quote of the answer, or in the sentence before or after one;
    names also in the title or abstract.

    What stands nowhere is found by the checks for numbers and names.
    """
    if not row.numbers_near_quotes:
        return
    source = evidence(row.source_text)
    near = near_quotes(source, _all_quotes(row))
    known = f"{source[:BEGINNING]}\n{near}"
    for part, text in (*_stated(row), *cells(row)):
        yield from (Finding(part, number) for number in dict.fromkeys(_numbers_without_evidence(row, part, text)[1]))
    for part, text in _named(row):
        yield from _found_elsewhere(part, ungrounded_names(text, known), ungrounded_names(text, source, near))
    for part, text in _named_cells(row):
        yield from _found_elsewhere(part, unknown_words(text, known), unknown_words(text, source))


def _found_elsewhere(part: Part, missing_near: Iterable[str], missing_anywhere: Container[str]) -> Iterator[Finding]:
    """What is missing near the quotes and stands somewhere else, each once and in order."""
    return (Finding(part, one) for one in dict.fromkeys(missing_near) if one not in missing_anywhere)


def _all_quotes(row: StagedRow) -> tuple[str, ...]:
    return tuple(quote for _, quotes in quotes_of(row) for quote in quotes)


def _stated(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of the title and of what is not the summarizer's own thought."""
    inferred = {key for key, basis, _ in present(row) if basis == "inferred"}
    return ((part, text) for part, text in written(row) if part not in inferred)


def _named(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of where names must be the source's."""
    return chain(_stated(row), _named_cells(row))


def _named_cells(row: StagedRow) -> Iterator[tuple[Part, str]]:
    """Part and text of the results' cells, whose words must be the source's."""
    return (
        (RESULTS_ROWS, text)
        for result in row.results
        for text in (result.metric, result.dataset, result.baseline, result.value)
    )


@_row_check(Reason.RESULT_NOT_TOGETHER)
def results_stand_together(row: StagedRow) -> Iterator[Finding]:
    """Metric, dataset and baseline of a result stand where its value does; earlier prompts did not ask for that."""
    if row.numbers_near_quotes:
        source = evidence(row.source_text)
        baselines = {result.baseline for result in row.results if result.baseline}
        for result in row.results:
            found = cells_elsewhere(result, source, is_one_of_several=len(baselines) > 1)
            yield from (Finding(RESULTS_ROWS, f"{cell} ({result.value})") for cell in found)
        near = near_quotes(source, _all_quotes(row))
        for dataset, value in datasets_elsewhere(row.results, near):
            yield Finding(RESULTS_ROWS, f"{dataset} ({value})")


@_row_check(Reason.TOPIC_NOT_IN_SOURCE)
def topics_are_the_sources(row: StagedRow) -> Iterator[Finding]:
    """Title and stated sections of a Korean summary speak of nothing that the source does not touch; the title keeps
    the name that the paper's has."""
    if row.language == "ko":
        for part, text in _stated(row):
            yield from (Finding(part, topic) for topic in foreign_topics(text, row.source_text))
        lost = lost_names(row.translated_title, title_in_source(row)) if row.translated_title else []
        yield from (Finding(TITLE, f"without {name}") for name in lost)


@_row_check(Reason.CONTRADICTED)
def nothing_is_contradicted(row: StagedRow) -> Iterator[Finding]:
    """No statement says what the source's own words rule out, as a second reader found."""
    for part, said, words in _judged(row, Judgement.CONTRADICTED):
        yield Finding(part, f"“{said}” – the source says “{words}”")


def _judged(row: StagedRow, judgement: Judgement | None) -> Iterator[tuple[Part, str, str]]:
    """Part, text and deciding words of the statements that got a judgement, shortened so that both can be shown."""
    for one in row.judged:
        if one.judgement is judgement:
            yield one.statement.part, _shortened(one.statement.text), _shortened(one.words)


def _shortened(text: str) -> str:
    return shorten(text, LONGEST_STATEMENT, placeholder=" …")


@_row_check(Reason.FOREIGN_SCRIPT)
def scripts_belong(row: StagedRow) -> Iterator[Finding]:
    """No word is written in a script that neither the language nor English uses, unless the source has it."""
    source = evidence(row.source_text)
    return (Finding(part, word) for part, text in (*written(row), *cells(row)) for word in foreign_words(text, source))


@_row_check(Reason.WRONG_STYLE)
def style_is_plain(row: StagedRow) -> Iterator[Finding]:
    """Korean sections are written in the plain style."""
    if row.language == "ko":
        yield from (Finding(key, ending) for key, text in texts(row) for ending in habits.style_endings(text))


@_row_check(Reason.BROKEN_TEXT)
def text_is_whole(row: StagedRow) -> Iterator[Finding]:
    """Korean text has whole words and sentences, and nothing that stands for something else."""
    if row.language == "ko":
        for part, text in written(row):
            found = habits.broken_text(text, row.source_text, is_title=part == TITLE)
            yield from (Finding(part, piece) for piece in found)


@_row_check(Reason.WRONG_TERM)
def terms_are_the_fields(row: StagedRow) -> Iterator[Finding]:
    """Terms are called what researchers call them (`wording/glossary.ko.csv`)."""
    if row.language == "ko":
        for part, text in written(row):
            yield from (Finding(part, term) for term in habits.wrong_terms(text, row.source_text))


@_row_check(Reason.UNINFORMATIVE)
def sections_are_about_their_paper(row: StagedRow) -> Iterator[Finding]:
    """What a Korean summary states is particular to the paper; judged where all of its sections can be read."""
    if row.language == "ko" and all(section.markdown is not None for section in row.sections.values()):
        stated = {key: text for key, basis, text in present(row) if basis == "stated" and text}
        yield from (Finding(key) for key in uninformative_sections(stated, row.source_text))


@_row_check(Reason.FILLER)
def sections_say_something(row: StagedRow) -> Iterator[Finding]:
    """No text says that there is nothing to say: that is what `absent` is for."""
    for key, text in texts(row):
        yield from (Finding(key, phrase) for phrase in filler(text, inferred=row.sections[key].basis == "inferred"))


@_row_check(Reason.SECTIONS_ALIKE)
def sections_differ(row: StagedRow) -> Iterator[Finding]:
    """No two sections say nearly the same."""
    pairs = alike({key: text for key, _, text in present(row)})
    return (Finding(second, first) for first, second in pairs)


@_row_check(Reason.SENTENCE_REPEATED)
def sentences_are_said_once(row: StagedRow) -> Iterator[Finding]:
    """No section says a sentence twice, as a small model in a loop does, nor one of another section."""
    for key, text in texts(row):
        yield from (Finding(key, sentence) for sentence in debris.repeated_sentences(text))
    yield from (Finding(part, sentence) for part, sentence in debris.shared_sentences(dict(texts(row))))


@_row_check(Reason.COPIED_FROM_SOURCE)
def sections_are_not_copied(row: StagedRow) -> Iterator[Finding]:
    """No section has a long passage of its source (which holds the abstract): that is what quotes are for."""
    for key, text in texts(row):
        found = debris.copied_passages(text, row.source_text, row.language)
        yield from (Finding(key, passage) for passage in found)


@_row_check(Reason.RESULTS_WITHOUT_NUMBERS)
def results_hold_numbers(row: StagedRow) -> Iterator[Finding]:
    """Where the source measures something, quantitative results do, too: in their text or their rows (a warning)."""
    stated = (text for key, basis, text in present(row) if (key, basis) == ("results", "stated"))
    if not row.results and not all(map(_NUMBER.search, stated)):
        figures = islice(measured_figures(row.source_text), 1)
        yield from (Finding("results", f"the source has {figure}") for figure in figures)


@_row_check(Reason.NUMBERS_NOT_LOCATED)
def prompt_asked_for_evidence(row: StagedRow) -> Iterator[Finding]:
    """The prompt asked for a quote near every number (a warning: earlier ones did not)."""
    if not row.numbers_near_quotes and _all_quotes(row):
        yield Finding(WHOLE)


@_row_check(Reason.STATEMENT_NOT_FOUND)
def statements_are_found(row: StagedRow) -> Iterator[Finding]:
    """A second reader found every statement in the passages around the quotes (a warning)."""
    return (Finding(part, said) for part, said, _ in _judged(row, Judgement.NOT_FOUND))


@_row_check(Reason.NOT_VERIFIED)
def second_reader_has_judged(row: StagedRow) -> Iterator[Finding]:
    """A second reader judged every statement, where there is one (a warning)."""
    if row.is_to_be_verified and not row.judged:
        yield Finding(WHOLE)
    elif row.is_to_be_verified:
        yield from (Finding(part, said) for part, said, _ in _judged(row, None))


def source_is_only_a_paper(row: StagedRow) -> Iterator[Finding]:
    """Neither the source nor the title speaks to a language model that reads it (a warning: see `WARNINGS`)."""
    if row.answered:
        found = (*instructions_to_models(row.title), *instructions_to_models(row.source_text))
        yield from (Finding(WHOLE, phrase) for phrase in dict.fromkeys(found))


ROW_CHECKS[Reason.INSTRUCTIONS_IN_SOURCE] = source_is_only_a_paper


def source_is_whole(row: StagedRow) -> Iterator[Finding]:
    """The source holds all of the paper that anybody has, as far as its documents show (a warning)."""
    if row.answered:
        yield from (Finding(WHOLE, part) for part in row.source_lost)


ROW_CHECKS[Reason.SOURCE_INCOMPLETE] = source_is_whole


def nobody_rejected_it(row: StagedRow) -> Iterator[Finding]:
    """No person rejected this summary."""
    if row.verdict.outcome == "rejected":
        yield Finding(WHOLE, f"{row.verdict.by}: {row.verdict.because}")


ROW_CHECKS[Reason.REJECTED] = nobody_rejected_it


def measured_figures(text: str) -> Iterator[str]:
    """Figures that a paper measured: percentages, factors and points; years, sizes and counts are none."""
    return (match[1] for match in _MEASURED.finditer(text))


def is_written_in(text: str, language: str) -> bool:
    """Whether enough of the letters of a text are those of a language.

    Inline code is left out, and in Korean text so are names (Latin words with a capital letter or a digit).
    """
    plain = _CODE.sub("", text)
    letters = [letter for letter in (NAME.sub("", plain) if language == "ko" else plain) if letter.isalpha()]
    pattern, least = _SCRIPTS[language]
    return bool(letters) and len(pattern.findall("".join(letters))) / len(letters) >= least
