"""The six steps without Airflow, for tests of what comes after them."""

from __future__ import annotations

import asyncio
from datetime import date

from daily_papers.audit.day_status import DaySummary
from daily_papers.audit.run import audit_day
from daily_papers.lake.library import open_library
from daily_papers.listing import extract
from daily_papers.listing.huggingface_client import HuggingFaceClient
from daily_papers.publish.digest import publish_digest
from daily_papers.summaries import papers_to_ask, summarize
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.texts import read
from daily_papers.warehouse import publication


def ask(listing_date: date, *, run: str = "test", again: bool = False) -> list[str]:
    """Gets the texts that are missing and asks the configured model; returns the ids left unanswered."""
    library = open_library()
    read.read_texts(library, papers_to_ask.papers_without_summary(library, listing_date, again=again))
    wanted = papers_to_ask.papers_to_ask(library, listing_date, again=again)
    access = ModelAccess.from_settings(library.settings)
    return asyncio.run(summarize.summarize_papers(library, access, listing_date, wanted, run=run, again=again))


def fetch(listing_date: date) -> None:
    library = open_library()
    with HuggingFaceClient(library.settings, retries=1, backoff_seconds=0.01) as client:
        extract.look_at_listing(library, client, listing_date)


def run_day(listing_date: date) -> DaySummary:
    library = open_library()
    fetch(listing_date)
    ask(listing_date)
    summary = audit_day(library, listing_date)
    publication.load(library, [listing_date])
    publish_digest(library, listing_date)
    return summary
