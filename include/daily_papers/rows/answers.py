"""The answer a model must give: its JSON schema, and reading one without trusting it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from daily_papers.outside_text import visible
from daily_papers.reasons import Reason
from daily_papers.sections import BASES, SECTION_KEYS
from daily_papers.writing.prompt_text import strict_object

SCHEMA_NAME = "daily_paper_summary"

Part = str
"""A section's key, `TITLE`, `RESULTS_ROWS`, or `WHOLE`."""
TITLE: Final[Part] = "title_ko"
RESULTS_ROWS: Final[Part] = "results_rows"
WHOLE: Final[Part] = "answer"
"""The answer as such: repairing a part of it would not help."""

_REFUSALS = frozenset(
    {"content_filter", "safety", "recitation", "sensitive", "prohibited_content", "blocklist", "spii", "refusal"}
)
_LENGTHS = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded"})
_LOSSES = frozenset(
    {"insufficient_system_resource", "network_error", "internal_error", "abort", "aborted", "cancelled", "timeout"}
)
"""Finish reasons of providers, in small letters: a filter's, a limit's, and those of a model that was lost midway."""


def _readable(value: Any) -> Any:
    """Text as readers see it: without what is invisible, and with Hangul in whole syllables (NFC)."""
    return unicodedata.normalize("NFC", visible(value)) if isinstance(value, str) else value


_Text = Annotated[str, BeforeValidator(_readable)]


class SectionAnswer(BaseModel):
    """One section: what it rests on, its Markdown, and literal quotes of the source."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    basis: Literal["stated", "inferred", "absent"]
    markdown: _Text
    quotes: list[_Text]


class ResultRow(BaseModel):
    """One reported figure; every field is text as the source gives it and may be empty."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    metric: _Text
    dataset: _Text
    value: _Text
    baseline: _Text


@dataclass(frozen=True)
class ParsedAnswer:
    """What could be read of an answer. `problem` is set where it cannot be used as a whole.

    `section_order` holds all section keys in the order the answer gave them, also unknown ones.
    """

    problem: Reason | None = None
    paper_id: str = ""
    title: str = ""
    sections: dict[str, SectionAnswer] = field(default_factory=dict)
    section_order: tuple[str, ...] = ()
    results: tuple[ResultRow, ...] = ()


def json_schema(parts: Sequence[str] = (), *, bounded: bool = False) -> dict[str, Any]:
    """The strict JSON schema sent with a request (all keys required, no others allowed).

    `parts` are those of a repair (empty: all). A `bounded` schema limits lengths: small models write on for ever
    without, and OpenAI's strict mode knows no such limits.
    """

    def text(longest: int) -> dict[str, Any]:
        return {"type": "string", "maxLength": longest} if bounded else {"type": "string"}

    def items(of: dict[str, Any], most: int) -> dict[str, Any]:
        return {"type": "array", "items": of, **({"maxItems": most} if bounded else {})}

    section = strict_object(
        {
            "basis": {"type": "string", "enum": list(BASES)},
            "markdown": text(750),
            "quotes": items(text(250), 5),
        }
    )
    result = strict_object(dict.fromkeys(ResultRow.model_fields, text(80)))
    everything = not parts or WHOLE in parts
    wanted = [key for key in SECTION_KEYS if everything or key in parts]
    properties: dict[str, Any] = {"paper_id": text(12)}
    if everything or TITLE in parts:
        properties[TITLE] = text(300)
    if wanted:
        properties["sections"] = strict_object(dict.fromkeys(wanted, section))
    if everything or RESULTS_ROWS in parts:
        properties[RESULTS_ROWS] = items(result, 8)
    return strict_object(properties)


def parse_answer(response: dict[str, Any], parts: Sequence[str] = ()) -> ParsedAnswer:
    """Reads a chat completion as received. Never raises for what a model wrote: the problem is a reason code.

    `parts` are those that a repair was asked for; it may leave the others out.
    """
    choice = first_choice(response)
    message = choice.get("message")
    if not isinstance(message, dict):
        return ParsedAnswer(problem=Reason.ANSWER_EMPTY)
    content = message.get("content")
    finish_reason = choice.get("finish_reason")
    finish_reason = finish_reason.lower() if isinstance(finish_reason, str) else None
    if message.get("refusal") or finish_reason in _REFUSALS:
        return ParsedAnswer(problem=Reason.ANSWER_REFUSED)
    if finish_reason in _LENGTHS:
        return ParsedAnswer(problem=Reason.ANSWER_TRUNCATED)
    if not isinstance(content, str) or not content.strip():
        return ParsedAnswer(problem=Reason.ANSWER_EMPTY)
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return ParsedAnswer(problem=Reason.ANSWER_NOT_JSON)
    if parts and isinstance(value, dict):
        not_asked = {TITLE: "-", RESULTS_ROWS: []}
        value = {"sections": {}, **{key: no for key, no in not_asked.items() if key not in parts}, **value}
    return parse_content(value)


def answer_content(answer: ParsedAnswer) -> dict[str, Any]:
    """An answer as the JSON value that was asked for; sections that it lacks are there, and empty."""
    nothing = SectionAnswer(basis="absent", markdown="", quotes=[])
    return {
        "paper_id": answer.paper_id,
        TITLE: answer.title,
        "sections": {key: answer.sections.get(key, nothing).model_dump() for key in SECTION_KEYS},
        RESULTS_ROWS: [row.model_dump() for row in answer.results],
    }


def parse_content(value: Any) -> ParsedAnswer:
    """Reads an answer from its JSON value, as `parse_answer` does. What no reader can see is not read."""
    try:
        paper_id, title, sections = value["paper_id"], value["title_ko"], value["sections"]
        parsed_sections = {
            key: SectionAnswer.model_validate(section) for key, section in sections.items() if key in SECTION_KEYS
        }
        results = tuple(ResultRow.model_validate(row) for row in value["results_rows"])
        are_rows = isinstance(value["results_rows"], list)  # an empty object has no row that could be wrong
        if not (are_rows and isinstance(paper_id, str) and isinstance(title, str) and visible(title).strip()):
            return ParsedAnswer(problem=Reason.SCHEMA_MISMATCH)
    except (KeyError, TypeError, AttributeError, ValidationError):
        return ParsedAnswer(problem=Reason.SCHEMA_MISMATCH)
    return ParsedAnswer(
        paper_id=visible(paper_id),
        title=" ".join(_readable(title).split()),
        sections=parsed_sections,
        section_order=tuple(visible(key) for key in sections),
        results=results,
    )


def first_choice(response: dict[str, Any]) -> dict[str, Any]:
    """The first choice of a chat completion; empty where there is none of that shape."""
    choices = response.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    return choice if isinstance(choice, dict) else {}


def gateway_error(response: dict[str, Any]) -> Any:
    """What a completion holds in the place of an answer, because a gateway lost its model; None for an answer.

    OpenRouter and its like send 200 with `error` at the top or in the choice, or end with `finish_reason: "error"`.
    """
    choice = first_choice(response)
    if response.get("error"):
        return response["error"]
    reasons = {str(choice.get(name)).lower() for name in ("finish_reason", "native_finish_reason")}
    if choice.get("error") or "error" in reasons:
        return choice.get("error") or {"message": "the answer ended in an error"}
    if not isinstance(choice.get("message"), dict):
        return {"message": "no choice with a message"}
    if reasons & _LOSSES and not _is_whole(choice["message"].get("content")):
        return {"message": f"the answer broke off: {', '.join(sorted(reasons & _LOSSES))}"}
    return None


def _is_whole(content: Any) -> bool:
    """Whether a text is one JSON object, however the model's provider says that it ended."""
    try:
        return isinstance(content, str) and isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False
