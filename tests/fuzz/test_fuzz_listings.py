"""Listings whose items are changed at random: the good ones are published, the others set aside."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daily_papers.errors import ContractError
from daily_papers.lake.library import open_library
from daily_papers.publish.digest import published_digest
from daily_papers.sample.server import SAMPLE_DATE, Reply, completion, requested_paper
from tests.fuzz.ends import a_day, check_commands, check_complete_rows, check_digest, home_path, rows_of_the_day
from tests.fuzz.values import VALUES, Change, Deep, Literal, Path, changed, changes, encoded, paths_of
from tests.support.contents import hashes
from tests.support.data import item, recorded_items, recordings
from tests.support.models import asked_parts, good_answer
from tests.support.steps import fetch, run_day

GOOD = ("2505.00001", "2505.00002", "2505.00003")
MUTATED = 8
ALWAYS = (
    ("paper", "id"), ("paper", "authors"), ("paper", "publishedAt"), ("paper", "title"), ("paper", "summary"),
    ("paper", "upvotes"), ("publishedAt",), ("title",), ("numComments",),
)  # fmt: skip


def originals() -> list[Any]:
    """Recorded items of the years' schemas: the last papers of some days, the newest with every field there is."""
    days = sorted(recordings())
    chosen = [days[0], date(2025, 3, 12), SAMPLE_DATE, days[-1]]
    return [one for day in chosen if day in recordings() for one in recorded_items(day)[:2]]


ORIGINALS = originals()
RECORDED = {path for one in ORIGINALS for path in paths_of(one)}
PATHS: list[Path] = [*ALWAYS, *RECORDED, ("unknown",), ("paper", "unknown")]
NOT_A_LIST_OF_JSON = (Deep(100_000), Deep(100_000, "{"), Literal(b'"\xff\xfe"'), Literal(b'"\xed\xa0\x80"'))
"""Where one of these stands, no parser reads the page: it may be refused as a whole, as a hub that fails."""


@st.composite
def broken_items(draw: st.DrawFn) -> tuple[int, tuple[Change, ...]]:
    """Which recorded item, and how it is changed."""
    return draw(st.integers(0, len(ORIGINALS) - 1)), tuple(draw(st.lists(changes(PATHS), min_size=1, max_size=3)))


def made(number: int, broken: tuple[int, tuple[Change, ...]]) -> Any:
    which, of_it = broken
    one = deepcopy(ORIGINALS[which])
    one["paper"]["id"] = f"2505.1{number:04d}"
    return changed(one, of_it)


def careful_model(request: dict[str, Any]) -> Reply:
    """A good answer where the paper can be told; text from outside must not hide from the model which paper it is."""
    paper = requested_paper(request)
    assert paper, request["messages"][1]["content"][:500]
    return completion(request, json.dumps(asked_parts(request, good_answer(paper))))


def check_the_day(mutated: int) -> None:
    """Runs the day and looks at its end, with the good papers complete."""
    summary = run_day(SAMPLE_DATE)
    rows = rows_of_the_day(summary)
    assert {paper_id: rows[paper_id]["reasons"] for paper_id in GOOD} == {paper_id: [] for paper_id in GOOD}
    assert len(rows) <= len(GOOD) + mutated
    check_complete_rows([row for row in rows.values() if row["status"] == "complete"])
    digest = published_digest(open_library(), SAMPLE_DATE)
    assert digest is not None
    check_digest(digest, list(rows.values()))
    odd = [paper_id for paper_id in rows if paper_id not in GOOD and " " not in paper_id and paper_id[:1] != "-"]
    check_commands([*odd[-1:], GOOD[0]], problems=len(rows) > summary.complete)


@given(st.lists(broken_items(), min_size=1, max_size=MUTATED))
def test_good_papers_are_published_beside_any_others(broken: list[tuple[int, tuple[Change, ...]]]) -> None:
    items = [item(paper_id) for paper_id in GOOD] + [made(*numbered) for numbered in enumerate(broken)]
    with a_day(encoded(items), careful_model):
        check_the_day(len(broken))


@given(st.lists(st.one_of(VALUES, st.sampled_from([{"paper": None}, {"paper": []}, {"paper": {}}])), max_size=MUTATED))
def test_good_papers_are_published_beside_what_is_no_item(others: list[Any]) -> None:
    good = [item(paper_id) for paper_id in GOOD]
    with a_day(encoded([*others, *good, good[0]]), careful_model):
        check_the_day(len(others))


@given(st.lists(VALUES, min_size=2, max_size=4, unique_by=encoded))
def test_a_listing_without_any_paper_is_refused(others: list[Any]) -> None:
    with a_day(encoded(others), careful_model):
        try:
            fetch(SAMPLE_DATE)
        except ContractError:
            assert len(hashes(home_path())) == 1  # the record of the failure
        else:
            raise AssertionError("taken for a listing")


@given(st.sampled_from(NOT_A_LIST_OF_JSON), st.sampled_from(PATHS))
def test_a_page_that_no_parser_reads_is_refused_or_its_paper_is_set_aside(value: Deep | Literal, path: Path) -> None:
    other = Change(path, "replace", value).applied(item("2505.10000"))
    with a_day(encoded([*(item(paper_id) for paper_id in GOOD), other]), careful_model):
        try:
            fetch(SAMPLE_DATE)
        except ContractError:
            assert len(hashes(home_path())) == 1
        else:
            check_the_day(1)
