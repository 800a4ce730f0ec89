"""The checks against a corpus of realistic defects and near misses (see `tests/defects`)."""

from __future__ import annotations

from collections import Counter

import pytest

from daily_papers.checks import row_checks
from daily_papers.reasons import ROW_REASONS, WARNINGS, Reason
from tests.defects import corpus
from tests.defects.case import Case

LEAST_OF_A_KIND = 5


def named(case: Case) -> str:
    return f"{case.reason}-{case.name}"


@pytest.mark.parametrize("case", corpus.BAD, ids=named)
def test_a_bad_row_is_found_with_its_reason(case: Case) -> None:
    assert corpus.is_found(case)
    if case.reason in WARNINGS:
        assert list(row_checks.failures(case.row)) == []


@pytest.mark.parametrize("case", corpus.NEAR_MISSES, ids=named)
def test_a_near_miss_passes(case: Case) -> None:
    assert corpus.passes(case), row_checks.findings(case.row)


@pytest.mark.parametrize("case", corpus.MISSED, ids=named)
def test_a_known_limit_is_still_one(case: Case) -> None:
    assert corpus.passes(case), f"It is found now: move it to the bad rows. {row_checks.findings(case.row)}"


@pytest.mark.parametrize("case", corpus.FALSE_ALARMS, ids=named)
def test_a_known_false_alarm_is_still_one(case: Case) -> None:
    assert corpus.is_found(case), "It passes now: move it to the near misses."


@pytest.mark.parametrize("reason", ROW_REASONS)
def test_every_reason_has_bad_rows_and_near_misses(reason: Reason) -> None:
    bad, near = Counter(case.reason for case in corpus.BAD), Counter(case.reason for case in corpus.NEAR_MISSES)
    assert bad[reason] >= LEAST_OF_A_KIND
    assert near[reason] >= LEAST_OF_A_KIND


def test_the_corpus_is_large_and_its_cases_differ() -> None:
    every = [*corpus.BAD, *corpus.NEAR_MISSES, *corpus.MISSED, *corpus.FALSE_ALARMS]
    names = Counter(named(case) for case in every)
    rows = Counter((case.reason, repr(case.row)) for case in every)
    assert [name for name, count in names.items() if count > 1] == []
    assert [reason for (reason, _), count in rows.items() if count > 1] == []
    assert len(corpus.BAD) + len(corpus.NEAR_MISSES) >= 300


@pytest.mark.parametrize("reason", [one for one in ROW_REASONS if one is not Reason.CHECK_FAILED])  # no check itself
def test_without_its_check_a_bad_row_gets_through(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [case.row for case in corpus.BAD if case.reason == reason]
    monkeypatch.setitem(row_checks.ROW_CHECKS, reason, lambda row: ())
    without_it = [row_checks.findings(row) for row in rows]
    assert all(reason not in found for found in without_it)
    assert any(not found for found in without_it), "other checks find all of them, too"


def test_the_table_counts_every_case() -> None:
    head, rule, *lines, total = corpus.table().splitlines()
    assert len(lines) == len(ROW_REASONS)
    assert {line.count("|") for line in (head, rule, *lines, total)} == {8}
    counts = [int(cell) for cell in total.strip("| ").split(" | ")[1:]]
    kinds = (corpus.BAD, corpus.BAD, corpus.NEAR_MISSES, corpus.NEAR_MISSES, corpus.MISSED, corpus.FALSE_ALARMS)
    assert counts == [len(kind) for kind in kinds]
