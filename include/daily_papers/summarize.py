"""Step 3: ask the model about every paper that has no good answer yet; keep each answer the moment it arrives."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from daily_papers.assemble import is_good
from daily_papers.calls import Call, CallStore
from daily_papers.day_file import day_language
from daily_papers.day_listing import day_listing
from daily_papers.errors import TerminalError, TransientError
from daily_papers.lake import Lake
from daily_papers.listing import ListedPaper
from daily_papers.prompt import SummaryRequest, build_request
from daily_papers.read import source_of
from daily_papers.reasons import Reason
from daily_papers.redaction import redacted
from daily_papers.settings import Settings

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

logger = logging.getLogger(__name__)

_RUN_STOPPING_STATUSES = {
    401: "The key was not accepted. Set OPENAI_API_KEY (or the Airflow connection openai_default).",
    402: "The account has no credit left. Top it up, or set another OPENAI_API_KEY.",
    404: "Nothing of that name is there. Check DAILY_PAPERS_MODEL and OPENAI_BASE_URL.",
}
_OPENAI_API = "https://api.openai.com/v1"
_PASSING_STATUSES = (408, 409, 429)


@dataclass(frozen=True)
class ModelAccess:
    """Where and with which key the model is reached. None: OpenAI's address, no key."""

    api_key: str | None
    base_url: str | None

    @classmethod
    def from_settings(cls, settings: Settings) -> ModelAccess:
        """Access from OPENAI_API_KEY and OPENAI_BASE_URL."""
        key = settings.openai_api_key
        return cls(key.get_secret_value() if key else None, settings.openai_base_url)

    def client(self, settings: Settings) -> AsyncOpenAI:
        """An SDK client, the one owner of transport retries.

        Raises:
            TerminalError: neither a key nor an address of one's own is set.
        """
        from openai import AsyncOpenAI

        if self.api_key is None and self.base_url is None:
            raise TerminalError("No model to ask: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.")
        return AsyncOpenAI(
            api_key=self.api_key or "not-needed",
            base_url=self.base_url or _OPENAI_API,  # the SDK takes a set but empty OPENAI_BASE_URL literally
            timeout=settings.timeout_seconds,
            max_retries=settings.max_retries,
        )


def papers_to_ask(lake: Lake, settings: Settings, listing_date: date) -> list[str]:
    """Ids of the listed papers of a date that need a call, in listing order.

    A paper with an answer that passes the checks is never asked again, and neither is a question that
    was answered already, however badly: that answer is quarantined.
    """
    language = day_language(lake, listing_date, settings.language)
    listed = [row.paper for row in day_listing(lake, listing_date).papers if row.listed]
    requests = [_request(paper, settings, language) for paper in listed]
    return [request.paper_id for request in requests if not _is_settled(lake, request)]


def _request(paper: ListedPaper, settings: Settings, language: str) -> SummaryRequest:
    return build_request(paper, source_of(paper), model=settings.model, language=language)


def _is_settled(lake: Lake, request: SummaryRequest) -> bool:
    """Whether nobody needs to be asked: the paper has a good answer, or this very question has one of any kind."""
    store = CallStore(lake)
    if store.answer(request) is not None:
        return True
    return any(is_good(lake, call) for call in store.calls(request.paper_id) if call.language == request.language)


async def summarize(
    lake: Lake, settings: Settings, access: ModelAccess, listing_date: date, paper_ids: Sequence[str]
) -> list[str]:
    """Asks about the named papers of a date, a bounded number at once, and stores every answer on arrival.

    Returns:
        Ids of papers whose provider did not answer after the SDK's retries; each attempt is recorded.

    Raises:
        TerminalError: no paper can be summarized with these settings (key, credit, model, address), or the
            provider rejected every single request. What was under way when that showed is awaited and stored.
    """
    papers = {row.paper.paper_id: row.paper for row in day_listing(lake, listing_date).papers}
    language = day_language(lake, listing_date, settings.language)
    slots = asyncio.Semaphore(settings.concurrency)
    calls: list[Call] = []
    stops: list[str] = []

    async def ask(client: AsyncOpenAI, paper_id: str) -> None:
        request = _request(papers[paper_id], settings, language)
        async with slots, _held(settings, f"{paper_id}-{language}"):
            if stops or _is_settled(lake, request):  # answers under way are paid for; no new call starts
                return
            call, stop = await _call(settings, client, listing_date, request)
            CallStore(lake).record(call)
        calls.append(call)
        if stop is not None:
            stops.append(stop)
        outcome = (
            f"answered in {call.latency_seconds:.1f} s" if call.answered else f"{call.error} ({call.error_detail})"
        )
        logger.log(logging.INFO if call.answered else logging.WARNING, "%s: %s", paper_id, outcome)

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


@dataclass(frozen=True)
class _Outcome:
    """What one attempt brought: an answer, or a reason and detail; `stop` where no other paper can do better."""

    response: dict[str, Any] | None = None
    request_id: str | None = None
    error: Reason | None = None
    detail: str | None = None
    stop: str | None = None


async def _call(
    settings: Settings, client: AsyncOpenAI, listing_date: date, request: SummaryRequest
) -> tuple[Call, str | None]:
    """One attempt as a record, and the message to stop the run with where no request can succeed."""
    asked_at, started = datetime.now(UTC), time.monotonic()
    outcome = await _attempt(settings, client, request)
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
    )
    return call, outcome.stop


async def _attempt(settings: Settings, client: AsyncOpenAI, request: SummaryRequest) -> _Outcome:
    from openai import APIConnectionError, APIStatusError

    # the SDK's timeout is per read and per try: an answer that trickles must end, too
    longest = settings.timeout_seconds * (settings.max_retries + 1)
    try:
        async with asyncio.timeout(longest):
            raw = await client.chat.completions.with_raw_response.create(**request.body)
    except APIStatusError as failure:
        return _rejection(failure, client.api_key)
    except (APIConnectionError, TimeoutError) as failure:
        detail = f"{type(failure).__name__} at {client.base_url}"
        return _Outcome(error=Reason.PROVIDER_UNAVAILABLE, detail=detail)
    return _received(raw.http_response.content, raw.headers.get("x-request-id"), str(client.base_url))


def _received(body: bytes, request_id: str | None, address: str) -> _Outcome:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        stop = (
            f"{address} answered something that is no chat completion. Set OPENAI_BASE_URL to an "
            "OpenAI-compatible address (it usually ends in /v1)."
        )
        return _Outcome(None, request_id, Reason.REQUEST_REJECTED, "200: no JSON", stop)
    if not isinstance(value, dict) or not isinstance(value.get("choices"), list):
        return _Outcome(None, request_id, Reason.PROVIDER_UNAVAILABLE, "200: JSON, but no chat completion")
    return _Outcome(value, request_id)


def _rejection(failure: APIStatusError, key: str) -> _Outcome:
    status = 402 if failure.code == "insufficient_quota" else failure.status_code
    body = failure.body if isinstance(failure.body, dict) else {}
    detail = f"{status}: {redacted(str(body.get('message', '')), key)}"
    passing = status in _PASSING_STATUSES or status >= 500
    error = Reason.PROVIDER_UNAVAILABLE if passing else Reason.REQUEST_REJECTED
    advice = _RUN_STOPPING_STATUSES.get(status)
    stop = f"The model's provider answered {status}. {advice}" if advice else None
    return _Outcome(None, failure.request_id, error, detail, stop)


def chunks(paper_ids: Sequence[str], size: int) -> list[list[str]]:
    """The ids in groups of `size`, in order; an empty list for none."""
    return [list(paper_ids[start : start + size]) for start in range(0, len(paper_ids), size)]


def still_unavailable(paper_ids: Sequence[str]) -> TransientError:
    """The error that makes Airflow try the task again for papers the provider left unanswered."""
    return TransientError(
        f"The model's provider did not answer for {len(paper_ids)} papers: {', '.join(paper_ids)}. "
        "The others are stored; a retry asks only for these."
    )
