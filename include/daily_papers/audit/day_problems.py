"""What keeps a date from being whole, for people and monitors: damage, refusals, failed runs, and what is pending."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from daily_papers.audit.audit_record import readable_audit_record
from daily_papers.audit.day_status import DayStatus, DaySummary, damage_of
from daily_papers.lake.library import Library
from daily_papers.listing.looks import failed_looks
from daily_papers.reasons import Reason, text_of
from daily_papers.runs.claim import claim_of
from daily_papers.runs.failure import run_failure

LONGEST_RUN = timedelta(hours=6)
"""A run that began so long ago and did not end is a problem: its machine may have died."""


class ProblemCode(StrEnum):
    """Codes of problems."""

    DAMAGED = "damaged"
    REFUSED = "refused"
    FETCH_FAILED = "fetch_failed"
    RUN_FAILED = "run_failed"
    RUN_UNFINISHED = "run_unfinished"
    DIGEST_MISSING = "digest_missing"
    PENDING = "pending"


@dataclass(frozen=True)
class DayProblem:
    """A problem of a date: its code, what happened and what to do in sentences, and whether somebody must act."""

    code: ProblemCode
    text: str
    is_failure: bool = True


def problems_of(library: Library, summary: DaySummary) -> list[DayProblem]:
    """The problems of a date with this status; empty for one that is as it should be."""
    day = summary.listing_date
    damage = damage_of(library, day) if summary.status is DayStatus.DAMAGED else []
    found = [DayProblem(ProblemCode.DAMAGED, text) for text in damage]
    found += _of_the_audit(library, summary)
    failed, claim = run_failure(library, day), claim_of(library, day)
    if failed is not None and (claim is None or claim.run_id == failed.run_id):
        where = f"{failed.failed_at:%Y-%m-%d %H:%M} UTC in the task {failed.task_id} of the run {failed.run_id}"
        found.append(DayProblem(ProblemCode.RUN_FAILED, f"The newest run failed at {where}: {failed.message}"))
    elif summary.status is DayStatus.FETCH_FAILED:
        last = failed_looks(library, day)[-1]
        text = f"The listing could not be fetched at {last.observed_at:%Y-%m-%d %H:%M} UTC: {last.message}"
        found.append(DayProblem(ProblemCode.FETCH_FAILED, text))
    elif claim is not None and claim.claimed_at is not None:
        is_long = datetime.now(UTC) - claim.claimed_at > LONGEST_RUN
        text = f"The run {claim.run_id} began at {claim.claimed_at:%Y-%m-%d %H:%M} UTC and has not ended."
        advice = " See it in Airflow: if it hangs, mark it as failed; then run the date again." if is_long else ""
        found.append(DayProblem(ProblemCode.RUN_UNFINISHED, text + advice, is_failure=is_long))
    is_under_way = any(one.code is ProblemCode.RUN_UNFINISHED and not one.is_failure for one in found)
    if summary.listed and not is_under_way and library.has_day(day) and not library.lake.digest(day).is_file():
        text = f"{library.lake.digest(day)} is missing: `papers rebuild {day}` rebuilds it."
        found.append(DayProblem(ProblemCode.DIGEST_MISSING, text))
    return found + _pending(library, summary)


def _of_the_audit(library: Library, summary: DaySummary) -> list[DayProblem]:
    if summary.status is not DayStatus.FAILED:
        return []
    record = readable_audit_record(library, summary.listing_date)
    reasons = [text_of(code) for code in record.day_reasons] if record else []
    meanings = " ".join(f"{text.english} {text.remedy}" for text in reasons)
    return [DayProblem(ProblemCode.REFUSED, f"The audit refused the date: {meanings}")]


def _pending(library: Library, summary: DaySummary) -> list[DayProblem]:
    """Why papers are pending, the most frequent reason first."""
    from daily_papers.rows.day_file import readable_rows

    if not summary.pending:
        return []
    columns = ("listed", "status", "reasons")
    rows = next((rows for _, rows in readable_rows(library, [summary.listing_date], columns)), [])
    pending = [row for row in rows if row["listed"] and row["status"] == "pending"]
    reasons = Counter(code for row in pending for code in row["reasons"]) or Counter(
        {Reason.NOT_ASKED: summary.pending}
    )
    return [
        DayProblem(
            ProblemCode.PENDING,
            f"Pending papers: {count} ({code}). {text_of(code).english} {text_of(code).remedy}",
            is_failure=False,
        )
        for code, count in reasons.most_common()
    ]
