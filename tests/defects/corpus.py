"""The whole corpus, and what it shows as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from daily_papers.checks import row_checks
from daily_papers.reasons import ROW_REASONS, WARNINGS, Reason
from tests.defects import (
    blind_spots,
    completions,
    debris,
    failing_checks,
    false_alarms,
    form,
    grounding,
    grounding_near,
    language,
    number_use,
    once_flagged,
    once_flagged_grounding,
    other_wordings,
    people,
    results,
    second_reader,
    shapes,
    structure,
    talk,
    topics,
    wording,
    wording_near,
)
from tests.defects.case import Case

_BAD = (
    people,
    completions,
    shapes,
    structure,
    language,
    talk,
    debris,
    form,
    grounding,
    wording,
    other_wordings,
    failing_checks,
    results,
    number_use,
    topics,
    second_reader,
)
_NEAR = (
    people,
    completions,
    shapes,
    structure,
    language,
    talk,
    debris,
    form,
    grounding_near,
    wording_near,
    once_flagged,
    once_flagged_grounding,
    failing_checks,
    results,
    number_use,
    topics,
    second_reader,
)
_MISSED = (people, completions, shapes, structure, language, grounding_near, wording_near, blind_spots)

BAD: list[Case] = [case for module in _BAD for case in module.BAD]
"""Rows that must be found with their reason."""
NEAR_MISSES: list[Case] = [case for module in _NEAR for case in module.NEAR_MISSES]
"""Rows that look like the defect and are right: they must pass."""
MISSED: list[Case] = [case for module in _MISSED for case in module.MISSED]
"""Defects that no check finds today: the limits of what a program can tell."""
FALSE_ALARMS: list[Case] = false_alarms.FALSE_ALARMS
"""Rows that are right, and that a check takes for the defect today."""


def is_found(case: Case) -> bool:
    """Whether the checks find a row with its reason."""
    return case.reason in row_checks.findings(case.row)


def passes(case: Case) -> bool:
    """Whether nothing keeps a row from its readers, nor warns of its reason."""
    return not row_checks.failures(case.row) and not (case.reason in WARNINGS and is_found(case))


def table() -> str:
    """A line of Markdown for each reason: how many rows of each kind there are, and how the checks did."""
    caught = [case for case in BAD if is_found(case)]
    passed = [case for case in NEAR_MISSES if passes(case)]
    columns = [_by_reason(cases) for cases in (BAD, caught, NEAR_MISSES, passed, MISSED, FALSE_ALARMS)]
    lines = [_line(reason, [column[reason] for column in columns]) for reason in ROW_REASONS]
    heads = ("bad rows", "caught", "near misses", "passed", "known to be missed", "known false alarms")
    head = [_line("reason", heads), _line("---", ["---:"] * len(heads))]
    return "\n".join([*head, *lines, _line("**total**", [column.total() for column in columns])])


def _by_reason(cases: Iterable[Case]) -> Counter[Reason]:
    return Counter(case.reason for case in cases)


def _line(name: str, cells: Sequence[object]) -> str:
    return f"| {' | '.join([name, *map(str, cells)])} |"
