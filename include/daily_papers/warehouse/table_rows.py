"""What the lake says about dates and papers, as rows of the warehouse's tables that SQL alone does not make.

A row has every column of its table under its name; `sql/schema.sql` says what each means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from daily_papers.audit.audit_record import readable_audit_record
from daily_papers.audit.day_status import DaySummary
from daily_papers.audit.day_warnings import DayWarning
from daily_papers.lake.library import Library
from daily_papers.legacy.digest import LegacyDigest
from daily_papers.listing.contract import Capture
from daily_papers.listing.looks import all_drift, failed_looks
from daily_papers.reasons import text_of
from daily_papers.rows.day_file import details_of
from daily_papers.sections import SECTION_KEYS
from daily_papers.summaries.call_store import Call, CallStore, cost_usd
from daily_papers.summaries.decisions import readable_decisions

Captures = Sequence[tuple[datetime, Capture]]
Row = Mapping[str, Any]


def naive_utc(moment: datetime) -> datetime:
    """A moment as the warehouse has it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def day_row(summary: DaySummary, observed_at: datetime | None) -> Row:
    """The row of `days` for a date that was last fetched successfully at `observed_at` (UTC)."""
    return {
        "listing_date": summary.listing_date,
        "status": summary.status.value,
        "listed_papers": summary.listed,
        "complete_papers": summary.complete,
        "quarantined_papers": summary.quarantined,
        "pending_papers": summary.pending,
        "observed_at": None if observed_at is None else naive_utc(observed_at),
    }


def observation_rows(library: Library, listing_date: date, captures: Captures) -> Iterator[Row]:
    """Rows of `observations`: the looks at a date, and what each changed."""
    before = frozenset[str]()
    for observed_at, capture in captures:
        listed = capture.listed_ids
        yield {
            "listing_date": listing_date,
            "observed_at": naive_utc(observed_at),
            "outcome": "listed" if listed else "empty",
            "listed_papers": len(listed),
            "joined_papers": len(listed - before),
            "left_papers": len(before - listed),
            "broken_items": len(capture.broken),
            "error": None,
            "error_message": None,
        }
        before = listed
    for failure in failed_looks(library, listing_date):
        yield {
            "listing_date": listing_date,
            "observed_at": naive_utc(failure.observed_at),
            "outcome": "failed",
            "listed_papers": None,
            "joined_papers": None,
            "left_papers": None,
            "broken_items": None,
            "error": failure.error,
            "error_message": failure.message,
        }


def vote_rows(listing_date: date, captures: Captures) -> Iterator[Row]:
    """Rows of `votes`."""
    for observed_at, capture in captures:
        for paper in capture.papers:
            yield {
                "listing_date": listing_date,
                "paper_id": paper.paper_id,
                "observed_at": naive_utc(observed_at),
                "upvotes": paper.upvotes,
                "comments": paper.comments,
            }


def seen_rows(listing_date: date, captures: Captures) -> Iterator[Row]:
    """When each item of a date was found there first and last, for `sql/load_listings_and_summaries.sql`."""
    seen: dict[str, tuple[datetime, datetime]] = {}
    for observed_at, capture in captures:
        moment = naive_utc(observed_at)
        for paper_id in capture.paper_ids:
            seen[paper_id] = (seen.get(paper_id, (moment, moment))[0], moment)
    for paper_id, (first, last) in seen.items():
        yield {"listing_date": listing_date, "paper_id": paper_id, "first_seen_at": first, "last_seen_at": last}


def reason_rows(row: Mapping[str, Any]) -> Iterator[Row]:
    """Rows of `quarantine` for a row of the day file."""
    for code in row["reasons"]:
        text = text_of(code)
        yield {
            "listing_date": row["listing_date"],
            "paper_id": row["paper_id"],
            "status": row["status"],
            "reason": code,
            "model": row["model"],
            "details": details_of(row, code),
            "meaning": text.english,
            "meaning_ko": text.korean,
            "remedy": text.remedy,
        }


def finding_rows(row: Mapping[str, Any]) -> Iterator[Row]:
    """Rows of `findings` for a row of the day file."""
    for finding in row["findings"]:
        reason = finding["reason"]
        yield {
            "listing_date": row["listing_date"],
            "paper_id": row["paper_id"],
            "reason": reason,
            "severity": text_of(reason).severity.value,
            "is_set_aside": reason not in (*row["reasons"], *row["warnings"]),
            "part": finding["part"],
            "detail": finding["detail"],
        }


def audit_rows(library: Library, listing_date: date) -> Iterator[Row]:
    """Rows of `audits`."""
    record = readable_audit_record(library, listing_date)
    for result in record.outcomes if record is not None else ():
        yield {
            "listing_date": listing_date,
            "expectation": result.expectation,
            "reason": result.reason,
            "severity": result.severity,
            "is_met": result.met,
            "failing_rows": result.failing_rows,
            "observed": result.observed,
            "least": result.least,
            "most": result.most,
        }


def drift_rows(library: Library) -> Iterator[Row]:
    """All rows of `drift`."""
    for drift in all_drift(library):
        yield {
            "what": drift.what,
            "listing_date": drift.listing_date,
            "paper_id": drift.paper_id,
            "first_seen_at": naive_utc(drift.first_seen_at),
        }


def warning_row(listing_date: date, code: DayWarning, meaning: str) -> Row:
    """A row of `warnings`."""
    return {"listing_date": listing_date, "warning": code.value, "meaning": meaning}


def decision_rows(library: Library, paper_ids: Iterable[str]) -> Iterator[Row]:
    """Rows of `decisions` about papers."""
    for paper_id in sorted(set(library.lake.decided_papers()).intersection(paper_ids)):
        for decision in readable_decisions(library, paper_id):
            yield {
                "paper_id": decision.paper_id,
                "decided_at": naive_utc(decision.decided_at),
                "action": decision.action.value,
                "is_edited": decision.answer is not None,
                "decided_by": decision.by,
                "decided_because": decision.why,
                "request_key": decision.request_keys[0] if decision.request_keys else None,
                "reasons": list(decision.reasons),
            }


def call_rows(library: Library, paper_ids: Iterable[str]) -> Iterator[Row]:
    """Rows of `calls` about papers: every call that reached the model's provider."""
    store = CallStore(library)
    for paper_id in paper_ids:
        yield from (_call_row(call) for call in store.readable_calls(paper_id) if call.sent)


def _call_row(call: Call) -> Row:
    tokens = call.tokens
    return {
        "request_key": call.key,
        "paper_id": call.paper_id,
        "listing_date": call.listing_date,
        "asked_at": naive_utc(call.asked_at),
        "model": call.model,
        "prompt_version": call.prompt_version,
        "language": call.language,
        "run": call.run,
        "is_answered": call.answered,
        "finish_reason": call.finish_reason if call.answered else None,
        "error": call.error,
        "error_detail": call.error_detail,
        "latency_seconds": call.latency_seconds,
        "input_tokens": tokens.input,
        "cached_input_tokens": tokens.cached_input,
        "output_tokens": tokens.output,
        "cost_usd": cost_usd(call.model, tokens) if call.response is not None else None,
        "provider_request_id": call.request_id,
        "repairs_request": call.repairs,
        "is_verification": call.verifies is not None,
    }


def legacy_summary_rows(digest: LegacyDigest) -> Iterator[Row]:
    """Rows of `legacy_summaries`."""
    for position, paper in enumerate(digest.papers, start=1):
        yield {
            "listing_date": digest.listing_date,
            "paper_id": paper.paper_id,
            "position": position,
            "title": paper.title,
        }


def legacy_section_rows(digest: LegacyDigest) -> Iterator[Row]:
    """Rows of `legacy_sections`."""
    for paper in digest.papers:
        for position, key in enumerate(SECTION_KEYS, start=1):
            yield {
                "listing_date": digest.listing_date,
                "paper_id": paper.paper_id,
                "position": position,
                "section": key,
                "markdown": paper.sections[key].strip(),
            }
