"""The status of a date, computed here and shown the same everywhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from daily_papers.audit.audit_record import AuditRecord, read_audit_record
from daily_papers.errors import DamagedFileError
from daily_papers.lake.library import Library
from daily_papers.listing.day_listing import day_listing
from daily_papers.listing.looks import check_pages, failed_looks, successful_looks


class DayStatus(StrEnum):
    """What became of a date."""

    PUBLISHED = "published"
    PARTIAL = "partial"
    EMPTY = "empty"
    FAILED = "failed"
    FETCH_FAILED = "fetch_failed"
    DAMAGED = "damaged"
    MISSING = "missing"


DAY_STATUS_MEANINGS: dict[DayStatus, str] = {
    DayStatus.PUBLISHED: "every listed paper is complete or quarantined with reasons",
    DayStatus.PARTIAL: "some papers are pending; any later run of the date asks again",
    DayStatus.EMPTY: "Hugging Face listed nothing",
    DayStatus.FAILED: "fetched, but the audit refused it; an earlier version stays published",
    DayStatus.FETCH_FAILED: "requested, but the listing could never be fetched; this does not mean that it is empty",
    DayStatus.DAMAGED: "a file of the date cannot be read; its digest stays, a rebuilt warehouse lacks its rows",
    DayStatus.MISSING: "never requested",
}


@dataclass(frozen=True)
class DaySummary:
    """Status and counts of a date; the last three counts add up to `listed`."""

    listing_date: date
    status: DayStatus
    listed: int = 0
    complete: int = 0
    quarantined: int = 0
    pending: int = 0

    def __str__(self) -> str:
        counts = f"{self.quarantined} quarantined, {self.pending} pending"
        return f"{self.status}, {self.complete} of {self.listed} papers complete, {counts}"

    def as_row(self) -> dict[str, Any]:
        """The summary as a row for tables and JSON."""
        return {**asdict(self), "status": self.status.value}


def summarize_rows(listing_date: date, rows: list[dict[str, Any]]) -> DaySummary:
    """Status of a date from the rows of its day file (`status` and `listed` are enough)."""
    counts = Counter(row["status"] for row in rows if row["listed"])
    listed = counts.total()
    status = DayStatus.PARTIAL if counts["pending"] else DayStatus.PUBLISHED if listed else DayStatus.EMPTY
    return DaySummary(listing_date, status, listed, counts["complete"], counts["quarantined"], counts["pending"])


def damage_of(library: Library, listing_date: date) -> list[str]:
    """Every file that the status of a date rests on and that cannot be read, with what brings it back."""
    from daily_papers.rows.day_file import read_day_file

    found: list[str] = []
    for read in (
        lambda: check_pages(library, successful_looks(library, listing_date)),
        lambda: read_day_file(library, listing_date, ["status", "listed"]),
        lambda: _checked_audit_record(library, listing_date),
    ):
        try:
            read()
        except FileNotFoundError:
            continue
        except DamagedFileError as error:
            found.append(str(error))
    return found


def _checked_audit_record(library: Library, listing_date: date) -> AuditRecord | None:
    """The record of a date; DamagedFileError also where it accepted rows that are gone."""
    from daily_papers.rows.day_file import missing_day_file

    record = read_audit_record(library, listing_date)
    if record is not None and record.accepted and not library.has_day(listing_date):
        raise missing_day_file(library, listing_date)
    return record


def day_summary(library: Library, listing_date: date) -> DaySummary:
    """Status of a date from the lake; a date that was fetched but not yet audited counts as pending throughout."""
    try:
        return _summary(library, listing_date)
    except DamagedFileError:
        return DaySummary(listing_date, DayStatus.DAMAGED)


def _summary(library: Library, listing_date: date) -> DaySummary:
    from daily_papers.rows.day_file import read_day_file

    looks = successful_looks(library, listing_date)
    if not looks:
        status = DayStatus.FETCH_FAILED if failed_looks(library, listing_date) else DayStatus.MISSING
        return DaySummary(listing_date, status)
    check_pages(library, looks)
    record = _checked_audit_record(library, listing_date)
    if library.has_day(listing_date):
        summary = summarize_rows(listing_date, read_day_file(library, listing_date, ["status", "listed"]))
    else:
        rows = [{"listed": row.listed, "status": "pending"} for row in day_listing(library, listing_date).rows]
        summary = summarize_rows(listing_date, rows)
    if record is not None and not record.accepted:
        return DaySummary(**{**asdict(summary), "status": DayStatus.FAILED})
    return summary
