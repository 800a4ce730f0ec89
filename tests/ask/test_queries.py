"""Every query of the catalogue on a small library whose answers can be worked out by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from daily_papers import reasons
from daily_papers.ask.catalogue import named_queries, run_query
from daily_papers.errors import TerminalError, UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import LocalServer
from daily_papers.warehouse.publication import load
from tests.support.data import item
from tests.support.models import ScriptedModel, good_answer
from tests.support.steps import run_day

MONDAY, TUESDAY, WEDNESDAY, NEXT_MONDAY = (date(2025, 11, day) for day in (10, 11, 12, 17))
ABSTRACT = "We study agents. Accuracy on MMLU and Plain rises from 40% to 45%. The code is released for everybody."


def listed(number: int, authors: str, keywords: str, votes: int, **paper: Any) -> dict[str, Any]:
    """An item with these authors and keywords (separated by commas), published on the Sunday before."""
    names = [{"_id": name, "name": name, "hidden": False} for name in authors.split(", ")]
    facts = {"authors": names, "ai_keywords": [word for word in keywords.split(", ") if word], "upvotes": votes}
    times = {"publishedAt": "2025-11-09T18:00:00.000Z", "submittedOnDailyAt": "2025-11-10T01:00:00.000Z"}
    return item(f"2511.{number:05}", title=f"Paper {number}", summary=ABSTRACT, **{**facts, **times, **paper})


FIRST = listed(
    1, "Kim, Lee", "diffusion, Agents", 10, githubRepo="https://github.com/open/lab", organization={"name": "openlab"}
)
SECOND, THIRD = listed(2, "Kim", "agents", 3), listed(3, "Park", "", 7)
FOURTH = listed(4, "Choi", "agents, world models", 5, organization={"name": "openlab"})
SIXTH = listed(6, "Zhou", "", 1)
FIFTH = listed(5, "Kim", "world models", 2, publishedAt="2025-11-01T00:00:00.000Z")


def with_results(number: int) -> str:
    """An answer that reports five figures: without a baseline, without a dataset, without a metric are among them."""
    answer = good_answer({"paper_id": f"2511.{number:05}", "text": f"T\n\n{ABSTRACT}"})
    figures = [("Accuracy", "MMLU", "45%", "40%"), ("accuracy", "", "40%", ""), ("Acc", "MMLU", "45%", "40%"),
               ("accuracy", "mmlu", "40%", "45%"), ("", "Plain", "45%", "")]  # fmt: skip
    rows = [dict(zip(("metric", "dataset", "value", "baseline"), figure, strict=True)) for figure in figures]
    return json.dumps({**answer, "results_rows": rows})


@pytest.fixture
def library(serve: Callable[..., LocalServer], monkeypatch: pytest.MonkeyPatch) -> Library:
    """Monday twice (the second look lacks the second paper and has the sixth), Tuesday, a Wednesday that could not be
    fetched, and the next Monday, which lists the first paper again."""
    listings = RecordedListings({MONDAY: [FIRST, SECOND, THIRD], TUESDAY: [FOURTH], NEXT_MONDAY: [FIRST, FIFTH]})
    model = ScriptedModel({"2511.00001": [with_results(1)], "2511.00003": ["prose"]})
    serve(listings, model)
    monkeypatch.setenv("DAILY_PAPERS_SOURCE", "abstract")
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "gpt-4o-mini")
    for day in (MONDAY, TUESDAY):
        run_day(day)
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "other-model")
    listings.items_by_date[MONDAY] = [{**FIRST, "paper": {**FIRST["paper"], "upvotes": 16}}, THIRD, SIXTH]
    for day in (MONDAY, NEXT_MONDAY):
        run_day(day)
    with pytest.raises(TerminalError):
        run_day(WEDNESDAY)
    library = open_library()
    load(library, [WEDNESDAY])
    return library


REMEDY = reasons.text_of("answer_not_json").remedy
NOVEMBER, BACKFILL = date(2025, 11, 1), "run the date, or a backfill"
LENGTHS = {
    "motivation": 76, "contributions": 109, "method": 73, "experiments": 75, "results": 75, "limitations": 72,
    "future_work": 70,
}  # fmt: skip
"""Characters of the sections of a good answer."""
TITLE = "시험용 제목"

PARAMETERS = {
    "completeness_per_day": {"last_date": "2025-11-12"},
    "coverage_gaps": {"first_date": "2025-11-11"},
    "keyword_trend": {"keyword": "agent%"},
    "rising_keywords": {"week": "2025-11-13", "least": "1"},
    "vote_gains": {"most": "2"},
}
ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "audit_findings": [("answer_not_json", "critical", 1, 1, 0, "answer")],
    "code_availability": [(NOVEMBER, 5, 20.0, 16.0, 3.5)],
    "completeness_by_model": [("gpt-4o-mini", "v3", 4, 3, 0, 75.0, 0.0), ("other-model", "v3", 3, 2, 0, 66.7, 0.0)],
    "completeness_per_day": [
        (WEDNESDAY, "fetch_failed", 0, 0, 0, 0, None),
        (TUESDAY, "published", 1, 1, 0, 0, 100.0),
        (MONDAY, "published", 3, 2, 1, 0, 66.7),
    ],
    "coverage_gaps": [
        *(
            (date(2025, 11, day), name, "missing", 0, BACKFILL)
            for day, name in ((16, "Sunday"), (15, "Saturday"), (14, "Friday"), (13, "Thursday"))
        ),
        (WEDNESDAY, "Wednesday", "fetch_failed", 0, BACKFILL),
    ],
    "days_from_arxiv": [(NOVEMBER, 6, 1.0, 83.3, 16)],
    "keyword_trend": [(NOVEMBER, 2, 66.67, 21)],
    "models_by_grounding": [
        ("gpt-4o-mini", 2, 0.0, 100.0, 7.0, 3.0, 0.0, 0),
        ("other-model", 2, 0.0, 100.0, 7.0, 1.0, 0.0, 0),
    ],
    "papers_listed_twice": [("2511.00001", "Paper 1", 2, MONDAY, NEXT_MONDAY, 2)],
    "papers_per_day": [
        (NEXT_MONDAY, "Monday", 2, 12, 10),
        (WEDNESDAY, "Wednesday", 0, 0, 0),
        (TUESDAY, "Tuesday", 1, 5, 5),
        (MONDAY, "Monday", 3, 24, 16),
    ],
    "quarantine_by_model": [("other-model", "answer_not_json", 1, 33.33)],
    "quarantine_by_reason": [("answer_not_json", 1, 20.0, MONDAY, REMEDY)],
    "reported_datasets": [("mmlu", 1, 3, ["accuracy", "acc"]), ("plain", 1, 1, [])],
    "reported_metrics": [("accuracy", 1, 3, 2), ("acc", 1, 1, 1)],
    "reported_results": [
        ("2511.00001", "MMLU", "Accuracy", "45%", "40%"),
        ("2511.00001", "MMLU", "Acc", "45%", "40%"),
        ("2511.00001", "mmlu", "accuracy", "40%", "45%"),
    ],
    # the week before is not loaded: nothing is said to rise
    "rising_keywords": [
        ("agents", 2, None, None, 21),
        ("diffusion", 1, None, None, 16),
        ("world models", 1, None, None, 5),
    ],
    "section_lengths": [
        (section, model, sections, 0, float(length), length, length)
        for section, length in LENGTHS.items()
        for model, sections in (("gpt-4o-mini", 2), ("other-model", 2))
    ],
    "top_authors": [
        ("Kim", 2, 18, NEXT_MONDAY),
        ("Lee", 1, 16, NEXT_MONDAY),
        ("Park", 1, 7, MONDAY),
        ("Choi", 1, 5, TUESDAY),
        ("Zhou", 1, 1, MONDAY),
    ],
    "top_organizations": [("openlab", 2, 21, 1, NEXT_MONDAY)],
    "top_papers": [
        (MONDAY, "2511.00001", 16, TITLE),
        (TUESDAY, "2511.00004", 5, TITLE),
        (NEXT_MONDAY, "2511.00005", 2, TITLE),
        (MONDAY, "2511.00006", 1, TITLE),
    ],
    "vote_gains": [
        (MONDAY, "2511.00001", "Paper 1", 10, 16, 6, 2),
        (NEXT_MONDAY, "2511.00001", "Paper 1", 10, 10, 0, 1),
    ],
}


def with_clock_and_tokens(rows: dict[str, list[list[Any]]], library: Library) -> None:
    """Answers that depend on when the test ran, and on the length of the prompt."""
    [(day, paper_id, title, later, votes)] = rows["late_papers"]
    assert (day, paper_id, title, votes) == (MONDAY, "2511.00006", "Paper 6", 1)
    assert later.startswith("0:0")
    [(*left, last_seen_at)] = rows["papers_that_left"]
    assert left == [MONDAY, "2511.00002", "Paper 2", "gone", None]
    assert datetime.now(UTC) - last_seen_at.replace(tzinfo=UTC) < timedelta(hours=1)
    assert rows["vote_dynamics"][0] == ["first look", 7, 7.0, 100.0]
    _, [[tokens_in, tokens_out, usd, usd_of_three, usd_of_four]] = run_query(
        library,
        "SELECT sum(input_tokens), sum(output_tokens), round(sum(cost_usd), 6), round(sum(cost_usd) / 3, 6), "
        "round(sum(cost_usd) / 4, 6) FROM calls",
    )
    paid_in, paid_out = paid_tokens(library)
    assert usd == pytest.approx((0.15 * paid_in + 0.6 * paid_out) / 1e6, abs=1e-6)  # prices.json
    assert rows["cost_per_month"] == [[NOVEMBER, 11, 11, int(tokens_in), 0.0, int(tokens_out), usd, usd_of_four]]
    [paid, free] = rows["cost_per_paper"]
    assert paid[:7] == ["gpt-4o-mini", 6, 4, 3, usd, usd_of_four, usd_of_three]
    assert free[:7] == ["other-model", 5, 3, 2, None, None, None]
    runs = {(run, day): tuple(rest) for run, day, _, _, *rest in rows["runs_that_paid"]}
    assert {key: rest[:3] for key, rest in runs.items()} == {
        ("test", MONDAY): (9, 9, 4),
        ("test", TUESDAY): (1, 1, 1),
        ("test", NEXT_MONDAY): (1, 1, 1),
    }
    assert runs["test", NEXT_MONDAY][3] is None


def paid_tokens(library: Library) -> tuple[int, int]:
    _, [[tokens_in, tokens_out]] = run_query(
        library, "SELECT sum(input_tokens), sum(output_tokens) FROM calls WHERE model = 'gpt-4o-mini'"
    )
    return int(tokens_in), int(tokens_out)


CLOCK_AND_TOKENS = {
    "cost_per_month", "cost_per_paper", "late_papers", "papers_that_left", "runs_that_paid", "vote_dynamics",
}  # fmt: skip


def test_every_query_gives_its_answer(library: Library) -> None:
    catalogue = named_queries()
    assert set(catalogue) == set(ANSWERS) | CLOCK_AND_TOKENS
    assert len(catalogue) >= 18
    found = {}
    for name, query in catalogue.items():
        columns, found[name] = run_query(library, name, PARAMETERS.get(name))
        assert columns == list(query.columns), name
    for name, rows in ANSWERS.items():
        assert [tuple(row) for row in found[name]] == rows, name
    with_clock_and_tokens(found, library)


def test_a_paper_of_two_months_counts_in_both(library: Library) -> None:
    """The first paper is on the 10th and, again, on the 17th."""
    monday = {"first_date": "2025-11-10", "last_date": "2025-11-10"}
    datasets = [["mmlu", 1, 3, ["accuracy", "acc"]], ["plain", 1, 1, []]]
    assert run_query(library, "reported_datasets", monday)[1] == datasets
    assert [row[:2] for row in run_query(library, "models_by_grounding", monday)[1]] == [
        ["gpt-4o-mini", 1],
        ["other-model", 1],
    ]


def test_an_empty_library_has_no_answers_and_no_errors(loaded_once: Library) -> None:
    for name in named_queries():
        _, rows = run_query(loaded_once, name)
        assert rows == [], name


def test_the_reasons_that_a_query_names_are_there() -> None:
    named = re.findall(
        r"'(\w+)'", named_queries()["models_by_grounding"].sql.partition("reason IN")[2].partition(")")[0]
    )
    assert len(named) == 3
    assert set(named) <= {reason.value for reason in reasons.Reason}


def test_every_query_has_a_whole_head() -> None:
    for query in named_queries().values():
        assert query.question.endswith("?")
        assert query.columns
        assert query.good_answer.endswith(".")
        assert query.values({})
        assert {f"${one.name}" for one in query.parameters} == set(re.findall(r"\$\w+", query.sql)), query.name


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("top_papers", {"many": "3"}, "has no parameter many. It has: first_date, last_date, most."),
        ("top_papers", {"most": "three"}, "--param most: 'three' is not a whole number."),
        ("top_papers", {"first_date": "yesterday"}, "--param first_date: "),
        ("SELECT 1", {"most": "3"}, "Only queries from the catalogue"),
        ("no_such_query", {}, "No query is named 'no_such_query'"),
        ("SELECT 1; SELECT 2", {}, "exactly one SELECT"),
        ("SELECT * FROM range(20000)", {}, "more than 10,000 rows"),
        ("SELECT repeat('x', 4000000000)", {}, "memory"),
        ("SELECT repeat('x', 30000000)", {}, "more than 20,000,000 bytes"),
        ("SELECT len(range(2000000000))", {}, "memory"),
        ("SELECT * FROM read_text('/etc/passwd')", {}, "disabled by configuration"),
        ("SELECT getenv('PATH')", {}, "getenv"),
        ("WITH gone AS (DELETE FROM days RETURNING *) SELECT * FROM gone", {}, "read-only"),
        ("SELECT * FROM no_such_table", {}, "no_such_table"),
    ],
)
def test_what_cannot_be_asked_is_refused(loaded_once: Library, name: str, given: dict[str, str], words: str) -> None:
    with pytest.raises(UserError, match=re.escape(words)):
        run_query(loaded_once, name, given)


def test_a_query_that_takes_too_long_is_stopped(loaded_once: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daily_papers.ask.catalogue.MOST_SECONDS", 2)
    with pytest.raises(UserError, match="longer than 2 s"):
        run_query(loaded_once, "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range = 7")


def test_a_value_is_bound_and_keeps_its_type(loaded_once: Library) -> None:
    hostile = "'; DROP TABLE days; --"
    assert run_query(loaded_once, "keyword_trend", {"keyword": hostile}) == (
        ["month", "papers", "percent_of_listed", "upvotes"],
        [],
    )
    _, [[struct]] = run_query(loaded_once, "SELECT {'a': 1, 'b': [DATE '2025-05-21']}")
    assert struct == {"a": 1, "b": [date(2025, 5, 21)]}
    _, [row] = run_query(
        loaded_once,
        "SELECT DATE '2025-05-21', TIMESTAMP '2025-05-21 01:02:03', 1.5::DECIMAL(3,1), 'x', NULL, [1, 2], true, 0.5",
    )
    assert row[:2] == [date(2025, 5, 21), datetime(2025, 5, 21, 1, 2, 3)]  # as DuckDB gives it
    assert row[2:] == [Decimal("1.5"), "x", None, [1, 2], True, 0.5]


@pytest.fixture
def loaded_once() -> Library:
    library = open_library()
    load(library, [MONDAY])
    return library


DATASETS = [
    "AIME2024",
    "MATH500",
    "2Wiki, HotpotQA",
    "ImageNet-1K",
    "MovieLens-1M",
    "LAION-5B",
    "LMSYS-Chat-1M",
    "MS-COCO 2017",
    "MLLM-Bench",
    "GPT4Tools-Bench",
    "M4",
    "C4",
    "S3DIS",
    "DocVQA test",
    "Philosophy",
]
OTHER_NAMES = [
    "RTX5090",
    "NVIDIA A100-80GB",
    "8 GPUs",
    "TPU v4",
    "Apple M2 Pro",
    "QwQ-32B",
    "Pythia-410M",
    "Llama-3.1-8B-Instruct",
    "GPT-4o",
    "Mixtral-8x7B",
    "4-bit LLMs",
    "DiT-XL/2",
    "six datasets",
    "13 benchmarks",
    "selected subset",
    "all tasks",
]
"""Processors, models, and numbers of datasets, where an answer should have named one."""


def batched(names: list[str], size: int) -> list[list[str]]:
    return [names[start : start + size] for start in range(0, len(names), size)]


def test_processors_models_and_numbers_are_no_datasets(serve: Callable[..., LocalServer]) -> None:
    library = open_library()
    names = [*DATASETS, *OTHER_NAMES]
    text = f"{ABSTRACT} It was tried with {'; '.join(names)}."
    papers, script = [], {}
    for number, some in enumerate(batched(names, 10)):
        papers.append(item(f"2511.{number:05}", summary=text))
        answer = good_answer({"paper_id": f"2511.{number:05}", "text": f"T\n\n{text}"})
        rows = [{"metric": "", "dataset": name, "value": "45%", "baseline": ""} for name in some]
        script[f"2511.{number:05}"] = [json.dumps({**answer, "results_rows": rows})]
    serve(RecordedListings({MONDAY: papers}), ScriptedModel(script))
    run_day(MONDAY)
    _, found = run_query(library, "SELECT DISTINCT dataset FROM results")
    assert {row[0] for row in found} == set(names)
    _, found = run_query(library, "reported_datasets", {"most": "99"})
    assert {row[0] for row in found} == {name.lower() for name in DATASETS}
