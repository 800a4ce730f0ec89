"""The refresh in this process: what it looks at, what it triggers, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from daily_papers.audit.day_status import DayStatus, day_summary
from daily_papers.errors import TerminalError
from daily_papers.lake.files import readable_json, write_atomically
from daily_papers.lake.library import Library
from daily_papers.listing.looks import successful_looks
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import LocalServer, Reply
from tests.support.airflow import RunResult, run_dag
from tests.support.contents import hashes, published, tables
from tests.support.data import item
from tests.support.models import ScriptedModel, failure
from tests.support.steps import fetch, run_day

Serve = Callable[..., LocalServer]
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
DAYS = [YESTERDAY - timedelta(days=age) for age in (3, 2, 1, 0)]
OLD = date(2025, 5, 21)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_RETRY_DELAY_SECONDS", "0.1")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


def refresh(conf: dict[str, Any] | None = None) -> RunResult:
    return run_dag(conf, dag_id="refresh_daily_papers")


def triggered(result: RunResult) -> list[tuple[str, dict[str, str]]]:
    """Runs of daily_papers that a refresh started: date in the name, and parameters."""
    return sorted((name.split("__")[1], dict(conf)) for name, conf in runs_named_by(result).items())


def runs_named_by(result: RunResult) -> dict[str, dict[str, str]]:
    """Names and parameters of the runs that the looks of a refresh asked for."""
    from airflow.models.dagrun import DagRun
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    looks = select(XComModel).where(XComModel.run_id == result.run_id, XComModel.task_id == "date.look_again")
    with create_session() as session:
        names = {str(one.value).strip('"') for one in session.scalars(looks) if one.key == "return_value"}
        runs = session.scalars(select(DagRun).where(DagRun.dag_id == "daily_papers", DagRun.run_id.in_(names)))
        return {run.run_id: dict(run.conf or {}) for run in runs}


def states_of(result: RunResult, task_id: str) -> list[str]:
    return [state for (name, _), state in sorted(result.tasks.items()) if name == task_id]


def test_only_dates_that_changed_are_run_again(serve: Serve, library: Library, home: Any) -> None:
    listings = RecordedListings({day: [item(f"2611.0000{number}")] for number, day in enumerate(DAYS)})
    listings.items_by_date[DAYS[0]] = []
    server = serve(listings, ScriptedModel())
    for day in DAYS:
        run_day(day)
    before = published(home)
    listings.items_by_date[DAYS[1]] = [item("2611.00001", upvotes=99)]
    listings.items_by_date[DAYS[2]] = [item("2611.00002"), item("2611.00009")]
    asked, paid = len(server.listing_requests), len(server.completion_requests)
    result = refresh()
    assert result.state == "success"
    assert states_of(result, "date.look_again") == ["skipped", "success", "success", "skipped"]
    assert states_of(result, "date.run_again") == ["skipped", "success", "success", "skipped"]
    assert triggered(result) == [(str(day), {"date": str(day)}) for day in DAYS[1:3]]
    # an unchanged date costs its listing requests and one observation
    assert [query["date"] for query in server.listing_requests[asked:]].count(str(DAYS[3])) == 2
    assert [len(successful_looks(library, day)) for day in DAYS] == [2, 2, 2, 2]
    assert len(server.completion_requests) == paid
    assert published(home) == before
    rows = tables(library)
    assert {row[0]: row[3] for row in rows["observations"] if row[0] == DAYS[3]} == {DAYS[3]: 1}
    assert max(row[3] for row in rows["votes"] if row[1] == "2611.00001") == 99


def test_the_triggered_run_does_the_rest_and_the_next_refresh_finds_nothing(serve: Serve, library: Library) -> None:
    listings = RecordedListings({YESTERDAY: [item("2611.00001", upvotes=1)]})
    model = ScriptedModel()
    serve(listings, model)
    run_day(YESTERDAY)
    listings.items_by_date[YESTERDAY] = [item("2611.00001", upvotes=5, title="A new title"), item("2611.00002")]
    [(_, conf)] = triggered(refresh())
    assert run_dag(conf).state == "success"
    assert model.calls == {"2611.00001": 1, "2611.00002": 1}
    digest = library.lake.digest(YESTERDAY).read_text()
    assert "A new title" in digest
    assert "추천 5" in digest
    again = refresh()
    assert (again.state, triggered(again)) == ("success", [])


def test_a_failing_date_does_not_hold_up_the_others(serve: Serve, library: Library) -> None:
    listings = RecordedListings({day: [item(f"2611.0000{number}")] for number, day in enumerate(DAYS[:3])})
    serve(listings, ScriptedModel())
    for day in DAYS[:3]:
        run_day(day)
    with pytest.raises(TerminalError):
        fetch(YESTERDAY)
    listings.items_by_date[DAYS[2]].append(item("2611.00009"))
    serve(lambda query: Reply(500, b"") if query["date"] == str(DAYS[1]) else listings(query), ScriptedModel())
    result = refresh({"days": 4})
    assert result.state == "failed"
    assert states_of(result, "date.look_again") == ["skipped", "failed", "success", "failed"]
    assert [day for day, _ in triggered(result)] == [str(DAYS[2])]
    assert states_of(result, "load_looks") == ["success"]
    statuses = {row[0]: row[1] for row in tables(library)["days"]}
    assert statuses == {DAYS[0]: "published", DAYS[1]: "published", DAYS[2]: "published", YESTERDAY: "fetch_failed"}
    warnings = {row[0]: row[1] for row in tables(library)["warnings"]}
    assert warnings[DAYS[1]] == "latest_look_failed"
    assert day_summary(library, YESTERDAY).status is DayStatus.FETCH_FAILED


def test_an_old_date_with_pending_papers_is_run_again(serve: Serve) -> None:
    listings = RecordedListings({OLD: [item()]})
    serve(listings, ScriptedModel({"2505.00001": [failure(503)]}))
    run_day(OLD)
    assert triggered(refresh()) == [(str(OLD), {"date": str(OLD)})]


def test_a_date_that_is_being_worked_on_is_left_alone(serve: Serve, library: Library) -> None:
    """The run that a first refresh triggered has claimed its date when the second one comes."""
    listings = RecordedListings({YESTERDAY: [item()]})
    server = serve(listings, ScriptedModel())
    run_day(YESTERDAY)
    listings.items_by_date[YESTERDAY] = [item(upvotes=77)]
    first = refresh()
    [queued] = runs_named_by(first)
    write_atomically(library.lake.run_claim(YESTERDAY), readable_json({"dag_id": "daily_papers", "run_id": queued}))
    asked = len(server.listing_requests)
    second = refresh()
    assert (second.state, triggered(second)) == ("success", [])
    assert len(server.listing_requests) == asked


def test_nothing_is_looked_at_while_the_pipeline_is_switched_off(serve: Serve) -> None:
    server = serve(RecordedListings({YESTERDAY: [item()]}), ScriptedModel())
    run_day(YESTERDAY)
    asked = len(server.listing_requests)
    run_dag({"date": str(YESTERDAY)})
    switch("daily_papers", off=True)
    try:
        result = refresh()
    finally:
        switch("daily_papers", off=False)
    assert result.state == "success"
    assert states_of(result, "dates_to_look_at") == ["skipped"]
    assert len(server.listing_requests) == asked + 2  # those of the run


def switch(dag_id: str, *, off: bool) -> None:
    from airflow.models.dag import DagModel
    from airflow.utils.session import create_session
    from sqlalchemy import update

    with create_session() as session:
        session.execute(update(DagModel).where(DagModel.dag_id == dag_id).values(is_paused=off))


def test_a_new_library_has_nothing_to_refresh(serve: Serve, home: Any) -> None:
    server = serve(RecordedListings({}), ScriptedModel())
    result = refresh()
    assert result.state == "success"
    assert states_of(result, "load_looks") == ["skipped"]
    assert server.listing_requests == []
    assert hashes(home) == {}


def test_an_unknown_parameter_is_refused(serve: Serve, home: Any, capfd: pytest.CaptureFixture[str]) -> None:
    serve(RecordedListings({}), ScriptedModel())
    result = refresh({"dates": 3})
    assert result.state == "failed"
    assert "Unknown parameters: dates. Known: days." in capfd.readouterr().out
    assert hashes(home) == {}


@pytest.mark.parametrize("days", [0, 367, "many"])
def test_a_wrong_number_of_days_starts_no_run(days: object) -> None:
    with pytest.raises(Exception, match="days"):
        refresh({"days": days})
