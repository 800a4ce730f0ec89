"""Recorded and made-up listings for tests."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from daily_papers.listing.contract import ListedPaper, parse_item
from daily_papers.sample.replay import RecordedListings, capture_time, sample_items
from daily_papers.sample.server import SAMPLE_DATE

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
LEGACY_DIGEST = FIXTURES / "legacy-2025-05-21.md"
SATURDAY, SUNDAY = date(2025, 5, 24), date(2025, 5, 25)


@cache
def recordings() -> dict[date, dict[datetime, bytes]]:
    """The 143 recorded captures of 86 dates, as recorded: listing date, time of the capture, bytes."""
    found: dict[date, dict[datetime, bytes]] = {}
    for name, content in _archive().items():
        folder, _, file = name.partition("/")
        if file:
            found.setdefault(date.fromisoformat(folder), {})[capture_time(file)] = content
    return found


@cache
def _archive() -> dict[str, bytes]:
    with tarfile.open(FIXTURES / "listings.tar.xz") as archive:
        members = ((member, archive.extractfile(member)) for member in archive)
        return {member.name: file.read() for member, file in members if file}


def manifest() -> list[dict[str, str]]:
    """What the collectors say about each capture: listing_date, capture, papers, sha256, source."""
    return list(csv.DictReader(io.StringIO(_archive()["manifest.csv"].decode())))


def captures(listing_date: date) -> dict[datetime, list[Any]]:
    """The items of a date's captures, oldest first."""
    return {moment: json.loads(content) for moment, content in recordings()[listing_date].items()}


def recorded_items(listing_date: date) -> list[Any]:
    """The items of a date's newest capture."""
    return list(captures(listing_date).values())[-1]


def recorded_item(paper_id: str, listing_date: date) -> Any:
    """The item of a paper in a date's newest capture."""
    [found] = [one for one in recorded_items(listing_date) if one["paper"]["id"] == paper_id]
    return found


def recorded_week() -> RecordedListings:
    """Wednesday 2025-05-21 to Sunday 2025-05-25: three recorded days and an empty weekend."""
    weekdays = [SAMPLE_DATE, date(2025, 5, 22), date(2025, 5, 23)]
    return RecordedListings({**{day: recorded_items(day) for day in weekdays}, SATURDAY: [], SUNDAY: []})


def few_papers(count: int = 3) -> RecordedListings:
    """The first papers of the sample day."""
    return RecordedListings({SAMPLE_DATE: sample_items()[:count], SATURDAY: []})


def item(paper_id: str = "2505.00001", **paper: Any) -> dict[str, Any]:
    """One listing item, made from a recorded one; keyword arguments replace fields of its `paper`."""
    made: dict[str, Any] = deepcopy(sample_items()[0])
    made["paper"].update({"id": paper_id, **paper})
    made["title"] = made["paper"]["title"]
    return made


def parsed(listing_item: Any) -> ListedPaper:
    """The typed row of an item that can be read."""
    paper, _ = parse_item(listing_item)
    assert isinstance(paper, ListedPaper), paper
    return paper
