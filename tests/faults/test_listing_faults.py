"""What a failing hub does to a look: the first table of docs/faults.md, case by case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from daily_papers import errors
from daily_papers.errors import DailyPapersError, TransientError
from daily_papers.lake.library import Library
from daily_papers.listing import extract
from daily_papers.listing.day_listing import day_listing
from daily_papers.listing.huggingface_client import HuggingFaceClient
from daily_papers.listing.looks import all_drift, failed_looks, successful_looks
from daily_papers.orchestration.retry_policy import TransientFailuresOnly
from daily_papers.sample.faults import KINDS, Fault, WithFaults, faults_from_json
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import LISTING_PATH, SAMPLE_DATE, LocalServer
from daily_papers.settings import load_settings
from tests.support.contents import hashes
from tests.support.data import item
from tests.support.models import well_answering

RETRIES = 2
ALWAYS = 0
PAPERS = 150
"""On two pages and an empty one; read twice, because votes could have moved between the pages."""
WHOLE = 6
GOOD = "success"


@dataclass(frozen=True)
class Case:
    """One line of the table; `requests` counts those of the whole look, `again` says who tries again."""

    name: str
    faults: tuple[Fault, ...]
    end: str
    requests: int
    words: str = ""
    again: str = "-"


def status(code: int, times: int = 1, page: int | None = None, **headers: str) -> tuple[Fault, ...]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (Fault("status", times, status=code, page=page, headers=named),)


def body(text: str, page: int | None = None, **headers: str) -> tuple[Fault, ...]:
    return (Fault("body", ALWAYS, page, text=text, headers={name.replace("_", "-"): v for name, v in headers.items()}),)


CLIENT, AIRFLOW = "the client", "Airflow"
TO_THE_END = 1 + RETRIES

CASES = [
    Case("500 once", status(500), GOOD, WHOLE + 1, again=CLIENT),
    Case("502 twice", status(502, 2), GOOD, WHOLE + 2, again=CLIENT),
    Case("503 with an unreadable `Retry-After`", status(503, Retry_After="soon"), GOOD, WHOLE + 1, again=CLIENT),
    Case("503 all the time", status(503, ALWAYS), "TransientError", TO_THE_END, "503 after all retries", AIRFLOW),
    Case("504 on the second page only", status(504, ALWAYS, 1), "TransientError", 1 + TO_THE_END, "504", AIRFLOW),
    Case("520, 529 and other 5xx all the time", status(529, ALWAYS), "TransientError", TO_THE_END, "529", AIRFLOW),
    Case("408 once", status(408), GOOD, WHOLE + 1, again=CLIENT),
    Case("429 with `RateLimit: …;t=1`", status(429, RateLimit='"api";r=0;t=1'), GOOD, WHOLE + 1, again=CLIENT),
    Case("429 with `Retry-After: 1`", status(429, Retry_After="1"), GOOD, WHOLE + 1, again=CLIENT),
    Case("429 of a CDN, without any header", status(429), GOOD, WHOLE + 1, again=CLIENT),
    Case("429 all the time", status(429, ALWAYS), "TransientError", TO_THE_END, "HF_TOKEN", AIRFLOW),
    Case("429 with `Retry-After: 3600`", status(429, 1, Retry_After="3600"), "TransientError", 1, "429", AIRFLOW),
    Case(
        "429 with `RateLimit: …;t=300`",
        status(429, RateLimit='"api";r=0;t=300'), "TransientError", 1, "429", AIRFLOW,
    ),
    Case("connection reset once", (Fault("reset"),), GOOD, WHOLE + 1, again=CLIENT),
    Case("connection reset all the time", (Fault("reset", ALWAYS),), "TransientError", TO_THE_END, "network", AIRFLOW),
    Case("no answer in time, once", (Fault("delay", seconds=1.5),), GOOD, WHOLE + 1, again=CLIENT),
    Case(
        "no answer in time, ever",
        (Fault("delay", ALWAYS, seconds=1.5),), "TransientError", TO_THE_END, "No answer", AIRFLOW,
    ),
    Case(
        "connection closed in the middle of the body",
        (Fault("truncation", bytes=999),), "TransientError", 1, "No answer", AIRFLOW,
    ),
    Case(
        "a body that ends before its list does",
        (Fault("truncation", bytes=999, announced=False),), "TransientError", 1, "only part", AIRFLOW,
    ),
    Case(
        "a list whose last item is cut after a bracket",
        body('[{"paper": {"authors": []'),
        "TransientError", 1, "only part", AIRFLOW,
    ),
    Case("an empty body", (Fault("truncation", announced=False),), "TransientError", 1, "only part", AIRFLOW),
    Case(
        "a body that is not the gzip it says",
        body("[]", Content_Encoding="gzip"), "TransientError", 1, "No answer", AIRFLOW,
    ),
    Case("a login page (HTML)", (Fault("html", ALWAYS),), "ContractError", 1, "HTML.*HF_ENDPOINT"),
    Case("a login page instead of the second page", (Fault("html", ALWAYS, page=1),), "ContractError", 2, "HTML"),
    Case("text that is not JSON", body("OK"), "ContractError", 1, "no JSON"),
    Case("JSON nested without end", body("[" * 100_000 + "]"), "ContractError", 1, "nested too deeply"),
    Case("a JSON object", body('{"papers": []}'), "ContractError", 1, "a JSON dict"),
    Case("400", status(400, ALWAYS), "TerminalError", 1, "400.*date"),
    Case("401 or 403", status(401, ALWAYS), "TerminalError", 1, "HF_TOKEN"),
    Case("404", status(404, ALWAYS), "TerminalError", 1, "HF_ENDPOINT"),
    Case("a redirect", status(302, ALWAYS, Location="http://127.0.0.1:9/login"), "TerminalError", 1, "302"),
    Case(
        "a next page on another host",
        body("[{}]", Link='<http://elsewhere.invalid/?p=1>; rel="next"'), "ContractError", 1, "another host",
    ),
    Case(
        "a next page that is not an address",
        body("[{}]", Link='<http://[bad/?p=1>; rel="next"'),
        "ContractError", 1, "invalid address",
    ),
    Case(
        "a list without end",
        body("[{}]", Link=f'<{LISTING_PATH}?p=1>; rel="next"'), "ContractError", 100, "did not end",
    ),
    Case(
        "a field that is always there is gone from all items",
        (Fault("schema", ALWAYS, path="paper.upvotes", remove=True),), "ContractError", WHOLE, r"paper\.upvotes",
    ),
    Case(
        "a field that is always there is gone from one item",
        (Fault("schema", ALWAYS, page=0, item=3, path="paper.upvotes", remove=True),),
        "success, one paper quarantined", WHOLE,
    ),
    Case(
        "an optional field has another type",
        (Fault("schema", ALWAYS, path="paper.githubRepo", value=5),), "success, reported as drift", WHOLE,
    ),
    Case(
        "an unknown field",
        (Fault("schema", ALWAYS, path="paper.new", value=5),), "success, reported as drift", WHOLE,
    ),
]  # fmt: skip


def table() -> str:
    lines = ["| what the hub does | how the look ends | tried again by |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {case.name} | {case.end} | {case.again} |" for case in CASES)]) + "\n"


def look(library: Library) -> None:
    with HuggingFaceClient(load_settings(), retries=RETRIES, backoff_seconds=0.01, timeout_seconds=1) as client:
        extract.look_at_listing(library, client, SAMPLE_DATE)


@pytest.fixture
def listings() -> RecordedListings:
    return RecordedListings({SAMPLE_DATE: [item(f"2505.{number:05d}") for number in range(PAPERS)]})


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_fault_ends_as_the_table_says(
    case: Case, serve: Callable[..., LocalServer], listings: RecordedListings, library: Library, home: Path
) -> None:
    server = serve(WithFaults(listings, case.faults), well_answering)
    if case.end.startswith(GOOD):
        look(library)
        listing = day_listing(library, SAMPLE_DATE)
        assert len(listing.rows) == PAPERS
        assert len(listing.broken) == ("quarantined" in case.end)
        assert bool(all_drift(library)) == ("drift" in case.end)
        assert (len(successful_looks(library, SAMPLE_DATE)), len(failed_looks(library, SAMPLE_DATE))) == (1, 0)
    else:
        with pytest.raises(DailyPapersError, match=case.words) as caught:
            look(library)
        assert type(caught.value) is getattr(errors, case.end)
        assert caught.value.retryable == (case.again == AIRFLOW)
        [failure] = failed_looks(library, SAMPLE_DATE)
        assert (failure.error, failure.message) == (case.end, str(caught.value))
        assert len(hashes(home)) == 1  # the record of the failure, no page, nothing half-written
    assert len(server.listing_requests) == case.requests
    assert list(home.rglob("*.tmp")) == []


def test_a_long_wait_is_handed_to_airflow(
    serve: Callable[..., LocalServer], listings: RecordedListings, library: Library
) -> None:
    cases: list[tuple[dict[str, Any], int]] = [
        ({"Retry_After": "3600"}, 3600),
        ({"RateLimit": '"api";r=0;t=300'}, 300),
    ]
    for headers, seconds in cases:
        serve(WithFaults(listings, status(429, **headers)), well_answering)
        with pytest.raises(TransientError) as caught:
            look(library)
        assert caught.value.retry_after_seconds == seconds


def test_the_client_waits_as_long_as_it_is_told(
    serve: Callable[..., LocalServer], listings: RecordedListings, library: Library
) -> None:
    cases: list[dict[str, Any]] = [{"Retry_After": "1"}, {"RateLimit": '"api";r=0;t=1'}]
    for headers in cases:
        server = serve(WithFaults(listings, status(429, **headers)), well_answering)
        look(library)
        refused, again = server.listing_times[:2]
        assert again - refused >= 1


@pytest.mark.parametrize("seconds", ["100000000", "9" * 400])
def test_no_hub_makes_a_task_wait_for_years(
    serve: Callable[..., LocalServer], listings: RecordedListings, library: Library, seconds: str
) -> None:
    serve(WithFaults(listings, status(429, ALWAYS, RateLimit=f'"api";r=0;t={seconds}')), well_answering)
    with pytest.raises(TransientError) as caught:
        look(library)
    assert (caught.value.retry_after_seconds or 0) <= 6 * 3600
    delay = TransientFailuresOnly().evaluate(caught.value, 1, 3).retry_delay
    assert delay is not None
    assert delay <= timedelta(hours=6, seconds=1)


def test_the_next_look_succeeds(
    serve: Callable[..., LocalServer], listings: RecordedListings, library: Library
) -> None:
    serve(WithFaults(listings, (Fault("html"),)), well_answering)
    with pytest.raises(errors.ContractError):
        look(library)
    look(library)
    assert len(day_listing(library, SAMPLE_DATE).papers) == PAPERS


def test_every_kind_of_fault_is_tried() -> None:
    assert {fault.kind for case in CASES for fault in case.faults} == set(KINDS)


def test_a_script_is_a_json_list() -> None:
    script = (
        '[{"kind": "status", "status": 429, "headers": {"Retry-After": "1"}, "times": 2}, {"kind": "html", "page": 1}]'
    )
    assert faults_from_json(script) == [
        Fault("status", 2, status=429, headers={"Retry-After": "1"}),
        Fault("html", page=1),
    ]


@pytest.mark.parametrize(
    "script", ["{", "5", '["html"]', '[{"kind": "flood"}]', '[{"kind": "html", "when": 3}]', "[{}]"]
)
def test_a_wrong_script_is_named(script: str) -> None:
    with pytest.raises(errors.UserError, match="fault"):
        faults_from_json(script)


def test_the_table_is_large_enough() -> None:
    assert len(CASES) >= 20
