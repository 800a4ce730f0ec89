"""Topics of a Korean summary that its source does not touch: the mark of a sentence about another paper.

`topics.ko.csv` lists beginnings of Korean words that name a domain, modality or task, and beginnings of the English
words that a source would have if it were about that.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from daily_papers.checks.grounding.word_tables import word_table

_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")
_PLAIN = re.compile(r"[a-z0-9-]+")
"""A beginning that needs no pattern: it is looked up among the words of the source."""


@dataclass(frozen=True)
class _Topic:
    korean: re.Pattern[str]
    beginnings: tuple[str, ...]
    others: re.Pattern[str] | None
    """What is more than the beginning of a word: several words, or a whole one."""


@cache
def _topics() -> tuple[_Topic, ...]:
    return tuple(_topic(row["korean"], row["english"].split("|")) for row in word_table("topics.ko.csv"))


def _topic(korean: str, english: list[str]) -> _Topic:
    others = "|".join(one for one in english if not _PLAIN.fullmatch(one))
    return _Topic(
        re.compile(rf"(?<![가-힣])(?:{korean})"),
        tuple(one for one in english if _PLAIN.fullmatch(one)),
        re.compile(rf"\b(?:{others})") if others else None,
    )


@lru_cache(maxsize=16)
def _words(source: str) -> tuple[str, ...]:
    """All words of a source in small letters, parts of hyphenated ones too, in order."""
    words = set(_WORD.findall(source))
    return tuple(sorted(words.union(*(word.split("-") for word in words if "-" in word))))


def _is_touched(topic: _Topic, source: str) -> bool:
    """Whether a source, in small letters, has a word of a topic."""
    words = _words(source)
    for beginning in topic.beginnings:
        place = bisect_left(words, beginning)
        if place < len(words) and words[place].startswith(beginning):
            return True
    return topic.others is not None and bool(topic.others.search(source))


def touched_topics(texts: Iterable[str], source: str) -> int:
    """How many topics some Korean texts name that their source touches, too."""
    whole, small = "\n".join(texts), source.lower()
    return sum(bool(topic.korean.search(whole)) and _is_touched(topic, small) for topic in _topics())


def foreign_topics(sentence: str, source: str) -> Iterator[str]:
    """The words of a sentence, one a topic, that name what its source does not touch."""
    small = source.lower()
    for topic in _topics():
        match = topic.korean.search(sentence)
        if match and not _is_touched(topic, small):
            yield match[0]
