"""Answers that fail are mended: only the failing parts, with the reasons, at most twice, and never paid twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.lake.library import Library, open_library
from daily_papers.reasons import Reason, text_of
from daily_papers.rows.day_file import details_of, read_day_file
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, requested_paper
from daily_papers.sections import SECTION_KEYS
from daily_papers.summaries.call_store import CallStore
from tests.support.data import few_papers
from tests.support.models import KOREAN, TEXTS, ScriptedModel, failure, good_answer
from tests.support.steps import ask, fetch, run_day

FIRST = sample_items()[0]["paper"]["id"]
TEXT = " ".join(sample_items()[0]["paper"]["summary"].split())
INVENTED = f"{KOREAN} 정확도는 91.7%이다."
Serve = Callable[..., LocalServer]


def answer(results_rows: list[dict[str, str]] | None = None, **sections: dict[str, Any]) -> str:
    made = good_answer({"paper_id": FIRST, "text": TEXT})
    for key, values in sections.items():
        made["sections"][key].update(values)
    return json.dumps({**made, "results_rows": results_rows or []})


def started(serve: Serve, *entries: Any) -> LocalServer:
    server = serve(few_papers(1), ScriptedModel({FIRST: list(entries)}))
    fetch(SAMPLE_DATE)
    return server


def row(library: Library) -> dict[str, Any]:
    audit_day(open_library(), SAMPLE_DATE)
    [found] = read_day_file(library, SAMPLE_DATE)
    return found


def schema(request: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = request["response_format"]["json_schema"]["schema"]["properties"]
    return properties


def test_only_the_failing_parts_are_asked_for_with_their_reasons(serve: Serve, library: Library) -> None:
    bad = answer(
        [{"metric": "accuracy", "dataset": "", "value": "12.34", "baseline": ""}],
        results={"markdown": INVENTED},
        method={"quotes": ["We train on 9 planets."]},
    )
    server = started(serve, bad, None)
    ask(SAMPLE_DATE)
    first, repair = server.completion_requests
    assert list(schema(repair)) == ["paper_id", "sections", "results_rows"]
    assert list(schema(repair)["sections"]["properties"]) == ["method", "results"]
    assert repair["messages"][:2] == first["messages"]  # what providers have cached
    told = repair["messages"][2]["content"]
    number = text_of(Reason.NUMBER_NOT_IN_SOURCE).english
    assert f"- `results`: {number} (91.7%)" in told
    assert "- `method`: A quote does not occur in the source. (We train on 9 planets.)" in told
    assert f"- `results_rows`: {number} (12.34)" in told
    assert "motivation" not in told
    assert INVENTED in told
    found = row(library)
    assert (found["status"], found["repairs"], found["results_rows"]) == ("complete", 1, [])
    assert found["results_markdown"] == TEXTS["results"]


def test_what_was_good_stays_as_it_was(serve: Serve, library: Library) -> None:
    special = "이 절은 처음부터 옳았으므로 고친 뒤에도 한 글자도 바뀌지 않아야 한다고 적어 둔 글이다."
    started(serve, answer(results={"markdown": INVENTED}, motivation={"markdown": special}), None)
    ask(SAMPLE_DATE)
    found = row(library)
    assert found["motivation_markdown"] == special
    assert all(found[f"{key}_markdown"].startswith(TEXTS[key].removesuffix(")")) for key in SECTION_KEYS[1:])


def test_after_two_repairs_an_answer_keeps_its_reasons(serve: Serve, library: Library) -> None:
    server = started(serve, answer(results={"markdown": INVENTED}))
    for _ in range(3):
        ask(SAMPLE_DATE)
    assert len(server.completion_requests) == 3
    assert "try 1 of 2" in server.completion_requests[1]["messages"][2]["content"]
    assert "try 2 of 2" in server.completion_requests[2]["messages"][2]["content"]
    found = row(library)
    assert (found["status"], found["reasons"], found["repairs"]) == ("quarantined", ["number_not_in_source"], 2)
    assert found["findings"] == [{"reason": "number_not_in_source", "part": "results", "detail": "91.7%"}]
    assert details_of(found, "number_not_in_source") == "results: 91.7%"


def test_an_unreadable_answer_is_asked_for_as_a_whole(serve: Serve, library: Library) -> None:
    server = started(serve, "Here is your summary!", None)
    ask(SAMPLE_DATE)
    assert list(schema(server.completion_requests[1])) == list(schema(server.completion_requests[0]))
    assert "The answer is not JSON." in server.completion_requests[1]["messages"][2]["content"]
    assert row(library)["status"] == "complete"


def test_a_repair_that_came_is_not_paid_again_when_the_next_one_fails(serve: Serve, library: Library) -> None:
    half = answer(results={"markdown": INVENTED})
    server = started(serve, answer(results={"markdown": INVENTED}, method={"basis": "inferred"}), half, failure(400))
    ask(SAMPLE_DATE)
    assert len(server.completion_requests) == 3
    assert row(library)["reasons"] == ["request_rejected"]
    server.answers = ScriptedModel()
    assert run_day(SAMPLE_DATE).complete == 1
    assert len(server.completion_requests) == 4
    last = server.completion_requests[-1]
    assert list(schema(last)["sections"]["properties"]) == ["results"]
    assert "try 2 of 2" in last["messages"][2]["content"]
    assert row(library)["repairs"] == 2


OTHER = "다른 논문을 두고 한 말이므로 여기에 들어와서는 안 되는 문장이며, 고친 것으로도 볼 수 없다."


@pytest.mark.parametrize(
    ("repair", "mended"),
    [
        ("no JSON", False),
        (answer(results={"markdown": OTHER}).replace(FIRST, "2505.99999"), False),
        (json.dumps({"paper_id": FIRST, "sections": {}}), False),
        (answer(results={"markdown": TEXTS["results"]}, motivation={"markdown": OTHER}), True),
    ],
)
def test_a_repair_changes_what_it_was_asked_for_and_nothing_else(
    serve: Serve, library: Library, repair: str, mended: bool
) -> None:
    started(serve, answer(results={"markdown": INVENTED}), repair)
    ask(SAMPLE_DATE)
    found = row(library)
    assert found["motivation_markdown"] == TEXTS["motivation"]
    assert found["results_markdown"] == (TEXTS["results"] if mended else INVENTED)


def test_rows_that_a_repair_leaves_out_stay(serve: Serve, library: Library) -> None:
    rows = [{"metric": "accuracy", "dataset": "", "value": value, "baseline": ""} for value in ("none", "12.34")]
    partial = json.dumps({"paper_id": FIRST, "sections": {}})
    started(serve, answer(rows), partial)
    ask(SAMPLE_DATE)
    found = row(library)
    assert (found["status"], len(found["results_rows"])) == ("quarantined", 2)


def test_a_title_is_checked_and_mended(serve: Serve, library: Library) -> None:
    bad = json.dumps({**json.loads(answer()), "title_ko": "Failed to summarize: internal error"})
    server = started(serve, bad, json.dumps({"paper_id": FIRST, "title_ko": "통합 멀티모달 사전학습"}))
    ask(SAMPLE_DATE)
    assert list(schema(server.completion_requests[1])) == ["paper_id", "title_ko"]
    found = row(library)
    assert (found["status"], found["translated_title"]) == ("complete", "통합 멀티모달 사전학습")


def test_a_clock_that_was_set_back_undoes_no_repair(serve: Serve, library: Library) -> None:
    half = answer(results={"markdown": INVENTED}, method={"markdown": TEXTS["method"]})
    started(serve, answer(results={"markdown": INVENTED}, method={"basis": "inferred"}), half, None)
    ask(SAMPLE_DATE)
    *_, second = CallStore(library).calls(FIRST)
    assert second.repair_number == 2
    path = library.lake.calls(FIRST) / f"{second.key}.answer.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "asked_at": "2020-01-01T00:00:00+00:00"}))
    assert row(library)["status"] == "complete"


def test_the_ledger_tells_repairs_from_first_answers(serve: Serve, library: Library) -> None:
    started(serve, answer(results={"markdown": INVENTED}), None)
    ask(SAMPLE_DATE)
    first, repair = CallStore(library).calls(FIRST)
    assert (first.repairs, first.parts) == (None, ())
    assert (repair.repairs, repair.parts) == (first.key, ("results",))


def test_a_repaired_day_is_the_same_from_its_inputs(serve: Serve, library: Library) -> None:
    started(serve, answer(results={"markdown": INVENTED}), None)
    ask(SAMPLE_DATE)
    row(library)
    before = library.lake.day_file(SAMPLE_DATE).read_bytes()
    row(library)
    assert library.lake.day_file(SAMPLE_DATE).read_bytes() == before


def test_the_model_is_told_about_the_paper_in_one_place(serve: Serve) -> None:
    server = started(serve, answer(results={"markdown": INVENTED}), None)
    ask(SAMPLE_DATE)
    assert {requested_paper(request)["paper_id"] for request in server.completion_requests} == {FIRST}
