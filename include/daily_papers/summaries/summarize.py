"""Step 3: ask the model about every paper that has no good answer yet; keep each answer the moment it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from daily_papers.errors import TransientError
from daily_papers.lake.library import Library
from daily_papers.listing.day_listing import day_listing
from daily_papers.summaries.asking import Asking
from daily_papers.summaries.day_language import day_language
from daily_papers.summaries.model_client import Model, ModelAccess
from daily_papers.summaries.papers_to_ask import next_request
from daily_papers.summaries.request import ModelRequest


async def summarize_papers(
    library: Library,
    access: ModelAccess,
    listing_date: date,
    paper_ids: Sequence[str],
    *,
    run: str,
    again: bool = False,
) -> list[str]:
    """Asks about the named papers of a date, a bounded number at once, and stores every answer on arrival.

    An answer that fails the checks is repaired at once. `run` names the run whose limits of cost and tokens hold.

    Returns:
        Ids of papers whose provider did not answer after the SDK's retries; each attempt is recorded.

    Raises:
        TerminalError: see `Asking`.
    """
    papers = {row.paper.paper_id: row.paper for row in day_listing(library, listing_date).papers}
    language = day_language(library, listing_date)

    def following(paper_id: str) -> ModelRequest | None:
        return next_request(library, papers[paper_id], language, again=again)

    async with access.client(library.settings) as client:
        model = Model(library.settings, access, client)
        asking = Asking(library, listing_date, language, run, following, model)
        return await asking.ask_about(paper_ids)


def still_unavailable(paper_ids: Sequence[str]) -> TransientError:
    """The error that makes Airflow try the task again for papers the provider left unanswered."""
    return TransientError(
        f"The model's provider did not answer for {len(paper_ids)} papers: {', '.join(paper_ids)}. "
        "The others are stored; a retry asks only for these."
    )
