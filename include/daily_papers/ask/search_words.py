"""What a reader typed, as words to look for: how each may be written in a text, and how well a place fits it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from daily_papers.errors import UserError
from daily_papers.outside_text import visible

LONGEST_QUERY = 200
"""Characters."""
SHORTEST_INSIDE = 6
"""Latin letters from which on a word is looked for inside of others as well: molecular in biomolecular."""
SHORTEST_COMPOUND = 4
"""Hangul syllables from which on a word may be two in the text: 강화학습, 강화 학습."""

_QUOTED = re.compile(r'"([^"]*)"|(\S+)')
_PIECES = re.compile(r"[0-9]+(?:\.[0-9]+)*|[가-힣]+|[^\W\d_가-힣]+")
_PARTICLE = re.compile(
    r"(?:으로부터|에서는|으로는|에게서|까지|부터|에서|에게|으로|처럼|보다|마다|이나|을|를|이|가|은|는|의|에|로|과|와|도|만)"
)
_BETWEEN = r"[\s\-–_/·*`'’@,.:%&+]*"
_HANGUL = re.compile(r"[가-힣]+")
_LATIN = re.compile(r"[^\W\d_가-힣]+")


def normalized(text: str) -> str:
    """Visible composed characters, in which Hangul is searched."""
    return unicodedata.normalize("NFC", visible(text))


def folded(term: str) -> str:
    """A term without what people leave out or put in: hyphens, underscores, apostrophes."""
    return re.sub(r"[-_']", "", term)


@dataclass(frozen=True)
class Word:
    """One word of a query, or a quoted phrase."""

    text: str
    is_phrase: bool = False

    @cached_property
    def pieces(self) -> list[str]:
        """Runs of one script, in lower case; particles after a Latin word or a figure are left out."""
        found = _PIECES.findall(self.text.lower())
        if len(found) > 1 and not self.is_phrase and _PARTICLE.fullmatch(found[-1]):
            found.pop()
        return found

    @cached_property
    def joined(self) -> str:
        """The pieces without anything between them."""
        return "".join(self.pieces)

    @cached_property
    def ways(self) -> list[list[str]]:
        """Ways to find it: in one term as a whole, or as parts in several terms (whether they are neighbours is seen
        in the text)."""
        found = [[self.joined]]
        parts = [piece for piece in self.pieces if len(piece) > 1] or self.pieces
        if len(self.pieces) > 1:
            found.append(sorted(set(parts)))
        elif _HANGUL.fullmatch(self.joined) and len(self.joined) >= SHORTEST_COMPOUND:
            found.append(sorted({self.joined[:2], self.joined[-2:]}))
        return found

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Where it occurs in a text, however it is separated; beginning and end may lie within longer words."""
        return re.compile(self._between_pieces(), re.IGNORECASE)

    @cached_property
    def apart(self) -> re.Pattern[str]:
        """Where it occurs as a word of its own, or as the begin of one that goes on in another script or with an
        ending; capital letters begin a word, too (MaPPO)."""
        first, last = self.pieces[0], self.pieces[-1]
        begin = end = ""
        if _LATIN.fullmatch(first):
            begin = r"(?:(?<![^\W\d_가-힣])|(?-i:(?=[A-Z])))"
        elif first[0].isdigit():
            begin = r"(?<![\d.])"
        elif _HANGUL.fullmatch(first):
            begin = r"(?<![가-힣])"
        if _LATIN.fullmatch(last) and len(last) < SHORTEST_INSIDE:
            end = r"(?:(?-i:(?![a-z]))|(?=(?:s|es)\b))"
        elif last[-1].isdigit():
            end = r"(?!\d)"
        return re.compile(begin + self._between_pieces() + end, re.IGNORECASE)

    def _between_pieces(self) -> str:
        return _BETWEEN.join(map(_as_written, self.pieces))


def _as_written(piece: str) -> str:
    """A pattern of a piece: a Hangul compound may be written apart, a long Latin word with hyphens (in-painting)."""
    if _HANGUL.fullmatch(piece) and len(piece) >= SHORTEST_COMPOUND:
        return _BETWEEN.join(piece)
    if _LATIN.fullmatch(piece) and len(piece) >= SHORTEST_INSIDE:
        return "-?".join(piece)
    return re.escape(piece)


def fit_of(piece: str, term: str) -> float:
    """How well a term that contains a piece stands for it, from 0 to 1."""
    plain = folded(term)
    if piece in (term, plain) or piece in re.split(r"[-_']", term):
        return 1.0
    index = plain.find(piece)
    if _HANGUL.fullmatch(piece):
        return 0.9 if index == 0 or not _HANGUL.fullmatch(plain[index - 1]) else 0.5
    rest = plain[index + len(piece) :]
    if index == 0 or not plain[index - 1].isalnum() or plain[index - 1].isdigit() != piece[0].isdigit():
        if piece[-1].isdigit():
            return 0.9 if not rest[:1].isdigit() else 0.1
        return 0.9 if not rest or rest in ("s", "es") or not _LATIN.match(rest) else _inside(piece) + 0.2
    return _inside(piece)


def _inside(piece: str) -> float:
    return 0.5 if len(piece) >= SHORTEST_INSIDE else 0.05


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
