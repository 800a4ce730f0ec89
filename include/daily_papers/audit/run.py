"""Step 4: audit the staged rows of a date, set each row's status, and replace its day file."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from daily_papers.audit.assemble import staged_rows
from daily_papers.audit.audit_record import AuditRecord, history_of, write_audit_record
from daily_papers.audit.day_status import DaySummary, summarize_rows
from daily_papers.checks.day_rules import measure_day
from daily_papers.checks.row_checks import findings
from daily_papers.errors import DayRefusedError
from daily_papers.lake.library import Library
from daily_papers.listing.day_listing import ids_ever_listed
from daily_papers.process_home import ensure_home
from daily_papers.reasons import ROW_REASONS, WARNINGS, Reason, text_of
from daily_papers.rows.day_file import RowStatus, as_kept, write_day_file
from daily_papers.rows.published import published_rows
from daily_papers.rows.staged_row import StagedRow
from daily_papers.summaries.call_store import CallStore, answers_to
from daily_papers.summaries.day_language import day_language
from daily_papers.summaries.decisions import decisions

logger = logging.getLogger(__name__)

MOST_NAMED = 5
"""Lost inputs that a message names."""
LONGEST_DETAIL = 200
"""Characters of what a check found that are kept."""


def audit_day(library: Library, listing_date: date) -> DaySummary:
    """Assembles a date from its inputs, validates it and publishes its rows; nothing is dropped.

    A row with failing checks is quarantined with its reasons, unless a person approved it; one without an answer is
    pending; warnings stay beside the row. A date keeps the language it has; a new one gets that of the settings. One
    audit of a date at a time: the last one to write is the last one that read.

    Raises:
        DayRefusedError: the day as a whole is wrong; the verdict is recorded, the previous day file stays.
        DamagedFileError: a look at the listing cannot be read; nothing is changed.
        UserError: the date was never fetched.
    """
    with library.lock(f"audit-{listing_date}"):
        rows = rows_to_audit(library, listing_date)
        return audit_rows(library, listing_date, rows, ids_ever_listed(library, listing_date))


def rows_to_audit(library: Library, listing_date: date) -> list[StagedRow]:
    """The staged rows of a date in its language, as the suite looks at them."""
    language = day_language(library, listing_date)
    return with_lost_inputs(library, listing_date, staged_rows(library, listing_date, language))


def with_lost_inputs(library: Library, listing_date: date, rows: Sequence[StagedRow]) -> list[StagedRow]:
    """Staged rows with `lost_input`: what their published version rests on and the lake has no longer, else None.

    That is the answer that readers have, unless a person wants another one, or the decision that the row shows.
    """
    published = published_rows(library, listing_date)
    return [replace(row, lost_input=_lost_input(library, published.get(row.paper_id), row)) for row in rows]


def _lost_input(library: Library, published: dict[str, Any] | None, row: StagedRow) -> str | None:
    if published is None:
        return None
    paper_id, decided_at = published["paper_id"], published["decided_at"]
    if published["status"] == RowStatus.COMPLETE and row.damaged_input is not None:
        return row.damaged_input
    if published["status"] == RowStatus.COMPLETE and row.pending_reason != Reason.RETRY_REQUESTED:
        lost = _lost_answer(library, published, row)
        if lost is not None:
            return lost
    if decided_at is not None and decided_at not in {as_kept(one.decided_at) for one in decisions(library, paper_id)}:
        return f"decision of {decided_at.isoformat()}"
    return None


def _lost_answer(library: Library, published: dict[str, Any], row: StagedRow) -> str | None:
    paper_id, key, repairs = published["paper_id"], published["request_key"], published["repairs"]
    origin = row.origin
    if origin is not None and origin.request_key == key and origin.repairs >= repairs:  # it was read a moment ago
        return None
    store = CallStore(library)
    if not store.has_answer(paper_id, key):
        return f"answer {key}"
    return f"a repair of the answer {key}" if answers_to(key, store.readable_calls(paper_id)) <= repairs else None


def audit_rows(
    library: Library, listing_date: date, rows: Sequence[StagedRow], expected_ids: Sequence[str]
) -> DaySummary:
    """`audit_day` on rows that were assembled already; `expected_ids` are the papers of the date's captures."""
    ensure_home()
    from daily_papers.audit.suite import validate_day

    try:
        validation = validate_day(listing_date, rows, expected_ids, history_of(library, listing_date))
    except DayRefusedError:
        write_audit_record(
            library, AuditRecord(listing_date, accepted=False, day_reasons=(Reason.AUDIT_NOT_EVALUATED,))
        )
        raise
    outcomes = tuple(validation.outcomes)
    if validation.day_reasons:
        refused = tuple(sorted(validation.day_reasons))
        write_audit_record(library, AuditRecord(listing_date, accepted=False, day_reasons=refused, outcomes=outcomes))
        meanings = " ".join(f"{text_of(reason).english} {text_of(reason).remedy}" for reason in refused)
        raise DayRefusedError(
            f"The audit refused {listing_date}: {meanings}{_lost(rows)} The previous version stays published."
        )
    found = [frozenset(validation.row_reasons.get(row.paper_id, ())) for row in rows]
    audited = [with_status(row, reasons) for row, reasons in zip(rows, found, strict=True)]
    write_day_file(library, listing_date, audited)
    record = AuditRecord(listing_date, accepted=True, measures=measure_day(rows, found), outcomes=outcomes)
    write_audit_record(library, record)
    summary = summarize_rows(listing_date, audited)
    logger.info("Audit of %s: %s", listing_date, summary)
    for reason, paper_ids in _by_reason(audited).items():
        logger.info("%s: %s: %s", listing_date, reason, ", ".join(paper_ids))
    for warning in record.day_warnings:
        logger.warning("%s: %s (%s)", listing_date, text_of(warning.reason).english, warning.expectation)
    return summary


def _lost(rows: Sequence[StagedRow]) -> str:
    """The lost inputs of some rows, as a sentence; "" for none."""
    lost = [f"{row.paper_id} ({row.lost_input})" for row in rows if row.lost_input]
    more = f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
    return f" Lost: {', '.join(lost[:MOST_NAMED])}{more}." if lost else ""


def _by_reason(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Papers that readers do not get, by reason."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for reason in row["reasons"]:
            found.setdefault(reason, []).append(row["paper_id"])
    return found


def with_status(row: StagedRow, found: frozenset[Reason]) -> dict[str, Any]:
    """A row of the day file: a staged row with its status, reasons and warnings, and what exactly was found."""
    in_order = [reason for reason in ROW_REASONS if reason in found]
    failing = [one.value for one in in_order if one not in WARNINGS and one not in row.verdict.approved_reasons]
    if not failing and not row.answered:
        status, failing = RowStatus.PENDING, [str(row.pending_reason)]
    else:
        status = RowStatus.QUARANTINED if failing else RowStatus.COMPLETE
    details = [
        {"reason": reason.value, "part": finding.part, "detail": finding.detail[:LONGEST_DETAIL]}
        for reason, of_reason in (findings(row) if found else {}).items()
        for finding in of_reason
        if reason in found
    ]
    warnings = [reason.value for reason in in_order if reason in WARNINGS]
    return {**row.as_columns(), "status": status.value, "reasons": failing, "warnings": warnings, "findings": details}
