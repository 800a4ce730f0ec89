"""Reasons of days and of rows without an answer, and the suite itself: no expectation can be switched off unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from daily_papers.audit.audit_record import Outcome
from daily_papers.audit.suite import expectations_of, validate_day
from daily_papers.checks.day_rules import DayMeasures
from daily_papers.errors import DayRefusedError
from daily_papers.lake.library import Library
from daily_papers.reasons import NOT_APPROVABLE, REASON_TEXTS, ROW_REASONS, Reason, Scope, Severity, text_of
from daily_papers.rows.staged_row import StagedRow
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.sections import SECTION_KEYS
from tests.defects import corpus, days, no_answer
from tests.defects.days import DayCase
from tests.defects.no_answer import Story
from tests.support.data import few_papers
from tests.support.models import ScriptedModel
from tests.support.steps import fetch

BAD_DAYS, GOOD_DAYS, STORIES = list(days.bad_days()), list(days.days_that_pass()), list(no_answer.stories())


@cache
def broken(case: DayCase) -> list[Outcome]:
    """The expectations that a day breaks."""
    validation = validate_day(SAMPLE_DATE, case.rows, case.listed, case.history)
    return [one for one in validation.outcomes if not one.met]


def found(case: DayCase) -> set[str]:
    """Reasons about the day that the suite finds, warnings included."""
    try:
        return {one.reason for one in broken(case) if one.failing_rows is None}
    except DayRefusedError:
        return {Reason.AUDIT_NOT_EVALUATED}


def named(case: DayCase | Story) -> str:
    return f"{case.reason}-{case.name if isinstance(case, DayCase) else ' '.join(case.steps) or 'nothing'}"


@pytest.mark.parametrize("case", BAD_DAYS, ids=named)
def test_a_bad_day_is_found_with_its_reason(case: DayCase) -> None:
    assert case.reason in found(case)


@pytest.mark.parametrize("case", GOOD_DAYS, ids=named)
def test_a_day_that_only_looks_bad_passes(case: DayCase) -> None:
    assert case.reason not in found(case)


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_row_without_an_answer_says_why(serve: Callable[..., LocalServer], library: Library, story: Story) -> None:
    serve(few_papers(1), ScriptedModel())
    fetch(SAMPLE_DATE)
    status, reasons = no_answer.reasons_after(library, "2505.14683", story.steps)
    if story.pending:
        assert (status, reasons) == ("pending", [story.reason])
    else:
        assert story.reason not in reasons


def test_every_reason_has_cases_and_sentences() -> None:
    bad = Counter(case.reason for case in corpus.BAD) + Counter(case.reason for case in BAD_DAYS)
    near = Counter(case.reason for case in corpus.NEAR_MISSES) + Counter(case.reason for case in GOOD_DAYS)
    bad += Counter(one.reason for one in STORIES if one.pending)
    near += Counter(one.reason for one in STORIES if not one.pending)
    assert [reason for reason in Reason if bad[reason] < 5 or near[reason] < 5] == []
    assert list(REASON_TEXTS) == list(Reason)
    assert all(text.english and text.korean and text.remedy for text in REASON_TEXTS.values())
    assert set(ROW_REASONS) >= NOT_APPROVABLE
    assert {reason for reason in Reason if text_of(reason).scope is Scope.NO_ANSWER} == {one.reason for one in STORIES}


def test_switching_any_expectation_off_is_noticed() -> None:
    """Each expectation of the suite is broken by a day made for it; one that is missing here was switched off."""
    made = [case for case in BAD_DAYS if case.reason is not Reason.AUDIT_NOT_EVALUATED]
    made += [lengths_changed(key) for key in SECTION_KEYS]
    made += [bad_rows(), *map(share_risen, ROW_REASONS)]
    noticed = {f"{one.reason} {one.expectation}" for case in made for one in broken(case)}
    assert noticed == {expectation_of(one) for one in expectations_of(days.PAPERS, days.usual())}


def expectation_of(one: Any) -> str:
    measure = f" {one.measure}" if hasattr(one, "measure") else ""
    return f"{one.meta['reason']} {one.expectation_type}{measure}"


def row_of(reason: Reason) -> StagedRow:
    [row, *_] = [case.row for case in corpus.BAD if case.reason is reason]
    return row


def bad_rows() -> DayCase:
    """A day with a bad row for every reason."""
    rows = [replace(row_of(reason), paper_id=f"2505.{number:05}") for number, reason in enumerate(ROW_REASONS)]
    return DayCase(Reason.REJECTED, "bad rows", rows, [row.paper_id for row in rows])


def share_risen(reason: Reason) -> DayCase:
    """A day on which a reason is met by all papers but one, after days on which none met it."""
    rows = [replace(row_of(reason), answered=True, paper_id=f"2505.{number:05}") for number in range(6)]
    rows += days.good_rows()[:1]  # a check that fails on all papers refuses the day
    history = (DayMeasures(20, 20),) * 10
    return DayCase(Reason.REASON_SHARE_DRIFTED, f"share.{reason}", rows, [row.paper_id for row in rows], history)


def lengths_changed(key: str) -> DayCase:
    return DayCase(Reason.SECTION_LENGTHS_DRIFTED, key, days.good_rows(), history=days.usual(**{key: 3}))


def test_severities_are_those_of_the_reasons() -> None:
    every = list(expectations_of(days.PAPERS, ()))
    for one in every:
        assert one.severity == text_of(one.meta["reason"]).severity.value
    of_days = {one.meta["reason"] for one in every if one.severity == Severity.WARNING.value}
    assert of_days == {
        "few_complete", "section_lengths_drifted", "reason_share_drifted", "instructions_in_source",
        "results_without_numbers", "source_incomplete", "numbers_not_located", "statement_not_found", "not_verified",
    }  # fmt: skip
