"""What a summary counts: the noun behind a number, compared with what the source counts so many of.

`counted_nouns.csv` lists nouns that mean the same, by beginnings of their words in both languages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import takewhile

from daily_papers.checks.grounding.quantities import placed_numbers
from daily_papers.checks.grounding.word_tables import word_table

_LARGEST_SMALL = 12
"""Counts up to it are compared noun by noun; of larger ones the same number may count one thing only."""
_LONGEST_ITEM = 30
"""Characters of what may be an item of an enumeration; a longer piece is a clause."""
_MOST_WORDS = 5
"""Words behind a number among which its noun is looked for."""
_WORD_BEHIND = re.compile(r"[\s\-–]+\(?([A-Za-z][\w-]*)")
_NO_NOUN_BEHIND = frozenset((
    "and", "or", "to", "than", "with", "on", "in", "for", "by", "over", "from", "at", "as", "is", "are", "was", "were",
    "while", "which", "that", "using", "via", "without", "under", "when", "across", "respectively", "compared",
))  # fmt: skip
_NO_NOUNS = frozenset({"모두", "각각", "종류의", "종류로", "이상", "이하", "정도", "가량"})
_COUNTER = re.compile(r"\s?(?:여\s?)?(?:개|가지|종|건|명|편|장|쌍|대|곳|군데|권)?(?:의)?\s?")
_KOREAN_WORD = re.compile(r"\s?([가-힣A-Za-z0-9][\w가-힣·/-]*)")
_WORD_BEFORE = re.compile(r"(?<![가-힣])([가-힣]+?)(?:[이가을를은는의도]|에\s?대한)?\s$")
_PARTICLE = re.compile(
    r"(?:에서는|에서도|에서|으로는|으로|에는|에게|까지|부터|보다|마다|만을|만으로|들이|들을|들의|들은|이다|이며|이고|인|"
    r"은|는|이|가|을|를|의|에|와|과|로|도|만)$"
)
_ENUMERATION = re.compile(r"(?P<items>[^.;:()\n]*)(?P<closing>의|라는|이라는|인|,)?\s*$")
_ENUMERATED_BEHIND = re.compile(r"\s?(?:인\s|[:(–—]|,\s(?:곧|즉)\s)")
_SENTENCE = re.compile(r"(?:[^.\n]|(?<=\d)\.(?=\d))*")
_SHORT_PHRASE = re.compile(r"[가-힣 ]{0,15}?(?=인\s|[:(–—]|,\s(?:곧|즉)\s)")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
_INSIDE_A_NAME = re.compile(r"[A-Za-z][-_]?$")
"""What a number follows that belongs to a name: Vibe-1.5B counts nothing."""
_IN_A_NAME = re.compile(r"[A-Za-z]")
_BRACKETS = re.compile(r"\([^()]*\)")
_AND_OTHERS = re.compile(r"(?:등|포함한?|비롯한?)(?:의)?\s*$")
_NAMES = re.compile(r"[A-Z][\w.-]+(?:,\s|\s?[와과]\s|\s및\s|\sand\s)[A-Z][\w.-]*$")
_TWO = 2
_TWO_NAMES = re.compile(r"[A-Z][\w.-]+(?:[와과]|,|\s및)\s[A-Z]")
"""What "the two" may refer to."""
_AND = re.compile(r"(?:[와과]|및|그리고|,?\s?and)\s")


@dataclass(frozen=True)
class _Noun:
    english: re.Pattern[str]
    korean: re.Pattern[str]


@cache
def _nouns() -> tuple[_Noun, ...]:
    return tuple(
        _Noun(re.compile(rf"(?:{row['english']})", re.IGNORECASE), re.compile(rf"(?:{row['korean']})"))
        for row in word_table("counted_nouns.csv")
    )


@dataclass(frozen=True)
class _Counted:
    """What a source counts: values by noun, and the nouns of each value (None: one that is not in the list)."""

    values: Mapping[_Noun, frozenset[Decimal]]
    nouns: Mapping[Decimal, frozenset[_Noun | None]]


@lru_cache(maxsize=64)
def _counted(source: str) -> _Counted:
    values: defaultdict[_Noun, set[Decimal]] = defaultdict(set)
    nouns: defaultdict[Decimal, set[_Noun | None]] = defaultdict(set)
    plain, numbers = placed_numbers(source, of_source=True)
    for value, begin, end in numbers:
        if _INSIDE_A_NAME.search(plain, max(0, begin - 2), begin):
            continue
        found = list(_english_nouns(plain, end))
        nouns[value] |= {None if _is_model(noun) and value > _LARGEST_SMALL else noun for noun in found} or {None}
        for noun in found:
            values[noun].add(value)
    return _Counted(
        {noun: frozenset(of_noun) for noun, of_noun in values.items()},
        {value: frozenset(of_value) for value, of_value in nouns.items()},
    )


def _is_model(noun: _Noun) -> bool:
    """A 750M model has 750 million parameters; there are not so many models."""
    return bool(noun.english.match("model"))


def _is_stage(noun: _Noun) -> bool:
    return bool(noun.english.match("stage"))


def _english_nouns(text: str, end: int) -> Iterator[_Noun]:
    """Every noun that may be what a number counts, up to where its phrase ends."""
    for _ in range(_MOST_WORDS):
        match = _WORD_BEHIND.match(text, end)
        if match is None or match[1].lower() in _NO_NOUN_BEHIND:
            return
        yield from (noun for noun in _nouns() if noun.english.match(match[1]))
        end = match.end()


def wrong_counts(text: str, source: str) -> Iterator[str]:
    """Counts of a Korean text, with their noun, that its source contradicts: it counts other numbers of the same, or
    the same number of something else. What the text itself enumerates before the count is not compared."""
    counted = _counted(source)
    plain, numbers = placed_numbers(text, of_source=False)
    for value, begin, end in numbers:
        if value <= _LARGEST_SMALL and value not in counted.nouns and 0 < _most_enumerated(plain[:begin]) < value:
            yield plain[begin:end]
            continue
        found = _korean_noun(plain, end) or _noun_before(plain, begin, end)
        if found is None or value != int(value) or _is_in_a_name(plain, begin, end):
            continue
        if may_enumerate(plain[:begin], value) or _ENUMERATED_BEHIND.match(plain, found[1]):
            continue
        if value == _TWO and _TWO_NAMES.search(plain, 0, begin):
            continue
        noun, end_of_noun = found
        of_noun = counted.values.get(noun, frozenset())
        of_value = counted.nouns.get(value, frozenset())
        others = of_value and None not in of_value and noun not in of_value
        if _is_stage(noun) and value <= max(of_noun, default=Decimal(0)):
            continue  # the second of three
        if (value <= _LARGEST_SMALL and of_noun and value not in of_noun) or (value > _LARGEST_SMALL and others):
            yield plain[begin:end_of_noun].strip()


def _korean_noun(text: str, end: int) -> tuple[_Noun, int] | None:
    """The noun that ends the phrase behind a number, if it is a listed one, and where it ends."""
    if counter := _COUNTER.match(text, end):
        if counter[0].strip() == "쌍의":
            return None  # a dataset of so many pairs
        end = counter.end()
    for _ in range(_MOST_WORDS):
        word = _KOREAN_WORD.match(text, end)
        if word is None:
            return None
        end = word.end()
        if word[1] in _NO_NOUNS:
            return None
        if _PARTICLE.search(word[1]) or text[end : end + 1] in (",", ".", ")", ""):
            stem = _PARTICLE.sub("", word[1]) or word[1]
            found = [noun for noun in _nouns() if noun.korean.match(stem) or noun.english.match(stem)]
            return (found[0], end) if found else None
    return None


def _is_in_a_name(text: str, begin: int, end: int) -> bool:
    """Whether a number belongs to a Latin name: Llama3, Gen 9 OU."""
    is_counted = bool((counter := _COUNTER.match(text, end)) and counter[0].strip())
    return bool(_IN_A_NAME.search(text, max(0, begin - 1 - (not is_counted)), begin))


def _noun_before(text: str, begin: int, end: int) -> tuple[_Noun, int] | None:
    """The listed noun right before a number that a counter follows (한계 두 가지), and where the counter ends."""
    counter, word = _COUNTER.match(text, end), _WORD_BEFORE.search(text, max(0, begin - _LONGEST_ITEM), begin)
    if counter is None or not counter[0].strip() or word is None:
        return None
    found = [noun for noun in _nouns() if noun.korean.fullmatch(word[1]) and not _is_model(noun)]
    return (found[0], counter.end()) if found else None


def may_enumerate(before: str, value: Decimal) -> bool:
    """Whether a text may enumerate so many things right before a count; a piece may hold two (A와 B, C까지)."""
    most = enumerated(before)
    pieces = _enumeration(before)[:-1] if most else []
    return value == most or (bool(most) and value == most + sum(len(_AND.findall(piece)) for piece in pieces))


def enumerated_behind(after: str) -> int:
    """How many things a text enumerates right behind a count: three in "과제인 A, B와 C를"; 0 where it does not."""
    phrase = _SHORT_PHRASE.match(after)
    sentence = _SENTENCE.match(after, phrase.end()) if phrase else None
    if sentence is None:
        return 0
    pieces = _BRACKETS.sub("", sentence[0].lstrip("(:–— ")).split(", ")
    return len(pieces) + sum(len(_AND.findall(piece)) for piece in pieces[-1:]) if len(pieces) > 1 else 0


def _enumeration(before: str) -> list[str]:
    """The pieces between commas of the clause that ends a text."""
    match = _ENUMERATION.search(_DECIMAL.sub("_", _BRACKETS.sub("", before)))
    return (match["items"].rstrip(", ") if match else "").split(", ")


def enumerated(before: str) -> int:
    """How many things a text enumerates right before a count: three in "A, B와 C의"; 0 where it does not."""
    *others, last = _enumeration(before)
    listed = len(list(takewhile(lambda piece: len(piece) <= _LONGEST_ITEM, reversed(others))))
    number = listed + 1 + len(_AND.findall(last[-2 * _LONGEST_ITEM :]))
    return number if number > 1 else 0


def _most_enumerated(before: str) -> int:
    """The same where the count must be that of the things: of names, or of what is called so; else 0."""
    match = _ENUMERATION.search(before)
    if match is None or _AND_OTHERS.search(before):
        return 0
    are_names = match["closing"] in ("의", "인") and bool(_NAMES.search(match["items"]))
    return enumerated(before) if are_names or match["closing"] in ("라는", "이라는") else 0
