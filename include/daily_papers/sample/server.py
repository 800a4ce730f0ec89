"""A local HTTP server with a recorded listing on one side and a model's wire protocol on the other.

It answers like the Hugging Face listing (paging, `Link`, 400) and like an OpenAI-compatible server; the demo runs
against it, and tests give it other listings and other answers. It binds to loopback only.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

SAMPLE_DATE = date(2025, 5, 21)
SAMPLE_MODEL = "sample-answers"

LISTING_PATH = "/api/daily_papers"
COMPLETIONS_PATH = "/v1/chat/completions"


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
        """A JSON answer."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return cls(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


ListingSource = Callable[[dict[str, str]], Reply]
AnswerSource = Callable[[dict[str, Any]], Reply]


def sample_items() -> list[Any]:
    """The items of the bundled listing: the capture of 2025-05-21 at 07:49Z, 32 papers."""
    name = f"sample/listings/{SAMPLE_DATE}.json.gz"
    items: list[Any] = json.loads(gzip.decompress(files("daily_papers").joinpath(name).read_bytes()))
    return items


class RecordedListings:
    """Serves recorded items of some dates the way the real endpoint does."""

    def __init__(self, items_by_date: Mapping[date, list[Any]]) -> None:
        self.items_by_date = dict(items_by_date)

    def __call__(self, query: dict[str, str]) -> Reply:
        """One page; 400 for a malformed date or page, 404 for a date that was not recorded."""
        try:
            listing_date = date.fromisoformat(query["date"])
            limit, page = int(query.get("limit", "50")), int(query.get("p", "0"))
        except (KeyError, ValueError):
            return Reply.of_json(400, {"error": '✖ Invalid "date", "limit" or "p"'})
        if not 1 <= limit <= 100 or page < 0:
            return Reply.of_json(400, {"error": '✖ "limit" must be 1..100 and "p" at least 0'})
        if listing_date not in self.items_by_date:
            return Reply.of_json(404, {"error": f"No recording of {listing_date} on this local server."})
        items = self.items_by_date[listing_date][page * limit : (page + 1) * limit]
        following = urlencode({"date": listing_date, "limit": limit, "p": page + 1})
        link = {"Link": f'<{LISTING_PATH}?{following}>; rel="next"'} if items else {}
        return Reply.of_json(200, items, link)


def sample_answer(request: dict[str, Any]) -> Reply:
    """The bundled answer to a request about one of the sample papers; an error for any other paper."""
    paper_id = str(requested_paper(request).get("paper_id"))
    known = {path.name: path for path in files("daily_papers").joinpath("sample/answers").iterdir()}
    answer = known.get(f"{paper_id}.json")
    if answer is None:
        message = f"No sample answer for paper {paper_id}. Set OPENAI_API_KEY or OPENAI_BASE_URL for a real model."
        return Reply.of_json(400, {"error": {"message": message, "type": "invalid_request_error", "code": None}})
    return completion(request, answer.read_text(encoding="utf-8"))


def requested_paper(request: dict[str, Any]) -> dict[str, Any]:
    """The JSON object about the paper in a request's last message; empty where there is none."""
    text = request["messages"][-1]["content"]
    start = text.find("{")
    try:
        paper = json.loads(text[start:]) if start >= 0 else {}
    except ValueError:
        return {}
    return paper if isinstance(paper, dict) else {}


def completion(request: dict[str, Any], content: str, finish_reason: str = "stop") -> Reply:
    """A chat completion on the wire. Its token counts are counts of words: this server has no tokenizer."""
    asked = sum(len(message["content"].split()) for message in request["messages"])
    answered = len(content.split())
    value = {
        "id": "chatcmpl-local",
        "object": "chat.completion",
        "created": 0,
        "model": request["model"],
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": {"role": "assistant", "content": content, "refusal": None},
            }
        ],
        "usage": {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered},
    }
    return Reply.of_json(200, value, {"x-request-id": "local"})


class LocalServer:
    """Runs in a thread of this process; use as a context manager. Counts and keeps what it was asked."""

    def __init__(self, listings: ListingSource, answers: AnswerSource) -> None:
        self.listings = listings
        self.answers = answers
        self.listing_requests: list[dict[str, str]] = []
        self.completion_requests: list[dict[str, Any]] = []
        handler = type("Handler", (_Handler,), {"local_server": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, name="local-server", daemon=True)

    @property
    def address(self) -> str:
        """Base address, for HF_ENDPOINT."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def model_address(self) -> str:
        """Base address of the model, for OPENAI_BASE_URL."""
        return f"{self.address}/v1"

    def __enter__(self) -> LocalServer:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def sample_server() -> LocalServer:
    """The demo's server: the bundled listing and the bundled answers."""
    return LocalServer(RecordedListings({SAMPLE_DATE: sample_items()}), sample_answer)


class _Handler(BaseHTTPRequestHandler):
    local_server: LocalServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != LISTING_PATH:
            self._send(Reply.of_json(404, {"error": "Sorry, we can't find the page you are looking for."}))
            return
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.local_server.listing_requests.append(query)
        self._send(self.local_server.listings(query))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if urlsplit(self.path).path != COMPLETIONS_PATH:
            self._send(Reply.of_json(404, {"error": {"message": "Unknown path", "type": "not_found", "code": None}}))
            return
        request = json.loads(body)
        self.local_server.completion_requests.append(request)
        self._send(self.local_server.answers(request))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the base class names it so
        """Says nothing: the terminal belongs to the demo's progress."""
