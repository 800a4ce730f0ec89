"""The audit in Great Expectations: statuses and reasons of rows, and days that are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daily_papers.audit.assemble import staged_rows
from daily_papers.audit.day_status import DayStatus, day_summary
from daily_papers.audit.run import audit_day, audit_rows, with_lost_inputs
from daily_papers.audit.suite import validate_day
from daily_papers.checks import row_checks
from daily_papers.errors import DayRefusedError, UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.listing.day_listing import ids_ever_listed
from daily_papers.rows.day_file import read_day_file
from daily_papers.rows.staged_row import StagedRow
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.summaries.call_store import Call, CallStore
from tests.checks.test_checks import BAD, UNANSWERED, UNREADABLE, changed
from tests.defects.case import with_values
from tests.support.contents import published
from tests.support.data import SATURDAY, few_papers
from tests.support.models import ScriptedModel, failure
from tests.support.steps import ask, fetch, run_day

FIRST, SECOND, THIRD = "2505.14683", "2505.11594", "2505.14246"


@pytest.fixture(autouse=True)
def _no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


def test_rows_get_their_status_and_reasons_and_none_is_dropped(
    serve: Callable[..., LocalServer], library: Library
) -> None:
    serve(few_papers(4), ScriptedModel({SECOND: ["prose"], THIRD: [failure(500)]}))
    fetch(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    summary = audit_day(open_library(), SAMPLE_DATE)
    rows = {row["paper_id"]: (row["status"], row["reasons"]) for row in read_day_file(library, SAMPLE_DATE)}
    assert rows == {
        FIRST: ("complete", []),
        SECOND: ("quarantined", ["answer_not_json"]),
        THIRD: ("pending", ["provider_unavailable"]),
        "2505.14513": ("complete", []),
    }
    assert summary.status is DayStatus.PARTIAL
    assert (summary.listed, summary.complete, summary.quarantined, summary.pending) == (4, 2, 1, 1)


def test_an_unasked_day_is_pending_throughout(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    fetch(SAMPLE_DATE)
    assert day_summary(library, SAMPLE_DATE).pending == 3
    audit_day(open_library(), SAMPLE_DATE)
    assert {tuple(row["reasons"]) for row in read_day_file(library, SAMPLE_DATE)} == {("not_asked",)}


def test_an_empty_day_is_recorded_as_empty(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    assert day_summary(library, SATURDAY).status is DayStatus.MISSING
    summary = run_day(SATURDAY)
    assert summary.status is DayStatus.EMPTY
    assert read_day_file(library, SATURDAY) == []
    assert not library.lake.digest(SATURDAY).exists()


def test_an_unfetched_day_is_not_audited(library: Library) -> None:
    with pytest.raises(UserError, match="never fetched"):
        audit_day(open_library(), SAMPLE_DATE)
    assert not library.lake.day_file(SAMPLE_DATE).exists()


def drop_one(rows: list[StagedRow]) -> list[StagedRow]:
    return rows[1:]


def repeat_one(rows: list[StagedRow]) -> list[StagedRow]:
    return [*rows, rows[0]]


def swap_one(rows: list[StagedRow]) -> list[StagedRow]:
    return [replace(rows[0], paper_id="2505.00009"), *rows[1:]]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(drop_one, "paper_unaccounted"), (repeat_one, "paper_duplicated"), (swap_one, "paper_unaccounted")],
)
def test_a_wrong_day_is_refused_and_its_earlier_version_stays(
    serve: Callable[..., LocalServer],
    library: Library,
    home: Path,
    spoil: Callable[[list[StagedRow]], list[StagedRow]],
    reason: str,
) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    before = published(home)
    rows = with_lost_inputs(library, SAMPLE_DATE, staged_rows(library, SAMPLE_DATE, "ko"))
    ids = [row.paper_id for row in rows]
    with pytest.raises(DayRefusedError, match="previous version stays"):
        audit_rows(library, SAMPLE_DATE, spoil(rows), ids)
    assert published(home) == before
    assert day_summary(library, SAMPLE_DATE).status is DayStatus.FAILED
    assert reason in library.lake.audit_file(SAMPLE_DATE).read_text()
    audit_day(open_library(), SAMPLE_DATE)
    assert day_summary(library, SAMPLE_DATE).status is DayStatus.PUBLISHED


def test_the_suite_and_the_plain_checks_agree_on_every_row() -> None:
    bad = [changed(change) for _, change in BAD] + [row for _, row in UNREADABLE]
    rows = [replace(row, paper_id=f"2505.{n:05d}") for n, row in enumerate(bad)]
    rows.append(replace(UNANSWERED, paper_id="2505.90000"))
    validation = validate_day(SAMPLE_DATE, rows, [row.paper_id for row in rows])
    assert validation.day_reasons == set()
    assert validation.row_reasons == {
        row.paper_id: set(row_checks.failures(row)) for row in rows if row_checks.failures(row)
    }


def test_a_check_that_raises_refuses_the_day(library: Library) -> None:
    answered = with_values(changed(lambda _: None), paper_id=FIRST, source_text=5)  # no text that checks could look at
    rows = [answered, replace(answered, paper_id=SECOND)]
    with pytest.raises(DayRefusedError, match="could not be evaluated"):
        audit_rows(library, SAMPLE_DATE, rows, [FIRST, SECOND])
    assert "audit_not_evaluated" in library.lake.audit_file(SAMPLE_DATE).read_text()


def test_the_newest_good_answer_is_taken_and_a_failed_attempt_makes_a_paper_pending(
    serve: Callable[..., LocalServer], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_model(name: str, *entries: Reply | str | None) -> str:
        monkeypatch.setenv("DAILY_PAPERS_MODEL", name)
        serve(few_papers(1), ScriptedModel({FIRST: list(entries)} if entries else {}))
        monkeypatch.setenv("DAILY_PAPERS_MODEL", name)
        run_day(SAMPLE_DATE)
        [row] = read_day_file(library, SAMPLE_DATE)
        return f"{row['status']} {row['model']} {','.join(row['reasons'])}"

    assert with_model("one", "prose") == "quarantined one answer_not_json"
    assert with_model("two", failure(503)) == "pending None provider_unavailable"
    assert with_model("three") == "complete three "
    bad = next(call for call in CallStore(library).calls(FIRST) if call.model == "one")
    later = {**bad.__dict__, "key": "f" * 64, "model": "four", "asked_at": datetime.now(UTC)}
    CallStore(library).record(Call(**later))
    assert with_model("five") == "complete three "
    good = next(call for call in CallStore(library).calls(FIRST) if call.model == "three")
    CallStore(library).record(Call(**{**good.__dict__, "key": "e" * 64, "model": "six", "asked_at": datetime.now(UTC)}))
    assert with_model("seven") == "complete six "


def test_a_paper_that_the_rows_lost_refuses_the_day(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    fetch(SAMPLE_DATE)
    assert ids_ever_listed(library, SAMPLE_DATE) == sorted([FIRST, SECOND, THIRD])


def test_a_new_answer_mends_a_quarantined_row(
    serve: Callable[..., LocalServer], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(few_papers(), ScriptedModel({FIRST: ["prose"]}))
    assert run_day(SAMPLE_DATE).quarantined == 1
    serve(few_papers(), ScriptedModel())
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "better-model")
    assert run_day(SAMPLE_DATE).complete == 3
    assert {row["model"] for row in read_day_file(library, SAMPLE_DATE)} == {"test-model", "better-model"}
