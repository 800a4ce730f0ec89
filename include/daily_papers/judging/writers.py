"""How several models summarize the same few papers: asked as in any run, judged by the audit's checks."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daily_papers.audit.assemble import staged_rows
from daily_papers.checks.row_checks import failures
from daily_papers.errors import UserError
from daily_papers.judging.scratch import scratch_library
from daily_papers.lake.library import Library
from daily_papers.listing.contract import ListedPaper
from daily_papers.listing.day_listing import day_listing
from daily_papers.reasons import Reason
from daily_papers.rows.staged_row import StagedRow, quotes_of, texts
from daily_papers.summaries.call_store import CallStore, Tokens, cost_usd, total_tokens
from daily_papers.summaries.day_language import day_language
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.summaries.papers_to_ask import first_request
from daily_papers.summaries.summarize import summarize_papers
from daily_papers.texts.text_store import current_source

FOLDER = "comparisons"
"""Of the home: one library for each date and model."""


@dataclass(frozen=True)
class Written:
    """What a model made of a paper: `status` is complete, quarantined or pending, `reasons` say why it is no more."""

    paper_id: str
    status: str
    reasons: tuple[str, ...]
    characters: int
    quotes: int
    results: int


@dataclass(frozen=True)
class Writer:
    """A model with what it wrote, and what that took. `usd` is None where the model has no price."""

    model: str
    papers: tuple[Written, ...]
    at_first_try: int
    calls: int
    tokens: Tokens
    usd: float | None
    median_seconds: float | None

    @property
    def complete(self) -> int:
        """Papers whose summary readers would get."""
        return sum(one.status == "complete" for one in self.papers)

    @property
    def findings(self) -> Counter[str]:
        """How many papers each reason keeps back."""
        return Counter(reason for one in self.papers for reason in one.reasons)


def papers_to_compare(library: Library, listing_date: date, most: int) -> list[ListedPaper]:
    """The first listed papers of a date whose text is in the lake.

    Raises:
        UserError: the date was never fetched, or no text of its papers is there.
    """
    listed = [row.paper for row in day_listing(library, listing_date).papers if row.listed]
    found = [paper for paper in listed if current_source(library, paper.paper_id) is not None][:most]
    if not found:
        raise UserError(
            f"The lake has no text of any paper of {listing_date}. Run the DAG for that date first, then compare."
        )
    return found


def expected_tokens(library: Library, papers: Sequence[ListedPaper], listing_date: date, model: str) -> Tokens:
    """What asking a model about the papers takes without repairs: its input, and the most that it may write."""
    settings = library.settings.model_copy(update={"model": model})
    language = day_language(library, listing_date)
    sources = [(paper, current_source(library, paper.paper_id)) for paper in papers]
    requests = [first_request(settings, paper, source, language) for paper, source in sources if source is not None]
    return Tokens(sum(one.tokens for one in requests), 0, settings.output_tokens * len(requests))


async def compare_writer(
    library: Library, access: ModelAccess, listing_date: date, papers: Sequence[ListedPaper], model: str, *, run: str
) -> Writer:
    """Has a model summarize some papers of a date in a library of its own; what it answered before is not asked again.

    Raises:
        TerminalError: see `Asking`.
    """
    language = day_language(library, listing_date)
    own = scratch_library(
        library, FOLDER, str(listing_date), model, model=model, language=language, verifier_model=None
    )
    _copy(library, own, listing_date, papers)
    wanted = [paper.paper_id for paper in papers]
    await summarize_papers(own, access, listing_date, wanted, run=run)
    rows = {row.paper_id: row for row in staged_rows(own, listing_date, language)}
    calls = [call for paper_id in wanted for call in CallStore(own).calls(paper_id)]
    tokens = total_tokens(calls)
    written = tuple(_written(rows[paper_id]) for paper_id in wanted)
    repaired = {call.paper_id for call in calls if call.repairs}
    answered = [call.latency_seconds for call in calls if call.answered]
    return Writer(
        model=model,
        papers=written,
        at_first_try=sum(one.status == "complete" and one.paper_id not in repaired for one in written),
        calls=len(calls),
        tokens=tokens,
        usd=cost_usd(model, tokens),
        median_seconds=statistics.median(answered) if answered else None,
    )


def _written(row: StagedRow) -> Written:
    if not row.answered:
        return Written(row.paper_id, "pending", (row.pending_reason or Reason.INPUT_DAMAGED.value,), 0, 0, 0)
    reasons = tuple(reason.value for reason in failures(row))
    return Written(
        row.paper_id,
        "quarantined" if reasons else "complete",
        reasons,
        sum(len(text) for _, text in texts(row)),
        sum(len(quotes) for _, quotes in quotes_of(row)),
        len(row.results),
    )


def _copy(library: Library, own: Library, listing_date: date, papers: Sequence[ListedPaper]) -> None:
    """Brings the listing of a date and the texts of the papers into another library; its own answers stay."""
    folders = [
        (library.lake.pages(listing_date).parent, own.lake.pages(listing_date).parent),
        *((library.lake.sources(paper.paper_id), own.lake.sources(paper.paper_id)) for paper in papers),
    ]
    for origin, target in folders:
        for path in origin.rglob("*"):
            if path.is_file():
                copy = target / path.relative_to(origin).as_posix()
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
