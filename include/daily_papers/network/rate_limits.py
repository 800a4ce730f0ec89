"""Staying within a provider's rate limits: requests wait while it takes no more, then go out a few at first.

What a provider says is heard in every answer: 429 and 503 with `Retry-After`, and OpenAI's `x-ratelimit-remaining-*`
and `x-ratelimit-reset-*` (https://platform.openai.com/docs/guides/rate-limits). How many go out at once follows TCP:
half as many after a refusal, one more for each round that went well (additive increase, multiplicative decrease).
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from httpx2 import AsyncBaseTransport, Request, Response

from daily_papers.network.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 60.0
"""The SDK does not wait longer either: a provider that wants more is unavailable."""
_UNTOLD_PAUSE_SECONDS = 0.5
_SPREAD_SECONDS = 0.2
"""Those who waited start within this time, not in one moment."""
_LOOK_AGAIN_SECONDS = 1.0
"""So often somebody who waits looks whether another process has heard a longer pause."""
_REFUSALS = frozenset({429, 503})
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS_IN = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


class RateLimits:
    """What one provider allows now. `pace` carries a pause to the other processes of this machine."""

    def __init__(self, pace: Pace, most_at_once: int) -> None:
        self._pace, self._most = pace, most_at_once
        self._allowed = float(most_at_once)
        self._under_way = 0
        self._changed_at = 0.0
        self._changed = asyncio.Event()

    async def open(self) -> None:
        """Waits until a request may go out."""
        while True:
            if pause := self._pace.seconds_closed():
                await asyncio.sleep(min(pause, _LOOK_AGAIN_SECONDS) + random.uniform(0, _SPREAD_SECONDS))  # noqa: S311
            elif self._under_way < int(self._allowed):
                return
            else:
                self._changed.clear()
                await self._changed.wait()

    async def turn(self) -> float:
        """Waits until a request may go out, and counts it; returns when that was."""
        await self.open()
        self._under_way += 1
        return time.monotonic()

    def end(self, began: float, status: int | None, headers: Mapping[str, str]) -> None:
        """Hears what came back for a request that went out at a time; None: nothing did."""
        under_way = self._under_way
        self._under_way -= 1
        self._changed.set()
        if status in _REFUSALS and (status == 429 or "retry-after" in headers):
            self._close_for(_pause(headers) or _UNTOLD_PAUSE_SECONDS)
            if began >= self._changed_at:  # those that went out before the last cut say nothing new
                self._allowed = max(1.0, under_way / 2)
                self._changed_at = time.monotonic()
        elif status is not None and status < 400:
            self._allowed = min(self._most, self._allowed + 1 / self._allowed)
            if pause := _until_there_is_more(headers):
                self._close_for(pause)

    def _close_for(self, seconds: float) -> None:
        try:
            self._pace.close_for(seconds)
        except OSError as error:  # the others hear it themselves, when they ask
            logger.warning("Could not tell other processes to wait for %.1f s: %s", seconds, error)


WENT_OUT: ContextVar[list[float] | None] = ContextVar("WENT_OUT", default=None)
"""Where the times are noted at which requests of this call went out; a call that timed out may never have been sent."""


class LimitedTransport(AsyncBaseTransport):
    """A transport whose requests keep to a provider's limits, those included that the SDK sends again."""

    def __init__(self, transport: AsyncBaseTransport, limits: RateLimits) -> None:
        self._transport, self._limits = transport, limits

    async def handle_async_request(self, request: Request) -> Response:
        """Sends a request when it may go out."""
        began = await self._limits.turn()
        if (times := WENT_OUT.get()) is not None:
            times.append(began)
        status: int | None = None
        headers: Mapping[str, str] = {}
        try:
            response = await self._transport.handle_async_request(request)
            status, headers = response.status_code, response.headers
            return response
        finally:
            self._limits.end(began, status, headers)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._transport.aclose()


def _pause(headers: Mapping[str, str]) -> float:
    """Seconds that a refusal asks for; 0 where it names none."""
    for name, factor in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return min(max(float(headers[name]) * factor, 0.0), LONGEST_PAUSE_SECONDS)
        except (KeyError, ValueError):
            continue
    with suppress(TypeError, ValueError):  # a date of HTTP
        until = parsedate_to_datetime(headers.get("retry-after", ""))
        return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_PAUSE_SECONDS)
    return _until_there_is_more(headers)


def _until_there_is_more(headers: Mapping[str, str]) -> float:
    """Seconds until there is something left again; 0 where something is, or nothing is said."""
    return max((_reset(headers, what) for what in ("requests", "tokens") if _is_used_up(headers, what)), default=0.0)


def _is_used_up(headers: Mapping[str, str], what: str) -> bool:
    return headers.get(f"x-ratelimit-remaining-{what}") == "0"


def _reset(headers: Mapping[str, str], what: str) -> float:
    """A duration as OpenAI writes it (`1m30s`, `120ms`), in seconds."""
    parts = _DURATION.findall(headers.get(f"x-ratelimit-reset-{what}", ""))
    return min(sum(float(number) * _SECONDS_IN[unit] for number, unit in parts), LONGEST_PAUSE_SECONDS)
