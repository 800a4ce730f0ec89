"""What the commands of `papers` share: their arguments, what they open, and how they print."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated

import typer

from daily_papers.dates import parse_listing_date
from daily_papers.errors import ContractError, UserError
from daily_papers.lake.layout import checked_paper_id
from daily_papers.lake.library import Library
from daily_papers.outside_text import printable
from daily_papers.writing.output import OutputFormat

DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="UTC day, YYYY-MM-DD")]
OptionalDateArgument = Annotated[str | None, typer.Argument(metavar="[DATE]", help="UTC day, YYYY-MM-DD")]
OptionalLastDateArgument = Annotated[
    str | None, typer.Argument(metavar="[LAST]", help="Last day of a range, YYYY-MM-DD")
]
PaperArgument = Annotated[str, typer.Argument(metavar="ID", help="arXiv id, for example 2505.14683")]
FormatOption = Annotated[OutputFormat, typer.Option("--format", help="Output format")]

YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation of the cost")]

MOST_DATES = 3_660
"""Of one command: ten years. Who gives the year 1 means another one."""


def print_text(text: str) -> None:
    """Writes to stdout in UTF-8, whatever the locale, and nothing that a terminal obeys."""
    sys.stdout.buffer.write(printable(text).encode())
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """Writes a message for people to stderr, and nothing that a terminal obeys."""
    typer.echo(printable(text), err=True)


class _Say(logging.Handler):
    """Says what the package warns of; the traceback of an error is for the log of a task."""

    def emit(self, record: logging.LogRecord) -> None:
        say(record.getMessage())


def say_warnings() -> None:
    """Has warnings of the package said on stderr, from now on."""
    logger = logging.getLogger("daily_papers")
    logger.handlers = [handler for handler in logger.handlers if not isinstance(handler, _Say)]
    logger.addHandler(_Say(logging.WARNING))


def paper_id_of(text: str) -> str:
    """A paper id as given on the command line; UserError where it is none."""
    try:
        return checked_paper_id(text)
    except ContractError as error:
        raise UserError(str(error)) from None


def dates_from(library: Library, first: str | None, last: str | None) -> list[date]:
    """One date, all from one to another, or every date that was asked for; UserError where they are none."""
    if first is None:
        return library.lake.attempted_dates()
    start = parse_listing_date(first)
    end = parse_listing_date(last) if last else start
    if end < start:
        raise UserError(f"{last} is before {first}. Give the earlier date first.")
    if (end - start).days >= MOST_DATES:
        raise UserError(
            f"{first} to {last} is a range of {(end - start).days + 1:,} dates. Give at most {MOST_DATES:,}, or no "
            "date at all to get every date ever requested."
        )
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def progress_over(label: str, dates: list[date]) -> Callable[[date], None]:
    """A callback that shows how far a work over these dates is; silent where stderr is not a terminal."""
    if not sys.stderr.isatty():
        return lambda _: None
    from rich.console import Console
    from rich.progress import Progress

    progress = Progress(console=Console(stderr=True), transient=True)
    task = progress.add_task(label, total=len(dates))
    progress.start()

    def advance(day: date) -> None:
        progress.update(task, advance=1, description=f"{label} {day}")
        if progress.finished:
            progress.stop()

    return advance
