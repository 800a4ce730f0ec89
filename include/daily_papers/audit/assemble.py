"""Puts a date's inputs together: one staged row for every paper its captures list."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date

from daily_papers.errors import DamagedFileError
from daily_papers.lake.library import Library
from daily_papers.listing.day_listing import day_listing
from daily_papers.reasons import Reason
from daily_papers.rows.staged_row import Origin, StagedRow, row_of_listing, with_answer
from daily_papers.summaries.paper_record import PaperRecord, paper_record
from daily_papers.texts.text_store import latest_reading

logger = logging.getLogger(__name__)


def staged_rows(library: Library, listing_date: date, language: str) -> list[StagedRow]:
    """All papers of a date with their best answer, before the audit.

    Raises:
        UserError: the date was never fetched.
    """
    rows = (row_of_listing(listing_date, listed, language) for listed in day_listing(library, listing_date).rows)
    return [row if row.listing is None else _with_summary(library, row) for row in rows]


def _with_summary(library: Library, row: StagedRow) -> StagedRow:
    try:
        record = paper_record(library, row.paper_id, row.language)
    except DamagedFileError as error:  # of this paper alone: the others of the date go on
        logger.warning("%s: %s", row.paper_id, error)
        file = str(error.path).removeprefix(f"{library.lake.home}/")
        return replace(row, damaged_input=f"{file}: {error.problem}")
    summary = record.chosen
    if summary is None:
        return replace(row, pending_reason=_pending_reason(library, row.paper_id, record))
    first, source = summary.calls[0], summary.source
    origin = Origin(
        source_kind=source.kind,
        source_version=source.version,
        source_sha256=first.source_sha256,
        model=first.model,
        prompt_version=first.prompt_version,
        request_key=first.key,
        repairs=len(summary.calls) - 1,
    )
    answered = with_answer(row, summary.answer, source.text, source.lost)
    return replace(
        answered,
        origin=origin,
        verdict=summary.verdict,
        numbers_near_quotes=summary.numbers_near_quotes,
        judged=summary.judged,
        is_to_be_verified=library.settings.verifier_model is not None and summary.decision is None,
    )


def _pending_reason(library: Library, paper_id: str, record: PaperRecord) -> str:
    """What kept the newest attempt from an answer: the model, the limit of a run, or arXiv before that."""
    reading, calls = latest_reading(library, paper_id), record.calls
    if reading is not None and reading.error and (not calls or calls[-1].asked_at < reading.read_at):
        return Reason.SOURCE_UNAVAILABLE
    if record.waits_for_retry:
        return Reason.RETRY_REQUESTED
    return calls[-1].error or Reason.NOT_ASKED if calls else Reason.NOT_ASKED
