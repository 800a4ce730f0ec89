"""What a failed run leaves for whoever looks at the date: the table of failed runs in docs/faults.md, case by case."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daily_papers.audit.day_problems import LONGEST_RUN
from daily_papers.lake.files import readable_json
from daily_papers.lake.library import Library, open_library
from daily_papers.runs.claim import RunIdentity, claim_date, claim_of
from daily_papers.runs.failure import run_failure
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.airflow import run_dag, states
from tests.support.contents import published
from tests.support.data import few_papers
from tests.support.models import HTML, ScriptedModel, failure
from tests.support.papers import papers

Serve = Callable[..., LocalServer]
DAY = SAMPLE_DATE.isoformat()
CONF = {"date": DAY}
FIRST, SECOND, THIRD = "2505.14683", "2505.11594", "2505.14246"


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_RETRY_DELAY_SECONDS", "0.1")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


@dataclass(frozen=True)
class Case:
    """One line of the table: what fails, in which task, and what `papers status` then says."""

    name: str
    task: str
    said: str
    model: dict[str, list[object]] = field(default_factory=dict)
    listing: object = None
    settings: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()


MODEL_SETTINGS = ("OPENAI_API_KEY", "OPENAI_BASE_URL")
EVERY = (FIRST, SECOND, THIRD)
CASES = [
    Case("no model is set", "extract", "set OPENAI_API_KEY, or OPENAI_BASE_URL", without=MODEL_SETTINGS),
    Case("the model's key is rejected", "summarize", "Set OPENAI_API_KEY", {one: [failure(401)] for one in EVERY}),
    Case("the model's address answers HTML", "summarize", "Set OPENAI_BASE_URL", {one: [HTML] for one in EVERY}),
    Case("the account has no credit", "summarize", "no credit left", {one: [failure(402)] for one in EVERY}),
    Case(
        "a limit in dollars, and no price of the model", "summarize", "prices.json has no price for test-model",
        settings={"DAILY_PAPERS_MAX_USD_PER_RUN": "1"},
    ),
    Case("the hub's address answers HTML", "extract", "Check HF_ENDPOINT", listing=lambda _: HTML),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_failure_is_in_the_status_until_a_run_succeeds(
    case: Case, serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(case.listing or few_papers(), ScriptedModel(case.model))  # type: ignore[arg-type]
    with monkeypatch.context() as patch:
        for name, value in case.settings.items():
            patch.setenv(name, value)
        for name in case.without:
            patch.delenv(name)
        failed = run_dag(CONF)
    assert failed.state == "failed"
    assert states(failed)[case.task] == "failed"
    kept = run_failure(library, SAMPLE_DATE)
    assert kept is not None
    assert (kept.task_id, kept.run_id) == (case.task, failed.run_id)
    for command in ("papers status", f"papers status {DAY}"):
        done = papers(f"{command} --format json")
        assert done.code == 1
        assert "run_failed" in json.loads(done.stdout)[0]["problems"]
        assert case.said in done.stderr
        assert failed.run_id in done.stderr
    assert case.said in papers(f"papers report {DAY}").stdout.replace("\\", "")
    server.__exit__()
    serve(few_papers(), ScriptedModel())
    assert run_dag(CONF).state == "success"
    done = papers("papers status --format json")
    assert (done.code, json.loads(done.stdout)[0]["problems"]) == (0, [])


def test_without_a_model_nothing_is_read_and_a_date_with_all_its_answers_goes_on(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(few_papers(), ScriptedModel())
    with monkeypatch.context() as patch:
        patch.delenv("OPENAI_API_KEY")
        patch.delenv("OPENAI_BASE_URL")
        assert states(run_dag(CONF))["read"] == "upstream_failed"
    assert server.document_requests == []
    assert run_dag(CONF).state == "success"
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("OPENAI_BASE_URL")
    again = run_dag(CONF)
    assert (again.state, states(again)["summarize"]) == ("success", "skipped")


def test_pending_papers_say_why(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel({SECOND: [failure(400, "too long")], THIRD: [failure(503)]}))
    assert run_dag(CONF).state == "success"
    done = papers("papers status --format json")
    assert (done.code, json.loads(done.stdout)[0]["problems"]) == (0, ["pending", "pending"])
    assert "Pending papers: 1 (request_rejected). The provider rejected the request" in done.stderr
    assert "Pending papers: 1 (provider_unavailable). " in done.stderr


def test_answers_that_are_gone_are_not_paid_for_again_unless_a_person_says_so(
    serve: Serve, home: Path, library: Library
) -> None:
    model = ScriptedModel()
    serve(few_papers(), model)
    assert run_dag(CONF).state == "success"
    before = published(home)
    for paper_id in (SECOND, THIRD):
        shutil.rmtree(home / "lake" / "calls" / paper_id)
    failed = run_dag(CONF)
    assert (failed.state, states(failed)["read"]) == ("failed", "failed")
    assert model.calls.total() == 3
    assert published(home) == before
    said = papers("papers status").stderr
    assert f"Lost: the answers for {SECOND}, {THIRD}" in said
    assert "papers retry ID" in said
    # the remedy for one paper, and that for all that is lost
    assert papers(f"papers retry {SECOND} --by kim --why lost").exception == ""
    assert run_dag(CONF).state == "failed"
    assert model.calls.total() == 3
    (home / "lake" / "days" / f"{DAY}.parquet").unlink()
    assert run_dag(CONF).state == "success"
    assert model.calls == {FIRST: 1, SECOND: 2, THIRD: 2}
    assert papers("papers status").code == 0


def test_a_lost_answer_is_asked_for_again_after_a_person_wanted_that(serve: Serve, home: Path) -> None:
    model = ScriptedModel()
    serve(few_papers(), model)
    assert run_dag(CONF).state == "success"
    shutil.rmtree(home / "lake" / "calls" / SECOND)
    assert papers(f"papers retry {SECOND} --by kim --why lost").code == 0
    assert run_dag(CONF).state == "success"
    assert model.calls == {FIRST: 1, SECOND: 2, THIRD: 1}
    assert papers("papers status").code == 0


def test_a_damaged_answer_that_nobody_saw_yet_is_quarantined_and_the_others_are_published(
    serve: Serve, home: Path, library: Library
) -> None:
    model = ScriptedModel()
    serve(few_papers(), model)
    assert run_dag(CONF).state == "success"
    [answer] = (home / "lake" / "calls" / SECOND).glob("*.answer.json")
    kept = answer.read_bytes()
    (home / "lake" / "days" / f"{DAY}.parquet").unlink()
    answer.write_bytes(kept[:100])
    assert run_dag(CONF).state == "success"
    assert model.calls.total() == 3
    [row] = json.loads(papers("papers quarantine --format json").stdout)
    assert (row["paper_id"], row["reason"]) == (SECOND, "input_damaged")
    assert f"lake/calls/{SECOND}/{answer.name}" in row["details"]
    answer.write_bytes(kept)
    assert run_dag(CONF).state == "success"
    assert json.loads(papers("papers status --format json").stdout)[0]["complete"] == 3
    assert model.calls.total() == 3


def test_a_damaged_warehouse_is_made_again_by_the_next_run(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    assert run_dag(CONF).state == "success"
    library.settings.warehouse_path.resolve().write_bytes(b"no database at all")
    assert papers("papers sql top_papers").stderr.count("\n") == 1
    assert run_dag(CONF).state == "success"
    assert papers("papers sql top_papers").code == 0


def test_a_listing_page_that_is_gone_comes_back_with_a_run_of_its_date(serve: Serve, home: Path) -> None:
    serve(few_papers(), ScriptedModel())
    assert run_dag(CONF).state == "success"
    before = published(home)
    for page in (home / "lake" / "listings" / DAY / "pages").iterdir():
        page.write_bytes(b"")
    done = papers("papers status")
    assert done.code == 1
    assert "this restores a page that is still served unchanged" in done.stderr
    assert run_dag(CONF).state == "success"
    assert published(home) == before
    assert papers("papers status").code == 0


def test_a_look_that_nobody_can_restore_can_be_given_up(serve: Serve, home: Path) -> None:
    serve(few_papers(), ScriptedModel())
    assert run_dag(CONF).state == "success"
    before = published(home)
    [look] = (home / "lake" / "listings" / DAY / "observations").iterdir()
    for page in (home / "lake" / "listings" / DAY / "pages").iterdir():
        page.unlink()
    assert f"delete {look}" in papers("papers status").stderr
    look.unlink()
    assert run_dag(CONF).state == "success"
    assert published(home) == before


def test_a_run_that_never_ended_is_told(library: Library, serve: Serve) -> None:
    serve(few_papers(), ScriptedModel())
    assert run_dag(CONF).state == "success"
    assert claim_of(library, SAMPLE_DATE) is None
    claim_date(library, SAMPLE_DATE, RunIdentity("daily_papers", "manual__x"), lambda _: False)
    done = papers("papers status")
    assert (done.code, "The run manual__x began at" in done.stderr) == (0, True)
    claim = json.loads(library.lake.run_claim(SAMPLE_DATE).read_bytes())
    long_ago = datetime.now(UTC) - LONGEST_RUN - timedelta(minutes=1)
    library.lake.run_claim(SAMPLE_DATE).write_bytes(readable_json({**claim, "claimed_at": long_ago.isoformat()}))
    done = papers("papers status")
    assert (done.code, "See it in Airflow" in done.stderr) == (1, True)


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home on a disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a disk that can be filled needs the right to mount one: run this test as root")
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(disk / "home"))
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Takes all room but `left` bytes."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    with filler.open("wb") as file:
        file.write(bytes(free - left))
    return filler


def test_a_full_disk_is_named_and_not_tried_again(serve: Serve, small_disk: Path) -> None:
    serve(few_papers(), ScriptedModel())
    assert run_dag(CONF).state == "success"
    library = open_library()
    before = published(small_disk / "home")
    filler = fill(small_disk, 400_000)
    failed = run_dag(CONF)
    assert (failed.state, states(failed)["load"]) == ("failed", "failed")
    done = papers("papers status")
    assert done.code == 1
    assert f"{library.settings.warehouse_path} cannot be written: the disk is full. The disk has" in done.stderr
    assert ".tmp" not in done.stderr
    assert published(small_disk / "home") == before
    assert papers("papers sql top_papers").code == 0
    filler.unlink()
    filler = fill(small_disk, 0)
    assert run_dag(CONF).state == "failed"
    filler.unlink()
    assert run_dag(CONF).state == "success"
    assert papers("papers status").code == 0
    assert [path for path in (small_disk / "home").rglob("*.tmp") if path.is_file()] == []


def table() -> str:
    lines = ["| what fails | the task | what the status says |", "|---|---|---|"]
    lines += [f"| {case.name} | {case.task} | {case.said} |" for case in CASES]
    return "\n".join(lines) + "\n"
