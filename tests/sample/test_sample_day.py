"""The bundled sample answers are true to their abstracts, as far as a program can tell."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files

import pytest

from daily_papers.checks import row_checks
from daily_papers.listing.contract import parse_capture
from daily_papers.rows.answers import parse_answer
from daily_papers.rows.staged_row import StagedRow, with_answer
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import sample_answer
from daily_papers.summaries.prompt import build_request
from daily_papers.texts.read import abstract_source

PAPERS = {paper.paper_id: paper for paper in parse_capture(sample_items()).papers}
ABSTRACTS = {paper_id: paper.abstract for paper_id, paper in PAPERS.items()}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SAME_NUMBER = {
    ("2505.13430", "0"): "zeroth",
    ("2505.13559", "10"): "ten LLMs",
    ("2505.13718", "1"): "two-stage",
    ("2505.13718", "2"): "two-stage",
    ("2505.14464", "189"): "1.89 million",
}
"""Numbers that the abstract writes in another way (1.89 million is 189만)."""


def request(paper_id: str) -> dict[str, object]:
    paper = replace(PAPERS.get(paper_id, next(iter(PAPERS.values()))), paper_id=paper_id)
    return build_request(paper, abstract_source(paper), model="m", language="ko", output_tokens=8000).body


def test_there_is_one_answer_for_each_paper() -> None:
    names = {path.name for path in files("daily_papers").joinpath("sample/answers").iterdir()}
    assert names == {f"{paper_id}.json" for paper_id in ABSTRACTS}
    assert len(names) == 32


@pytest.mark.parametrize("paper_id", ABSTRACTS)
def test_an_answer_passes_the_audit_and_invents_no_number(paper_id: str) -> None:
    reply = sample_answer(request(paper_id))
    answer = parse_answer(json.loads(reply.body))
    paper = PAPERS[paper_id]
    row = StagedRow(paper_id=paper_id, language="ko", listing=paper)
    assert row_checks.findings(with_answer(row, answer, abstract_source(paper).text)) == {}
    texts = [section.markdown for section in answer.sections.values()]
    texts += [text for row in answer.results for text in row.model_dump().values()]
    for number in NUMBER.findall(" ".join(texts)):
        assert SAME_NUMBER.get((paper_id, number), number) in ABSTRACTS[paper_id], number


def test_an_inferred_section_holds_no_number() -> None:
    for paper_id, abstract in ABSTRACTS.items():
        answer = parse_answer(json.loads(sample_answer(request(paper_id)).body))
        for section in answer.sections.values():
            if section.basis == "inferred":
                invented = set(NUMBER.findall(section.markdown)) - set(NUMBER.findall(abstract))
                assert invented <= {"0", "3"}  # 0차 (zeroth-order), 3D


def test_an_unknown_paper_gets_an_error() -> None:
    reply = sample_answer(request("2505.99999"))
    assert reply.status == 400
    assert "OPENAI_API_KEY" in json.loads(reply.body)["error"]["message"]
