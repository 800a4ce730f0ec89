"""The DAG run in this process: its states, that nothing is paid twice, and what bad input ends in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daily_papers.audit.day_status import DayStatus, day_summary
from daily_papers.lake.library import Library
from daily_papers.orchestration.names import FAILURE_LOGGER
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import RecordedListings, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, no_document, sample_answer
from daily_papers.summaries.call_store import CallStore
from tests.support.airflow import run_dag, states
from tests.support.arxiv import PAPER_ID, Arxiv, arxiv_page, listed
from tests.support.contents import hashes, published, tables, tables_but_looks
from tests.support.data import SATURDAY, few_papers
from tests.support.models import HTML, ScriptedModel, failure
from tests.support.steps import run_day

Serve = Callable[..., LocalServer]
CONF = {"date": SAMPLE_DATE.isoformat()}
FIRST, SECOND, THIRD = "2505.14683", "2505.11594", "2505.14246"
DONE = dict.fromkeys(("extract", "read", "summarize", "audit", "load", "render"), "success")
STOPPED = dict.fromkeys(("read", "summarize", "audit", "load", "render"), "upstream_failed")


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_RETRY_DELAY_SECONDS", "0.1")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


def test_the_sample_day_twice(serve: Serve, home: Path, library: Library) -> None:
    server = serve(RecordedListings({SAMPLE_DATE: sample_items()}), sample_answer)
    first = run_dag(CONF)
    assert (first.state, states(first)) == ("success", DONE)
    assert sum(task_id == "summarize" for task_id, _ in first.tasks) == 1
    assert len(server.completion_requests) == 32
    assert day_summary(library, SAMPLE_DATE).complete == 32
    before, rows = published(home), tables_but_looks(library)
    second = run_dag(CONF)
    assert (second.state, states(second)) == ("success", {**DONE, "summarize": "skipped"})
    assert len(server.completion_requests) == 32
    assert published(home) == before
    assert tables_but_looks(library) == rows


def test_an_empty_day_succeeds_and_shows_what_had_nothing_to_do(serve: Serve, library: Library) -> None:
    server = serve(few_papers(), ScriptedModel())
    result = run_dag({"date": SATURDAY.isoformat()})
    assert result.state == "success"
    assert states(result) == {**DONE, "read": "skipped", "summarize": "skipped", "render": "skipped"}
    assert day_summary(library, SATURDAY).status is DayStatus.EMPTY
    assert [(row[0], row[1]) for row in tables(library)["days"]] == [(SATURDAY, "empty")]
    assert server.completion_requests == []


def test_a_run_without_a_date_takes_its_logical_date(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    assert run_dag(logical_date=datetime(2025, 5, 21, tzinfo=UTC)).state == "success"
    assert library.lake.observed_dates() == [SAMPLE_DATE]


def test_a_run_by_hand_now_takes_the_last_closed_day(serve: Serve, library: Library) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    serve(RecordedListings({yesterday: []}), ScriptedModel())
    assert run_dag().state == "success"
    assert library.lake.observed_dates() == [yesterday]


@pytest.mark.parametrize(
    ("conf", "words"),
    [
        ({"date": (datetime.now(UTC).date() + timedelta(days=2)).isoformat()}, "in the future"),
        ({"day": "2025-05-21"}, "Unknown parameters: day"),
    ],
)
def test_bad_input_fails_at_once_and_writes_nothing(
    serve: Serve, home: Path, conf: dict[str, str], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    server = serve(few_papers(), ScriptedModel())
    result = run_dag(conf)
    assert (result.state, states(result)) == ("failed", {**STOPPED, "extract": "failed"})
    assert words in capfd.readouterr().out
    assert hashes(home) == {}
    assert server.listing_requests == []


def test_a_logical_date_in_the_future_is_refused(serve: Serve, home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    serve(few_papers(), ScriptedModel())
    assert run_dag(logical_date=datetime(2999, 1, 1, tzinfo=UTC)).state == "failed"
    assert "in the future" in capfd.readouterr().out
    assert hashes(home) == {}


def test_a_malformed_date_starts_no_run(serve: Serve, home: Path) -> None:
    serve(few_papers(), ScriptedModel())
    with pytest.raises(Exception, match="2025-13-01"):
        run_dag({"date": "2025-13-01"})
    assert hashes(home) == {}


def test_an_api_that_answers_html_fails_at_once_and_is_reported(
    serve: Serve, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(lambda query: HTML, ScriptedModel())
    result = run_dag(CONF)
    assert states(result) == {**STOPPED, "extract": "failed"}
    assert len(server.listing_requests) == 1
    [told, _] = [record.message for record in caplog.records if record.name == FAILURE_LOGGER]
    assert told.startswith(
        f"daily_papers failed for {SAMPLE_DATE} in run {result.run_id}, task extract: http://127.0.0.1"
    )
    assert "Check HF_ENDPOINT" in told
    assert day_summary(library, SAMPLE_DATE).status is DayStatus.FETCH_FAILED
    assert [row[:2] for row in tables(library)["days"]] == [(SAMPLE_DATE, "fetch_failed")]
    assert not library.lake.pages(SAMPLE_DATE).exists()


def test_an_unreachable_api_is_tried_again_then_fails_with_what_to_do(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    serve(few_papers(), ScriptedModel())
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert states(run_dag(CONF)) == {**STOPPED, "extract": "failed"}
    output = capfd.readouterr().out
    assert output.count("Retry policy decision") == 4
    assert "Check the network and HF_ENDPOINT, then run the date again" in output
    assert day_summary(library, SAMPLE_DATE).status is DayStatus.FETCH_FAILED
    assert [row[:2] for row in tables(library)["days"]] == [(SAMPLE_DATE, "fetch_failed")]
    assert not library.lake.pages(SAMPLE_DATE).exists()


def test_an_answer_that_is_not_json_is_quarantined_and_the_others_published(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel({SECOND: ["Failed to summarize"]}))
    assert run_dag(CONF).state == "success"
    rows = {row["paper_id"]: (row["status"], row["reasons"]) for row in read_day_file(library, SAMPLE_DATE)}
    assert rows[SECOND] == ("quarantined", ["answer_not_json"])
    assert {status for status, _ in rows.values()} == {"complete", "quarantined"}
    assert "Failed to summarize" not in library.lake.digest(SAMPLE_DATE).read_text()


def test_a_rejected_key_stops_the_run_with_what_to_set(
    serve: Serve, library: Library, capfd: pytest.CaptureFixture[str]
) -> None:
    serve(few_papers(), ScriptedModel({paper_id: [failure(401)] for paper_id in (FIRST, SECOND, THIRD)}))
    result = run_dag(CONF)
    assert result.state == "failed"
    assert states(result)["summarize"] == "failed"
    output = capfd.readouterr().out
    assert "Set OPENAI_API_KEY" in output
    assert "sk-test" not in output
    assert not library.lake.day_file(SAMPLE_DATE).exists()


def test_a_provider_that_is_down_leaves_its_papers_pending_and_a_later_run_asks_only_for_them(
    serve: Serve, library: Library
) -> None:
    model = ScriptedModel({SECOND: [failure(503)]})
    serve(few_papers(), model)
    assert run_dag(CONF).state == "success"
    assert day_summary(library, SAMPLE_DATE).status is DayStatus.PARTIAL
    assert model.calls == {FIRST: 1, SECOND: 4, THIRD: 1}
    model.script.clear()
    assert run_dag(CONF).state == "success"
    assert day_summary(library, SAMPLE_DATE).status is DayStatus.PUBLISHED
    assert model.calls == {FIRST: 1, SECOND: 5, THIRD: 1}
    assert len(CallStore(library).calls(SECOND)) == 5


def test_late_papers_join_without_a_second_call_for_the_others(serve: Serve, library: Library) -> None:
    model = ScriptedModel()
    listings = few_papers(2)
    serve(listings, model)
    run_dag(CONF)
    listings.items_by_date[SAMPLE_DATE] = sample_items()[:4]
    run_dag(CONF)
    assert model.calls == {FIRST: 1, SECOND: 1, THIRD: 1, "2505.14513": 1}
    assert day_summary(library, SAMPLE_DATE).complete == 4


def test_the_connection_wins_over_the_environment(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(few_papers(1), ScriptedModel())
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv(
        "AIRFLOW_CONN_OPENAI_DEFAULT",
        f'{{"conn_type": "openai", "password": "sk-connection-key", "host": "{server.model_address}"}}',
    )
    assert run_dag(CONF).state == "success"
    assert len(server.completion_requests) == 1


def test_the_asset_event_says_what_was_published(serve: Serve, library: Library) -> None:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    serve(few_papers(), ScriptedModel())
    result = run_dag(CONF)
    with create_session() as session:
        event = session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == result.run_id)).one()
        assert event.extra == {
            "listing_date": "2025-05-21", "status": "published", "listed": 3, "complete": 3, "quarantined": 0,
            "pending": 0,
        }  # fmt: skip
        assert event.asset.name == "daily_papers_day"


def test_only_references_go_through_xcom(serve: Serve) -> None:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    serve(few_papers(), ScriptedModel())
    result = run_dag(CONF)
    with create_session() as session:
        values = {
            (one.task_id, one.key): one.value
            for one in session.scalars(select(XComModel).where(XComModel.run_id == result.run_id))
        }
    assert {key[0] for key in values} <= {"extract", "read", "summarize"}
    assert all(len(str(value)) < 200 for value in values.values())
    assert "sk-test" not in str(values)


def test_an_earlier_day_is_untouched_by_a_failing_run(serve: Serve, home: Path, library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    before, rows = published(home), tables_but_looks(library)
    server = serve(lambda query: HTML, ScriptedModel())
    assert run_dag(CONF).state == "failed"
    assert server.completion_requests == []
    assert (published(home), tables_but_looks(library)) == (before, rows)


def test_a_date_is_summarized_again_only_when_a_run_says_so(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ScriptedModel()
    serve(few_papers(2), model)
    run_dag(CONF)
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "another-model")
    assert states(run_dag(CONF))["summarize"] == "skipped"
    assert states(run_dag({**CONF, "resummarize": True}))["summarize"] == "success"
    assert model.calls == {FIRST: 2, SECOND: 2}
    assert {row["model"] for row in read_day_file(library, SAMPLE_DATE)} == {"another-model"}
    assert states(run_dag({**CONF, "resummarize": True}))["summarize"] == "skipped"


def test_while_arxiv_is_down_papers_stay_pending_and_the_run_goes_on(serve: Serve, library: Library) -> None:
    server = serve(few_papers(2), ScriptedModel(), Arxiv({("html", FIRST): failure(503)}))
    result = run_dag(CONF)
    assert (result.state, states(result)) == ("success", DONE)
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    assert (rows[FIRST]["status"], rows[FIRST]["reasons"]) == ("pending", ["source_unavailable"])
    assert rows[SECOND]["status"] == "complete"
    assert server.document_requests.count(("html", FIRST)) == 4  # three tries more
    assert server.document_requests.count(("html", SECOND)) == 1
    server.documents = no_document
    assert run_dag(CONF).state == "success"
    assert day_summary(library, SAMPLE_DATE).complete == 2


def test_a_full_text_goes_through_the_whole_run(serve: Serve, library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: [listed()]})
    server = serve(listings, ScriptedModel(), Arxiv({("html", PAPER_ID): arxiv_page()}))
    assert run_dag(CONF).state == "success"
    [row] = read_day_file(library, SAMPLE_DATE)
    assert (row["status"], row["source_kind"], row["source_version"]) == ("complete", "html", 2)
    [request] = server.completion_requests
    assert "Sparse | SpanRoute (ours) | 84.3 ± 0.3" in request["messages"][1]["content"]
    assert "본문 기반 요약, arXiv v2" in library.lake.digest(SAMPLE_DATE).read_text()
