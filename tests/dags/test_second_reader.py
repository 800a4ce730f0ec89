"""The step `verify` in a run: only where a second reader is set, and never in the way of a day."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from daily_papers.lake.library import Library
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.airflow import dag_bag, run_dag, states
from tests.support.data import SATURDAY, few_papers
from tests.support.models import failure, good_answer, well_answering
from tests.support.second_reader import Judged, SecondReader, first_words, supports

Serve = Callable[..., LocalServer]
CONF = {"date": SAMPLE_DATE.isoformat()}
DONE = dict.fromkeys(("extract", "read", "summarize", "verify", "audit", "load", "render"), "success")


@pytest.fixture(autouse=True)
def _second_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_VERIFIER_MODEL", "reader")
    monkeypatch.setenv("DAILY_PAPERS_RETRY_DELAY_SECONDS", "0.1")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


def test_a_run_verifies_what_it_summarized_and_nothing_twice(serve: Serve, library: Library) -> None:
    reader = SecondReader(well_answering)
    serve(few_papers(), reader)
    first = run_dag(CONF)
    assert (first.state, states(first)) == ("success", DONE)
    assert len(reader.asked) == 3
    assert [row["warnings"] for row in read_day_file(library, SAMPLE_DATE)] == [[], [], []]
    second = run_dag(CONF)
    assert (second.state, states(second)) == ("success", {**DONE, "summarize": "skipped", "verify": "skipped"})
    assert len(reader.asked) == 3


def test_what_it_contradicts_is_not_published(serve: Serve, library: Library) -> None:
    [method] = {good_answer({"paper_id": "", "text": "a\n\nb"})["sections"]["method"]["markdown"].partition(" (")[0]}

    def contradicts(text: str, passages: str) -> Judged:
        return ("contradicted", first_words(passages)) if text.startswith(method) else supports(text, passages)

    serve(few_papers(1), SecondReader(well_answering, contradicts))
    assert run_dag(CONF).state == "success"
    [row] = read_day_file(library, SAMPLE_DATE)
    assert (row["status"], row["reasons"]) == ("quarantined", ["contradicted"])
    assert not library.lake.digest(SAMPLE_DATE).read_text(encoding="utf-8").count(method)


@pytest.mark.parametrize("status", [401, 503])
def test_a_day_is_published_without_it(serve: Serve, library: Library, status: int) -> None:
    reader = SecondReader(well_answering, spoiled=lambda _: failure(status))
    serve(few_papers(), reader)
    run = run_dag(CONF)
    assert run.state == "success"
    assert states(run)["render"] == "success"
    rows = read_day_file(library, SAMPLE_DATE)
    assert [(row["status"], row["warnings"]) for row in rows] == [("complete", ["not_verified"])] * 3
    reader.spoiled = lambda answer: answer
    assert states(run_dag(CONF)) == {**DONE, "summarize": "skipped"}
    assert {warning for row in read_day_file(library, SAMPLE_DATE) for warning in row["warnings"]} == set()


def test_an_empty_day_has_nothing_to_verify(serve: Serve) -> None:
    serve(few_papers(), SecondReader(well_answering))
    run = run_dag({"date": SATURDAY.isoformat()})
    assert (run.state, states(run)["verify"]) == ("success", "skipped")


def test_a_connection_wins_over_the_environment(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, library: Library
) -> None:
    serve(few_papers(1), well_answering)
    reader = SecondReader(well_answering)
    with LocalServer(few_papers(1), reader) as elsewhere:
        connection = {"conn_type": "openai", "host": elsewhere.model_address, "password": "sk-of-the-connection"}
        monkeypatch.setenv("AIRFLOW_CONN_OPENAI_VERIFIER", json.dumps(connection))
        assert run_dag(CONF).state == "success"
    assert len(reader.asked) == 1
    assert read_day_file(library, SAMPLE_DATE)[0]["warnings"] == []


def test_without_a_second_reader_there_is_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "verify" in dag_bag().dags["daily_papers"].task_ids
    monkeypatch.delenv("DAILY_PAPERS_VERIFIER_MODEL")
    assert "verify" not in dag_bag().dags["daily_papers"].task_ids
