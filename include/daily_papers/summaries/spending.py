"""The limits of a run: what it may cost, and how many tokens it may use, held before each call."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

from upath import UPath

from daily_papers.errors import TerminalError
from daily_papers.lake.files import canonical_json, read_record, write_atomically
from daily_papers.lake.library import Library
from daily_papers.summaries.call_store import Tokens, cost_usd, has_price
from daily_papers.summaries.request import ModelRequest


@dataclass(frozen=True)
class Amount:
    """Dollars and tokens, input and output together."""

    usd: float = 0.0
    tokens: int = 0


class RunSpending:
    """What a run has spent, and what its calls under way may still cost; shared by its tasks on one machine.

    A call is let through only where the most it can cost is left of both limits. What may have been paid for counts in
    full: a call whose process died, one that timed out, an answer without usage. Retries within the SDK do not count.
    """

    def __init__(self, library: Library, run: str) -> None:
        """`run` names the run.

        Raises:
            TerminalError: there is a limit of cost, and no price for the model.
        """
        settings = library.settings
        self._most_usd = math.inf if settings.max_usd_per_run is None else settings.max_usd_per_run
        self._most_tokens = math.inf if settings.max_tokens_per_run is None else settings.max_tokens_per_run
        self._output_tokens = max(settings.output_tokens, settings.extra_output_tokens)
        """The most that an answer can have; more where one of this process had more, as models do that think unseen."""
        models = [model for model in (settings.model, settings.verifier_model) if model is not None]
        unpriced = [model for model in models if not has_price(model)]
        if settings.max_usd_per_run is not None and unpriced:
            raise TerminalError(
                f"DAILY_PAPERS_MAX_USD_PER_RUN is set, but prices.json has no price for {' and '.join(unpriced)}. Add "
                "it, or set DAILY_PAPERS_MAX_TOKENS_PER_RUN instead."
            )
        name = hashlib.sha256(run.encode()).hexdigest()[:16]
        self._lock = library.lock(f"spending-{name}")
        self._file = settings.lock_directory / f"spending-{name}.json"

    @property
    def _limited(self) -> bool:
        return min(self._most_usd, self._most_tokens) < math.inf

    def reserve(self, request: ModelRequest) -> bool:
        """Sets aside the most a request can cost; whether that much was left."""
        if not self._limited:
            return True
        wanted = self._largest(request)
        with self._lock:
            booked = self._read()
            if request.key in booked:  # its process died; it may have been paid for, and is asked again
                _add(booked, f"{request.key} settled", booked.pop(request.key))
            total = _total([*booked.values(), wanted])
            fits = total.usd <= self._most_usd and total.tokens <= self._most_tokens
            self._write({**booked, request.key: wanted} if fits else booked)
        return fits

    def settle(self, request: ModelRequest, tokens: Tokens, *, unknown: bool) -> None:
        """Books what a request did cost in place of what was set aside; where that is unknown, all of it stays."""
        if not self._limited:
            return
        with self._lock:
            booked = self._read()
            aside = booked.pop(request.key, Amount())
            self._output_tokens = max(self._output_tokens, tokens.output)
            actual = Amount(cost_usd(request.model, tokens) or 0.0, tokens.input + tokens.output)
            _add(booked, f"{request.key} settled", aside if unknown else actual)
            self._write(booked)

    def _largest(self, request: ModelRequest) -> Amount:
        output = max(self._output_tokens, request.body.get("max_completion_tokens", 0))
        tokens = Tokens(request.tokens, 0, output)
        return Amount(cost_usd(request.model, tokens) or 0.0, tokens.input + tokens.output)

    def _read(self) -> dict[str, Amount]:
        """What is booked; an unreadable file counts as a limit that is used up, because nobody knows what was paid."""
        if not self._file.exists():
            return {}
        remedy = "What this run has spent is unknown, so it asks no more. A new run of the date has its own limits."
        return read_record(UPath(self._file), dict[str, Amount], remedy)

    def _write(self, booked: dict[str, Amount]) -> None:
        write_atomically(UPath(self._file), canonical_json(booked))


def _add(booked: dict[str, Amount], name: str, more: Amount) -> None:
    booked[name] = _total([booked.get(name, Amount()), more])


def _total(amounts: Iterable[Amount]) -> Amount:
    usd, tokens = zip(*((one.usd, one.tokens) for one in amounts), strict=True)
    return Amount(sum(usd), sum(tokens))
