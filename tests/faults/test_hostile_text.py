"""Text made to stop the audit: every check takes time in proportion to it, and nothing nests too deeply."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from daily_papers import checks
from daily_papers.audit import audit
from daily_papers.day_file import read_day_file
from daily_papers.grounding import debris, instructions, numbers
from daily_papers.lake import Lake
from daily_papers.markdown_text import is_plain_markdown, to_html
from daily_papers.reasons import NOT_APPROVABLE, Reason
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.sections import SECTION_KEYS
from daily_papers.settings import load_settings
from daily_papers.staged_row import answer_columns
from tests.conftest import REPOSITORY
from tests.defects import papers as sample
from tests.defects.case import changed
from tests.support.data import few_papers
from tests.support.models import ScriptedModel, good_answer
from tests.support.steps import run_day

UNITS = (
    "1,", "1.", "1", "a.", "a-", "a", "A", "“", "”", "‘", "「", "(", "[", "{", "<", "`", "*", "_", "~", "#",
    "|", "\\", "$", "%", "/", ":", "-", "\n", "- ", "1. ", "> ", " ", "a ", "1 ", "A1", "가", "가 ", "만",
    "1만", "1억 ", "9999999999 ", "1e9", "×10", "10^", "$x$ ", "\\%", "e\u0301", "\u200b", "ignore ",
    "you are ", "orders ", "order of magnitude ", "twenty-", "half ", "분의", "1 분의 1", "1/2 ", "약 1",
    "\"a\" ", "'", "\"", "“a", "http://", "a@b.", "&amp;", "![", "](", ". ", "- a\n", "1,000", "1.2.3", "-1",
    "January ", "AI-", "A&", "x1x", "{1}", "  - a\n", "**a", "*a ", "`a", "||a",
)  # fmt: skip
"""What strings are made of that made patterns try every way to read them."""
SHORT, LONG, LONGEST = 10_000, 100_000, 1_000_000
MOST_GROWTH = 2.0
"""How much more than in proportion the time may grow: a quadratic check grows ten times as much."""
NEGLIGIBLE = 0.1
"""Seconds of CPU below which a growth says nothing."""
SECTION, WHOLE_ROW = SECTION_KEYS[4], dict(changed(sample.BAGEL))


def with_text(part: str, text: str) -> dict[str, Any]:
    """A good row with a text in one part."""
    row = dict(WHOLE_ROW)
    if part == "quote":
        row[f"{SECTION}_quotes"] = [text]
    elif part == "cell":
        row["results_rows"] = [{"metric": text, "dataset": text, "value": text, "baseline": text}]
    else:
        row[part] = text
    return row


PARTS = ("source_text", "title", "title_ko", f"{SECTION}_markdown", "quote", "cell")


def cpu_of(row: dict[str, Any]) -> float:
    """Seconds of CPU of all checks of a row, nothing remembered; the better of two."""
    taken = []
    for _ in range(2):
        for remembered in (numbers._stated, debris._runs, instructions.instructions_to_models, checks._comparable):
            if hasattr(remembered, "cache_clear"):
                remembered.cache_clear()
        started = time.process_time()
        checks.findings(row)
        taken.append(time.process_time() - started)
        if taken[-1] < NEGLIGIBLE:
            break
    return min(taken)


def grows_in_proportion(part: str, unit: str, short: int, long: int) -> bool:
    costs = [cpu_of(with_text(part, (unit * (size // len(unit) + 1))[:size])) for size in (short, long)]
    return costs[1] <= MOST_GROWTH * (long / short) * max(costs[0], NEGLIGIBLE / (long / short))


@pytest.mark.parametrize("part", PARTS)
def test_checks_take_time_in_proportion_to_the_text(part: str) -> None:
    units = UNITS[::3] if part == "source_text" else UNITS
    assert [unit for unit in units if not grows_in_proportion(part, unit, SHORT, LONG)] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_checks_take_time_in_proportion_to_a_very_long_text(part: str) -> None:
    assert [unit for unit in UNITS if not grows_in_proportion(part, unit, LONG, LONGEST)] == []


@pytest.mark.parametrize("part", PARTS[2:])
def test_what_is_too_long_for_its_place_is_said_to_be_so_and_nothing_else_is_said_of_it(part: str) -> None:
    before = set(checks.findings(WHOLE_ROW))
    for unit in UNITS:
        found = checks.findings(with_text(part, unit * LONG))
        assert set(found) - before == {Reason.SECTION_TOO_LONG}, unit
        assert all(len(finding.detail) < 100 for finding in found[Reason.SECTION_TOO_LONG])
    assert Reason.SECTION_TOO_LONG in NOT_APPROVABLE


NESTED = {
    "brackets": "[" * 20_000,
    "links": "[a](" * 20_000,
    "pictures": "![" * 20_000,
    "quotes": ">" * 20_000 + " a",
    "lists": "".join(f"{'  ' * depth}- a\n" for depth in range(1_000)),
    "emphasis": "*a **b " * 20_000,
    "HTML": "<div>" * 20_000,
    "code": "`" * 20_001,
}


@pytest.mark.parametrize("name", NESTED)
def test_markdown_that_nests_without_end_is_not_plain(name: str) -> None:
    text = NESTED[name][:2_000]  # the longest section
    assert isinstance(is_plain_markdown(text), bool)
    assert isinstance(to_html(text), str)
    for part in PARTS:
        assert Reason.CHECK_FAILED not in checks.findings(with_text(part, NESTED[name])), part
        assert Reason.CHECK_FAILED not in checks.findings(with_text(part, NESTED[name][:290])), part


def deep(depth: int) -> str:
    return "[" * depth + "]" * depth


FIRST, SECOND, THIRD = (one["paper"]["id"] for one in sample_items()[:3])
PAPER = {"paper_id": SECOND, "text": " ".join(sample_items()[1]["paper"]["summary"].split())}


def edited(change: Callable[[dict[str, Any]], object]) -> str:
    made = json.loads(json.dumps(good_answer(PAPER)))
    change(made)
    return json.dumps(made, ensure_ascii=False)


def said(key: str, text: str) -> str:
    return edited(lambda made: made["sections"][key].update(markdown=text))


NO_RESULT = dict.fromkeys(("metric", "dataset", "value", "baseline"), "")
ANSWERS = {
    "a title of 50,000 brackets": (edited(lambda made: made.update(title_ko="[" * 50_000)), "section_too_long"),
    "a title of 290 brackets": (edited(lambda made: made.update(title_ko="가" + "[" * 289)), ""),
    "a cell of 50,000 brackets": (
        edited(lambda made: made.update(results_rows=[{**NO_RESULT, "metric": "[" * 50_000}])),
        "section_too_long",
    ),
    "a section of 50,000 digits": (said("results", "1," * 25_000), "section_too_long"),
    "a section of nested quotes": (said("method", ">" * 900 + " 가"), "forbidden_markdown"),
    "a section of nested lists": (said("method", "".join(f"{'  ' * n}- 가\n" for n in range(28))), ""),
    "a section of brackets": (said("method", "가" + "[" * 900), "forbidden_markdown"),
    "a quote of 50,000 characters": (
        edited(lambda made: made["sections"]["method"].update(quotes=["a." * 25_000])), "section_too_long"
    ),
    "a thousand quotes": (
        edited(lambda made: made["sections"]["method"].update(quotes=["a b c"] * 1_000)), "section_too_long"
    ),
    "a thousand rows of results": (
        edited(lambda made: made.update(results_rows=[NO_RESULT] * 1_000)), "section_too_long"
    ),
    "JSON nested 100,000 times": (deep(100_000), "answer_not_json"),
    "a quote nested 5,000 times": (
        edited(lambda made: None).replace('"quotes": [', f'"quotes": [{deep(5_000)}, ', 1), "answer_not_json"
    ),
}  # fmt: skip
"""By what the answer is: the answer, and a reason that the paper has then ("": there need be none)."""


@pytest.mark.parametrize("name", ANSWERS)
def test_one_answer_stops_neither_its_date_nor_the_other_papers(
    name: str, serve: Callable[..., LocalServer], lake: Lake
) -> None:
    answer, reason = ANSWERS[name]
    serve(few_papers(), ScriptedModel({SECOND: [answer]}))
    run_day(SAMPLE_DATE)
    rows = {row["paper_id"]: row for row in read_day_file(lake, SAMPLE_DATE)}
    assert {rows[FIRST]["status"], rows[THIRD]["status"]} == {"complete"}
    if rows[SECOND]["status"] != "complete":
        assert rows[SECOND]["status"] == "quarantined"
        assert reason in (*rows[SECOND]["reasons"], ""), rows[SECOND]["reasons"]
        assert all(len(finding["detail"]) <= 200 for finding in rows[SECOND]["findings"])
    else:
        assert reason == ""


def test_a_check_that_ends_in_an_error_sets_its_paper_aside_and_says_so(
    serve: Callable[..., LocalServer], lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    plain = checks.ROW_CHECKS[Reason.FILLER]

    def failing(row: Any) -> Any:
        if row["paper_id"] == SECOND:
            raise RecursionError
        return plain(row)

    monkeypatch.setitem(checks.ROW_CHECKS, Reason.FILLER, failing)
    audit(load_settings(), lake, SAMPLE_DATE)
    rows = {row["paper_id"]: row for row in read_day_file(lake, SAMPLE_DATE)}
    assert (rows[SECOND]["status"], rows[SECOND]["reasons"]) == ("quarantined", ["check_failed"])
    assert rows[SECOND]["findings"][0]["detail"] == "filler: RecursionError"
    assert {rows[FIRST]["status"], rows[THIRD]["status"]} == {"complete"}


def test_rows_are_staged_in_proportion_to_the_text() -> None:
    from daily_papers.answers import parse_content

    for unit in UNITS:
        made = good_answer(PAPER)
        made["sections"]["method"]["markdown"] = unit * (LONG // len(unit))
        started = time.process_time()
        answer_columns(parse_content(made), "")
        assert time.process_time() - started < 20 * NEGLIGIBLE, unit


def table() -> str:
    lines = ["| the answer has | reason of the paper |", "|---|---|"]
    lines += [f"| {name} | `{reason}` |" for name, (_, reason) in ANSWERS.items() if reason]
    return "\n".join(lines) + "\n"


def test_the_table_is_in_the_documents() -> None:
    assert table() in (REPOSITORY / "docs" / "faults.md").read_text()
