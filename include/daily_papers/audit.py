"""Step 4: audit the staged rows of a date, set each row's status, and replace its day file."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from daily_papers.assemble import staged_rows
from daily_papers.checks import ROW_CHECKS, findings
from daily_papers.day_file import RowStatus, day_language, write_day_file
from daily_papers.day_listing import ids_ever_listed
from daily_papers.day_status import DaySummary, summarize_rows
from daily_papers.errors import DayRefusedError
from daily_papers.lake import Lake
from daily_papers.reasons import WARNINGS, Reason, text_of
from daily_papers.storage import readable_json, write_atomically

logger = logging.getLogger(__name__)

LONGEST_DETAIL = 200
"""Characters of what a check found that are kept."""


def audit(lake: Lake, listing_date: date, default_language: str) -> DaySummary:
    """Assembles a date from its inputs, validates it and publishes its rows; nothing is dropped.

    A row with failing checks is quarantined with its reasons, one without an answer is pending; warnings stay beside
    the row. A date keeps the
    language it has; `default_language` is that of a new one.

    Raises:
        DayRefusedError: the day as a whole is wrong; the verdict is recorded, the previous day file stays.
        UserError: the date was never fetched.
    """
    rows = staged_rows(lake, listing_date, day_language(lake, listing_date, default_language))
    return audit_rows(lake, listing_date, rows, ids_ever_listed(lake, listing_date))


def audit_rows(
    lake: Lake, listing_date: date, rows: Sequence[dict[str, Any]], expected_ids: Sequence[str]
) -> DaySummary:
    """`audit` on rows that were assembled already; `expected_ids` are the papers of the date's captures."""
    from daily_papers.expectations import validate_day

    try:
        day_reasons, row_reasons = validate_day(listing_date, rows, expected_ids)
    except DayRefusedError:
        _record_verdict(lake, listing_date, "refused", [Reason.AUDIT_NOT_EVALUATED], {})
        raise
    if day_reasons:
        _record_verdict(lake, listing_date, "refused", sorted(day_reasons), {})
        meanings = " ".join(text_of(reason).english for reason in sorted(day_reasons))
        raise DayRefusedError(f"The audit refused {listing_date}: {meanings} The previous version stays published.")
    audited = [_with_status(row, row_reasons.get(row["paper_id"], set())) for row in rows]
    write_day_file(lake, listing_date, audited)
    reasons = Counter(reason for row in audited for reason in row["reasons"])
    _record_verdict(lake, listing_date, "accepted", [], dict(sorted(reasons.items())))
    summary = summarize_rows(listing_date, audited)
    logger.info("Audit of %s: %s", listing_date, summary)
    return summary


def _with_status(row: dict[str, Any], found: set[Reason]) -> dict[str, Any]:
    failing = [reason.value for reason in ROW_CHECKS if reason in found and reason not in WARNINGS]
    warnings = [reason.value for reason in ROW_CHECKS if reason in found and reason in WARNINGS]
    if not failing and not row["answered"]:
        status, failing = RowStatus.PENDING, [str(row["pending_reason"])]
    else:
        status = RowStatus.QUARANTINED if failing else RowStatus.COMPLETE
    details = [
        {"reason": reason.value, "part": finding.part, "detail": finding.detail[:LONGEST_DETAIL]}
        for reason, of_reason in (findings(row) if found else {}).items()
        for finding in of_reason
        if reason in found
    ]
    return {**row, "status": status.value, "reasons": failing, "warnings": warnings, "findings": details}


def _record_verdict(
    lake: Lake, listing_date: date, verdict: str, day_reasons: Sequence[str], rows_per_reason: dict[str, int]
) -> None:
    record = {
        "listing_date": listing_date.isoformat(),
        "verdict": verdict,
        "day_reasons": [str(reason) for reason in day_reasons],
        "rows_per_reason": rows_per_reason,
    }
    write_atomically(lake.audit_file(listing_date), readable_json(record))
