"""Puts a date's inputs together: one staged row for every paper its captures list."""

from __future__ import annotations

from datetime import date
from typing import Any

from daily_papers import checks
from daily_papers.answers import parse_answer
from daily_papers.calls import Call, CallStore
from daily_papers.extract import day_papers
from daily_papers.lake import Lake
from daily_papers.listing import DayPaper
from daily_papers.read import source_of, stored_source
from daily_papers.reasons import Reason


def staged_rows(lake: Lake, listing_date: date, language: str) -> list[dict[str, Any]]:
    """All papers of a date with their best answer, before the audit (see `checks` for the extra columns).

    Raises:
        UserError: the date was never fetched.
    """
    store = CallStore(lake)
    return [_staged_row(lake, store, listing_date, row, language) for row in day_papers(lake, listing_date)]


def _staged_row(lake: Lake, store: CallStore, listing_date: date, row: DayPaper, language: str) -> dict[str, Any]:
    paper = row.paper
    calls = [call for call in store.calls(paper.paper_id) if call.language == language]
    answer = chosen_answer(lake, calls)
    source = stored_source(lake, paper.paper_id, answer.source_sha256) if answer else source_of(paper)
    return {
        "listing_date": listing_date,
        "paper_id": paper.paper_id,
        "listed": row.listed,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "upvotes": paper.upvotes,
        "comments": paper.comments,
        "published_at": paper.published_at,
        "submitted_at": paper.submitted_at,
        "submitted_by": paper.submitted_by,
        "project_page": paper.project_page,
        "github_repository": paper.github_repository,
        "keywords": list(paper.keywords),
        "organization": paper.organization,
        "source_kind": source.kind,
        "source_sha256": source.sha256,
        "language": language,
        "model": answer.model if answer else None,
        "prompt_version": answer.prompt_version if answer else None,
        "request_key": answer.key if answer else None,
        "pending_reason": None if answer else _pending_reason(calls),
        **checks.answer_columns(parse_answer(answer.response or {}) if answer else None, source.text),
    }


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
