"""Faults that a reader of the code found, none of which a test had met: each with its right end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from daily_papers.audit.run import audit_day
from daily_papers.errors import DailyPapersError, DamagedFileError, TerminalError, UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.runs.claim import RunIdentity, claim_date, claim_of, end_claim
from daily_papers.runs.failure import record_run_failure, run_failure
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.settings import load_settings
from daily_papers.summaries.decisions import decisions
from daily_papers.summaries.dialect import Dialect, adapted
from daily_papers.summaries.papers_to_ask import needs_a_model, papers_to_ask
from daily_papers.upkeep.review import reject, retry
from daily_papers.warehouse import publication
from tests.support.contents import tables
from tests.support.data import few_papers, item
from tests.support.models import HTML, ScriptedModel, failure
from tests.support.papers import papers
from tests.support.steps import ask, fetch, run_day

Serve = Callable[..., LocalServer]
NEXT = date(2025, 5, 22)
DAY = SAMPLE_DATE.isoformat()
FIRST, SECOND, THIRD = "2505.14683", "2505.11594", "2505.14246"
MINE, OTHERS = RunIdentity("daily_papers", "manual__1"), RunIdentity("daily_papers", "manual__2")


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


def page_of(library: Library, day: date) -> Path:
    return Path(min(str(path) for path in (Path(library.lake.home.path) / f"lake/listings/{day}/pages").iterdir()))


@pytest.fixture
def two_days(serve: Serve) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item("2505.00001")], NEXT: [item("2505.00002", upvotes=5)]})
    serve(listings, ScriptedModel())
    run_day(SAMPLE_DATE)
    run_day(NEXT)


@pytest.mark.usefixtures("two_days")
def test_a_damaged_date_keeps_no_other_from_the_warehouse(library: Library) -> None:
    page_of(library, SAMPLE_DATE).write_bytes(b"")
    with duckdb.connect(str(library.settings.warehouse_path.resolve())) as connection:
        connection.execute("DELETE FROM votes")
    with pytest.raises(DamagedFileError):
        publication.load(library, [SAMPLE_DATE, NEXT])
    found = tables(library)
    assert {row[0] for row in found["votes"]} == {NEXT}
    assert {row[0] for row in found["listings"]} == {SAMPLE_DATE, NEXT}  # the damaged one stays as it was


@pytest.mark.usefixtures("two_days")
def test_a_damaged_audit_record_is_said_by_the_load(library: Library) -> None:
    Path(library.lake.audit_file(SAMPLE_DATE).path).write_bytes(b"{")
    with pytest.raises(DamagedFileError):
        publication.load(library, [SAMPLE_DATE])
    done = papers("papers rebuild")
    assert done.code == 1
    assert f"audits/{DAY}.json" in done.stderr


@pytest.mark.usefixtures("two_days")
def test_a_rebuild_names_each_damage_once(library: Library) -> None:
    page_of(library, SAMPLE_DATE).write_bytes(b"")
    for command in ("papers rebuild", "papers rebuild --from-inputs"):
        done = papers(command)
        assert (done.code, done.stderr.count("/pages/")) == (1, 1), done.stderr


@pytest.mark.usefixtures("two_days")
def test_a_day_file_that_is_gone_is_damage_and_no_paper_that_waits(library: Library) -> None:
    library.lake.day_file(SAMPLE_DATE).unlink()
    done = papers(f"papers status {DAY} --format json")
    assert (done.code, json.loads(done.stdout)[0]["status"]) == (1, "damaged")
    shown = papers("papers show 2505.00001")
    assert (shown.code, shown.exception) == (1, "")
    for one in (done, shown):
        assert f"papers rebuild --from-inputs {DAY}" in one.stderr
    assert papers(f"papers rebuild --from-inputs {DAY}").code == 0
    assert papers("papers show 2505.00001").code == papers("papers status").code == 0


def test_without_a_model_a_date_goes_on_whose_papers_nobody_would_ask_about(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel({FIRST: ["prose"]}))
    fetch(SAMPLE_DATE)
    library = open_library()
    assert needs_a_model(library, SAMPLE_DATE)
    run_day(SAMPLE_DATE)
    reject(library, SECOND, by="kim", why="no")
    assert papers_to_ask(library, SAMPLE_DATE) == []
    assert not needs_a_model(library, SAMPLE_DATE)
    assert needs_a_model(library, SAMPLE_DATE, again=True) is False  # every question was asked


def test_a_lost_repair_is_a_loss(serve: Serve, library: Library, home: Path) -> None:
    model = ScriptedModel({FIRST: ["prose", None]})
    serve(few_papers(), model)
    run_day(SAMPLE_DATE)
    assert model.calls[FIRST] == 2
    [repair] = [
        path for path in (home / "lake/calls" / FIRST).iterdir() if json.loads(path.read_bytes()).get("repairs")
    ]
    kept = repair.read_bytes()
    repair.unlink()
    with pytest.raises(TerminalError, match=f"Lost: the answers for {FIRST}"):
        ask(SAMPLE_DATE)
    with pytest.raises(TerminalError, match="a repair of the answer"):
        audit_day(open_library(), SAMPLE_DATE)
    assert model.calls[FIRST] == 2
    repair.write_bytes(kept)
    assert ask(SAMPLE_DATE) == []


def test_an_earlier_wish_for_another_answer_allows_no_later_loss(serve: Serve, library: Library, home: Path) -> None:
    model = ScriptedModel({FIRST: ["prose", "prose", "prose", None]})
    serve(few_papers(), model)
    run_day(SAMPLE_DATE)
    retry(library, FIRST, by="kim", why="again")
    run_day(SAMPLE_DATE)
    for path in (home / "lake/calls" / FIRST).iterdir():
        path.unlink()
    with pytest.raises(TerminalError, match="Lost: the answers for"):
        ask(SAMPLE_DATE)


def test_a_damaged_answer_that_was_deleted_can_be_asked_for_again(serve: Serve, library: Library, home: Path) -> None:
    serve(few_papers(), ScriptedModel({FIRST: ["prose", "prose", "prose", None]}))
    run_day(SAMPLE_DATE)
    for path in (home / "lake/calls" / FIRST).glob("*.answer.json"):
        path.write_bytes(b"{")
    audit_day(open_library(), SAMPLE_DATE)
    for path in (home / "lake/calls" / FIRST).iterdir():
        path.unlink()
    done = papers(f"papers retry {FIRST} --by kim --why lost")
    assert (done.code, len(decisions(library, FIRST))) == (0, 1)
    run_day(SAMPLE_DATE)
    assert papers("papers status").code == 0


def test_a_claim_ends_with_its_own_run_only(library: Library) -> None:
    claim_date(library, SAMPLE_DATE, MINE, lambda run: False)
    end_claim(library, SAMPLE_DATE, OTHERS)
    assert claim_of(library, SAMPLE_DATE) is not None
    end_claim(library, SAMPLE_DATE, MINE)
    assert claim_of(library, SAMPLE_DATE) is None
    claim_date(library, SAMPLE_DATE, MINE, lambda run: True)  # its tasks were cleared


@pytest.mark.usefixtures("two_days")
def test_a_failure_is_told_until_it_is_mended_and_of_the_newest_run_only(library: Library) -> None:
    record_run_failure(library, SAMPLE_DATE, MINE, "load", ValueError("secret-of-mine"), ["secret-of-mine"])
    kept = run_failure(library, SAMPLE_DATE)
    assert kept is not None
    assert "secret-of-mine" not in kept.message
    assert papers("papers status").code == 1
    claim_date(library, SAMPLE_DATE, OTHERS, lambda run: False)  # another run works on it now
    library.lake.digest(SAMPLE_DATE).unlink()  # and has not rendered yet
    done = papers(f"papers status {DAY} --format json")
    assert (done.code, json.loads(done.stdout)[0]["problems"]) == (0, ["run_unfinished"])
    assert papers(f"papers rebuild {DAY}").code == 0
    assert run_failure(library, SAMPLE_DATE) is None


def test_a_database_of_somebody_else_is_neither_read_nor_replaced(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "mine.duckdb"
    with duckdb.connect(str(theirs)) as connection:
        connection.execute("CREATE TABLE notes AS SELECT 42 AS answer")
    before = theirs.read_bytes()
    monkeypatch.setenv("DAILY_PAPERS_WAREHOUSE", str(theirs))
    serve(few_papers(), ScriptedModel())
    with pytest.raises(UserError, match="Move it away"):
        run_day(SAMPLE_DATE)
    for command in ("papers search 모델", "papers costs", f"papers show {FIRST}", "papers round-up 2025-W21"):
        done = papers(command)
        assert (done.code, done.exception) == (1, ""), done
        assert "papers rebuild" in done.stderr
    assert theirs.read_bytes() == before


def test_a_limit_that_is_too_large_is_no_parameter_that_is_not_taken() -> None:
    said = "`max_completion_tokens` must be less than or equal to 8192"
    assert adapted(Dialect(), 400, said, {"max_completion_tokens": 9000}) is None
    assert adapted(Dialect(), 400, "Unsupported parameter: max_completion_tokens", {}) is not None


def test_a_setting_that_is_taken_back_is_not_remembered(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = {one: [failure(400, "max_completion_tokens is not supported"), None] for one in (FIRST, SECOND, THIRD)}
    model = ScriptedModel(refusing)
    asked: list[dict[str, object]] = []

    def answers(request: dict[str, object]) -> object:
        asked.append(request)
        return model(request)

    serve(few_papers(), answers)
    fetch(SAMPLE_DATE)
    with monkeypatch.context() as patch:
        patch.setenv("DAILY_PAPERS_JSON_MODE", "text")
        ask(SAMPLE_DATE)
    assert not any("response_format" in request for request in asked)
    asked.clear()
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "another-model")
    ask(SAMPLE_DATE, again=True)
    assert asked
    assert all("response_format" in request for request in asked)


def test_an_extra_limit_of_tokens_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_REQUEST_EXTRA", '{"max_completion_tokens": 50000}')
    with pytest.raises(UserError, match="DAILY_PAPERS_REQUEST_EXTRA"):
        load_settings()
    monkeypatch.setenv("DAILY_PAPERS_REQUEST_EXTRA", '{"max_tokens": 50000}')
    assert load_settings().extra_output_tokens == 50_000


@pytest.mark.parametrize("content", [b"OPENAI_API_KEY=\xff\xfe\n", None], ids=["no UTF-8", "a folder"])
def test_an_environment_file_that_cannot_be_read_is_named(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from daily_papers import environment_file

    kept = tmp_path / ".env"
    kept.mkdir() if content is None else kept.write_bytes(content)
    monkeypatch.setattr(environment_file, "ENVIRONMENT_FILE", kept)
    monkeypatch.delenv("PYTHON_DOTENV_DISABLED", raising=False)
    done = papers("papers status")
    assert done.exception == ""
    assert (done.code, ".env cannot be read" in done.stderr) == (2, True) if content is not None else done.code == 0


@pytest.mark.usefixtures("two_days")
def test_one_damaged_date_keeps_no_other_from_another_model(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    page_of(library, SAMPLE_DATE).write_bytes(b"")
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "another-model")
    done = papers(f"papers resummarize {DAY} {NEXT} --yes")
    assert done.exception == "", done
    assert f"Skipping {DAY}: " in done.stderr
    assert "2025-05-22" in papers("papers sql top_papers --format csv").stdout


@pytest.mark.parametrize("name", ["HF_ENDPOINT", "HF_TOKEN"])
def test_a_message_says_that_a_setting_came_from_the_file(
    name: str, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from daily_papers import environment_file
    from daily_papers.sample.server import Reply

    reply = HTML if name == "HF_ENDPOINT" else Reply(401, b"no")
    server = serve(lambda _: reply, ScriptedModel())
    value = server.address if name == "HF_ENDPOINT" else "hf-test-token"
    monkeypatch.setenv(name, value)
    kept = tmp_path / ".env"
    kept.write_text(f"{name}={value}\n")
    monkeypatch.setattr(environment_file, "ENVIRONMENT_FILE", kept)
    with pytest.raises(DailyPapersError, match=rf"Check {name} \(in .env\)"):
        fetch(SAMPLE_DATE)
