"""The store of everything a model was asked: paid answers under their content key, and failed attempts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import AwareDatetime
from upath import UPath

from daily_papers.lake.files import (
    RESTORE,
    if_readable,
    read_record,
    readable,
    sorted_files,
    time_in_names,
    write_record,
)
from daily_papers.lake.library import Library
from daily_papers.outside_text import on_one_line
from daily_papers.reasons import Reason
from daily_papers.rows.answers import first_choice, gateway_error

_MOST_TOKENS = 10**12
ANSWER = ".answer.json"
"""Ending of the name of a stored answer."""
JUDGEMENT = ".judgement.json"
"""Ending of the name of a second reader's answer; without it a summary is not verified, and nothing else is lost."""


@dataclass(frozen=True)
class Call:
    """One attempt at a request. `response` is the body as received; `error` the reason code of a failure.

    Times are timezone-aware UTC, `latency_seconds` covers the transport retries too. `repairs` is the key of the
    request whose answer this one repairs (for the `repair_number`-th time), `parts` are the parts it asks for. `run` is
    who asked: a DAG and its run, or a command. `verifies` is the digest of the statements that a second reader was
    asked to judge (see `question.digest_of`), `statements` are their parts and texts; None and empty where a summary
    was asked for.
    """

    key: str
    paper_id: str
    listing_date: date
    model: str
    prompt_version: str
    language: str
    source_kind: str
    source_sha256: str
    asked_at: AwareDatetime
    latency_seconds: float
    request_id: str | None
    response: dict[str, Any] | None = None
    error: str | None = None
    error_detail: str | None = None
    repairs: str | None = None
    repair_number: int = 0
    parts: tuple[str, ...] = ()
    run: str | None = None
    verifies: str | None = None
    statements: tuple[tuple[str, str], ...] = ()

    @property
    def answered(self) -> bool:
        """Whether this attempt brought an answer of the model; what a gateway says in its place is none."""
        return self.response is not None and gateway_error(self.response) is None

    @property
    def sent(self) -> bool:
        """Whether the model was asked at all; a limit of cost or tokens may have kept it from that."""
        return self.error != Reason.SPENDING_CAP

    @property
    def finish_reason(self) -> str | None:
        """Why the model stopped, as the provider names it."""
        reason = first_choice(self.response or {}).get("finish_reason")
        return on_one_line(reason) if isinstance(reason, str) else None

    @property
    def tokens(self) -> Tokens:
        """Tokens as the provider counted them; zeros where it sent no usage."""
        usage = (self.response or {}).get("usage")
        return tokens_of(usage if isinstance(usage, dict) else {})


@dataclass(frozen=True)
class Tokens:
    """Token counts of a call; `cached_input` is the part of `input` that the provider had cached."""

    input: int
    cached_input: int
    output: int


def total_tokens(calls: Iterable[Call]) -> Tokens:
    """The tokens of some calls together."""
    used = [call.tokens for call in calls]
    return Tokens(
        sum(one.input for one in used), sum(one.cached_input for one in used), sum(one.output for one in used)
    )


def tokens_of(usage: Mapping[str, Any]) -> Tokens:
    """The tokens of a usage as a provider sent it, whatever it left out.

    What a model thought may stand in the total alone, or beside what it wrote; all of it is paid for as output.
    """
    details, of_output = usage.get("prompt_tokens_details"), usage.get("completion_tokens_details")
    asked = _count(usage.get("prompt_tokens")) or _count(usage.get("input_tokens"))
    written = _count(usage.get("completion_tokens")) or _count(usage.get("output_tokens"))
    total = _count(usage.get("total_tokens"))
    cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else 0
    cached = cached or _count(usage.get("prompt_cache_hit_tokens"))  # DeepSeek's name
    thought = _count(of_output.get("reasoning_tokens")) if isinstance(of_output, dict) else 0
    if thought > written:  # then it is not a part of it
        written += thought
    return Tokens(asked, min(cached, asked), max(written, total - asked))


def _count(value: Any) -> int:
    """A number of tokens; 0 for what cannot be one."""
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        return 0
    return int(number) if 0 < number < _MOST_TOKENS else 0


class CallStore:
    """Calls in `lake/calls/PAPER_ID/`. An answer is written once and never changed."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def has_answer(self, paper_id: str, key: str) -> bool:
        """Whether a file for the answer to a request is there."""
        directory = self._library.lake.calls(paper_id)
        return any((directory / f"{key}{ending}").exists() for ending in (ANSWER, JUDGEMENT))

    def calls(self, paper_id: str) -> list[Call]:
        """Every attempt for a paper, oldest first; a damaged judgement or record of a failed attempt is left out.

        Raises:
            DamagedFileError: a stored answer cannot be read.
        """
        files = sorted_files(self._library.lake.calls(paper_id), ".json")
        answers = [_read_call(path) for path in files if path.name.endswith(ANSWER)]
        others = readable((path for path in files if not path.name.endswith(ANSWER)), _read_call)
        return _in_order((*answers, *others))

    def readable_calls(self, paper_id: str) -> list[Call]:
        """The same without the answers that cannot be read, for those who only report."""
        return _in_order(readable(sorted_files(self._library.lake.calls(paper_id), ".json"), _read_call))

    def record(self, call: Call) -> None:
        """Writes one attempt; an answer that is already there stays as it is."""
        directory = self._library.lake.calls(call.paper_id)
        if call.answered:
            path = directory / f"{call.key}{ANSWER if call.verifies is None else JUDGEMENT}"
            kept = if_readable(path, _read_call)
            if kept is not None and kept.answered:
                return
        else:
            path = directory / f"{call.key}.{time_in_names(call.asked_at)}.failed.json"
        write_record(path, call)


def _read_call(path: UPath) -> Call:
    paid = (
        f"{RESTORE} It holds an answer that was paid for. Or delete it and run `papers retry {path.parent.name}`: the "
        "next run of its date asks, and pays, again."
    )
    return read_record(path, Call, paid)


def _in_order(found: Iterable[Call]) -> list[Call]:
    return sorted(found, key=lambda call: (call.asked_at, call.key))


def answers_to(key: str, calls: Iterable[Call]) -> int:
    """How many answers there are to the request with this key: one, and one more for each repair of it."""
    return sum(call.answered and key in (call.key, call.repairs) for call in calls)


def has_price(model: str) -> bool:
    """Whether `prices.json` knows what a model costs."""
    return model in _prices()


@cache
def _prices() -> dict[str, dict[str, float]]:
    prices: dict[str, dict[str, float]] = json.loads(
        files("daily_papers.summaries").joinpath("prices.json").read_text(encoding="utf-8")
    )
    return prices


def cost_usd(model: str, tokens: Tokens) -> float | None:
    """Price of a call in US dollars; None where the model is not in `prices.json`."""
    price = _prices().get(model)
    if price is None:
        return None
    fresh_input = tokens.input - tokens.cached_input
    millionths = (
        fresh_input * price["input"] + tokens.cached_input * price["cached_input"] + tokens.output * price["output"]
    )
    return round(millionths / 1_000_000, 9)
