"""Getting papers' texts over real HTTP: what is asked, how often, what is kept, and what happens without an answer."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.errors import UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.listing.day_listing import day_listing
from daily_papers.publish.digest import render_stored_day
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.settings import load_settings
from daily_papers.texts import read
from daily_papers.texts.arxiv_client import LARGEST_DOCUMENT
from daily_papers.texts.document import DocumentKind
from daily_papers.texts.fulltext.tokens import count_tokens
from daily_papers.texts.text_store import (
    Reading,
    Source,
    current_source,
    kept_document,
    latest_reading,
    readings,
    record_reading,
)
from tests.support.arxiv import PAPER_ID, Arxiv, arxiv_page, fixture, listed
from tests.support.contents import hashes
from tests.support.models import ScriptedModel, failure
from tests.support.steps import ask, fetch, run_day

Serve = Callable[..., LocalServer]
OTHERS = [f"2505.0000{number}" for number in range(2, 8)]
PDF = fixture("sparse.pdf")


def started(serve: Serve, documents: dict[tuple[str, str], bytes | Reply], *others: str) -> LocalServer:
    items = [listed(paper_id=paper_id) for paper_id in (PAPER_ID, *others)]
    server = serve(RecordedListings({SAMPLE_DATE: items}), ScriptedModel(), Arxiv(documents))
    fetch(SAMPLE_DATE)
    return server


def read_all(library: Library) -> read.Unavailable:
    return read.read_texts(open_library(), [row.paper for row in day_listing(library, SAMPLE_DATE).papers])


def source_of(library: Library) -> Source:
    found = current_source(library, PAPER_ID)
    assert found is not None
    return found


def reading_of(library: Library) -> Reading:
    found = latest_reading(library, PAPER_ID)
    assert found is not None
    return found


def test_html_is_preferred_and_fetched_once(serve: Serve, library: Library) -> None:
    server = started(serve, {("html", PAPER_ID): arxiv_page(), ("pdf", PAPER_ID): PDF})
    assert read_all(library).paper_ids == []
    source = source_of(library)
    assert (source.kind, source.version, source.left_out) == ("html", 2, ())
    assert "# 5 Results" in source.text
    assert server.document_requests == [("html", PAPER_ID)]
    before = hashes(Path(str(library.lake.root)) / "sources")
    read_all(library)
    assert hashes(Path(str(library.lake.root)) / "sources") == before
    assert len(server.document_requests) == 1
    assert server.document_headers[0]["User-Agent"].startswith("daily-papers/")


def test_the_contact_is_told(serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_CONTACT", "mailto:me@library.example")
    server = started(serve, {})
    read_all(library)
    assert server.document_headers[0]["User-Agent"].endswith("(mailto:me@library.example)")


def test_a_kept_document_is_as_served_and_compressed(serve: Serve, library: Library) -> None:
    started(serve, {("html", PAPER_ID): arxiv_page()})
    read_all(library)
    reading = reading_of(library)
    [asked] = reading.asked
    assert kept_document(library, PAPER_ID, asked) == arxiv_page()
    [path] = Path(str(library.lake.documents(PAPER_ID))).iterdir()
    assert path.name == f"{asked.sha256}.html.gz"
    assert path.stat().st_size < len(arxiv_page()) / 3


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        (None, "answered 404"),
        (Reply(410, b"gone"), "answered 410"),
        (
            arxiv_page(replaced={"</article>": "Conversion to HTML had a Fatal error</article>"}),
            "not converted to its end",
        ),
        (b"<html><body>The author's own page</body></html>", "holds no article"),
        (arxiv_page("spantab.html"), "holds only"),
    ],
)
def test_without_usable_html_the_pdf_is_read(
    serve: Serve, library: Library, html: bytes | Reply | None, problem: str
) -> None:
    documents: dict[tuple[str, str], bytes | Reply] = {("pdf", PAPER_ID): PDF}
    started(serve, documents if html is None else {**documents, ("html", PAPER_ID): html})
    read_all(library)
    source, reading = source_of(library), reading_of(library)
    assert (source.kind, source.version) == ("pdf", 1)
    assert problem in str(reading.asked[0].problem)


def test_another_text_than_the_abstracts_is_not_the_paper(serve: Serve, library: Library) -> None:
    items = [
        listed(summary="Wholly unrelated sentences concerning chemistry, molecules, reactions, catalysts, enzymes.")
    ]
    serve(RecordedListings({SAMPLE_DATE: items}), ScriptedModel(), Arxiv({("html", PAPER_ID): arxiv_page()}))
    fetch(SAMPLE_DATE)
    read_all(library)
    reading = reading_of(library)
    assert reading.asked[0].problem == "is another text than the abstract's"
    source = source_of(library)
    assert source.kind == "abstract"


def test_a_withdrawn_paper_falls_back_to_its_abstract_and_says_so(serve: Serve, library: Library) -> None:
    server = started(serve, {})
    run_day(SAMPLE_DATE)
    assert server.document_requests == [("html", PAPER_ID), ("pdf", PAPER_ID)]
    [row] = read_day_file(library, SAMPLE_DATE)
    assert (row["source_kind"], row["source_version"], row["status"]) == ("abstract", None, "complete")
    assert "초록 기반 요약" in render_stored_day(library, SAMPLE_DATE)
    reading = reading_of(library)
    assert [one.problem for one in reading.asked] == ["answered 404", "answered 404"]


def test_the_row_and_the_digest_say_what_a_summary_rests_on(serve: Serve, library: Library) -> None:
    started(serve, {("html", PAPER_ID): arxiv_page()})
    run_day(SAMPLE_DATE)
    [row] = read_day_file(library, SAMPLE_DATE)
    assert (row["source_kind"], row["source_version"]) == ("html", 2)
    assert "본문 기반 요약, arXiv v2" in render_stored_day(library, SAMPLE_DATE)


def test_a_full_text_that_comes_later_changes_no_complete_paper(serve: Serve, library: Library) -> None:
    server = started(serve, {})
    run_day(SAMPLE_DATE)
    server.documents = Arxiv({("html", PAPER_ID): arxiv_page()})
    run_day(SAMPLE_DATE)
    assert len(server.completion_requests) == 1
    assert len(server.document_requests) == 2  # a complete paper's text is not even looked for


NOTICE = b"<html><body>No such form is available: no HTML, no PDF</body></html>"


@pytest.mark.parametrize(
    "documents",
    [{}, {("html", PAPER_ID): NOTICE, ("pdf", PAPER_ID): NOTICE}],
    ids=["there is none", "a page that is no document"],
)
def test_what_was_no_document_is_asked_for_again_on_another_day(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch, documents: dict[tuple[str, str], bytes | Reply]
) -> None:
    server = started(serve, documents)
    for _ in range(2):
        read_all(library)
    assert len(server.document_requests) == 2
    monkeypatch.setattr(read, "ASKED_AGAIN_AFTER", timedelta(0))
    server.documents = Arxiv({("html", PAPER_ID): arxiv_page()})
    read_all(library)
    source = source_of(library)
    assert source.kind == "html"


@pytest.mark.parametrize(
    ("reply", "asked"),
    [(failure(503), 3), (failure(429, Retry_After="7"), 1), (failure(403), 1), (Reply(200, b"x", reset=True), 3)],
)
def test_where_arxiv_does_not_answer_papers_stay_pending(
    serve: Serve, library: Library, home: Path, reply: Reply, asked: int
) -> None:
    server = started(serve, {("html", paper_id): reply for paper_id in (PAPER_ID, *OTHERS)}, *OTHERS)
    unavailable = read_all(library)
    assert sorted(unavailable.paper_ids) == [PAPER_ID, *OTHERS]
    assert len(server.document_requests) == asked
    waits = {403: 1200, 429: 7}
    assert unavailable.retry_after_seconds == waits.get(reply.status)
    assert "DAILY_PAPERS_SOURCE=abstract" in str(unavailable.as_error())
    assert ask(SAMPLE_DATE) == []
    assert server.completion_requests == []
    summary = audit_day(open_library(), SAMPLE_DATE)
    assert summary.pending == 1 + len(OTHERS)
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    assert all(row["reasons"] == ["source_unavailable"] for row in rows.values())
    server.documents = Arxiv({})
    if reply.status in waits:  # nobody asks before the time is over
        run_day(SAMPLE_DATE)
        assert len(server.document_requests) == asked
        (home / ".locks" / "arxiv.closed").unlink()
    assert run_day(SAMPLE_DATE).complete == 1 + len(OTHERS)


def test_one_failure_does_not_keep_the_others(serve: Serve, library: Library) -> None:
    server = started(serve, {("html", OTHERS[1]): failure(500), ("html", OTHERS[3]): failure(500)}, *OTHERS)
    assert sorted(read_all(library).paper_ids) == [OTHERS[1], OTHERS[3]]
    assert current_source(library, OTHERS[5]) is not None
    server.documents = Arxiv({})
    server.document_requests.clear()
    assert read_all(library).paper_ids == []
    assert {paper_id for _, paper_id in server.document_requests} == {OTHERS[1], OTHERS[3]}


def failed_for_days(library: Library, paper_id: str, times: int = 3) -> None:
    for number in range(times):
        moment = datetime.now(UTC) - timedelta(days=3, hours=-2 * number)
        record_reading(library, paper_id, Reading(moment, None, error="answered 500"))


def test_what_fails_often_and_for_days_is_given_up(serve: Serve, library: Library) -> None:
    started(serve, {("html", PAPER_ID): failure(500), ("pdf", PAPER_ID): PDF})
    failed_for_days(library, PAPER_ID, times=2)
    assert read_all(library).paper_ids == [PAPER_ID]  # the third failure
    assert read_all(library).paper_ids == []
    source, reading = source_of(library), reading_of(library)
    assert source.kind == "pdf"
    assert "could not be fetched for days" in str(reading.asked[0].problem)


def test_a_refusal_is_kept_to_also_where_it_lasts_for_days(serve: Serve, library: Library) -> None:
    refusal: dict[tuple[str, str], bytes | Reply] = {
        (kind, one): failure(403) for kind in ("html", "pdf") for one in (PAPER_ID, *OTHERS)
    }
    server = started(serve, refusal, *OTHERS)
    for paper_id in (PAPER_ID, *OTHERS):
        failed_for_days(library, paper_id)
    assert read_all(library).paper_ids == []  # given up: their abstracts will do
    assert len(server.document_requests) == 1
    assert {current_source(library, one).kind for one in (PAPER_ID, *OTHERS)} == {"abstract"}  # type: ignore[union-attr]


def test_one_failure_long_ago_is_no_failure_for_days(serve: Serve, library: Library) -> None:
    started(serve, {("html", PAPER_ID): failure(503)})
    record_reading(library, PAPER_ID, Reading(datetime.now(UTC) - timedelta(days=30), None, error="answered 500"))
    assert read_all(library).paper_ids == [PAPER_ID]


def test_papers_that_fail_do_not_keep_the_others_from_their_texts(serve: Serve, library: Library) -> None:
    failing = (PAPER_ID, *OTHERS[:2])
    started(serve, {("html", one): failure(500) for one in failing}, *OTHERS)
    assert len(read_all(library).paper_ids) == 1 + len(OTHERS)
    assert sorted(read_all(library).paper_ids) == sorted(failing)


def test_what_was_answered_before_a_failure_is_remembered(serve: Serve, library: Library) -> None:
    server = started(serve, {("pdf", PAPER_ID): failure(503)})
    for _ in range(3):
        read_all(library)
    assert [kind for kind, _ in server.document_requests] == ["html", "pdf", "pdf", "pdf"]


def test_an_odd_document_keeps_nobody_from_their_texts(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: object) -> None:
        raise AttributeError("a parser's defect")

    monkeypatch.setitem(read._READERS, DocumentKind.HTML, odd)
    started(serve, {("html", PAPER_ID): arxiv_page(), ("pdf", PAPER_ID): PDF}, *OTHERS[:1])
    assert read_all(library).paper_ids == []
    reading = reading_of(library)
    assert reading.asked[0].problem == "could not be read (AttributeError)"


def test_an_answer_that_trickles_is_no_answer(serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daily_papers.texts.arxiv_client._LONGEST_TRANSFER_SECONDS", 0.5)
    slow = Reply(200, arxiv_page()[:2000], {"Content-Type": "text/html"}, trickle_seconds=0.005)
    started(serve, {("html", PAPER_ID): slow})
    assert read_all(library).paper_ids == [PAPER_ID]


def test_the_same_failure_is_recorded_once(serve: Serve, library: Library) -> None:
    started(serve, {("html", PAPER_ID): failure(500)})
    for _ in range(3):
        read_all(library)
    assert len(readings(library, PAPER_ID)) == 1


def test_redirects_stay_at_arxiv(serve: Serve, library: Library) -> None:
    versioned = Reply(302, b"", {"Location": f"/html/{PAPER_ID}v3"})
    documents: dict[tuple[str, str], bytes | Reply] = {
        ("html", PAPER_ID): versioned,
        ("html", f"{PAPER_ID}v3"): arxiv_page(version=3),
        ("html", OTHERS[0]): Reply(302, b"", {"Location": f"/abs/{OTHERS[0]}"}),
    }
    started(serve, documents, *OTHERS[:1])
    assert read_all(library).paper_ids == []
    source, other = source_of(library), latest_reading(library, OTHERS[0])
    assert source.version == 3
    assert other is not None
    assert other.asked[0].problem == f"redirects to /abs/{OTHERS[0]}"


def test_a_document_without_end_is_not_read_to_it(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LARGEST_DOCUMENT, DocumentKind.HTML, 10_000)
    started(serve, {("html", PAPER_ID): arxiv_page()})
    read_all(library)
    reading = reading_of(library)
    assert "is larger than" in str(reading.asked[0].problem)


def test_a_cut_document_is_no_document(serve: Serve, library: Library) -> None:
    cut = replace(Arxiv({("html", PAPER_ID): arxiv_page()})("html", PAPER_ID), sent_bytes=5000)
    started(serve, {("html", PAPER_ID): cut})
    assert read_all(library).paper_ids == [PAPER_ID]
    assert not Path(str(library.lake.documents(PAPER_ID))).exists()


def test_a_budget_leaves_parts_out_and_the_model_is_told(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_SOURCE_TOKENS", "3000")
    server = started(serve, {("html", PAPER_ID): arxiv_page()})
    ask(SAMPLE_DATE)
    source = source_of(library)
    assert "references" in source.left_out
    assert count_tokens(source.text) <= 3000
    [request] = server.completion_requests
    assert '"left_out": ["references"' in request["messages"][1]["content"]


def test_abstracts_alone_ask_arxiv_for_nothing(serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_SOURCE", "abstract")
    server = started(serve, {("html", PAPER_ID): arxiv_page()})
    assert run_day(SAMPLE_DATE).complete == 1
    assert server.document_requests == []


def _read_in_a_process(start: float) -> None:
    time.sleep(max(0.0, start - time.time()))
    library = open_library()
    papers = [row.paper for row in day_listing(library, SAMPLE_DATE).papers]
    read.read_texts(open_library(), papers[os.getpid() % 2 :: 2] or papers)


def test_all_processes_keep_one_pace(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = started(serve, {}, *OTHERS)
    monkeypatch.setenv("DAILY_PAPERS_ARXIV_INTERVAL_SECONDS", "0.2")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_read_in_a_process, args=(time.time() + 2,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert len(server.document_times) >= 6
    gaps = [later - earlier for earlier, later in itertools.pairwise(server.document_times)]
    assert min(gaps) > 0.15


def test_arxiv_itself_is_never_asked_faster_than_it_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_ARXIV_INTERVAL_SECONDS", "1")
    for address in ("https://arxiv.org", "https://export.arxiv.org"):
        monkeypatch.setenv("DAILY_PAPERS_ARXIV_ENDPOINT", address)
        with pytest.raises(UserError, match="DAILY_PAPERS_ARXIV_INTERVAL_SECONDS: arXiv asks for at least 3"):
            load_settings()
    monkeypatch.setenv("DAILY_PAPERS_ARXIV_ENDPOINT", "http://127.0.0.1:9")
    assert load_settings().arxiv_interval_seconds == 1
