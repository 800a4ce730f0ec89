"""Which library `papers` opens where no setting names one: the one in `data`, else the one that `make demo` made."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

OWN = Path("data")
DEMO, DEMO_LOCAL, DEMO_LIVE = "demo", "demo-local", "demo-live"
"""Folders of the demo's libraries in `data`: samples, a small local model, a model of the user's."""


def use_the_demo_where_there_is_no_other(say: Callable[[str], None]) -> None:
    """Names the newest library of a demo in the environment, and says so, where `data` holds no library yet."""
    if os.environ.get("DAILY_PAPERS_HOME") or os.environ.get("DAILY_PAPERS_WAREHOUSE"):
        return
    if (OWN / "lake").exists() or (OWN / "warehouse.duckdb").exists():
        return
    made = [OWN / name for name in (DEMO, DEMO_LOCAL, DEMO_LIVE) if (OWN / name / "warehouse.duckdb").exists()]
    if made:
        newest = max(made, key=lambda home: (home / "warehouse.duckdb").stat().st_mtime)
        os.environ["DAILY_PAPERS_HOME"] = str(newest)
        removed = "" if newest.name == DEMO_LIVE else " (`make clean` removes it)"
        say(f"There is no library in {OWN} yet: using the demo's, {newest}{removed}.")
