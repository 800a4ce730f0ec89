"""What a model's provider says in an error, whatever shape it has, and what kind of refusal it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from daily_papers.redaction import redacted

_LONGEST_READ = 100_000
"""Characters of a body that are looked at."""
_WORDS = ("message", "detail", "error", "msg", "error_msg", "error_message", "errors", "description", "title", "reason")
"""Keys under which providers put words, the most telling first."""
_MORE_WORDS = ("metadata", "raw", "innererror", "loc")
_CODES = ("code", "type", "error_code", "status", "reason")
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^<>]{0,1000}>", re.DOTALL | re.IGNORECASE)
_CONTENT_FILTERS = re.compile(
    r"content[_ ]?filter|ResponsibleAIPolicyViolation|content[_ ]policy|data[_ ]?inspection[_ ]?failed"
    r"|prohibited[_ ]content|sensitive[_ ]?(?:content|words?)|moderation|invalid_prompt|guardrail"
    r"|safety (?:system|settings|policy)|risk[_ ]control",
    re.IGNORECASE,
)
"""How Azure, OpenAI, DashScope, Gemini, Mistral, OpenRouter and others call it that a filter stopped a request."""
_SAID_OF_A_FILTER = re.compile(
    r"content[_ ]?filter|ResponsibleAIPolicyViolation|content[_ ]policy|data[_ ]?inspection[_ ]?failed"
    r"|prohibited[_ ]content|inappropriate content|safety (?:system|policy)"
    r"|(?:guardrail|moderation).{0,80}(?:flag|block|violat|trigger)|(?:flag|block|violat).{0,80}(?:guardrail|moderation)",
    re.IGNORECASE,
)
"""The same in words, which may also name a model or a parameter (`llama-guardrail`): more is asked of them."""
_FILTER_STATUSES = frozenset({400, 403, 422, 451})


def words_of(body: str, *secrets: str | None) -> str:
    """What an error says, on one line, cut and without secrets; "" for one that says nothing."""
    value = _parsed(body)
    found = list(dict.fromkeys(filter(None, _said(value)))) if not isinstance(value, str) else [value]
    text = "; ".join(found) or ("" if value in ({}, [], None) else body)
    return redacted(" ".join(_TAG.sub(" ", text).split()), *secrets)


def stopped_by_a_filter(status: int, body: str) -> bool:
    """Whether an error says that a filter of contents stopped the request, or its answer."""
    if status not in _FILTER_STATUSES:
        return False
    return any(map(_CONTENT_FILTERS.search, _coded(_parsed(body)))) or bool(_SAID_OF_A_FILTER.search(words_of(body)))


def _parsed(body: str) -> Any:
    try:
        return json.loads(body[:_LONGEST_READ])
    except (ValueError, RecursionError):
        return body[:_LONGEST_READ]


def _said(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts under the keys for words, outer ones first; of a list those of each entry."""
    if depth > 8:  # no provider nests deeper
        return
    if isinstance(value, str):
        inner = _parsed(value) if value.lstrip().startswith(("{", "[")) else value  # OpenRouter: metadata.raw
        yield from (_said(inner, depth + 1) if not isinstance(inner, str) else [inner.strip()])
    elif isinstance(value, dict):
        for key in (*_WORDS, *_MORE_WORDS):
            if key == "loc" and isinstance(value.get(key), list):  # FastAPI: where in the request
                yield ".".join(map(str, value[key]))
            elif key in value:
                yield from _said(value[key], depth + 1)
    elif isinstance(value, list):
        for one in value[:5]:
            yield from _said(one, depth + 1)


def _coded(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, dict) and depth < 5:
        for key, one in value.items():
            if key in _CODES and isinstance(one, str):
                yield one
            yield from _coded(one, depth + 1)
