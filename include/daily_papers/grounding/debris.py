"""Text in a section that nobody wrote as a summary: errors, talk of the model, JSON, headings, copies, repetitions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

LONGEST_COPY = {"ko": 12, "en": 25}
"""Words in a row that a section may share with its source; of the sample answers and the recorded digest, none shares
more than 5 (names, mostly)."""
SHORTEST_REPEATED = 15
"""Characters of a sentence that counts as repeated; shorter ones may be labels of a list."""

_ERROR_PATTERNS = (
    r"traceback \(most recent call last\)",
    r"\b(?:openai|httpx|requests|urllib3|json)\.(?:\w+\.)*\w*(?:error|exception|timeout)\b",
    r"\b(?:api\w*|ratelimit|timeout|connection|jsondecode|key|value|type|attribute)error\s?[:(]",
    r"error code: ?\d{3}",
    r"\b(?:status|http)(?: code|/1\.1)?:? ?[45]\d\d\b",
    r"\b[45]\d\d (?:client|server) error\b",
    r"\btoo many requests\b",
    r"\binternal server error\b",
    r"\bbad gateway\b",
    r"\bservice (?:is )?(?:temporarily )?unavailable\b",
    r"\bgateway time-?out\b",
    r"\brate limit (?:reached|exceeded|error)",
    r"\binsufficient_quota\b",
    r"\bexceeded your current quota\b",
    r"\bmaximum context length\b",
    r"\bcontext_length_exceeded\b",
    r"\binvalid api key\b",
    r"\bconnection (?:refused|reset by peer)",
    r"오류 코드:? ?\d{3}",
    r"(?:^|[.。:] ?)오류가 발생했(?:습니다|다)",
    r"(?:서버|네트워크|시스템|api) 오류(?:로|가|입니다)[^.\n]{0,20}(?:못했|없습니다|발생했|실패)",
    r"요약(?:을|에)? ?(?:생성|작성)?(?:하지 못했습니다|에 실패했습니다|할 수 없었습니다)",
    r"요청 (?:한도|시간)(?:를|을|이) ?초과(?:했|하였|되었)습니다",
)
_TALK_PATTERNS = (
    # refusals and apologies
    r"죄송(?:합니다|하지만|스럽)",
    r"\b(?:i'?m|i am) (?:sorry|unable)\b",
    r"\bi (?:can(?:no|')t|won't) (?:assist|help|provide|summari[sz]e|fulfil|comply)",
    r"(?:요약|답변|도움|요청하신 (?:작업|내용))(?:을|를|해|은)? ?(?:제공해 |수행|처리)?(?:드릴|할|제공할) 수 없습니다",
    r"도와 ?드릴 수 없",
    # about itself
    r"\bas an ai\b",
    r"\bas a (?:large )?language model\b",
    r"\bmy knowledge cut-?off\b",
    r"(?:저는|제가) (?:ai|인공지능|언어 ?모델|챗)",
    r"(?:인공지능|ai|언어) ?(?:모델|비서)?(?:로서|이므로) (?:저는|제가|직접)",
    # about its task
    r"(?:다음은|아래는)[^.\n]{0,25}(?:요약(?:입니다|한 내용입니다)|정리한 (?:내용|것)입니다)",
    r"요청하신 (?:대로|논문|요약)",
    r"제공(?:해 ?주신|된) (?:텍스트|초록|논문|내용)(?:을|를) (?:바탕으로|기반으로|토대로)",
    r"\bhere(?:'s| is) (?:the|your|a) (?:\w+ )?summary\b",
    r"^물론(?:입니다|이죠)",
    r"\b(?:sure|certainly|of course)[,!]",
    # to whoever asked
    r"(?:추가로|더) (?:궁금한|필요하신|도움이 필요)",
    r"필요하시면",
    r"말씀해 ?주세요",
    r"알려 ?주(?:세요|시면)",
    r"\blet me know if\b",
    r"\bi hope this helps\b",
)
_ERRORS, _TALK = (
    re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE) for patterns in (_ERROR_PATTERNS, _TALK_PATTERNS)
)
_JSON = re.compile(
    r"[\"'](?:paper_id|title_ko|sections|basis|markdown|quotes|results_rows|metric|dataset|baseline)[\"']"
    r"|[\"']\w+[\"']\s*:\s*(?:[\[{\"]|null\b|true\b|false\b|-?\d)|^\s*[\[{]\s*[\"']|[\"'}\]]\s*[}\]],?\s*$"
    r"|\\n(?![a-z])|\\u[0-9a-f]{4}|\\\"|\[object Object\]|^\s*(?:null|none|undefined|nan|n/a)\s*\.?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_SHOWN = re.compile(
    r"`[^`\n]*`|“[^”\n]*”|‘[^’\n]*’|「[^」\n]*」|(?<![\w\\])\"[^\"\n]*\"(?!\s*:)|(?<!\w)'[^'\n]*'(?!\w|\s*:)"
)
_CODE = re.compile(r"`[^`\n]*`")
_LINE_MARKS = re.compile(r"^[\s#>*_\-\d.)(\[\]【】]+|[\s*_#\[\]【】]+$")
_TITLE_LINES = frozenset(
    ("요약", "논문 요약", "요약문", "제목", "논문 제목", "summary", "paper summary", "title", "abstract", "초록")
)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+|\n")


def error_messages(text: str, source: str) -> list[str]:
    """Messages of programs, as they stand there; what the source or an inline code says itself is none."""
    return _not_from(_ERRORS.finditer(_SHOWN.sub(" ", text)), source)


def model_talk(text: str, source: str) -> list[str]:
    """Phrases of a model about itself or its task (refusals, apologies, announcements); quoted ones are none."""
    return _not_from(_TALK.finditer(_SHOWN.sub(" ", text)), source)


def _not_from(found: Iterable[re.Match[str]], source: str) -> list[str]:
    lower = source.lower()
    return [match[0].strip() for match in found if match[0].strip().lower() not in lower]


def json_debris(text: str) -> list[str]:
    """Pieces of JSON and escapes outside of inline code."""
    return [match[0].strip() for match in _JSON.finditer(_CODE.sub(" ", text))]


def heading_debris(text: str, headings: Iterable[str]) -> list[str]:
    """Lines that are one of the headings, or begin with one and a colon; with or without number and emphasis."""
    known = {_folded(heading) for heading in headings} | _TITLE_LINES
    found = []
    for line in text.splitlines():
        label, colon, _ = line.partition(":")
        if _folded(line) in known or (colon and _folded(label) in known):
            found.append(label.strip())
    return found


def _folded(line: str) -> str:
    return _LINE_MARKS.sub("", line.strip().removesuffix(":")).casefold()


def copied_passages(text: str, source: str, language: str) -> list[str]:
    """Runs of more than `LONGEST_COPY` words that the source has in the same order; the first words of each."""
    size = LONGEST_COPY[language] + 1
    words, known = _words(text), _runs(source, size)
    found, next_place = [], 0
    for place in range(len(words) - size + 1):
        if place >= next_place and tuple(words[place : place + size]) in known:
            found.append(" ".join(words[place : place + size]))
            next_place = place + size
    return found


@lru_cache(maxsize=64)  # every section of a paper is held against the same source
def _runs(source: str, size: int) -> frozenset[tuple[str, ...]]:
    words = _words(source)
    return frozenset(tuple(words[place : place + size]) for place in range(len(words) - size + 1))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def repeated_sentences(text: str) -> list[str]:
    """Sentences and list items that a text has more than once."""
    counts = Counter(_sentences(text))
    return [sentence for sentence, count in counts.items() if count > 1]


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(text):
        plain = " ".join(_WORD.findall(sentence))
        if len(plain) >= SHORTEST_REPEATED:
            yield plain
