"""The round-up DAG in this process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import LocalServer
from tests.support.airflow import RunResult, run_dag, states
from tests.support.data import item
from tests.support.models import ScriptedModel
from tests.support.steps import run_day

SUNDAY = date(2025, 11, 30)


@pytest.fixture(autouse=True)
def _library(serve: Callable[..., LocalServer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_RETRY_DELAY_SECONDS", "0.1")
    serve(RecordedListings({SUNDAY: [item()]}), ScriptedModel())
    run_day(SUNDAY)


def round_up(logical_date: datetime | None = None, **conf: str) -> RunResult:
    return run_dag(conf, logical_date, dag_id="round_up_daily_papers")


def pages(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "round-ups").glob("*.md"))


def test_the_periods_that_ended_are_rounded_up(home: Path) -> None:
    result = round_up(datetime(2025, 12, 1, 8, 0, tzinfo=UTC))  # a Monday and the first of a month
    assert states(result) == {"periods": "success", "round_up": "success"}
    assert pages(home) == ["2025-11.md", "2025-W48.md"]


def test_a_period_by_hand(home: Path) -> None:
    assert round_up(period="2025-W48").state == "success"
    assert pages(home) == ["2025-W48.md"]


def test_nothing_published_is_skipped(home: Path) -> None:
    result = round_up(period="2025-01")
    assert (result.state, states(result)["round_up"]) == ("success", "skipped")
    assert not (home / "round-ups").exists()


def test_a_run_by_hand_on_any_day_takes_the_last_ones(home: Path) -> None:
    assert round_up(datetime(2025, 12, 4, 15, 0, tzinfo=UTC)).state == "success"  # Airflow's form sends the moment
    assert pages(home) == ["2025-11.md", "2025-W48.md"]


def test_an_unknown_parameter_fails_at_once() -> None:
    assert states(round_up(week="2025-W48"))["periods"] == "failed"
