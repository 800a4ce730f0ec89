"""Faults of a listing's server, from a script: what goes wrong, with which request, how often."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from daily_papers.errors import UserError
from daily_papers.sample.server import ListingSource, Reply

KINDS = ("status", "delay", "reset", "truncation", "body", "html", "schema")
LOGIN_PAGE = "<!doctype html><html><body>Please log in</body></html>"


@dataclass(frozen=True)
class Fault:
    """One fault. It strikes the next `times` requests it applies to (0: every one), and then lets them pass.

    - `status`: another status, with `headers`
    - `delay`: `seconds` before the answer
    - `reset`: the connection is reset
    - `truncation`: only `bytes` of the body, and `announced` says whether the full length was announced
    - `body`: `text` instead of the list, with `headers`; `html` is short for a login page
    - `schema`: in the item at `item` (none: in all), the field at `path` (`paper.upvotes`) gets `value`, or is removed
      where `remove` is set
    """

    kind: str
    times: int = 1
    page: int | None = None
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    bytes: int = 0
    announced: bool = True
    text: str = ""
    item: int | None = None
    path: str = ""
    value: Any = None
    remove: bool = False


def faults_from_json(text: str) -> list[Fault]:
    """A script: a JSON list of objects with the fields of `Fault`.

    Raises:
        UserError: no such list; the message says what is wrong.
    """
    try:
        faults = [Fault(**one) for one in json.loads(text)]
    except (ValueError, TypeError) as error:
        raise UserError(f"This is not a list of faults: {error}") from None
    if unknown := {fault.kind for fault in faults} - set(KINDS):
        raise UserError(f"No such fault: {', '.join(sorted(unknown))}. There are: {', '.join(KINDS)}.")
    return faults


class WithFaults:
    """A listing whose requests meet the faults of a script, in its order."""

    def __init__(self, listings: ListingSource, faults: Sequence[Fault]) -> None:
        self._listings = listings
        self._faults = list(faults)
        self._left = [fault.times or math.inf for fault in faults]
        self._lock = threading.Lock()

    def __call__(self, query: dict[str, str]) -> Reply:
        """The listing's answer, changed by the first fault that applies and is not used up."""
        fault = self._next(query.get("p", "0"))
        reply = self._listings(query)
        return _struck(fault, reply) if fault else reply

    def _next(self, page: str) -> Fault | None:
        with self._lock:
            for position, fault in enumerate(self._faults):
                if self._left[position] and (fault.page is None or str(fault.page) == page):
                    self._left[position] -= 1
                    return fault
        return None


def _struck(fault: Fault, reply: Reply) -> Reply:
    """What becomes of an answer."""
    match fault.kind:
        case "status":
            reply = Reply.of_json(fault.status, {"error": "fault"}, fault.headers)
        case "delay":
            reply = replace(reply, delay_seconds=fault.seconds)
        case "reset":
            reply = replace(reply, reset=True)
        case "truncation" if fault.announced:
            reply = replace(reply, sent_bytes=fault.bytes)
        case "truncation":
            reply = replace(reply, body=reply.body[: fault.bytes])
        case "html":
            reply = Reply(200, LOGIN_PAGE.encode(), {"Content-Type": "text/html"})
        case "schema":
            reply = replace(reply, body=_with_changed_schema(fault, reply.body))
        case "body":
            reply = Reply(200, fault.text.encode(), {"Content-Type": "text/plain", **fault.headers})
    return reply


def _with_changed_schema(fault: Fault, body: bytes) -> bytes:
    items = json.loads(body)
    *parents, last = fault.path.split(".")
    for position, item in enumerate(items):
        if fault.item in (None, position):
            target = item
            for name in parents:
                target = target[name]
            if fault.remove:
                del target[last]
            else:
                target[last] = fault.value
    return json.dumps(items).encode()
