"""The store of everything a model was asked: paid answers under their content key, and failed attempts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from daily_papers.answers import first_choice
from daily_papers.lake import Lake
from daily_papers.outside_text import on_one_line
from daily_papers.prompt import SummaryRequest
from daily_papers.reasons import Reason
from daily_papers.storage import read_json, readable_json, sorted_files, write_atomically


@dataclass(frozen=True)
class Call:
    """One attempt at a request. `response` is the body as received; `error` the reason code of a failure.

    Times are timezone-aware UTC, `latency_seconds` covers the transport retries too. `repairs` is the key of the
    request whose answer this one mends (for the `repair_number`-th time), `parts` are the parts it asks for. `run` is
    who asked: a DAG and its run, or a command.
    """

    key: str
    paper_id: str
    listing_date: date
    model: str
    prompt_version: str
    language: str
    source_kind: str
    source_sha256: str
    asked_at: datetime
    latency_seconds: float
    request_id: str | None
    response: dict[str, Any] | None = None
    error: str | None = None
    error_detail: str | None = None
    repairs: str | None = None
    repair_number: int = 0
    parts: tuple[str, ...] = ()
    run: str | None = None

    @property
    def answered(self) -> bool:
        """Whether this attempt brought an answer."""
        return self.response is not None

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
        usage = usage if isinstance(usage, dict) else {}
        details = usage.get("prompt_tokens_details")
        details = details if isinstance(details, dict) else {}
        return Tokens(
            input=_count(usage.get("prompt_tokens")),
            cached_input=_count(details.get("cached_tokens")),
            output=_count(usage.get("completion_tokens")),
        )


@dataclass(frozen=True)
class Tokens:
    """Token counts of a call; `cached_input` is the part of `input` that the provider had cached."""

    input: int
    cached_input: int
    output: int


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


class CallStore:
    """Calls in `lake/calls/PAPER_ID/`. An answer is written once and never changed."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def answer(self, request: SummaryRequest) -> Call | None:
        """The stored answer to exactly this request."""
        path = self._lake.calls(request.paper_id) / f"{request.key}.answer.json"
        return _read_call(read_json(path)) if path.exists() else None

    def has_answer(self, paper_id: str, key: str) -> bool:
        """Whether the answer to a request is there."""
        return (self._lake.calls(paper_id) / f"{key}.answer.json").exists()

    def calls(self, paper_id: str) -> list[Call]:
        """Every attempt for a paper, oldest first."""
        found = [_read_call(read_json(path)) for path in sorted_files(self._lake.calls(paper_id), ".json")]
        return sorted(found, key=lambda call: (call.asked_at, call.key))

    def record(self, call: Call) -> None:
        """Writes one attempt; an answer that is already there stays as it is."""
        directory = self._lake.calls(call.paper_id)
        if call.answered:
            path = directory / f"{call.key}.answer.json"
            if path.exists():
                return
        else:
            path = directory / f"{call.key}.{call.asked_at:%Y%m%dT%H%M%S.%fZ}.failed.json"
        write_atomically(path, readable_json(_call_record(call)))


def _call_record(call: Call) -> dict[str, Any]:
    record = dict(call.__dict__)
    record["listing_date"] = call.listing_date.isoformat()
    record["asked_at"] = call.asked_at.isoformat()
    return record


def _read_call(record: Mapping[str, Any]) -> Call:
    return Call(
        **{
            **record,
            "listing_date": date.fromisoformat(record["listing_date"]),
            "asked_at": datetime.fromisoformat(record["asked_at"]),
            "parts": tuple(record.get("parts", ())),
        }
    )


def has_price(model: str) -> bool:
    """Whether `prices.json` knows what a model costs."""
    return model in _prices()


@cache
def _prices() -> dict[str, dict[str, float]]:
    prices: dict[str, dict[str, float]] = json.loads(
        files("daily_papers").joinpath("prices.json").read_text(encoding="utf-8")
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
