"""The model on the other side of the wire: how it is reached, and what one attempt to ask it brought."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from daily_papers.errors import TerminalError
from daily_papers.prompt import SummaryRequest
from daily_papers.proxies import model_http_client, through
from daily_papers.reasons import Reason
from daily_papers.redaction import redacted
from daily_papers.settings import Settings

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

_RUN_STOPPING_STATUSES = {
    401: "The key was not accepted. Set OPENAI_API_KEY (or the Airflow connection openai_default).",
    402: "The account has no credit left. Top it up, or set another OPENAI_API_KEY.",
    404: "Nothing of that name is there. Check DAILY_PAPERS_MODEL and OPENAI_BASE_URL.",
}
_OPENAI_API = "https://api.openai.com/v1"
_PASSING_STATUSES = (408, 409, 429)
_NOT_REACHED = ("ConnectError", "ConnectTimeout", "ProxyError")
"""Failures of the SDK's HTTP library, whichever that is, before the provider has the request."""


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

    @property
    def problem(self) -> str | None:
        """Why no model can be asked; None where one can be tried."""
        if self.api_key is None and self.base_url is None:
            return "No model to ask: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own."
        if self.api_key and not (self.api_key.isascii() and self.api_key.isprintable()):
            return "The model's key holds characters that no key has. Copy it again to OPENAI_API_KEY."
        return None

    def client(self, settings: Settings) -> AsyncOpenAI:
        """An SDK client, the one owner of transport retries.

        Raises:
            TerminalError: neither a key nor an address of one's own is set, the key cannot be one, or the proxy cannot
                be used.
        """
        from openai import AsyncOpenAI

        if self.problem:
            raise TerminalError(self.problem)
        return AsyncOpenAI(
            api_key=self.api_key or "not-needed",
            base_url=self.base_url or _OPENAI_API,  # the SDK takes a set but empty OPENAI_BASE_URL literally
            timeout=settings.timeout_seconds,
            max_retries=settings.max_retries,
            http_client=model_http_client(self.base_url or _OPENAI_API),
        )


@dataclass(frozen=True)
class Outcome:
    """What one attempt brought: an answer, or a reason and detail; `stop` where no other paper can do better."""

    response: dict[str, Any] | None = None
    request_id: str | None = None
    error: Reason | None = None
    detail: str | None = None
    stop: str | None = None
    maybe_paid: bool = False
    """The request reached the provider, and no answer came back: it may have worked all the same."""


async def attempt(settings: Settings, client: AsyncOpenAI, request: SummaryRequest) -> Outcome:
    """Asks once (the SDK tries again where that helps). What the other side does is an outcome and no exception."""
    from openai import APIConnectionError, APIStatusError

    # the SDK's timeout is per read and per try: an answer that trickles must end, too
    longest = settings.timeout_seconds * (settings.max_retries + 1)
    try:
        async with asyncio.timeout(longest):
            raw = await client.chat.completions.with_raw_response.create(**request.body)
    except APIStatusError as failure:
        return _rejection(failure, client.api_key)
    except (APIConnectionError, TimeoutError) as failure:
        detail = f"{type(failure).__name__} at {client.base_url}{through(str(client.base_url))}"
        reached = type(failure.__cause__).__name__ not in _NOT_REACHED
        return Outcome(error=Reason.PROVIDER_UNAVAILABLE, detail=detail, maybe_paid=reached)
    return _received(raw.http_response.content, raw.headers.get("x-request-id"), str(client.base_url))


def _received(body: bytes, request_id: str | None, address: str) -> Outcome:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        stop = (
            f"{address} answered something that is no chat completion. Set OPENAI_BASE_URL to an "
            "OpenAI-compatible address (it usually ends in /v1)."
        )
        return Outcome(None, request_id, Reason.REQUEST_REJECTED, "200: no JSON", stop)
    if not isinstance(value, dict) or not isinstance(value.get("choices"), list):
        return Outcome(None, request_id, Reason.PROVIDER_UNAVAILABLE, "200: JSON, but no chat completion")
    return Outcome(value, request_id)


def _rejection(failure: APIStatusError, key: str) -> Outcome:
    status = 402 if failure.code == "insufficient_quota" else failure.status_code
    body = failure.body if isinstance(failure.body, dict) else {}
    detail = f"{status}: {redacted(str(body.get('message', '')), key)}"
    passing = status in _PASSING_STATUSES or status >= 500
    error = Reason.PROVIDER_UNAVAILABLE if passing else Reason.REQUEST_REJECTED
    advice = _RUN_STOPPING_STATUSES.get(status)
    stop = f"The model's provider answered {status}. {advice}" if advice else None
    return Outcome(None, failure.request_id, error, detail, stop)
