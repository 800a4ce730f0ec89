"""Numbers of a summary that its source does not state."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from daily_papers.checks.grounding.counted_nouns import enumerated_behind, may_enumerate
from daily_papers.checks.grounding.quantities import (
    FRACTION,
    ORDER,
    ORDINAL,
    PERCENT,
    POINT,
    RANK,
    SCORE,
    STAGES,
    THINGS,
    TIMES,
    Bound,
    Quantity,
    quantities,
    stated_quantities,
    step_of,
)

_NO_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s|[1-3]인칭", re.MULTILINE)
_IN_BRACKETS = re.compile(r"(?<!\w)\((\d{1,2})\)")
_STAGE = re.compile(r"(?<![\d.])(\d)단계(?=[는은에로인:,\s(])")
_NAME = re.compile(
    r"(?<![A-Za-z\d])[A-Za-z]+(?:[-_./+@]?[A-Za-z0-9.]*\d[A-Za-z0-9]*)(?:[-_/+.][A-Za-z0-9]+(?:\.\d+)?)*"
    r"|\d+[A-Z][a-z]{2,}[A-Za-z0-9-]*"
)
"""A name with digits in it: GPT-4, Qwen2.5-7B, RTX5090, pass@1, Claude-3.5-Sonnet-v2, 2Wiki."""
_VERSION = re.compile(
    r"(?<![A-Za-z\d])(?P<name>[A-Z][A-Za-z]+)[-\s](?P<version>\d{1,2}(?:\.\d)?)(?![\d.,]*\d|[A-Za-z%]|\s?[%배개])"
)
"""A name and a version after a space: Llama 3."""
_SEPARATOR = r"[-_\s./+,:–—‐$\\{}^()@]"
_SEPARATORS = re.compile(f"{_SEPARATOR}+")
_PART_OF_A_NAME = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]")
"""A letter, or a number with its points: 1.5B is not 15B, however a name is hyphenated."""
_NUMBERED_WORDS = frozenset(
    ("Top", "Table", "Figure", "Section", "Stage", "Step", "Level", "Phase", "Part", "Appendix")
)
_NEARLY = Decimal("0.005")
"""What a share may differ by from the fraction that a summary makes of it: 33% is a third."""
_LARGEST_COUNTED = 10
_COUNTED = frozenset({THINGS, ORDINAL, STAGES, "dimension", "token", "pixel"})
"""Units of what a Korean counter may count."""
_MAY_GO_WITHOUT = frozenset({PERCENT, SCORE, ORDER, "day", "year", "dollar", *_COUNTED})
"""Units that a source may leave out: a score of 85.2, the year 2024, May 21."""
_THE_SAME = ({ORDINAL, ORDER}, {RANK, ORDINAL}, {POINT, SCORE})
_LARGEST_LISTED = 8
_LISTED_WORD = r"(?:[^\s,.;:()]|(?<=\d)\.(?=\d)){1,40}+"
_ITEM = rf"{_LISTED_WORD}(?:[ \n]{_LISTED_WORD}){{0,11}}"
_LIST = re.compile(rf"(?<![^\s(]){_ITEM},\s(?:{_ITEM},\s){{0,8}}{_ITEM}")
_LAST_ITEM = re.compile(r"(?:and|or|as well as)\s")
_NUMBERED = re.compile(r"\((?:\d|i{1,3}|iv|vi{0,3}|[a-h])\)|\b(?:first|second|third|fourth|finally)\b", re.IGNORECASE)


def ungrounded_numbers(
    text: str,
    source: str,
    *,
    listed: str | None = None,
    counted: str = "",
    in_words: bool = True,
    bounds: bool = True,
    named: str | None = None,
) -> list[str]:
    """Numbers in `text`, as written there, that `source` does not state; names with digits are compared as names.

    A number is stated where the source has the same value, however written (1,024 and 1024, 1.89 million and 189만,
    fivefold and 5배, ten and 열 개), with the same unit where both name one, and with the same bound (up to, at least);
    after 약 (about) also where it is the source's number rounded, before 이상 (over) or 대 where the source's is little
    larger. A small count may also be the length of a list.

    Args:
        listed: the part of the source whose lists may be counted; all of it unless given, none where empty.
        counted: quotes; where they spell out a small count that the text does not have, no list is counted.
        in_words: whether numerals in Hangul count, too.
        bounds: whether bounds must agree.
        named: what names with digits are looked for in; the source unless given.
    """
    found: list[str] = []
    named = source if named is None else named

    def take_name(match: re.Match[str]) -> str:
        if not _has_name(named, match[0]):
            found.append(match[0])
        return " " * len(match[0])

    without_names = _NAME.sub(take_name, _NO_NUMBER.sub("", _without_enumeration(text)))
    stated = _stated(source)
    without_names = _VERSION.sub(
        lambda match: " " * len(match[0]) if _has_name(named, match[0]) else match[0], without_names
    )
    found += [match[0] for match in _VERSION.finditer(without_names) if _is_other_version(match, named)]
    lists = frozenset[int]() if listed == "" else _lengths_of_lists(source if listed is None else listed)
    written = quantities(without_names)
    if counted and _counts_of(counted) - {one.value for one in written}:
        lists = frozenset()
    for one in written:
        wanted = one if bounds else replace(one, bounds=frozenset())
        is_missing = (in_words or not one.spelled) and not _is_stated(wanted, stated, lists)
        if is_missing and not _is_enumerated(one, without_names):
            found.append(one.text)
    return sorted(set(found), key=text.find)


def _without_enumeration(text: str) -> str:
    """Without (1), (2), (3), … and 1단계, 2단계, … where they only count."""
    for pattern in (_IN_BRACKETS, _STAGE):
        numbers = list(dict.fromkeys(pattern.findall(text)))
        if len(numbers) > 1 and numbers == [str(place) for place in range(1, len(numbers) + 1)]:
            text = pattern.sub(" ", text)
    return text


def _has_name(source: str, name: str) -> bool:
    """Whether a source has a name with digits, however hyphenated, and not as the beginning of a longer number."""
    letters = squeezed(name)
    if letters not in squeezed(source):
        return False
    end = r"(?![.,]?\d)" if letters[-1:].isdigit() else ""
    parts = _PART_OF_A_NAME.findall(name)
    return bool(re.search(rf"(?i){f'{_SEPARATOR}*'.join(map(re.escape, parts))}{end}", source))


def _is_other_version(match: re.Match[str], source: str) -> bool:
    """Whether a source has a name with versions, and not with this one."""
    if match["name"] in _NUMBERED_WORDS or match["name"] not in source:
        return False
    versions = re.findall(rf"(?<![A-Za-z]){match['name']}[-\s]?v?(\d{{1,2}}(?:\.\d+)?)(?![\d.]*\d)", source)
    return match["version"] not in versions and (bool(versions) or float(match["version"]) < _LARGEST_COUNTED)


@lru_cache(maxsize=64)  # every section of a paper is compared with the same source
def squeezed(text: str) -> str:
    """Letters and digits alone, so that GPT-4, GPT 4 and gpt4 are the same."""
    return _SEPARATORS.sub("", text).casefold()


@dataclass(frozen=True)
class _Stated:
    """What a source states, sorted so that a number is looked up and not compared with each of the source's."""

    by_value: Mapping[Decimal, Sequence[Quantity]]
    digits: Mapping[str | None, Sequence[Decimal]]
    """Values written in digits by unit, each once and in order."""
    values: Sequence[Decimal]
    """All values, in order."""
    ranges: Sequence[Quantity]
    """Spelled ranges: millions, several hundred."""
    fractions: frozenset[Decimal]
    spelled_fractions: frozenset[Decimal]
    shares: frozenset[Decimal]
    """Values in percent of what may be a share: 0.25 is 25%."""
    largest_ordinal: Decimal
    most_stages: Decimal
    """Of what it says to have so many stages, steps or phases; -1 where nothing has."""


@lru_cache(maxsize=64)
def _stated(source: str) -> _Stated:
    by_value: defaultdict[Decimal, list[Quantity]] = defaultdict(list)
    ranges = []
    for one in stated_quantities(source):
        if one.spelled and one.below is not None:
            ranges.append(one)
        else:
            by_value[one.value].append(one)
    digits: defaultdict[str | None, list[Decimal]] = defaultdict(list)
    for value in sorted(by_value):
        for unit in {one.unit for one in by_value[value] if not one.spelled}:
            digits[unit].append(value)
    every = [one for found in by_value.values() for one in found]
    counted = [one.value for one in every if one.unit == ORDINAL and one.value <= _LARGEST_COUNTED]
    stages = [one.value for one in every if one.unit == STAGES and one.value <= _LARGEST_COUNTED]
    return _Stated(
        by_value,
        digits,
        sorted({one.value for one in every if not one.spelled}),
        ranges,
        frozenset(fraction for one in every for fraction in _fractions_of(one.value, one.unit)),
        frozenset(one.value for one in every if one.spelled and one.value < 1),
        frozenset(one.value * 100 for one in every if one.unit is None and one.value <= 1),
        max(counted, default=Decimal(-1)),
        max(stages, default=Decimal(-1)),
    )


@lru_cache(maxsize=64)
def _counts_of(passages: str) -> frozenset[Decimal]:
    """Small counts that passages spell out: two obstacles."""
    found = (one for one in stated_quantities(passages) if one.spelled and one.unit == THINGS)
    return frozenset(one.value for one in found if 2 <= one.value <= _LARGEST_LISTED)


@lru_cache(maxsize=64)
def _lengths_of_lists(source: str) -> frozenset[int]:
    return frozenset((0, *_lists(source)))


def _lists(source: str) -> Iterator[int]:
    for match in _LIST.finditer(source):
        items = re.split(r",\s", match[0])
        last = next((place for place, item in enumerate(items) if _LAST_ITEM.match(item)), None)
        if last is not None:
            yield last + 1
        else:
            yield len(items) + bool(re.search(r"\s(?:and|or)\s", items[-1]))
    for line in source.split("\n"):
        yield len(_NUMBERED.findall(line))


def _fractions_of(value: Decimal, unit: str | None) -> Iterator[Decimal]:
    """The fractions that a value states: a third is 1/3 or three times less, a half also 50%."""
    if unit == PERCENT:
        yield value / 100
        return
    yield value
    if unit == TIMES and value > 0:
        yield 1 / value


def _is_stated(one: Quantity, stated: _Stated, listed: frozenset[int]) -> bool:
    if one.unit == FRACTION:
        return one.value in stated.fractions or any(abs(one.value - other) <= _NEARLY for other in stated.fractions)
    if one.below is not None and one.spelled:
        return _is_in_range(one, one.below, stated)
    same = [other for other in stated.by_value.get(one.value, ()) if _units_agree(one, other)]
    if same:
        return any(_bounds_agree(one, other) for other in same)
    return (
        (one.unit == PERCENT and (one.value in stated.shares or one.value / 100 in stated.spelled_fractions))
        or (one.unit == POINT and _is_difference(one, stated))
        or _is_counted(one, stated, listed)
        or any(_is_near(one, values) for unit, values in stated.digits.items() if _may_agree(one.unit, unit))
    )


def _is_difference(one: Quantity, stated: _Stated) -> bool:
    """Whether percentage points are what two of the source's percentages differ by, as it also says in percent."""
    if not any(other.unit == PERCENT for other in stated.by_value.get(one.value, ())):
        return False
    values = {*stated.digits.get(PERCENT, ()), *stated.digits.get(None, ())}
    return any(value + one.value in values for value in values if value > one.value)


def _is_counted(one: Quantity, stated: _Stated, listed: frozenset[int]) -> bool:
    """Whether a small count may be meant that the source does not write: the second of three stages, or how many things
    it lists; two are named in every sentence."""
    if one.unit == STAGES and stated.most_stages >= 0:
        return one.value <= stated.most_stages
    if one.unit in (ORDINAL, STAGES) and one.value <= stated.largest_ordinal:
        return True
    if one.unit not in (THINGS, ORDINAL, STAGES) or one.value > _LARGEST_LISTED:
        return False
    return bool(listed) and ((one.value <= 2 and one.spelled) or int(one.value) in listed)


def _is_enumerated(one: Quantity, text: str) -> bool:
    """Whether a summary names as many things right before or behind the count of them."""
    places = (match.span() for match in re.finditer(re.escape(one.text), text))
    return one.unit == THINGS and any(
        may_enumerate(text[:begin], one.value) or enumerated_behind(text[end:]) == one.value for begin, end in places
    )


def _is_in_range(one: Quantity, below: Decimal, stated: _Stated) -> bool:
    """Whether a number of the source is within 수십만 or the like, or the source is as vague."""
    place = bisect_left(stated.values, one.value * Decimal("0.75"))
    if place < len(stated.values) and stated.values[place] < below:
        return True
    return any(other.value <= one.value < (other.below or other.value) for other in stated.ranges)


def _bounds_agree(one: Quantity, other: Quantity) -> bool:
    return not one.bounds or any(
        bound in other.bounds or (bound is None and one.approximate) or (bound is Bound.LEAST and other.approximate)
        for bound in one.bounds
    )


def _units_agree(one: Quantity, other: Quantity) -> bool:
    if other.spelled and other.unit is None and one.unit not in (None, FRACTION, THINGS, ORDINAL, STAGES):
        return False  # words such as one and both are everywhere: with a unit they count only for that unit
    return _may_agree(one.unit, other.unit)


def _may_agree(unit: str | None, stated: str | None) -> bool:
    """Whether a number with a unit may be one that the source states with another, or none."""
    if unit == stated or unit is None or {unit, stated} in _THE_SAME:
        return True
    if stated is None:
        return unit in _MAY_GO_WITHOUT
    return (unit == THINGS and stated in _COUNTED) or {unit, stated} <= {THINGS, ORDINAL, STAGES, "dimension"}


def _is_near(one: Quantity, values: Sequence[Decimal]) -> bool:
    """Whether one of the values (in order) is where a range begins, or rounded the number that is said to be about."""
    if one.below is not None:
        place = bisect_left(values, one.value)
        if place < len(values) and values[place] < one.below:
            return True
    if not one.approximate or not one.value:
        return False
    step = step_of(one.value)
    place = bisect_left(values, one.value - step / 2)
    return place < len(values) and abs(values[place] - one.value) <= step / 2
