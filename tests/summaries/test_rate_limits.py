"""How many calls a provider gets at once, and how often one that limits its rate is asked in vain, over real HTTP."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from daily_papers.lake.library import open_library
from daily_papers.network.pace import Pace
from daily_papers.network.rate_limits import RateLimits
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.summaries import papers_to_ask, summarize
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.texts import read
from tests.support.data import few_papers
from tests.support.models import ScriptedModel, failure, well_answering
from tests.support.steps import ask, fetch

Serve = Callable[..., LocalServer]
PAPERS = 24
WINDOW = 1.0
"""Seconds."""


class LimitedModel:
    """Answers so many requests in each window, as providers count, and refuses the others."""

    def __init__(self, requests: int, *, tells: bool) -> None:
        self.requests, self.tells = requests, tells
        self.answered = self.refused = 0
        self._began, self._left = 0.0, 0
        self._lock = threading.Lock()

    def __call__(self, request: dict[str, Any]) -> Reply:
        with self._lock:
            now = time.monotonic()
            if now - self._began >= WINDOW:
                self._began, self._left = now, self.requests
            wait = self._began + WINDOW - now
            self._left -= 1
            left = self._left
            if left < 0:
                self.refused += 1
                return failure(429, "slow down", **({"retry_after_ms": str(int(1000 * wait))} if self.tells else {}))
            self.answered += 1
        reply = well_answering(request)
        limits = {"x-ratelimit-remaining-requests": str(left), "x-ratelimit-reset-requests": f"{int(1000 * wait)}ms"}
        return Reply(reply.status, reply.body, {**reply.headers, **(limits if self.tells else {})})


@pytest.mark.parametrize("tells", [True, False], ids=["a provider that says how long", "one that says nothing"])
def test_a_limited_provider_is_used_and_not_hammered(serve: Serve, tells: bool) -> None:
    model = LimitedModel(8, tells=tells)
    serve(few_papers(PAPERS), model)
    fetch(SAMPLE_DATE)
    assert ask(SAMPLE_DATE) == []
    assert model.answered == PAPERS
    # the first wave meets the limit once; after that a few are refused at most
    assert model.refused <= PAPERS


def test_a_provider_that_says_what_is_left_is_left_alone_until_then(serve: Serve) -> None:
    refused_at: list[float] = []
    asked_at: list[float] = []

    def model(request: dict[str, Any]) -> Reply:
        asked_at.append(time.monotonic())
        if not refused_at:
            refused_at.append(asked_at[-1])
            return failure(429, Retry_After="2")
        return well_answering(request)

    serve(few_papers(3), model)
    fetch(SAMPLE_DATE)
    library, wanted = open_library(), to_ask()

    async def one_after_the_other() -> None:
        access = ModelAccess.from_settings(library.settings)
        first = asyncio.create_task(summarize.summarize_papers(library, access, SAMPLE_DATE, wanted[:1], run="first"))
        while not refused_at:  # noqa: ASYNC110  # another thread says it
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        # another client, as of another task: it has not heard the refusal itself
        await summarize.summarize_papers(library, access, SAMPLE_DATE, wanted[1:], run="second")
        await first

    asyncio.run(one_after_the_other())
    assert len(asked_at) == 4
    assert all(at - refused_at[0] >= 1.9 for at in asked_at[1:])


def to_ask() -> list[str]:
    library = open_library()
    read.read_texts(library, papers_to_ask.papers_without_summary(library, SAMPLE_DATE))
    return papers_to_ask.papers_to_ask(library, SAMPLE_DATE)


def _ask(paper_ids: list[str], ready: Any) -> None:
    library = open_library()
    access = ModelAccess.from_settings(library.settings)
    ready.wait()
    asyncio.run(summarize.summarize_papers(library, access, SAMPLE_DATE, paper_ids, run=f"run {paper_ids[0]}"))


def test_all_processes_together_keep_the_bound(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "5")
    model = ScriptedModel(seconds=0.2)
    serve(few_papers(PAPERS), model)
    fetch(SAMPLE_DATE)
    wanted = to_ask()
    assert len(wanted) == PAPERS
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(4)
    processes = [context.Process(target=_ask, args=(wanted[start::4], ready)) for start in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert model.calls.total() == PAPERS
    assert model.most_at_once == 5


def test_a_shorter_pause_does_not_end_a_longer_one(tmp_path: Path) -> None:
    limits = RateLimits(Pace(tmp_path, "model", 0), 8)

    async def hear() -> None:
        began = await limits.turn()
        limits.end(began, 429, {"retry-after": "30"})
        limits.end(began, 429, {})
        limits.end(began, 200, {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "120ms"})

    asyncio.run(hear())
    assert Pace(tmp_path, "model", 0).seconds_closed() > 25
    (tmp_path / "model.closed").unlink()
    limits.end(0.0, 429, {"retry-after": format_datetime(datetime.now(UTC) + timedelta(seconds=20))})
    assert 15 < Pace(tmp_path, "model", 0).seconds_closed() < 21


def test_a_call_that_waited_for_the_limit_until_it_timed_out_was_not_paid_for(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_TIMEOUT_SECONDS", "1")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "1000000")
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "1")
    model = ScriptedModel({"2505.14683": (failure(429, Retry_After="3"),)})
    serve(few_papers(3), model)
    fetch(SAMPLE_DATE)
    assert len(ask(SAMPLE_DATE)) == 3
    assert model.calls.total() == 1
    [booked] = open_library().settings.lock_directory.glob("spending-*.json")
    assert [amount["tokens"] for amount in json.loads(booked.read_text()).values()] == [0, 0, 0]


def test_a_killed_process_leaves_its_slots(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "2")
    model = ScriptedModel(seconds=1)
    serve(few_papers(4), model)
    fetch(SAMPLE_DATE)
    wanted = to_ask()
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(1)
    process = context.Process(target=_ask, args=(wanted, ready))
    process.start()
    while model.calls.total() < 2:
        time.sleep(0.01)
    process.kill()
    process.join(60)
    model.seconds = 0
    assert ask(SAMPLE_DATE) == []
    assert 4 <= model.calls.total() <= 6
