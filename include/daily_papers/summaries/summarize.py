"""Step 3: ask the model about every paper that has no good answer yet; keep each answer the moment it arrives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from daily_papers.environment_file import with_place
from daily_papers.errors import TerminalError, TransientError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import ListedPaper
from daily_papers.listing.day_listing import day_listing
from daily_papers.reasons import Reason
from daily_papers.summaries.call_store import Call, CallStore, Tokens
from daily_papers.summaries.day_language import day_language
from daily_papers.summaries.model_client import NO_COMPLETION, Attempt, Model, ModelAccess
from daily_papers.summaries.papers_to_ask import next_request
from daily_papers.summaries.request import SummaryRequest
from daily_papers.summaries.spending import RunSpending

logger = logging.getLogger(__name__)

_NO_ROOM = "the limit of this run leaves no room for the call"


async def summarize_papers(
    library: Library,
    access: ModelAccess,
    listing_date: date,
    paper_ids: Sequence[str],
    *,
    run: str,
    again: bool = False,
) -> list[str]:
    """Asks about the named papers of a date, a bounded number at once, and stores every answer on arrival.

    An answer that fails the checks is repaired at once. `run` names the run whose limits of cost and tokens hold.

    Returns:
        Ids of papers whose provider did not answer after the SDK's retries; each attempt is recorded.

    Raises:
        TerminalError: no paper can be summarized with these settings (key, credit, model, address, price), or the
            provider rejected every single request, or sent no completion for any. What was under way when that showed
            is awaited and stored.
    """
    papers = {row.paper.paper_id: row.paper for row in day_listing(library, listing_date).papers}
    language = day_language(library, listing_date)
    room = _Room(RunSpending(library, run))
    async with access.client(library.settings) as client, asyncio.TaskGroup() as group:
        model = Model(library.settings, access, client)
        asking = _Asking(library, model, run, listing_date, language, room, again)
        for paper_id in paper_ids:
            group.create_task(asking.ask_in_turn(papers[paper_id]))
    if asking.stops:
        raise asking.stops[0]
    if len(asking.calls) > 1 and all(call.error_detail == NO_COMPLETION for call in asking.calls):
        raise TerminalError(model.wrong_address)
    if len(asking.calls) > 1 and all(call.error == Reason.REQUEST_REJECTED for call in asking.calls):
        raise TerminalError(
            f"The model's provider rejected every request: {asking.calls[0].error_detail}. Check "
            f"{with_place('DAILY_PAPERS_MODEL')}; for servers that take other parameters, see "
            "DAILY_PAPERS_JSON_MODE, DAILY_PAPERS_REQUEST_WITHOUT and DAILY_PAPERS_REQUEST_EXTRA (docs/summaries.md)."
        )
    _log_failures(asking.calls)
    return [call.paper_id for call in asking.calls if call.error == Reason.PROVIDER_UNAVAILABLE]


@dataclass
class _Asking:
    """One run of the step: what it asks with, what came of it, and what stops it."""

    library: Library
    model: Model
    run: str
    listing_date: date
    language: str
    room: _Room
    again: bool
    calls: list[Call] = field(default_factory=list)
    stops: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.library.settings.concurrency)

    async def ask_in_turn(self, paper: ListedPaper) -> None:
        """Asks about a paper when it is its turn; an error of any kind ends the step, once all answers are in."""
        try:
            async with self._slots, _held(self.library, f"{paper.paper_id}-{self.language}"):
                await self._ask(paper)
        except Exception as error:  # the group would cancel the other calls, which are paid for
            self.stops.append(error)

    async def _ask(self, paper: ListedPaper) -> None:
        while not self.stops:  # answers under way are paid for; no new call starts
            # checking an answer takes a while: in a thread, so that other answers are stored meanwhile
            request = await asyncio.to_thread(next_request, self.library, paper, self.language, again=self.again)
            if request is None or not await self._call(request):
                return

    async def _call(self, request: SummaryRequest) -> bool:
        """Makes and records one attempt; whether it brought an answer."""
        call, outcome = None, Attempt(error=Reason.SPENDING_CAP, detail=_NO_ROOM)
        let_through = await self.room.take(request)
        asked_at, started = datetime.now(UTC), time.monotonic()
        try:
            if let_through:
                outcome = await self.model.attempt(request)
            call = _record(request, self.run, self.listing_date, asked_at, time.monotonic() - started, outcome)
            CallStore(self.library).record(call)
        finally:
            if let_through:
                await self.room.give_back(request, call, maybe_paid=outcome.maybe_paid)
        self.calls.append(call)
        if outcome.stop is not None:
            self.stops.append(TerminalError(outcome.stop))
        if call.answered:
            what = f"repaired {', '.join(call.parts)}" if call.repairs else "answered"
            logger.info("%s: %s in %.1f s", call.paper_id, what, call.latency_seconds)
        return call.answered


def _log_failures(calls: Sequence[Call]) -> None:
    """A line for each kind of failure with its papers; nothing is logged where the whole step fails and says why."""
    failed: dict[str, list[str]] = {}
    for call in calls:
        if not call.answered:
            failed.setdefault(f"{call.error} ({call.error_detail})", []).append(call.paper_id)
    for what, paper_ids in failed.items():
        logger.warning("%d calls: %s: %s", len(paper_ids), what, ", ".join(paper_ids))


def _record(
    request: SummaryRequest,
    run: str,
    listing_date: date,
    asked_at: datetime,
    latency_seconds: float,
    outcome: Attempt,
) -> Call:
    return Call(
        key=request.key,
        paper_id=request.paper_id,
        listing_date=listing_date,
        model=request.model,
        prompt_version=request.prompt_version,
        language=request.language,
        source_kind=request.source.kind,
        source_sha256=request.source.sha256,
        asked_at=asked_at,
        latency_seconds=round(latency_seconds, 3),
        request_id=outcome.request_id,
        response=outcome.response,
        error=outcome.error,
        error_detail=outcome.detail,
        repairs=request.repairs,
        repair_number=request.repair_number,
        parts=request.parts,
        run=run,
    )


class _Room:
    """Reserves budget for calls; when none is left, waits for calls in flight to release some."""

    def __init__(self, spending: RunSpending) -> None:
        self._spending = spending
        self._under_way = 0
        self._settled = asyncio.Condition()

    async def take(self, request: SummaryRequest) -> bool:
        """Sets aside what a request can cost, as soon as there is room; False where there will be none."""
        async with self._settled:
            while not self._spending.reserve(request):
                if not self._under_way:
                    return False
                await self._settled.wait()
            self._under_way += 1
            return True

    async def give_back(self, request: SummaryRequest, call: Call | None, *, maybe_paid: bool) -> None:
        """Books what a request did cost; all of what was set aside where nobody can tell."""
        tokens = call.tokens if call else Tokens(0, 0, 0)
        unknown = call is None or maybe_paid or (call.response is not None and not tokens.input)
        async with self._settled:
            self._spending.settle(request, tokens, unknown=unknown)
            self._under_way -= 1
            self._settled.notify_all()


@asynccontextmanager
async def _held(library: Library, name: str) -> AsyncIterator[None]:
    """A lock on one paper across all processes of this machine, so that its summary is paid for once."""
    lock = library.lock(name, released_by_any_thread=True)
    await asyncio.to_thread(lock.acquire)
    try:
        yield
    finally:
        lock.release()


def chunks(paper_ids: Sequence[str], size: int) -> list[list[str]]:
    """The ids in groups of `size`, in order; an empty list for none."""
    return [list(paper_ids[start : start + size]) for start in range(0, len(paper_ids), size)]


def still_unavailable(paper_ids: Sequence[str]) -> TransientError:
    """The error that makes Airflow try the task again for papers the provider left unanswered."""
    return TransientError(
        f"The model's provider did not answer for {len(paper_ids)} papers: {', '.join(paper_ids)}. "
        "The others are stored; a retry asks only for these."
    )
