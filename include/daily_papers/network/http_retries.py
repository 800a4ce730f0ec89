"""Which failures of HTTP pass, how long the other side asks to wait, and who our clients say they are.

`PoliteRetry` tries again within a request to Hugging Face. arXiv's client never does, and takes 429 as a refusal
(`texts/arxiv_client.py`); the model's client leaves it to the SDK (`summaries/model_client.py`). What they give up on
is left to Airflow (`orchestration/retry_policy.py`).
"""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self

import requests
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader, MaxRetryError, ResponseError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from daily_papers import __version__

USER_AGENT = f"daily-papers/{__version__}"
PASSING_STATUSES = frozenset({408, 425, 429, *range(500, 600)})
LONGEST_WAIT_SECONDS = 60
"""A longer wait that the other side asks for is left to Airflow, which holds no worker meanwhile."""

_RATE_LIMIT_RESET = re.compile(r";\s*t=(\d{1,9})\b")


class PoliteRetry(Retry):
    """urllib3's retry that also honours `RateLimit: "api";r=0;t=55` (RFC 9651 form), as Hugging Face sends it.

    Where the hub asks for a longer wait than `LONGEST_WAIT_SECONDS`, its answer is handed on instead of slept upon.
    """

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds that an answer asks to wait; None where it does not say."""
        try:
            announced = super().get_retry_after(response)
        except InvalidHeader:
            announced = None
        if announced is None and response.status == 429:
            reset = _RATE_LIMIT_RESET.search(response.headers.get("RateLimit", ""))
            return min(float(reset.group(1)), self.retry_after_max) if reset else None
        return announced

    def increment(  # the signature is urllib3's
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """The retry after one more failure; MaxRetryError where the wait would be too long."""
        if _pool and response is not None and (self.get_retry_after(response) or 0) > LONGEST_WAIT_SECONDS:
            raise MaxRetryError(_pool, url or "", ResponseError("asked to wait longer than a worker should"))
        return super().increment(method, url, response, error, _pool, _stacktrace)


def announced_wait(response: requests.Response) -> float | None:
    """Seconds that an answer asks to wait; None where it does not say."""
    return PoliteRetry().get_retry_after(response.raw)
