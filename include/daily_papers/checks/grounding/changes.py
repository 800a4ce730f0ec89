"""What a percentage is said to be: how far something rose or fell, or where it ended; and from where to where.

Rises by 12 %, rises to 12 % and rises from 12 % have the same number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache

_NUMBER = r"(?<![\d.,])(?P<number>\d+(?:\.\d+)?)"
_CHANGES = (
    r"(?:높[아였이인]|올[라랐려렸린]|향상|증가|상승|개선|끌어\s?올|늘[어었]|줄[어었이인]|감소|낮[아추췄]|떨어|하락)"
)
_BY_SO_MUCH = re.compile(rf"{_NUMBER}\s?%\s?(?:더\s)?{_CHANGES}")
_TO_SO_MUCH = re.compile(rf"{_NUMBER}\s?%(?:로|까지|에)\s(?:{_CHANGES}|도달|이르|이른|달[하해한]|다다)")
_FROM_TO = re.compile(
    rf"{_NUMBER}\s?(?:%|점|배|초|ms|[KMB])?에서\s(?:[가-힣]+\s)?(?:약\s)?(?P<end>\d+(?:\.\d+)?)\s?(?:%|점|배|초|ms|[KMB])?(?:로|까지)"
)
_ANY = re.compile(_NUMBER)
_PERCENT = re.compile(rf"{_NUMBER}\s?\\?(?:%|percent\b)")
_BEFORE_A_CHANGE = re.compile(
    r"(?:\bby\s(?:(?:about|around|approximately|nearly|over|up to|an?|average|of|as|much)\s)*|\+\s?|"
    r"\b(?:gains?|improvements?|increases?|reductions?|drops?|boosts?)\sof\s(?:(?:about|up to|over|nearly)\s)*)$",
    re.IGNORECASE,
)
_BEHIND_A_CHANGE = re.compile(
    r"\s?(?:absolute|relative|average|overall|performance|accuracy)?\s?"
    r"(?:improve|gain|increas|reduc|decreas|boost|drop|higher|lower|better|faster|fewer|less|more)",
    re.IGNORECASE,
)
_BEFORE_AN_END = re.compile(r"\b(?:from|to)\s(?:an?\s)?(?:(?:about|around|only|just|over|nearly)\s)?$", re.IGNORECASE)
_ENGLISH_FROM_TO = re.compile(
    r"\bfrom\s(?:[a-z-]+\s){0,3}(?P<begin>\d+(?:\.\d+)?)[^\d.;]{0,30}?\bto\s(?:[a-z-]+\s){0,3}(?P<end>\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby\s[^.;\d]{0,30}$", re.IGNORECASE)
_RISING = re.compile(
    r"improv|outperform|surpass|exceed|increas|gain|boost|rais|better|higher|advanc|lead|beat", re.IGNORECASE
)
_FALLING = re.compile(r"reduc|decreas|drop|lower|cut|sav|fewer|less|short|declin|degrad", re.IGNORECASE)
_UP_OF = re.compile(r"\b(?:gain|improvement|increase|boost|rise)s?\sof\s[^.;\d]{0,20}$", re.IGNORECASE)
_DOWN_OF = re.compile(r"\b(?:drop|decrease|reduction|decline|loss|degradation)s?\sof\s[^.;\d]{0,20}$", re.IGNORECASE)
_CLAUSE, _NEAR = 120, 60
"""Characters before a number in which the verb of its clause, and what leads to it, may stand."""
_CLAUSE_END = re.compile(r"[.;](?!\d)")
_OF_A_KIND = r"\s?\\?%?\s?(?:absolute|relative|average|overall)?\s?"
_UP_BEHIND = re.compile(rf"{_OF_A_KIND}(?:improve|gain|increas|boost|higher|better|more)", re.IGNORECASE)
_DOWN_BEHIND = re.compile(rf"{_OF_A_KIND}(?:reduc|decreas|drop|lower|fewer|less|declin)", re.IGNORECASE)
_SO_MUCH = rf"{_NUMBER}\s?(?:%p?|점|배)?(?:포인트)?\s?(?:만큼\s|정도\s)?(?:더\s)?"
_SAID_DOWN = re.compile(rf"{_SO_MUCH}(?:밑[도돈돌]|뒤[지진졌처]|낮[은아았]|하락|떨어|악화|못\s미)")
_SAID_UP = re.compile(rf"{_SO_MUCH}(?:늘[어었린]|증가|상승|급증|많[은아았])")
_LESS_IS_BETTER = re.compile(
    r"오류|오차|손실|지연|비용|시간|환각|편향|복잡도|perplexity|FID|WER|CER|MAE|RMSE|MSE|error|loss|latency|cost",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Told:
    """What a source tells of its numbers."""

    kinds: Mapping[str, Set[str]]
    """Of percentages: a change, an end (from or to it), or something other."""
    pairs: frozenset[tuple[str, str]]
    """From where to where something went."""
    directions: Mapping[str, Set[str]]
    """Whether each number is by how much something went up, or down."""


@lru_cache(maxsize=64)
def _told(source: str) -> _Told:
    plain = source.replace("$", "").replace("\\%", "%")
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for match in _PERCENT.finditer(plain):
        before = plain[max(0, match.start() - _NEAR) : match.start()]
        is_change = _BEFORE_A_CHANGE.search(before) or _BEHIND_A_CHANGE.match(plain, match.end())
        is_end = _BEFORE_AN_END.search(before)
        kinds[match["number"]].add("change" if is_change else "end" if is_end else "other")
    directions: defaultdict[str, set[str]] = defaultdict(set)
    for match in _ANY.finditer(plain):
        is_up, is_down = _directions(plain, match.start(), match.end())
        directions[match["number"]].add("both" if is_up == is_down else "up" if is_up else "down")
    pairs = frozenset((match["begin"], match["end"]) for match in _ENGLISH_FROM_TO.finditer(plain))
    return _Told(kinds, pairs, directions)


def _directions(text: str, begin: int, end: int) -> tuple[bool, bool]:
    """Whether a text says of a number that something went up by so much, and whether it went down."""
    before = _CLAUSE_END.split(text[max(0, begin - _CLAUSE) : begin])[-1]
    by_so_much = bool(_BY.search(before[-_NEAR:]))
    is_up = (by_so_much and _RISING.search(before)) or _UP_OF.search(before[-_NEAR:]) or _UP_BEHIND.match(text, end)
    is_down = (
        (by_so_much and _FALLING.search(before)) or _DOWN_OF.search(before[-_NEAR:]) or _DOWN_BEHIND.match(text, end)
    )
    return bool(is_up), bool(is_down)


def wrong_changes(text: str, source: str) -> Iterator[str]:
    """What a Korean text tells otherwise than its source: percentages as a change instead of an end, or the other way
    round; from and to exchanged; a rise as a fall, or the other way round (of errors and costs, less is an
    improvement)."""
    told = _told(source)
    for pattern, other in ((_BY_SO_MUCH, "end"), (_TO_SO_MUCH, "change")):
        for match in pattern.finditer(text):
            if told.kinds.get(match["number"]) == {other}:
                yield match[0]
    for match in _FROM_TO.finditer(text):
        pair = (match["number"], match["end"])
        if pair not in told.pairs and pair[::-1] in told.pairs:
            yield match[0]
    for pattern, other in ((_SAID_DOWN, "up"), (_SAID_UP, "down")):
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - 40) : match.end()]
            if told.directions.get(match["number"]) == {other} and not _LESS_IS_BETTER.search(around):
                yield match[0]
