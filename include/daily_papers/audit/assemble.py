"""Puts a date's inputs together: one staged row for every paper its captures list."""

from __future__ import annotations

import logging
from dataclasses import fields
from datetime import date
from typing import Any

from daily_papers.errors import DamagedFileError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import DayBrokenItem, DayPaper, ListedPaper
from daily_papers.listing.day_listing import day_listing
from daily_papers.reasons import Reason
from daily_papers.rows.staged_row import NO_DECISION, answer_columns
from daily_papers.summaries.record import PaperRecord, paper_record
from daily_papers.texts.sources import latest_reading

logger = logging.getLogger(__name__)

LISTING_COLUMNS = (*(field.name for field in fields(ListedPaper)), "listed", "listing_problem")
"""Columns of a row that come from the listing."""


def staged_rows(library: Library, listing_date: date, language: str) -> list[dict[str, Any]]:
    """All papers of a date with their best answer, before the audit (see `checks` for the extra columns).

    Raises:
        UserError: the date was never fetched.
    """
    listing = day_listing(library, listing_date)
    rows = [
        *({**listing_columns(row), **_summary_columns(library, row.paper, language)} for row in listing.papers),
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


def _summary_columns(library: Library, paper: ListedPaper, language: str) -> dict[str, Any]:
    try:
        record = paper_record(library, paper.paper_id, language)
    except DamagedFileError as error:  # of this paper alone: the others of the date go on
        logger.warning("%s: %s", paper.paper_id, error)
        file = str(error.path).removeprefix(f"{library.lake.home}/")
        return {**_no_summary(language), "damaged_input": f"{file}: {error.problem}"}
    summary = record.chosen
    if summary is None:
        return {**_no_summary(language), "pending_reason": _pending_reason(library, paper.paper_id, record)}
    first = summary.calls[0]
    return {
        "source_kind": summary.source.kind,
        "source_version": summary.source.version,
        "source_sha256": first.source_sha256,
        "language": language,
        "model": first.model,
        "prompt_version": first.prompt_version,
        "request_key": first.key,
        "repairs": len(summary.calls) - 1,
        "pending_reason": None,
        "damaged_input": None,
        **summary.decision_columns,
        **answer_columns(summary.answer, summary.source.text, summary.source.lost),
    }


_SUMMARY_FACTS = (
    "source_kind", "source_version", "source_sha256", "model", "prompt_version", "request_key", "pending_reason",
    "damaged_input",
)  # fmt: skip


def _no_summary(language: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(_SUMMARY_FACTS),
        "language": language,
        "repairs": 0,
        **NO_DECISION,
        **answer_columns(None, ""),
    }


def _pending_reason(library: Library, paper_id: str, record: PaperRecord) -> str:
    """What kept the newest attempt from an answer: the model, the limit of a run, or arXiv before that."""
    reading, calls = latest_reading(library, paper_id), record.calls
    if reading is not None and reading.error and (not calls or calls[-1].asked_at < reading.read_at):
        return Reason.SOURCE_UNAVAILABLE
    if record.waits_for_retry:
        return Reason.RETRY_REQUESTED
    return calls[-1].error or Reason.NOT_ASKED if calls else Reason.NOT_ASKED
