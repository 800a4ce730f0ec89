"""Puts a date's inputs together: one staged row for every paper its captures list."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from daily_papers import checks
from daily_papers.answers import parse_answer
from daily_papers.calls import Call, CallStore
from daily_papers.day_listing import day_listing
from daily_papers.lake import Lake
from daily_papers.listing import DayBrokenItem, DayPaper, ListedPaper
from daily_papers.read import source_of, stored_source
from daily_papers.reasons import Reason

LISTING_COLUMNS = (*(field.name for field in fields(ListedPaper)), "listed", "listing_problem")
"""Columns of a row that come from the listing."""


def staged_rows(lake: Lake, listing_date: date, language: str) -> list[dict[str, Any]]:
    """All papers of a date with their best answer, before the audit (see `checks` for the extra columns).

    Raises:
        UserError: the date was never fetched.
    """
    store = CallStore(lake)
    listing = day_listing(lake, listing_date)
    rows = [
        *({**listing_columns(row), **_summary_columns(lake, store, row.paper, language)} for row in listing.papers),
        *({**listing_columns(row), **_no_summary(language)} for row in listing.broken),
    ]
    return [{**row, "listing_date": listing_date} for row in rows]


def listing_columns(row: DayPaper | DayBrokenItem) -> dict[str, Any]:
    """What the listing says about a row; of a broken item that is its name and what is wrong with it."""
    if isinstance(row, DayBrokenItem):
        nothing: dict[str, Any] = {**dict.fromkeys(LISTING_COLUMNS), "authors": [], "keywords": []}
        broken = {"paper_id": row.item.paper_id, "listing_problem": row.item.problem}
        return {**nothing, **broken, "listed": row.listed}
    facts = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(row.paper).items()}
    return {**facts, "listed": row.listed, "listing_problem": None}


def _summary_columns(lake: Lake, store: CallStore, paper: ListedPaper, language: str) -> dict[str, Any]:
    calls = [call for call in store.calls(paper.paper_id) if call.language == language]
    answer = chosen_answer(lake, calls)
    source = stored_source(lake, paper.paper_id, answer.source_sha256) if answer else source_of(paper)
    return {
        "source_kind": source.kind,
        "source_sha256": source.sha256,
        "language": language,
        "model": answer.model if answer else None,
        "prompt_version": answer.prompt_version if answer else None,
        "request_key": answer.key if answer else None,
        "pending_reason": None if answer else _pending_reason(calls),
        **checks.answer_columns(parse_answer(answer.response or {}) if answer else None, source.text),
    }


def _no_summary(language: str) -> dict[str, Any]:
    names = ("source_kind", "source_sha256", "model", "prompt_version", "request_key", "pending_reason")
    return {**dict.fromkeys(names), "language": language, **checks.answer_columns(None, "")}


def chosen_answer(lake: Lake, calls: list[Call]) -> Call | None:
    """The newest answer that passes the checks; without one the newest call, where it is an answer, else None.

    After a failed attempt to get a better answer the paper is pending again, not quarantined for the old one.
    """
    for call in reversed(calls):
        if is_good(lake, call):
            return call
    return calls[-1] if calls and calls[-1].answered else None


def is_good(lake: Lake, call: Call) -> bool:
    """Whether a call brought an answer that passes the checks."""
    return call.answered and not checks.failing_reasons(checks.answer_row(lake, call))


def _pending_reason(calls: list[Call]) -> str:
    return calls[-1].error or Reason.NOT_ASKED if calls else Reason.NOT_ASKED
