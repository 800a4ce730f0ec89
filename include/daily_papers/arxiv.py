"""Client of arXiv's documents: a paper as HTML (made by LaTeXML) or as PDF."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from daily_papers.errors import TransientError
from daily_papers.fulltext.passages import named_version
from daily_papers.lake import checked_paper_id
from daily_papers.pace import Pace
from daily_papers.polite_http import PASSING_STATUSES, USER_AGENT, announced_wait
from daily_papers.settings import Settings

LARGEST_DOCUMENT = 60_000_000
"""Bytes; what is larger is not read to its end."""
MOST_REDIRECTS = 3
_TIMEOUT_SECONDS = 60


class DocumentKind(StrEnum):
    """Forms in which arXiv has a paper; also the last part of a kept document's name."""

    HTML = "html"
    PDF = "pdf"


@dataclass(frozen=True)
class Document:
    """A document as served. `version` is the paper's version as far as address or headers name it."""

    kind: DocumentKind
    url: str
    fetched_at: datetime
    version: int | None
    body: bytes

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class NoDocument:
    """arXiv's answer where it has no such document, or none that can be used."""

    kind: DocumentKind
    url: str
    problem: str


class ArxivRefusedError(TransientError):
    """arXiv asks to be left alone (403, 429): going on at once would count as an attack."""


class ArxivClient:
    """Asks for documents, one at a time and at arXiv's pace. It does not try again: Airflow does, later."""

    def __init__(self, settings: Settings) -> None:
        self._endpoint = settings.arxiv_endpoint
        self._pace = Pace(settings.lock_directory, "arxiv", settings.arxiv_interval_seconds)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"{USER_AGENT} ({settings.contact})" if settings.contact else USER_AGENT
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def __enter__(self) -> ArxivClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def address(self, paper_id: str, kind: DocumentKind) -> str:
        """Where the newest version of a paper is in one form."""
        return f"{self._endpoint}/{kind}/{checked_paper_id(paper_id)}"

    def document(self, paper_id: str, kind: DocumentKind) -> Document | NoDocument:
        """The newest version of a paper in one form.

        Raises:
            ArxivRefusedError: 403 or 429.
            TransientError: no answer, a cut one, 408 or 5xx.
        """
        url = self.address(paper_id, kind)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._get(kind, url)
            if isinstance(answer, Document | NoDocument):
                return answer
            if urlsplit(answer).netloc != urlsplit(self._endpoint).netloc:
                return NoDocument(kind, url, "redirects to another host")
            url = answer
        return NoDocument(kind, url, f"more than {MOST_REDIRECTS} redirects")

    def _get(self, kind: DocumentKind, url: str) -> Document | NoDocument | str:
        """One request; an address where the answer is a redirect."""
        try:
            with (
                self._pace.turn(),
                self._session.get(url, timeout=_TIMEOUT_SECONDS, allow_redirects=False, stream=True) as response,
            ):
                body = _body(response)  # also of what is no document: the connection is used again
                if response.is_redirect:
                    return urljoin(url, response.headers["Location"])
        except (requests.RequestException, ValueError) as error:
            raise TransientError(f"No answer from {url} ({type(error).__name__}).") from None
        status = response.status_code
        if status in (requests.codes.forbidden, requests.codes.too_many_requests):
            raise ArxivRefusedError(f"{url} answered {status}.", retry_after_seconds=announced_wait(response))
        if status in PASSING_STATUSES:
            raise TransientError(f"{url} answered {status}.", retry_after_seconds=announced_wait(response))
        if status != requests.codes.ok:
            return NoDocument(kind, url, f"answered {status}")
        if body is None:
            return NoDocument(kind, url, f"is larger than {LARGEST_DOCUMENT // 1_000_000} MB")
        return Document(kind, url, datetime.now(UTC), _version(url, response), body)


def _body(response: requests.Response) -> bytes | None:
    """The body of an answer; None where it is too large."""
    pieces, size = [], 0
    for piece in response.iter_content(1 << 16):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_DOCUMENT:
            return None
    return b"".join(pieces)


def _version(url: str, response: requests.Response) -> int | None:
    """The version in an address that was redirected to, in the file name of a PDF, or in the canonical link."""
    named = (url, response.headers.get("Content-Disposition", ""), response.headers.get("Link", ""))
    return next(filter(None, map(named_version, named)), None)
