"""Recorded listings, replayed the way the real endpoint answers: paging, `Link`, 400, 429, a list that grows by day.

`python -m daily_papers.sample.replay` runs such a server by itself, with the sample answers on its model's side.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from daily_papers.sample.faults import WithFaults, faults_from_json
from daily_papers.sample.server import LISTING_PATH, SAMPLE_DATE, ListingSource, LocalServer, Reply, sample_answer


def sample_items() -> list[Any]:
    """The items of the bundled listing: the capture of 2025-05-21 at 07:49Z, 32 papers."""
    name = f"sample/listings/{SAMPLE_DATE}.json.gz"
    items: list[Any] = json.loads(gzip.decompress(files("daily_papers").joinpath(name).read_bytes()))
    return items


class RecordedListings:
    """Serves items of some dates; a date that was not recorded is a 404, never an empty day."""

    def __init__(self, items_by_date: Mapping[date, list[Any]]) -> None:
        self.items_by_date = dict(items_by_date)
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __call__(self, query: dict[str, str]) -> Reply:
        """One page; 400 for a malformed or future date or page."""
        try:
            listing_date = datetime.strptime(query["date"], "%Y-%m-%d").date()  # noqa: DTZ007  # a date
            limit, page = int(query.get("limit", "50")), int(query.get("p", "0"))
        except (KeyError, ValueError):
            return Reply.of_json(400, {"error": '✖ Invalid "date", "limit" or "p"'})
        if not 1 <= limit <= 100 or page < 0:
            return Reply.of_json(400, {"error": '✖ "limit" must be 1..100 and "p" at least 0'})
        if listing_date > self.now().date():
            bound = f"{self.now():%Y-%m-%d}T00:00:00.000Z"
            message = f'✖ "date" must be less than or equal to "{bound}"\n  → at date'
            return Reply.of_json(400, {"error": message})
        listed = self.items_of(listing_date)
        if listed is None:
            return Reply.of_json(404, {"error": f"No recording of {listing_date} on this local server."})
        items = listed[page * limit : (page + 1) * limit]
        following = urlencode({"date": listing_date, "limit": limit, "p": page + 1})
        link = {"Link": f'<{LISTING_PATH}?{following}>; rel="next"'} if items else {}
        return Reply.of_json(200, items, link)

    def items_of(self, listing_date: date) -> list[Any] | None:
        """What a date lists now; None where it was not recorded."""
        return self.items_by_date.get(listing_date)


class ReplayedCaptures(RecordedListings):
    """Serves every date as it was captured at one moment in the past, which can be moved on, or runs by itself.

    Before its first capture a date is open and empty; later dates are in the future.
    """

    def __init__(
        self, captures: Mapping[date, Mapping[datetime, list[Any]]], moment: datetime, *, speed: float = 0
    ) -> None:
        """`speed`: seconds of the replay in one second of ours; 0: the moment stays."""
        super().__init__({})
        self._captures = {day: dict(sorted(of_day.items())) for day, of_day in captures.items()}
        started = time.monotonic()
        self.now = lambda: moment + timedelta(seconds=speed * (time.monotonic() - started))

    def advance_to(self, moment: datetime) -> None:
        """Goes to a moment, and stays there."""
        self.now = lambda: moment

    def items_of(self, listing_date: date) -> list[Any] | None:
        """The newest capture of a date as of now."""
        if listing_date not in self._captures:
            return None
        past = [items for taken_at, items in self._captures[listing_date].items() if taken_at <= self.now()]
        return past[-1] if past else []


class RateLimited:
    """Lets this many requests through in a window of seconds and answers 429 to the others, as Hugging Face does."""

    def __init__(self, listings: ListingSource, *, requests: int = 500, seconds: float = 300) -> None:
        self._listings, self._requests, self._seconds = listings, requests, seconds
        self._started, self._count = time.monotonic(), 0

    def __call__(self, query: dict[str, str]) -> Reply:
        """The listing's answer, or 429 with the seconds until the window ends."""
        elapsed = time.monotonic() - self._started
        if elapsed >= self._seconds:
            self._started, self._count, elapsed = time.monotonic(), 0, 0.0
        self._count += 1
        if self._count <= self._requests:
            return self._listings(query)
        reset = int(self._seconds - elapsed) + 1
        return Reply.of_json(429, {"error": "Too many requests"}, {"RateLimit": f'"api";r=0;t={reset}'})


def captures_in(folder: Path) -> dict[date, dict[datetime, list[Any]]]:
    """Recorded captures of a folder: one folder a listing date, in it `2025-05-21T0749Z.json` for each capture."""
    found: dict[date, dict[datetime, list[Any]]] = {}
    for path in sorted(folder.glob("????-??-??/*Z.json")):
        found.setdefault(date.fromisoformat(path.parent.name), {})[capture_time(path.name)] = json.loads(
            path.read_bytes()
        )
    return found


def capture_time(name: str) -> datetime:
    """When a capture was taken, from its file name."""
    return datetime.strptime(name, "%Y-%m-%dT%H%MZ.json").replace(tzinfo=UTC)


def sample_server(papers: int | None = None) -> LocalServer:
    """The demo's server: the bundled listing (its first `papers`) and the bundled answers; arXiv has no documents."""
    return LocalServer(RecordedListings({SAMPLE_DATE: sample_items()[:papers]}), sample_answer)


def main() -> None:
    """Serves the bundled day, or a folder of captures as of a moment, until it is interrupted."""
    parser = argparse.ArgumentParser(prog="python -m daily_papers.sample.replay", description=main.__doc__)
    parser.add_argument("--captures", type=Path, metavar="FOLDER", help="one folder a date, one JSON file a capture")
    parser.add_argument("--at", type=datetime.fromisoformat, metavar="TIME", help="UTC; default: after all captures")
    parser.add_argument("--speed", type=float, default=0, help="seconds of the replay in one of ours (0)")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="JSON list of faults (docs/faults.md)")
    arguments = parser.parse_args()
    captures = captures_in(arguments.captures) if arguments.captures else None
    moment = arguments.at.replace(tzinfo=UTC) if arguments.at else datetime.now(UTC)
    listings: ListingSource = RecordedListings({SAMPLE_DATE: sample_items()})
    if captures is not None:
        listings = ReplayedCaptures(captures, moment, speed=arguments.speed)
    if arguments.faults:
        listings = WithFaults(listings, faults_from_json(arguments.faults.read_text(encoding="utf-8")))
    with LocalServer(RateLimited(listings), sample_answer) as server:
        print(f"HF_ENDPOINT={server.address}\nOPENAI_BASE_URL={server.model_address}", flush=True)  # noqa: T201
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
