"""The second reader: what it contradicts is repaired, then quarantined; what it does wrong costs nobody a summary."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library, open_library
from daily_papers.rows.day_file import details_of, read_day_file
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, requested_paper
from daily_papers.summaries.call_store import Call, CallStore
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.summaries.verify import papers_to_verify, verify_papers
from daily_papers.upkeep.refresh import why_to_run
from daily_papers.upkeep.review import approve
from daily_papers.warehouse import publication
from tests.support.data import few_papers
from tests.support.models import TEXTS, ScriptedModel, failure, good_answer, well_answering
from tests.support.second_reader import SecondReader, first_words, statements_of, supports
from tests.support.steps import ask, fetch

FIRST = sample_items()[0]["paper"]["id"]
TITLE = sample_items()[0]["paper"]["title"]
TEXT = " ".join(sample_items()[0]["paper"]["summary"].split())
FALSE = "나머지 가중치까지 모두 학습하고 인코더는 쓰지 않는다 (빙하 관측소, 온도 계기, 얼음 두께)."
Serve = Callable[..., LocalServer]


def answer(**sections: str) -> str:
    made = good_answer({"paper_id": FIRST, "text": f"{TITLE}\n\n{TEXT}"})
    for key, markdown in sections.items():
        made["sections"][key]["markdown"] = markdown
    return json.dumps(made)


def contradicts(text: str, passages: str) -> tuple[str, str]:
    """Everything is true but what is planted."""
    return ("contradicted", first_words(passages)) if text == FALSE else supports(text, passages)


def literal_words(told: str) -> bool:
    """Whether a text names words of the source that contradict a statement."""
    words = re.findall("the source says “([^”]+)”", told)
    return bool(words) and all(one in TEXT for one in words)


@pytest.fixture(autouse=True)
def _second_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_VERIFIER_MODEL", "reader")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")
    monkeypatch.setenv("DAILY_PAPERS_SOURCE", "abstract")


def started(serve: Serve, reader: SecondReader, papers: int = 1) -> LocalServer:
    server = serve(few_papers(papers), reader)
    fetch(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    return server


def verify() -> list[str]:
    library = open_library()
    access = ModelAccess.from_settings(library.settings)
    verifier_access, papers = access.for_verifier(library.settings), papers_to_verify(library, SAMPLE_DATE)
    return asyncio.run(verify_papers(library, access, verifier_access, SAMPLE_DATE, papers, run="test"))


def row() -> dict[str, Any]:
    audit_day(open_library(), SAMPLE_DATE)
    return read_day_file(open_library(), SAMPLE_DATE)[0]


def verifying_calls() -> list[Call]:
    return [call for call in CallStore(open_library()).calls(FIRST) if call.verifies is not None]


def test_a_supported_summary_is_verified_in_one_call(serve: Serve) -> None:
    reader = SecondReader(well_answering)
    started(serve, reader)
    assert verify() == []
    assert len(reader.asked) == 1
    found = row()
    assert (found["status"], found["warnings"], found["findings"]) == ("complete", [], [])
    assert verify() == []
    assert len(reader.asked) == 1
    assert papers_to_verify(open_library(), SAMPLE_DATE) == []


def test_it_gets_every_statement_with_its_passages_and_nothing_that_is_inferred(serve: Serve) -> None:
    made = json.loads(answer(results="- **정확도**가 모든 비교 대상을 앞선다. 자원이 적으면 격차가 벌어진다."))
    made["sections"]["limitations"] |= {"basis": "inferred", "quotes": []}
    reader = SecondReader(ScriptedModel({FIRST: [json.dumps(made)]}))
    started(serve, reader)
    verify()
    [asked] = reader.asked
    said = statements_of(asked)
    assert said[0] == "시험용 제목"
    assert "정확도가 모든 비교 대상을 앞선다." in said
    assert "자원이 적으면 격차가 벌어진다." in said
    assert not any(TEXTS["limitations"][:20] in one for one in said)
    assert any(one.startswith(":") for one in said) == bool(made["results_rows"])
    elements = json.loads(requested_paper(asked)["text"])
    quote = made["sections"]["method"]["quotes"][0]
    assert all(quote in one["passages"] for one in elements if one["part"] == "method")
    assert asked["model"] == "reader"


def test_what_it_contradicts_is_repaired_and_judged_again(serve: Serve) -> None:
    writer = ScriptedModel({FIRST: [answer(method=FALSE), None]})
    reader = SecondReader(writer, contradicts)
    server = started(serve, reader)
    assert verify() == []
    repair = server.completion_requests[2]
    told = repair["messages"][2]["content"]
    assert "`method`" in told
    assert FALSE[:20] in told
    assert literal_words(told)  # with the words that decide
    assert "`results`" not in told
    assert [FALSE in statements_of(one) for one in reader.asked] == [True, False]
    found = row()
    assert (found["status"], found["repairs"], found["warnings"]) == ("complete", 1, [])
    assert found["method_markdown"] == TEXTS["method"]


def test_what_stays_contradicted_is_quarantined_with_the_words_that_decide(serve: Serve, library: Library) -> None:
    reader = SecondReader(ScriptedModel({FIRST: [answer(method=FALSE)]}), contradicts)
    started(serve, reader)
    verify()
    found = row()
    assert (found["status"], found["reasons"]) == ("quarantined", ["contradicted"])
    assert literal_words(details_of(found, "contradicted"))
    assert len(reader.asked) == 1  # the repairs said the same, so there was nothing else to judge
    approve(library, FIRST, by="Kim", why="맞는 문장이다")
    assert row()["status"] == "complete"
    assert papers_to_verify(library, SAMPLE_DATE) == []  # a person decided


def test_what_it_does_not_find_is_a_warning(serve: Serve) -> None:
    def unsure(text: str, passages: str) -> tuple[str, str]:
        return ("not_found", "") if text == FALSE else supports(text, passages)

    reader = SecondReader(ScriptedModel({FIRST: [answer(method=FALSE)]}), unsure)
    started(serve, reader)
    verify()
    found = row()
    assert (found["status"], found["warnings"]) == ("complete", ["statement_not_found"])
    assert FALSE[:20] in details_of(found, "statement_not_found")


def test_statements_that_it_leaves_out_are_not_verified_and_the_others_are(serve: Serve) -> None:
    def half(answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "judgements": answer["judgements"][:-1]}

    reader = SecondReader(ScriptedModel({FIRST: [answer(method=FALSE)]}), contradicts, half)
    started(serve, reader)
    verify()
    found = row()
    assert (found["status"], found["reasons"], found["warnings"]) == ("quarantined", ["contradicted"], ["not_verified"])


def test_a_second_try_that_can_be_used_counts(serve: Serve) -> None:
    answers: list[Callable[[dict[str, Any]], dict[str, Any] | str]] = [lambda _: "no", lambda answer: answer]
    reader = SecondReader(well_answering, spoiled=lambda answer: answers.pop(0)(answer))  # noqa: PLW0108  # pops at each call
    started(serve, reader)
    verify()
    assert row()["warnings"] == []


def test_while_it_is_down_the_summary_is_published_and_a_later_run_asks_again(serve: Serve) -> None:
    reader = SecondReader(well_answering, spoiled=lambda _: failure(503))
    started(serve, reader)
    assert verify() == [FIRST]
    found = row()
    assert (found["status"], found["warnings"]) == ("complete", ["not_verified"])
    assert [call.error for call in verifying_calls()] == ["provider_unavailable"]
    assert "second reader has not judged: 1" in str(why_to_run(open_library(), SAMPLE_DATE))
    reader.spoiled = lambda answer: answer
    assert verify() == []
    assert row()["warnings"] == []
    assert why_to_run(open_library(), SAMPLE_DATE) is None


@pytest.mark.parametrize("status", [401, 402, 404])
def test_what_nobody_but_a_person_can_correct_names_the_setting(serve: Serve, status: int) -> None:
    reader = SecondReader(well_answering, spoiled=lambda _: failure(status))
    started(serve, reader, papers=2)
    with pytest.raises(TerminalError, match="VERIFIER_MODEL" if status == 404 else "OPENAI_API_KEY"):
        verify()
    assert row()["status"] == "complete"


def test_a_refusal_of_every_request_names_the_setting(serve: Serve) -> None:
    reader = SecondReader(well_answering, spoiled=lambda _: failure(400, "no such thing"))
    started(serve, reader, papers=2)
    with pytest.raises(TerminalError, match="Check DAILY_PAPERS_VERIFIER_MODEL"):
        verify()


def test_its_own_address_gets_its_own_key_and_never_the_models(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    started(serve, SecondReader(well_answering))
    access = ModelAccess.from_settings(open_library().settings)
    assert access.for_verifier(open_library().settings).api_key == access.api_key
    reader = SecondReader(well_answering)
    with LocalServer(few_papers(1), reader) as elsewhere:
        monkeypatch.setenv("DAILY_PAPERS_VERIFIER_BASE_URL", elsewhere.model_address)
        assert access.for_verifier(open_library().settings).api_key is None
        monkeypatch.setenv("DAILY_PAPERS_VERIFIER_API_KEY", "sk-reader-0123456789abcdef")
        own = access.for_verifier(open_library().settings)
        assert (own.api_key, own.base_url) == ("sk-reader-0123456789abcdef", elsewhere.model_address)
        verify()
    assert len(reader.asked) == 1
    monkeypatch.delenv("DAILY_PAPERS_VERIFIER_BASE_URL")
    assert access.for_verifier(open_library().settings).base_url is None  # OpenAI's, not the model's server


def test_its_calls_count_in_the_ledger_and_in_the_limits(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = SecondReader(well_answering)
    started(serve, reader, papers=3)
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "3000")
    assert verify() == []
    assert reader.asked == []
    assert row()["warnings"] == ["not_verified"]
    assert {call.error for call in verifying_calls()} == {"spending_cap"}
    monkeypatch.delenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN")
    verify()
    assert len(reader.asked) == 3
    audit_day(open_library(), SAMPLE_DATE)
    publication.load(open_library(), [SAMPLE_DATE])
    import duckdb

    with duckdb.connect(str(open_library().settings.warehouse_path), read_only=True) as connection:
        counted = connection.sql(
            "SELECT model, is_verification, count(*), sum(input_tokens) > 0 FROM calls GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    assert ("reader", True, len(reader.asked), True) in counted
    assert {row[:2] for row in counted} == {("reader", True), ("test-model", False)}


def test_a_limit_of_dollars_needs_its_price(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    started(serve, SecondReader(well_answering))
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "gpt-4o-mini")
    monkeypatch.setenv("DAILY_PAPERS_MAX_USD_PER_RUN", "1")
    with pytest.raises(TerminalError, match=r"prices\.json has no price for reader"):
        verify()


def test_a_verdict_holds_when_the_second_reader_is_switched_off(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    started(serve, SecondReader(ScriptedModel({FIRST: [answer(method=FALSE)]}), contradicts))
    verify()
    monkeypatch.delenv("DAILY_PAPERS_VERIFIER_MODEL")
    assert row()["reasons"] == ["contradicted"]
    assert papers_to_verify(open_library(), SAMPLE_DATE) == []


def test_another_second_reader_asks_nothing_again(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    started(serve, SecondReader(well_answering))
    verify()
    monkeypatch.setenv("DAILY_PAPERS_VERIFIER_MODEL", "another")
    assert papers_to_verify(open_library(), SAMPLE_DATE) == []


def test_a_damaged_answer_of_one_paper_does_not_hide_the_others(serve: Serve) -> None:
    reader = SecondReader(well_answering)
    started(serve, reader, papers=2)
    for path in open_library().lake.calls(FIRST).glob("*.answer.json"):
        path.write_text("{", encoding="utf-8")
    assert verify() == []
    assert len(reader.asked) == 1


def test_a_damaged_judgement_costs_a_warning_and_no_day(serve: Serve, library: Library) -> None:
    reader = SecondReader(well_answering)
    started(serve, reader)
    verify()
    assert row()["warnings"] == []
    [file] = library.lake.calls(FIRST).glob("*.judgement.json")
    file.write_text("{", encoding="utf-8")
    found = row()
    assert (found["status"], found["warnings"]) == ("complete", ["not_verified"])
    verify()
    assert row()["warnings"] == []
    assert len(reader.asked) == 2


def test_a_contradicted_sentence_stays_so_whatever_else_changes(serve: Serve) -> None:
    more = f"{FALSE} 같은 조건에서 두 번 확인한 문장을 하나 더 적어 둔다."
    reader = SecondReader(ScriptedModel({FIRST: [answer(method=FALSE), answer(method=more)]}), contradicts)
    started(serve, reader)
    reader.spoiled = lambda given: given if len(reader.asked) == 1 else failure(503)
    verify()
    assert FALSE in row()["method_markdown"]
    assert row()["reasons"] == ["contradicted"]


def test_a_correction_that_the_writer_does_not_answer_is_asked_for_again(serve: Serve) -> None:
    writer = ScriptedModel({FIRST: [answer(method=FALSE), failure(503), None]})
    reader = SecondReader(writer, contradicts)
    started(serve, reader)
    assert verify() == [FIRST]
    assert [paper.paper_id for paper in papers_to_verify(open_library(), SAMPLE_DATE)] == [FIRST]
    assert verify() == []
    found = row()
    assert (found["status"], found["repairs"], found["warnings"]) == ("complete", 1, [])


def test_a_rejected_question_is_not_asked_for_ever(serve: Serve) -> None:
    reader = SecondReader(well_answering, spoiled=lambda _: failure(400, "too long"))
    started(serve, reader)
    for _ in range(4):
        verify()
    assert len(reader.asked) == 2
    assert row()["warnings"] == ["not_verified"]
    assert why_to_run(open_library(), SAMPLE_DATE) is None
