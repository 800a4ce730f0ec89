"""The page as an app on a real server, without Airflow around it (tests/e2e has it inside)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests
import uvicorn
from fastapi import Depends, HTTPException, Request

from daily_papers.page import create_page
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.data import SATURDAY, item
from tests.support.models import ScriptedModel
from tests.support.steps import run_day


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
