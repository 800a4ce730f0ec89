"""Client of arXiv's documents: a paper as HTML (made by LaTeXML) or as PDF."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter

from daily_papers.environment_file import with_place
from daily_papers.errors import TerminalError, TransientError
from daily_papers.lake.layout import checked_paper_id
from daily_papers.network.http_retries import PASSING_STATUSES, USER_AGENT, announced_wait
from daily_papers.network.pace import Pace
from daily_papers.network.proxies import to_check
from daily_papers.settings import Settings
from daily_papers.texts.document import Document, DocumentKind, NoDocument
from daily_papers.texts.fulltext.passages import named_version
from daily_papers.texts.pages_instead import PageInstead, page_instead_of_html, page_instead_of_pdf

MOST_REDIRECTS = 3
LEFT_ALONE_SECONDS = 1200.0
"""For how long nothing is asked after a refusal that names no time. It is a ban: going on counts as an attack."""
LEFT_ALONE_SECONDS_AFTER_429 = 60.0
NO_SUCH_DOCUMENT = frozenset({requests.codes.not_found, requests.codes.gone})
_TIMEOUT_SECONDS = 60
_LONGEST_TRANSFER_SECONDS = 180
_LONGEST_NAMED = 200

LARGEST_DOCUMENT = {DocumentKind.HTML: 15_000_000, DocumentKind.PDF: 60_000_000}
"""Bytes; what is larger is not read to its end."""
_PAGE_INSTEAD = {DocumentKind.HTML: page_instead_of_html, DocumentKind.PDF: page_instead_of_pdf}


class ArxivRefusedError(TransientError):
    """arXiv asks to be left alone: by a status (403, 406, 429), by another page, or by a way to one."""


class ArxivClient:
    """Asks for documents, one at a time and at arXiv's pace. It does not try again: Airflow does, later.

    After a refusal nobody here asks for anything until the time that arXiv named is over.
    """

    def __init__(self, settings: Settings) -> None:
        self._endpoint = settings.arxiv_endpoint
        self._endpoint_set_in = with_place("DAILY_PAPERS_ARXIV_ENDPOINT")
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

    def document(self, paper_id: str, kind: DocumentKind) -> Document | NoDocument:
        """The newest version of a paper in one form.

        Raises:
            ArxivRefusedError: what is neither a document nor says that there is none.
            TransientError: no answer, a cut or an empty one, 408 or 5xx.
            TerminalError: the proxy cannot be used, or does not let us through.
        """
        url = f"{self._endpoint}/{kind}/{checked_paper_id(paper_id)}"
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._get(kind, url, paper_id)
            if isinstance(answer, Document | NoDocument):
                return answer
            url = answer
        raise self._refusal(f"{url} redirects endlessly.")

    def _get(self, kind: DocumentKind, url: str, paper_id: str) -> Document | NoDocument | str:
        """One request; an address where the answer is a redirect."""
        with self._pace.turn():  # others wait for theirs until it is known whether arXiv refuses
            if seconds := self._pace.seconds_closed():
                message = f"arXiv refused earlier and is left alone for {seconds:.0f} s more: {url} was not requested."
                raise ArxivRefusedError(message, retry_after_seconds=seconds)
            places = to_check("the network", url, self._endpoint_set_in)
            try:
                with self._session.get(url, timeout=_TIMEOUT_SECONDS, allow_redirects=False, stream=True) as response:
                    body = _body(response, LARGEST_DOCUMENT[kind])  # of every answer: the connection is used again
            except (requests.RequestException, ValueError) as error:
                message = f"No answer from {url} ({type(error).__name__}). Check {places}."
                raise TransientError(message) from None
            if response.status_code == requests.codes.proxy_authentication_required:  # not a word of arXiv's
                raise TerminalError(f"A proxy answered {response.status_code} for {url}. Check {places}.")
            if response.is_redirect:
                return self._redirected(kind, url, paper_id, response)
            return self._judged(kind, url, paper_id, response, body)

    def _redirected(self, kind: DocumentKind, url: str, paper_id: str, response: requests.Response) -> NoDocument | str:
        """The address of the same document; a page about the paper says that there is none, any other one refuses."""
        target = urljoin(url, response.headers["Location"])
        parts = urlsplit(target)
        endpoint = urlsplit(self._endpoint)
        form, _, name = parts.path.removeprefix(endpoint.path).lstrip("/").partition("/")
        if parts.netloc == endpoint.netloc and re.fullmatch(rf"{re.escape(paper_id)}(v\d+)?(\.pdf)?/?", name):
            return target if form == kind else NoDocument(kind, url, f"redirects to /{form}/{name}")
        raise self._refusal(f"{url} redirects to {target[:_LONGEST_NAMED]}.", response)

    def _judged(
        self, kind: DocumentKind, url: str, paper_id: str, response: requests.Response, body: bytes | None
    ) -> Document | NoDocument:
        status = response.status_code
        if status in NO_SUCH_DOCUMENT:
            return NoDocument(kind, url, f"answered {status}")
        if status in PASSING_STATUSES - {requests.codes.too_many_requests}:
            raise TransientError(f"{url} answered {status}.", retry_after_seconds=announced_wait(response))
        if status != requests.codes.ok:
            raise self._refusal(f"{url} answered {status}.", response)
        if body is None:
            return NoDocument(kind, url, f"is larger than {LARGEST_DOCUMENT[kind] // 1_000_000} MB")
        if not body.strip():
            raise TransientError(f"{url} returned an empty answer.")
        match _PAGE_INSTEAD[kind](body):
            case PageInstead.NOTICE:
                return NoDocument(kind, url, "is a notice that there is none")
            case PageInstead.REFUSAL:
                raise self._refusal(f"{url} answered a page that is neither the paper nor a notice about it.", response)
        return Document(kind, url, datetime.now(UTC), _version(url, response, paper_id), body)

    def _refusal(self, message: str, response: requests.Response | None = None) -> ArxivRefusedError:
        """The error to raise; nobody asks for anything before the time it names."""
        limited = response is not None and response.status_code == requests.codes.too_many_requests
        usual = LEFT_ALONE_SECONDS_AFTER_429 if limited else LEFT_ALONE_SECONDS
        seconds = (announced_wait(response) if response is not None else None) or usual
        self._pace.close_for(seconds)
        return ArxivRefusedError(message, retry_after_seconds=seconds)


def _body(response: requests.Response, most: int) -> bytes | None:
    """The body of an answer; None where it is too large.

    Raises:
        requests.Timeout: it did not come to its end in time; the time-out of a request is one of each read.
    """
    pieces, size, started = [], 0, time.monotonic()
    for piece in response.iter_content(1024):  # a piece is waited for as a whole, however slowly it comes
        pieces.append(piece)
        size += len(piece)
        if size > most:
            return None
        if time.monotonic() - started > _LONGEST_TRANSFER_SECONDS:
            raise requests.Timeout
    return b"".join(pieces)


def _version(url: str, response: requests.Response, paper_id: str) -> int | None:
    """The version in an address that was redirected to, in the file name of a PDF, or in the canonical link."""
    named = (url, response.headers.get("Content-Disposition", ""), response.headers.get("Link", ""))
    return next(filter(None, (named_version(text, paper_id) for text in named)), None)
