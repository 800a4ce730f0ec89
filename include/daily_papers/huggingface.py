"""Client of the Hugging Face Daily Papers listing (`GET /api/daily_papers`)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from daily_papers import __version__
from daily_papers.errors import ContractError, TerminalError, TransientError
from daily_papers.settings import Settings

PAGE_SIZE = 100
MAXIMUM_PAGES = 100
KEPT_HEADERS = ("content-type", "date", "etag", "link", "ratelimit", "x-request-id")
_RETRIED_STATUSES = (429, 500, 502, 503, 504)
_RATE_LIMIT_RESET = re.compile(r";\s*t=(\d+)")


@dataclass(frozen=True)
class Page:
    """One page of a listing as served."""

    url: str
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def items(self) -> list[Any]:
        """The page's JSON list.

        Raises:
            ContractError: the body is not a JSON list.
        """
        return decode_items(self.body, self.url, self.headers.get("content-type", ""))


def decode_items(body: bytes, url: str, content_type: str = "") -> list[Any]:
    """The list in a page's body; ContractError where it is HTML, no JSON, or JSON of another shape."""
    try:
        items = json.loads(body)
    except ValueError:
        looks_like = "HTML" if body.lstrip()[:1] == b"<" else f"no JSON ({content_type or 'no content type'})"
        raise ContractError(
            f"{url} answered {looks_like}, not a JSON list. Check HF_ENDPOINT: it must be the bare address "
            "of a Hugging Face hub (no login page, no proxy notice in between)."
        ) from None
    if not isinstance(items, list):
        raise ContractError(f"{url} answered a JSON {type(items).__name__}, not a list of papers.")
    return items


class _PoliteRetry(Retry):
    """urllib3's retry that also honours `RateLimit: "api";r=0;t=55` (RFC 9651 form), as Hugging Face sends it."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        announced = super().get_retry_after(response)
        if announced is None and response.status == 429:
            reset = _RATE_LIMIT_RESET.search(response.headers.get("RateLimit", ""))
            return float(reset.group(1)) if reset else None
        return announced


class HuggingFaceClient:
    """Reads listings. Retries transient failures by urllib3; every other failure is a typed error."""

    def __init__(
        self,
        settings: Settings,
        *,
        retries: int = 4,
        backoff_seconds: float = 0.5,
        timeout_seconds: float = 30,
    ) -> None:
        self._endpoint = settings.hf_endpoint
        self._timeout = timeout_seconds
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"daily-papers/{__version__}"
        self._session.headers["Accept"] = "application/json"
        if settings.hf_token is not None:
            self._session.headers["Authorization"] = f"Bearer {settings.hf_token.get_secret_value()}"
        retry = _PoliteRetry(
            total=retries,
            backoff_factor=backoff_seconds,
            backoff_jitter=backoff_seconds,
            status_forcelist=_RETRIED_STATUSES,
            allowed_methods=("GET",),
            raise_on_status=False,
        )
        self._session.mount("http://", HTTPAdapter(max_retries=retry))
        self._session.mount("https://", HTTPAdapter(max_retries=retry))

    def __enter__(self) -> HuggingFaceClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def listing_pages(self, listing_date: date) -> Iterator[Page]:
        """Pages of a date in order, the closing empty one included.

        A page that is not full still announces a next one, so only an empty page ends a listing.

        Raises:
            TransientError: unreachable, timeout, 429 or 5xx after all retries.
            ContractError: HTML, no JSON, JSON of another shape, endless or foreign `Link`.
            TerminalError: any other status (400, 404 …).
        """
        url: str | None = f"{self._endpoint}/api/daily_papers?date={listing_date}&limit={PAGE_SIZE}&p=0"
        for _ in range(MAXIMUM_PAGES):
            if url is None:
                return
            page, following = self._get(url)
            yield page
            if not page.items:
                return
            url = following
        raise ContractError(f"The listing of {listing_date} did not end after {MAXIMUM_PAGES} pages.")

    def _get(self, url: str) -> tuple[Page, str | None]:
        try:
            response = self._session.get(url, timeout=self._timeout, allow_redirects=False)
        except requests.RequestException as error:
            raise TransientError(
                f"No answer from {self._endpoint} ({type(error).__name__}). Check the network and HF_ENDPOINT, "
                "then run the date again."
            ) from None
        if response.status_code in _RETRIED_STATUSES:
            raise TransientError(
                f"{url} answered {response.status_code} after all retries. Run the date again later"
                + (", or set HF_TOKEN for a higher rate limit." if response.status_code == 429 else "."),
                retry_after_seconds=_PoliteRetry().get_retry_after(response.raw),
            )
        if response.status_code != 200:
            raise TerminalError(
                f"{url} answered {response.status_code}: {response.text[:200]!r}. Check the date and HF_ENDPOINT."
            )
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        return Page(url, response.status_code, response.content, headers), self._next_url(url, response)

    def _next_url(self, url: str, response: requests.Response) -> str | None:
        link = response.links.get("next", {}).get("url")
        if link is None:
            return None
        following = urljoin(url, link)
        if urlsplit(following).netloc != urlsplit(self._endpoint).netloc:
            raise ContractError(f"{url} announces its next page on another host: {following!r}.")
        return following
