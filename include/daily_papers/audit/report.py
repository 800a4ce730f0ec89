"""The audit's own report, of one date or over time: HTML in one file without anything from elsewhere, and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from daily_papers.audit.audit_record import AuditRecord, Outcome, history_of, readable_audit_record
from daily_papers.audit.day_problems import ProblemCode, problems_of
from daily_papers.audit.day_status import DAY_STATUS_MEANINGS, DaySummary, day_summary
from daily_papers.audit.day_warnings import WarningsOfDays
from daily_papers.checks.day_rules import DayMeasures
from daily_papers.checks.row_checks import SECTION_LENGTHS
from daily_papers.lake.library import Library
from daily_papers.reasons import Reason, text_of
from daily_papers.rows.day_file import RowStatus, details_of, readable_rows, set_aside
from daily_papers.sections import SECTION_KEYS
from daily_papers.wording.headings_and_labels import numbered_headings
from daily_papers.writing.output_folder import claim_folder
from daily_papers.writing.templating import html_template, markdown_template

_COLUMNS = (
    "paper_id", "title", "status", "reasons", "warnings", "findings", "listed", "model", "prompt_version",
    "decision", "decided_by", "decided_at", "decided_because", *(f"{key}_markdown" for key in SECTION_KEYS),
    *(f"{key}_basis" for key in SECTION_KEYS),
)  # fmt: skip


@dataclass(frozen=True)
class ReasonCount:
    """A reason with the papers that meet it, their share of those with an answer, and its usual share before."""

    code: str
    papers: int
    share: float | None
    usual_share: float | None

    @property
    def text(self) -> Any:
        """Its sentences, severity and remedy."""
        return text_of(self.code)


@dataclass(frozen=True)
class SectionLength:
    """Lengths of a section on a date in characters, how often it is absent, and its usual median before."""

    heading: str
    shortest: int | None
    median: float | None
    longest: int | None
    absent: int
    usual_median: float | None
    bounds: tuple[int, int]


@dataclass(frozen=True)
class DayReport:
    """What the audit says about a date. `held_back` are listed papers that readers do not see, `decided` those that a
    person decided about, `noted` those with warnings."""

    summary: DaySummary
    record: AuditRecord | None
    warnings: list[str]
    reasons: list[ReasonCount] = field(default_factory=list)
    lengths: list[SectionLength] = field(default_factory=list)
    held_back: list[dict[str, Any]] = field(default_factory=list)
    decided: list[dict[str, Any]] = field(default_factory=list)
    noted: list[dict[str, Any]] = field(default_factory=list)

    @property
    def listing_date(self) -> date:
        """The date."""
        return self.summary.listing_date

    @property
    def status_meaning(self) -> str:
        """What its status means."""
        return DAY_STATUS_MEANINGS[self.summary.status]

    @property
    def day_outcomes(self) -> list[Outcome]:
        """Expectations about the day that say something: broken ones, and those with something to measure."""
        outcomes = self.record.outcomes if self.record else ()
        return [
            one
            for one in outcomes
            if one.failing_rows is None
            and (not one.met or one.observed is not None)
            and (not one.met or one.observed or not one.expectation.rpartition(" ")[2].startswith("share."))
        ]

    @property
    def refused_for(self) -> list[Any]:
        """Sentences of the reasons why the day was refused."""
        return [text_of(code) for code in self.record.day_reasons] if self.record else []


def report_day(library: Library, listing_date: date, warnings: WarningsOfDays | None = None) -> DayReport:
    """The report of a date; without audited rows it has status and warnings only."""
    summary, record = day_summary(library, listing_date), readable_audit_record(library, listing_date)
    texts = [one.text for one in problems_of(library, summary) if one.code is not ProblemCode.REFUSED]
    texts += (warnings or WarningsOfDays(library)).of(listing_date).values()
    found = next((rows for _, rows in readable_rows(library, [listing_date], _COLUMNS)), None)
    if found is None:
        return DayReport(summary, record, texts)
    rows = [row for row in found if row["listed"]]
    history = history_of(library, listing_date)
    measures = record.measures if record else DayMeasures()
    return DayReport(
        summary,
        record,
        texts,
        list(_reasons(rows, measures, history)),
        list(_lengths(rows, history)),
        [_with_details(row, row["reasons"]) for row in rows if row["status"] != RowStatus.COMPLETE],
        [_with_details(row, set_aside(row)) for row in rows if row["decision"] is not None],
        [_with_details(row, row["warnings"]) for row in rows if row["warnings"]],
    )


def _with_details(row: dict[str, Any], codes: Sequence[str]) -> dict[str, Any]:
    return {**row, "details": [(code, text_of(code), details_of(row, code)) for code in codes]}


def _reasons(rows: list[dict[str, Any]], measures: DayMeasures, history: list[DayMeasures]) -> Iterator[ReasonCount]:
    counts = Counter(code for row in rows for code in (*row["reasons"], *row["warnings"]))
    for code, papers in sorted(counts.items(), key=lambda one: (-one[1], list(Reason).index(Reason(one[0])))):
        usual = [day.value(f"share.{code}") for day in history]
        shares = [share for share in usual if share is not None]
        share = measures.value(f"share.{code}")
        yield ReasonCount(code, papers, share, sum(shares) / len(shares) if shares else None)


def _lengths(rows: list[dict[str, Any]], history: list[DayMeasures]) -> Iterator[SectionLength]:
    complete = [row for row in rows if row["status"] == RowStatus.COMPLETE]
    for key, heading in numbered_headings("ko").items():
        absent = sum(row[f"{key}_basis"] == "absent" for row in complete)
        found = [len(row[f"{key}_markdown"]) for row in complete if row[f"{key}_basis"] != "absent"]
        usual = [day.lengths[key] for day in history if key in day.lengths]
        yield SectionLength(
            heading,
            min(found, default=None),
            median(found) if found else None,
            max(found, default=None),
            absent,
            median(usual) if usual else None,
            SECTION_LENGTHS[key],
        )


@dataclass(frozen=True)
class Overview:
    """The audit over time: one report for each date, ascending."""

    days: list[DayReport]

    @property
    def reasons(self) -> list[tuple[str, Any, int, int]]:
        """Code, sentences, papers and dates of every reason met, the most frequent first."""
        papers: Counter[str] = Counter()
        dates: Counter[str] = Counter()
        for day in self.days:
            papers.update({one.code: one.papers for one in day.reasons})
            dates.update({one.code: 1 for one in day.reasons})
        return [(code, text_of(code), count, dates[code]) for code, count in papers.most_common()]

    @property
    def most_listed(self) -> int:
        """Papers of the largest date, at least 1."""
        return max((day.summary.listed for day in self.days), default=0) or 1


def report_dates(library: Library, dates: Sequence[date]) -> Overview:
    """The reports of some dates; those that were never asked for are left out."""
    warnings, asked_for = WarningsOfDays(library), set(library.lake.attempted_dates())
    return Overview([report_day(library, day, warnings) for day in dates if day in asked_for])


def as_html(report: DayReport | Overview, *, linked: bool = False) -> str:
    """A report as a page that needs nothing but itself; `linked`: with links between pages of one folder."""
    return html_template(f"report/{_name(report)}").render(report=report, linked=linked)


def as_markdown(report: DayReport | Overview) -> str:
    """A report as Markdown."""
    return markdown_template(f"report/{_name(report)}").render(report=report)


def write_reports(library: Library, dates: Sequence[date], folder: Path) -> int:
    """Writes `index` and a report for each date, as HTML and Markdown, into a folder; returns the number of dates.

    Raises:
        UserError: the folder holds other files.
    """
    claim_folder(folder, "reports")
    overview = report_dates(library, dates)
    reports: list[tuple[str, DayReport | Overview]] = [("index", overview)]
    reports += [(str(day.listing_date), day) for day in overview.days]
    for name, report in reports:
        (folder / f"{name}.html").write_text(as_html(report, linked=True), encoding="utf-8")
        (folder / f"{name}.md").write_text(as_markdown(report), encoding="utf-8")
    return len(overview.days)


def _name(report: DayReport | Overview) -> str:
    return "day" if isinstance(report, DayReport) else "overview"
