"""What people decided about summaries: approved (as it is, or edited), rejected, or to be asked for again.

Everything is appended to `lake/decisions/PAPER_ID/` and nothing is changed, so decisions outlive any rebuild.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime
from upath import UPath

from daily_papers.lake.files import RESTORE, read_record, readable, sorted_files, time_in_names, write_record
from daily_papers.lake.library import Library
from daily_papers.outside_text import on_one_line

LONGEST_WHY = 2000
"""Characters of a decision's grounds."""


class Action(StrEnum):
    """What a person can do about a paper."""

    APPROVE = "approve"
    REJECT = "reject"
    RETRY = "retry"


@dataclass(frozen=True)
class Decision:
    """One decision: who, when (UTC), why, and about which answer.

    `request_keys` names the answer by the calls that made it, the first one and its repairs: an answer that was
    repaired since is another one. An approval sets `reasons` aside; `answer` is the edited answer (the JSON of
    `answers.json_schema`), None where it was approved as it is.
    """

    paper_id: str
    action: Action
    decided_at: AwareDatetime
    by: str
    why: str
    request_keys: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    answer: Mapping[str, Any] | None = None

    @property
    def outcome(self) -> str:
        """What became of the answer: `approved`, `edited` or `rejected` (as the day file says it), or `asked again`."""
        if self.action is Action.APPROVE:
            return "approved" if self.answer is None else "edited"
        return "rejected" if self.action is Action.REJECT else "asked again"


def one_line(text: str) -> str:
    """What a person wrote, with single spaces and without what nobody can see."""
    return on_one_line(text)


def record_decision(library: Library, decision: Decision) -> None:
    """Appends a decision."""
    name = f"{time_in_names(decision.decided_at)}-{uuid.uuid4().hex[:8]}.json"
    write_record(library.lake.decisions(decision.paper_id) / name, decision)


def decisions(library: Library, paper_id: str) -> list[Decision]:
    """Every decision about a paper, oldest first.

    Raises:
        DamagedFileError: one of them cannot be read.
    """
    return [_read(path) for path in sorted_files(library.lake.decisions(paper_id), ".json")]


def readable_decisions(library: Library, paper_id: str) -> list[Decision]:
    """The same without those that cannot be read, for those who only report."""
    return list(readable(sorted_files(library.lake.decisions(paper_id), ".json"), _read))


def decision_about(made: Iterable[Decision], request_keys: Sequence[str]) -> Decision | None:
    """The newest of some decisions that is about an answer: approved or rejected.

    A repair that was under way when somebody decided comes too late: the decision is about the calls before it.
    """
    keys = tuple(request_keys)
    about = [
        one for one in made if one.action is not Action.RETRY and one.request_keys == keys[: len(one.request_keys)]
    ]
    return about[-1] if about else None


def retries(made: Iterable[Decision]) -> list[Decision]:
    """Those of some decisions that want another answer."""
    return [one for one in made if one.action is Action.RETRY]


def _read(path: UPath) -> Decision:
    return read_record(path, Decision, f"{RESTORE} It holds what a person decided. Or delete it, and decide again.")
