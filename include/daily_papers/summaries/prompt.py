"""Builds requests to a model: static instructions first, the paper last and fenced as data, a repair after it.

The texts are files in `prompts/VERSION/`; `wording/glossary.LANGUAGE.csv` holds terms that anybody may
edit.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from daily_papers.errors import UserError
from daily_papers.listing.contract import ListedPaper
from daily_papers.rows.answers import SCHEMA_NAME, WHOLE, json_schema
from daily_papers.summaries.request import ModelRequest
from daily_papers.texts.text_store import Source
from daily_papers.wording.headings_and_labels import wording_of
from daily_papers.writing.prompt_text import filled, mark_for, response_format, template

PROMPT_VERSION = "v3"
WITHOUT_QUOTES_FOR_NUMBERS = frozenset({"v1", "v2"})
"""Earlier prompts, which did not ask for a quote near every number."""
_SOURCE_NAMES = {"html": "full text (HTML)", "pdf": "full text (PDF)", "abstract": "abstract only"}


def _template(name: str) -> str:
    return template("daily_papers.summaries", f"prompts/{PROMPT_VERSION}/{name}.md")


@cache
def _glossary(language: str) -> str:
    """The terms of a language as one line of the instructions; empty where it has no file.

    Raises:
        UserError: a line of the file cannot be used.
    """
    file = files("daily_papers.wording").joinpath(f"glossary.{language}.csv")
    if not file.is_file():
        return ""
    rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())  # spreadsheets write a mark first
    terms = []
    for number, row in enumerate(rows, start=2):
        if not row.get("english") or not (row.get("term") or row.get("wrong")):
            raise UserError(f"Line {number} of {file} does not have the form english,term,wrong: correct it.")
        if row["term"]:
            terms.append(f"{row['english'].strip()} = {row['term'].strip()}")
    return f"\nTerms: {'; '.join(terms)}.\n"


def build_request(
    paper: ListedPaper,
    source: Source,
    *,
    model: str,
    language: str,
    output_tokens: int,
    bounded_schema: bool = False,
    extra: Mapping[str, Any] | None = None,
    retries: int = 0,
) -> ModelRequest:
    """The request that asks `model` for the seven sections of a paper in `language` (see `Settings` for the rest).

    `retries`: how often a person wanted another answer to the same question. It is sent as the seed, so that the
    question is another one, and a model that always answers the same answers differently.
    """
    wording = wording_of(language)
    system = filled(_template("system"), language_name=wording.language_name, glossary=_glossary(language))
    about = {
        "paper_id": paper.paper_id,
        "source": _SOURCE_NAMES[source.kind],
        "version": source.version,
        "left_out": list(source.left_out),
    }
    user = filled(
        _template("user"), about=json.dumps(about, ensure_ascii=False), mark=mark_for(source.text), text=source.text
    )
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        "response_format": response_format(SCHEMA_NAME, json_schema(bounded=bounded_schema)),
        "max_completion_tokens": output_tokens,
        **(extra or {}),
    }
    if retries:
        body["seed"] = retries
    return ModelRequest(paper.paper_id, model, language, PROMPT_VERSION, source, body, bounded_schema)


def build_repair(
    request: ModelRequest, number: int, most: int, problems: Mapping[str, Sequence[str]], former: Mapping[str, Any]
) -> ModelRequest:
    """The `number`-th request to repair an answer to `request`.

    `problems` names what is wrong with each part of it, `former` holds these parts as they were (where they can be
    shown). The message follows the paper, so providers can serve what comes before from their cache.
    """
    lines = []
    for part, texts in problems.items():
        lines += [f"- {text_}" for text_ in texts] if part == WHOLE else [f"- `{part}`: {' '.join(texts)}"]
        if part in former:
            lines += [f"  It was: {json.dumps(former[part], ensure_ascii=False)}"]
    wording = _template("repair_whole" if WHOLE in problems else "repair")
    text = filled(wording, number=str(number), most=str(most), problems="\n".join(lines))
    parts = tuple(problems)
    body = {
        **request.body,
        "messages": [*request.body["messages"], {"role": "user", "content": text}],
        "response_format": response_format(SCHEMA_NAME, json_schema(parts, bounded=request.bounded_schema)),
    }
    return replace(request, body=body, repairs=request.key, repair_number=number, parts=parts)
