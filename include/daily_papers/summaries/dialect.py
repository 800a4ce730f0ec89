"""How a provider wants to be asked: the question as it is keyed, put into the parameters that the provider takes.

A question has one key whatever is sent for it, so what is found out about a provider asks nothing again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime
from upath import UPath

from daily_papers.errors import DailyPapersError
from daily_papers.lake.files import if_readable, read_record, write_record
from daily_papers.settings import Settings

logger = logging.getLogger(__name__)

JsonMode = Literal["json_schema", "json_object", "text"]
REMEMBERED_FOR = timedelta(days=30)
"""Providers learn: what one refused is tried again after that."""
MOST_ADAPTATIONS = 6
_ADAPTABLE_STATUSES = frozenset({400, 404, 415, 422, 501})
_NAMED = re.compile(r"\b([a-z][a-z_]{2,40})\b")
_NOT_TAKEN = re.compile(
    r"unsupported|not supported|unrecognized|unknown|unexpected|not permitted|not allowed|extra (?:inputs|fields)"
    r"|invalid|unavailable|not available|does ?n[o']t support|not be support|only support|must be|必须|no longer"
    r"|deprecated|use '",
    re.IGNORECASE,
)
_OF_A_VALUE = re.compile(
    r"(?:less|greater|smaller|larger|more) than|at (?:most|least)|too (?:large|small|high|low)|exceed", re.IGNORECASE
)
"""The parameter is taken, and its value is not: leaving it out would ask for something else."""
_ONLY_STREAMS = re.compile(
    r"only support\w*\W+(?:the )?stream|stream\W+(?:mode|must|=)|non-?stream|stream\W{0,4}=\W*false|非流式"
)
"""Also of models that think (DashScope, ModelScope): what they think may only be streamed."""


@dataclass(frozen=True)
class Dialect:
    """What is sent: the form of the answer, the name of the limit of output tokens ("": none is sent), whether the
    schema is strict, whether the answer is streamed, and parameters that are left out."""

    json_mode: JsonMode = "json_schema"
    tokens_name: str = "max_completion_tokens"
    strict: bool = True
    streamed: bool = False
    without: tuple[str, ...] = ()

    def body(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The body that asks a question (that of `ModelRequest.body`)."""
        body = dict(question)
        if self.tokens_name != "max_completion_tokens" and "max_completion_tokens" in body:
            most = body.pop("max_completion_tokens")
            body |= {self.tokens_name: most} if self.tokens_name else {}
        form = body.pop("response_format", None)
        if form is not None and self.json_mode == "json_schema":
            body["response_format"] = form if self.strict else _not_strict(form)
        elif form is not None:
            body["messages"] = _with_schema(body["messages"], form["json_schema"]["schema"])
            if self.json_mode == "json_object":
                body["response_format"] = {"type": "json_object"}
        if self.streamed:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return {name: value for name, value in body.items() if name not in self.without}

    def arguments(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The same as arguments of the SDK, which raises TypeError for a parameter that it does not know itself."""
        body = self.body(question)
        known: dict[str, Any] = {name: body.pop(name) for name in ("model", "messages", "stream") if name in body}
        return {**known, "extra_body": body}


def _not_strict(form: Mapping[str, Any]) -> dict[str, Any]:
    schema = {name: value for name, value in form["json_schema"].items() if name != "strict"}
    return {**form, "json_schema": schema}


def _with_schema(messages: list[dict[str, Any]], schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages with the schema at the end of the instructions, where a provider does not take one."""
    told = (
        "\n\nAnswer with one JSON object and nothing else: no code fence, no words before or after it. It must follow "
        f"this JSON schema:\n{json.dumps(schema, ensure_ascii=False)}"
    )
    system, *others = messages
    return [{**system, "content": f"{system['content']}{told}"}, *others]


def adapted(dialect: Dialect, status: int, said: str, sent: Mapping[str, Any]) -> Dialect | None:
    """The dialect that goes without what a refusal names; None where it names nothing that could be left out.

    Args:
        said: the words of the refusal, whole.
        sent: the body that was refused.
    """
    if status not in _ADAPTABLE_STATUSES or not _NOT_TAKEN.search(said) or _OF_A_VALUE.search(said):
        return None
    text = said.lower()
    if not dialect.streamed and _ONLY_STREAMS.search(text):
        return replace(dialect, streamed=True)
    if dialect.tokens_name and dialect.tokens_name in text:
        other = "max_tokens" if dialect.tokens_name == "max_completion_tokens" else ""
        return replace(dialect, tokens_name=other)
    if dialect.json_mode == "json_schema" and dialect.strict and re.search(r"\bstrict\b", text):
        return replace(dialect, strict=False)
    if dialect.json_mode != "text" and re.search(
        r"response_format|json_schema|json_object|structured output|json mode", text
    ):
        return replace(dialect, json_mode="json_object" if dialect.json_mode == "json_schema" else "text")
    named = [name for name in _NAMED.findall(text) if name in sent and name not in ("model", "messages")]
    return replace(dialect, without=(*dialect.without, named[0])) if named else None


def unwrapped(response: dict[str, Any], dialect: Dialect) -> dict[str, Any]:
    """A completion whose content is the JSON object alone, where a provider is only told to write one."""
    if dialect.json_mode == "json_schema":
        return response
    for choice in response["choices"]:
        message = choice.get("message") if isinstance(choice, dict) else None
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(message, dict) and isinstance(content, str):
            plain = content.rpartition("</think>")[2]
            start, end = plain.find("{"), plain.rfind("}")
            if 0 <= start < end and plain[start : end + 1] != content:
                message |= {"content": plain[start : end + 1], "content_as_sent": content}
    return response


@dataclass(frozen=True)
class _Remembered:
    """What was found out about an endpoint, and when."""

    found_at: AwareDatetime
    json_mode: JsonMode
    tokens_name: str
    strict: bool
    streamed: bool
    without: tuple[str, ...]


class DialectMemory:
    """What was found out about one model at one address; a file beside the locks, which may be lost at any time."""

    def __init__(self, settings: Settings, address: str) -> None:
        self._set = Dialect(settings.json_mode, without=settings.request_without)
        # what was found out beside one setting says nothing about another
        asked = f"{address} {settings.model} {settings.json_mode} {','.join(settings.request_without)}"
        name = hashlib.sha256(asked.encode()).hexdigest()[:16]
        self._file = UPath(settings.lock_directory / f"dialect-{name}.json")

    def current(self) -> Dialect:
        """The dialect to begin with: what was found out lately beside these settings, else what they say."""
        kept = if_readable(self._file, lambda path: read_record(path, _Remembered, "It is detected again."))
        if kept is None or datetime.now(UTC) - kept.found_at > REMEMBERED_FOR:
            return self._set
        return Dialect(kept.json_mode, kept.tokens_name, kept.strict, kept.streamed, kept.without)

    def remember(self, dialect: Dialect) -> None:
        """Keeps a dialect that brought an answer."""
        if dialect == self.current():
            return
        logger.info("From now on, this provider is asked with: %s", dialect)
        try:
            write_record(self._file, _Remembered(datetime.now(UTC), **asdict(dialect)))
        except (OSError, DailyPapersError) as error:
            logger.warning("How to ask this provider could not be saved and is detected each time: %s", error)
