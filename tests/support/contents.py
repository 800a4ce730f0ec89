"""What a home holds, to compare before and after."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from daily_papers.lake.library import Library
from daily_papers.warehouse.publication import open_for_reading


def hashes(directory: Path) -> dict[str, str]:
    """Relative path to SHA-256 of every file below a directory."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def tables(library: Library) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, sorted."""
    with open_for_reading(library) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: sorted(connection.execute(f"FROM {name}").fetchall(), key=repr) for name in sorted(names)}


def tables_but_looks(library: Library) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for what every look at a listing adds: the looks themselves and their times."""
    found = {name: rows for name, rows in tables(library).items() if name not in ("observations", "votes", "warnings")}
    with open_for_reading(library) as connection:
        for name, times in (("days", "observed_at"), ("listings", "first_seen_at, last_seen_at")):
            rows = connection.execute(f"SELECT * EXCLUDE ({times}) FROM {name}").fetchall()
            found[name] = sorted(rows, key=repr)
    return found


def published(home: Path) -> dict[str, str]:
    """Hashes of the day files and digests, without what a killed writer left beside them."""
    found = {**hashes(home / "lake" / "days"), **hashes(home / "digests")}
    return {name: digest for name, digest in found.items() if not name.endswith(".tmp")}
