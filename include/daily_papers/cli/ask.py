"""Commands of `papers` that ask the warehouse: search, SQL, costs, and the tables as Parquet for others."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

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
from daily_papers.errors import UserError
from daily_papers.lake.library import open_library
from daily_papers.writing.output import OutputFormat, formatted


def search(
    query: Annotated[str, typer.Argument(metavar="TEXT", help='Words, Korean or English; "a phrase" in quotes')],
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Listed on this date or later")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Listed on this date or earlier")] = None,
    organization: Annotated[str | None, typer.Option(help="Only papers of this organization")] = None,
    keyword: Annotated[str | None, typer.Option(help="Only papers with a keyword that contains this")] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="How many papers to show at most")] = 10,
    *,
    with_code: Annotated[bool, typer.Option("--with-code", help="Only papers with a code repository")] = False,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Search the papers' titles, abstracts, sections, authors and keywords; best matches first."""
    from daily_papers.ask.search import Filters, search_papers

    library = open_library()
    dates = {
        name: parse_listing_date(text)
        for name, text in (("first_date", since), ("last_date", until))
        if text is not None
    }
    filters = Filters(**dates, organization=organization, keyword=keyword, with_code=with_code)
    found = search_papers(library, query, filters, most=most)
    for word, instead in found.corrected.items():
        say(f"No paper contains {word!r}: searched for {', '.join(instead)} instead.")
    if not found.matches:
        say("Nothing was found.")
    columns = ["paper_id", "listing_date", "title", "score", "field", "snippet"]
    print_text(formatted(columns, [list(asdict(match).values()) for match in found.matches], output_format))


def sql(
    query: Annotated[str, typer.Argument(metavar="NAME_OR_QUERY", help="A query of the catalogue, or one SELECT")],
    parameters: Annotated[
        list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="For a query of the catalogue; repeatable")
    ] = None,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Run a query from the catalogue (`papers queries`), or your own SELECT, on the warehouse (read-only)."""
    from daily_papers.ask.catalogue import run_query

    library = open_library()
    given = dict(_name_and_value(text) for text in parameters or ())
    print_text(formatted(*run_query(library, query, given), output_format))


def _name_and_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UserError(f"{text!r} is not a parameter. Write --param NAME=VALUE.")
    return name, value


def queries(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show the SQL of this query")] = None,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """List the queries in the catalogue, or show the SQL of one."""
    from daily_papers.ask.catalogue import named_queries

    catalogue = named_queries()
    if name is None:
        rows = [
            [one.name, one.question, [f"{of.name}={of.default}" for of in one.parameters]] for one in catalogue.values()
        ]
        print_text(formatted(["name", "question", "parameters"], rows, output_format))
    elif name in catalogue:
        print_text(catalogue[name].sql)
    else:
        raise UserError(f"No query is named {name!r}. Choose from: {', '.join(catalogue)}.")


def costs(
    listing_date: OptionalDateArgument = None,
    last_date: OptionalLastDateArgument = None,
    output_format: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show calls, tokens and cost by date, model and prompt version: for all dates, one date, or DATE to LAST."""
    from daily_papers.warehouse.publication import open_for_reading

    library = open_library()
    days = dates_from(library, listing_date, last_date)
    with open_for_reading(library) as connection:
        cursor = connection.execute(
            "FROM daily_cost WHERE listing_date IN (SELECT unnest(?::DATE[])) ORDER BY ALL",
            [days],
        )
        print_text(formatted([column[0] for column in cursor.description or []], cursor.fetchall(), output_format))


def round_up(
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="A week (2025-W21) or a month (2025-05)")],
) -> None:
    """Write the round-up of a week or a month, with charts, and print its path."""
    from daily_papers.period import parse_period
    from daily_papers.publish.round_up import publish_round_up

    library = open_library()
    chosen = parse_period(period)
    if not publish_round_up(library, chosen):
        raise UserError(f"No paper of {chosen.name} ({chosen.first_date} to {chosen.last_date}) is published.")
    say(f"Wrote {library.lake.round_up(f'{chosen.name}.md')}.")


def export_parquet(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder, or one of an earlier export")],
) -> None:
    """Export every table as Parquet, with the schema: for sharing, and for tools that cannot read the database."""
    from daily_papers.ask.parquet_export import export_tables

    library = open_library()
    tables = export_tables(library, folder)
    say(f"Wrote {tables} tables to {folder}.")
