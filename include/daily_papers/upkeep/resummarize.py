"""Asking again about papers that have a good summary: which ones, what that will cost, and doing it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from daily_papers.audit.run import audit_day
from daily_papers.errors import DamagedFileError, StorageError, TerminalError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import ListedPaper
from daily_papers.listing.day_listing import day_listing
from daily_papers.publish.digest import publish_digest
from daily_papers.rows.day_file import RowStatus, readable_rows
from daily_papers.settings import Settings
from daily_papers.summaries.call_store import CallStore, Tokens, cost_usd
from daily_papers.summaries.day_language import day_language
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.summaries.papers_to_ask import first_request, next_request, papers_to_ask, papers_without_summary
from daily_papers.summaries.summarize import summarize_papers
from daily_papers.summaries.verify import papers_to_verify, still_not_verified, verify_papers
from daily_papers.texts.document import DocumentKind
from daily_papers.texts.read import read_kept, read_texts
from daily_papers.texts.text_store import Source

logger = logging.getLogger(__name__)

_COLUMNS = ("paper_id", "status", "model", "prompt_version", "request_key")


@dataclass(frozen=True)
class Candidate:
    """A complete paper of a date that would be asked about again.

    `input_tokens` are those of the request; where the paper's text is still to be fetched, the most they can be.
    `output_tokens` are those of its present summary.
    """

    listing_date: date
    paper: ListedPaper
    input_tokens: int
    output_tokens: int
    to_be_read: bool
    also_on: tuple[date, ...] = ()
    """Other dates of the range that have it complete."""


@dataclass(frozen=True)
class Estimate:
    """What asking again would take; dollars are None where the model has no price."""

    papers: int
    to_be_read: int
    tokens: Tokens
    usd: float | None
    most_usd: float | None


def candidates(
    library: Library, dates: Iterable[date], *, model: str | None, prompt_version: str | None
) -> list[Candidate]:
    """Complete papers of some dates with a question that was not answered yet; each paper once.

    Their texts are made again from what is kept, so that another budget of tokens counts; nothing is fetched.

    `model` and `prompt_version` choose those that were summarized with them (None: with any).
    """
    found: dict[str, Candidate] = {}
    for listing_date, rows in readable_rows(library, dates, _COLUMNS):
        try:
            language = day_language(library, listing_date)
            papers = {row.paper.paper_id: row.paper for row in day_listing(library, listing_date).papers if row.listed}
        except DamagedFileError as error:
            logger.warning("Skipping %s: %s", listing_date, error)
            continue
        for row in rows:
            wanted = (model in (None, row["model"])) and (prompt_version in (None, row["prompt_version"]))
            paper = papers.get(row["paper_id"])
            if row["status"] != RowStatus.COMPLETE or not wanted or paper is None:
                continue
            if known := found.get(paper.paper_id):
                found[paper.paper_id] = replace(known, also_on=(*known.also_on, listing_date))
                continue
            try:
                candidate = _candidate(library, listing_date, paper, language, row["request_key"])
            except DamagedFileError as error:
                logger.warning("Skipping %s: %s", paper.paper_id, error)
                continue
            if candidate is not None:
                found[paper.paper_id] = candidate
    return list(found.values())


def _candidate(
    library: Library, listing_date: date, paper: ListedPaper, language: str, answered_key: str
) -> Candidate | None:
    to_be_read = not read_kept(library, paper)
    request = next_request(library, paper, language, again=True)
    if request is None and not to_be_read:
        return None
    if request is None or to_be_read:  # without its text, which is not there yet
        request = first_request(library.settings, paper, Source(DocumentKind.HTML.value, ""), language)
    input_tokens = request.tokens + to_be_read * library.settings.source_tokens
    former = [call.tokens.output for call in CallStore(library).calls(paper.paper_id) if call.key == answered_key]
    return Candidate(
        listing_date, paper, input_tokens, former[0] if former else library.settings.output_tokens, to_be_read
    )


def estimate(settings: Settings, chosen: Sequence[Candidate]) -> Estimate:
    """What asking about these papers would take: about as much output as now, and at most what the settings allow."""
    tokens = Tokens(sum(one.input_tokens for one in chosen), 0, sum(one.output_tokens for one in chosen))
    most = Tokens(tokens.input, 0, settings.output_tokens * len(chosen))
    to_be_read = sum(one.to_be_read for one in chosen)
    return Estimate(len(chosen), to_be_read, tokens, cost_usd(settings.model, tokens), cost_usd(settings.model, most))


def resummarize_papers(
    library: Library, chosen: Sequence[Candidate], progress: Callable[[date], None]
) -> tuple[list[date], list[str]]:
    """Asks about the chosen papers, date by date, then audits and renders the dates that have them.

    A paper keeps its good summary where the new one fails the checks.

    Returns:
        The dates, to be loaded, and the ids of papers that got no answer.

    Raises:
        TerminalError: see `summarize_papers`; what was answered is kept, and any later run of its date takes it.
    """
    access = ModelAccess.from_settings(library.settings)
    run = f"resummarize {datetime.now(UTC).isoformat()}"
    unanswered: list[str] = []
    for listing_date in sorted({one.listing_date for one in chosen}):
        papers = [one.paper for one in chosen if one.listing_date == listing_date]
        papers_without_summary(library, listing_date)  # before anything is paid: it says what is lost
        unavailable = read_texts(library, papers).paper_ids
        ids = [paper.paper_id for paper in papers if paper.paper_id not in unavailable]
        asyncio.run(summarize_papers(library, access, listing_date, ids, run=run, again=True))
        if library.settings.verifier_model is not None:
            _verify(library, access, listing_date, ids, run)
        left = papers_to_ask(library, listing_date, again=True)
        unanswered += [paper.paper_id for paper in papers if paper.paper_id in (*unavailable, *left)]
        progress(listing_date)
    dates = sorted({day for one in chosen for day in (one.listing_date, *one.also_on)})
    for listing_date in dates:
        audit_day(library, listing_date)
        publish_digest(library, listing_date)
    return dates, unanswered


def _verify(library: Library, access: ModelAccess, listing_date: date, ids: Sequence[str], run: str) -> None:
    """Has the second reader judge the new summaries; what it did not judge is published, and says so."""
    verifier_access = access.for_verifier(library.settings)
    papers = [paper for paper in papers_to_verify(library, listing_date) if paper.paper_id in ids]
    try:
        unavailable = asyncio.run(verify_papers(library, access, verifier_access, listing_date, papers, run=run))
    except StorageError:
        raise
    except TerminalError as error:
        logger.warning("Left unverified: %s", error)
        return
    if unavailable:
        logger.warning("Left unverified: %s", still_not_verified(unavailable))
