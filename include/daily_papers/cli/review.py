"""The commands of `papers` by which a person decides about a summary: draft, approve, reject, retry."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daily_papers.cli.arguments import PaperArgument, paper_id_of, print_text, say
from daily_papers.errors import UserError
from daily_papers.lake.library import open_library
from daily_papers.writing.output import json_text

if TYPE_CHECKING:
    from daily_papers.summaries.decisions import Decision

WhyOption = Annotated[str, typer.Option("--why", help="The reason, for the record")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides (default: your login name)")]
RequestOption = Annotated[
    str | None,
    typer.Option("--request", metavar="KEY", help="An earlier answer, by the start of its key (`papers show ID`)"),
]


def draft(paper_id: PaperArgument, request: RequestOption = None) -> None:
    """Print a paper's answer as JSON, to correct and approve."""
    from daily_papers.upkeep import review

    library = open_library()
    value = review.draft(library, paper_id_of(paper_id), request)
    print_text(json_text(value))


def approve(
    paper_id: PaperArgument,
    why: WhyOption,
    by: ByOption = None,
    answer: Annotated[
        Path | None, typer.Option("--answer", metavar="FILE", help="A corrected answer (see `papers draft`)")
    ] = None,
    request: RequestOption = None,
) -> None:
    """Publish a summary despite the audit's findings, as it is or corrected; or go back to an earlier one."""
    from daily_papers.upkeep import review

    library = open_library()
    edited = _read_answer(answer) if answer is not None else None
    decision = review.approve(library, paper_id_of(paper_id), by=_who(by), why=why, answer=edited, request=request)
    _apply(decision)


def reject(paper_id: PaperArgument, why: WhyOption, by: ByOption = None, request: RequestOption = None) -> None:
    """Withdraw a summary, or never publish it; an earlier good one takes its place."""
    from daily_papers.upkeep import review

    library = open_library()
    _apply(review.reject(library, paper_id_of(paper_id), by=_who(by), why=why, request=request))


def retry(paper_id: PaperArgument, why: WhyOption, by: ByOption = None) -> None:
    """Have the next run of its date ask the model again about a quarantined paper."""
    from daily_papers.upkeep import review

    library = open_library()
    _apply(review.retry(library, paper_id_of(paper_id), by=_who(by), why=why))


def _read_answer(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes().decode("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{file} cannot be read as JSON: {error}") from None


def _who(by: str | None) -> str:
    try:
        return by if by is not None else getpass.getuser()
    except (OSError, KeyError):
        raise UserError("Your login name could not be determined; give it with `--by`.") from None


def _apply(decision: Decision) -> None:
    """Publishes a decision and prints the resulting status of each date."""
    from daily_papers.upkeep import review

    library = open_library()
    for row in review.apply(library, decision.paper_id):
        reasons = f" ({', '.join(row.values['reasons'])})" if row.values["reasons"] else ""
        outcome = f"{decision.outcome} by {decision.by}; on {row.listing_date} it is"
        say(f"{decision.paper_id}: {outcome} {row.values['status']}{reasons}.")
