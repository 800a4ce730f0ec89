"""A second reader on the other side of the wire, beside a writer: it judges every statement by a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from daily_papers.sample.server import AnswerSource, Reply, completion, requested_paper

Judged = tuple[str, str]
"""What is said about a statement, and the words."""
Answer = dict[str, Any]


def first_words(passages: str, count: int = 4) -> str:
    """The first words of the longest passage: one piece of the source."""
    return " ".join(max(passages.split("\n"), key=len).split()[:count])


def supports(text: str, passages: str) -> Judged:
    """Everything is true."""
    return "supported", first_words(passages)


class SecondReader:
    """Answers requests for summaries by `writer`, and others by `judge`, as `spoiled` leaves them.

    `judge` gets a statement and the passages of the whole question.
    """

    def __init__(
        self,
        writer: AnswerSource,
        judge: Callable[[str, str], Judged] = supports,
        spoiled: Callable[[Answer], Answer | str | Reply] = lambda answer: answer,
    ) -> None:
        self.writer, self.judge, self.spoiled = writer, judge, spoiled
        self.asked: list[dict[str, Any]] = []
        """The requests that it got."""
        self._lock = threading.Lock()

    def __call__(self, request: dict[str, Any]) -> Reply:
        if request["response_format"]["json_schema"]["name"] != "statement_judgements":
            return self.writer(request)
        with self._lock:
            self.asked.append(request)
        elements = json.loads(requested_paper(request)["text"])
        passages = "\n".join(one["passages"] for one in elements)
        judgements = []
        for element in elements:
            for number, text in element["statements"].items():
                judgement, words = self.judge(text, passages)
                judgements.append({"statement": int(number), "judgement": judgement, "words": words})
        answer = self.spoiled({"paper_id": requested_paper(request)["paper_id"], "judgements": judgements})
        return (
            answer
            if isinstance(answer, Reply)
            else completion(request, answer if isinstance(answer, str) else json.dumps(answer))
        )


def statements_of(request: dict[str, Any]) -> list[str]:
    """The statements of a request, in the order of their numbers."""
    return [text for one in json.loads(requested_paper(request)["text"]) for text in one["statements"].values()]
