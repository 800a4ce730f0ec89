"""Keeps secrets out of what is written down: some servers repeat a key in their error messages."""

from __future__ import annotations

import re

_KEY_LIKE = re.compile(r"\b(?:sk|hf)[-_][\w*-]{8,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
PLACEHOLDER = "[key]"


def redacted(text: str, *secrets: str | None, longest: int = 300) -> str:
    """What another side said, on one line, cut, and without these secrets or anything that looks like one."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, PLACEHOLDER)
    return _CONTROL.sub(" ", _KEY_LIKE.sub(PLACEHOLDER, text)[:longest])
