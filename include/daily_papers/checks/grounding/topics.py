"""Topics of a Korean summary that its source does not touch: the mark of a sentence about another paper.

`topics.ko.csv` lists beginnings of Korean words that name a domain, modality or task, and beginnings of the English
words that a source would have if it were about that.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class _Topic:
    korean: re.Pattern[str]
    english: re.Pattern[str]


@cache
def _topics() -> tuple[_Topic, ...]:
    text = files("daily_papers.checks.grounding").joinpath("topics.ko.csv").read_text(encoding="utf-8")
    return tuple(
        _Topic(
            re.compile(rf"(?<![가-힣])(?:{row['korean']})"),
            re.compile(rf"(?<![a-z])(?:{row['english']})", re.IGNORECASE),
        )
        for row in csv.DictReader(text.splitlines())
    )


@lru_cache(maxsize=16)
def _absent(source: str) -> tuple[_Topic, ...]:
    """Topics that a source does not touch."""
    return tuple(topic for topic in _topics() if not topic.english.search(source))


def foreign_topics(sentence: str, source: str) -> Iterator[str]:
    """The words of a sentence, one a topic, that name what its source does not touch."""
    for topic in _absent(source):
        if match := topic.korean.search(sentence):
            yield match[0]
