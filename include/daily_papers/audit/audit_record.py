"""The result of an audit, kept beside the day file: verdict, figures, and every expectation with what it observed."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from daily_papers.checks.day_rules import HISTORY_DAYS, DayMeasures
from daily_papers.errors import DamagedFileError
from daily_papers.lake.files import read_record, write_record
from daily_papers.lake.layout import made_again
from daily_papers.lake.library import Library
from daily_papers.reasons import Reason, Severity

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """One expectation of the suite: what it demands, its reason and severity, whether it was met, how many rows failed
    it (None: it is about the day), what it observed, and between which bounds that had to be (None: no bound)."""

    expectation: str
    reason: Reason
    severity: Severity
    met: bool
    failing_rows: int | None = None
    observed: float | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class AuditRecord:
    """The latest audit of a date. A refused one has no figures: they would be those of rows that nobody sees."""

    listing_date: date
    accepted: bool
    day_reasons: tuple[Reason, ...] = ()
    measures: DayMeasures = field(default_factory=DayMeasures)
    outcomes: tuple[Outcome, ...] = ()

    @property
    def day_warnings(self) -> list[Outcome]:
        """Expectations about the day that were not met without refusing it."""
        return [one for one in self.outcomes if not one.met and one.failing_rows is None and one.severity == "warning"]


@dataclass(frozen=True)
class _KeptRecord:
    """The record as its file has it."""

    listing_date: date
    verdict: Literal["accepted", "refused"]
    day_reasons: tuple[Reason, ...] = ()
    measures: DayMeasures = field(default_factory=DayMeasures)
    outcomes: tuple[Outcome, ...] = ()


def write_audit_record(library: Library, record: AuditRecord) -> None:
    """Replaces the record of a date."""
    verdict: Literal["accepted", "refused"] = "accepted" if record.accepted else "refused"
    kept = _KeptRecord(record.listing_date, verdict, record.day_reasons, record.measures, record.outcomes)
    write_record(library.lake.audit_file(record.listing_date), kept)


def read_audit_record(library: Library, listing_date: date) -> AuditRecord | None:
    """The record of a date; None where it was never audited.

    Raises:
        DamagedFileError: it cannot be read; an audit makes it again.
    """
    try:
        kept = read_record(library.lake.audit_file(listing_date), _KeptRecord, made_again(listing_date))
    except FileNotFoundError:
        return None
    accepted = kept.verdict == "accepted"
    return AuditRecord(kept.listing_date, accepted, kept.day_reasons, kept.measures, kept.outcomes)


def readable_audit_record(library: Library, listing_date: date) -> AuditRecord | None:
    """The same, and None where it cannot be read, for those to whom it is one of many."""
    try:
        return read_audit_record(library, listing_date)
    except DamagedFileError as error:
        logger.warning("Skipped: %s", error)
        return None


def history_of(library: Library, listing_date: date) -> list[DayMeasures]:
    """The figures of the accepted audits of the dates before one, oldest first."""
    dates = (listing_date - timedelta(days=age) for age in range(HISTORY_DAYS, 0, -1))
    records = (readable_audit_record(library, day) for day in dates)
    return [record.measures for record in records if record is not None and record.accepted]
