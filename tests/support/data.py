"""Recorded and made-up listings for tests."""

from __future__ import annotations

import gzip
import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from daily_papers.sample.server import SAMPLE_DATE, RecordedListings, sample_items

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
LEGACY_DIGEST = FIXTURES / "legacy-2025-05-21.md"
SATURDAY, SUNDAY = date(2025, 5, 24), date(2025, 5, 25)


def recorded_items(listing_date: date) -> list[Any]:
    if listing_date == SAMPLE_DATE:
        return sample_items()
    path = FIXTURES / "listings" / f"{listing_date}.json.gz"
    items: list[Any] = json.loads(gzip.decompress(path.read_bytes()))
    return items


def recorded_week() -> RecordedListings:
    """Wednesday 2025-05-21 to Sunday 2025-05-25: three recorded days and an empty weekend."""
    weekdays = [SAMPLE_DATE, date(2025, 5, 22), date(2025, 5, 23)]
    return RecordedListings({**{day: recorded_items(day) for day in weekdays}, SATURDAY: [], SUNDAY: []})


def few_papers(count: int = 3) -> RecordedListings:
    """The first papers of the sample day."""
    return RecordedListings({SAMPLE_DATE: sample_items()[:count], SATURDAY: []})


def item(paper_id: str = "2505.00001", **paper: Any) -> dict[str, Any]:
    """One listing item, made from a recorded one; keyword arguments replace fields of its `paper`."""
    made = deepcopy(sample_items()[0])
    made["paper"].update({"id": paper_id, **paper})
    made["title"] = made["paper"]["title"]
    return made
