"""`papers compare`: several models on the same papers, and nothing changes for readers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply, completion, requested_paper
from tests.support.contents import hashes
from tests.support.data import few_papers
from tests.support.models import good_answer, well_answering
from tests.support.papers import Done, run
from tests.support.steps import run_day

DAY = SAMPLE_DATE.isoformat()


def careless(request: dict[str, Any]) -> Reply:
    """The model `careless` invents a number at first; the others answer well."""
    if request["model"] != "careless" or len(request["messages"]) > 2:
        return well_answering(request)
    answer = good_answer(requested_paper(request))
    answer["sections"]["results"]["markdown"] += " 정확도는 91.73%이다."
    return completion(request, json.dumps(answer))


def compare(*arguments: str) -> Done:
    return run(["papers", "compare", DAY, *arguments, "--yes", "--format", "json"])


@pytest.fixture
def server(serve: Callable[..., LocalServer]) -> LocalServer:
    server = serve(few_papers(3), careless)
    run_day(SAMPLE_DATE)
    server.completion_requests.clear()
    return server


def test_models_side_by_side(server: LocalServer, home: Path) -> None:
    before = hashes(home)
    done = compare("careful", "careless", "--papers", "2")
    assert done.code == 0, done.stderr
    careful, other = json.loads(done.stdout)
    assert (careful["model"], careful["papers"], careful["complete"], careful["at_first_try"]) == ("careful", 2, 2, 2)
    assert (other["complete"], other["at_first_try"], other["calls"]) == (2, 0, 4)
    assert other["input_tokens"] > careful["input_tokens"] > 0
    assert careful["cost_usd"] is None
    after = hashes(home)
    assert {name: digest for name, digest in after.items() if not name.startswith("comparisons/")} == before
    asked = len(server.completion_requests)
    again = compare("careful", "careless", "--papers", "2")
    assert json.loads(again.stdout) == [careful, other]
    assert len(server.completion_requests) == asked  # paid for once


def test_paper_by_paper(server: LocalServer) -> None:
    done = compare("careful", "careless", "--papers", "2", "--by-paper")
    rows = json.loads(done.stdout)
    assert [row["model"] for row in rows] == ["careful", "careless"] * 2
    assert {row["status"] for row in rows} == {"complete"}
    assert all(row["characters"] > 100 for row in rows)


def test_a_model_that_fails_says_so_for_each_paper(server: LocalServer) -> None:
    server.answers = lambda request: completion(request, "prose")
    [row] = json.loads(compare("talker", "--papers", "1").stdout)
    assert (row["complete"], row["reasons"]) == (0, "answer_not_json (1)")


def test_a_date_that_was_never_fetched() -> None:
    done = compare("careful")
    assert done.code == 2
    assert "fetched" in done.stderr


@pytest.mark.parametrize("name", ["../../outside", "a/b", ".."])
def test_a_models_name_is_no_path(server: LocalServer, home: Path, name: str) -> None:
    assert compare(name, "--papers", "1").code == 0
    made = {path.relative_to(home).parts[0] for path in home.rglob("*") if "comparisons" in path.parts}
    assert made == {"comparisons"}
    assert not (home.parent / "outside").exists()
