"""The rules of the audit about a day as a whole that need no look at single rows: shares and lengths, and their drift.

They compare a day with fixed bounds or with the days before it; a breach is a warning, never a refusal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, pstdev
from typing import Final

from daily_papers.reasons import ROW_REASONS, WARNINGS, Reason
from daily_papers.rows.staged_row import StagedRow, present
from daily_papers.sections import SECTION_KEYS

HISTORY_DAYS: Final = 30
"""How many dates before a date it is compared with."""
LEAST_HISTORY: Final = 5
"""Audited dates; fewer say nothing about what is usual."""
LEAST_COMPLETE_SHARE: Final = 0.8
"""Of the papers that have an answer: all of the 32 sample answers are complete, and of a weak model's next to none."""
LEAST_PAPERS: Final = 5
"""Papers that a share or a median must rest on."""
LENGTH_FACTOR: Final = 2.0
"""How much longer or shorter the median section may be than on the days before."""
STANDARD_DEVIATIONS: Final = 3.0
LEAST_RISE: Final = 0.1
"""A reason's share must be this much above its mean to count as risen: one paper of a small day is not drift."""


@dataclass(frozen=True)
class DayMeasures:
    """A day in figures: papers with an answer, how many of them are complete, how many meet each reason, and the median
    length of each section of the complete ones, in characters. Only papers that the newest capture lists count."""

    answered: int = 0
    complete: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    lengths: Mapping[str, float] = field(default_factory=dict)

    def value(self, measure: str) -> float | None:
        """`complete_share`, `share.REASON` or `length.SECTION`; None where nothing of that kind is there."""
        kind, _, name = measure.partition(".")
        if kind == "length":
            return self.lengths.get(name)
        count = self.complete if kind == "complete_share" else self.reasons.get(name, 0)
        return count / self.answered if self.answered else None

    def papers(self, measure: str) -> int:
        """How many papers a measure rests on."""
        return self.complete if measure.startswith("length.") else self.answered


def measure_day(rows: Sequence[StagedRow], reasons: Sequence[frozenset[Reason]]) -> DayMeasures:
    """The figures of a day: its staged rows, and the reasons found in each of them (warnings included)."""
    listed = [(row, found) for row, found in zip(rows, reasons, strict=True) if row.listed and row.answered]
    complete = [row for row, found in listed if is_complete(row, found)]
    characters: dict[str, list[int]] = {key: [] for key in SECTION_KEYS}
    for row in complete:
        for key, basis, text in present(row):
            if basis != "absent":
                characters[key].append(len(text))
    lengths: dict[str, float] = {key: median(of_section) for key, of_section in characters.items() if of_section}
    counts = Counter(reason.value for _, found in listed for reason in found)
    return DayMeasures(len(listed), len(complete), dict(sorted(counts.items())), lengths)


def is_complete(row: StagedRow, found: frozenset[Reason]) -> bool:
    """Whether readers may have an answered row in which these reasons were found."""
    return not found - WARNINGS - frozenset(map(Reason, row.verdict.approved_reasons))


@dataclass(frozen=True)
class DayRule:
    """Bounds of a measure; None: no bound. It holds where the measure rests on fewer than `LEAST_PAPERS` papers."""

    reason: Reason
    measure: str
    least: float | None = None
    most: float | None = None

    def holds(self, measures: DayMeasures) -> bool:
        """Whether a day keeps to it."""
        value = measures.value(self.measure)
        if value is None or measures.papers(self.measure) < LEAST_PAPERS:
            return True
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


def day_rules(history: Sequence[DayMeasures]) -> list[DayRule]:
    """The rules of a day after these earlier ones."""
    return [
        DayRule(Reason.FEW_COMPLETE, "complete_share", least=LEAST_COMPLETE_SHARE),
        *(_length_rule(f"length.{key}", history) for key in SECTION_KEYS),
        *(_share_rule(f"share.{reason.value}", history) for reason in ROW_REASONS),
    ]


def _usual(measure: str, history: Sequence[DayMeasures]) -> list[float]:
    """The measure on the days before that had enough papers; empty where those are too few."""
    found = [day.value(measure) for day in history if day.papers(measure) >= LEAST_PAPERS]
    values = [value for value in found if value is not None]
    return values if len(values) >= LEAST_HISTORY else []


def _length_rule(measure: str, history: Sequence[DayMeasures]) -> DayRule:
    usual = _usual(measure, history)
    least, most = (median(usual) / LENGTH_FACTOR, median(usual) * LENGTH_FACTOR) if usual else (None, None)
    return DayRule(Reason.SECTION_LENGTHS_DRIFTED, measure, least, most)


def _share_rule(measure: str, history: Sequence[DayMeasures]) -> DayRule:
    usual = _usual(measure, history)
    most = fmean(usual) + max(LEAST_RISE, STANDARD_DEVIATIONS * pstdev(usual)) if usual else None
    return DayRule(Reason.REASON_SHARE_DRIFTED, measure, most=most)
