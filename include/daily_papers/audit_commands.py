"""The commands of `papers` about the audit: what it found, and what a person can do about it."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daily_papers.command_line import (
    FormatOption,
    OptionalDateArgument,
    PaperArgument,
    open_library,
    paper_id_of,
    print_text,
    say,
)
from daily_papers.dates import parse_listing_date
from daily_papers.errors import UserError
from daily_papers.output import OutputFormat, formatted

if TYPE_CHECKING:
    from daily_papers.decisions import Decision

WhyOption = Annotated[str, typer.Option("--why", help="Why, for whoever reads it later")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides; your login name unless given")]
RequestOption = Annotated[
    str | None,
    typer.Option("--request", metavar="KEY", help="An earlier answer, by the start of its key (`papers show ID`)"),
]


def quarantine(listing_date: OptionalDateArgument = None, output_format: FormatOption = OutputFormat.TABLE) -> None:
    """List the papers that did not make it, why, where exactly, and what mends it."""
    from daily_papers.day_file import details_of, read_day_file
    from daily_papers.reasons import text_of

    _, lake = open_library()
    days = [parse_listing_date(listing_date)] if listing_date else lake.day_dates()
    rows: list[list[Any]] = []
    for day in days:
        if not lake.day_file(day).exists():
            raise UserError(f"{day} has no audited rows yet (see `papers status {day}`).")
        for row in read_day_file(lake, day, ["paper_id", "listed", "status", "reasons", "findings"]):
            for code in row["reasons"] if row["listed"] else ():
                text = text_of(code)
                rows.append(
                    [day, row["paper_id"], row["status"], code, details_of(row, code), text.english, text.remedy]
                )
    columns = ["listing_date", "paper_id", "status", "reason", "details", "meaning", "remedy"]
    print_text(formatted(columns, rows, output_format))


def draft(paper_id: PaperArgument, request: RequestOption = None) -> None:
    """Print the answer of a paper as JSON, to be corrected and approved."""
    from daily_papers import review

    _, lake = open_library()
    value = review.draft(lake, paper_id_of(paper_id), request)
    print_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def approve(
    paper_id: PaperArgument,
    why: WhyOption,
    by: ByOption = None,
    answer: Annotated[
        Path | None, typer.Option("--answer", metavar="FILE", help="A corrected answer (see `papers draft`)")
    ] = None,
    request: RequestOption = None,
) -> None:
    """Publish a summary although the audit found something, as it is or corrected; or go back to an earlier one."""
    from daily_papers import review

    _, lake = open_library()
    edited = _read_answer(answer) if answer is not None else None
    decision = review.approve(lake, paper_id_of(paper_id), by=_who(by), why=why, answer=edited, request=request)
    _apply(decision)


def reject(paper_id: PaperArgument, why: WhyOption, by: ByOption = None, request: RequestOption = None) -> None:
    """Take a summary from its readers, or keep it from them for good; an earlier good one takes its place."""
    from daily_papers import review

    _, lake = open_library()
    _apply(review.reject(lake, paper_id_of(paper_id), by=_who(by), why=why, request=request))


def retry(paper_id: PaperArgument, why: WhyOption, by: ByOption = None) -> None:
    """Have the model asked once more about a quarantined paper, in the next run of its date."""
    from daily_papers import review

    _, lake = open_library()
    _apply(review.retry(lake, paper_id_of(paper_id), by=_who(by), why=why))


def _read_answer(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{file} cannot be read as JSON: {error}") from None


def _who(by: str | None) -> str:
    try:
        return by if by is not None else getpass.getuser()
    except (OSError, KeyError):
        raise UserError("Nobody knows who you are on this machine: say it with `--by`.") from None


def _apply(decision: Decision) -> None:
    """Brings a decision before its readers, and says what it came to."""
    from daily_papers import review

    settings, lake = open_library()
    for row in review.apply(settings, lake, decision.paper_id):
        reasons = f" ({', '.join(row.values['reasons'])})" if row.values["reasons"] else ""
        outcome = f"{decision.outcome} by {decision.by}; on {row.listing_date} it is"
        say(f"{decision.paper_id}: {outcome} {row.values['status']}{reasons}.")
