"""A local HTTP server with a listing (see `replay`), a model's wire protocol, and arXiv's documents.

The demo runs against it, and tests give it other listings and other answers. It binds to loopback only.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

SAMPLE_DATE = date(2025, 5, 21)
SAMPLE_MODEL = "sample-answers"

LISTING_PATH = "/api/daily_papers"
COMPLETIONS_PATH = "/v1/chat/completions"
POLL_SECONDS = 0.02
"""Closing the server waits so long; the library's half a second is much for hundreds of tests."""


@dataclass(frozen=True)
class Reply:
    """One HTTP answer, and what goes wrong with it on the way."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    sent_bytes: int | None = None
    """The connection is closed after this many bytes of the body, although more were announced."""
    reset: bool = False
    """The connection is reset instead of answered."""
    trickle_seconds: float = 0.0
    """The body comes byte by byte, with so much time between two."""

    @classmethod
    def of_json(cls, status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
        """A JSON answer in UTF-8; half a character is sent by its escape, as JavaScript does."""
        body = json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace")
        return cls(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


ListingSource = Callable[[dict[str, str]], Reply]
AnswerSource = Callable[[dict[str, Any]], Reply]
DocumentSource = Callable[[str, str], Reply]
"""The answer to a request for a paper's document, by kind (html, pdf) and id."""


def sample_answer(request: dict[str, Any]) -> Reply:
    """The bundled answer to a request about one of the sample papers; an error for any other, and for a second reader's
    question."""
    paper = requested_paper(request)
    paper_id = str(paper.get("paper_id"))
    if "statements" in paper:
        message = "The sample answers are no second reader. Set DAILY_PAPERS_VERIFIER_BASE_URL to a real model."
        return Reply.of_json(400, {"error": {"message": message, "type": "invalid_request_error", "code": None}})
    known = {path.name: path for path in files("daily_papers").joinpath("sample/answers").iterdir()}
    answer = known.get(f"{paper_id}.json")
    if answer is None:
        message = f"No sample answer for paper {paper_id}. Set OPENAI_API_KEY or OPENAI_BASE_URL for a real model."
        return Reply.of_json(400, {"error": {"message": message, "type": "invalid_request_error", "code": None}})
    return completion(request, answer.read_text(encoding="utf-8"))


def no_document(kind: str, paper_id: str) -> Reply:
    """What arXiv answers for a paper that it has not in this form."""
    body = f"<html><body><h1>No {kind.upper()} for '{paper_id}'</h1></body></html>".encode()
    return Reply(404, body, {"Content-Type": "text/html; charset=utf-8"})


_PAPER = re.compile(r"\AWhat it is: (\{.*\})\n.*?^(===== [0-9a-f]+ =====)\n(.*)\n\2\Z", re.DOTALL | re.MULTILINE)


def requested_paper(request: dict[str, Any]) -> dict[str, Any]:
    """What a request says about its paper (`paper_id`, `source` …), and its `text`; empty where it says nothing."""
    found = _PAPER.search(request["messages"][1]["content"])
    return {**json.loads(found[1]), "text": found[3]} if found else {}


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

    def __init__(self, listings: ListingSource, answers: AnswerSource, documents: DocumentSource = no_document) -> None:
        self.listings = listings
        self.answers = answers
        self.documents = documents
        self.listing_requests: list[dict[str, str]] = []
        self.listing_headers: list[dict[str, str]] = []
        self.listing_times: list[float] = []
        """When each listing request came, on the monotonic clock."""
        self.completion_requests: list[dict[str, Any]] = []
        self.document_requests: list[tuple[str, str]] = []
        """Kind and id of each document that was asked for; `document_times` and `document_headers` belong to them."""
        self.document_times: list[float] = []
        self.document_headers: list[dict[str, str]] = []
        handler = type("Handler", (_Handler,), {"local_server": self})
        self._http = _QuietServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(POLL_SECONDS,), name="local-server", daemon=True
        )

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


class _QuietServer(ThreadingHTTPServer):
    request_queue_size = 256
    """Connections that may wait to be accepted: as many as come at once, where the default of 5 refuses the others."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing about clients that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    local_server: LocalServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        kind, _, paper_id = parts.path.lstrip("/").partition("/")
        if kind in ("html", "pdf"):
            self.local_server.document_requests.append((kind, paper_id))
            self.local_server.document_headers.append(dict(self.headers))
            self.local_server.document_times.append(time.monotonic())
            self._send(self.local_server.documents(kind, paper_id))
            return
        if parts.path != LISTING_PATH:
            self._send(Reply.of_json(404, {"error": "Sorry, we can't find the page you are looking for."}))
            return
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.local_server.listing_requests.append(query)
        self.local_server.listing_headers.append(dict(self.headers))
        self.local_server.listing_times.append(time.monotonic())
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
        if reply.delay_seconds:
            time.sleep(reply.delay_seconds)
        if reply.reset:
            # closing with nothing to linger for sends a reset
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        try:
            self._write(reply)
        except (BrokenPipeError, ConnectionResetError):  # the client did not wait
            self.close_connection = True

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.trickle_seconds:
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                time.sleep(reply.trickle_seconds)
            return
        self.wfile.write(reply.body[: reply.sent_bytes])
        self.close_connection = reply.sent_bytes is not None

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the base class names it so
        """Says nothing: the terminal belongs to the demo's progress."""
