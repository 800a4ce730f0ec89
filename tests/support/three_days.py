"""A small library: two days that share a paper (with another title the second time), and an empty one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE
from tests.support.data import item, recorded_items
from tests.support.models import ScriptedModel
from tests.support.served import served_home
from tests.support.steps import run_day

NEXT_DAY, EMPTY_DAY = date(2025, 5, 22), date(2025, 5, 24)
DAYS = (SAMPLE_DATE, NEXT_DAY, EMPTY_DAY)


def make_three_days(home: Path) -> None:
    """Runs the days."""
    shared = recorded_items(SAMPLE_DATE)[0]
    retitled = item(shared["paper"]["id"], **{**shared["paper"], "title": "A new title"})
    listings = RecordedListings(
        {SAMPLE_DATE: recorded_items(SAMPLE_DATE)[:4], NEXT_DAY: [retitled, item("2505.00002")], EMPTY_DAY: []}
    )
    with served_home(home, listings, ScriptedModel({"2505.00002": ["prose"]})):
        for day in DAYS:
            run_day(day)
