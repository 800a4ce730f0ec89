"""What a second reader said about a summary."""

from __future__ import annotations

from dataclasses import replace

from daily_papers.reasons import Reason
from daily_papers.rows.statements import JudgedStatement, Judgement, Statement
from daily_papers.verification.statements import evidence_of
from tests.defects.case import Case, Row, cases, changed
from tests.defects.papers import ALOE, BAGEL, FLOW, HYBRID, NEURONS, PHARE, RPC, SAGE, TABOO, VIDEO_EVAL


def judged(paper_id: str, *judgements: Judgement | None) -> Row:
    """The row of a sample paper whose last statements got these judgements, and all others were supported."""
    row = changed(paper_id)
    statements = [said for one in evidence_of(row) for said in one.statements]
    given = [Judgement.SUPPORTED] * (len(statements) - len(judgements))
    found = [_judged(row, said, judgement) for said, judgement in zip(statements, [*given, *judgements], strict=True)]
    return replace(row, judged=tuple(found), is_to_be_verified=True)


def _judged(row: Row, statement: Statement, judgement: Judgement | None) -> JudgedStatement:
    decides = judgement in (Judgement.SUPPORTED, Judgement.CONTRADICTED)
    return JudgedStatement(statement, judgement, " ".join(row.source_text.split()[:6]) if decides else "")


def to_be_verified(paper_id: str) -> Row:
    """The row of a sample paper that no second reader judged yet."""
    return replace(changed(paper_id), is_to_be_verified=True)


CONTRADICTED, NOT_FOUND, SUPPORTED = Judgement.CONTRADICTED, Judgement.NOT_FOUND, Judgement.SUPPORTED
BAD: list[Case] = [
    *cases(
        Reason.CONTRADICTED,
        {
            "one statement": judged(BAGEL, CONTRADICTED),
            "two statements": judged(SAGE, CONTRADICTED, CONTRADICTED),
            "beside one that it did not find": judged(FLOW, CONTRADICTED, NOT_FOUND),
            "beside one that it did not judge": judged(RPC, CONTRADICTED, None),
            "when it is not asked any more": replace(judged(PHARE, CONTRADICTED), is_to_be_verified=False),
        },
    ),
    *cases(
        Reason.STATEMENT_NOT_FOUND,
        {
            "one statement": judged(BAGEL, NOT_FOUND),
            "two statements": judged(SAGE, NOT_FOUND, NOT_FOUND),
            "beside one that it did not judge": judged(RPC, NOT_FOUND, None),
            "before others": judged(NEURONS, NOT_FOUND, SUPPORTED, SUPPORTED),
            "when it is not asked any more": replace(judged(PHARE, NOT_FOUND), is_to_be_verified=False),
        },
    ),
    *cases(
        Reason.NOT_VERIFIED,
        {
            "nobody asked it": to_be_verified(BAGEL),
            "another paper that nobody asked about": to_be_verified(SAGE),
            "one statement left out": judged(FLOW, None),
            "two statements left out": judged(TABOO, None, None),
            "one left out and one not found": judged(RPC, NOT_FOUND, None),
        },
    ),
]

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.CONTRADICTED,
        {
            "all supported": judged(BAGEL),
            "one that it did not find": judged(SAGE, NOT_FOUND),
            "one that it did not judge": judged(FLOW, None),
            "nobody asked it": to_be_verified(RPC),
            "there is no second reader": changed(PHARE),
        },
    ),
    *cases(
        Reason.STATEMENT_NOT_FOUND,
        {
            "all supported": judged(BAGEL),
            "one that it did not judge": judged(FLOW, None),
            "nobody asked it": to_be_verified(RPC),
            "there is no second reader": changed(PHARE),
            "another paper, all supported": judged(VIDEO_EVAL),
        },
    ),
    *cases(
        Reason.NOT_VERIFIED,
        {
            "all supported": judged(BAGEL),
            "one that it did not find": judged(SAGE, NOT_FOUND),
            "there is no second reader": changed(PHARE),
            "another paper, all supported": judged(ALOE),
            "a third paper, all supported": judged(HYBRID),
        },
    ),
]
