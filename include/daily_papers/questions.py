"""What to ask a model next: which papers of a date, and which question about each."""

from __future__ import annotations

from datetime import date

from daily_papers.calls import CallStore
from daily_papers.day_file import day_language
from daily_papers.day_listing import day_listing
from daily_papers.lake import Lake
from daily_papers.listing import ListedPaper
from daily_papers.prompt import SummaryRequest, build_request
from daily_papers.settings import Settings
from daily_papers.sources import Source, current_source
from daily_papers.summaries import Summary, repair_of, summaries


def papers_without_summary(
    lake: Lake, settings: Settings, listing_date: date, *, again: bool = False
) -> list[ListedPaper]:
    """Listed papers of a date without a summary that passes the checks, in listing order; all with `again`."""
    language = day_language(lake, listing_date, settings.language)
    papers = _listed_papers(lake, listing_date)
    return [paper for paper in papers if again or not any(one.is_good for one in _summaries(lake, paper, language))]


def papers_to_ask(lake: Lake, settings: Settings, listing_date: date, *, again: bool = False) -> list[str]:
    """Ids of the listed papers of a date that need a call, in listing order (see `next_request`)."""
    language = day_language(lake, listing_date, settings.language)
    papers = _listed_papers(lake, listing_date)
    return [paper.paper_id for paper in papers if next_request(lake, settings, paper, language, again=again)]


def next_request(
    lake: Lake, settings: Settings, paper: ListedPaper, language: str, *, again: bool = False
) -> SummaryRequest | None:
    """What to ask about a paper next; None where nobody needs to be asked, or its text could not be had.

    A paper with a summary that passes the checks is asked about `again` only, and then only where the question is
    another one (model, prompt or text changed). An answer that fails is mended, at most twice; the same question is
    never asked twice.
    """
    found = _summaries(lake, paper, language)
    if not again and any(summary.is_good for summary in found):
        return None
    source = current_source(lake, paper.paper_id)
    if source is None:
        return None
    request = first_request(settings, paper, source, language)
    answered = next((summary for summary in found if summary.key == request.key), None)
    return request if answered is None else repair_of(answered, request)


def first_request(settings: Settings, paper: ListedPaper, source: Source, language: str) -> SummaryRequest:
    """The question about a paper that these settings ask."""
    return build_request(
        paper,
        source,
        model=settings.model,
        language=language,
        output_tokens=settings.output_tokens,
        bounded_schema=settings.bounded_schema,
    )


def _listed_papers(lake: Lake, listing_date: date) -> list[ListedPaper]:
    return [row.paper for row in day_listing(lake, listing_date).papers if row.listed]


def _summaries(lake: Lake, paper: ListedPaper, language: str) -> list[Summary]:
    return summaries(lake, [call for call in CallStore(lake).calls(paper.paper_id) if call.language == language])
