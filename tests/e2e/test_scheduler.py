"""The DAG under a real scheduler: schedule, backfill, runs by hand, two at once, a power cut; and the page."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from time import sleep
from typing import Any

import duckdb
import pytest
import requests

from daily_papers.audit.day_status import DayStatus, day_summary
from daily_papers.listing.contract import parse_capture
from daily_papers.listing.listing_page import Page
from daily_papers.listing.looks import record_look
from daily_papers.local.airflow import VIEWER
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.summaries.decisions import decisions
from daily_papers.warehouse import publication
from daily_papers.warehouse.full_rebuild import FEW_DATES
from tests.e2e.conftest import AT_ONCE, YESTERDAY, Stack, until
from tests.support.contents import hashes, published, tables, tables_but_looks
from tests.support.data import item
from tests.support.models import failure, good_answer

pytestmark = pytest.mark.e2e

WEEK = [date(2025, 5, day) for day in range(21, 26)]
PUBLISHED, EMPTY = WEEK[:3], WEEK[3:]
PAPERS = {WEEK[0]: 32, WEEK[1]: 27, WEEK[2]: 32}


def test_switching_the_dag_on_runs_the_day_that_closed_last(stack: Stack) -> None:
    stack.airflow.api("PATCH", "/dags/daily_papers?update_mask=is_paused", {"is_paused": False})
    until(lambda: [run["state"] for run in stack.runs(run_type="scheduled")] == ["success"])
    assert stack.library.lake.observed_dates() == [YESTERDAY]
    assert day_summary(stack.library, YESTERDAY).status is DayStatus.EMPTY
    [run] = stack.runs(run_type="scheduled")
    assert not run["dag_run_id"].startswith(f"scheduled__{YESTERDAY}")
    assert run["note"] == str(YESTERDAY)


def backfill(stack: Stack, *options: str) -> None:
    window = ("--from-date", f"{WEEK[0]}T00:00:00Z", "--to-date", f"{WEEK[-1]}T00:00:00Z")
    stack.airflow.command("backfill", "create", "--dag-id", "daily_papers", *window, *options)
    until(
        lambda: all(
            one["completed_at"] for one in stack.airflow.api("GET", "/backfills?dag_id=daily_papers")["backfills"]
        )
    )
    until(lambda: all(run["state"] in ("success", "failed") for run in stack.runs(run_type="backfill")))


def test_a_backfill_publishes_the_week_and_the_same_again_changes_nothing(stack: Stack) -> None:
    calls = stack.model.calls.total()
    backfill(stack)
    runs = stack.runs(run_type="backfill")
    assert {run["state"] for run in runs} == {"success"}
    assert sorted(run["logical_date"][:10] for run in runs) == [day.isoformat() for day in WEEK]
    assert all(run["note"] == run["logical_date"][:10] for run in runs)
    for day in PUBLISHED:
        summary = day_summary(stack.library, day)
        assert (summary.status, summary.listed, summary.complete) == (DayStatus.PUBLISHED, PAPERS[day], PAPERS[day])
        assert f"Daily Papers – {day}" in stack.library.lake.digest(day).read_text()
    for day in EMPTY:
        assert day_summary(stack.library, day).status is DayStatus.EMPTY
        assert not stack.library.lake.digest(day).exists()
    rows = tables_but_looks(stack.library)
    assert {row[0]: row[1] for row in rows["days"] if row[0] in WEEK} == {
        **dict.fromkeys(PUBLISHED, "published"),
        **dict.fromkeys(EMPTY, "empty"),
    }
    assert stack.model.calls.total() - calls == sum(PAPERS.values())
    assert set(stack.model.calls.values()) == {1}
    assert len(stack.second_reader.asked) == sum(PAPERS.values())
    assert not any(row["warnings"] for day in PUBLISHED for row in read_day_file(stack.library, day))

    before, started = published(stack.home), {run["dag_run_id"]: run["start_date"] for run in runs}
    backfill(stack, "--reprocess-behavior", "completed")
    again = stack.runs(run_type="backfill")
    assert {run["state"] for run in again} == {"success"}
    assert len([run for run in again if started.get(run["dag_run_id"]) != run["start_date"]]) == len(WEEK)
    assert len(stack.second_reader.asked) == sum(PAPERS.values())
    assert stack.model.calls.total() - calls == sum(PAPERS.values())
    assert published(stack.home) == before
    assert tables_but_looks(stack.library) == rows


def test_a_run_by_hand_twice(stack: Stack) -> None:
    calls, before, rows = stack.model.calls.total(), published(stack.home), tables_but_looks(stack.library)
    for _ in range(2):
        run_id = stack.run(SAMPLE_DATE)
        assert stack.airflow.run_state("daily_papers", run_id) == "success"
        assert stack.tasks(run_id)["summarize"] == {"skipped"}
        assert stack.note(run_id) == str(SAMPLE_DATE)
    assert stack.model.calls.total() == calls
    assert (published(stack.home), tables_but_looks(stack.library)) == (before, rows)


def test_a_malformed_date_is_refused_before_there_is_a_run(stack: Stack) -> None:
    before, runs = hashes(stack.home / "lake"), len(stack.runs())
    with pytest.raises(Exception, match="2025-13-01"):
        stack.airflow.trigger("daily_papers", {"date": "2025-13-01"})
    assert (hashes(stack.home / "lake"), len(stack.runs())) == (before, runs)


def refresh(stack: Stack) -> list[str]:
    """Runs refresh_daily_papers by hand; returns the runs of daily_papers that it started, when they have ended."""
    before = {run["dag_run_id"] for run in stack.runs()}
    run_id = stack.airflow.trigger("refresh_daily_papers", {})
    for _ in stack.airflow.follow("refresh_daily_papers", run_id):
        pass
    assert stack.airflow.run_state("refresh_daily_papers", run_id) == "success"
    started = sorted({run["dag_run_id"] for run in stack.runs()} - before)
    until(lambda: all(stack.airflow.run_state("daily_papers", one) in ("success", "failed") for one in started))
    return started


def test_a_refresh_runs_only_what_changed(stack: Stack) -> None:
    assert refresh(stack) == []
    stack.listings.items_by_date[YESTERDAY] = [item("2611.00001"), item("2611.00002")]
    [run_id] = refresh(stack)
    assert run_id.startswith(f"refresh__{YESTERDAY}__")
    assert stack.note(run_id) == str(YESTERDAY)
    assert stack.airflow.run_state("daily_papers", run_id) == "success"
    assert day_summary(stack.library, YESTERDAY).complete == 2
    calls = stack.model.calls.total()
    stack.listings.items_by_date[YESTERDAY][0]["paper"]["upvotes"] += 7
    [again] = refresh(stack)
    assert stack.tasks(again)["summarize"] == {"skipped"}
    assert stack.model.calls.total() == calls
    assert refresh(stack) == []
    votes = [row[3] for row in tables(stack.library)["votes"] if row[1] == "2611.00001"]
    assert len(set(votes)) == 2
    assert len(votes) == 5  # two runs, and three looks of which two found something to run


def test_the_page_needs_a_login(stack: Stack) -> None:
    page = f"{stack.airflow.address}/daily-papers/"
    token = stack.airflow.token(VIEWER)
    for path in ("", f"days/{SAMPLE_DATE}", "days/2025-13-01"):
        assert requests.get(page + path, timeout=30).status_code == 401
    assert requests.get(page, headers={"Authorization": "Bearer nonsense"}, timeout=30).status_code in (401, 403)
    days = requests.get(page, cookies={"_token": token}, timeout=30)
    assert days.status_code == 200
    assert all(f'href="days/{day}"' in days.text for day in PUBLISHED)
    digest = requests.get(f"{page}days/{SAMPLE_DATE}", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert digest.status_code == 200
    assert digest.text.count("<h3>") == 7 * PAPERS[SAMPLE_DATE]
    assert requests.get(f"{page}days/{EMPTY[0]}", cookies={"_token": token}, timeout=30).status_code == 404
    assert requests.post(page, cookies={"_token": token}, timeout=30).status_code == 405


def test_the_page_is_in_the_navigation(stack: Stack) -> None:
    plugins = stack.airflow.api("GET", "/plugins")["plugins"]
    [plugin] = [plugin for plugin in plugins if plugin["name"] == "daily_papers"]
    [view] = plugin["external_views"]
    assert (view["destination"], view["href"]) == ("nav", "/daily-papers/")


def forget_answers(stack: Stack) -> None:
    """Makes every paper of the published sample day unanswered: calls and day file are away, as if never made."""
    if not stack.library.lake.digest(SAMPLE_DATE).exists():
        stack.run(SAMPLE_DATE)
    calls = stack.home / "lake" / "calls"
    calls.rename(calls.with_name(f"calls-{len(list(calls.parent.iterdir()))}"))
    stack.library.lake.day_file(SAMPLE_DATE).unlink()


def test_two_runs_of_one_date_at_once(stack: Stack) -> None:
    forget_answers(stack)
    stack.model.seconds = 4
    try:
        first = stack.airflow.trigger("daily_papers", {"date": SAMPLE_DATE.isoformat()})
        until(lambda: "running" in stack.tasks(first).get("summarize", set()))
        second = stack.run(SAMPLE_DATE)
    finally:
        stack.model.seconds = 0
    assert stack.tasks(second)["extract"] == {"failed"}
    log = stack.log(second, "extract")
    assert f"being worked on by the run {first}" in log
    assert "Wait for it to end" in log
    until(lambda: stack.airflow.run_state("daily_papers", first) != "running")
    assert stack.airflow.run_state("daily_papers", first) == "success"
    assert day_summary(stack.library, SAMPLE_DATE).complete == 32


def test_the_first_run_of_another_release_makes_a_long_library_again(stack: Stack) -> None:
    stack.run(SAMPLE_DATE)
    publication.rebuild(stack.library)  # tests before this one took answers out of the lake
    before = tables_but_looks(stack.library)
    long_ago = [date(2024, 1, 1) + timedelta(days=number) for number in range(FEW_DATES + 1)]
    for day in long_ago:
        observed_at = datetime(2025, 1, 1, tzinfo=UTC)
        record_look(stack.library, day, observed_at, [Page("/", 200, observed_at, b"[]")], parse_capture([]))
    with duckdb.connect(str(stack.library.settings.warehouse_path.resolve())) as connection:
        connection.execute("UPDATE schema_version SET version = 'other'")
        connection.execute("DELETE FROM sections")
    run_id = stack.run(SAMPLE_DATE)
    assert stack.airflow.run_state("daily_papers", run_id) == "success"
    after = tables_but_looks(stack.library)
    assert {row[0] for row in after["days"]} - {row[0] for row in before["days"]} == set(long_ago)
    assert [name for name in before if name != "days" and after[name] != before[name]] == []


def test_a_deleted_run_gives_its_date_free(stack: Stack) -> None:
    run_id = stack.run(SAMPLE_DATE)
    stack.airflow.api("DELETE", f"/dags/daily_papers/dagRuns/{run_id}")
    assert stack.airflow.run_state("daily_papers", stack.run(SAMPLE_DATE)) == "success"


def test_a_power_cut_in_the_middle_costs_only_what_was_under_way(stack: Stack) -> None:
    before = published(stack.home)
    forget_answers(stack)
    stack.model.calls.clear()
    stack.model.seconds = 3
    run_id = stack.airflow.trigger("daily_papers", {"date": SAMPLE_DATE.isoformat()})
    until(lambda: len(list((stack.home / "lake").glob("calls/*/*.answer.json"))) >= 8)
    stack.airflow.kill()
    answered = {path.parent.name for path in (stack.home / "lake").glob("calls/*/*.answer.json")}
    assert 8 <= len(answered) < 32
    stack.model.seconds = 0
    stack.airflow.start()
    until(lambda: stack.airflow.run_state("daily_papers", run_id) in ("success", "failed"), seconds=240)
    assert stack.airflow.run_state("daily_papers", run_id) == "success"
    assert published(stack.home) == before
    assert all(stack.model.calls[paper_id] == 1 for paper_id in answered)
    assert 32 <= stack.model.calls.total() <= 32 + AT_ONCE


REFUSED = date(2025, 5, 16)


def test_the_log_of_an_audit_says_what_it_found_in_a_few_lines(stack: Stack) -> None:
    flawed, good = "2505.00021", "2505.00022"
    stack.listings.items_by_date[REFUSED] = [item(flawed), item(good)]
    stack.model.script[flawed] = ["prose"]
    events = stack.events(stack.run(REFUSED), "audit")
    ours = [line["event"] for line in events if line["logger"].startswith("daily_papers.")]
    assert f"Audit of {REFUSED}: published, 1 of 2 papers complete, 1 quarantined, 0 pending" in ours
    assert f"{REFUSED}: answer_not_json: {flawed}" in ours
    assert len(events) <= 12
    assert not [line for line in events if line["event"].startswith("Skipping registering function")]


def test_the_cause_of_a_failure_is_the_last_line_without_noise(stack: Stack) -> None:
    papers = [f"2505.001{number:02}" for number in range(9)]
    stack.listings.items_by_date[REFUSED] = [item(paper_id) for paper_id in papers]
    stack.model.script |= {paper_id: [failure(401)] for paper_id in papers}
    run_id = stack.run(REFUSED)
    events = stack.events(run_id, "summarize")
    last = events[-1]
    assert last["level"] == "error"
    assert f"daily_papers failed for {REFUSED} in run {run_id}, task summarize [{len(papers)} papers]" in last["event"]
    assert "Set OPENAI_API_KEY" in last["event"]
    assert [line["event"] for line in events if line["level"] in ("warning", "error")] == [
        "Task failed with exception",
        last["event"],
    ]
    assert len(events) <= 12
    stack.model.script |= {paper_id: [None] for paper_id in papers}
    assert stack.airflow.run_state("daily_papers", stack.run(REFUSED)) == "success"


REVIEWED = date(2025, 5, 20)
FLAWED = ["2505.00011", "2505.00012", "2505.00013"]


def waiting(stack: Stack) -> dict[str, dict[str, Any]]:
    """The questions that wait for a person, by paper."""
    path = "/dags/review_daily_papers/dagRuns/~/hitlDetails?response_received=false&state=awaiting_input"
    found = stack.airflow.api("GET", path)["hitl_details"]
    return {detail["subject"].split()[0]: detail for detail in found}


def answer(stack: Stack, question: dict[str, Any], option: str, why: str) -> None:
    one = question["task_instance"]
    path = f"/dags/{one['dag_id']}/dagRuns/{one['dag_run_id']}/taskInstances/{one['task_id']}/{one['map_index']}"
    said = {"chosen_options": [option], "params_input": {"why": why}}
    stack.airflow.api("PATCH", f"{path}/hitlDetails", said)


def row_states(stack: Stack) -> dict[str, str]:
    rows = read_day_file(stack.library, REVIEWED)
    return {row["paper_id"]: " ".join([row["status"], *row["reasons"]]) for row in rows}


def test_people_decide_about_quarantined_papers_in_airflow(stack: Stack) -> None:
    good = "2505.00014"
    text = "We propose BAGEL {{ 7 * 7 }} {% raw %}, an open model that was trained on pairs of pictures and text."
    stack.listings.items_by_date[REVIEWED] = [item(paper_id, summary=text) for paper_id in (*FLAWED, good)]
    for paper_id in FLAWED:
        flawed = good_answer({"paper_id": paper_id, "text": text})
        flawed["sections"]["method"]["markdown"] += " 데이터는 98,765쌍이다."
        stack.model.script[paper_id] = [json.dumps(flawed)]
    stack.airflow.api("PATCH", "/dags/review_daily_papers?update_mask=is_paused", {"is_paused": False})
    stack.run(REVIEWED)
    until(lambda: set(waiting(stack)) == set(FLAWED))
    questions = waiting(stack)
    body = questions[FLAWED[0]]["body"]
    assert "number_not_in_source" in body
    assert "98,765" in body
    assert "7 \\* 7" in body  # not rendered as a template
    sleep(3)  # an answer within a second of the question can get lost in Airflow 3.3, which then asks again

    answer(stack, questions[FLAWED[0]], "Approve", "읽어 보니 맞다 {{ 1 + 1 }}")
    answer(stack, questions[FLAWED[1]], "Reject", "틀렸다")
    until(lambda: row_states(stack)[FLAWED[0]] == "complete")
    until(lambda: row_states(stack)[FLAWED[1]] == "quarantined number_not_in_source rejected")
    [decision] = decisions(stack.library, FLAWED[0])
    assert (decision.by, decision.why) == ("admin", "읽어 보니 맞다 {{ 1 + 1 }}")
    until(lambda: "사람이 검토하여 실은 요약" in stack.library.lake.digest(REVIEWED).read_text())

    answer(stack, waiting(stack)[FLAWED[2]], "Ask the model again", "")
    sleep(3)
    until(lambda: FLAWED[2] in waiting(stack))  # no reason was given
    sleep(3)
    stack.run(REVIEWED)  # publishes again: nobody is asked a second time
    answer(stack, waiting(stack)[FLAWED[2]], "Ask the model again", "다시 한 번")
    until(lambda: row_states(stack)[FLAWED[2]] == "pending retry_requested")
    stack.model.script[FLAWED[2]] = [None]
    stack.run(REVIEWED)
    assert row_states(stack) == {
        FLAWED[0]: "complete",
        FLAWED[1]: "quarantined number_not_in_source rejected",
        FLAWED[2]: "complete",
        good: "complete",
    }
    until(lambda: {run["state"] for run in review_runs(stack)} == {"success"})
    asked = [
        one
        for run in review_runs(stack)
        for one in stack.airflow.api("GET", f"/dags/review_daily_papers/dagRuns/{run['dag_run_id']}/taskInstances")[
            "task_instances"
        ]
        if one["task_id"] == "paper.ask" and one["state"] == "success"
    ]
    assert len(asked) == len(FLAWED)


def review_runs(stack: Stack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stack.airflow.api("GET", "/dags/review_daily_papers/dagRuns?limit=100")["dag_runs"]
    return found
