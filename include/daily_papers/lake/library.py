"""The library that a process works on: its settings and its lake, the first argument of every step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from daily_papers.lake.layout import Lake
from daily_papers.settings import Settings, load_settings

if TYPE_CHECKING:
    from filelock import FileLock


@dataclass(frozen=True)
class Library:
    """One home, with the settings of the process that works on it."""

    settings: Settings

    @cached_property
    def lake(self) -> Lake:
        """Where its files are."""
        return Lake(self.settings.home_path)

    def lock(self, name: str, *, released_by_any_thread: bool = False) -> FileLock:
        """A lock between all processes of this machine that work on this library; not held yet.

        Args:
            released_by_any_thread: whether another thread may release it than the one that acquired it; then it keeps
                the threads of one process apart only where each has a lock object of its own.
        """
        from filelock import FileLock

        self.settings.lock_directory.mkdir(parents=True, exist_ok=True)
        return FileLock(self.settings.lock_directory / f"{name}.lock", thread_local=not released_by_any_thread)

    def has_day(self, listing_date: date) -> bool:
        """Whether a date was audited: it has a day file."""
        return self.lake.day_file(listing_date).exists()


def open_library() -> Library:
    """The library that the environment leads to."""
    return Library(load_settings())
