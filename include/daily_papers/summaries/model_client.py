"""The model on the other side of the wire: how it is reached, and what one attempt to ask it brought."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from daily_papers.environment_file import with_place
from daily_papers.errors import TerminalError
from daily_papers.network.pace import Pace
from daily_papers.network.proxies import model_http_client, through
from daily_papers.outside_text import is_nested_too_deeply
from daily_papers.reasons import Reason
from daily_papers.rows.answers import gateway_error
from daily_papers.settings import Settings
from daily_papers.summaries.dialect import MOST_ADAPTATIONS, Dialect, DialectMemory, adapted, unwrapped
from daily_papers.summaries.provider_words import stopped_by_a_filter, words_of
from daily_papers.summaries.request import ModelRequest
from daily_papers.summaries.streamed_answer import collected

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

_OPENAI_API = "https://api.openai.com/v1"
_PASSING_REFUSALS = frozenset({408, 409, 425, 429})
"""Client errors that say nothing against the request; OpenAI answers 409 while it works on the same one."""
_NO_CREDIT = "insufficient_quota"
NO_COMPLETION = "200: no chat completion"
"""The detail of an attempt that brought something else than a completion, and not what a wrong address answers."""
KEY_VARIABLE, ADDRESS_VARIABLE, MODEL_VARIABLE = "OPENAI_API_KEY", "OPENAI_BASE_URL", "DAILY_PAPERS_MODEL"
VERIFIER_KEY, VERIFIER_ADDRESS = "DAILY_PAPERS_VERIFIER_API_KEY", "DAILY_PAPERS_VERIFIER_BASE_URL"
VERIFIER_MODEL = "DAILY_PAPERS_VERIFIER_MODEL"
_NOT_REACHED = ("ConnectError", "ConnectTimeout", "ProxyError")
"""Failures of the SDK's HTTP library, whichever that is, before the provider has the request."""


@dataclass(frozen=True)
class ModelAccess:
    """Where and with which key the model is reached (None: OpenAI's address, no key), and where both were set."""

    api_key: str | None
    base_url: str | None
    key_set_in: str = KEY_VARIABLE
    address_set_in: str = ADDRESS_VARIABLE
    model_set_in: str = MODEL_VARIABLE

    @classmethod
    def from_settings(cls, settings: Settings) -> ModelAccess:
        """Access from OPENAI_API_KEY and OPENAI_BASE_URL."""
        key = settings.openai_api_key
        places = (with_place(KEY_VARIABLE), with_place(ADDRESS_VARIABLE))
        return cls(key.get_secret_value() if key else None, settings.openai_base_url, *places)

    def for_verifier(self, settings: Settings) -> ModelAccess:
        """Access to the second reader: with an address or a key of its own (OpenAI's address where only a key is set),
        else this one. No key goes to an address that it was not set for."""
        key, address = settings.verifier_api_key, settings.verifier_base_url
        if key is None and address is None:
            return replace(self, model_set_in=VERIFIER_MODEL)
        places = (with_place(VERIFIER_KEY), with_place(VERIFIER_ADDRESS), VERIFIER_MODEL)
        return ModelAccess(key.get_secret_value() if key else None, address, *places)

    @property
    def problem(self) -> str | None:
        """Why no model can be asked; None where one can be tried."""
        if self.api_key is None and self.base_url is None:
            return f"No model to ask: set {self.key_set_in}, or {self.address_set_in} for a server of your own."
        if self.api_key and not (self.api_key.isascii() and self.api_key.isprintable()):
            return f"The API key contains invalid characters. Copy it to {self.key_set_in} again."
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
        from daily_papers.network.rate_limits import RateLimits

        whole = self.base_url or _OPENAI_API
        name = f"model-{hashlib.sha256(whole.encode()).hexdigest()[:16]}"
        limits = RateLimits(Pace(settings.lock_directory, name, 0), settings.concurrency)
        address, _, query = whole.partition("?")  # set but empty is taken literally by the SDK
        named = dict(parse_qsl(query))
        return AsyncOpenAI(
            api_key=self.api_key or "not-needed",
            base_url=address,
            default_query=named or None,
            default_headers={"api-key": self.api_key} if self.api_key and "api-version" in named else None,  # Azure
            timeout=settings.timeout_seconds,
            max_retries=settings.max_retries,
            http_client=model_http_client(whole, limits),
        )

    def advice_on(self, status: int) -> str | None:
        """What to do about a status with which no paper can be summarized; None for any other."""
        return {
            401: f"The key was not accepted. Set {self.key_set_in} to a valid one.",
            402: f"The account has no credit left. Top it up, or set {self.key_set_in} to another account's key.",
            404: f"Model or address not found. Check {with_place(self.model_set_in)} and {self.address_set_in}.",
        }.get(status)


@dataclass(frozen=True)
class Attempt:
    """What one attempt brought: an answer, or a reason and detail; `stop` where no other paper can do better.

    With a reason, `response` is what came in the place of an answer and may name tokens that were used.
    """

    response: dict[str, Any] | None = None
    request_id: str | None = None
    error: Reason | None = None
    detail: str | None = None
    stop: str | None = None
    maybe_paid: bool = False
    """The request reached the provider, and no answer came back: it may have worked all the same."""


class Model:
    """A model at an address, asked in the dialect that its provider takes."""

    def __init__(self, settings: Settings, access: ModelAccess, client: AsyncOpenAI) -> None:
        self._settings, self._access, self._client = settings, access, client
        self._memory = DialectMemory(settings, str(client.base_url))

    @property
    def set_in(self) -> str:
        """The setting that names the model."""
        return self._access.model_set_in

    @property
    def wrong_address(self) -> str:
        """What to say where nothing at the address is a chat completion."""
        return (
            f"{self._client.base_url} answered something that is not a chat completion. Set "
            f"{self._access.address_set_in} to an OpenAI-compatible address (it usually ends in /v1)."
        )

    async def attempt(self, request: ModelRequest) -> Attempt:
        """Asks once (the SDK tries again where that helps). What the other side does is an outcome and no exception.

        A request that is refused for a parameter is sent again at once without it, and what helped is remembered.
        """
        dialect, refusal = self._memory.current(), None
        for _ in range(MOST_ADAPTATIONS + 1):
            outcome, other = await self._send(request, dialect)
            if other is None or other == dialect or outcome.error is None:
                break
            refusal, dialect = refusal or outcome, other
        if outcome.error is None and refusal is not None:
            self._memory.remember(dialect)
        return refusal if refusal is not None and outcome.error is Reason.REQUEST_REJECTED else outcome

    async def _send(self, request: ModelRequest, dialect: Dialect) -> tuple[Attempt, Dialect | None]:
        """One request; and the dialect to try next, where it was refused for what could be left out."""
        from openai import APIConnectionError, APIError, APIStatusError

        from daily_papers.network.rate_limits import WENT_OUT

        # the SDK's timeout is per read and per try: an answer that trickles must end, too
        longest = self._settings.timeout_seconds * (self._settings.max_retries + 1)
        arguments = dialect.arguments(request.body)
        went_out: list[float] = []
        noting = WENT_OUT.set(went_out)
        try:
            async with asyncio.timeout(longest):
                if dialect.streamed:
                    return self._judged(await collected(self._client, arguments), None, dialect), None
                raw = await self._client.chat.completions.with_raw_response.create(**arguments)
        except APIStatusError as failure:
            said = failure.response.text
            sent = dialect.body(request.body)
            return self._rejection(failure, said), adapted(dialect, failure.status_code, words_of(said), sent)
        except (APIConnectionError, TimeoutError) as failure:
            address = str(self._client.base_url)
            detail = f"{type(failure).__name__} at {address}{through(address)}"
            reached = bool(went_out) and type(failure.__cause__).__name__ not in _NOT_REACHED
            return Attempt(error=Reason.PROVIDER_UNAVAILABLE, detail=detail, maybe_paid=reached), None
        except (APIError, ValueError) as failure:  # within a stream: an error in a piece's place, or no piece
            broken = {"error": getattr(failure, "body", None) or "a stream that broke off"}
            return replace(self._judged(broken, None, dialect), maybe_paid=True), None
        finally:
            WENT_OUT.reset(noting)
        return self._received(raw.http_response.content, raw.headers.get("x-request-id"), dialect), None

    def _received(self, body: bytes, request_id: str | None, dialect: Dialect) -> Attempt:
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            if body.lstrip().startswith(b"<"):  # a page for people: a login, a notice of a proxy, another service
                return Attempt(None, request_id, Reason.REQUEST_REJECTED, "200: a web page", self.wrong_address)
            return _no_completion(request_id)  # a garbled body says nothing of other papers
        return self._judged(value, request_id, dialect)

    def _judged(self, value: Any, request_id: str | None, dialect: Dialect) -> Attempt:
        """Only an answer of the model is an answer: a gateway that lost its model says so with 200, too."""
        is_answer = isinstance(value, dict) and (isinstance(value.get("choices"), list) or value.get("error"))
        if not is_answer or is_nested_too_deeply(value):
            return _no_completion(request_id)
        if lost := gateway_error(value):
            said = json.dumps(lost) if isinstance(lost, dict | list) else str(lost)
            if stopped_by_a_filter(400, said):
                return Attempt(_refused(value, self._words(said)), request_id)
            status = _status_in(lost)
            advice = self._access.advice_on(status)
            stop = f"The model's provider answered {status}: {self._words(said)}. {advice}" if advice else None
            return Attempt(value, request_id, _reason_of(status), f"200: {self._words(said)}", stop)
        return Attempt(unwrapped(value, dialect), request_id)

    def _rejection(self, failure: APIStatusError, said: str) -> Attempt:
        if stopped_by_a_filter(failure.status_code, said):
            return Attempt(_refused({}, self._words(said)), failure.request_id)
        status = 402 if failure.code == _NO_CREDIT or f'"{_NO_CREDIT}"' in said else failure.status_code
        words = self._words(said)
        advice = self._access.advice_on(status)
        stop = f"The model's provider answered {status}{f' ({words})' if words else ''}. {advice}" if advice else None
        return Attempt(None, failure.request_id, _reason_of(status), f"{status}: {words or 'it did not say why'}", stop)

    def _words(self, said: str) -> str:
        return words_of(said, self._client.api_key)


def _no_completion(request_id: str | None) -> Attempt:
    return Attempt(None, request_id, Reason.PROVIDER_UNAVAILABLE, NO_COMPLETION, maybe_paid=True)


def _reason_of(status: int) -> Reason:
    """Whether a refusal passes by itself (the provider's trouble) or stays (the request's)."""
    stays = 400 <= status < 500 and status not in _PASSING_REFUSALS
    return Reason.REQUEST_REJECTED if stays else Reason.PROVIDER_UNAVAILABLE


def _status_in(lost: Any) -> int:
    """The HTTP status that a gateway's error within a 200 names as its code; 200 where it names none."""
    code = str(lost.get("code")) if isinstance(lost, dict) else ""
    if code == _NO_CREDIT:
        return 402
    return int(code) if len(code) == 3 and code.isascii() and code.isdigit() else 200


def _refused(response: dict[str, Any], words: str) -> dict[str, Any]:
    """A filter's refusal as the completion that OpenAI sends for it: an answer, which is not asked for again."""
    message = {"role": "assistant", "content": None, "refusal": words or "stopped by a content filter"}
    usage = {"usage": response["usage"]} if "usage" in response else {}
    return {"choices": [{"index": 0, "finish_reason": "content_filter", "message": message}], **usage}
