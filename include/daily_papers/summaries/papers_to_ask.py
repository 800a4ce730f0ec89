"""What to ask a model next: which papers of a date, and which question about each."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from daily_papers.errors import DamagedFileError, TerminalError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import ListedPaper
from daily_papers.listing.day_listing import day_listing
from daily_papers.reasons import Reason, text_of
from daily_papers.rows.day_file import RowStatus, read_day_file
from daily_papers.rows.published import published_rows
from daily_papers.settings import Settings
from daily_papers.summaries.call_store import CallStore, answers_to
from daily_papers.summaries.day_language import day_language
from daily_papers.summaries.paper_record import PaperRecord, paper_record, repair_of
from daily_papers.summaries.prompt import build_request
from daily_papers.summaries.request import ModelRequest
from daily_papers.texts.text_store import Source, current_source

logger = logging.getLogger(__name__)


def papers_without_summary(library: Library, listing_date: date, *, again: bool = False) -> list[ListedPaper]:
    """Listed papers of a date without a summary that passes the checks, in listing order; all with `again`.

    Raises:
        TerminalError: see `_papers_to_choose_from`.
    """
    language = day_language(library, listing_date)
    papers = _papers_to_choose_from(library, listing_date, language)
    return [paper for paper, record in papers if again or not record.is_done]


def papers_to_ask(library: Library, listing_date: date, *, again: bool = False) -> list[str]:
    """Ids of the listed papers of a date that need a call, in listing order (see `next_request`).

    Raises:
        TerminalError: see `_papers_to_choose_from`.
    """
    language = day_language(library, listing_date)
    papers = _papers_to_choose_from(library, listing_date, language)
    return [paper.paper_id for paper, _ in papers if next_request(library, paper, language, again=again)]


def needs_a_model(library: Library, listing_date: date, *, again: bool = False) -> bool:
    """Whether a run of a date would ask about any paper, whose text may have to be read first.

    Raises:
        TerminalError: see `_papers_to_choose_from`.
    """
    language = day_language(library, listing_date)
    return any(
        current_source(library, paper.paper_id) is None or next_request(library, paper, language, again=again)
        for paper, record in _papers_to_choose_from(library, listing_date, language)
        if again or not record.is_done
    )


def _papers_to_choose_from(
    library: Library, listing_date: date, language: str
) -> list[tuple[ListedPaper, PaperRecord]]:
    """Listed papers of a date whose stored answers can be read, in listing order.

    Raises:
        TerminalError: an answer that readers have is gone. To ask, and pay, again is a person's decision.
    """
    published = published_rows(library, listing_date)
    found, lost = [], []
    for paper in _listed_papers(library, listing_date):
        try:
            record = paper_record(library, paper.paper_id, language)
        except DamagedFileError as error:
            logger.warning("Not asking about %s: %s", paper.paper_id, error)
            continue
        row = published.get(paper.paper_id)
        if row is not None and row["status"] == RowStatus.COMPLETE and _lacks_answers(record, row):
            question = _present_question(library, paper, language, record)
            # a wish for another answer makes another question; one that was fulfilled made the question that is lost
            if not record.waits_for_retry or (question is not None and question.key == row["request_key"]):
                lost.append(paper.paper_id)
        found.append((paper, record))
    if lost:
        text = text_of(Reason.INPUTS_LOST)
        raise TerminalError(f"{listing_date}: {text.english} {text.remedy} Lost: the answers for {', '.join(lost)}.")
    return found


def _lacks_answers(record: PaperRecord, published: Mapping[str, Any]) -> bool:
    """Whether an answer or a repair that a published row rests on is gone."""
    return answers_to(published["request_key"], record.calls) <= int(published["repairs"])


def papers_with_new_question(library: Library, listing_date: date) -> list[str]:
    """Ids of a date's quarantined papers whose question is another one now: model, prompt or kept text have changed."""
    if not library.has_day(listing_date):
        return []
    columns = ("paper_id", "status", "language")
    rows = [row for row in read_day_file(library, listing_date, columns) if row["status"] == RowStatus.QUARANTINED]
    papers = {paper.paper_id: paper for paper in _listed_papers(library, listing_date)} if rows else {}
    return [
        row["paper_id"]
        for row in rows
        if row["paper_id"] in papers and _is_new_question(library, papers[row["paper_id"]], row["language"])
    ]


def _is_new_question(library: Library, paper: ListedPaper, language: str) -> bool:
    request = _present_question(library, paper, language, paper_record(library, paper.paper_id, language))
    return request is not None and not CallStore(library).has_answer(paper.paper_id, request.key)


def next_request(library: Library, paper: ListedPaper, language: str, *, again: bool = False) -> ModelRequest | None:
    """What to ask about a paper next; None where nobody needs to be asked, or its text could not be had.

    A paper with a summary that passes the checks is asked about `again` only, and then only where the question is
    another one (model, prompt or text changed, or a person wanted another answer). An answer that fails is repaired, at
    most twice; the same question is never asked twice.
    """
    record = paper_record(library, paper.paper_id, language)
    if not again and record.is_done:
        return None
    request = _present_question(library, paper, language, record)
    if request is None:
        return None
    answered = next((summary for summary in record.summaries if summary.key == request.key), None)
    return request if answered is None else repair_of(answered, request)


def _present_question(library: Library, paper: ListedPaper, language: str, record: PaperRecord) -> ModelRequest | None:
    """The question about a paper as it is now; None where its text could not be had."""
    source = current_source(library, paper.paper_id)
    return first_request(library.settings, paper, source, language, retries=record.retries) if source else None


def first_request(
    settings: Settings, paper: ListedPaper, source: Source, language: str, *, retries: int = 0
) -> ModelRequest:
    """The question about a paper that these settings ask, after a person wanted another answer this many times."""
    return build_request(
        paper,
        source,
        model=settings.model,
        language=language,
        output_tokens=settings.output_tokens,
        bounded_schema=settings.bounded_schema,
        extra=settings.request_extra,
        retries=retries,
    )


def _listed_papers(library: Library, listing_date: date) -> list[ListedPaper]:
    return [row.paper for row in day_listing(library, listing_date).papers if row.listed]
