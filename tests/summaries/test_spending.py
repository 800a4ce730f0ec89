"""The limits of a run: held before each call, over all its tasks, and what they leave stays pending."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library, open_library
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.summaries import call_store
from daily_papers.summaries.call_store import CallStore, Tokens, cost_usd, tokens_of
from daily_papers.summaries.prompt import build_request
from daily_papers.summaries.request import ModelRequest
from daily_papers.summaries.spending import RunSpending
from daily_papers.texts.text_store import Source
from tests.support.data import few_papers, item, parsed
from tests.support.models import ScriptedModel, failure, well_answering
from tests.support.steps import ask, fetch, run_day

Serve = Callable[..., LocalServer]
PAPERS = 6


@pytest.fixture
def model(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    asked = ScriptedModel()
    serve(few_papers(PAPERS), asked)
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "gpt-4o-mini")
    monkeypatch.setenv("DAILY_PAPERS_OUTPUT_TOKENS", "1000")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")
    fetch(SAMPLE_DATE)
    return asked


def spent(library: Library) -> tuple[float, int]:
    found = [call for one in sample_items()[:PAPERS] for call in CallStore(library).calls(one["paper"]["id"])]
    dollars = sum(cost_usd(call.model, call.tokens) or 0 for call in found)
    return dollars, sum(call.tokens.input + call.tokens.output for call in found)


@pytest.mark.parametrize(
    ("name", "limit"), [("DAILY_PAPERS_MAX_USD_PER_RUN", 0.0020), ("DAILY_PAPERS_MAX_TOKENS_PER_RUN", 8000)]
)
def test_a_limit_is_held_before_the_call_and_the_rest_is_pending(
    name: str, limit: float, model: ScriptedModel, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, str(limit))
    assert ask(SAMPLE_DATE, run="one") == []
    asked = model.calls.total()
    assert 0 < asked < PAPERS
    assert spent(library)[name.endswith("TOKENS_PER_RUN")] <= limit
    summary = audit_day(open_library(), SAMPLE_DATE)
    assert (summary.complete, summary.pending) == (asked, PAPERS - asked)
    pending = [row for row in read_day_file(library, SAMPLE_DATE) if row["status"] == "pending"]
    assert {tuple(row["reasons"]) for row in pending} == {("spending_cap",)}
    ask(SAMPLE_DATE, run="one")  # a retried task belongs to the same run
    assert spent(library)[name.endswith("TOKENS_PER_RUN")] <= limit
    for number in range(PAPERS):
        ask(SAMPLE_DATE, run=f"later {number}")
    assert audit_day(open_library(), SAMPLE_DATE).complete == PAPERS
    assert model.calls.total() == PAPERS


def test_a_limit_of_nothing_asks_nothing(
    model: ScriptedModel, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "0")
    ask(SAMPLE_DATE)
    assert model.calls.total() == 0
    assert audit_day(open_library(), SAMPLE_DATE).pending == PAPERS


def test_papers_that_a_limit_left_are_no_calls_in_the_ledger(
    model: ScriptedModel, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    from daily_papers.warehouse.publication import open_for_reading

    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "0")
    run_day(SAMPLE_DATE)
    with open_for_reading(open_library()) as connection:
        assert connection.execute("SELECT count(*) FROM calls").fetchone() == (0,)
        assert connection.execute("SELECT DISTINCT reason FROM quarantine").fetchall() == [("spending_cap",)]
    assert model.calls.total() == 0
    assert not any(call.sent for call in CallStore(library).calls(sample_items()[0]["paper"]["id"]))


def test_a_limit_of_cost_needs_a_price(model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "unknown-model")
    monkeypatch.setenv("DAILY_PAPERS_MAX_USD_PER_RUN", "5")
    with pytest.raises(TerminalError, match=r"prices\.json has no price for unknown-model"):
        ask(SAMPLE_DATE)
    assert model.calls.total() == 0
    monkeypatch.delenv("DAILY_PAPERS_MAX_USD_PER_RUN")
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "1000000")
    assert ask(SAMPLE_DATE) == []
    assert model.calls.total() == PAPERS


def test_failed_calls_give_their_share_back(model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [one["paper"]["id"] for one in sample_items()[:PAPERS]]
    model.script = {paper_id: [failure(503)] for paper_id in ids}
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "30000")
    assert sorted(ask(SAMPLE_DATE)) == sorted(ids)
    model.script.clear()
    assert ask(SAMPLE_DATE) == []
    assert model.answered.total() == 2 * PAPERS


def made_requests(count: int) -> list[ModelRequest]:
    papers = [parsed(item(f"2505.0000{number}")) for number in range(count)]
    source = Source("abstract", "text " * 50)
    return [build_request(paper, source, model="m", language="ko", output_tokens=1000) for paper in papers]


def test_a_process_that_died_keeps_what_it_had_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "5000")
    monkeypatch.setenv("DAILY_PAPERS_OUTPUT_TOKENS", "1000")
    library = open_library()
    requests = made_requests(3)
    assert RunSpending(library, "run").reserve(requests[0])  # its process is killed here
    another = RunSpending(library, "run")
    assert not another.reserve(requests[1])
    assert not another.reserve(requests[0])  # it may have been paid for, and now would be twice
    assert RunSpending(library, "another run").reserve(requests[0])


def test_room_comes_back_when_a_call_cost_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "5000")
    monkeypatch.setenv("DAILY_PAPERS_OUTPUT_TOKENS", "1000")
    spending, [first, second] = RunSpending(open_library(), "run"), made_requests(2)
    assert spending.reserve(first)
    assert not spending.reserve(second)
    spending.settle(first, Tokens(400, 0, 100), unknown=False)
    assert spending.reserve(second)


@pytest.mark.parametrize("concurrency", ["1", "8"])
def test_calls_under_way_do_not_end_a_run_that_has_room(
    concurrency: str, model: ScriptedModel, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", concurrency)
    monkeypatch.setenv("DAILY_PAPERS_OUTPUT_TOKENS", "8000")
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", str(11_000 + 2_000 * PAPERS))  # two at once, at most
    model.seconds = 0.1
    assert ask(SAMPLE_DATE) == []
    assert model.calls.total() == PAPERS


def test_what_may_have_been_paid_for_counts_in_full(
    model: ScriptedModel, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = json.loads(well_answering_body())
    model.script = {one["paper"]["id"]: [Reply.of_json(200, silent)] for one in sample_items()[:PAPERS]}
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "8000")
    ask(SAMPLE_DATE)
    assert model.calls.total() == 2  # they sent no usage
    model.script = {one["paper"]["id"]: [Reply(200, b"{}", delay_seconds=3)] for one in sample_items()[:PAPERS]}
    monkeypatch.setenv("DAILY_PAPERS_TIMEOUT_SECONDS", "0.5")
    ask(SAMPLE_DATE, run="slow")
    assert model.calls.total() == 2 + 2


def well_answering_body() -> str:
    return json.dumps({"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "no JSON"}}]})


def test_without_limits_nothing_is_booked(model: ScriptedModel, home: Path) -> None:
    ask(SAMPLE_DATE)
    assert model.calls.total() == PAPERS
    assert not list((home / ".locks").glob("spending-*.json"))


def test_prices_are_for_a_million_tokens() -> None:
    assert call_store.has_price("gpt-4o-mini")
    assert not call_store.has_price("unknown-model")


def usage(**values: object) -> Callable[[dict[str, Any]], Reply]:
    """A good answer with another usage."""

    def answered(request: dict[str, Any]) -> Reply:
        value = json.loads(well_answering(request).body)
        return Reply.of_json(200, {**value, "usage": values})

    return answered


@pytest.mark.parametrize(
    ("sent", "tokens"),
    [
        ({"prompt_tokens": 1500, "completion_tokens": 400, "total_tokens": 9900}, (1500, 0, 8400)),
        (
            {"prompt_tokens": 100, "completion_tokens": 50, "completion_tokens_details": {"reasoning_tokens": 700}},
            (100, 0, 750),
        ),
        (
            {"prompt_tokens": 100, "completion_tokens": 750, "completion_tokens_details": {"reasoning_tokens": 700}},
            (100, 0, 750),
        ),
        ({"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 99}}, (10, 10, 5)),
        ({"prompt_tokens": "10", "completion_tokens": 5.0, "total_tokens": None}, (10, 0, 5)),
        ({"prompt_tokens": -10, "completion_tokens": True, "total_tokens": 1e300}, (0, 0, 0)),
        ({"prompt_tokens": float("nan"), "completion_tokens": [5], "total_tokens": "many"}, (0, 0, 0)),
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 3}, (10, 0, 5)),
        ({}, (0, 0, 0)),
    ],
)
def test_what_was_used_is_booked_whatever_a_provider_says_of_it(sent: dict[str, Any], tokens: tuple[int, ...]) -> None:
    booked = tokens_of(sent)
    assert (booked.input, booked.cached_input, booked.output) == tokens
    cost = cost_usd("gpt-4o-mini", booked)
    assert cost is not None
    assert cost >= 0


def test_thoughts_that_stand_in_the_total_alone_count_for_the_limit(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(few_papers(PAPERS), usage(prompt_tokens=1500, completion_tokens=400, total_tokens=9900))
    monkeypatch.setenv("DAILY_PAPERS_OUTPUT_TOKENS", "1000")
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "25000")
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "1")
    fetch(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    assert 0 < spent(library)[1] <= 25_000
    assert spent(library)[1] % 9900 == 0
