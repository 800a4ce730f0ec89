"""Characters of documents that no reader sees, or that no file can hold."""

from __future__ import annotations

import re

_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls, marks of direction, what has no width, tags, halves of pairs, and what stands for no character."""


def readable(text: str) -> str:
    """A text with the characters that people see, and line feeds as the only line breaks."""
    return _UNSEEN.sub("", _LINE_BREAKS.sub("\n", text))
