"""What an audit came to, kept beside the day file: verdict, figures, and every expectation with what it observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from daily_papers.day_rules import HISTORY_DAYS, DayMeasures
from daily_papers.lake import Lake
from daily_papers.storage import read_json, readable_json, write_atomically


@dataclass(frozen=True)
class Outcome:
    """One expectation of the suite: what it demands, its reason and severity, whether it was met, how many rows failed
    it (None: it is about the day), what it observed, and between which bounds that had to be (None: no bound)."""

    expectation: str
    reason: str
    severity: str
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
    day_reasons: tuple[str, ...] = ()
    measures: DayMeasures = field(default_factory=DayMeasures)
    outcomes: tuple[Outcome, ...] = ()

    @property
    def day_warnings(self) -> list[Outcome]:
        """Expectations about the day that were not met without refusing it."""
        return [one for one in self.outcomes if not one.met and one.failing_rows is None and one.severity == "warning"]


def write_audit_record(lake: Lake, record: AuditRecord) -> None:
    """Replaces the record of a date."""
    value = {
        "listing_date": record.listing_date.isoformat(),
        "verdict": "accepted" if record.accepted else "refused",
        "day_reasons": list(record.day_reasons),
        "measures": asdict(record.measures),
        "outcomes": [asdict(one) for one in record.outcomes],
    }
    write_atomically(lake.audit_file(record.listing_date), readable_json(value))


def read_audit_record(lake: Lake, listing_date: date) -> AuditRecord | None:
    """The record of a date; None where it was never audited."""
    path = lake.audit_file(listing_date)
    if not path.exists():
        return None
    value: Mapping[str, Any] = read_json(path)
    return AuditRecord(
        date.fromisoformat(value["listing_date"]),
        value["verdict"] == "accepted",
        tuple(value["day_reasons"]),
        DayMeasures(**value.get("measures", {})),
        tuple(Outcome(**one) for one in value.get("outcomes", ())),
    )


def history_of(lake: Lake, listing_date: date) -> list[DayMeasures]:
    """The figures of the accepted audits of the dates before one, oldest first."""
    dates = (listing_date - timedelta(days=age) for age in range(HISTORY_DAYS, 0, -1))
    records = (read_audit_record(lake, day) for day in dates)
    return [record.measures for record in records if record is not None and record.accepted]
