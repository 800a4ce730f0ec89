"""Who waits for which dates to be loaded: one writer loads them all, the others find theirs done."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from daily_papers.lake.library import Library

logger = logging.getLogger(__name__)

OLDEST_SECONDS = 3600.0
"""Nobody waits that long: a request that is older is one of a dead process that no load could meet."""
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.[0-9a-f]{32}")


@dataclass(frozen=True)
class Waiting:
    """Requests of all processes, as they were at one moment."""

    files: tuple[Path, ...]

    @property
    def dates(self) -> list[date]:
        """The dates that are asked for, ascending."""
        return sorted({_date_of(file) for file in self.files})

    def remove(self, but: Collection[date] = ()) -> None:
        """Says that they were loaded and published, but for some dates."""
        for file in self.files:
            if _date_of(file) not in but:
                file.unlink(missing_ok=True)


class LoadRequests:
    """The requests of one process: a file for each date, beside the locks, there until a load that began later is
    published. A request whose process died is met by the next load."""

    def __init__(self, library: Library, listing_dates: Sequence[date]) -> None:
        self._folder = library.settings.lock_directory / "loads"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._own = Waiting(tuple(self._folder / f"{day}.{uuid.uuid4().hex}" for day in listing_dates))
        for file in self._own.files:
            file.touch()

    def are_done(self) -> bool:
        """Whether another process has loaded all of these dates since; no dates are never done."""
        return bool(self._own.files) and not any(file.exists() for file in self._own.files)

    def waiting(self) -> Waiting:
        """What all processes wait for now. Requests that are too old are given up."""
        files = [file for file in sorted(self._folder.iterdir()) if _NAME.fullmatch(file.name)]
        old = [file for file in files if file not in self._own.files and _age(file) > OLDEST_SECONDS]
        for file in old:
            logger.error("Gave up loading %s: run the date again.", _date_of(file))
            file.unlink(missing_ok=True)
        return Waiting(tuple(file for file in files if file not in old))

    def remove(self) -> None:
        """Takes back the own requests that are left."""
        self._own.remove()


def _date_of(file: Path) -> date:
    return date.fromisoformat(file.name.partition(".")[0])


def _age(file: Path) -> float:
    """Seconds since a request was made; 0 for one that was met meanwhile."""
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return 0.0
