"""The commands of `papers` that tell what the audit found."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daily_papers.cli.arguments import (
    FormatOption,
    OptionalDateArgument,
    OptionalLastDateArgument,
    dates_from,
    print_text,
    say,
)
from daily_papers.dates import parse_listing_date
from daily_papers.errors import DamagedFileError, TerminalError, UserError
from daily_papers.lake.library import open_library
from daily_papers.reasons import text_of
from daily_papers.writing.output import OutputFormat, formatted

if TYPE_CHECKING:
    from daily_papers.lake.library import Library
    from daily_papers.legacy.digest import LegacyDigest


def quarantine(listing_date: OptionalDateArgument = None, output_format: FormatOption = OutputFormat.TABLE) -> None:
    """List the papers that were not published: why, where exactly, and how to fix it."""
    from daily_papers.rows.day_file import details_of, read_day_file

    library = open_library()
    days = [parse_listing_date(listing_date)] if listing_date else library.lake.day_dates()
    rows: list[list[Any]] = []
    if listing_date and not library.has_day(days[0]):
        raise UserError(f"{days[0]} has no audited rows yet (see `papers status {days[0]}`).")
    damaged: list[str] = []
    for day in days:
        try:
            found = read_day_file(library, day, ["paper_id", "listed", "status", "reasons", "findings"])
        except DamagedFileError as error:
            damaged.append(str(error))
            continue
        for row in found:
            for code in row["reasons"] if row["listed"] else ():
                text = text_of(code)
                rows.append(
                    [day, row["paper_id"], row["status"], code, details_of(row, code), text.english, text.remedy]
                )
    columns = ["listing_date", "paper_id", "status", "reason", "details", "meaning", "remedy"]
    print_text(formatted(columns, rows, output_format))
    if damaged:
        raise TerminalError("\n".join(damaged))


class ReportStyle(StrEnum):
    """Forms of a report."""

    MD = "md"
    HTML = "html"


def report(
    listing_date: OptionalDateArgument = None,
    last_date: OptionalLastDateArgument = None,
    style: Annotated[ReportStyle, typer.Option("--format", help="Format of the report")] = ReportStyle.MD,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FOLDER", help="Write HTML and Markdown for every date, with an index"),
    ] = None,
) -> None:
    """Print the audit report for one date, or over time: for all dates, or DATE to LAST. It works offline."""
    from daily_papers.audit.report import as_html, as_markdown, report_dates, report_day, write_reports

    library = open_library()
    days = dates_from(library, listing_date, last_date)
    if output is not None:
        written = write_reports(library, days, output)
        say(f"Wrote reports ({written} dates) to {output / 'index.html'}.")
        return
    one = listing_date is not None and last_date is None
    found = report_day(library, days[0]) if one else report_dates(library, days)
    print_text(as_html(found) if style is ReportStyle.HTML else as_markdown(found))


def docs(
    listing_date: OptionalDateArgument = None,
    last_date: OptionalLastDateArgument = None,
    output: Annotated[Path, typer.Option("--output", metavar="FOLDER", help="Where to write them")] = Path("data-docs"),
) -> None:
    """Build Great Expectations' Data Docs for one date, all dates, or DATE to LAST; they can be read offline."""
    from daily_papers.process_home import ensure_home

    ensure_home()
    from daily_papers.audit.data_docs import build_data_docs

    library = open_library()
    fetched = set(library.lake.observed_dates())
    days = [day for day in dates_from(library, listing_date, last_date) if day in fetched]
    if not days:
        raise UserError("None of these dates has been fetched. See `papers status`.")
    built = build_data_docs(library, days, output)
    say(f"Wrote {built.pages} pages to {output / 'index.html'}.")
    if built.damaged:
        raise TerminalError("\n".join(["These dates have no page:", *map(str, built.damaged)]))


def print_legacy_audit(library: Library, digest: LegacyDigest) -> None:
    """Prints what the audit finds in an older digest."""
    from daily_papers.legacy.audit import audit_legacy

    audited = audit_legacy(library, digest)
    say(f"{audited.seven_sections} of {audited.papers} papers have all seven sections.")
    if audited.without_digits:
        say(f"Papers whose quantitative results have no digits: {audited.without_digits}.")
    if audited.with_abstract < audited.papers:
        left = audited.papers - audited.with_abstract
        say(
            f"Not compared with their abstracts, which the lake does not have for {digest.listing_date}: {left}. "
            "If that date was never fetched, run it, then import again."
        )
    if audited.not_in_digest:
        say(f"Listed papers that the digest lacks: {len(audited.not_in_digest)}.")
    rows = [
        [reason.value, count, text_of(reason).english, example] for reason, (count, example) in audited.reasons.items()
    ]
    print_text(formatted(["reason", "papers", "meaning", "example"], rows, OutputFormat.TABLE))
