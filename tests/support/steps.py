"""The six steps without Airflow, for tests of what comes after them."""

from __future__ import annotations

import asyncio
from datetime import date

from daily_papers import extract, read, summarize, warehouse
from daily_papers.audit import audit
from daily_papers.day_status import DaySummary
from daily_papers.digest import publish_digest
from daily_papers.huggingface import HuggingFaceClient
from daily_papers.lake import Lake
from daily_papers.settings import load_settings


def ask(listing_date: date) -> list[str]:
    """Asks the configured model about what is missing; returns the ids left unanswered."""
    settings = load_settings()
    lake = Lake(settings.home_path)
    wanted = summarize.papers_to_ask(lake, settings, listing_date)
    access = summarize.ModelAccess.from_settings(settings)
    return asyncio.run(summarize.summarize(lake, settings, access, listing_date, wanted))


def fetch(listing_date: date) -> None:
    settings = load_settings()
    lake = Lake(settings.home_path)
    with HuggingFaceClient(settings, retries=1, backoff_seconds=0.01) as client:
        extract.extract(lake, client, listing_date)
    read.read(lake, listing_date)


def run_day(listing_date: date) -> DaySummary:
    settings = load_settings()
    lake = Lake(settings.home_path)
    fetch(listing_date)
    ask(listing_date)
    summary = audit(lake, listing_date, settings.language)
    warehouse.load(settings, lake, [listing_date])
    publish_digest(lake, listing_date)
    return summary
