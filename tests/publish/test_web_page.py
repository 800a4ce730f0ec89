"""The page as an app on a real server, without Airflow around it (tests/e2e has it inside)."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import requests
import uvicorn
from fastapi import Depends, HTTPException, Request

from daily_papers.publish.web_page import DAYS_SHOWN, create_page
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.data import SATURDAY, item
from tests.support.models import ScriptedModel
from tests.support.steps import fetch, run_day


def guard(request: Request) -> None:
    if request.headers.get("x-login") != "yes":
        raise HTTPException(401, "Not authenticated")


@pytest.fixture
def address() -> Iterator[str]:
    server = uvicorn.Server(
        uvicorn.Config(create_page([Depends(guard)], "/login"), host="127.0.0.1", port=0, log_level="error")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def get(address: str, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{address}{path}", headers={"x-login": "yes", "Accept": "text/html", **headers}, timeout=10)


def test_days_and_digest(address: str, serve: Callable[..., LocalServer]) -> None:
    assert "아직 가져온 날짜가 없습니다" in get(address, "/").text
    hostile = "<script>alert(1)</script> [x](javascript:alert(1))"
    serve(RecordedListings({SAMPLE_DATE: [item(title=hostile)], SATURDAY: []}), ScriptedModel())
    run_day(SAMPLE_DATE)
    run_day(SATURDAY)
    days = get(address, "/").text
    assert '<a href="days/2025-05-21">2025-05-21</a>' in days
    assert "2025-05-24" in days
    assert "empty" in days
    assert 'href="days/2025-05-24"' not in days
    page = get(address, "/days/2025-05-21")
    assert page.text.count("<h3>") == 7
    assert "<script" not in page.text
    assert 'href="javascript' not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/days/2025-13-01", 422, "calendar"), ("/days/2025-05-20", 404, "missing"), ("/days/..%2f..%2fetc", 404, "")],
)
def test_what_is_not_there(address: str, path: str, status: int, words: str) -> None:
    answer = get(address, path)
    assert answer.status_code == status
    assert words in answer.text


@pytest.mark.parametrize("path", ["/", "/days/2025-05-21"])
def test_nothing_without_a_login(address: str, path: str) -> None:
    for accept in ("text/html", "application/json"):
        answer = get(address, path, **{"x-login": "no", "Accept": accept})
        assert answer.status_code == 401
    assert "/login?next=" in get(address, path, **{"x-login": "no"}).text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_no_documentation_routes_bypass_the_login(address: str, path: str) -> None:
    assert get(address, path).status_code == 404


def test_older_days_are_a_page_away(address: str, serve: Callable[..., LocalServer]) -> None:
    days = [SATURDAY - timedelta(weeks=number) for number in range(DAYS_SHOWN + 2)]
    serve(RecordedListings({day: [] for day in days}), ScriptedModel())
    for day in days:
        fetch(day)
    newest = get(address, "/").text
    assert newest.count("<tr><td") + newest.count("<tr>\n<td") == DAYS_SHOWN
    assert f'href="?until={days[DAYS_SHOWN]}"' in newest
    older = get(address, f"/?until={days[DAYS_SHOWN]}").text
    assert str(days[-1]) in older
    assert str(days[0]) not in older
    assert "until=" not in older
    assert get(address, "/?until=2025-13-01").status_code == 422


def test_warnings_are_shown_and_escaped(address: str, serve: Callable[..., LocalServer]) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item("2505.00001", **{"<script>": 1})]}), ScriptedModel())
    fetch(SAMPLE_DATE)
    text = get(address, "/").text
    assert "paper.&lt;script&gt;" in text
    assert "<script>" not in text


def test_the_page_speaks_the_language_of_the_library(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert '<html lang="ko">' in get(address, "/").text
    monkeypatch.setenv("DAILY_PAPERS_LANGUAGE", "en")
    text = get(address, "/").text
    assert '<html lang="en">' in text
    assert re.search("[가-힣]", text) is None


def test_a_setting_that_cannot_be_used_does_not_hide_the_login(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "0")
    answer = get(address, "/", **{"x-login": "no"})
    assert answer.status_code == 401
    assert "/login?next=" in answer.text
    assert "Content-Security-Policy" in answer.headers
