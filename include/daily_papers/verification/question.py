"""The question to a second reader: every statement of a summary beside the passages that it quotes.

The texts are files in `prompts/VERSION/`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from daily_papers.lake.files import canonical_json
from daily_papers.rows.statements import Judgement, Statement
from daily_papers.verification.statements import Evidence
from daily_papers.wording.headings_and_labels import wording_of
from daily_papers.writing.prompt_text import filled, mark_for, response_format, strict_object, template

VERIFICATION_PROMPT_VERSION = "second-reader-v1"
_SCHEMA_NAME = "statement_judgements"
OUTPUT_TOKENS_FOR_EACH = 120
"""Tokens of an answer for each statement: a number, a judgement and at most 30 words."""
OUTPUT_TOKENS_BESIDES = 2000
"""For what surrounds the judgements, and for models that think before they answer."""


def _template(name: str) -> str:
    return template("daily_papers.verification", f"prompts/v1/{name}.md")


def statements_in(evidence: Sequence[Evidence]) -> tuple[Statement, ...]:
    """All statements, in the order of their numbers, which begin with 1."""
    return tuple(statement for one in evidence for statement in one.statements)


def digest_of(evidence: Sequence[Evidence]) -> str:
    """SHA-256 of statements and passages: what was judged, whoever was asked with whatever words."""
    content = [[one.passages, [[said.part, said.text] for said in one.statements]] for one in evidence]
    return hashlib.sha256(canonical_json(content)).hexdigest()


def question_about(
    paper_id: str,
    evidence: Sequence[Evidence],
    *,
    model: str,
    language: str,
    output_tokens: int = 0,
    seed: int | None = None,
) -> dict[str, Any]:
    """The body of the request that has `model` judge all statements at once; `seed` makes it another question.

    `output_tokens`: the least that its answer may have; a model that thinks may need more than the judgements take.
    """
    number, content = 0, []
    for one in evidence:
        numbered = {str(number + place): said.text for place, said in enumerate(one.statements, start=1)}
        number += len(numbered)
        content.append({"part": one.part, "passages": one.passages, "statements": numbered})
    text = json.dumps(content, ensure_ascii=False, indent=0)
    instructions = filled(_template("system"), language_name=wording_of(language).language_name)
    about = json.dumps({"paper_id": paper_id, "statements": number}, ensure_ascii=False)
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": instructions},
            {"role": "user", "content": filled(_template("user"), about=about, mark=mark_for(text), text=text)},
        ],
        "response_format": response_format(_SCHEMA_NAME, _schema()),
        "max_completion_tokens": max(output_tokens, OUTPUT_TOKENS_BESIDES + OUTPUT_TOKENS_FOR_EACH * number),
    }
    return body if seed is None else {**body, "seed": seed}


def _schema() -> dict[str, object]:
    judgement = strict_object(
        {
            "statement": {"type": "integer"},
            "judgement": {"type": "string", "enum": [one.value for one in Judgement]},
            "words": {"type": "string"},
        }
    )
    return strict_object({"paper_id": {"type": "string"}, "judgements": {"type": "array", "items": judgement}})
