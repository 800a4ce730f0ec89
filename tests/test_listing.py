from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from daily_papers.errors import ContractError
from daily_papers.listing import parse_capture, parse_item, union_of_captures
from daily_papers.sample.server import SAMPLE_DATE
from tests.support.data import item, recorded_items


def test_a_recorded_item_becomes_a_typed_row() -> None:
    paper = parse_item(recorded_items(SAMPLE_DATE)[1], SAMPLE_DATE)
    assert paper.paper_id == "2505.11594"
    assert paper.title == (
        "SageAttention3: Microscaling FP4 Attention for Inference and An Exploration of 8-Bit Training"
    )
    assert paper.published_at == datetime(2025, 5, 16, 18, 1, 54)
    assert paper.submitted_at == datetime(2025, 5, 21, 1, 35, 25, 101000)
    assert (paper.upvotes, paper.comments, paper.submitted_by) == (25, 1, "jt-zhang")
    assert paper.github_repository == "https://github.com/thu-ml/SageAttention"
    assert len(paper.authors) == 9


@pytest.mark.parametrize("listing_date", [SAMPLE_DATE, date(2025, 5, 22), date(2025, 5, 23)])
def test_every_recorded_item_is_read(listing_date: date) -> None:
    items = recorded_items(listing_date)
    assert len(parse_capture(items, listing_date)) == len(items)


@pytest.mark.parametrize("field", ["id", "title", "summary", "upvotes", "publishedAt", "authors"])
def test_a_missing_field_is_named_with_its_item(field: str) -> None:
    broken = item("2505.12345")
    del broken["paper"][field]
    with pytest.raises(ContractError, match=rf"paper\.{field}") as caught:
        parse_item(broken, SAMPLE_DATE)
    assert ("2505.12345" in str(caught.value)) == (field != "id")


@pytest.mark.parametrize("field", ["publishedAt", "title", "numComments"])
def test_a_missing_field_of_the_item_itself_is_named(field: str) -> None:
    broken = item()
    del broken[field]
    with pytest.raises(ContractError, match=field):
        parse_item(broken, SAMPLE_DATE)


@pytest.mark.parametrize("bad", [None, "text", [], 5, {"paper": "x"}, {"paper": None}])
def test_an_item_of_another_shape_is_a_contract_error(bad: Any) -> None:
    with pytest.raises(ContractError):
        parse_item(bad, SAMPLE_DATE)


@pytest.mark.parametrize("paper_id", ["../../etc/passwd", "2505.1", "2505.12345v2", "", "2505/12345", "2505.12345\n"])
def test_an_id_that_is_no_path_component_is_refused(paper_id: str) -> None:
    with pytest.raises(ContractError, match="arXiv id"):
        parse_item(item(paper_id), SAMPLE_DATE)


def test_an_id_stays_a_string() -> None:
    assert parse_item(item("2505.14680"), SAMPLE_DATE).paper_id == "2505.14680"


def test_unknown_fields_do_not_matter() -> None:
    assert parse_item({**item(invented=1), "also": []}, SAMPLE_DATE).paper_id == "2505.00001"


def test_the_submission_time_of_old_listings_is_the_top_level_time() -> None:
    old = item()
    del old["paper"]["submittedOnDailyAt"]
    assert parse_item(old, date(2025, 3, 7)).submitted_at == datetime(2025, 5, 20, 13, 59, 30)
    assert parse_item(old, date(2025, 3, 12)).submitted_at is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" https://a.example/x", "https://a.example/x"),
        ("javascript:alert(1)", None),
        ("a b", None),
        ("", None),
        ("https://a.example/\n\n##\t2505.99999", None),
        ("https:///x", None),
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
    ],
)
def test_only_web_addresses_are_kept(given: str, kept: str | None) -> None:
    assert parse_item(item(projectPage=given), SAMPLE_DATE).project_page == kept


def test_a_paper_on_two_pages_counts_once() -> None:
    papers = parse_capture([item("2506.01920", upvotes=3), item("2506.01920", upvotes=4)], SAMPLE_DATE)
    assert [(paper.paper_id, paper.upvotes) for paper in papers] == [("2506.01920", 3)]


def test_a_paper_that_left_the_listing_keeps_its_row() -> None:
    first = parse_capture([item("2505.00001", upvotes=1), item("2505.00002", upvotes=9)], SAMPLE_DATE)
    second = parse_capture([item("2505.00001", upvotes=5), item("2505.00003", upvotes=7)], SAMPLE_DATE)
    day = [(row.paper.paper_id, row.paper.upvotes, row.listed) for row in union_of_captures([first, second])]
    assert day == [("2505.00003", 7, True), ("2505.00001", 5, True), ("2505.00002", 9, False)]
