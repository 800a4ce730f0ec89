"""Models on the other side of the wire: one that answers well, and ones that do not."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from daily_papers.sample.server import AnswerSource, Reply, completion, requested_paper
from daily_papers.sections import SECTION_KEYS

KOREAN = "이 절은 시험을 위해 지은 문장으로, 원문에서 말하는 내용을 짧게 정리한다."


def good_answer(paper: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that passes every check: Korean text and quotes from the abstract."""
    quote = " ".join(paper["abstract"].split()[:8])
    section = {"basis": "stated", "markdown": KOREAN, "quotes": [quote]}
    return {
        "paper_id": paper["paper_id"],
        "title_ko": "시험용 제목",
        "sections": dict.fromkeys(SECTION_KEYS, section),
        "results_rows": [],
    }


def well_answering(request: dict[str, Any]) -> Reply:
    return completion(request, json.dumps(good_answer(requested_paper(request)), ensure_ascii=False))


class ScriptedModel:
    """Answers well, but for papers in `script`: each call takes the next entry of their list, the last one stays.

    Entries are replies, or contents of a completion. Counts calls by paper; may take its time.
    """

    def __init__(self, script: Mapping[str, list[Reply | str]] | None = None, *, seconds: float = 0.0) -> None:
        self.script = {paper_id: list(entries) for paper_id, entries in (script or {}).items()}
        self.seconds = seconds
        self.calls: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.most_at_once = 0
        self._under_way = 0
        self._lock = threading.Lock()

    def __call__(self, request: dict[str, Any]) -> Reply:
        paper_id = requested_paper(request)["paper_id"]
        with self._lock:
            self.calls[paper_id] += 1
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
            entries = self.script.get(paper_id, [])
            entry = entries.pop(0) if len(entries) > 1 else entries[0] if entries else None
        time.sleep(self.seconds)
        with self._lock:
            self._under_way -= 1
            self.answered[paper_id] += 1
        if entry is None:
            return well_answering(request)
        return entry if isinstance(entry, Reply) else completion(request, entry)


def failure(status: int, message: str = "no", code: str | None = None, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply.of_json(status, {"error": {"message": message, "type": "test", "code": code}}, named)


HTML = Reply(200, b"<html><body>Please log in</body></html>", {"Content-Type": "text/html"})

__all__ = ["HTML", "KOREAN", "AnswerSource", "ScriptedModel", "failure", "good_answer", "well_answering"]
