"""Whatever a second reader does, a summary is repaired, quarantined, or published with a warning: the table of
docs/faults.md."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.lake.library import open_library
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.summaries.verify import papers_to_verify, verify_papers
from tests.support.data import few_papers
from tests.support.models import TEXTS, ScriptedModel, failure, good_answer
from tests.support.second_reader import Judged, SecondReader, first_words, supports
from tests.support.steps import ask, fetch

FIRST = sample_items()[0]["paper"]["id"]
TITLE = sample_items()[0]["paper"]["title"]
TEXT = " ".join(sample_items()[0]["paper"]["summary"].split())
FALSE = "나머지 가중치까지 모두 학습하고 인코더는 쓰지 않는다 (빙하 관측소, 온도 계기, 얼음 두께)."
Answer = dict[str, Any]
Judge = Callable[[str, str], Judged]


def contradicts(text: str, passages: str) -> Judged:
    """Everything is true but what is planted."""
    return ("contradicted", first_words(passages)) if text == FALSE else supports(text, passages)


def does_not_find(text: str, passages: str) -> Judged:
    return ("not_found", "") if text == FALSE else supports(text, passages)


def contradicts_with(words: str) -> Judge:
    return lambda text, passages: ("contradicted", words) if text == FALSE else supports(text, passages)


def with_given(change: Callable[[list[Any]], Any]) -> Callable[[Answer], Answer]:
    return lambda answer: {**answer, "judgements": change(answer["judgements"])}


@dataclass(frozen=True)
class Fault:
    """What it does, how the paper ends, and the requests that it gets."""

    name: str
    ends: str
    requests: int
    spoiled: Callable[[Answer], Answer | str | Reply] = lambda answer: answer
    judge: Judge = contradicts
    repaired: bool = False
    """Whether the writer takes the false statement out when it is told."""


NOT_VERIFIED = "complete, `not_verified`"
FAULTS = (
    Fault("supports everything", "complete", 1, judge=supports),
    Fault("contradicts a statement, and the writer corrects it", "complete, repairs: 1", 2, repaired=True),
    Fault("contradicts a statement, and the writer says it again", "quarantined: `contradicted`", 1),
    Fault("contradicts it in another order", "quarantined: `contradicted`", 1, with_given(lambda found: found[::-1])),
    Fault("does not find a statement", "complete, `statement_not_found`", 1, judge=does_not_find),
    Fault("contradicts with words that are not the source's", NOT_VERIFIED, 2, judge=contradicts_with("none of these")),
    Fault("contradicts without words", NOT_VERIFIED, 2, judge=contradicts_with("")),
    Fault(
        "leaves statements out",
        "quarantined: `contradicted`, `not_verified`",
        1,
        with_given(lambda found: found[:-1]),
    ),
    Fault(
        "gives two judgements that disagree",
        NOT_VERIFIED,
        2,
        with_given(lambda found: [*found, *({**one, "judgement": "not_found", "words": ""} for one in found)]),
    ),
    Fault("answers prose", NOT_VERIFIED, 2, lambda _: "I think that everything is fine."),
    Fault("answers a JSON list", NOT_VERIFIED, 2, lambda answer: json.dumps(answer["judgements"])),
    Fault("answers JSON nested without end", NOT_VERIFIED, 2, lambda _: "[" * 100_000),
    Fault("answers about another paper", NOT_VERIFIED, 2, lambda answer: {**answer, "paper_id": "2505.99999"}),
    Fault("sends no judgements", NOT_VERIFIED, 2, with_given(lambda _: None)),
    Fault(
        "sends judgements of another form", NOT_VERIFIED, 2, with_given(lambda _: ["supported", 3, {"judgement": 1}])
    ),
    Fault(
        "sends a judgement that does not exist",
        NOT_VERIFIED,
        2,
        with_given(lambda found: [{**one, "judgement": "perhaps"} for one in found]),
    ),
    Fault("503 or 429 all the time", NOT_VERIFIED, 1, lambda _: failure(503)),
    Fault("answers too late", NOT_VERIFIED, 1, lambda answer: replace(Reply.of_json(200, {}), delay_seconds=3)),
    Fault("resets the connection", NOT_VERIFIED, 1, lambda _: Reply(200, b"", reset=True)),
    Fault("401, 402 or 404", f"{NOT_VERIFIED}; the log names the setting", 1, lambda _: failure(401)),
)


def table() -> str:
    """The faults as Markdown."""
    lines = [f"| {one.name} | {one.ends} | {one.requests} |" for one in FAULTS]
    return "\n".join(["| what the second reader does | how the paper ends | its requests |", "|---|---|---|", *lines])


def answer_with(method: str) -> str:
    made = good_answer({"paper_id": FIRST, "text": f"{TITLE}\n\n{TEXT}"})
    made["sections"]["method"]["markdown"] = method
    return json.dumps(made)


@pytest.mark.parametrize("fault", FAULTS, ids=[one.name for one in FAULTS])
def test_a_second_reader_and_how_the_paper_ends(
    fault: Fault, serve: Callable[..., LocalServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_VERIFIER_MODEL", "reader")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")
    monkeypatch.setenv("DAILY_PAPERS_TIMEOUT_SECONDS", "1.5")
    writer = ScriptedModel({FIRST: [answer_with(FALSE), *([None] if fault.repaired else [])]})
    reader = SecondReader(writer, fault.judge, fault.spoiled)
    serve(few_papers(1), reader)
    fetch(SAMPLE_DATE)
    ask(SAMPLE_DATE)
    library = open_library()
    access = ModelAccess.from_settings(library.settings)
    papers = papers_to_verify(library, SAMPLE_DATE)
    verifying = verify_papers(library, access, access.for_verifier(library.settings), SAMPLE_DATE, papers, run="test")
    if "the log names" in fault.ends:
        with pytest.raises(Exception, match="OPENAI_API_KEY"):
            asyncio.run(verifying)
    else:
        asyncio.run(verifying)
    audit_day(library, SAMPLE_DATE)
    [row] = read_day_file(library, SAMPLE_DATE)
    assert row["status"] == fault.ends.partition(",")[0].partition(":")[0]
    assert [f"`{code}`" for code in (*row["reasons"], *row["warnings"])] == [
        word for word in fault.ends.replace(",", " ").replace(";", " ").split() if word.startswith("`")
    ]
    assert row["repairs"] == (2 if row["status"] == "quarantined" else int(fault.repaired))
    assert len(reader.asked) == fault.requests
    if row["status"] == "complete" and fault.repaired:
        assert row["method_markdown"] == TEXTS["method"]
