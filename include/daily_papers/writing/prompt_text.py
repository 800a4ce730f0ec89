"""Texts for models: templates with `{name}` in them, and the marks that a paper's text stands between."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def template(package: str, name: str) -> str:
    """A file of a package, such as `prompts/v1/system.md`, without blank lines around it."""
    return files(package).joinpath(name).read_text(encoding="utf-8").strip()


def filled(template: str, **values: str) -> str:
    """A template with `{name}` replaced in one pass: what a value contains is never taken for a name."""
    pieces = template.split("{")
    text = [pieces[0]]
    for piece in pieces[1:]:
        name, closed, rest = piece.partition("}")
        text.append(values[name] + rest if closed and name in values else "{" + piece)
    return "".join(text)


def mark_for(text: str) -> str:
    """A line that a text cannot contain, because it is made of the text's hash."""
    return f"===== {hashlib.sha256(text.encode()).hexdigest()[:24]} ====="


def response_format(name: str, schema: dict[str, object]) -> dict[str, object]:
    """The parameter that holds an answer to a strict JSON schema."""
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def strict_object(properties: dict[str, object]) -> dict[str, object]:
    """The JSON schema of an object that has these properties, all of them and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
