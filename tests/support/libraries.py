"""Libraries of other homes than the environment's."""

from __future__ import annotations

from pathlib import Path

from upath import UPath

from daily_papers.lake.library import Library
from daily_papers.settings import Settings


def library_in(home: Path | UPath | str) -> Library:
    """The library of a home, whatever home the environment names."""
    return Library(Settings.model_validate({"DAILY_PAPERS_HOME": str(home)}))
