"""Text made to stop the audit: how each kind ends, and how much longer ten times as much of it takes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.audit.suite import validate_day
from daily_papers.checks import row_checks
from daily_papers.checks.grounding import changes, counted_nouns, instructions, names, numbers, topics
from daily_papers.checks.grounding.numbers import ungrounded_numbers
from daily_papers.lake.library import Library, open_library
from daily_papers.publish.digest import render_stored_day
from daily_papers.reasons import NOT_APPROVABLE, Reason
from daily_papers.rows.answers import ResultRow, parse_answer
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.texts import quoted_passages
from daily_papers.writing.markdown_text import is_plain_markdown, to_html
from tests.defects import days
from tests.defects.case import (
    Edit,
    Row,
    changed,
    completion,
    quoted,
    row_of,
    said,
    sample_item,
    titled,
    with_results,
    with_values,
)
from tests.defects.papers import BAGEL
from tests.support.data import few_papers
from tests.support.models import ScriptedModel, good_answer
from tests.support.steps import ask, fetch

SIGNS = [
    "1",
    "a",
    "A",
    "가",
    " ",
    "\n",
    "\t",
    "“",
    "‘",
    "「",
    "[",
    "(",
    "`",
    "*",
    "_",
    "~",
    ">",
    "#",
    "|",
    "<",
    "\\",
    "&",
]
UNITS = [
    *SIGNS, "<", "\\", "&", "1,", "1.", "a.", "a-", "A-",
    "a1", "a ", "1 ", "- ", "-\n", "1. a\n", "> ", "**a ", "``a", "[a](",
    "![", "<a>", "1e1", "1%", "1/", "10^", "1만", "1억 ",
    "9.9.", "a: ", "the ", "ignore ", "ignor", "all ", "a. ", "a.\n",
    "。", "\r\n", "정보 ", "논문 ", "improve by 1% ", "from 1 to 2 ", "A, 1% ", "a's ", "order ", "half ",
    "two-", "Ab-", "A&", "a@a.", "httpx.a", "\u200b", "\u00ad",
    "\u0301\u0323", "模", "\ufdfa", "½", '{"a":', "\\n", "  - ", "■",
]  # fmt: skip
PARTS = (
    "title", "translated_title", "motivation_markdown", "contributions_markdown", "method_markdown",
    "experiments_markdown", "results_markdown", "limitations_markdown", "future_work_markdown", "method_quotes",
    "results", "source_text",
)  # fmt: skip
SIZES = (5_000, 50_000)
MOST_GROWTH = 25.0
"""Times as long for ten times the text; what takes its square would need 100."""
NOISE = 0.02
"""Seconds of CPU below which a time says nothing."""


def filled(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def hostile(part: str, text: str) -> Row:
    """A sample row with a text in one part; its results hold no number, so that its source is searched for some."""
    row = changed(BAGEL, said("results", "제안한 방법이 모든 비교 대상을 앞서며 격차가 크게 벌어진다."))
    values: dict[str, Any] = {
        "method_quotes": (text,),
        "results": (ResultRow(metric=text, dataset=text, value=text, baseline=text),),
    }
    return with_values(replace(row, results=()), **{part: values.get(part, text)})


def seconds(row: Row) -> float:
    started = time.process_time()
    row_checks.findings(row)
    return time.process_time() - started


def growth(part: str, unit: str, sizes: tuple[int, int] = SIZES) -> float:
    """How many times as long the larger text takes; the best of three, and 1 where both take next to nothing."""
    for_small, for_large = (hostile(part, filled(unit, size)) for size in sizes)
    ratios = []
    for _ in range(3):
        forget()
        small = seconds(for_small)
        forget()
        ratios.append(seconds(for_large) / max(small, NOISE))
        if ratios[-1] < MOST_GROWTH:
            break
    return min(ratios)


def forget() -> None:
    """Sources are read once; a measure must not profit from the one before it."""
    cached = (quoted_passages._sentences, quoted_passages._letters, quoted_passages.letters_of, names._initials)
    of_numbers = (numbers.squeezed, numbers._stated, numbers._counts_of, numbers._lengths_of_lists)
    others = (instructions.evidence, changes._told, counted_nouns._counted, topics._words, quoted_passages.near_quotes)
    for function in (*cached, *of_numbers, *others):
        function.cache_clear()


@pytest.mark.parametrize("part", PARTS)
def test_ten_times_the_text_takes_about_ten_times_as_long(part: str) -> None:
    units = UNITS if part in ("title", "source_text") else UNITS[::3]
    assert {unit: ratio for unit in units if (ratio := growth(part, unit)) >= MOST_GROWTH} == {}


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_a_megabyte_takes_about_ten_times_as_long_as_a_tenth(part: str) -> None:
    pairs = [*UNITS, *("".join(pair) for pair in product(SIGNS[:12], repeat=2))]
    assert {unit: ratio for unit in pairs if (ratio := growth(part, unit, (10**5, 10**6))) >= MOST_GROWTH} == {}


LONG = 50_000
SECOND = sample_items()[1]["paper"]["id"]


@dataclass(frozen=True)
class Case:
    """One line of the table: what an answer holds, and the reasons that its paper is quarantined with."""

    name: str
    edit: Edit
    reasons: tuple[Reason, ...]


TOO_LONG = (Reason.SECTION_TOO_LONG,)
FORBIDDEN = (Reason.FORBIDDEN_MARKDOWN,)
UNKNOWN_NUMBER = (Reason.NUMBER_NOT_IN_SOURCE,)
CASES = [
    *(Case(f"a section of 50,000 times `{unit}`", said("method", filled(unit, LONG)), TOO_LONG)
      for unit in ("1,", "1.", "a.", "a-", "“", "a", "1", "[", "> ")),
    Case("a title of 50,000 letters", titled("가" * LONG), TOO_LONG),
    Case("a title of 50,000 brackets", titled("[" * LONG), TOO_LONG),
    Case("a cell of 50,000 digits", with_results(("정확도", "ARVO", "1" * LONG, "")), TOO_LONG),
    Case("a cell of 50,000 brackets", with_results(("정확도", "[" * LONG, "", "")), TOO_LONG),
    Case("a thousand rows of results", with_results(*[("정확도", "", "", "")] * 1000), TOO_LONG),
    Case("a quote of 50,000 characters", quoted("method", "a " * (LONG // 2)), TOO_LONG),
    Case("a thousand quotes", quoted("method", *["a quote of it"] * 1000), TOO_LONG),
    Case("a link in a section that is too long", said("method", "[a](https://a.example) " * 3000), TOO_LONG),
    Case("900 brackets in a section", said("method", "방법은 다음과 같다. " + "[" * 900), ()),
    Case("400 nested quotes", said("method", "> " * 400 + "방법이다."), FORBIDDEN),
    Case("400 nested lists", said("method", "- " * 400 + "방법이다."), FORBIDDEN),
    Case("150 nested images", said("method", "방법이다. " + "![" * 150 + "](a)" * 150), FORBIDDEN),
    Case("200 nested HTML elements", said("method", "방법이다. " + "<b>" * 200), FORBIDDEN),
    Case("a number of a thousand digits", said("method", "방법은 " + "9" * 1000 + "이다."), UNKNOWN_NUMBER),
]  # fmt: skip


def table() -> str:
    lines = ["| what an answer holds | its paper is quarantined with |", "|---|---|"]
    lines += [
        f"| {case.name} | {', '.join(f'`{reason}`' for reason in case.reasons)} |" for case in CASES if case.reasons
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hostile_text_is_found(case: Case) -> None:
    found = row_checks.findings(changed(BAGEL, case.edit))
    assert Reason.CHECK_FAILED not in found
    assert set(case.reasons) <= set(found)
    assert all(
        len(finding.detail) <= row_checks.LONGEST_DETAIL for of_reason in found.values() for finding in of_reason
    )
    if case.reasons == TOO_LONG:
        assert set(found) == set(TOO_LONG), "something else looked at it, too"


def test_what_was_not_looked_at_cannot_be_approved() -> None:
    assert {Reason.SECTION_TOO_LONG, Reason.CHECK_FAILED} <= NOT_APPROVABLE


@pytest.mark.parametrize("unit", ["[", "![", "[[](", "> ", "- ", "1. ", "* ", "**a ", "`", "<a ", "(", "~~a "])
def test_no_nesting_stops_the_parser(unit: str) -> None:
    assert isinstance(is_plain_markdown(filled(unit, 2000)), bool)
    assert to_html(filled(unit, 2000))


@pytest.mark.parametrize(
    "number", ["9" * 5000, "9" * 1_100_000, "9" * 5000 + "만", "1." + "1" * 5000, "1e" + "9" * 5000]
)
def test_no_number_is_too_large_to_compare(number: str) -> None:
    assert ungrounded_numbers("약 7.5%", number) == ["7.5%"]
    assert ungrounded_numbers(number[:5000], "7.5%")


DEEP = "[" * 900 + "]" * 900
ENDLESS = "[" * 100_000


@pytest.mark.parametrize("nested", [DEEP, ENDLESS, DEEP.replace("[", '{"a":').replace("]", "}").replace(":}", ":1}")])
def test_deep_json_in_an_answer_is_a_reason(nested: str) -> None:
    answer = json.dumps(good_answer({"paper_id": BAGEL, "text": "A paper."}))
    for content in (
        nested,
        answer[:-1] + f', "more": {nested}}}',
        answer.replace('"quotes": [', f'"quotes": [{nested},', 1),
    ):
        row = row_of(sample_item(BAGEL), completion(content))
        assert Reason.CHECK_FAILED not in row_checks.findings(row)
    assert parse_answer(completion(nested)).problem in (Reason.ANSWER_NOT_JSON, Reason.SCHEMA_MISMATCH)


def test_a_check_that_fails_on_one_paper_quarantines_it_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    first, *rest = days.good_rows()
    rows = [with_values(first, method_markdown=5), *rest]
    found = validate_day(SAMPLE_DATE, rows, [row.paper_id for row in rows]).row_reasons
    assert Reason.CHECK_FAILED in found[first.paper_id]
    assert list(found) == [first.paper_id]
    assert f"{first.paper_id}: the check for" in caplog.text
    assert "Traceback" in caplog.text


def test_one_hostile_answer_does_not_keep_the_others_from_their_readers(
    serve: Callable[..., LocalServer], library: Library
) -> None:
    answer = good_answer({"paper_id": SECOND, "text": "A paper."})
    answer["title_ko"] = "[" * 10_000
    answer["sections"]["method"]["markdown"] = "[" * 1000
    model = ScriptedModel({SECOND: [json.dumps(answer)]})
    serve(few_papers(), model)
    fetch(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    audit_day(open_library(), SAMPLE_DATE)
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    assert "section_too_long" in rows[SECOND]["reasons"]
    assert {row["status"] for paper_id, row in rows.items() if paper_id != SECOND} == {"complete"}
    assert "[[[" not in render_stored_day(library, SAMPLE_DATE)
