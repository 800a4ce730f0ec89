"""`papers judge`: a second reader that knows finds everything it is asked about, one that nods finds nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from daily_papers.judging import second_reader
from daily_papers.judging.labelled_answers import TRUE_REWORDING, changed, papers_of, row_of, source_of
from daily_papers.judging.second_reader import CORPORA, TRUE_STATEMENTS, Question, questions
from daily_papers.lake.library import Library
from daily_papers.sample.server import LocalServer
from daily_papers.verification.question import statements_in
from daily_papers.verification.statements import evidence_of
from tests.support.data import few_papers
from tests.support.models import failure, well_answering
from tests.support.papers import Done, run
from tests.support.second_reader import Judged, SecondReader, first_words, supports

Serve = Callable[..., LocalServer]


def judge(*arguments: str) -> Done:
    return run(["papers", "judge", "reader", "--papers", "1", "--yes", "--format", "json", *arguments])


def by_class(done: Done) -> dict[str, dict[str, Any]]:
    assert (done.code, done.exception) == (0, ""), done.stderr
    return {row["class"]: row for row in json.loads(done.stdout)}


def true_statements() -> set[str]:
    """Statements of the first true answers, and what their true rewordings make of them."""
    found = set()
    for corpus in CORPORA:
        paper = next(papers_of(corpus))
        rewordings = [change for change in paper["changes"] if change["class"] == TRUE_REWORDING]
        for changes in ([], *([one] for one in rewordings)):
            row = row_of(changed(paper["answer"], *changes), source_of(paper))
            found |= {one.text for one in statements_in(evidence_of(row))}
    return found


@pytest.fixture
def knowing() -> Callable[[str, str], Judged]:
    true = true_statements()
    return lambda text, passages: supports(text, passages) if text in true else ("contradicted", first_words(passages))


def test_a_reader_that_knows_finds_everything_and_flags_nothing_true(
    serve: Serve, knowing: Callable[[str, str], Judged], library: Library
) -> None:
    reader = SecondReader(well_answering, knowing)
    serve(few_papers(1), reader)
    done = judge()
    found = by_class(done)
    assert found[TRUE_STATEMENTS]["cases"] > 10
    assert found[TRUE_STATEMENTS]["flagged_share"] == found[TRUE_REWORDING]["flagged_share"] == 0
    of_stated = {"direction", "exchange", "digit", "row_value"}
    assert of_stated <= set(found)
    for kind in of_stated:
        assert found[kind]["contradicted_share"] == 1, found[kind]
    assert len(reader.asked) == len(questions(1))
    assert f"Answers: {len(reader.asked)} (" in done.stderr
    assert not library.lake.root.exists()  # what readers have is somewhere else
    assert by_class(judge()) == found
    assert len(reader.asked) == len(questions(1))  # paid for once


def test_a_reader_that_nods_finds_nothing(serve: Serve) -> None:
    serve(few_papers(1), SecondReader(well_answering))
    assert {row["flagged_share"] for row in by_class(judge()).values()} == {0}


def test_a_reader_that_knows_nothing_flags_what_is_true_as_well(serve: Serve) -> None:
    serve(few_papers(1), SecondReader(well_answering, lambda *_: ("not_found", "")))
    found = by_class(judge())
    assert found[TRUE_STATEMENTS]["flagged_share"] == 1
    assert found[TRUE_STATEMENTS]["contradicted_share"] == 0


def test_what_is_not_answered_is_said_and_asked_by_the_same_command(serve: Serve) -> None:
    reader = SecondReader(well_answering, spoiled=lambda answer: answer if len(reader.asked) < 5 else failure(400))
    serve(few_papers(1), reader)
    done = judge()
    assert done.code == 1
    assert "run the same command again for the rest" in done.stderr
    assert json.loads(done.stdout)
    reader.spoiled = lambda answer: answer
    assert by_class(judge())[TRUE_STATEMENTS]["cases"] > 10


def test_without_a_key_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    done = judge()
    assert done.code == 1
    assert "OPENAI_API_KEY" in done.stderr


def test_every_question_changes_a_part_once() -> None:
    asked = questions(2)
    for one in asked:
        parts = [change["part"] for change in one.changes]
        assert len(parts) == len(set(parts))
    assert sum(not one.changes for one in asked) >= 2
    changes = [change for corpus in CORPORA for paper in list(papers_of(corpus))[:2] for change in paper["changes"]]
    judged = [change for change in changes if not change["part"].startswith("quotes:")]
    assert sum(len(one.changes) for one in asked) >= 0.9 * len(judged)  # the same question is asked once


def test_a_change_that_no_statement_shows_counts_as_missed() -> None:
    paper = next(papers_of(CORPORA[0]))
    beginning = paper["answer"]["sections"]["future_work"]["markdown"][:10]
    change = {"class": "digit", "part": "future_work", "old": beginning, "new": "그 밖에는"}
    paper["answer"]["sections"]["future_work"]["basis"] = "inferred"
    counted: dict[str, second_reader.Tally] = {}
    second_reader._count(counted, (change,), (), frozenset(statements_in(Question(paper, ()).evidence)))
    assert (counted["digit"].total, counted["digit"].contradicted) == (1, 0)
