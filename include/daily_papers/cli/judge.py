"""The commands of `papers` that measure models and checks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daily_papers.cli.arguments import DateArgument, FormatOption, YesOption, print_text, say
from daily_papers.dates import parse_listing_date
from daily_papers.errors import TransientError
from daily_papers.lake.library import open_library
from daily_papers.writing.output import OutputFormat, formatted

if TYPE_CHECKING:
    from daily_papers.judging.writers import Writer, Written
    from daily_papers.summaries.call_store import Tokens


def judge(
    model: Annotated[
        str | None, typer.Argument(metavar="[MODEL]", help="Second reader to measure; none: measure the checks")
    ] = None,
    papers: Annotated[int | None, typer.Option(min=1, help="Labelled papers of each kind to ask about; all")] = None,
    output_format: FormatOption = OutputFormat.TABLE,
    *,
    yes: YesOption = False,
) -> None:
    """Measure the checks, or a second reader, on labelled answers: what is found, what is flagged wrongly, by class.

    The model is reached as the second reader is (see .env.example). Its answers are kept in the folder `judged` of the
    home, so a second run with it costs nothing.
    """
    if model is None:
        from daily_papers.judging.checks_measure import table_of_checks

        print_text(formatted(["class", "flagged", "flagged_in_long_text"], list(table_of_checks()), output_format))
        return
    from daily_papers.judging.scratch import scratch_library
    from daily_papers.judging.second_reader import expected_tokens, measure_second_reader, questions
    from daily_papers.summaries.model_client import ModelAccess

    library = open_library()
    asked = questions(papers)
    tokens = expected_tokens(asked, model)
    say(f"Questions for {model}: {len(asked)} ({_price(model, tokens)}); those that it has answered are not asked.")
    if not yes:
        typer.confirm("Continue?", abort=True, err=True)
    access = ModelAccess.from_settings(library.settings).for_verifier(library.settings)
    own = scratch_library(library, "judged")
    found = asyncio.run(measure_second_reader(own, access, asked, model, run=_run("judge")))
    columns = ["class", "cases", "contradicted", "not_found", "not_judged", "contradicted_share", "flagged_share"]
    rows: list[list[Any]] = [
        [
            kind,
            one.total,
            one.contradicted,
            one.not_found,
            one.unjudged,
            round(one.contradicted / one.total, 2),
            round((one.contradicted + one.not_found) / one.total, 2),
        ]
        for kind, one in sorted(found.by_class.items())
    ]
    print_text(formatted(columns, rows, output_format))
    price = "price unknown" if found.usd is None else f"{found.usd:.4f} USD"
    say(f"Answers: {found.calls} ({found.tokens.input:,} tokens in, {found.tokens.output:,} out; {price}).")
    if found.failed_calls:
        raise TransientError(
            f"Calls without an answer: {found.failed_calls}. The figures are those of the answers that came; run the "
            "same command again for the rest."
        )


def compare(
    listing_date: DateArgument,
    models: Annotated[list[str], typer.Argument(metavar="MODEL...", help="Models to compare")],
    papers: Annotated[int, typer.Option(min=1, help="Papers of the date to summarize with each")] = 5,
    output_format: FormatOption = OutputFormat.TABLE,
    *,
    by_paper: Annotated[bool, typer.Option("--by-paper", help="A row for each paper and model")] = False,
    yes: YesOption = False,
) -> None:
    """Have several models summarize the same papers of a fetched date, and show what each makes of them.

    Nothing that readers see changes: the answers are kept in the folder `comparisons` of the home, so a second run
    costs nothing.
    """
    from daily_papers.judging.writers import compare_writer, expected_tokens, papers_to_compare
    from daily_papers.summaries.model_client import ModelAccess

    library = open_library()
    day = parse_listing_date(listing_date)
    chosen = papers_to_compare(library, day, papers)
    models = list(dict.fromkeys(models))
    for model in models:
        price = _price(model, expected_tokens(library, chosen, day, model))
        say(f"{model}: papers: {len(chosen)} ({price} at most, without repairs).")
    if not yes:
        typer.confirm("Continue?", abort=True, err=True)
    access = ModelAccess.from_settings(library.settings)
    run = _run("compare")
    found = [asyncio.run(compare_writer(library, access, day, chosen, model, run=run)) for model in models]
    if by_paper:
        columns = ["paper_id", "model", "status", "reasons", "characters", "quotes", "results_rows"]
        rows = [_of_paper(one.papers[place], one.model) for place in range(len(chosen)) for one in found]
    else:
        columns = [
            "model", "papers", "complete", "at_first_try", "reasons", "calls", "input_tokens", "output_tokens",
            "cost_usd", "seconds_a_call",
        ]  # fmt: skip
        rows = [_of_writer(one) for one in found]
    print_text(formatted(columns, rows, output_format))


def _of_writer(one: Writer) -> list[Any]:
    reasons = ", ".join(f"{reason} ({count})" for reason, count in one.findings.most_common())
    used = [one.calls, one.tokens.input, one.tokens.output, one.usd, one.median_seconds]
    return [one.model, len(one.papers), one.complete, one.at_first_try, reasons, *used]


def _of_paper(one: Written, model: str) -> list[Any]:
    return [one.paper_id, model, one.status, ", ".join(one.reasons), one.characters, one.quotes, one.results]


def _price(model: str, tokens: Tokens) -> str:
    from daily_papers.summaries.call_store import cost_usd

    usd = cost_usd(model, tokens)
    price = "price unknown: the model is not in prices.json" if usd is None else f"{usd:.2f} USD"
    return f"about {tokens.input:,} tokens in and {tokens.output:,} out; {price}"


def _run(command: str) -> str:
    return f"{command} {datetime.now(UTC).isoformat()}"
