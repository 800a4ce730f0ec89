"""Asking a model over real HTTP: what is stored, what is paid twice (nothing), what stops a run."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library, open_library
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import RecordedListings, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply, requested_paper
from daily_papers.summaries import papers_to_ask, summarize
from daily_papers.summaries.call_store import CallStore, Tokens, cost_usd
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.summaries.paper_record import MOST_REPAIRS
from daily_papers.texts import read
from tests.support.contents import hashes
from tests.support.data import few_papers, item
from tests.support.models import HTML, ScriptedModel, failure, well_answering
from tests.support.steps import ask, fetch, run_day

FIRST, SECOND, THIRD = "2505.14683", "2505.11594", "2505.14246"
Serve = Callable[..., LocalServer]


@pytest.fixture(autouse=True)
def _few_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "1")
    monkeypatch.setenv("DAILY_PAPERS_TIMEOUT_SECONDS", "5")


def started(serve: Serve, model: ScriptedModel) -> ScriptedModel:
    serve(few_papers(), model)
    fetch(SAMPLE_DATE)
    return model


def test_every_paper_is_asked_once_and_never_again(serve: Serve, library: Library) -> None:
    model = started(serve, ScriptedModel())
    assert ask(SAMPLE_DATE) == []
    assert model.calls == {FIRST: 1, SECOND: 1, THIRD: 1}
    before = hashes(Path(str(library.lake.root)) / "calls")
    assert ask(SAMPLE_DATE) == []
    assert model.calls.total() == 3
    assert hashes(Path(str(library.lake.root)) / "calls") == before


def test_what_is_stored_is_what_was_received(serve: Serve, library: Library) -> None:
    started(serve, ScriptedModel())
    ask(SAMPLE_DATE)
    [call] = CallStore(library).calls(FIRST)
    assert call.finish_reason == "stop"
    assert call.tokens.input > 100
    assert (call.model, call.prompt_version, call.language) == ("test-model", "v3", "ko")
    assert (call.request_id, call.source_kind) == ("local", "abstract")
    assert json.loads(call.response["choices"][0]["message"]["content"])["paper_id"] == FIRST  # type: ignore[index]


def test_an_unusable_answer_is_kept_and_not_bought_again(serve: Serve, library: Library) -> None:
    model = started(serve, ScriptedModel({FIRST: ["I am sorry, here is prose."]}))
    ask(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    assert model.calls[FIRST] == 1 + MOST_REPAIRS
    assert all(call.answered for call in CallStore(library).calls(FIRST))


def test_a_complete_paper_is_not_asked_again_when_model_or_text_change(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = started(serve, ScriptedModel({FIRST: ["prose"]}))
    ask(SAMPLE_DATE)
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "another-model")
    monkeypatch.setenv("DAILY_PAPERS_OUTPUT_TOKENS", "9000")
    ask(SAMPLE_DATE)
    assert model.calls == {FIRST: 2 * (1 + MOST_REPAIRS), SECOND: 1, THIRD: 1}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (failure(401, "bad key sk-test-0123456789abcdef"), "OPENAI_API_KEY"),
        (failure(402), "credit"),
        (failure(403), "rejected every request"),
        (failure(404), "DAILY_PAPERS_MODEL"),
        (failure(429, "quota", "insufficient_quota"), "credit"),
        (HTML, "OPENAI_BASE_URL"),
    ],
)
def test_what_no_paper_can_survive_stops_the_run_and_says_what_to_set(
    serve: Serve, library: Library, home: Path, reply: Reply, words: str
) -> None:
    started(serve, ScriptedModel({paper_id: [reply] for paper_id in (FIRST, SECOND, THIRD)}))
    with pytest.raises(TerminalError, match=words):
        ask(SAMPLE_DATE)
    assert not any(call.answered for paper_id in (FIRST, SECOND, THIRD) for call in CallStore(library).calls(paper_id))
    stored = b"".join(path.read_bytes() for path in home.rglob("*.json"))
    assert b"sk-test" not in stored


@pytest.mark.parametrize(
    "reply",
    [failure(500), failure(503), failure(429, retry_after="0"), failure(408), Reply.of_json(200, {"error": {}})],
)
def test_an_unavailable_provider_leaves_the_paper_and_serves_the_others(
    serve: Serve, library: Library, reply: Reply
) -> None:
    model = started(serve, ScriptedModel({SECOND: [reply]}))
    assert ask(SAMPLE_DATE) == [SECOND]
    assert [call.error for call in CallStore(library).calls(SECOND)] == ["provider_unavailable"]
    model.script.clear()
    assert ask(SAMPLE_DATE) == []
    assert [call.answered for call in CallStore(library).calls(SECOND)] == [False, True]
    assert (model.calls[FIRST], model.calls[THIRD]) == (1, 1)


def test_an_answer_with_half_a_character_is_kept_and_quarantined(serve: Serve, library: Library) -> None:
    body = b'{"choices": [{"finish_reason": "stop", "message": {"content": "\\ud83d"}}], "usage": "none"}'
    model = started(serve, ScriptedModel({SECOND: [Reply(200, body)]}))
    for _ in range(2):
        assert ask(SAMPLE_DATE) == []
    assert model.calls[SECOND] == 1 + MOST_REPAIRS
    for call in CallStore(library).calls(SECOND):
        assert (call.finish_reason, call.tokens) == ("stop", Tokens(0, 0, 0))


def test_a_rejected_request_concerns_its_paper_alone(serve: Serve, library: Library) -> None:
    started(serve, ScriptedModel({SECOND: [failure(400, "too long")]}))
    assert ask(SAMPLE_DATE) == []
    [call] = CallStore(library).calls(SECOND)
    assert (call.error, call.error_detail) == ("request_rejected", "400: too long")


def test_the_sdk_tries_again_within_one_call(serve: Serve, library: Library) -> None:
    replies = iter([failure(500, retry_after_ms="1")])
    serve(few_papers(1), lambda request: next(replies, None) or well_answering(request))
    fetch(SAMPLE_DATE)
    assert ask(SAMPLE_DATE) == []
    assert [call.answered for call in CallStore(library).calls(FIRST)] == [True]


def test_calls_under_way_are_bounded(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "2")
    model = ScriptedModel(seconds=0.2)
    serve(few_papers(8), model)
    fetch(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    assert (model.calls.total(), model.most_at_once) == (8, 2)


def test_two_processes_pay_once_for_the_same_question(serve: Serve) -> None:
    model = started(serve, ScriptedModel(seconds=0.5))
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=ask, args=(SAMPLE_DATE,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert model.calls.total() == 3


def test_what_is_under_way_when_the_credit_ends_is_kept(serve: Serve, library: Library) -> None:
    def answers(request: dict[str, object]) -> Reply:
        if requested_paper(request)["paper_id"] == FIRST:
            return failure(402)
        time.sleep(1)
        return well_answering(request)

    server = serve(few_papers(6), answers)
    fetch(SAMPLE_DATE)
    with pytest.raises(TerminalError, match="credit"):
        ask(SAMPLE_DATE)
    asked = [requested_paper(request)["paper_id"] for request in server.completion_requests]
    kept = [paper_id for paper_id in asked if any(call.answered for call in CallStore(library).calls(paper_id))]
    assert sorted(kept) == sorted(set(asked) - {FIRST})
    assert kept


def test_one_paper_on_two_dates_is_paid_once(serve: Serve, library: Library) -> None:
    first, second = SAMPLE_DATE, date(2025, 5, 22)
    retitled = item(FIRST, **{**sample_items()[0]["paper"], "title": "Another title"})
    model = ScriptedModel()
    serve(RecordedListings({first: sample_items()[:1], second: [retitled]}), model)
    for day in (first, second):
        fetch(day)
    library = open_library()
    for day in (first, second):
        read.read_texts(library, papers_to_ask.papers_without_summary(library, day))
    wanted = {day: papers_to_ask.papers_to_ask(library, day) for day in (first, second)}
    assert wanted == {first: [FIRST], second: [FIRST]}  # both planned before either has asked
    access = ModelAccess.from_settings(library.settings)
    for day, paper_ids in wanted.items():
        asyncio.run(summarize.summarize_papers(library, access, day, paper_ids, run="test"))
    assert model.calls[FIRST] == 1


def test_a_date_keeps_its_language(serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedModel()
    serve(few_papers(), model)
    run_day(SAMPLE_DATE)
    monkeypatch.setenv("DAILY_PAPERS_LANGUAGE", "en")
    assert run_day(SAMPLE_DATE).complete == 3
    assert model.calls.total() == 3
    assert {row["language"] for row in read_day_file(library, SAMPLE_DATE)} == {"ko"}


def test_a_paper_that_left_the_listing_is_not_asked(serve: Serve) -> None:
    model = ScriptedModel()
    listings = few_papers(2)
    serve(listings, model)
    fetch(SAMPLE_DATE)
    listings.items_by_date[SAMPLE_DATE] = sample_items()[1:2]
    fetch(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    assert model.calls == {SECOND: 1}


def test_a_key_that_the_server_repeats_is_not_stored(serve: Serve, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started(
        serve, ScriptedModel({paper_id: [failure(401, "bad key 0f3a-plain")] for paper_id in (FIRST, SECOND, THIRD)})
    )
    monkeypatch.setenv("OPENAI_API_KEY", "0f3a-plain\n")
    with pytest.raises(TerminalError):
        ask(SAMPLE_DATE)
    stored = b"".join(path.read_bytes() for path in home.rglob("*.json"))
    assert b"0f3a-plain" not in stored
    assert b"bad key [key]" in stored


def test_without_key_and_address_it_says_what_to_set(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    started(serve, ScriptedModel())
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("OPENAI_BASE_URL")
    with pytest.raises(TerminalError, match="OPENAI_API_KEY, or OPENAI_BASE_URL"):
        ask(SAMPLE_DATE)


def test_an_unreachable_model_leaves_everything_pending(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    started(serve, ScriptedModel())
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert sorted(ask(SAMPLE_DATE)) == sorted([FIRST, SECOND, THIRD])


def test_cost_follows_the_price_table() -> None:
    million = Tokens(input=2_000_000, cached_input=1_000_000, output=1_000_000)
    assert cost_usd("gpt-4o-mini", million) == pytest.approx(0.15 + 0.075 + 0.6)
    assert cost_usd("unknown-model", million) is None
