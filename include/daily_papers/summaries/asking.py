"""Asking models about papers: a bounded number of calls at once, each kept the moment it is answered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from daily_papers.environment_file import with_place
from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library
from daily_papers.reasons import Reason
from daily_papers.summaries.call_slots import CallSlots, held_if_free
from daily_papers.summaries.call_store import Call, CallStore, Tokens
from daily_papers.summaries.model_client import NO_COMPLETION, Attempt, Model
from daily_papers.summaries.request import ModelRequest
from daily_papers.summaries.spending import RunSpending

logger = logging.getLogger(__name__)

_NO_ROOM = "the limit of this run leaves no room for the call"
_LOOK_AGAIN_SECONDS = 0.1
NextRequest = Callable[[str], ModelRequest | None]
"""What to ask about the paper with an id next; None where nobody needs to be asked."""


@dataclass
class Asking:
    """One run of a step: what it asks, whom, what came of it, and what stops it.

    `second_reader` gets the requests that verify a summary, `writer` all others. `run` names the run whose limits of
    cost and tokens hold.

    Raises:
        TerminalError: there is a limit of cost, and no price for a model.
    """

    library: Library
    listing_date: date
    language: str
    run: str
    next_request: NextRequest
    writer: Model
    second_reader: Model | None = None
    calls: list[Call] = field(default_factory=list)
    stops: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._room = _Room(RunSpending(self.library, self.run))
        self._slots = CallSlots(self.library)
        self._turns = asyncio.Semaphore(self.library.settings.concurrency)

    async def ask_about(self, paper_ids: Iterable[str]) -> list[str]:
        """Asks about all papers, as often as each needs, and stores every answer on arrival.

        Returns:
            Ids of papers whose provider did not answer after the SDK's retries; each attempt is recorded.

        Raises:
            TerminalError: no paper can be asked about with these settings (key, credit, model, address), or the
                provider rejected every single request, or sent no completion for any. What was under way when that
                showed is awaited and stored.
        """
        async with asyncio.TaskGroup() as group:
            for paper_id in paper_ids:
                group.create_task(self._ask_in_turn(paper_id))
        if self.stops:
            raise self.stops[0]
        if len(self.calls) > 1 and all(call.error_detail == NO_COMPLETION for call in self.calls):
            raise TerminalError(self._asked(self.calls[0]).wrong_address)
        if len(self.calls) > 1 and all(call.error == Reason.REQUEST_REJECTED for call in self.calls):
            rejected = f"The model's provider rejected every request: {self.calls[0].error_detail}."
            check = f"Check {with_place(self._asked(self.calls[0]).set_in)}"
            if self.calls[0].verifies is not None:
                raise TerminalError(f"{rejected} {check}.")
            raise TerminalError(
                f"{rejected} {check}; for servers that take other parameters, see DAILY_PAPERS_JSON_MODE, "
                "DAILY_PAPERS_REQUEST_WITHOUT and DAILY_PAPERS_REQUEST_EXTRA (docs/summaries.md)."
            )
        _log_failures(self.calls)
        return list(dict.fromkeys(call.paper_id for call in self.calls if call.error == Reason.PROVIDER_UNAVAILABLE))

    def _asked(self, asked: ModelRequest | Call) -> Model:
        """Who is asked, or was."""
        return self.second_reader if asked.verifies is not None and self.second_reader is not None else self.writer

    async def _ask_in_turn(self, paper_id: str) -> None:
        """Asks about a paper when it is its turn; an error of any kind ends the step, once all answers are in."""
        try:
            # in the order of the list: where a limit of cost cuts it off, it is the last that wait
            async with self._turns, _held(self.library, f"{paper_id}-{self.language}"):
                await self._ask(paper_id)
        except Exception as error:  # the group would cancel the other calls, which are paid for
            self.stops.append(error)

    async def _ask(self, paper_id: str) -> None:
        while not self.stops:  # answers under way are paid for; no new call starts
            # checking an answer takes a while: in a thread, so that other answers are stored meanwhile
            request = await asyncio.to_thread(self.next_request, paper_id)
            if request is None or not await self._call(request):
                return

    async def _call(self, request: ModelRequest) -> bool:
        """Makes and records one attempt; whether it brought an answer."""
        async with self._slots.one():
            return not self.stops and await self._call_in_a_slot(request)

    async def _call_in_a_slot(self, request: ModelRequest) -> bool:
        call, outcome = None, Attempt(error=Reason.SPENDING_CAP, detail=_NO_ROOM)
        let_through = await self._room.take(request)
        asked_at, started = datetime.now(UTC), time.monotonic()
        try:
            if let_through:
                outcome = await self._asked(request).attempt(request)
            call = _record(request, self.run, self.listing_date, asked_at, time.monotonic() - started, outcome)
            CallStore(self.library).record(call)
        finally:
            if let_through:
                await self._room.give_back(request, call, maybe_paid=outcome.maybe_paid)
        self.calls.append(call)
        if outcome.stop is not None:
            self.stops.append(TerminalError(outcome.stop))
        if call.answered:
            logger.info("%s: %s in %.1f s", call.paper_id, _what(call), call.latency_seconds)
        return call.answered


def _what(call: Call) -> str:
    if call.verifies is not None:
        return "judged by the second reader"
    return f"repaired {', '.join(call.parts)}" if call.repairs else "answered"


def _log_failures(calls: Sequence[Call]) -> None:
    """A line for each kind of failure with its papers; nothing is logged where the whole step fails and says why."""
    failed: dict[str, list[str]] = {}
    for call in calls:
        if not call.answered:
            failed.setdefault(f"{call.error} ({call.error_detail})", []).append(call.paper_id)
    for what, paper_ids in failed.items():
        logger.warning("%d calls: %s: %s", len(paper_ids), what, ", ".join(paper_ids))


def _record(
    request: ModelRequest,
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
        verifies=request.verifies,
        statements=request.statements,
    )


class _Room:
    """Reserves budget for calls; when none is left, waits for calls in flight to release some."""

    def __init__(self, spending: RunSpending) -> None:
        self._spending = spending
        self._under_way = 0
        self._settled = asyncio.Condition()

    async def take(self, request: ModelRequest) -> bool:
        """Sets aside what a request can cost, as soon as there is room; False where there will be none."""
        async with self._settled:
            while not self._spending.reserve(request):
                if not self._under_way:
                    return False
                await self._settled.wait()
            self._under_way += 1
            return True

    async def give_back(self, request: ModelRequest, call: Call | None, *, maybe_paid: bool) -> None:
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
    # no thread waits for it: those of the pool check answers, and one paper must not keep them from the others
    while (lock := held_if_free(library, name)) is None:  # noqa: ASYNC110  # other processes hold it, too
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    try:
        yield
    finally:
        lock.release()
