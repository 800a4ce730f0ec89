"""Counting tokens with a real tokenizer, without the internet."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpe_openai import Encoding

ENCODING = "o200k_base"
"""That of OpenAI's models since gpt-4o; others count English text within some percent of it."""


@cache
def _encoding() -> Encoding:
    import bpe_openai

    return bpe_openai.get_encoding(ENCODING)


def count_tokens(text: str) -> int:
    """Tokens of a text; markers of special tokens in it count as the plain text they are."""
    return len(_encoding().encode_ordinary(text))


def first_tokens(text: str, count: int) -> str:
    """The start of a text that has at most this many tokens, ended at a paragraph or a word."""
    tokens = _encoding().encode_ordinary(text)
    if len(tokens) <= count:
        return text
    start: str = _encoding().decode_bytes(tokens[: max(count, 0)]).decode(errors="ignore")
    paragraph = start.rfind("\n\n")
    if paragraph > len(start) // 2:
        return start[:paragraph].rstrip()
    word = max(start.rfind(" "), start.rfind("\n"))
    return start[: word if word > 0 else len(start)].rstrip()
