"""The failure of the newest run of a date: kept when it happens, and forgotten when a run of the date succeeds."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pydantic import AwareDatetime

from daily_papers.errors import DailyPapersError
from daily_papers.lake.files import if_readable, read_record, write_record
from daily_papers.lake.library import Library
from daily_papers.redaction import redacted
from daily_papers.runs.claim import RunIdentity

logger = logging.getLogger(__name__)

LONGEST_MESSAGE = 1000
"""Characters of a failure's message that are kept."""


@dataclass(frozen=True)
class RunFailure:
    """Which task of which run failed, when, the kind of error and what it said; errors of ours say what to do."""

    dag_id: str
    run_id: str
    task_id: str
    failed_at: AwareDatetime
    error: str
    message: str


def record_run_failure(
    library: Library,
    listing_date: date,
    run: RunIdentity,
    task_id: str,
    error: BaseException,
    secrets: Iterable[str] = (),
) -> None:
    """Keeps the failure of a task in place of an earlier one, without `secrets`; where it cannot, the log says so."""
    said = redacted(str(error) or "no message", *secrets, longest=LONGEST_MESSAGE)
    if not isinstance(error, DailyPapersError):
        said = f"{said} See the task's log; run the date again once the cause is fixed."
    failure = RunFailure(run.dag_id, run.run_id, task_id, datetime.now(UTC), type(error).__name__, said)
    try:
        write_record(library.lake.run_failure(listing_date), failure)
    except (OSError, DailyPapersError):
        logger.exception("The failure of %s could not be recorded for `papers status`", listing_date)


def run_failure(library: Library, listing_date: date) -> RunFailure | None:
    """The failure of the newest run of a date; None where it succeeded, or nothing is known."""
    path = library.lake.run_failure(listing_date)
    remedy = "The next run of the date replaces it."
    return if_readable(path, lambda one: read_record(one, RunFailure, remedy))


def forget_run_failure(library: Library, listing_date: date) -> None:
    """A run of the date succeeded."""
    library.lake.run_failure(listing_date).unlink(missing_ok=True)
