from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from daily_papers import extract
from daily_papers.errors import ContractError, TransientError, UserError
from daily_papers.lake import Lake
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, RecordedListings
from daily_papers.storage import decompress
from tests.support.contents import hashes
from tests.support.data import item, recorded_items
from tests.support.models import HTML, well_answering
from tests.support.steps import fetch


def test_pages_are_kept_as_served_and_once_per_content(serve: Callable[..., LocalServer], lake: Lake) -> None:
    served: list[bytes] = []
    listings = RecordedListings({SAMPLE_DATE: recorded_items(SAMPLE_DATE)})

    def recording(query: dict[str, str]):  # type: ignore[no-untyped-def]
        reply = listings(query)
        served.append(reply.body)
        return reply

    serve(recording, well_answering)
    fetch(SAMPLE_DATE)
    fetch(SAMPLE_DATE)
    kept = [decompress(path.read_bytes()) for path in lake.pages(SAMPLE_DATE).iterdir()]
    assert sorted(kept) == sorted(set(served))
    assert len(extract.observations(lake, SAMPLE_DATE)) == 2
    assert len(extract.day_papers(lake, SAMPLE_DATE)) == 32


def test_late_papers_join_and_lost_ones_stay(serve: Callable[..., LocalServer], lake: Lake) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item("2505.00001"), item("2505.00002")]})
    serve(listings, well_answering)
    fetch(SAMPLE_DATE)
    listings.items_by_date[SAMPLE_DATE] = [item("2505.00002"), item("2505.00003")]
    fetch(SAMPLE_DATE)
    day = {row.paper.paper_id: row.listed for row in extract.day_papers(lake, SAMPLE_DATE)}
    assert day == {"2505.00001": False, "2505.00002": True, "2505.00003": True}


def test_a_failed_fetch_writes_nothing(serve: Callable[..., LocalServer], home: Path) -> None:
    serve(lambda query: HTML, well_answering)
    with pytest.raises(ContractError):
        fetch(SAMPLE_DATE)
    assert hashes(home) == {}


def test_one_broken_item_leaves_an_earlier_capture_as_it_was(serve: Callable[..., LocalServer], home: Path) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item()]})
    serve(listings, well_answering)
    fetch(SAMPLE_DATE)
    before = hashes(home)
    listings.items_by_date[SAMPLE_DATE] = [item(), item("2505.00002", upvotes="many")]
    with pytest.raises(ContractError, match=r"2505\.00002.*upvotes"):
        fetch(SAMPLE_DATE)
    assert hashes(home) == before


def test_a_listing_that_comes_back_empty_is_not_believed(serve: Callable[..., LocalServer], home: Path) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item()]})
    serve(listings, well_answering)
    fetch(SAMPLE_DATE)
    before = hashes(home)
    listings.items_by_date[SAMPLE_DATE] = []
    with pytest.raises(TransientError, match="held 1 papers before"):
        fetch(SAMPLE_DATE)
    assert hashes(home) == before


def test_pages_without_their_observation_and_stray_files_are_no_date(lake: Lake) -> None:
    lake.pages(SAMPLE_DATE).mkdir(parents=True)
    (lake.root / "listings" / ".DS_Store").write_bytes(b"x")
    assert lake.observed_dates() == []


def test_an_unfetched_date_says_so(lake: Lake) -> None:
    with pytest.raises(UserError, match="never fetched"):
        extract.day_papers(lake, SAMPLE_DATE)
