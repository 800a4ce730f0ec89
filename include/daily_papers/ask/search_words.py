"""What a reader typed, as words to look for: how each may be written in a text, and where it stands in one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from daily_papers.errors import UserError
from daily_papers.warehouse.search_tokens import (
    BETWEEN,
    LETTERS,
    PIECE,
    is_syllabic,
    normalized,
    run_tokens,
)

LONGEST_QUERY = 200
"""Characters."""
SHORTEST_BEGINNING = 6
"""Latin letters from which on a word stands for all that begin with it: segment for segmentation."""
MOST_FORMS = 100
"""Ways of writing a word or a phrase that are looked for."""
SHORTEST_COMPOUND = 4
"""Syllables from which on a word may be two in the text: 강화학습, 강화 학습."""
PLURAL = 0.9
"""How well the plural of a Latin word stands for it, and the other way round."""
LONGEST_COMPOUND = 10
"""Syllables of a word that is looked for in every way of writing it apart; there are 55 of ten syllables."""

_QUOTED = re.compile(r'"([^"]*)"|(\S+)')
_PARTICLE = re.compile(
    r"(?:으로부터|에서는|으로는|에게서|까지|부터|에서|에게|으로|처럼|보다|마다|이나|을|를|이|가|은|는|의|에|로|과|와|도|만)"
)
_WITH_PARTICLE = re.compile(rf"([가-힣]{{2,}}?){_PARTICLE.pattern}")
_SEPARATORS = f"{BETWEEN}*"
_LATIN = re.compile(f"{LETTERS}+")


@dataclass(frozen=True)
class Form:
    """One way in which a word may stand in a text: tokens one after another, and how well that fits, from 0 to 1."""

    tokens: tuple[str, ...]
    fit: float = 1.0


@dataclass(frozen=True)
class Word:
    """One word of a query, or a quoted phrase."""

    text: str
    is_phrase: bool = False

    @cached_property
    def pieces(self) -> list[str]:
        """Runs of one script and parts of numbers, in lower case; particles after a Latin word or a figure are left
        out."""
        found = PIECE.findall(self.text.lower())
        if len(found) > 1 and not self.is_phrase and _PARTICLE.fullmatch(found[-1]) and not is_syllabic(found[-2]):
            found.pop()
        return found

    @cached_property
    def joined(self) -> str:
        """The pieces without anything between them."""
        return "".join(self.pieces)

    @cached_property
    def is_latin(self) -> bool:
        """Whether it is a single Latin word."""
        return len(self.pieces) == 1 and _LATIN.fullmatch(self.joined) is not None

    @cached_property
    def is_syllable(self) -> bool:
        """Whether it is a single syllable: the index has these only as the begin of a longer token."""
        return len(self.joined) == 1 and is_syllabic(self.joined)

    @cached_property
    def forms(self) -> list[Form]:
        """How it may be written, best first: as typed, and with one of its parts in another way."""
        ways = [
            list(_written(list(group), at_begin=number == 0)) if are_syllabic else [Form(tuple(group))]
            for number, (are_syllabic, group) in enumerate(groupby(self.pieces, is_syllabic))
        ]
        typed = [way[0] for way in ways]
        found = [_together(typed)]
        for number, others in enumerate(ways):
            found += [_together([*typed[:number], other, *typed[number + 1 :]]) for other in others[1:]]
        del found[MOST_FORMS:]
        if len(self.pieces) > 1 and _LATIN.fullmatch(self.pieces[-1]):
            found += [Form((*form.tokens[:-1], f"{form.tokens[-1]}s"), PLURAL * form.fit) for form in found]
        return found

    @cached_property
    def without_particle(self) -> Word | None:
        """The noun of a Korean word that ends like one with a particle."""
        if len(self.pieces) == 1 and not self.is_phrase and (match := _WITH_PARTICLE.fullmatch(self.joined)):
            return Word(match[1])
        return None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Where it occurs in a text, however it is separated; beginning and end may lie within longer words."""
        return re.compile(self._between_pieces(), re.IGNORECASE)

    @cached_property
    def apart(self) -> re.Pattern[str]:
        """Where it occurs as a word of its own, or as the begin of one that goes on in another script or with an
        ending; capital letters begin a word, too (MaPPO)."""
        # no ranges of Hangul, which take milliseconds to compile
        first, last = self.pieces[0], self.pieces[-1]
        begin = end = ""
        if _LATIN.fullmatch(first):
            begin = r"(?-i:(?<![a-zA-Z])|(?=[A-Z]))"
        elif first[0].isdigit():
            begin = r"(?<![\d.])"
        elif is_syllabic(first):
            begin = r"(?<![^\W\d_a-zA-Z])"
        if _LATIN.fullmatch(last) and len(last) < SHORTEST_BEGINNING:
            end = r"(?:(?-i:(?![a-z]))|(?=(?:s|es)\b))"
        elif last[-1].isdigit():
            end = r"(?!\d)"
        return re.compile(begin + self._between_pieces() + end, re.IGNORECASE)

    def _between_pieces(self) -> str:
        return _SEPARATORS.join(map(_as_written, self.pieces))


def _together(forms: Sequence[Form]) -> Form:
    tokens = tuple(token for form in forms for token in form.tokens)
    return Form(tokens, math.prod(form.fit for form in forms))


def _written(runs: list[str], *, at_begin: bool) -> Iterator[Form]:
    """Ways to write syllabic runs of a query: as typed, as one word, within a longer word, and compounds apart."""
    yield Form(tuple(run_tokens(runs)))
    whole = "".join(runs)
    if len(runs) > 1:
        yield Form(tuple(run_tokens([whole])))
        # with a sign between that parts more than a hyphen does: 모델(모형)
        yield Form(tuple(token for run in runs for token in run_tokens([run])))
    if at_begin:
        yield Form(tuple(run_tokens([whole], inside=True)), 0.5)
    if SHORTEST_COMPOUND <= len(whole) <= LONGEST_COMPOUND:
        apart = {tuple(run_tokens(parts)) for parts in _parts(whole) if parts not in ([whole], runs)}
        yield from (Form(tokens) for tokens in sorted(apart))


def _parts(word: str) -> Iterator[list[str]]:
    """Every way to cut a word into parts of two syllables or more, and those with one at its begin or end."""
    yield [word[:1], word[1:]]
    yield [word[:-1], word[-1:]]
    yield from _parts_of_two(word)


def _parts_of_two(word: str) -> Iterator[list[str]]:
    yield [word]
    for length in range(2, len(word) - 1):
        for rest in _parts_of_two(word[length:]):
            yield [word[:length], *rest]


def _as_written(piece: str) -> str:
    """A pattern of a piece: a compound may be written apart, a long Latin word with hyphens (in-painting)."""
    if is_syllabic(piece) and len(piece) >= SHORTEST_COMPOUND:
        return _SEPARATORS.join(piece)
    if _LATIN.fullmatch(piece) and len(piece) >= SHORTEST_BEGINNING:
        return "-?".join(piece)
    return re.escape(piece)


def words_of(query: str) -> list[Word]:
    """The words of a query, quoted ones as phrases.

    Raises:
        UserError: there is nothing to look for, or too much.
    """
    if len(query) > LONGEST_QUERY:
        raise UserError(f"A query may have at most {LONGEST_QUERY} characters; this one has {len(query)}.")
    found = [Word(quoted or single, is_phrase=bool(quoted)) for quoted, single in _QUOTED.findall(normalized(query))]
    words = [word for word in found if word.pieces]
    if not words:
        raise UserError("Enter at least one word to search for.")
    return words
