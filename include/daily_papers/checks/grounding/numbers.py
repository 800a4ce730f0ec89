"""Numbers of a summary that its source does not state."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from daily_papers.checks.grounding.quantities import (
    FRACTION,
    ORDER,
    ORDINAL,
    PERCENT,
    TIMES,
    Quantity,
    quantities,
    stated_quantities,
    step_of,
)

_NO_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s|[1-3]인칭", re.MULTILINE)
_IN_BRACKETS = re.compile(r"(?<!\w)\((\d{1,2})\)")
_NAME = re.compile(
    r"(?<![A-Za-z\d])[A-Za-z]+(?:[-_./+@]?[A-Za-z0-9.]*\d[A-Za-z0-9]*)(?:[-_/+.][A-Za-z0-9]+(?:\.\d+)?)*"
    r"|\d+[A-Z][a-z]{2,}[A-Za-z0-9-]*"
)
"""A name with digits in it: GPT-4, Qwen2.5-7B, RTX5090, pass@1, Claude-3.5-Sonnet-v2, 2Wiki."""
_SEPARATORS = re.compile(r"[-_\s./+,:–—‐$\\{}^()@]+")
_LARGEST_COUNTED = 10
_AT_THE_EDGE = 2
"""Values to try from the lower edge of what rounds to a number: the first may round down, the next does not."""


def ungrounded_numbers(text: str, source: str) -> list[str]:
    """Numbers in `text`, as written there, that `source` does not state; names with digits are compared as names.

    A number is stated where the source has the same value, however written (1,024 and 1024, 1.89 million and 189만,
    fivefold and 5배, ten and 10), with the same unit as far as both name one; after 약 (about) also where it is the
    source's number rounded, before 이상 (over) or 대 where the source's is little larger.
    """
    squeezed_source = squeezed(source)
    found: list[str] = []

    def take_name(match: re.Match[str]) -> str:
        if squeezed(match[0]) not in squeezed_source:
            found.append(match[0])
        return " " * len(match[0])

    without_names = _NAME.sub(take_name, _NO_NUMBER.sub("", _without_enumeration(text)))
    stated = _stated(source)
    found += [one.text for one in quantities(without_names) if not _is_stated(one, stated)]
    return sorted(set(found), key=text.find)


def _without_enumeration(text: str) -> str:
    """Without (1), (2), (3), … where they only count."""
    numbers = _IN_BRACKETS.findall(text)
    counting = len(numbers) > 1 and numbers == [str(place) for place in range(1, len(numbers) + 1)]
    return _IN_BRACKETS.sub(" ", text) if counting else text


@lru_cache(maxsize=64)  # every section of a paper is compared with the same source
def squeezed(text: str) -> str:
    """Letters and digits alone, so that GPT-4, GPT 4 and gpt4 are the same."""
    return _SEPARATORS.sub("", text).casefold()


@dataclass(frozen=True)
class _Stated:
    """What a source states, sorted so that a number is looked up and not compared with each of the source's."""

    units: Mapping[Decimal, frozenset[tuple[str | None, bool]]]
    """Of each value: the units it is stated with, and whether it is spelled out."""
    digits: Mapping[str | None, Sequence[Decimal]]
    """Values written in digits by unit, each once and in order."""
    fractions: frozenset[Decimal]
    shares: frozenset[Decimal]
    """Values in percent of what may be a share: 0.25 is 25%."""
    largest_ordinal: Decimal


@lru_cache(maxsize=64)
def _stated(source: str) -> _Stated:
    units: defaultdict[Decimal, set[tuple[str | None, bool]]] = defaultdict(set)
    for one in stated_quantities(source):
        units[one.value].add((one.unit, one.spelled))
    of_units = {(value, unit, spelled) for value, found in units.items() for unit, spelled in found}
    digits: defaultdict[str | None, list[Decimal]] = defaultdict(list)
    for value in sorted(units):
        for unit in {unit for unit, spelled in units[value] if not spelled}:
            digits[unit].append(value)
    counted = [value for value, unit, _ in of_units if unit == ORDINAL and value <= _LARGEST_COUNTED]
    return _Stated(
        {value: frozenset(found) for value, found in units.items()},
        digits,
        frozenset(fraction for value, unit, _ in of_units for fraction in _fractions_of(value, unit)),
        frozenset(value * 100 for value, unit, _ in of_units if unit is None and value <= 1),
        max(counted, default=Decimal(-1)),
    )


def _fractions_of(value: Decimal, unit: str | None) -> Iterator[Decimal]:
    """The fractions that a value states: a third is 1/3 or three times less, a half also 50%."""
    if unit == PERCENT:
        yield value / 100
        return
    yield value
    if unit == TIMES and value > 0:
        yield 1 / value


def _is_stated(one: Quantity, stated: _Stated) -> bool:
    if one.unit == FRACTION:
        return one.value in stated.fractions
    if any(_units_agree(one, unit, spelled=spelled) for unit, spelled in stated.units.get(one.value, ())):
        return True
    if one.unit == PERCENT and one.value in stated.shares:
        return True
    if one.unit == ORDINAL and one.value <= stated.largest_ordinal:  # the second of three stages needs no number
        return True
    return any(_is_near(one, values) for unit, values in stated.digits.items() if _units_agree(one, unit))


def _units_agree(one: Quantity, unit: str | None, *, spelled: bool = False) -> bool:
    if one.unit == unit or {one.unit, unit} == {ORDINAL, ORDER}:
        return True
    if spelled:  # words such as one and both are everywhere: with a unit they count only for that unit
        return one.unit is None or (unit is None and one.unit == ORDINAL)
    return one.unit is None or unit is None


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
    return any(_rounded(value, step) == one.value for value in values[place : place + _AT_THE_EDGE])


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value() * step
