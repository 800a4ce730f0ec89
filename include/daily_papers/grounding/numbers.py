"""Numbers of a summary that its source does not state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from daily_papers.grounding.quantities import (
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


@lru_cache(maxsize=64)  # every section of a paper is held against the same source
def squeezed(text: str) -> str:
    """Letters and digits alone, so that GPT-4, GPT 4 and gpt4 are the same."""
    return _SEPARATORS.sub("", text).casefold()


@lru_cache(maxsize=64)
def _stated(source: str) -> tuple[Quantity, ...]:
    return tuple(stated_quantities(source))


def _is_stated(one: Quantity, stated: Sequence[Quantity]) -> bool:
    return any(_agree(one, other) for other in stated) or _is_counted(one, stated)


def _agree(one: Quantity, other: Quantity) -> bool:
    if one.unit == FRACTION:
        return _is_fraction(one.value, other)
    if one.value == other.value:
        return _units_agree(one, other)
    if one.unit == PERCENT and other.unit is None and other.value * 100 == one.value:
        return other.value <= 1
    if one.below is not None and one.value <= other.value < one.below and not other.spelled:
        return _units_agree(one, other)
    if one.approximate and not other.spelled and _units_agree(one, other):
        return _rounded(other.value, one.value) == one.value
    return False


def _is_fraction(value: Decimal, other: Quantity) -> bool:
    """A third is 1/3 or three times less, a half also 50%."""
    if other.unit == PERCENT:
        return other.value / 100 == value
    return other.value == value or (other.unit == TIMES and other.value > 0 and 1 / other.value == value)


def _units_agree(one: Quantity, other: Quantity) -> bool:
    if one.unit == other.unit or {one.unit, other.unit} == {ORDINAL, ORDER}:
        return True
    if other.spelled:  # words such as one and both are everywhere: with a unit they count only for that unit
        return one.unit is None or (other.unit is None and one.unit == ORDINAL)
    return one.unit is None or other.unit is None


def _rounded(value: Decimal, like: Decimal) -> Decimal:
    """A value with as many significant digits as another shows."""
    if not value or not like or abs(value.adjusted() - like.adjusted()) > 1:
        return value
    step = step_of(like)
    return (value / step).to_integral_value() * step


def _is_counted(one: Quantity, stated: Sequence[Quantity]) -> bool:
    """The second of three stages needs no number of its own."""
    if one.unit != ORDINAL or one.value > _LARGEST_COUNTED:
        return False
    return any(one.value <= other.value <= _LARGEST_COUNTED and other.unit == ORDINAL for other in stated)
