"""Why papers wait for an answer: what happened to them, step by step, and what their row must say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from daily_papers.audit.assemble import staged_rows
from daily_papers.audit.run import with_status
from daily_papers.checks.row_checks import findings
from daily_papers.lake.library import Library
from daily_papers.reasons import Reason
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.summaries.call_store import Call, CallStore
from daily_papers.summaries.decisions import Action, Decision, record_decision
from daily_papers.texts.text_store import Reading, Source, keep_source, record_reading
from tests.support.models import good_answer

START = datetime(2025, 5, 22, tzinfo=UTC)
TEXT = "Title\n\nWe propose BAGEL, an open model that was trained on pairs of pictures and text."
FAILURES = (
    Reason.PROVIDER_UNAVAILABLE, Reason.REQUEST_REJECTED, Reason.SPENDING_CAP,
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """What happened to a paper, oldest first: `good`, `bad` (answers), `text` (read), `no text`, `retry`, `reject`, or
    a failure's code; and the reason that its row must have, or must not."""

    reason: Reason
    steps: tuple[str, ...]
    pending: bool


def stories() -> Iterator[Story]:
    """At least five of either kind for each reason of a row without an answer."""
    steps: tuple[str, ...]
    for reason in FAILURES:
        code, other = reason.value, next(one.value for one in FAILURES if one is not reason)
        for steps in ((code,), (code, code), (other, code), ("bad", code), ("text", code), ("bad", "retry", code)):
            yield Story(reason, steps, pending=True)
        for steps in ((code, "good"), ("good", code), (code, "bad"), (code, other), (code, "no text"), ("good",)):
            yield Story(reason, steps, pending=False)
    for steps in (("no text",), ("text", "no text"), ("bad", FAILURES[1].value, "no text"), ("no text", "no text"),
                  (FAILURES[0].value, "no text"), ("bad", "retry", "no text")):  # fmt: skip
        yield Story(Reason.SOURCE_UNAVAILABLE, steps, pending=True)
    for steps in (("no text", "text"), ("no text", "good"), ("no text", "bad"), ("good", "no text"),
                  ("no text", FAILURES[0].value), ("no text", "text", "bad"), ("bad", "no text")):  # fmt: skip
        yield Story(Reason.SOURCE_UNAVAILABLE, steps, pending=False)
    for steps in (("bad", "retry"), ("bad", "bad", "retry"), ("good", "reject", "retry"), ("bad", "retry", "retry"),
                  ("bad", FAILURES[0].value, "retry"), ("bad", "retry", "bad", "retry")):  # fmt: skip
        yield Story(Reason.RETRY_REQUESTED, steps, pending=True)
    for steps in (("bad", "retry", "good"), ("bad", "retry", "bad"), ("good", "retry"), ("bad",),
                  ("bad", "retry", FAILURES[0].value), ("good", "reject")):  # fmt: skip
        yield Story(Reason.RETRY_REQUESTED, steps, pending=False)
    for steps in ((), ("text",), ("text", "text"), ("no text", "text"), ("text", "no text", "text")):
        yield Story(Reason.NOT_ASKED, steps, pending=True)
    for steps in (("good",), ("bad",), (FAILURES[0].value,), ("no text",), ("bad", "retry")):
        yield Story(Reason.NOT_ASKED, steps, pending=False)


def reasons_after(library: Library, paper_id: str, steps: tuple[str, ...]) -> tuple[str, list[str]]:
    """Status and reasons of a listed paper's row after these steps."""
    source = Source("abstract", TEXT)
    keep_source(library, paper_id, source)
    keys: list[str] = []
    for number, step in enumerate(steps):
        moment = START + timedelta(hours=number)
        if step in ("text", "no text"):
            error = None if step == "text" else "arXiv answered 503"
            record_reading(library, paper_id, Reading(moment, None if error else source.sha256, (), error))
        elif step in ("retry", "reject"):
            about = tuple(keys[-1:]) if step == "reject" else ()
            record_decision(library, Decision(paper_id, Action(step), moment, "kim", "까닭", about))
        else:
            keys.append(f"{number:064}")
            CallStore(library).record(_call(paper_id, keys[-1], source, moment, step))
    [row] = [row for row in staged_rows(library, SAMPLE_DATE, "ko") if row.paper_id == paper_id]
    audited = with_status(row, frozenset(findings(row)))
    return audited["status"], audited["reasons"]


def _call(paper_id: str, key: str, source: Source, moment: datetime, step: str) -> Call:
    facts: dict[str, Any] = {"response": None, "error": step, "error_detail": "no"}
    if step in ("good", "bad"):
        content = json.dumps(good_answer({"paper_id": paper_id, "text": TEXT})) if step == "good" else "prose"
        choice = {"finish_reason": "stop", "message": {"content": content}}
        facts = {"response": {"choices": [choice]}}
    return Call(key, paper_id, SAMPLE_DATE, "m", "v3", "ko", source.kind, source.sha256, moment, 1.0, None, **facts)
