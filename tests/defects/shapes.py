"""JSON of another shape than asked for, and answers about another paper."""

from __future__ import annotations

import json
from typing import Any

from daily_papers.reasons import Reason
from tests.defects.case import (
    Case,
    Edit,
    Row,
    absent,
    begun,
    cases,
    changed,
    completed,
    completion,
    recorded,
    said,
    sample_answer,
    with_results,
)
from tests.defects.papers import (
    ALOE,
    BAGEL,
    CONFIDENCE,
    CS_SUM,
    DISTILL,
    FEDPR,
    FLEXIVE,
    FLOW,
    GENERAL,
    HYBRID,
    INDEXMARK,
    MIGRATION,
    NEURONS,
    NEXT_SEARCH,
    PHARE,
    QZO,
    REWARD,
    RPC,
    SAGE,
    SMOE,
    SSR,
    TABOO,
    TOKENS,
    VIDEO_EVAL,
    VISIONARY,
    WARMUP,
    WIKIDYK,
    WILLIAMT,
)


def top(**values: object) -> Edit:
    """Keys of the answer itself get these values."""
    return lambda answer: answer.update(values)


def lost(key: str) -> Edit:
    """The answer has no such key."""
    return lambda answer: answer.pop(key)


def part(key: str, **values: object) -> Edit:
    """Fields of a section get these values."""
    return lambda answer: answer["sections"][key].update(values)


def instead(paper_id: str, value: Any) -> Row:
    """The row of a paper whose answer is this JSON value."""
    return completed(paper_id, completion(json.dumps(value, ensure_ascii=False)))


def in_camel_case(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with keys as JavaScript has them."""
    names = {"paper_id": "paperId", "title_ko": "titleKo", "results_rows": "resultsRows"}
    return {names.get(key, key): value for key, value in answer.items()}


def reversed_keys(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer's keys in the opposite order."""
    return dict(reversed(answer.items()))


def texts_alone(answer: dict[str, Any]) -> dict[str, Any]:
    """The sections as plain texts."""
    plain = {key: section["markdown"] for key, section in answer["sections"].items()}
    return {**answer, "sections": plain}


def as_list(answer: dict[str, Any]) -> dict[str, Any]:
    """The sections as a list."""
    return {**answer, "sections": [{"key": key, **section} for key, section in answer["sections"].items()]}


BAD: list[Case] = [
    *cases(
        Reason.SCHEMA_MISMATCH,
        {
            "no title": changed(BAGEL, lost("title_ko")),
            "no results' rows": changed(SAGE, lost("results_rows")),
            "results' rows as an empty object": changed(SSR, top(results_rows={})),
            "results' rows as an empty text": changed(REWARD, top(results_rows="")),
            "no sections": changed(FLOW, lost("sections")),
            "title null": changed(RPC, top(title_ko=None)),
            "paper id as a number": changed(GENERAL, top(paper_id=2505.14652)),
            "title as a list": changed(CONFIDENCE, top(title_ko=["추론 모델은", "확신을 더 잘 표현한다"])),
            "text null": changed(CS_SUM, part("results", markdown=None)),
            "quotes as one text": changed(NEXT_SEARCH, part("motivation", quotes="coarse-grained feedback")),
            "quotes null": changed(INDEXMARK, part("limitations", quotes=None)),
            "quotes as objects": changed(VISIONARY, part("method", quotes=[{"text": "273K CoT-free", "page": 1}])),
            "a basis of its own": changed(VIDEO_EVAL, part("results", basis="explicit")),
            "a basis in Korean": changed(QZO, part("limitations", basis="추론")),
            "an extra key in a section": changed(HYBRID, part("method", confidence=0.9)),
            "a value as a number": changed(DISTILL, lambda answer: answer["results_rows"][0].update(value=84.3)),
            "a result without baseline": changed(WILLIAMT, lambda answer: answer["results_rows"][0].pop("baseline")),
            "results' rows null": changed(PHARE, top(results_rows=None)),
            "results' rows as sentences": changed(MIGRATION, top(results_rows=["pass@1 62.33%", "pass@1 27.00%"])),
            "sections as plain texts": instead(TABOO, texts_alone(sample_answer(TABOO))),
            "sections as a list": instead(WARMUP, as_list(sample_answer(WARMUP))),
            "wrapped in another object": instead(SMOE, {"answer": sample_answer(SMOE)}),
            "wrapped in a list": instead(NEURONS, [sample_answer(NEURONS)]),
            "keys in camel case": instead(FLEXIVE, in_camel_case(sample_answer(FLEXIVE))),
            "JSON within a JSON text": instead(ALOE, json.dumps(sample_answer(ALOE))),
            "an error object": instead(WIKIDYK, {"error": {"message": "Rate limit reached", "code": 429}}),
        },
    ),
    *cases(
        Reason.WRONG_PAPER,
        {
            "the paper before it in the listing": changed(BAGEL, top(paper_id=SAGE)),
            "with a version": changed(SAGE, top(paper_id="2505.11594v2")),
            "with arXiv before it": changed(FLOW, top(paper_id="arXiv:2505.14513")),
            "a trailing zero is lost": changed(RPC, top(paper_id="2505.1386")),
            "a digit is wrong": changed(FEDPR, top(paper_id="2505.13574")),
            "empty": changed(GENERAL, top(paper_id="")),
            "the title as id": changed(PHARE, top(paper_id="Phare")),
            "an address": changed(REWARD, top(paper_id="https://arxiv.org/abs/2505.14674")),
            "a space behind it": changed(SMOE, top(paper_id="2505.13380 ")),
            "the id of the earlier study that the abstract names": changed(SMOE, top(paper_id="2402.02526")),
            "a place holder": changed(TABOO, top(paper_id="2505.00000")),
            "the whole answer is that of another paper": instead(QZO, sample_answer(HYBRID)),
        },
    ),
]

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.SCHEMA_MISMATCH,
        {
            "half an emoji": completed(
                TOKENS, completion(json.dumps(sample_answer(TOKENS)).replace('"title_ko": "', '"title_ko": "\\ud83d'))
            ),
            "an extra key beside the sections": changed(BAGEL, top(language="ko")),
            "empty cells": changed(SAGE, with_results(("throughput", "", "1038 TOPS", ""))),
            "no results' rows for a paper with figures": changed(FLOW, with_results()),
            "a line end in the title": changed(GENERAL, top(title_ko="General-Reasoner:\n모든 분야의 LLM 추론")),
            "no quotes where nothing is stated": changed(CONFIDENCE, part("future_work", quotes=[])),
            "a value as text": changed(DISTILL, with_results(("accuracy", "MATH500", "98.4", ""))),
            "a whole emoji in a text": changed(TOKENS, begun("limitations", "표기 `🔢`는 그대로 둔다. ")),
            "the keys in another order": instead(SSR, reversed_keys(sample_answer(SSR))),
        },
    ),
    *cases(
        Reason.WRONG_PAPER,
        {
            "the text names the earlier study's id": changed(
                SMOE, said("limitations", "이전 연구(arXiv:2402.02526)를 다듬은 판이라 차이를 따로 살펴야 한다.")
            ),
            "the id in escapes": completed(
                FLEXIVE, completion(json.dumps(sample_answer(FLEXIVE)).replace('"2505.', '"\\u0032505.'))
            ),
            "the id comes last": instead(INDEXMARK, reversed_keys(sample_answer(INDEXMARK))),
            "a paper of another month on the list": recorded("2405.20541", "2024-06-03"),
            "the id beside an empty answer": changed(
                NEXT_SEARCH, absent("limitations", "future_work"), top(paper_id=NEXT_SEARCH)
            ),
            "other papers are compared with": changed(
                VISIONARY, said("limitations", "GPT-4o나 DeepSeek-R1을 다룬 다른 논문의 결론과 견주어 볼 필요가 있다.")
            ),
        },
    ),
]

MISSED: list[Case] = [
    *cases(
        Reason.SCHEMA_MISMATCH,
        {
            "metric and dataset have changed places": changed(
                DISTILL, with_results(("MATH500", "accuracy", "98.4", ""))
            ),
        },
    ),
    *cases(
        Reason.WRONG_PAPER,
        {
            "thoughts about another paper under the right id": changed(
                CS_SUM, part("limitations", **sample_answer(WILLIAMT)["sections"]["limitations"])
            ),
            "the title of another paper": changed(ALOE, top(title_ko=sample_answer(NEURONS)["title_ko"])),
        },
    ),
]
