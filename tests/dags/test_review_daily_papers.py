"""The DAG that asks people, without a scheduler (with one: tests/e2e/test_scheduler.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from daily_papers.lake.library import Library, open_library
from daily_papers.orchestration.review_operator import AskAboutPaper, Option
from daily_papers.orchestration.review_tasks import record_decision
from daily_papers.runs.claim import RunIdentity, claim_review
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.summaries.decisions import decisions
from daily_papers.upkeep import review
from tests.support.airflow import run_dag, states
from tests.support.data import few_papers
from tests.support.models import ScriptedModel
from tests.support.steps import run_day
from tests.upkeep.test_review import FIRST, FlawedModel, state

DAG = "review_daily_papers"
FIRST_RUN, SECOND_RUN = RunIdentity(DAG, "first"), RunIdentity(DAG, "second")


def test_without_quarantined_papers_nobody_is_asked(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    result = run_dag({"date": SAMPLE_DATE.isoformat()}, dag_id=DAG)
    assert result.state == "success"
    assert set(states(result).values()) == {"skipped"}


def test_an_unknown_parameter_is_refused() -> None:
    assert run_dag({"dates": "2025-05-21"}, dag_id=DAG).state == "failed"


def answered(option: Option, why: str | None, name: str = "Ada") -> dict[str, Any]:
    user = {"id": "ada", "name": name} if name else None
    params = {} if why is None else {"why": why}
    return {
        "chosen_options": [option.value],
        "params_input": params,
        "responded_at": datetime.now(UTC),
        "responded_by_user": user,
        "timedout": not name,
    }


def test_an_answer_is_passed_on_and_one_without_grounds_asked_again() -> None:
    operator = AskAboutPaper(task_id="ask", paper_id=FIRST, version="0" * 16)
    assert operator.execute_complete({}, answered(Option.APPROVE, " it is  right ")) == {
        "paper_id": FIRST, "version": "0" * 16, "option": "Approve", "why": "it is right", "by": "Ada",
    }  # fmt: skip
    assert operator.execute_complete({}, answered(Option.LATER, "", name=""))["option"] == "Later"
    assert operator.template_fields == ("paper_id", "version")


def asked(library: Library) -> dict[str, str]:
    [paper] = review.papers_to_ask_about(library, [SAMPLE_DATE])
    return paper


@pytest.mark.parametrize("why", ["", " \n", None, "x" * 2001])
def test_a_decision_without_proper_grounds_asks_again_unless_it_is_settled(
    serve: Callable[..., LocalServer], library: Library, why: str | None
) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    operator = AskAboutPaper(task_id="ask", **asked(library))
    review.reject(library, FIRST, by="kim", why="틀렸다")
    with pytest.raises(AirflowSkipException, match="has been decided on"):
        operator.execute_complete({}, answered(Option.APPROVE, why))


def test_a_decision_is_recorded_once_and_for_the_answer_it_is_about(
    serve: Callable[..., LocalServer], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    answer = {**asked(library), "why": "읽어 보니 맞다", "by": "Ada"}
    with pytest.raises(AirflowSkipException, match="Nothing was decided"):
        record_decision({**answer, "option": "Later"})
    with pytest.raises(AirflowSkipException, match="a new answer by now"):
        record_decision({**answer, "option": "Approve", "version": "0" * 16})
    assert decisions(library, FIRST) == []
    record_decision({**answer, "option": "Approve"})
    record_decision({**answer, "option": "Approve"})  # the task is tried again after the decision was kept
    assert state(library) == "complete approved"
    assert len(decisions(library, FIRST)) == 1


def test_a_paper_is_asked_about_by_one_run_at_a_time(library: Library) -> None:
    library = open_library()
    assert claim_review(library, FIRST, FIRST_RUN, lambda _: True)
    assert claim_review(library, FIRST, FIRST_RUN, lambda _: True)
    assert not claim_review(library, FIRST, SECOND_RUN, lambda _: True)
    assert claim_review(library, FIRST, SECOND_RUN, lambda _: False)


def test_a_question_escapes_what_is_from_outside(serve: Callable[..., LocalServer], library: Library) -> None:
    listings = few_papers(1)
    listings.items_by_date[SAMPLE_DATE][0]["paper"]["title"] = "![x](//evil.example) <b>{{ 7 * 7 }}</b>"
    serve(listings, FlawedModel())
    run_day(SAMPLE_DATE)
    subject, body = review.review_question(library, **asked(library)) or ("", "")
    assert subject == f"{FIRST} ({SAMPLE_DATE}): number_not_in_source"
    assert r"!\[x\](//evil.example) \<b\>\{\{ 7 \* 7 \}\}\</b\>" in body
    assert "원문에 없는 숫자나 단위, 범위 표현이 있습니다. — method: 98,765" in body
    assert "## 7. 후속 연구 아이디어 또는 확장 방향" in body
