"""What a model made of a paper: its answer with the parts that repairs replaced, and what the checks find in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from daily_papers import checks
from daily_papers.answers import RESULTS_ROWS, TITLE, WHOLE, ParsedAnswer, parse_answer
from daily_papers.calls import Call
from daily_papers.lake import Lake
from daily_papers.prompt import SummaryRequest, build_repair
from daily_papers.reasons import Reason, text_of
from daily_papers.sections import SECTION_KEYS
from daily_papers.sources import Source, stored_source
from daily_papers.staged_row import NO_DECISION, answer_columns

MOST_REPAIRS = 2
_NOT_REPAIRED = frozenset({Reason.ANSWER_REFUSED})
"""A model that refused, or whose provider did, will do so again."""
_MOST_DETAILS = 5


@dataclass(frozen=True)
class Summary:
    """An answer and its repairs: all calls that brought something, the first one first."""

    calls: tuple[Call, ...]
    source: Source

    @property
    def key(self) -> str:
        """Key of the request that was answered first."""
        return self.calls[0].key

    @property
    def finished_at(self) -> datetime:
        """When the newest of its calls was made."""
        return max(call.asked_at for call in self.calls)

    @cached_property
    def answer(self) -> ParsedAnswer:
        """The answer as it is after its repairs."""
        answer = parse_answer(self.calls[0].response or {})
        for call in self.calls[1:]:
            answer = _repaired(answer, call)
        return answer

    @cached_property
    def findings(self) -> dict[Reason, list[checks.Finding]]:
        """What keeps it from its readers, by reason; empty for a good one."""
        call = self.calls[0]
        row = {
            "paper_id": call.paper_id,
            "title": "",
            "listing_problem": None,
            "language": call.language,
            **NO_DECISION,
            **answer_columns(self.answer, self.source.text),
        }
        return checks.failures(row)

    @property
    def is_good(self) -> bool:
        """Whether it passes all checks."""
        return not self.findings


def summaries(lake: Lake, calls: Iterable[Call]) -> list[Summary]:
    """The answers among the calls for a paper, each with its repairs; the one worked on last comes last."""
    answered = [call for call in calls if call.answered]
    found = []
    for first in (call for call in answered if call.repairs is None):
        repairs = [call for call in answered if call.repairs == first.key]
        repairs.sort(key=lambda call: call.repair_number)  # clocks may differ between workers
        found.append(Summary((first, *repairs), stored_source(lake, first.paper_id, first.source_sha256)))
    return sorted(found, key=lambda summary: (summary.finished_at, summary.key))


def chosen_summary(found: Sequence[Summary], calls: Sequence[Call]) -> Summary | None:
    """The newest good summary; without one that of the newest call, where it is an answer, else None.

    After a failed attempt to get a better answer the paper is pending again, not quarantined for the old one.
    """
    good = [summary for summary in found if summary.is_good]
    if good:
        return good[-1]
    return found[-1] if calls and calls[-1].answered and found else None


def repair_of(summary: Summary, request: SummaryRequest) -> SummaryRequest | None:
    """The next request to mend an answer to `request`; None where nothing is to mend, or it was tried often enough."""
    number = len(summary.calls)
    if summary.is_good or number > MOST_REPAIRS or not _NOT_REPAIRED.isdisjoint(summary.findings):
        return None
    return build_repair(request, number, MOST_REPAIRS, _problems(summary), _former(summary.answer))


def _problems(summary: Summary) -> dict[str, list[str]]:
    """What is wrong with each part of an answer, for the model that wrote it."""
    problems: dict[str, list[str]] = {}
    for reason, found in summary.findings.items():
        for part in dict.fromkeys(finding.part for finding in found):
            details = dict.fromkeys(finding.detail for finding in found if finding.part == part and finding.detail)
            named = f" ({'; '.join(list(details)[:_MOST_DETAILS])})" if details else ""
            problems.setdefault(part, []).append(f"{text_of(reason).english}{named}")
    if WHOLE in problems:  # everything is written again, so every problem concerns it
        return {WHOLE: [text for texts in problems.values() for text in texts]}
    return {part: problems[part] for part in (TITLE, *SECTION_KEYS, RESULTS_ROWS) if part in problems}


def _former(answer: ParsedAnswer) -> dict[str, Any]:
    former: dict[str, Any] = {key: section.model_dump() for key, section in answer.sections.items()}
    return {**former, TITLE: answer.title, RESULTS_ROWS: [row.model_dump() for row in answer.results]}


def _repaired(answer: ParsedAnswer, call: Call) -> ParsedAnswer:
    """An answer with the parts of one repair; as it was where the repair cannot be read or names another paper."""
    if WHOLE in call.parts:
        mended = parse_answer(call.response or {})
        return answer if mended.problem is not None and answer.problem is None else mended
    mended = parse_answer(call.response or {}, call.parts)
    if mended.problem is not None or mended.paper_id != call.paper_id:
        return answer
    sections = {**answer.sections, **{key: mended.sections[key] for key in mended.sections if key in call.parts}}
    added = set(sections) - set(answer.sections)
    order = tuple(key for key in SECTION_KEYS if key in sections) if added else answer.section_order
    results = mended.results if RESULTS_ROWS in call.parts else answer.results
    title = mended.title if TITLE in call.parts else answer.title
    return replace(answer, sections=sections, section_order=order, results=results, title=title)
