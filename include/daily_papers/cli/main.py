"""The `papers` command. Messages and errors go to stderr; exit code 1 is a failure, 2 the user's mistake."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daily_papers import __version__
from daily_papers.audit import day_status
from daily_papers.cli import ask, audit, judge, review
from daily_papers.cli.arguments import (
    DateArgument,
    FormatOption,
    OptionalDateArgument,
    OptionalLastDateArgument,
    PaperArgument,
    YesOption,
    dates_from,
    paper_id_of,
    print_text,
    progress_over,
    say,
    say_warnings,
)
from daily_papers.dates import parse_listing_date
from daily_papers.environment_file import load_environment_file, with_place
from daily_papers.errors import ContractError, DailyPapersError, TerminalError, TransientError, UserError
from daily_papers.lake.library import open_library
from daily_papers.legacy.digest import (
    parse_legacy_digest,
    read_stored_legacy_digest,
    render_legacy_digest,
    store_legacy_digest,
)
from daily_papers.local.first_library import use_the_demo_where_there_is_no_other
from daily_papers.settings import Settings
from daily_papers.writing.output import OutputFormat, formatted

if TYPE_CHECKING:
    from daily_papers.upkeep.resummarize import Estimate

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Read, query and maintain the Daily Papers library.")


class ExportStyle(StrEnum):
    """Forms in which a day can be exported."""

    DIGEST = "digest"
    LEGACY = "legacy"


@app.command()
def digest(listing_date: DateArgument) -> None:
    """Print the published digest of a date (Markdown)."""
    from daily_papers.publish.digest import follows_from_its_rows, published_digest

    library = open_library()
    day = parse_listing_date(listing_date)
    summary = day_status.day_summary(library, day)
    published = published_digest(library, day)
    if published is not None:
        print_text(published)
        if not follows_from_its_rows(library, day, published):
            say(f"{library.lake.digest(day)} does not match the rows of {day}. `papers rebuild {day}` rebuilds it.")
    elif summary.status is day_status.DayStatus.EMPTY:
        say(f"{day} is empty: Hugging Face listed no papers on that day.")
    else:
        meaning = day_status.DAY_STATUS_MEANINGS[summary.status]
        raise UserError(f"No digest of {day} (status {summary.status}: {meaning}). Run the DAG for that date.")


@app.command()
def show(
    paper_id: PaperArgument,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show everything about a paper: its listing, status, summary and calls."""
    from daily_papers.ask.paper_view import describe_paper

    library = open_library()
    rows = describe_paper(library, paper_id_of(paper_id))
    print_text(formatted(["field", "value"], rows, output_format))


@app.command()
def status(
    listing_date: OptionalDateArgument = None,
    last_date: OptionalLastDateArgument = None,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show the status of one date, of every date from DATE to LAST, or of every date ever requested.

    The exit code is 1 if a date needs attention: its newest run failed, it was refused, or one of its files is damaged.
    """
    from daily_papers.audit.day_problems import problems_of
    from daily_papers.audit.day_warnings import WarningsOfDays

    library = open_library()
    days = dates_from(library, listing_date, last_date)
    if not days:
        say("Nothing has been fetched yet. Run `make demo`, or the DAG for a date.")
    columns = ["listing_date", "status", "listed", "complete", "quarantined", "pending", "problems", "warnings"]
    warnings_of_days, rows, texts, failed = WarningsOfDays(library), [], [], 0
    for day in days:
        summary = day_status.day_summary(library, day)
        problems, warnings = problems_of(library, summary), warnings_of_days.of(day)
        rows.append([*summary.as_row().values(), [one.code for one in problems], list(warnings)])
        texts += [f"{day}: {text}" for text in (*(one.text for one in problems), *warnings.values())]
        failed += any(one.is_failure for one in problems)
    print_text(formatted(columns, rows, output_format))
    for text in texts:
        say(text)
    if failed:
        raise typer.Exit(1)


@app.command()
def resummarize(
    listing_date: DateArgument,
    last_date: OptionalLastDateArgument = None,
    model: Annotated[str | None, typer.Option(help="Only papers that this model summarized")] = None,
    prompt_version: Annotated[str | None, typer.Option(help="Only papers summarized with this prompt, e.g. v1")] = None,
    *,
    yes: YesOption = False,
) -> None:
    """Summarize complete papers again where the model, prompt or text has changed since; shows the cost first.

    New summaries are used only if they pass the audit. Do not use this while Airflow runs the same date.
    """
    from daily_papers.upkeep.resummarize import candidates, estimate, resummarize_papers
    from daily_papers.warehouse import publication

    library = open_library()
    days = dates_from(library, listing_date, last_date)
    chosen = candidates(library, days, model=model, prompt_version=prompt_version)
    if not chosen:
        say("Nothing to do: with these settings, the model was already asked about all complete papers of these dates.")
        return
    say(_price(library.settings, estimate(library.settings, chosen)))
    if not yes:
        typer.confirm("Continue?", abort=True, err=True)
    dates = sorted({one.listing_date for one in chosen})
    done, unanswered = resummarize_papers(library, chosen, progress_over("Asking", dates))
    publication.load(library, done)
    say(f"Papers asked about: {len(chosen)} (dates: {len(done)}). `papers costs` shows the cost.")
    if unanswered:
        raise TransientError(
            f"No good answer for {', '.join(unanswered)} (`papers show ID`): these papers keep their current summaries."
        )


def _price(settings: Settings, expected: Estimate) -> str:
    tokens = f"{expected.tokens.input:,} tokens in, about {expected.tokens.output:,} out"
    price = "price unknown: the model is not in prices.json"
    if expected.usd is not None and expected.most_usd is not None:
        price = f"about {expected.usd:.2f} USD, at most {expected.most_usd:.2f} USD without repairs"
    text = f"Papers to summarize again with {settings.model}: {expected.papers} ({tokens}; {price})."
    if expected.to_be_read:
        text += f" Texts to fetch first, which takes time but costs nothing: {expected.to_be_read}."
    if settings.verifier_model is not None:
        text += f" In addition, {settings.verifier_model} is asked about each new summary."
    return text


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Digest written by the earlier script (Markdown)")],
) -> None:
    """Import a digest written by the earlier script into its own tables, and print what the audit finds in it."""
    from daily_papers.warehouse.publication import load_legacy

    library = open_library()
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{file} cannot be read as UTF-8 text: {error}") from None
    try:
        parsed = parse_legacy_digest(text)
    except ContractError as error:
        raise UserError(str(error)) from None
    store_legacy_digest(library, parsed)
    load_legacy(library, parsed)
    say(f"Imported {len(parsed.papers)} papers × 7 sections of {parsed.listing_date}.")
    audit.print_legacy_audit(library, parsed)


@app.command()
def export(
    listing_date: DateArgument,
    style: Annotated[ExportStyle, typer.Option(help="digest: from the audited rows; legacy: the imported digest")],
) -> None:
    """Write a day to stdout, rendered from its rows or from the parts of an imported digest."""
    from daily_papers.publish.digest import render_stored_day

    library = open_library()
    day = parse_listing_date(listing_date)
    if style is ExportStyle.LEGACY:
        print_text(render_legacy_digest(read_stored_legacy_digest(library, day)))
    elif library.has_day(day):
        print_text(render_stored_day(library, day))
    else:
        raise UserError(f"{day} has no audited rows yet (see `papers status {day}`).")


@app.command()
def rebuild(
    listing_date: OptionalDateArgument = None,
    last_date: OptionalLastDateArgument = None,
    *,
    from_inputs: Annotated[bool, typer.Option("--from-inputs", help="Also assemble and audit the days again")] = False,
) -> None:
    """Rebuild the warehouse and the digests from the day files or from the inputs, for all dates or some.

    Damaged files are reported, and everything else is rebuilt.
    """
    from daily_papers.upkeep.rebuild import (
        forget_failures,
        has_anything,
        load_dates,
        rebuild_days,
        rebuild_digests,
        rebuild_warehouse,
    )
    from daily_papers.warehouse.full_rebuild import loadable_dates

    library = open_library()
    days = dates_from(library, listing_date, last_date)
    if not has_anything(library):
        raise UserError(
            f"There is no library in {library.lake.home}. Check {with_place('DAILY_PAPERS_HOME')}, or run the DAG "
            "for a date first."
        )
    if from_inputs:
        audited = sorted(set(days) & set(library.lake.observed_dates()))
        not_audited = rebuild_days(library, audited, progress_over("Auditing", audited))
    else:
        not_audited = {}
    if listing_date is None:
        dates = loadable_dates(library)
        not_loaded = rebuild_warehouse(library, progress_over("Loading", dates))
    else:
        dates = [day for day in days if day in set(loadable_dates(library))]
        if not dates:
            raise UserError("None of these dates has ever been fetched. See `papers status`.")
        not_loaded = list(load_dates(library, dates, progress_over("Loading", dates)).values())
    digests, not_rendered = rebuild_digests(library, dates)
    say(f"Rebuilt dates: {len(dates)}, digests: {digests}.")
    problems = list(dict.fromkeys([*not_audited.values(), *not_loaded, *not_rendered.values()]))
    if problems:
        raise TerminalError("\n".join(["This could not be rebuilt:", *problems]))
    forget_failures(library, dates, audited=from_inputs)


@app.command()
def compact() -> None:
    """Update the monthly copies of the day files (`lake/months`), which are many times faster to read."""
    from daily_papers.rows.months import compact_months

    library = open_library()
    done = compact_months(library, progress_over("Compacting", library.lake.day_dates()))
    say(f"Months written: {len(done.written)}; all others were up to date.")
    if done.damaged:
        raise TerminalError("\n".join(["These dates are not in any month file:", *map(str, done.damaged)]))


for command in (
    ask.search,
    ask.sql,
    ask.queries,
    ask.costs,
    ask.round_up,
    ask.export_parquet,
    audit.quarantine,
    review.draft,
    review.approve,
    review.reject,
    review.retry,
    audit.report,
    audit.docs,
    judge.judge,
    judge.compare,
):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True)] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """Entry point: runs the command, turns an error into its message and exit code."""
    say_warnings()
    try:
        load_environment_file()
        use_the_demo_where_there_is_no_other(say)
        app()
    except DailyPapersError as error:
        say(f"Error: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:  # `papers … | head`
        sys.stdout = None  # Python would flush it, and fail again
        sys.exit(1)
    except OSError as error:
        say(f"Error: {error}. Check {with_place('DAILY_PAPERS_HOME')} and its permissions.")
        sys.exit(1)
