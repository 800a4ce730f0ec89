"""Words in a script or language that the summary is not written in."""

from __future__ import annotations

import re
import unicodedata

_FOREIGN = ("CYRILLIC", "ARABIC", "CJK", "HIRAGANA", "KATAKANA", "HEBREW", "THAI", "DEVANAGARI")
_VIETNAMESE = re.compile(r"(?![A-ZĐ])\w*[ạảấ-ậắ-ặẹẻế-ệỉịọỏố-ộớ-ợụủứ-ựỳỵỷ]")
"""Words with Latin letters that no other language of papers has; with a capital letter they are names."""
_WORD = re.compile(r"\w+")


def foreign_words(text: str, source: str = "") -> list[str]:
    """Words in a script that neither Korean nor English text needs (текста, 模型, モデル), or Vietnamese ones.

    Greek symbols are fine, and so is what the source itself has.
    """
    found = []
    for word in _WORD.findall(text):
        letters = "".join(filter(_is_foreign, word)) or (word if _VIETNAMESE.match(word) else "")
        if letters and letters not in source:
            found.append(word)
    return found


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not letter.isascii() and unicodedata.name(letter, "").startswith(_FOREIGN)
