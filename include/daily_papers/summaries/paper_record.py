"""What a model made of a paper: its answer with the parts that repairs replaced, and what the checks find in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from daily_papers.checks import row_checks
from daily_papers.lake.files import canonical_json
from daily_papers.lake.library import Library
from daily_papers.reasons import Reason, text_of
from daily_papers.rows.answers import RESULTS_ROWS, TITLE, WHOLE, ParsedAnswer, parse_answer, parse_content
from daily_papers.rows.staged_row import StagedRow, Verdict, with_answer
from daily_papers.rows.statements import JudgedStatement, Statement
from daily_papers.sections import SECTION_KEYS
from daily_papers.summaries.call_store import Call, CallStore
from daily_papers.summaries.decisions import Action, Decision, decision_about, decisions, retries
from daily_papers.summaries.prompt import WITHOUT_QUOTES_FOR_NUMBERS, build_repair
from daily_papers.summaries.request import ModelRequest
from daily_papers.texts.text_store import Source, stored_source
from daily_papers.verification.judgements import judged_statements
from daily_papers.verification.question import statements_in
from daily_papers.verification.statements import Evidence, evidence_of

MOST_REPAIRS = 2
_NOT_REPAIRED = frozenset({Reason.ANSWER_REFUSED, Reason.CHECK_FAILED})
"""A model that refused, or whose provider did, will do so again; a check that fails is no fault of the model."""
_MOST_DETAILS = 5


@dataclass(frozen=True)
class Summary:
    """An answer and its repairs: all calls that brought something, the first one first."""

    calls: tuple[Call, ...]
    source: Source
    decision: Decision | None = None
    """What a person decided about it last; an edited answer takes the place of the model's."""
    verifying: tuple[Call, ...] = ()
    """Calls to second readers about any summary of the paper, oldest first."""

    @property
    def key(self) -> str:
        """Key of the request that was answered first."""
        return self.calls[0].key

    @property
    def request_keys(self) -> tuple[str, ...]:
        """Keys of all its calls: what a decision about it names."""
        return tuple(call.key for call in self.calls)

    @property
    def version(self) -> str:
        """A short name of this answer, as its calls and people left it."""
        edited = self.decision.decided_at.isoformat() if self.decision else None
        return hashlib.sha256(canonical_json([self.request_keys, edited])).hexdigest()[:16]

    @property
    def finished_at(self) -> datetime:
        """When the newest of its calls was made, or a person approved it."""
        asked = max(call.asked_at for call in self.calls)
        approved = self.decision is not None and self.decision.action is Action.APPROVE
        return max(asked, self.decision.decided_at) if self.decision and approved else asked

    @property
    def numbers_near_quotes(self) -> bool:
        """Whether its prompt asked for a quote near every number."""
        return self.calls[0].prompt_version not in WITHOUT_QUOTES_FOR_NUMBERS

    @cached_property
    def answer(self) -> ParsedAnswer:
        """The answer as a person edited it, else as it is after its repairs."""
        if self.decision is not None and self.decision.answer is not None:
            return parse_content(self.decision.answer)
        answer = parse_answer(self.calls[0].response or {})
        for call in self.calls[1:]:
            answer = _repaired(answer, call)
        return answer

    @property
    def verdict(self) -> Verdict:
        """What a person decided about it, as a staged row has it."""
        made = self.decision
        if made is None:
            return Verdict()
        return Verdict(made.outcome, made.by, made.decided_at, made.why, made.reasons)

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """What a second reader has to judge."""
        return evidence_of(self._row(self.answer, self.verdict))

    @cached_property
    def judged(self) -> tuple[JudgedStatement, ...]:
        """What a second reader says about it; empty where none was asked, or nothing of what it said can be used."""
        return self._judged(self.evidence) if self.verifying else ()

    def _judged(self, evidence: tuple[Evidence, ...]) -> tuple[JudgedStatement, ...]:
        """The newest judgement of each statement, in whichever summary of the paper it stood; empty without any."""
        newest: dict[Statement, JudgedStatement] = {}
        for call in self.verifying:
            said = [Statement(part, text) for part, text in call.statements]
            judged = judged_statements(call.paper_id, said, self.source.text, call.response or {})
            newest |= {one.statement: one for one in judged if one.judgement is not None}
        found = tuple(newest.get(said, JudgedStatement(said)) for said in statements_in(evidence))
        return found if any(one.judgement is not None for one in found) else ()

    @property
    def is_verified(self) -> bool:
        """Whether a second reader judged every statement."""
        return bool(self.judged) and all(one.judgement is not None for one in self.judged)

    @cached_property
    def findings(self) -> dict[Reason, list[row_checks.Finding]]:
        """What keeps it from its readers, by reason; empty for a good one."""
        return self.failures_of(self.answer, self.verdict)

    def failures_of(self, answer: ParsedAnswer, verdict: Verdict) -> dict[Reason, list[row_checks.Finding]]:
        """Findings that would block `answer` if it replaced this one, given what a person decided."""
        row = self._row(answer, verdict)
        if self.verifying:
            row = replace(row, judged=self._judged(evidence_of(row)))
        return row_checks.failures(row)

    def _row(self, answer: ParsedAnswer, verdict: Verdict) -> StagedRow:
        call = self.calls[0]
        row = StagedRow(
            paper_id=call.paper_id,
            language=call.language,
            verdict=verdict,
            numbers_near_quotes=self.numbers_near_quotes,
        )
        return with_answer(row, answer, self.source.text)

    @property
    def is_good(self) -> bool:
        """Whether readers may have it: it passes all checks, or a person set aside those that it fails."""
        return not self.findings


@dataclass(frozen=True)
class PaperRecord:
    """Everything that happened to a paper in one language, oldest first: calls, decisions, and the summaries of both.

    The calls are those that asked for a summary; what second readers say is with the summaries.

    The summary that was worked on last comes last.
    """

    calls: tuple[Call, ...]
    decisions: tuple[Decision, ...]
    summaries: tuple[Summary, ...]

    @property
    def retries(self) -> int:
        """How often a person wanted another answer to the same question, and did not approve one before it came."""
        return sum(not self._is_void(wanted) for wanted in retries(self.decisions))

    def _is_void(self, wanted: Decision) -> bool:
        approved = [one.decided_at for one in self.decisions if one.action is Action.APPROVE]
        next_approval = min((moment for moment in approved if moment > wanted.decided_at), default=None)
        if next_approval is None:
            return False
        return not any(wanted.decided_at < call.asked_at < next_approval for call in self.calls)

    @property
    def is_done(self) -> bool:
        """Whether there is a summary for readers."""
        return any(summary.is_good for summary in self.summaries)

    @property
    def waits_for_retry(self) -> bool:
        """Whether a person wants another answer, and nobody asked since."""
        wanted = retries(self.decisions)
        return bool(wanted) and not any(call.asked_at > wanted[-1].decided_at for call in self.calls)

    @property
    def chosen(self) -> Summary | None:
        """The newest good summary; without one that of the newest call, where it is an answer, else None.

        An approval counts as new, so a person can go back to an earlier summary. After a failed attempt to get a better
        answer, or a person's wish for one, the paper is pending again, not quarantined for the old one.
        """
        answered = bool(self.calls) and self.calls[-1].answered and not self.waits_for_retry
        if answered and len(self.summaries) == 1:  # good or not, so it need not be checked here
            return self.summaries[0]
        good = next((summary for summary in reversed(self.summaries) if summary.is_good), None)
        if good is not None:
            return good
        return self.summaries[-1] if answered and self.summaries else None


def paper_record(library: Library, paper_id: str, language: str) -> PaperRecord:
    """What happened to a paper in a language, from the lake."""
    calls = [call for call in CallStore(library).calls(paper_id) if call.language == language]
    asking = [call for call in calls if call.verifies is None]
    verifying = tuple(call for call in calls if call.verifies is not None)
    made = decisions(library, paper_id)
    return PaperRecord(tuple(asking), tuple(made), tuple(_summaries(library, asking, made, verifying)))


def _summaries(
    library: Library, calls: Iterable[Call], made: Sequence[Decision], verifying: tuple[Call, ...]
) -> list[Summary]:
    answered = [call for call in calls if call.answered]
    found = []
    for first in (call for call in answered if call.repairs is None):
        repairs = [call for call in answered if call.repairs == first.key]
        repairs.sort(key=lambda call: call.repair_number)  # clocks may differ between workers
        source = stored_source(library, first.paper_id, first.source_sha256)
        summary = Summary((first, *repairs), source, verifying=verifying)
        if decision := decision_about(made, summary.request_keys):
            summary = replace(summary, calls=summary.calls[: len(decision.request_keys)], decision=decision)
        found.append(summary)
    return sorted(found, key=lambda summary: (summary.finished_at, summary.key))


def repair_of(summary: Summary, request: ModelRequest) -> ModelRequest | None:
    """The next request to repair an answer to `request`.

    None where there is nothing to repair, it was tried often enough, or a person decided about the answer.
    """
    number = len(summary.calls)
    if (
        summary.is_good
        or summary.decision is not None
        or number > MOST_REPAIRS
        or not _NOT_REPAIRED.isdisjoint(summary.findings)
    ):
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
        repaired = parse_answer(call.response or {})
        return answer if repaired.problem is not None and answer.problem is None else repaired
    repaired = parse_answer(call.response or {}, call.parts)
    if repaired.problem is not None or repaired.paper_id != call.paper_id:
        return answer
    sections = {**answer.sections, **{key: repaired.sections[key] for key in repaired.sections if key in call.parts}}
    added = set(sections) - set(answer.sections)
    order = tuple(key for key in SECTION_KEYS if key in sections) if added else answer.section_order
    results = repaired.results if RESULTS_ROWS in call.parts else answer.results
    title = repaired.title if TITLE in call.parts else answer.title
    return replace(answer, sections=sections, section_order=order, results=results, title=title)
