"""Asking again about complete papers: only when a person says so, at a price that is told first."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from daily_papers.lake.library import Library
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import RecordedListings, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.summaries.call_store import CallStore
from daily_papers.warehouse.publication import open_for_reading
from tests.support.arxiv import PAPER_ID, Arxiv, arxiv_page, listed
from tests.support.contents import published
from tests.support.data import few_papers
from tests.support.models import ScriptedModel, failure
from tests.support.steps import run_day

IDS = [one["paper"]["id"] for one in sample_items()[:3]]
Serve = Callable[..., LocalServer]


def papers(*arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "papers"
    return subprocess.run([str(program), *arguments], input=answer, capture_output=True, text=True, check=False)


def resummarize(*arguments: str, answer: str = "y\n") -> subprocess.CompletedProcess[str]:
    return papers("resummarize", str(SAMPLE_DATE), *arguments, answer=answer)


@pytest.fixture
def model(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    asked = ScriptedModel()
    serve(few_papers(), asked)
    monkeypatch.setenv("DAILY_PAPERS_SOURCE", "abstract")
    assert run_day(SAMPLE_DATE).complete == 3
    return asked


def models(library: Library) -> set[str]:
    return {row["model"] for row in read_day_file(library, SAMPLE_DATE)}


def test_the_same_question_is_not_asked_again(model: ScriptedModel) -> None:
    done = resummarize()
    assert done.returncode == 0
    assert "Nothing to do" in done.stderr
    assert model.calls.total() == 3


def test_it_says_first_what_it_will_cost(model: ScriptedModel, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "gpt-4o-mini")
    before = published(home)
    done = resummarize(answer="n\n")
    assert done.returncode == 1
    assert "Papers to summarize again with gpt-4o-mini: 3 (" in done.stderr
    assert "about 0.00 USD, at most 0.02 USD" in done.stderr
    assert model.calls.total() == 3
    assert published(home) == before


def test_a_model_without_a_price_is_said_to_be_one(model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "my-own-model")
    assert "price unknown" in resummarize(answer="n\n").stderr


def test_papers_get_the_new_summaries(model: ScriptedModel, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "better-model")
    done = resummarize()
    assert done.returncode == 0, done.stderr
    assert model.calls == dict.fromkeys(IDS, 2)
    assert models(library) == {"better-model"}
    with open_for_reading(library) as connection:
        assert connection.execute("SELECT DISTINCT model FROM summaries").fetchall() == [("better-model",)]
    assert (
        "better\\-model" in library.lake.digest(SAMPLE_DATE).read_text()
        or "better-model" in library.lake.digest(SAMPLE_DATE).read_text()
    )
    assert "Nothing to do" in resummarize().stderr


def test_a_paper_keeps_its_summary_where_the_new_one_fails(
    model: ScriptedModel, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.script = {IDS[0]: ["prose"], IDS[1]: [failure(503)]}
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "better-model")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")
    done = resummarize("--yes")
    assert done.returncode == 1
    assert f"No good answer for {IDS[1]}" in done.stderr
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    assert {row["status"] for row in rows.values()} == {"complete"}
    assert [rows[paper_id]["model"] for paper_id in IDS] == ["test-model", "test-model", "better-model"]


def test_only_papers_of_a_model_or_prompt_version(
    model: ScriptedModel, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "better-model")
    assert "Nothing to do" in resummarize("--model", "other-model").stderr
    assert "Nothing to do" in resummarize("--prompt-version", "v1").stderr
    assert resummarize("--yes", "--model", "test-model", "--prompt-version", "v3").returncode == 0
    assert models(library) == {"better-model"}
    assert model.calls.total() == 6


def test_dates_without_rows_and_reversed_ranges(model: ScriptedModel) -> None:
    assert "Nothing to do" in papers("resummarize", "2025-05-01", "2025-05-10").stderr
    assert papers("resummarize", "2025-05-10", "2025-05-01").returncode == 2
    assert model.calls.total() == 3


def test_a_full_text_is_looked_for_and_the_estimate_says_so(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(RecordedListings({SAMPLE_DATE: [listed()]}), ScriptedModel())
    monkeypatch.setenv("DAILY_PAPERS_SOURCE", "abstract")
    run_day(SAMPLE_DATE)
    monkeypatch.delenv("DAILY_PAPERS_SOURCE")
    server.documents = Arxiv({("html", PAPER_ID): arxiv_page()})
    done = resummarize()
    assert "Texts to fetch first, which takes time but costs nothing: 1." in done.stderr
    assert done.returncode == 0, done.stderr
    [row] = read_day_file(library, SAMPLE_DATE)
    assert (row["source_kind"], row["status"]) == ("html", "complete")
    first, second = CallStore(library).calls(PAPER_ID)
    assert second.tokens.input > 2 * first.tokens.input


def test_another_budget_of_tokens_makes_another_question(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_SOURCE_TOKENS", "2000")
    documents = Arxiv({("html", PAPER_ID): arxiv_page()})
    server = serve(RecordedListings({SAMPLE_DATE: [listed()]}), ScriptedModel(), documents)
    run_day(SAMPLE_DATE)
    monkeypatch.setenv("DAILY_PAPERS_SOURCE_TOKENS", "20000")
    assert "Papers to summarize again with test-model: 1 (" in resummarize().stderr
    assert len(server.document_requests) == 1  # the kept document is read again
    first, second = CallStore(library).calls(PAPER_ID)
    assert second.tokens.input > first.tokens.input


def test_papers_that_a_limit_leaves_are_named(model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "better-model")
    monkeypatch.setenv("DAILY_PAPERS_MAX_TOKENS_PER_RUN", "0")
    done = resummarize("--yes")
    assert done.returncode == 1
    assert all(paper_id in done.stderr for paper_id in IDS)
    assert model.calls.total() == 3


def test_a_paper_on_two_dates_is_asked_about_once(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_day, asked = date(2025, 5, 22), ScriptedModel()
    one = sample_items()[:1]
    serve(RecordedListings({SAMPLE_DATE: one, next_day: one}), asked)
    monkeypatch.setenv("DAILY_PAPERS_SOURCE", "abstract")
    for day in (SAMPLE_DATE, next_day):
        run_day(day)
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "better-model")
    done = papers("resummarize", str(SAMPLE_DATE), str(next_day), "--yes")
    assert "Papers to summarize again with better-model: 1 (" in done.stderr
    assert asked.calls == {IDS[0]: 2}
    for day in (SAMPLE_DATE, next_day):
        assert [row["model"] for row in read_day_file(library, day)] == ["better-model"]
