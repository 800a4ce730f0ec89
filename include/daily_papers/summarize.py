"""Step 3: ask the model about every paper that has no good answer yet; keep each answer the moment it arrives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from filelock import FileLock

from daily_papers.calls import Call, CallStore
from daily_papers.day_file import day_language
from daily_papers.day_listing import day_listing
from daily_papers.errors import TerminalError, TransientError
from daily_papers.lake import Lake
from daily_papers.listing import ListedPaper
from daily_papers.model import ModelAccess, Outcome, attempt
from daily_papers.prompt import SummaryRequest, build_request
from daily_papers.reasons import Reason
from daily_papers.settings import Settings
from daily_papers.sources import current_source
from daily_papers.spending import RunSpending
from daily_papers.summaries import Summary, repair_of, summaries

if TYPE_CHECKING:
    from openai import AsyncOpenAI

logger = logging.getLogger(__name__)


def papers_without_summary(
    lake: Lake, settings: Settings, listing_date: date, *, again: bool = False
) -> list[ListedPaper]:
    """Listed papers of a date without a summary that passes the checks, in listing order; all with `again`."""
    language = day_language(lake, listing_date, settings.language)
    listed = [row.paper for row in day_listing(lake, listing_date).papers if row.listed]
    return [paper for paper in listed if again or not any(one.is_good for one in _summaries(lake, paper, language))]


def papers_to_ask(lake: Lake, settings: Settings, listing_date: date, *, again: bool = False) -> list[str]:
    """Ids of the listed papers of a date that need a call, in listing order (see `next_request`)."""
    language = day_language(lake, listing_date, settings.language)
    papers = papers_without_summary(lake, settings, listing_date, again=again)
    return [paper.paper_id for paper in papers if next_request(lake, settings, paper, language, again=again)]


def next_request(
    lake: Lake, settings: Settings, paper: ListedPaper, language: str, *, again: bool = False
) -> SummaryRequest | None:
    """What to ask about a paper next; None where nobody needs to be asked, or its text could not be had.

    A paper with a summary that passes the checks is asked about `again` only, and then only where the question is
    another one (model, prompt or text changed). An answer that fails is mended, at most twice; the same question is
    never asked twice.
    """
    found = _summaries(lake, paper, language)
    if not again and any(summary.is_good for summary in found):
        return None
    source = current_source(lake, paper.paper_id)
    if source is None:
        return None
    request = build_request(
        paper,
        source,
        model=settings.model,
        language=language,
        output_tokens=settings.output_tokens,
        bounded_schema=settings.bounded_schema,
    )
    answered = next((summary for summary in found if summary.key == request.key), None)
    return request if answered is None else repair_of(answered, request)


def _summaries(lake: Lake, paper: ListedPaper, language: str) -> list[Summary]:
    return summaries(lake, [call for call in CallStore(lake).calls(paper.paper_id) if call.language == language])


async def summarize(
    lake: Lake,
    settings: Settings,
    access: ModelAccess,
    listing_date: date,
    paper_ids: Sequence[str],
    *,
    run: str,
    again: bool = False,
) -> list[str]:
    """Asks about the named papers of a date, a bounded number at once, and stores every answer on arrival.

    An answer that fails the checks is mended at once. `run` names the run whose limits of cost and tokens hold.

    Returns:
        Ids of papers whose provider did not answer after the SDK's retries; each attempt is recorded.

    Raises:
        TerminalError: no paper can be summarized with these settings (key, credit, model, address, price), or the
            provider rejected every single request. What was under way when that showed is awaited and stored.
    """
    papers = {row.paper.paper_id: row.paper for row in day_listing(lake, listing_date).papers}
    language = day_language(lake, listing_date, settings.language)
    spending = RunSpending(settings, run)
    slots = asyncio.Semaphore(settings.concurrency)
    calls: list[Call] = []
    stops: list[str] = []

    async def ask(client: AsyncOpenAI, paper_id: str) -> None:
        async with slots, _held(settings, f"{paper_id}-{language}"):
            while not stops:  # answers under way are paid for; no new call starts
                # checking an answer takes a while: in a thread, so that other answers are stored meanwhile
                request = await asyncio.to_thread(next_request, lake, settings, papers[paper_id], language, again=again)
                if request is None:
                    return
                call, stop = await _call(settings, client, listing_date, request, spending)
                CallStore(lake).record(call)
                calls.append(call)
                _log(call)
                if stop is not None:
                    stops.append(stop)
                if not call.answered:
                    return

    async with access.client(settings) as client, asyncio.TaskGroup() as group:
        for paper_id in paper_ids:
            group.create_task(ask(client, paper_id))
    if stops:
        raise TerminalError(stops[0])
    if len(calls) > 1 and all(call.error == Reason.REQUEST_REJECTED for call in calls):
        raise TerminalError(
            f"The model's provider rejected every request: {calls[0].error_detail}. Check DAILY_PAPERS_MODEL and "
            "whether the server supports strict JSON schemas."
        )
    return [call.paper_id for call in calls if call.error == Reason.PROVIDER_UNAVAILABLE]


def _log(call: Call) -> None:
    what = f"mended {', '.join(call.parts)}" if call.repairs else "answered"
    outcome = f"{what} in {call.latency_seconds:.1f} s" if call.answered else f"{call.error} ({call.error_detail})"
    logger.log(logging.INFO if call.answered else logging.WARNING, "%s: %s", call.paper_id, outcome)


@asynccontextmanager
async def _held(settings: Settings, name: str) -> AsyncIterator[None]:
    """A lock on one paper across all processes of this machine, so that its summary is paid for once."""
    settings.lock_directory.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.lock_directory / f"{name}.lock", thread_local=False)
    await asyncio.to_thread(lock.acquire)
    try:
        yield
    finally:
        lock.release()


async def _call(
    settings: Settings, client: AsyncOpenAI, listing_date: date, request: SummaryRequest, spending: RunSpending
) -> tuple[Call, str | None]:
    """One attempt as a record, and the message to stop the run with where no request can succeed."""
    asked_at, started = datetime.now(UTC), time.monotonic()
    if spending.reserve(request):
        outcome = await attempt(settings, client, request)
    else:
        outcome = Outcome(error=Reason.SPENDING_CAP, detail="the limit of this run leaves no room for the call")
    call = Call(
        key=request.key,
        paper_id=request.paper_id,
        listing_date=listing_date,
        model=request.model,
        prompt_version=request.prompt_version,
        language=request.language,
        source_kind=request.source.kind,
        source_sha256=request.source.sha256,
        asked_at=asked_at,
        latency_seconds=round(time.monotonic() - started, 3),
        request_id=outcome.request_id,
        response=outcome.response,
        error=outcome.error,
        error_detail=outcome.detail,
        repairs=request.repairs,
        parts=request.parts,
    )
    if call.sent:
        spending.settle(request, call.tokens)
    return call, outcome.stop


def chunks(paper_ids: Sequence[str], size: int) -> list[list[str]]:
    """The ids in groups of `size`, in order; an empty list for none."""
    return [list(paper_ids[start : start + size]) for start in range(0, len(paper_ids), size)]


def still_unavailable(paper_ids: Sequence[str]) -> TransientError:
    """The error that makes Airflow try the task again for papers the provider left unanswered."""
    return TransientError(
        f"The model's provider did not answer for {len(paper_ids)} papers: {', '.join(paper_ids)}. "
        "The others are stored; a retry asks only for these."
    )
