"""Who waits for which dates to be loaded: one writer loads them all, the others find theirs done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from daily_papers.settings import Settings


@dataclass(frozen=True)
class Waiting:
    """Requests of all processes, as they were at one moment."""

    files: tuple[Path, ...]

    @property
    def dates(self) -> list[date]:
        """The dates that are asked for, ascending."""
        return sorted({date.fromisoformat(file.name.partition(".")[0]) for file in self.files})

    def remove(self) -> None:
        """Says that they were loaded and published."""
        for file in self.files:
            file.unlink(missing_ok=True)


class LoadRequests:
    """The requests of one process: a file for each date, beside the locks, there until a load that began later is
    published. A request whose process died is met by the next load."""

    def __init__(self, settings: Settings, listing_dates: Sequence[date]) -> None:
        self._folder = settings.lock_directory / "loads"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._own = Waiting(tuple(self._folder / f"{day}.{uuid.uuid4().hex}" for day in listing_dates))
        for file in self._own.files:
            file.touch()

    def are_done(self) -> bool:
        """Whether another process has loaded all of these dates since; no dates are never done."""
        return bool(self._own.files) and not any(file.exists() for file in self._own.files)

    def waiting(self) -> Waiting:
        """What all processes wait for now."""
        return Waiting(tuple(sorted(self._folder.iterdir())))

    def remove(self) -> None:
        """Takes back the own requests that are left."""
        self._own.remove()
