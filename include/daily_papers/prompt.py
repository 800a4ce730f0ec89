"""Builds the request about one paper: static instructions first, the paper last and fenced as JSON data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from daily_papers import sections
from daily_papers.answers import SCHEMA_NAME, json_schema
from daily_papers.listing import ListedPaper
from daily_papers.read import Source
from daily_papers.storage import canonical_json, readable_json

PROMPT_VERSION = "v1"


@dataclass(frozen=True)
class SummaryRequest:
    """The body of one chat completion, and the facts its answer is filed under."""

    paper_id: str
    model: str
    language: str
    prompt_version: str
    source: Source
    body: dict[str, Any]

    @property
    def key(self) -> str:
        """SHA-256 of the body: the same question has the same key, so it is paid for once."""
        return hashlib.sha256(canonical_json(self.body)).hexdigest()


@cache
def _template(name: str) -> str:
    return files("daily_papers").joinpath(f"prompts/{PROMPT_VERSION}/{name}.md").read_text(encoding="utf-8")


def build_request(paper: ListedPaper, source: Source, *, model: str, language: str) -> SummaryRequest:
    """The request that asks `model` for the seven sections of a paper in `language`."""
    system = _template("system").replace("{language_name}", sections.wording(language).language_name)
    fenced = readable_json({"paper_id": paper.paper_id, "title": paper.title, source.kind: source.text}).decode()
    user = _template("user").replace("{source_kind}", source.kind).replace("{paper}", fenced.strip())
    body = {
        "model": model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": SCHEMA_NAME, "strict": True, "schema": json_schema()},
        },
    }
    return SummaryRequest(paper.paper_id, model, language, PROMPT_VERSION, source, body)
