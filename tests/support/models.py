"""Models on the other side of the wire: one that answers well, and ones that do not."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from daily_papers.checks.row_checks import measured_figures
from daily_papers.sample.server import AnswerSource, Reply, completion, requested_paper
from daily_papers.sections import SECTION_KEYS

KOREAN = "이 절은 시험을 위해 지은 문장으로, 원문에서 말하는 내용을 짧게 정리한다."
PARTICULAR = " (빙하 관측소, 온도 계기, 얼음 두께)"
"""Words that no summary of another paper has: a section without any would say nothing."""
TEXTS = dict(
    zip(
        SECTION_KEYS,
        (
            "기존 방법은 비용이 커서 널리 쓰기 어려우므로, 더 가벼운 방법이 필요하다는 문제에서 출발한다.",
            "간단하면서도 효과가 큰 새로운 학습 방법을 제안하고, 그 구현을 모두에게 공개한 점이 새롭다.",
            "사전학습된 인코더 위에 작은 어댑터를 얹고, 나머지 가중치는 고정한 채 어댑터만 학습한다.",
            "여러 공개 벤치마크에서 대표적인 베이스라인과 같은 조건으로 비교하고 사람의 평가도 함께 쓴다.",
            "제안한 방법이 모든 비교 대상을 앞서며, 특히 자원이 적은 환경에서 격차가 더 크게 벌어진다.",
            "영어 자료를 중심으로 확인했으므로 다른 언어로 옮길 때 성능이 떨어질 위험을 안고 있다.",
            "앞으로는 훨씬 더 긴 글과 여러 매체를 함께 다루도록 넓히는 연구를 이어갈 수 있다.",
        ),
        strict=True,
    )
)
TEXTS = {key: text + PARTICULAR for key, text in TEXTS.items()}


def good_answer(paper: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that passes every check: Korean text with some of the paper's words, quotes from it, and a figure if it
    has any."""
    title, _, text = paper["text"].partition("\n\n")
    quote = " ".join((text or paper["text"]).split()[:8])
    sections = {key: {"basis": "stated", "markdown": TEXTS[key], "quotes": [quote]} for key in SECTION_KEYS}
    own_words = _words_of_its_own(paper["text"])
    sections["contributions"]["markdown"] = TEXTS["contributions"].removesuffix(")") + f"{own_words})"
    figures = list(measured_figures(paper["text"]))[:1]
    if figures:
        sections["results"]["quotes"] = [_words_from(paper["text"], figures[0])]
    return {
        "paper_id": paper["paper_id"],
        "title_ko": translated_title(title),
        "sections": sections,
        "results_rows": [{"metric": "", "dataset": "", "value": figure, "baseline": ""} for figure in figures],
    }


def translated_title(title: str) -> str:
    """The same title for every paper, with the name that the paper's begins with."""
    name, colon, _ = title.partition(":")
    has_name = bool(colon) and len(name.split()) <= 4 and re.fullmatch(r"[\w@.+ -]+", name)
    return f"{name}: 시험용 제목" if has_name else "시험용 제목"


def _words_of_its_own(text: str) -> str:
    """Some words of a paper, from here and there in it: an answer without any would fit every paper."""
    words = list(dict.fromkeys(re.findall(r"(?<![A-Za-z])[a-z]{4,12}(?![A-Za-z])", text)))
    return "".join(f", {word}" for word in words[:: max(1, len(words) // 5)][:5])


def _words_from(text: str, figure: str) -> str:
    """Eight words of a text, from the one before a figure on."""
    begin = text.rfind(" ", 0, max(0, text.index(figure) - 2)) + 1
    return " ".join(text[begin:].split()[:8])


def well_answering(request: dict[str, Any]) -> Reply:
    """A good answer, of a repair only the parts that it asks for."""
    return completion(request, json.dumps(asked_parts(request, good_answer(requested_paper(request)))))


def asked_parts(request: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """What a request's schema has room for."""
    wanted = request["response_format"]["json_schema"]["schema"]["properties"]
    parts = {key: value for key, value in answer.items() if key in wanted}
    if "sections" in parts:
        keys = wanted["sections"]["properties"]
        parts["sections"] = {key: value for key, value in answer["sections"].items() if key in keys}
    return parts


class ScriptedModel:
    """Answers well, but for papers in `script`: each call takes the next entry of their list, the last one stays.

    Entries are replies, contents of a completion, or None for a good answer. Counts calls by paper; may take its time.
    """

    def __init__(
        self, script: Mapping[str, Sequence[Reply | str | None]] | None = None, *, seconds: float = 0.0
    ) -> None:
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
