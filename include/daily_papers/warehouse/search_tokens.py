"""Texts as tokens of the search index. Texts and queries are cut alike, so that a query is found as it is written.

A Latin word is a token, a number is one for its whole part and one for its decimals (2.5: `2`, `.5`). Korean is cut
into pairs of syllables, because particles and compounds hide its words: 강화학습을 is `^강화 화학 학습 습을`, which has
학습 in it. `^` marks where a written word begins, and a pair over a space has a `+` (강화 학습: `^강화 +화학 ^학습`),
so that a search can tell 모델 from 이 모델 and yet find a compound that is written apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import add

from daily_papers.outside_text import visible

SYLLABLES = "가-힣\u3040-\u9fff"
"""Characters of scripts that are cut into pairs, in two ranges (Hangul; kana and ideographs): a set of more takes a
millisecond to compile."""
LETTERS = rf"[^\W\d_{SYLLABLES}]"
BETWEEN = r"(?:[\s\-_/·*`'@,.:%&+]|[–’])"  # as texts have them; two sets compile ten times as fast
"""What may stand between parts that belong together."""
BEGIN, OVER_A_SPACE = "^", "+"
PIECE = re.compile(rf"{LETTERS}+|[{SYLLABLES}]+|[0-9]+|(?<=[0-9])\.[0-9]+")
"""A run of one script, or a part of a number, in a text of lower case."""

_GROUP = re.compile(rf"{LETTERS}+|[{SYLLABLES}]+(?:{BETWEEN}*[{SYLLABLES}]+)*|[0-9]+|(?<=[0-9])\.[0-9]+")
_RUN = re.compile(f"[{SYLLABLES}]+")
_CAPITAL_WITHIN = re.compile(rf"[^\W_{SYLLABLES}]*[a-z0-9][A-Z][^\W_{SYLLABLES}]*")
_FROM_A_CAPITAL = re.compile(r"(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])")
_LETTERS = re.compile(f"{LETTERS}+")
_WITH_HYPHENS = re.compile(rf"{LETTERS}+(?:[-'’_]{LETTERS}+)+")
_HYPHENS = re.compile(r"[-'’_]")
_FIRST = re.compile(f"{BETWEEN}*([{SYLLABLES}])")
_LAST = re.compile(f"([{SYLLABLES}]){BETWEEN}*$")
_SIGN = re.compile(f"{BETWEEN}+")
_VERSION = re.compile(r"(?<=[a-z])v[0-9]+")


def normalized(text: str) -> str:
    """Visible composed characters, in which texts are searched and shown."""
    return unicodedata.normalize("NFC", visible(text))


def is_syllabic(piece: str) -> bool:
    """Whether a piece is of a script that is cut into pairs."""
    return bool(_RUN.match(piece))


def run_tokens(runs: Sequence[str], *, inside: bool = False) -> list[str]:
    """Tokens of syllabic runs that stand one after another; `inside`: the first may be the rest of a longer word."""
    tokens = _pairs(runs[0])
    if inside and len(runs[0]) > 1:
        tokens[0] = runs[0][:2]
    for before, run in pairwise(runs):
        tokens += [f"{OVER_A_SPACE}{before[-1]}{run[0]}", *_pairs(run)]
    return tokens


class TextTokens:
    """What the index keeps of one paper: the tokens of each text, and the words by which its names are found."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        """Latin words in lower case; of a name with capitals or hyphens within, also its parts and the whole."""

    def of(self, text: str) -> str:
        """The tokens of a normalized text, with spaces between."""
        tokens: list[str] = []
        last = ""
        for written in text.split():
            word = _tokens_of(written)
            if last and word.first:
                tokens.append(OVER_A_SPACE + last + word.first)
            if word.tokens:
                tokens.append(word.tokens)
                self.words.update(word.latin)
                last = word.last
            elif not word.is_sign:
                last = ""
        return " ".join(tokens)


@dataclass(frozen=True, slots=True)
class _Written:
    """What stands between two spaces: its tokens, the syllables with which it begins and ends, and its Latin words."""

    tokens: str
    first: str
    last: str
    latin: tuple[str, ...]
    is_sign: bool


@lru_cache(50_000)  # the same words come again and again: a text is cut in a third of the time
def _tokens_of(written: str) -> _Written:
    groups = _GROUP.findall(written.lower())
    tokens = " ".join([" ".join(run_tokens(_RUN.findall(group))) if is_syllabic(group) else group for group in groups])
    latin = {group for group in groups if group[0].isalpha() and not is_syllabic(group)}
    first, last = _FIRST.match(written), _LAST.search(written)
    return _Written(
        tokens,
        first[1] if first else "",
        last[1] if last else "",
        tuple({*latin, *parts_of_names(written)}),
        is_sign=bool(_SIGN.fullmatch(written)),
    )


def parts_of_names(text: str) -> Iterable[str]:
    """Words by which a name is also looked for: `ppo` of MaPPO, `flash` of FlashAttention, `sam2` of ReSurgSAM2,
    `inpainting` of in-painting, `v2` of DINOv2."""
    for name in _CAPITAL_WITHIN.findall(text):
        begins = [0, *(match.start() for match in _FROM_A_CAPITAL.finditer(name)), len(name)]
        for begin, end in pairwise(begins):
            part, rest = name[begin:end].lower(), name[begin:].lower()
            yield from (part, rest, *_LETTERS.findall(part), *_LETTERS.findall(rest))
    yield from (_HYPHENS.sub("", match).lower() for match in _WITH_HYPHENS.findall(text))
    yield from _VERSION.findall(text.lower())


def _pairs(run: str) -> list[str]:
    return [BEGIN + run[:2], *map(add, run[1:], run[2:])]
