"""Text that is in a wrong script, says nothing, or says the same twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from itertools import combinations

from rapidfuzz import fuzz

ALIKE = 90.0
"""Similarity in percent (rapidfuzz's ratio) from which two sections say the same; of the 32 × 7 sample sections and the
112 of the recorded digest, no two of one paper reach 75."""
SHORTEST_COMPARED = 40
"""Characters; shorter sections are alike by chance."""

_FOREIGN = ("CYRILLIC", "ARABIC", "CJK", "HIRAGANA", "KATAKANA", "HEBREW", "THAI", "DEVANAGARI")
_WORD = re.compile(r"\w+")
_NOT_STATED = (
    r"(?:제공|명시|언급|제시|기술|서술)(?:되지|되어\s?있지|돼\s?있지)\s?않",
    r"(?:is|are|was|were)\s(?:not|n't)\s(?:explicitly\s)?(?:provided|specified|mentioned|reported|disclosed)",
)
"""Filler where a section should tell what the source says; a fair remark where it tells what the source lacks."""
_SAYS_NOTHING = (
    r"(?:구체적|상세|자세|추가|정확)[^.。\n]{0,30}(?:정보|내용|수치|설명|언급)[이가은는]?\s?(?:부족|없(?:음|다|습니다)|제한적|부재)",
    r"(?:정보|내용|설명|언급|수치)[이가은는의]?\s?(?:부재|없(?:음|다|습니다|으므로|으나|지만))",
    r"(?:결과|수치|비교)[를을는은]?\s?포함하지\s?않",
    r"(?:논문|원문|초록|본문|부록)[을를]?\s?(?:참고|참조|확인)(?:하시|하십|하세|바랍|해\s?주)",
    r"no\s(?:specific|detailed|further)\s(?:information|details?)",
    r"(?:refer|consult)\s(?:to\s)?the\s(?:paper|original)",
)
_FILLER = re.compile("|".join((*_NOT_STATED, *_SAYS_NOTHING)), re.IGNORECASE | re.MULTILINE)
_INFERRED_FILLER = re.compile("|".join(_SAYS_NOTHING), re.IGNORECASE | re.MULTILINE)


def foreign_words(text: str) -> list[str]:
    """Words in a script that neither Korean nor English text needs (текста, 模型, モデル); Greek symbols are fine."""
    return [word for word in _WORD.findall(text) if any(_is_foreign(letter) for letter in word)]


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not letter.isascii() and unicodedata.name(letter, "").startswith(_FOREIGN)


def filler(text: str, *, inferred: bool = False) -> list[str]:
    """Phrases that say that there is nothing to say, instead of leaving the section absent.

    An `inferred` section may say what the source does not show: that is what its thoughts rest on.
    """
    return [match[0] for match in (_INFERRED_FILLER if inferred else _FILLER).finditer(text)]


def alike(sections: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of keys whose texts say nearly the same."""
    long = {key: text for key, text in sections.items() if len(text) >= SHORTEST_COMPARED}
    return [
        (first, second) for first, second in combinations(long, 2) if fuzz.ratio(long[first], long[second]) >= ALIKE
    ]
