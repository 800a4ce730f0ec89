"""Keeps secrets out of what is written down: some servers repeat a key in their error messages."""

from __future__ import annotations

import re

from daily_papers.outside_text import on_one_line

_KEY_LIKE = re.compile(r"\b(?:sk|hf)[-_][\w*-]{8,}")
PLACEHOLDER = "[key]"


def redacted(text: str, *secrets: str | None, longest: int = 300) -> str:
    """What another side said, on one line, cut, and without these secrets or anything that looks like one."""
    text = on_one_line(text)  # first: an invisible character could hide a key
    for secret in secrets:
        if secret:
            text = text.replace(secret, PLACEHOLDER)
    return _KEY_LIKE.sub(PLACEHOLDER, text)[:longest]
