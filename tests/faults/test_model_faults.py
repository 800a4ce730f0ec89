"""What a failing model, or its provider, does to a paper: the second table of docs/faults.md, case by case."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library, open_library
from daily_papers.publish.digest import render_stored_day
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.sections import SECTION_KEYS
from daily_papers.summaries.call_store import CallStore
from daily_papers.summaries.paper_record import MOST_REPAIRS
from tests.support.data import few_papers
from tests.support.models import HTML, KOREAN, ScriptedModel, failure, good_answer
from tests.support.steps import ask, fetch

FIRST, SECOND, THIRD = (one["paper"]["id"] for one in sample_items()[:3])
_LISTED = sample_items()[1]["paper"]
PAPER = {"paper_id": SECOND, "text": f"{_LISTED['title']}\n\n{' '.join(_LISTED['summary'].split())}"}
KEY = "sk-test-0123456789abcdef"
RETRIES = 1
DEEP = b', "more": ' + b"[" * 900 + b"]" * 900 + b"}"
COMPLETE, PENDING = "complete", "pending"


def stopped(words: str) -> str:
    return f"the run stops: {words}"


@dataclass(frozen=True)
class Case:
    """One line of the table: what the model does with one of three papers, and how that paper ends."""

    name: str
    entries: tuple[Reply | str | None, ...]
    end: str
    reasons: tuple[str, ...] = ()
    calls: int = 1


def answer(change: Callable[[dict[str, Any]], object] = lambda _: None) -> str:
    made = json.loads(json.dumps(good_answer(PAPER)))
    change(made)
    return json.dumps(made, ensure_ascii=False)


def section(key: str, **values: object) -> str:
    return answer(lambda made: made["sections"][key].update(values))


def message(content: object, finish_reason: str = "stop", **more: object) -> Reply:
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": content, **more}}
    return Reply.of_json(200, {"id": "x", "object": "chat.completion", "model": "m", "choices": [choice]})


def quarantined(name: str, entry: Reply | str, *reasons: str, calls: int = 1 + MOST_REPAIRS) -> Case:
    return Case(name, (entry,), "quarantined", reasons, calls)


def mended(name: str, *entries: Reply | str) -> Case:
    return Case(name, (*entries, None), COMPLETE, calls=len(entries) + 1)


def passing(name: str, fault: Reply) -> Case:
    return Case(name, (fault, None), COMPLETE, calls=2)


def unanswered(name: str, fault: Reply, reason: str = "provider_unavailable", calls: int = 1 + RETRIES) -> Case:
    return Case(name, (fault,), PENDING, (reason,), calls)


WELL = message(answer())
SLOW = replace(WELL, delay_seconds=3.5)
INVENTED = f"{KOREAN} 정확도는 91.7%이다."

CASES = [
    quarantined("the answer is cut at the length limit", message(answer()[:300], "length"), "answer_truncated"),
    quarantined("the model refuses", message(None, refusal="I cannot help with that."), "answer_refused", calls=1),
    quarantined("a content filter strikes", message("", "content_filter"), "answer_refused", calls=1),
    quarantined("an empty answer", message(""), "answer_empty"),
    quarantined("white space", message(" \n\t"), "answer_empty"),
    quarantined("no content", message(None), "answer_empty"),
    quarantined("an apology instead of JSON", "Failed to summarize: internal error", "answer_not_json"),
    quarantined("JSON in a code fence", f"```json\n{answer()}\n```", "answer_not_json"),
    quarantined("JSON after a sentence", f"Here it is: {answer()}", "answer_not_json"),
    quarantined("a JSON list", "[]", "schema_mismatch"),
    quarantined("a key is missing", answer(lambda made: made.pop("results_rows")), "schema_mismatch"),
    quarantined("a value of another type", section("method", quotes="none"), "schema_mismatch"),
    quarantined("an unknown basis", section("method", basis="guessed"), "schema_mismatch"),
    Case("a lone surrogate in its title", (answer().replace("시험용", "시험용\\ud83d"),), COMPLETE),
    Case("a NUL and other unseen characters", (answer().replace("시험용", "시험\\u0000\\u200b용\\u202e"),), COMPLETE),
    quarantined("the answer names another paper", answer(lambda made: made.update(paper_id=FIRST)), "wrong_paper"),
    quarantined("a section is missing", answer(lambda made: made["sections"].pop("results")), "section_missing"),
    quarantined("a section is empty", section("results", markdown=""), "section_empty"),
    quarantined("English instead of Korean", section("method", markdown="We train a model on data."), "wrong_language"),
    quarantined("a heading and a table", section("method", markdown=f"## 방법\n\n{KOREAN}"), "forbidden_markdown"),
    quarantined("an invented quote", section("method", quotes=["We train on 9 planets."]), "quote_not_in_source"),
    quarantined("an invented number", section("results", markdown=INVENTED), "number_not_in_source"),
    quarantined("filler", section("results", markdown="구체적인 수치는 제공되지 않았습니다."), "filler"),
    mended("an invented number, once", section("results", markdown=INVENTED)),
    mended(
        "an invented number, then another one",
        section("results", markdown=INVENTED),
        section("results", markdown=INVENTED.replace("91", "93")),
    ),
    mended("a missing section, once", answer(lambda made: made["sections"].pop("results"))),
    mended("JSON in a code fence, once", f"```json\n{answer()}\n```"),
    mended("another paper, once", answer(lambda made: made.update(paper_id=FIRST))),
    Case(
        "an invented number, and the repair fails for good",
        (section("results", markdown=INVENTED), failure(503)),
        PENDING,
        ("provider_unavailable",),
        2 + RETRIES,
    ),
    Case(
        "an invented number, and the repair is refused",
        (section("results", markdown=INVENTED), message(None, refusal="no"), None),
        COMPLETE,
        (),
        3,
    ),
    Case("no usage is sent", (WELL,), COMPLETE),
    passing("408 once", failure(408)),
    passing("409 once", failure(409)),
    passing("429 with `Retry-After`, once", failure(429, Retry_After="1")),
    passing("429 without it, once", failure(429)),
    passing("500 once", failure(500)),
    passing("connection reset once", replace(WELL, reset=True)),
    passing("the body is cut once", replace(WELL, sent_bytes=40)),
    passing("no answer in time, once", SLOW),
    unanswered("429 all the time", failure(429)),
    unanswered("503 all the time", failure(503)),
    unanswered("connection reset all the time", replace(WELL, reset=True)),
    unanswered("no answer in time, ever", SLOW),
    unanswered("an answer that trickles", replace(WELL, trickle_seconds=0.02), calls=1),
    unanswered("JSON that is not a completion", Reply.of_json(200, {"ok": True}), calls=1),
    unanswered("no choices", Reply.of_json(200, {"choices": []}), calls=1),
    unanswered("a choice without a message", Reply.of_json(200, {"choices": [{"index": 0}]}), calls=1),
    unanswered("an answer that ends in an error (200)", message(answer()[:200], "error"), calls=1),
    *[
        unanswered(f"an answer that breaks off with `{reason}`", message(answer()[:200], reason), calls=1)
        for reason in ("insufficient_system_resource", "network_error", "abort", "CANCELLED")
    ],
    Case("a whole answer that ends with `abort`", (message(answer(), "abort"),), COMPLETE),
    *[
        quarantined(f"an answer that ends with `{reason}`", message(answer()[:200], reason), "answer_refused", calls=1)
        for reason in ("SAFETY", "RECITATION", "sensitive")
    ],
    *[
        quarantined(f"an answer that ends with `{reason}`", message(answer()[:200], reason), "answer_truncated")
        for reason in ("MAX_TOKENS", "model_length")
    ],
    unanswered(
        "a request too long, as an error within 200",
        Reply.of_json(200, {"error": {"code": 400, "message": "too long"}}),
        "request_rejected",
        1,
    ),
    unanswered(
        "a model that is named like a filter is unknown",
        failure(400, "Unknown model 'llama-guardrail-7b'", code="model_not_found"),
        "request_rejected",
        1,
    ),
    unanswered("an error in the place of choices (200)", Reply.of_json(200, {"error": {"message": "lost"}}), calls=1),
    unanswered("an error in the choice (200)", Reply.of_json(200, {"choices": [{"error": {"code": 502}}]}), calls=1),
    quarantined(
        "a content filter that is a 400", failure(400, "filtered", code="content_filter"), "answer_refused", calls=1
    ),
    unanswered("400 for this paper", failure(400, "context too long"), "request_rejected", 1),
    unanswered("422 for this paper", failure(422, "schema"), "request_rejected", 1),
    Case("401", (failure(401, f"bad key {KEY}"),), stopped("Set OPENAI_API_KEY")),
    Case(
        "a rejected key, as an error within 200",
        (Reply.of_json(200, {"error": {"code": "401"}}),),
        stopped("Set OPENAI_API_KEY"),
    ),
    Case("402", (failure(402),), stopped("no credit left")),
    Case(
        "429 `insufficient_quota`",
        (failure(429, code="insufficient_quota"),),
        stopped("no credit left"),
        calls=1 + RETRIES,
    ),
    Case("404", (failure(404),), stopped("Check DAILY_PAPERS_MODEL")),
    *(
        unanswered(name, Reply(200, body, {"Content-Type": "application/json"}), calls=1)
        for name, body in (
            ("JSON nested without end (200)", b"[" * 100_000),
            ("a completion with something nested 900 deep (200)", message(answer()).body[:-1] + DEEP),
            ("JSON that was cut (200)", message(answer()).body[:200]),
            ("an empty body (200)", b""),
            ("bytes that are not UTF-8 (200)", b"\xff\xfe\x00"),
        )
    ),
    Case("a login page (HTML)", (HTML,), stopped("Set OPENAI_BASE_URL")),
]


def table() -> str:
    lines = ["| what the model or its provider does | how the paper ends | requests |", "|---|---|---|"]
    for case in CASES:
        reasons = f": {', '.join(f'`{reason}`' for reason in case.reasons)}" if case.reasons else ""
        lines.append(f"| {case.name} | {case.end}{reasons} | {case.calls} |")
    return "\n".join(lines) + "\n"


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", str(RETRIES))
    monkeypatch.setenv("DAILY_PAPERS_TIMEOUT_SECONDS", "3")
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "1")  # the others come before and after it


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_fault_ends_as_the_table_says(case: Case, serve: Callable[..., LocalServer], library: Library) -> None:
    model = ScriptedModel({SECOND: case.entries})
    serve(few_papers(), model)
    fetch(SAMPLE_DATE)
    if case.end.startswith("the run stops"):
        with pytest.raises(TerminalError, match=case.end.removeprefix("the run stops: ")) as caught:
            ask(SAMPLE_DATE)
        assert KEY not in str(caught.value)
    else:
        assert ask(SAMPLE_DATE) == ([SECOND] if "provider_unavailable" in case.reasons else [])
    audit_day(open_library(), SAMPLE_DATE)
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    row, digest = rows[SECOND], render_stored_day(library, SAMPLE_DATE)
    assert model.calls[SECOND] == case.calls
    assert all(call.error_detail is None or KEY not in call.error_detail for call in CallStore(library).calls(SECOND))
    if case.end == COMPLETE:
        assert (row["status"], row["reasons"]) == (COMPLETE, [])
    else:
        assert row["status"] == (PENDING if case.end.startswith("the run stops") else case.end)
        assert set(case.reasons) <= set(row["reasons"])
        assert f"## {SECOND}\n" not in digest
    if row["status"] == PENDING or (row["reasons"][:1] and row["reasons"][0].startswith(("answer_", "schema_"))):
        assert [row[f"{key}_markdown"] for key in SECTION_KEYS] == [None] * len(SECTION_KEYS)
    assert "Failed to summarize" not in digest
    assert rows[FIRST]["status"] == COMPLETE
    if not case.end.startswith("the run stops"):
        assert rows[THIRD]["status"] == COMPLETE


@pytest.mark.parametrize(
    "body", [b"OK", b'{"papers": []}', b"", b"[" * 100_000], ids=["text", "JSON", "nothing", "deep"]
)
def test_an_address_where_nothing_is_a_completion_is_named(body: bytes, serve: Callable[..., LocalServer]) -> None:
    serve(few_papers(), ScriptedModel(dict.fromkeys((FIRST, SECOND, THIRD), (Reply(200, body),))))
    fetch(SAMPLE_DATE)
    with pytest.raises(TerminalError, match=r"not a chat completion. Set OPENAI_BASE_URL"):
        ask(SAMPLE_DATE)


@pytest.mark.parametrize(
    "fault", [message(answer()[:200], "error"), Reply.of_json(200, {"error": {"message": "lost"}, "usage": {}})]
)
def test_what_a_gateway_says_is_asked_for_again_and_a_filter_is_not(
    fault: Reply, serve: Callable[..., LocalServer], library: Library
) -> None:
    filtered = failure(400, "filtered", code="content_filter")
    model = ScriptedModel({SECOND: (fault, None), THIRD: (filtered, None)})
    serve(few_papers(), model)
    fetch(SAMPLE_DATE)
    assert ask(SAMPLE_DATE) == [SECOND]
    assert ask(SAMPLE_DATE) == []
    assert model.calls == {FIRST: 1, SECOND: 2, THIRD: 1}
    audit_day(open_library(), SAMPLE_DATE)
    assert [row["status"] for row in read_day_file(library, SAMPLE_DATE)].count(COMPLETE) == 2


def test_an_answer_that_an_earlier_version_took_for_one_is_asked_for_again(
    serve: Callable[..., LocalServer], library: Library
) -> None:
    model = ScriptedModel()
    serve(few_papers(), model)
    fetch(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    [path] = library.lake.calls(SECOND).glob("*.answer.json")
    kept = json.loads(path.read_bytes())
    kept["response"]["choices"][0]["finish_reason"] = "error"
    path.write_text(json.dumps(kept))
    assert ask(SAMPLE_DATE) == []
    assert model.calls == {FIRST: 1, SECOND: 2, THIRD: 1}
    assert ask(SAMPLE_DATE) == []
    assert model.calls[SECOND] == 2


def test_the_table_is_large_enough() -> None:
    assert len(CASES) >= 30
