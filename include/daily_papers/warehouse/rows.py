"""What the lake says about dates and papers, as rows of the warehouse's tables that SQL alone does not make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from daily_papers.audit.record import readable_audit_record
from daily_papers.lake.library import Library
from daily_papers.legacy.digest import LegacyDigest
from daily_papers.listing.contract import Capture
from daily_papers.listing.looks import all_drift, failures
from daily_papers.reasons import text_of
from daily_papers.rows.day_file import details_of
from daily_papers.sections import SECTION_KEYS
from daily_papers.summaries.calls import Call, CallStore, cost_usd
from daily_papers.summaries.decisions import Decision, readable_decisions

Captures = Sequence[tuple[datetime, Capture]]
Row = Sequence[Any]


def naive_utc(moment: datetime) -> datetime:
    """A moment as the warehouse has it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def observation_rows(library: Library, listing_date: date, captures: Captures) -> Iterator[Row]:
    """Rows of `observations`: the looks at a date, and what each changed."""
    before = frozenset[str]()
    for observed_at, capture in captures:
        listed = capture.listed_ids
        outcome = "listed" if listed else "empty"
        counts = [len(listed), len(listed - before), len(before - listed), len(capture.broken)]
        yield [listing_date, naive_utc(observed_at), outcome, *counts, None, None]
        before = listed
    for failure in failures(library, listing_date):
        nothing = [None] * 4
        yield [listing_date, naive_utc(failure.observed_at), "failed", *nothing, failure.error, failure.message]


def vote_rows(listing_date: date, captures: Captures) -> Iterator[Row]:
    """Rows of `votes`."""
    for observed_at, capture in captures:
        for paper in capture.papers:
            yield [listing_date, paper.paper_id, naive_utc(observed_at), paper.upvotes, paper.comments]


def seen_rows(listing_date: date, captures: Captures) -> Iterator[Row]:
    """Date, item, and the times of the first and the last look that found it there."""
    seen: dict[str, tuple[datetime, datetime]] = {}
    for observed_at, capture in captures:
        moment = naive_utc(observed_at)
        for paper_id in capture.paper_ids:
            seen[paper_id] = (seen.get(paper_id, (moment, moment))[0], moment)
    for paper_id, (first, last) in seen.items():
        yield [listing_date, paper_id, first, last]


def reason_rows(row: dict[str, Any]) -> Iterator[Row]:
    """Rows of `quarantine` for a row of the day file."""
    for code in row["reasons"]:
        text = text_of(code)
        identity = [row["listing_date"], row["paper_id"], row["status"], code, row["model"]]
        yield [*identity, details_of(row, code), text.english, text.korean, text.remedy]


def finding_rows(row: dict[str, Any]) -> Iterator[Row]:
    """Rows of `findings` for a row of the day file."""
    for finding in row["findings"]:
        reason = finding["reason"]
        is_set_aside = reason not in (*row["reasons"], *row["warnings"])
        about = [reason, text_of(reason).severity.value, is_set_aside]
        yield [row["listing_date"], row["paper_id"], *about, finding["part"], finding["detail"]]


def audit_rows(library: Library, listing_date: date) -> Iterator[Row]:
    """Rows of `audits`."""
    record = readable_audit_record(library, listing_date)
    for one in record.outcomes if record is not None else ():
        yield [listing_date, *vars(one).values()]


def drift_rows(library: Library) -> Iterator[Row]:
    """All rows of `drift`."""
    for one in all_drift(library):
        yield [one.what, one.listing_date, one.paper_id, naive_utc(one.first_seen_at)]


def decision_rows(library: Library, paper_ids: Iterable[str]) -> Iterator[Row]:
    """Rows of `decisions` about papers."""
    for paper_id in sorted(set(library.lake.decided_papers()).intersection(paper_ids)):
        yield from map(_decision_row, readable_decisions(library, paper_id))


def _decision_row(one: Decision) -> Row:
    is_edited, key = one.answer is not None, one.request_keys[0] if one.request_keys else None
    why = [one.by, one.why, key, list(one.reasons)]
    return [one.paper_id, naive_utc(one.decided_at), one.action.value, is_edited, *why]


def call_rows(library: Library, paper_ids: Iterable[str]) -> Iterator[Row]:
    """Rows of `calls` about papers: every call that reached the model's provider."""
    store = CallStore(library)
    for paper_id in paper_ids:
        yield from (_call_row(call) for call in store.readable_calls(paper_id) if call.sent)


def _call_row(call: Call) -> Row:
    tokens = call.tokens
    return [
        call.key,
        call.paper_id,
        call.listing_date,
        naive_utc(call.asked_at),
        call.model,
        call.prompt_version,
        call.language,
        call.run,
        call.answered,
        call.finish_reason if call.answered else None,
        call.error,
        call.error_detail,
        call.latency_seconds,
        tokens.input,
        tokens.cached_input,
        tokens.output,
        cost_usd(call.model, tokens) if call.response is not None else None,
        call.request_id,
        call.repairs,
    ]


def legacy_summary_rows(digest: LegacyDigest) -> Iterator[Row]:
    """Rows of `legacy_summaries`."""
    for position, paper in enumerate(digest.papers, start=1):
        yield [digest.listing_date, paper.paper_id, position, paper.title]


def legacy_section_rows(digest: LegacyDigest) -> Iterator[Row]:
    """Rows of `legacy_sections`."""
    for paper in digest.papers:
        for position, key in enumerate(SECTION_KEYS, start=1):
            yield [digest.listing_date, paper.paper_id, position, key, paper.sections[key].strip()]
