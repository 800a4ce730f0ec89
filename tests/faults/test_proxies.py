"""Proxies of the environment: the table of docs/faults.md, case by case, with a SOCKS server on loopback."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

import pytest

from daily_papers.errors import TerminalError, TransientError
from daily_papers.lake.library import Library, open_library
from daily_papers.local.airflow import LocalAirflow
from daily_papers.reasons import Reason
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.settings import load_settings
from daily_papers.summaries.call_store import Call, CallStore
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.texts.arxiv_client import ArxivClient
from daily_papers.texts.document import Document, DocumentKind
from tests.support.arxiv import PAPER_ID, Arxiv, arxiv_page, listed
from tests.support.models import well_answering
from tests.support.steps import ask, fetch, run_day

DEAD = "127.0.0.1:9"
VARIABLES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")
WORKS, DIRECT, TERMINAL, TRANSIENT = (
    "works, everything goes through the proxy",
    "works, the proxy is not used",
    "one TerminalError, before any request",
    "TransientError, or provider_unavailable for the model",
)


@dataclass(frozen=True)
class Case:
    """One line of the table; `<socks>` in a value stands for host and port of the server of this test."""

    value: str
    end: str
    variable: str = "ALL_PROXY"
    no_proxy: str = ""


CASES = [
    Case("socks5://<socks>", WORKS),
    Case("socks5h://<socks>", WORKS),
    Case("SOCKS5://user:secret@<socks>", WORKS),
    Case("socks5://<socks>", WORKS, "all_proxy"),
    Case("socks5h://<socks>", WORKS, "HTTP_PROXY"),
    Case("socks5://<socks>", DIRECT, no_proxy="*"),
    Case("socks5://<socks>", DIRECT, no_proxy="127.0.0.1"),
    Case("socks5://<socks>", DIRECT, no_proxy="127.0.0.0/8"),
    Case("socks5://<socks>", DIRECT, "HTTPS_PROXY"),
    Case(f"socks5://{DEAD}", DIRECT, no_proxy="127.0.0.1"),
    Case("foo://x", DIRECT, no_proxy="127.0.0.1"),
    Case("socks5://", DIRECT, no_proxy="*"),
    Case("socks5://", TERMINAL),
    Case("http://host:port:1", TERMINAL),
    Case("foo://x", TERMINAL, "http_proxy"),
    Case("localhost:notaport", TERMINAL),
    Case("http://localhost:99999", TERMINAL),
    Case("http://[::1", TERMINAL),
    Case("http:/localhost:3128", TERMINAL),
    Case("http://user:secret@:3128", TERMINAL),
    Case("socks5://user:secret@host:port", TERMINAL),
    Case("http://local host:3128", TERMINAL),
    Case("https://사용자:secret@localhost:3128", TERMINAL),
    Case(f"socks5://{DEAD}", TRANSIENT),
    Case(f"socks5h://user:secret@{DEAD}", TRANSIENT),
    Case(f"http://{DEAD}", TRANSIENT, "HTTP_PROXY"),
    Case(DEAD, TRANSIENT, "http_proxy"),
]


def table() -> str:
    lines = ["| variable | `NO_PROXY` | how it ends |", "|---|---|---|"]
    for case in CASES:
        value = case.value.replace("<socks>", "host:1080").replace(DEAD, "dead:9")
        lines.append(f"| `{case.variable}={value}` | {f'`{case.no_proxy}`' if case.no_proxy else ''} | {case.end} |")
    return "\n".join(lines) + "\n"


class Socks(ThreadingTCPServer):
    """A SOCKS5 server; `targets` are the ports that it was asked to connect to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SocksHandler)
        self.targets: list[int] = []


class SocksHandler(BaseRequestHandler):
    server: Socks

    def exactly(self, size: int) -> bytes:
        return self.request.recv(size, socket.MSG_WAITALL)  # type: ignore[no-any-return]

    def handle(self) -> None:
        _, count = self.exactly(2)
        login = 2 in self.exactly(count)
        self.request.sendall(b"\x05\x02" if login else b"\x05\x00")
        if login:
            for before_length in (1, 0):  # user name (behind the version), then password
                self.exactly(self.exactly(before_length + 1)[-1])
            self.request.sendall(b"\x01\x00")
        *_, kind = self.exactly(4)
        host = socket.inet_ntoa(self.exactly(4)) if kind == 1 else self.exactly(self.exactly(1)[0]).decode()
        [port] = struct.unpack("!H", self.exactly(2))
        self.server.targets.append(port)
        with socket.create_connection((host, port)) as other:
            self.request.sendall(b"\x05\x00\x00\x01" + bytes(6))
            back = threading.Thread(target=self.copy, args=(other, self.request))
            back.start()
            self.copy(self.request, other)
            back.join()

    @staticmethod
    def copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:  # the other side went away
            pass


@pytest.fixture
def socks() -> Iterator[Socks]:
    with Socks() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(serve: Callable[..., LocalServer], monkeypatch: pytest.MonkeyPatch) -> LocalServer:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")
    return serve(RecordedListings({SAMPLE_DATE: [listed()]}), well_answering, Arxiv({("html", PAPER_ID): arxiv_page()}))


def look() -> None:
    fetch(SAMPLE_DATE)


def document() -> None:
    with ArxivClient(load_settings()) as client:
        assert isinstance(client.document(PAPER_ID, DocumentKind.HTML), Document)


def model() -> None:
    library = open_library()
    ModelAccess.from_settings(library.settings).client(library.settings)


def unanswered(library: Library) -> list[Call]:
    assert ask(SAMPLE_DATE) == [PAPER_ID]
    return CallStore(library).calls(PAPER_ID)


def set_proxy(case: Case, socks: Socks, monkeypatch: pytest.MonkeyPatch) -> None:
    host = f"127.0.0.1:{socks.server_address[1]}"
    monkeypatch.setenv(case.variable, case.value.replace("<socks>", host))
    if case.no_proxy:
        monkeypatch.setenv("NO_PROXY", case.no_proxy)


def names(cases: list[Case]) -> list[str]:
    return [f"{case.variable}={case.value} {case.no_proxy}" for case in cases]


WORKING = [case for case in CASES if case.end in (WORKS, DIRECT)]
MALFORMED = [case for case in CASES if case.end == TERMINAL]
UNREACHED = [case for case in CASES if case.end == TRANSIENT]


@pytest.mark.parametrize("case", WORKING, ids=names(WORKING))
def test_a_whole_day_through_a_proxy_or_past_it(
    case: Case, server: LocalServer, socks: Socks, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_proxy(case, socks, monkeypatch)
    summary = run_day(SAMPLE_DATE)
    assert (summary.listed, summary.complete) == (1, 1)
    assert (len(server.document_requests), len(server.completion_requests)) == (1, 1)
    if case.end == DIRECT:
        assert socks.targets == []
    else:  # listing, arXiv and model have a connection each
        assert len(socks.targets) >= 3
        assert set(socks.targets) == {urlsplit(server.address).port}


@pytest.mark.parametrize("case", MALFORMED, ids=names(MALFORMED))
@pytest.mark.parametrize("asking", [look, document, model])
def test_a_value_that_is_no_proxy_is_named(
    case: Case, asking: Callable[[], None], server: LocalServer, socks: Socks, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_proxy(case, socks, monkeypatch)
    with pytest.raises(TerminalError, match=f"^{case.variable}=.* cannot be used as a proxy: ") as caught:
        asking()
    assert "secret" not in str(caught.value)
    assert "user" not in str(caught.value).partition(" cannot be used")[0]
    assert not server.listing_requests
    assert not server.document_requests
    assert not server.completion_requests


@pytest.mark.parametrize("case", UNREACHED, ids=names(UNREACHED))
def test_a_proxy_that_does_not_answer_is_named(
    case: Case, server: LocalServer, socks: Socks, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(SAMPLE_DATE)
    monkeypatch.setenv("DAILY_PAPERS_SOURCE", "abstract")
    set_proxy(case, socks, monkeypatch)
    for asking, setting in ((look, "HF_ENDPOINT"), (document, "DAILY_PAPERS_ARXIV_ENDPOINT")):
        with pytest.raises(TransientError, match=f"the network, {case.variable} and {setting}") as caught:
            asking()
        assert "secret" not in str(caught.value)
    [call] = unanswered(library)
    assert call.error == Reason.PROVIDER_UNAVAILABLE
    assert (call.error_detail or "").endswith(f"through the proxy of {case.variable}")
    assert server.completion_requests == []


def test_socks4_is_for_the_listing_only(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", f"socks4://{DEAD}")
    with pytest.raises(TransientError, match="ALL_PROXY"):
        look()
    with pytest.raises(TerminalError, match=r"ALL_PROXY=.*its scheme is not one of http, https, socks5, socks5h"):
        model()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("NO_PROXY", "*", "*"),
        ("NO_PROXY", "a.example", "a.example,127.0.0.1,localhost"),
        ("no_proxy", "a.example", "a.example,127.0.0.1,localhost"),
        ("no_proxy", "", "127.0.0.1,localhost"),
    ],
)
def test_our_own_airflow_is_asked_directly(
    variable: str, value: str, expected: str, server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    environment = LocalAirflow(tmp_path / "airflow").environment
    assert environment["NO_PROXY"] == expected
    assert "no_proxy" not in environment
