"""The step that looks at a listing: what it keeps, what it refuses, and what the lake says afterwards."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowTaskTimeout
from airflow.sdk.execution_time.timeout import timeout

from daily_papers.audit.day_status import DayStatus, day_summary
from daily_papers.errors import ContractError, TerminalError, TransientError, UserError
from daily_papers.lake.files import decompress, readable_json
from daily_papers.lake.library import Library
from daily_papers.listing import extract
from daily_papers.listing.day_listing import captures_of, day_listing, ids_ever_listed
from daily_papers.listing.huggingface_client import HuggingFaceClient
from daily_papers.listing.looks import MOST_NEW_KEYS, all_drift, failed_looks, successful_looks
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.faults import Fault, WithFaults
from daily_papers.sample.replay import RecordedListings, ReplayedCaptures
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.settings import load_settings
from daily_papers.summaries.call_store import CallStore
from tests.support.contents import hashes, published
from tests.support.data import captures, item, manifest, recorded_items, recordings
from tests.support.models import HTML, ScriptedModel, well_answering
from tests.support.steps import fetch, run_day

Serve = Callable[..., LocalServer]
MORNING, NOON = datetime(2025, 5, 21, 2, 40, tzinfo=UTC), datetime(2025, 5, 21, 7, 49, tzinfo=UTC)


def test_pages_are_kept_as_served_and_once_per_content(serve: Serve, library: Library) -> None:
    served: list[bytes] = []
    listings = RecordedListings({SAMPLE_DATE: recorded_items(SAMPLE_DATE)})

    def recording(query: dict[str, str]) -> Reply:
        reply = listings(query)
        served.append(reply.body)
        return reply

    serve(recording, well_answering)
    fetch(SAMPLE_DATE)
    fetch(SAMPLE_DATE)
    kept = [decompress(path.read_bytes()) for path in library.lake.pages(SAMPLE_DATE).iterdir()]
    assert sorted(kept) == sorted(set(served))
    assert len(successful_looks(library, SAMPLE_DATE)) == 2
    assert len(day_listing(library, SAMPLE_DATE).papers) == 32


def test_all_143_recorded_captures_go_through_the_step(serve: Serve, library: Library) -> None:
    """Every capture of every date, in its order, over HTTP: as many rows as the files hold, and each look its own."""
    listings = ReplayedCaptures({day: captures(day) for day in recordings()}, datetime(2026, 9, 1, tzinfo=UTC))
    serve(listings, well_answering)
    settings, expected = load_settings(), {line["capture"]: int(line["papers"]) for line in manifest()}
    with HuggingFaceClient(settings) as client:
        for day in recordings():
            for moment in captures(day):
                listings.advance_to(moment)
                found = extract.look_at_listing(library, client, day)
                assert len(found.papers) == expected[f"{moment:%Y-%m-%dT%H%MZ}.json"]
    looks = [look for day in recordings() for look in successful_looks(library, day)]
    assert len(looks) == len(expected) == 143
    for day in recordings():
        kept = [len(capture.papers) for _, capture in captures_of(library, day)]
        assert kept == [len(items) for items in captures(day).values()]
        assert len(day_listing(library, day).papers) == len(ids_ever_listed(library, day))


def test_a_look_records_what_was_asked_and_answered(serve: Serve, library: Library) -> None:
    server = serve(RecordedListings({SAMPLE_DATE: [item()]}), well_answering)
    before = datetime.now(UTC)
    fetch(SAMPLE_DATE)
    [path] = library.lake.observations(SAMPLE_DATE).iterdir()
    record = json.loads(path.read_bytes())
    assert before <= datetime.fromisoformat(record["fetched_at"]) <= datetime.now(UTC)
    assert (record["listed"], record["broken"]) == (1, 0)
    first, last = record["pages"]
    assert first["url"] == f"{server.address}/api/daily_papers?date=2025-05-21&limit=100&p=0"
    assert (first["status"], first["items"], last["items"], last["bytes"]) == (200, 1, 0, 2)
    assert set(first["headers"]) == {"content-type", "date", "link"}
    assert before <= datetime.fromisoformat(first["fetched_at"])
    assert (library.lake.pages(SAMPLE_DATE) / f"{first['sha256']}.json.gz").exists()


def test_late_papers_join_and_lost_ones_stay(serve: Serve, library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item("2505.00001"), item("2505.00002")]})
    serve(listings, well_answering)
    fetch(SAMPLE_DATE)
    listings.items_by_date[SAMPLE_DATE] = [item("2505.00002"), item("2505.00003")]
    fetch(SAMPLE_DATE)
    day = {row.paper.paper_id: row.listed for row in day_listing(library, SAMPLE_DATE).papers}
    assert day == {"2505.00001": False, "2505.00002": True, "2505.00003": True}


def test_a_day_that_grows_pays_for_each_paper_once_and_leaves_the_first_as_they_were(
    serve: Serve, library: Library
) -> None:
    """2025-05-21 at 02:40Z and at 07:49Z, as it was recorded."""
    model = ScriptedModel()
    listings = ReplayedCaptures({SAMPLE_DATE: captures(SAMPLE_DATE)}, MORNING)
    serve(listings, model)
    assert run_day(SAMPLE_DATE).complete == 9
    first = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    answers = hashes(Path(library.lake.root.path) / "calls")
    listings.advance_to(NOON)
    assert run_day(SAMPLE_DATE).complete == 32
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    assert len(rows) == 32
    assert set(model.calls.values()) == {1}
    assert answers.items() <= hashes(Path(library.lake.root.path) / "calls").items()
    moving = {"upvotes", "comments", "github_repository", "project_page", "hf_summary", "keywords"}
    for paper_id, row in first.items():
        assert {name: value for name, value in row.items() if name not in moving} == {
            name: value for name, value in rows[paper_id].items() if name not in moving
        }
    digest = library.lake.digest(SAMPLE_DATE).read_text()
    assert digest.count("\n🔗 https://huggingface.co/papers/") == 32


class MovingVotes:
    """230 papers; after each request some of them change their votes, and so their page, for a while."""

    def __init__(self, restless_requests: int) -> None:
        self.random = random.Random(7)
        self.items = [item(f"2505.{number:05d}", upvotes=500 - number) for number in range(1, 231)]
        self.restless = restless_requests
        self.listings = RecordedListings({SAMPLE_DATE: self.items})

    def __call__(self, query: dict[str, str]) -> Reply:
        reply = self.listings(query)
        if self.restless:
            self.restless -= 1
            for one in self.random.sample(self.items, 60):
                one["paper"]["upvotes"] += self.random.randrange(-200, 200)
                one["paper"]["upvotes"] = max(0, one["paper"]["upvotes"])
            self.items.sort(key=lambda one: -one["paper"]["upvotes"])
        return reply


@pytest.mark.parametrize("restless_requests", [0, 1, 2, 3, 7])
def test_230_papers_on_3_pages_with_moving_votes_are_all_found(
    serve: Serve, library: Library, restless_requests: int
) -> None:
    moving = MovingVotes(restless_requests)
    server = serve(moving, well_answering)
    fetch(SAMPLE_DATE)
    papers = day_listing(library, SAMPLE_DATE).papers
    assert sorted(row.paper.paper_id for row in papers) == [f"2505.{number:05d}" for number in range(1, 231)]
    assert {row.paper.paper_id: row.paper.upvotes for row in papers} == {
        one["paper"]["id"]: one["paper"]["upvotes"] for one in moving.items
    }
    assert len(server.listing_requests) in range(8, 21)


def test_a_dropped_link_header_loses_no_page(serve: Serve, library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item(f"2505.{number:05d}") for number in range(150)]})
    serve(lambda query: replace(listings(query), headers={}), well_answering)
    fetch(SAMPLE_DATE)
    assert len(day_listing(library, SAMPLE_DATE).papers) == 150


def test_a_full_page_is_read_twice_and_a_paper_that_slipped_is_found(serve: Serve, library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item(f"2505.{number:05d}") for number in range(101)]})

    def shrinking(query: dict[str, str]) -> Reply:
        reply = listings(query)
        if len(listings.items_by_date[SAMPLE_DATE]) == 101:
            del listings.items_by_date[SAMPLE_DATE][7]
        return reply

    serve(shrinking, well_answering)
    fetch(SAMPLE_DATE)
    assert "2505.00100" in {row.paper.paper_id for row in day_listing(library, SAMPLE_DATE).papers}


def test_a_listing_that_holds_a_paper_twice_is_calm(serve: Serve, library: Library) -> None:
    papers = [item(f"2505.{number:05d}") for number in range(120)]
    server = serve(RecordedListings({SAMPLE_DATE: [*papers, papers[5]]}), well_answering)
    fetch(SAMPLE_DATE)
    assert len(day_listing(library, SAMPLE_DATE).papers) == 120
    assert len(server.listing_requests) == 6


def test_one_pass_alone_would_lose_papers(serve: Serve) -> None:
    serve(MovingVotes(3), well_answering)
    with HuggingFaceClient(load_settings()) as client:
        ids = {one["paper"]["id"] for page in client.listing_pages(SAMPLE_DATE) for one in page.items}
    assert len(ids) < 230


def test_a_listing_that_never_calms_down_ends_and_says_so(
    serve: Serve, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(MovingVotes(1000), well_answering)
    fetch(SAMPLE_DATE)
    assert len(server.listing_requests) == 4 * extract.MAXIMUM_PASSES
    assert "still changed after 5 passes" in caplog.text
    assert len(day_listing(library, SAMPLE_DATE).papers) == 230


def test_a_failed_look_leaves_its_record_and_nothing_else(serve: Serve, library: Library, home: Path) -> None:
    serve(lambda query: HTML, well_answering)
    with pytest.raises(ContractError):
        fetch(SAMPLE_DATE)
    [only] = hashes(home)
    assert only.startswith("lake/listings/2025-05-21/observations/")
    assert only.endswith(".failed.json")
    [failure] = failed_looks(library, SAMPLE_DATE)
    assert (failure.error, failure.message[-9:]) == ("ContractError", "between).")
    assert library.lake.attempted_dates() == [SAMPLE_DATE]
    assert library.lake.observed_dates() == []


def test_one_broken_item_is_quarantined_and_the_others_go_on(serve: Serve, library: Library) -> None:
    model = ScriptedModel()
    nameless = item("../../etc/passwd", title="Nobody knows me")
    serve(RecordedListings({SAMPLE_DATE: [item(), item("2505.00002", upvotes="many"), nameless]}), model)
    summary = run_day(SAMPLE_DATE)
    assert (summary.listed, summary.complete, summary.quarantined, summary.pending) == (3, 1, 2, 0)
    assert model.calls == {"2505.00001": 1}
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    broken = rows["2505.00002"]
    assert (broken["status"], broken["reasons"]) == ("quarantined", ["listing_item_broken"])
    assert broken["listing_problem"] == "paper.upvotes: Input should be a valid integer"
    assert (broken["title"], broken["upvotes"], broken["published_at"], broken["authors"]) == (None, None, None, [])
    [unidentified] = [row for paper_id, row in rows.items() if paper_id.startswith("unidentified-")]
    assert "'../../etc/passwd' is not an arXiv id" in unidentified["listing_problem"]
    digest = library.lake.digest(SAMPLE_DATE).read_text()
    assert "- 2505.00002 — 검수에서 보류: Hugging Face 목록의 항목에 필수 정보가 없거나 형식이 다릅니다." in digest
    assert "passwd" not in digest


def test_a_mended_item_is_taken_up(serve: Serve, library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item(), item("2505.00002", upvotes="many")]})
    serve(listings, ScriptedModel())
    assert run_day(SAMPLE_DATE).quarantined == 1
    listings.items_by_date[SAMPLE_DATE] = [item(), item("2505.00002")]
    assert run_day(SAMPLE_DATE).complete == 2


def test_an_item_that_breaks_later_does_not_take_its_paper_away(serve: Serve, library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item(), item("2505.00002", upvotes=3)]})
    serve(listings, ScriptedModel())
    run_day(SAMPLE_DATE)
    listings.items_by_date[SAMPLE_DATE] = [item(), item("2505.00002", upvotes="many")]
    assert run_day(SAMPLE_DATE).complete == 2
    assert {row["paper_id"]: row["upvotes"] for row in read_day_file(library, SAMPLE_DATE)}["2505.00002"] == 3


def test_a_listing_without_one_readable_item_is_refused(serve: Serve, library: Library) -> None:
    renamed = [{**item(f"2505.0000{number}"), "numComments": None} for number in (1, 2)]
    serve(RecordedListings({SAMPLE_DATE: renamed}), well_answering)
    with pytest.raises(ContractError, match=r"None of the 2 items .* 2505\.00001: numComments"):
        fetch(SAMPLE_DATE)
    assert not library.lake.pages(SAMPLE_DATE).exists()


def test_a_day_of_one_broken_item_can_be_looked_at_again(serve: Serve) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item(upvotes="many")]}), ScriptedModel())
    for _ in range(2):
        assert run_day(SAMPLE_DATE).quarantined == 1


def test_one_garbage_item_does_not_wipe_a_day(serve: Serve, home: Path) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item()]})
    serve(listings, ScriptedModel())
    run_day(SAMPLE_DATE)
    before = published(home)
    listings.items_by_date[SAMPLE_DATE] = [{"error": "x"}]
    with pytest.raises(ContractError, match="None of the 1 items"):
        fetch(SAMPLE_DATE)
    assert published(home) == before


def test_a_look_that_airflow_ends_is_recorded_as_failed(serve: Serve, library: Library) -> None:
    serve(WithFaults(RecordedListings({SAMPLE_DATE: [item()]}), [Fault("delay", seconds=2)]), well_answering)
    with HuggingFaceClient(load_settings()) as client, pytest.raises(AirflowTaskTimeout), timeout(0.5):  # type: ignore[no-untyped-call]
        extract.look_at_listing(library, client, SAMPLE_DATE)
    [failure] = failed_looks(library, SAMPLE_DATE)
    assert failure.error == "AirflowTaskTimeout"
    assert day_summary(library, SAMPLE_DATE).status is DayStatus.FETCH_FAILED


def test_of_two_looks_at_once_the_one_that_saw_the_newer_list_counts(serve: Serve, library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item()]})
    slow_started = threading.Event()

    def slowly(query: dict[str, str]) -> Reply:
        if not slow_started.is_set():
            slow_started.set()
            time.sleep(1)  # meanwhile another look begins, ends, and a paper joins
        return listings(query)

    serve(slowly, well_answering)
    slow = threading.Thread(target=fetch, args=(SAMPLE_DATE,))
    slow.start()
    slow_started.wait(10)
    fetch(SAMPLE_DATE)
    listings.items_by_date[SAMPLE_DATE] = [item(), item("2505.00002")]
    slow.join()
    assert {row.paper.paper_id: row.listed for row in day_listing(library, SAMPLE_DATE).papers}["2505.00002"]


def test_looks_of_version_0_1_0_stay_readable(serve: Serve, library: Library) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item()]}), well_answering)
    fetch(SAMPLE_DATE)
    [path] = library.lake.observations(SAMPLE_DATE).iterdir()
    record = json.loads(path.read_bytes())
    del record["listed"], record["broken"]
    path.write_bytes(readable_json(record))
    assert [(look.listed, look.broken) for look in successful_looks(library, SAMPLE_DATE)] == [(1, 0)]


def test_a_flood_of_unknown_keys_is_reported_in_part(serve: Serve, library: Library) -> None:
    serve(
        RecordedListings({SAMPLE_DATE: [item("2505.00001", **{f"new{number}": 1 for number in range(3000)})]}),
        well_answering,
    )
    fetch(SAMPLE_DATE)
    assert len(all_drift(library)) == MOST_NEW_KEYS


def test_drift_is_reported_once(serve: Serve, library: Library, caplog: pytest.LogCaptureFixture) -> None:
    listings = RecordedListings({SAMPLE_DATE: [item(invented={"deep": 1})], date(2025, 5, 22): [item(invented=2)]})
    serve(listings, well_answering)
    for day in (SAMPLE_DATE, date(2025, 5, 22), SAMPLE_DATE):
        fetch(day)
    [drift] = all_drift(library)
    assert (drift.what, drift.listing_date, drift.paper_id) == ("paper.invented", SAMPLE_DATE, "2505.00001")
    assert caplog.text.count("New in the listing") == 1
    [kept] = [
        page for page in library.lake.pages(SAMPLE_DATE).iterdir() if b"invented" in decompress(page.read_bytes())
    ]
    assert json.loads(decompress(kept.read_bytes()))[0]["paper"]["invented"] == {"deep": 1}


class TestEmptyListings:
    def test_empty_is_not_failed_is_not_missing(self, serve: Serve, library: Library) -> None:
        serve(RecordedListings({date(2025, 5, 24): []}), ScriptedModel())
        assert run_day(date(2025, 5, 24)).status is DayStatus.EMPTY
        with pytest.raises(TerminalError, match="404"):
            fetch(date(2025, 5, 25))
        statuses = [day_summary(library, date(2025, 5, day)).status for day in (24, 25, 26)]
        assert statuses == [DayStatus.EMPTY, DayStatus.FETCH_FAILED, DayStatus.MISSING]

    def test_a_listing_that_comes_back_empty_is_not_believed(self, serve: Serve, home: Path, library: Library) -> None:
        listings = RecordedListings({SAMPLE_DATE: [item()]})
        serve(listings, ScriptedModel())
        run_day(SAMPLE_DATE)
        before = published(home)
        listings.items_by_date[SAMPLE_DATE] = []
        for _ in range(2):
            with pytest.raises(TransientError, match="held 1 papers before"):
                fetch(SAMPLE_DATE)
        assert published(home) == before
        assert len(successful_looks(library, SAMPLE_DATE)) == 1

    def test_still_empty_a_day_later_it_counts_as_empty(self, serve: Serve, library: Library) -> None:
        listings = RecordedListings({SAMPLE_DATE: [item()]})
        serve(listings, ScriptedModel())
        run_day(SAMPLE_DATE)
        listings.items_by_date[SAMPLE_DATE] = []
        with pytest.raises(TransientError):
            fetch(SAMPLE_DATE)
        age_all_looks(library, timedelta(hours=21))
        assert run_day(SAMPLE_DATE).status is DayStatus.EMPTY
        fetch(SAMPLE_DATE)  # the next looks believe it, too
        assert run_day(SAMPLE_DATE).status is DayStatus.EMPTY
        [row] = read_day_file(library, SAMPLE_DATE)
        assert (row["status"], row["listed"]) == ("complete", False)
        assert not library.lake.digest(SAMPLE_DATE).exists()

    def test_papers_in_between_start_the_waiting_again(self, serve: Serve, library: Library) -> None:
        listings = RecordedListings({SAMPLE_DATE: [item()]})
        serve(listings, well_answering)
        fetch(SAMPLE_DATE)
        listings.items_by_date[SAMPLE_DATE] = []
        with pytest.raises(TransientError):
            fetch(SAMPLE_DATE)
        age_all_looks(library, timedelta(hours=21))
        listings.items_by_date[SAMPLE_DATE] = [item()]
        fetch(SAMPLE_DATE)
        listings.items_by_date[SAMPLE_DATE] = []
        with pytest.raises(TransientError):
            fetch(SAMPLE_DATE)


def age_all_looks(library: Library, age: timedelta) -> None:
    """Puts all looks at the sample day into the past."""
    for path in list(library.lake.observations(SAMPLE_DATE).iterdir()):
        record: dict[str, Any] = json.loads(path.read_bytes())
        moment = datetime.fromisoformat(record["fetched_at"]) - age
        record["fetched_at"] = moment.isoformat()
        path.unlink()
        path.with_name(f"{moment:%Y%m%dT%H%M%S.%fZ}.{path.name.split('Z.')[1]}").write_bytes(readable_json(record))


def test_the_future_is_refused_before_anything_is_asked_or_kept(serve: Serve, library: Library, home: Path) -> None:
    server = serve(RecordedListings({}), well_answering)
    with HuggingFaceClient(load_settings()) as client, pytest.raises(UserError, match="in the future"):
        extract.look_at_listing(library, client, date(2999, 1, 1))
    assert server.listing_requests == []
    assert hashes(home) == {}


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8bno", None])
def test_a_damaged_page_is_named(serve: Serve, library: Library, damage: bytes | None) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item()]}), well_answering)
    fetch(SAMPLE_DATE)
    for page in library.lake.pages(SAMPLE_DATE).iterdir():
        page.unlink() if damage is None else page.write_bytes(damage)
    for reading in (day_listing, ids_ever_listed, captures_of):
        with pytest.raises(TerminalError, match="missing or damaged"):
            reading(library, SAMPLE_DATE)


def test_pages_without_their_look_and_stray_files_are_no_date(library: Library) -> None:
    library.lake.pages(SAMPLE_DATE).mkdir(parents=True)
    (library.lake.root / "listings" / ".DS_Store").write_bytes(b"x")
    (library.lake.root / "listings" / "2025-02-30").mkdir()
    assert library.lake.observed_dates() == library.lake.attempted_dates() == []


def test_an_unfetched_date_says_so(library: Library) -> None:
    with pytest.raises(UserError, match="never fetched"):
        day_listing(library, SAMPLE_DATE)


def test_no_call_is_made_for_what_is_no_longer_listed(serve: Serve, library: Library) -> None:
    withdrawn = item("2505.00002")
    withdrawn["paper"]["withdrawnAt"] = "2025-05-22T00:00:00.000Z"
    serve(RecordedListings({SAMPLE_DATE: [item(), withdrawn]}), ScriptedModel())
    assert run_day(SAMPLE_DATE).listed == 1
    assert CallStore(library).calls("2505.00002") == []
    assert "2505.00002" not in library.lake.digest(SAMPLE_DATE).read_text()
