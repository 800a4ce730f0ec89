"""The replay server answers as the real endpoint does, and lets a day grow."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from daily_papers.sample.faults import Fault, WithFaults
from daily_papers.sample.replay import RateLimited, RecordedListings, ReplayedCaptures, captures_in, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.data import captures, item, recordings
from tests.support.models import well_answering

Serve = Callable[..., LocalServer]


def get(server: LocalServer, **query: str | int) -> requests.Response:
    return requests.get(f"{server.address}/api/daily_papers", params={"date": str(SAMPLE_DATE), **query}, timeout=10)


def test_paging(serve: Serve) -> None:
    server = serve(RecordedListings({SAMPLE_DATE: [item(f"2505.{n:05d}") for n in range(120)]}), well_answering)
    assert len(get(server).json()) == 50
    page = get(server, limit=100, p=1)
    assert len(page.json()) == 20
    following = page.links["next"]["url"]
    assert following == "/api/daily_papers?date=2025-05-21&limit=100&p=2"
    last = requests.get(server.address + following, timeout=10)
    assert (last.json(), last.links) == ([], {})


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"date": "2025-13-01"}, 400), ({"date": "x"}, 400), ({"date": "20250521"}, 400),
        ({"date": "2025-W21-3"}, 400), ({"date": "2999-01-01"}, 400), ({"limit": 101}, 400), ({"limit": 0}, 400),
        ({"p": -1}, 400), ({"p": "x"}, 400), ({"date": "2025-05-20"}, 404),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(serve: Serve, query: dict[str, Any], status: int) -> None:
    server = serve(WithFaults(RecordedListings({SAMPLE_DATE: []}), [Fault("html", page=7)]), well_answering)
    answer = get(server, **query)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert requests.get(f"{server.address}/elsewhere", timeout=10).status_code == 404


def test_too_many_requests_are_told_when_to_come_back(serve: Serve) -> None:
    server = serve(RateLimited(RecordedListings({SAMPLE_DATE: []}), requests=2, seconds=300), well_answering)
    assert [get(server).status_code for _ in range(3)] == [200, 200, 429]
    assert get(server).headers["RateLimit"].startswith('"api";r=0;t=')


def test_a_window_ends(serve: Serve) -> None:
    server = serve(RateLimited(RecordedListings({SAMPLE_DATE: []}), requests=1, seconds=0.05), well_answering)
    for _ in range(3):
        assert get(server).status_code == 200
        time.sleep(0.06)


def test_a_day_grows_with_its_captures(serve: Serve) -> None:
    listings = ReplayedCaptures({SAMPLE_DATE: captures(SAMPLE_DATE)}, datetime(2025, 5, 20, 12, tzinfo=UTC))
    server = serve(listings, well_answering)
    refused = get(server)
    assert refused.status_code == 400
    assert 'less than or equal to "2025-05-20T00:00:00.000Z"' in refused.json()["error"]
    counts = []
    for hour, minute in ((0, 5), (2, 40), (7, 48), (7, 49), (23, 0)):
        listings.advance_to(datetime(2025, 5, 21, hour, minute, tzinfo=UTC))
        counts.append(len(get(server).json()))
    assert counts == [0, 9, 9, 32, 32]


def test_a_replay_can_run_by_itself(serve: Serve) -> None:
    start = datetime(2025, 5, 21, 2, 40, tzinfo=UTC)
    server = serve(ReplayedCaptures({SAMPLE_DATE: captures(SAMPLE_DATE)}, start, speed=6 * 3600), well_answering)
    deadline = time.monotonic() + 30
    while len(get(server).json()) != 32:
        assert time.monotonic() < deadline


def test_the_server_by_itself(tmp_path: Path) -> None:
    for moment, content in recordings()[SAMPLE_DATE].items():
        path = tmp_path / "2025-05-21" / f"{moment:%Y-%m-%dT%H%MZ}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert len(captures_in(tmp_path)[SAMPLE_DATE]) == 2
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([{"kind": "status", "status": 503}]))
    options = ["--captures", str(tmp_path), "--at", "2025-05-21T03:00", "--faults", str(faults)]
    command = [sys.executable, "-m", "daily_papers.sample.replay", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().strip().removeprefix("HF_ENDPOINT=")
            url = f"{address}/api/daily_papers?date=2025-05-21"
            assert requests.get(url, timeout=10).status_code == 503
            assert len(requests.get(url, timeout=10).json()) == 9
        finally:
            process.terminate()


def test_the_bundled_day_is_the_recorded_one() -> None:
    assert sample_items() == captures(SAMPLE_DATE)[datetime(2025, 5, 21, 7, 49, tzinfo=UTC)]
