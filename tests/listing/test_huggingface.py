"""The listing client against a real HTTP server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from daily_papers import __version__
from daily_papers.errors import ContractError, TerminalError, TransientError, UserError
from daily_papers.lake.library import Library
from daily_papers.listing.extract import look_at_listing
from daily_papers.listing.huggingface_client import HuggingFaceClient
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.settings import load_settings
from tests.support.data import item
from tests.support.models import HTML, well_answering


def client() -> HuggingFaceClient:
    return HuggingFaceClient(load_settings(), retries=2, backoff_seconds=0.01, timeout_seconds=2)


def pages(listing_date: date = SAMPLE_DATE) -> list[list[Any]]:
    with client() as open_client:
        return [page.items for page in open_client.listing_pages(listing_date)]


def replying(*replies: Reply) -> Callable[[dict[str, str]], Reply]:
    remaining = iter(replies)
    return lambda query: next(remaining)


def test_pages_are_followed_until_an_empty_one(serve: Callable[..., LocalServer]) -> None:
    items = [item(f"2505.{number:05d}") for number in range(1, 231)]
    server = serve(RecordedListings({SAMPLE_DATE: items}), well_answering)
    assert [len(page) for page in pages()] == [100, 100, 30, 0]
    assert [query["p"] for query in server.listing_requests] == ["0", "1", "2", "3"]
    assert {query["limit"] for query in server.listing_requests} == {"100"}


def test_an_empty_day_is_one_empty_page(serve: Callable[..., LocalServer]) -> None:
    serve(RecordedListings({SAMPLE_DATE: []}), well_answering)
    assert pages() == [[]]


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (HTML, ContractError, "HTML.*HF_ENDPOINT"),
        (Reply(200, b"oops", {}), ContractError, "no JSON"),
        (Reply.of_json(200, {"error": "x"}), ContractError, "JSON dict"),
        (Reply.of_json(400, {"error": "date"}), TerminalError, "400"),
        (Reply.of_json(404, {"error": "no page"}), TerminalError, "404"),
        (Reply(302, b"", {"Location": "http://127.0.0.1:1/login"}), TerminalError, "302"),
        (Reply.of_json(500, {}), TransientError, "500 after all retries"),
        (Reply.of_json(429, {}, {"RateLimit": '"api";r=0;t=0'}), TransientError, "HF_TOKEN"),
        (
            Reply.of_json(200, [{}], {"Link": '<http://elsewhere.invalid/api?p=1>; rel="next"'}),
            ContractError,
            "another host",
        ),
    ],
)
def test_failures_are_typed(
    serve: Callable[..., LocalServer], reply: Reply, error: type[Exception], words: str
) -> None:
    serve(lambda query: reply, well_answering)
    with pytest.raises(error, match=words):
        pages()


def test_a_passing_failure_is_tried_again(serve: Callable[..., LocalServer]) -> None:
    server = serve(
        replying(Reply.of_json(503, {}), Reply.of_json(429, {}, {"Retry-After": "0"}), Reply.of_json(200, [])),
        well_answering,
    )
    assert pages() == [[]]
    assert len(server.listing_requests) == 3


def test_an_unreachable_hub_is_transient_and_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(TransientError, match="HF_ENDPOINT"):
        pages()


def test_an_endless_listing_ends(serve: Callable[..., LocalServer]) -> None:
    def endless(query: dict[str, str]) -> Reply:
        return Reply.of_json(200, [{}], {"Link": f'</api/daily_papers?p={int(query["p"]) + 1}>; rel="next"'})

    server = serve(endless, well_answering)
    with pytest.raises(ContractError, match="did not end"):
        pages()
    assert len(server.listing_requests) == 100


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HF_TOKEN", "hf_0123456789")
    return "hf_0123456789"


def test_the_token_is_sent_and_an_echo_of_it_repeated_nowhere(
    serve: Callable[..., LocalServer], token: str, library: Library, home: Path
) -> None:
    server = serve(lambda query: Reply(401, f"bad token Bearer {token}".encode()), well_answering)
    with client() as open_client, pytest.raises(TerminalError, match=r"bad token Bearer \[key\]"):
        look_at_listing(library, open_client, SAMPLE_DATE)
    [headers] = server.listing_headers
    assert headers["Authorization"] == f"Bearer {token}"
    assert headers["User-Agent"] == f"daily-papers/{__version__}"
    assert headers["Accept"] == "application/json"
    assert all(token not in path.read_text() for path in home.rglob("*.json"))


def test_without_a_token_none_is_sent(serve: Callable[..., LocalServer]) -> None:
    server = serve(RecordedListings({SAMPLE_DATE: []}), well_answering)
    pages()
    assert "Authorization" not in server.listing_headers[0]


def test_the_token_does_not_follow_a_link_to_another_scheme(serve: Callable[..., LocalServer], token: str) -> None:
    def other_scheme(query: dict[str, str]) -> Reply:
        return Reply.of_json(200, [{}], {"Link": f'<{server.address.replace("http:", "https:")}/x>; rel="next"'})

    server = serve(other_scheme, well_answering)
    with pytest.raises(ContractError, match="another host"):
        pages()
    assert len(server.listing_requests) == 1


def test_the_future_is_not_asked_for(serve: Callable[..., LocalServer]) -> None:
    server = serve(RecordedListings({}), well_answering)
    with pytest.raises(UserError, match="in the future"):
        pages(date(2999, 1, 1))
    assert server.listing_requests == []
