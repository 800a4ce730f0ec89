"""The tables of words in this package: CSV files that anybody may edit."""

from __future__ import annotations

import csv
from importlib.resources import files


def word_table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this package, by the names in its first line."""
    text = files("daily_papers.checks.grounding").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
