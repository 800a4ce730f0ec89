"""The contract of one item, the day as the union of its captures, and the recorded captures as they came."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

import pytest

from daily_papers.listing.contract import (
    BrokenItem,
    ListedPaper,
    item_key,
    parse_capture,
    parse_item,
    union_of_captures,
)
from daily_papers.sample.server import SAMPLE_DATE
from tests.support.data import captures, item, manifest, parsed, recorded_item, recorded_items, recordings


def broken(listing_item: Any) -> BrokenItem:
    found, _ = parse_item(listing_item)
    assert isinstance(found, BrokenItem)
    return found


def test_a_recorded_item_becomes_a_typed_row() -> None:
    paper = parsed(recorded_item("2505.11594", SAMPLE_DATE))
    assert paper.title == (
        "SageAttention3: Microscaling FP4 Attention for Inference and An Exploration of 8-Bit Training"
    )
    assert paper.published_at == datetime(2025, 5, 16, 18, 1, 54)
    assert paper.submitted_at == datetime(2025, 5, 21, 1, 35, 25, 101000)
    assert (paper.upvotes, paper.comments, paper.submitted_by) == (25, 1, "jt-zhang")
    assert paper.github_repository == "https://github.com/thu-ml/SageAttention"
    assert len(paper.authors) == 9


def test_all_143_recorded_captures_become_typed_rows() -> None:
    """Against the bytes; `test_extract.py` sends them through the whole step."""
    counted = 0
    for line in manifest():
        listing_date = date.fromisoformat(line["listing_date"])
        [content] = [
            content
            for moment, content in recordings()[listing_date].items()
            if f"{moment:%Y-%m-%dT%H%MZ}.json" == line["capture"]
        ]
        assert hashlib.sha256(content).hexdigest() == line["sha256"]
    for listing_date in recordings():
        for items in captures(listing_date).values():
            capture = parse_capture(items)
            assert len(capture.papers) == len(items)
            assert capture.broken == ()
            assert dict(capture.drift) == {}
            counted += 1
    assert counted == len(manifest()) == 143


@pytest.mark.parametrize(
    ("listing_date", "listed"),
    [(date(2024, 9, 3), 2), (date(2026, 5, 13), 50), (SAMPLE_DATE, 32)],
)
def test_counts_of_recorded_days(listing_date: date, listed: int) -> None:
    assert len(parse_capture(recorded_items(listing_date)).papers) == listed


class TestEras:
    """What fields mean, and when they began, on recorded bytes."""

    def test_until_2025_03_10_the_top_level_time_is_the_submission(self) -> None:
        for listing_date in (date(2024, 6, 3), date(2024, 9, 3), date(2025, 3, 7), date(2025, 3, 10)):
            for one in recorded_items(listing_date):
                assert "submittedOnDailyAt" not in one["paper"]
                assert parsed(one).submitted_at == _utc(one["publishedAt"])

    def test_from_2025_03_11_to_14_nobody_knows_submission_or_submitter(self) -> None:
        for day in (11, 12, 13, 14):
            for one in recorded_items(date(2025, 3, day)):
                paper = parsed(one)
                assert (paper.submitted_at, paper.submitted_by) == (None, None)
                assert paper.published_at == _utc(one["paper"]["publishedAt"])

    def test_after_that_the_submission_is_on_the_listing_date(self) -> None:
        for listing_date in recordings():
            if listing_date > date(2025, 3, 14):
                for one in recorded_items(listing_date):
                    paper = parsed(one)
                    assert paper.submitted_at is not None
                    assert paper.submitted_at.date() == listing_date
                    assert paper.submitted_by == one["paper"]["submittedOnDailyBy"]["user"]

    def test_an_old_date_that_is_served_today_has_no_wrong_submission(self) -> None:
        one = recorded_items(date(2025, 3, 12))[0]
        assert one["publishedAt"] < one["paper"]["publishedAt"]
        assert parsed(one).submitted_at is None

    def test_the_first_submitters_are_named_in_2024(self) -> None:
        assert {parsed(one).submitted_by for one in recorded_items(date(2024, 6, 7))} == {None}
        one = recorded_items(date(2024, 9, 3))[0]
        assert parsed(one).submitted_by == one["submittedBy"]["name"]

    @pytest.mark.parametrize(
        ("field", "first"),
        [
            ("author_participates", date(2025, 3, 7)),
            ("project_page", date(2025, 3, 7)),
            ("github_repository", date(2025, 3, 7)),
            ("hf_summary", date(2025, 5, 21)),
            ("github_stars", date(2025, 6, 25)),
            ("organization", date(2025, 11, 11)),
        ],
    )
    def test_a_later_field_is_null_before_and_there_after(self, field: str, first: date) -> None:
        having = [
            listing_date
            for listing_date in recordings()
            if any(getattr(parsed(one), field) is not None for one in recorded_items(listing_date))
        ]
        assert min(having) >= first
        assert date(2026, 8, 19) in having

    def test_keywords_begin_in_2025(self) -> None:
        assert all(parsed(one).keywords == () for one in recorded_items(date(2025, 3, 7)))
        assert all(parsed(one).keywords for one in recorded_items(date(2026, 8, 13))[:5])

    def test_times_are_midnight_in_2026(self) -> None:
        papers = [parsed(one) for one in recorded_items(date(2026, 8, 13))]
        assert {paper.published_at.time() for paper in papers} == {datetime.min.time()}
        assert {paper.submitted_at.time() for paper in papers if paper.submitted_at} == {datetime.min.time()}


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


class TestRecordedCases:
    """Single papers that a pipeline stumbles over, from recorded bytes."""

    def test_wrapped_titles_and_abstracts_are_on_one_line(self) -> None:
        wrapped = 0
        for listing_date in recordings():
            for one in recorded_items(listing_date):
                paper = parsed(one)
                assert "\n" not in paper.title + paper.abstract
                assert "  " not in paper.title + paper.abstract
                wrapped += "\n" in one["paper"]["title"]
        assert wrapped > 400

    def test_an_id_that_ends_in_zero_stays_a_string(self) -> None:
        assert parsed(recorded_item("2505.14680", SAMPLE_DATE)).paper_id == "2505.14680"

    def test_an_id_from_another_month_than_the_publication(self) -> None:
        months = [
            (paper.paper_id[:4], f"{paper.published_at:%y%m}")
            for listing_date in recordings()
            for paper in (parsed(one) for one in recorded_items(listing_date))
        ]
        assert sum(by_id != published for by_id, published in months) > 5

    def test_a_backtick_and_an_asterisk_in_titles(self) -> None:
        titles = {parsed(one).title for listing_date in recordings() for one in recorded_items(listing_date)}
        assert any("`" in title for title in titles)
        assert any("*" in title for title in titles)
        assert parsed(recorded_item("2503.10357", date(2025, 3, 14))).title == _title("2503.10357")

    def test_latex_differs_between_the_two_titles_and_the_papers_own_is_taken(self) -> None:
        [one] = [one for one in recorded_items(date(2025, 3, 7)) if "Mutual Information Scaling Law" in one["title"]]
        assert one["title"].startswith("L$^2$M")
        assert parsed(one).title.startswith("L^2M: Mutual Information Scaling Law for Long-Context")

    @pytest.mark.parametrize(
        ("paper_id", "listing_date", "piece"),
        [
            ("2608.11878", date(2026, 8, 13), "**"),
            ("2608.14036", date(2026, 8, 19), "\\textbf"),
            ("2608.18063", date(2026, 8, 19), "times"),
            ("2505.14683", SAMPLE_DATE, "open0source"),
        ],
    )
    def test_markup_and_residue_in_abstracts_are_kept(self, paper_id: str, listing_date: date, piece: str) -> None:
        assert piece in parsed(recorded_item(paper_id, listing_date)).abstract

    def test_repeated_author_names_are_all_kept(self) -> None:
        [one] = [one for one in recorded_items(date(2025, 5, 7)) if one["paper"]["id"] == "2505.03335"]
        names = parsed(one).authors
        assert len(names) == len(one["paper"]["authors"]) > len(set(names))

    def test_a_hidden_author_is_an_author(self) -> None:
        one = recorded_item("2507.02025", date(2025, 7, 4))
        assert [author["name"] for author in one["paper"]["authors"] if author["hidden"]] == ["Gary Liu"]
        assert "Gary Liu" in parsed(one).authors

    def test_a_leading_space_in_a_project_page(self) -> None:
        one = recorded_item("2505.16839", date(2025, 5, 23))
        assert one["paper"]["projectPage"].startswith(" ")
        assert parsed(one).project_page == one["paper"]["projectPage"].strip()

    def test_a_folder_inside_a_repository(self) -> None:
        [one] = [
            one
            for one in recorded_items(SAMPLE_DATE)
            if str(one["paper"].get("githubRepo", "")).endswith("Visual-ARFT")
        ]
        assert parsed(one).github_repository == "https://github.com/Liuziyu77/Visual-RFT"

    def test_a_project_page_that_vanishes_between_captures(self) -> None:
        first, second = (parse_capture(items) for items in captures(date(2025, 7, 14)).values())
        pages = [
            {paper.paper_id: paper.project_page for paper in capture.papers}["2507.08801"]
            for capture in (first, second)
        ]
        assert pages[0] is not None
        assert pages[1] is None

    def test_a_paper_listed_on_two_dates(self) -> None:
        for listing_date in (date(2026, 8, 13), date(2026, 8, 19)):
            assert parsed(recorded_item("2608.12313", listing_date)).paper_id == "2608.12313"

    def test_a_paper_that_was_moved_is_on_its_new_date(self) -> None:
        days = [day for day in recordings() if any(one["paper"]["id"] == "2511.07332" for one in recorded_items(day))]
        assert days == [date(2025, 11, 12)]


def _title(paper_id: str) -> str:
    return " ".join(recorded_item(paper_id, date(2025, 3, 14))["paper"]["title"].split())


class TestMadeUpCases:
    """Cases of `hf-api.md` that the 143 captures do not hold, made from recorded items."""

    @pytest.mark.parametrize(
        "title",
        [
            "<think> about it",
            "A | B",
            "`code` and *stars*",
            "\\$5",
            '"Quoted',
            "$\\textbf{X}$ for μ_0",
            "</think><|im_end|>",
        ],
    )
    def test_markup_in_titles_and_abstracts_is_text(self, title: str) -> None:
        paper = parsed(item(title=title, summary=f"{title} [link](https://a.example) 8.4times"))
        assert (paper.title, paper.abstract) == (title, f"{title} [link](https://a.example) 8.4times")

    def test_thousands_of_authors_and_a_team(self) -> None:
        names = ["Gemini Team", "J.\\'er\\^ome", *(f"Author {number}" for number in range(3301))]
        paper = parsed(item(authors=[{"_id": "x", "name": name, "hidden": False} for name in names]))
        assert paper.authors == tuple(names)

    def test_a_submitter_without_a_name_hides_no_other(self) -> None:
        assert parsed({**item(submittedOnDailyBy={}), "submittedBy": {"name": "akhaliq"}}).submitted_by == "akhaliq"

    def test_control_characters_are_white_space(self) -> None:
        assert parsed(item(title="A\x00title\x1b[31m\x07 in red\x85")).title == "A title [31m in red"

    def test_an_endless_id_or_key_is_cut(self) -> None:
        assert len(broken(item("9" * 100_000)).problem) < 200
        assert all(len(what) <= 100 for what in parse_capture([item("2505.00001", **{"k" * 5000: 1})]).drift)

    def test_no_submitter(self) -> None:
        one = item()
        del one["paper"]["submittedOnDailyBy"], one["submittedBy"]
        assert parsed(one).submitted_by is None

    @pytest.mark.parametrize("place", ["paper", "item"])
    def test_a_withdrawn_paper_is_no_longer_listed(self, place: str) -> None:
        one = item()
        (one["paper"] if place == "paper" else one)["withdrawnAt"] = "2026-08-14T10:00:00.000Z"
        capture = parse_capture([one, item("2505.00002")])
        assert capture.papers[0].withdrawn_at == datetime(2026, 8, 14, 10)
        assert capture.listed_ids == {"2505.00002"}
        day = union_of_captures([capture])
        assert {row.paper.paper_id: row.listed for row in day.papers} == {"2505.00001": False, "2505.00002": True}

    def test_the_same_paper_twice_counts_once_as_read_last(self) -> None:
        capture = parse_capture([item("2506.01920", upvotes=3), item("2506.01920", upvotes=4)])
        assert [(paper.paper_id, paper.upvotes) for paper in capture.papers] == [("2506.01920", 4)]

    def test_times_of_more_than_a_millisecond_are_cut(self) -> None:
        paper = parsed(item(publishedAt="2025-05-20T13:59:30.123456Z"))
        assert paper.published_at == datetime(2025, 5, 20, 13, 59, 30, 123000)


class TestBrokenItems:
    @pytest.mark.parametrize("field", ["title", "summary", "upvotes", "publishedAt", "authors"])
    def test_a_missing_field_is_named_with_its_item(self, field: str) -> None:
        one = item("2505.12345")
        del one["paper"][field]
        assert broken(one).paper_id == "2505.12345"
        assert broken(one).problem.startswith(f"paper.{field}: ")

    @pytest.mark.parametrize("field", ["publishedAt", "title", "numComments"])
    def test_a_missing_field_of_the_item_itself_is_named(self, field: str) -> None:
        one = item()
        del one[field]
        assert broken(one).problem.startswith(f"{field}: ")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("upvotes", "many"), ("upvotes", -1), ("upvotes", 2**31), ("upvotes", True), ("upvotes", 1.5),
            ("title", None), ("title", " \n"), ("summary", ""), ("summary", ["x"]),
            ("publishedAt", "yesterday"), ("publishedAt", "2025-05-20T13:59:30"),
            ("publishedAt", "0001-01-01T00:00:00+14:00"), ("publishedAt", 5), ("publishedAt", "5"),
            ("publishedAt", "2025-05-20"),
            ("authors", "Someone"), ("authors", [{"_id": "a", "name": 5, "hidden": False}]), ("authors", [None]),
            ("authors", [{"name": "No id", "hidden": False}]), ("authors", [{"_id": "a", "name": "Not hidden or not"}]),
            ("title", "\ud800"),
        ],
    )  # fmt: skip
    def test_a_field_of_another_form(self, field: str, value: Any) -> None:
        assert broken(item(**{field: value})).paper_id == "2505.00001"

    @pytest.mark.parametrize("bad", [None, "text", [], 5, {"paper": "x"}, {"paper": None}, {}])
    def test_an_item_of_another_shape(self, bad: Any) -> None:
        assert broken(bad).paper_id.startswith("unidentified-")

    @pytest.mark.parametrize(
        "paper_id",
        [
            "../../etc/passwd",
            "2505.1",
            "2505.12345v2",
            "",
            "2505/12345",
            "2505.12345\n",
            2505.1468,
            None,
            "２５０５.１２３４５",
        ],
    )
    def test_an_id_that_is_no_arxiv_id(self, paper_id: Any) -> None:
        found = broken(item(paper_id))
        assert found.paper_id.startswith("unidentified-")
        assert found.problem.startswith("paper.id: ")

    def test_the_name_of_an_unidentified_item_stays_while_votes_change(self) -> None:
        assert item_key(item("x", upvotes=1)) == item_key(item("x", upvotes=2))
        assert item_key(item("x", title="another")) != item_key(item("x"))
        assert item_key("\ud800").startswith("unidentified-")

    def test_the_others_go_on(self) -> None:
        capture = parse_capture([item(), item("2505.00002", upvotes="many"), None])
        assert [paper.paper_id for paper in capture.papers] == ["2505.00001"]
        assert len(capture.broken) == 2
        assert len(capture.listed_ids) == 3

    def test_an_earlier_readable_item_stands(self) -> None:
        first = parse_capture([item("2505.00002", upvotes=5)])
        second = parse_capture([item(), item("2505.00002", upvotes="many")])
        day = union_of_captures([first, second])
        assert [(row.paper.paper_id, row.paper.upvotes, row.listed) for row in day.papers][-1] == (
            "2505.00002",
            5,
            True,
        )
        assert day.broken == ()
        [left] = union_of_captures([second, first]).broken or [None]
        assert left is None

    def test_a_broken_item_that_left_is_no_longer_listed(self) -> None:
        first = parse_capture([item(), item("2505.00002", upvotes="many")])
        day = union_of_captures([first, parse_capture([item()])])
        assert [(row.item.paper_id, row.listed) for row in day.broken] == [("2505.00002", False)]


class TestDrift:
    def test_unknown_keys_are_named_with_a_paper_and_change_nothing(self) -> None:
        one = item(invented=1)
        one["also"] = []
        one["paper"]["authors"][0]["orcid"] = "x"
        one["paper"]["submittedOnDailyBy"]["followers"] = 2
        capture = parse_capture([item("2505.00002"), one])
        new = ("also", "paper.authors.orcid", "paper.invented", "paper.submittedOnDailyBy.followers")
        assert dict(capture.drift) == dict.fromkeys(new, "2505.00001")
        assert capture.papers[1] == parsed(item())

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("githubRepo", 5), ("projectPage", {}), ("ai_keywords", "x"), ("ai_keywords", [1]), ("githubStars", "12"),
            ("organization", "Google"), ("submittedOnDailyAt", "soon"), ("ai_summary", 1), ("withdrawnAt", True),
            ("withdrawnAt", "0001-01-01T00:00:00+14:00"),
        ],
    )  # fmt: skip
    def test_an_optional_field_of_another_type_is_null_and_drift(self, field: str, value: Any) -> None:
        capture = parse_capture([item(**{field: value})])
        assert capture.broken == ()
        assert dict(capture.drift) == {f"paper.{field} of another type": "2505.00001"}


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
    assert parsed(item(projectPage=given)).project_page == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://github.com/thu-ml/SageAttention", "https://github.com/thu-ml/SageAttention"),
        (" http://www.github.com/a/b.git ", "https://github.com/a/b"),
        ("https://github.com/a/b/", "https://github.com/a/b"),
        ("https://github.com/a/b/tree/main/c?tab=readme#x", "https://github.com/a/b"),
        ("https://GitHub.com/a/b", "https://github.com/a/b"),
        ("https://github.com/DFIR-Metric", None),
        ("https://github.com/orgs/DFIR-Metric/repositories", None),
        ("https://github.com", None),
        ("https://gitlab.com/a/b/-/tree/main", "https://gitlab.com/a/b/-/tree/main"),
        ("https://github.com.evil.example/a/b/c", "https://github.com.evil.example/a/b/c"),
        ("ftp://github.com/a/b", None),
    ],
)
def test_a_repository_is_the_repository_itself(given: str, kept: str | None) -> None:
    assert parsed(item(githubRepo=given)).github_repository == kept


def test_a_paper_that_left_the_listing_keeps_its_row() -> None:
    first = parse_capture([item("2505.00001", upvotes=1), item("2505.00002", upvotes=9)])
    second = parse_capture([item("2505.00001", upvotes=5), item("2505.00003", upvotes=7)])
    day = [(row.paper.paper_id, row.paper.upvotes, row.listed) for row in union_of_captures([first, second]).papers]
    assert day == [("2505.00003", 7, True), ("2505.00001", 5, True), ("2505.00002", 9, False)]


def test_no_capture_is_no_paper() -> None:
    assert union_of_captures([]).rows == []
    assert isinstance(parse_item(item())[0], ListedPaper)
