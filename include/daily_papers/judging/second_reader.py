"""How good a second reader is: asked about labelled answers as about any summary, several changes in one question.

A question holds a whole answer with at most one change in each part of it, as a real summary has more than one mistake.
The first question about each paper is about its true answer. All answers are kept under the home, so that asking again
with the same model costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from daily_papers.judging.labelled_answers import LABELLED_DATE, Change, Paper, changed, papers_of, row_of, source_of
from daily_papers.lake.library import Library
from daily_papers.reasons import Reason
from daily_papers.rows.statements import JudgedStatement, Judgement, Statement
from daily_papers.summaries.asking import Asking
from daily_papers.summaries.call_store import Call, CallStore, Tokens, cost_usd, total_tokens
from daily_papers.summaries.model_client import Model, ModelAccess
from daily_papers.summaries.request import ModelRequest
from daily_papers.summaries.verify import verification_request
from daily_papers.texts.text_store import ABSTRACT, Source
from daily_papers.verification.judgements import judged_statements
from daily_papers.verification.question import statements_in
from daily_papers.verification.statements import Evidence, evidence_of

CORPORA = ("truth_unseen", "meaning_unseen")
TRUE_STATEMENTS = "true statements"
OUTPUT_FOR_EACH = 50
"""Tokens of an answer for each statement, about; for the price before anything is asked."""


@dataclass(frozen=True)
class Question:
    """A labelled answer with some changes, to be judged at once."""

    paper: Paper
    changes: tuple[Change, ...]

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """What is judged."""
        return evidence_of(row_of(changed(self.paper["answer"], *self.changes), source_of(self.paper)))

    def request(self, model: str) -> ModelRequest:
        """The request that a second reader gets."""
        source = Source(ABSTRACT, source_of(self.paper))
        return verification_request(self.paper["paper_id"], source, self.evidence, model=model, language="ko")


@dataclass
class Tally:
    """What a second reader said about the statements of a class; `total` counts also what it was not asked about."""

    contradicted: int = 0
    not_found: int = 0
    unjudged: int = 0
    total: int = 0

    def count(self, judged: Sequence[JudgedStatement]) -> None:
        """Counts one case: the worst that was said about any of its statements."""
        said = {one.judgement for one in judged}
        self.total += 1
        self.contradicted += Judgement.CONTRADICTED in said
        self.not_found += Judgement.CONTRADICTED not in said and Judgement.NOT_FOUND in said
        self.unjudged += not said & {Judgement.CONTRADICTED, Judgement.NOT_FOUND} and None in said


@dataclass
class Measured:
    """What a second reader found, by class, and what that took."""

    by_class: Mapping[str, Tally]
    calls: int
    failed_calls: int
    tokens: Tokens
    usd: float | None


def questions(papers: int | None = None) -> list[Question]:
    """All questions about the labelled answers, or about the first few of each corpus."""
    found = []
    for corpus in CORPORA:
        for paper in islice(papers_of(corpus), papers):
            found.append(Question(paper, ()))
            found += [Question(paper, together) for together in _rounds(paper["changes"])]
    true = {one.paper["paper_id"]: one for one in reversed(found) if not one.changes}  # two corpora have the same
    return [*reversed(true.values()), *(one for one in found if one.changes)]


def _rounds(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    """Changes in groups with at most one for each part; those of quotes are for the checks alone."""
    by_part: dict[str, list[Change]] = {}
    for change in changes:
        if not change["part"].startswith("quotes:"):
            by_part.setdefault(change["part"], []).append(change)
    longest = max((len(of_part) for of_part in by_part.values()), default=0)
    return [tuple(of_part[place] for of_part in by_part.values() if place < len(of_part)) for place in range(longest)]


def expected_tokens(asked: Sequence[Question], model: str) -> Tokens:
    """About what all questions take."""
    statements = sum(len(statements_in(one.evidence)) for one in asked)
    return Tokens(sum(one.request(model).tokens for one in asked), 0, OUTPUT_FOR_EACH * statements)


async def measure_second_reader(
    library: Library, access: ModelAccess, asked: Sequence[Question], model: str, *, run: str
) -> Measured:
    """Asks a model all questions that it has not answered yet, and counts what it found.

    Args:
        library: where the answers are kept: not the library that people read.

    Raises:
        TerminalError: see `Asking`.
    """
    settings = library.settings.model_copy(update={"verifier_model": model}).for_verifier
    requests: dict[str, list[tuple[Question, ModelRequest]]] = {}
    for one in asked:
        requests.setdefault(one.paper["paper_id"], []).append((one, one.request(model)))
    store = CallStore(library)

    rejected = {
        call.key for paper_id in requests for call in store.calls(paper_id) if call.error == Reason.REQUEST_REJECTED
    }

    def following(paper_id: str) -> ModelRequest | None:
        open_requests = (one for _, one in requests[paper_id] if not store.has_answer(paper_id, one.key))
        return next((one for one in open_requests if one.key not in rejected), None)

    async with access.client(settings) as client:
        reader = Model(settings, access, client)
        asking = Asking(Library(settings), LABELLED_DATE, "ko", run, following, reader, reader)
        await asking.ask_about(requests)
    by_class: dict[str, Tally] = {}
    answers: list[Call] = []
    for paper_id, of_paper in requests.items():
        calls = {call.key: call for call in store.calls(paper_id) if call.answered}
        as_written = frozenset(statements_in(Question(of_paper[0][0].paper, ()).evidence))
        for question, request in of_paper:
            if call := calls.get(request.key):
                answers.append(call)
                said, source = statements_in(question.evidence), source_of(question.paper)
                judged = judged_statements(paper_id, said, source, call.response or {})
                _count(by_class, question.changes, judged, as_written)
    tokens = total_tokens(answers)
    failed = sum(not call.answered for call in asking.calls)
    return Measured(by_class, len(answers), failed, tokens, cost_usd(model, tokens))


def _count(
    by_class: dict[str, Tally],
    changes: Sequence[Change],
    judged: Sequence[JudgedStatement],
    as_written: frozenset[Statement],
) -> None:
    """Counts what was said of an answer with these changes; `as_written` are the statements of the true one."""
    if not changes:
        for one in judged:
            by_class.setdefault(TRUE_STATEMENTS, Tally()).count([one])
    for change in changes:
        of_change = [one for one in judged if one.statement.part == change["part"] and one.statement not in as_written]
        by_class.setdefault(change["class"], Tally()).count(of_change)
