"""A day's load, the catalogue and search in a warehouse of a million papers, against one of a thousand.

`python -m bench.million_bench [--papers 100000] [--times 10]`. To make and rebuild a library of a million papers takes
hours on a small machine, so its warehouse is widened from one of a hundred thousand: every row again with other ids and
dates. The lake stays that of the smaller library, and so does the vocabulary. Figures are CPU time, as ratios.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

import duckdb

from bench.warehouse_bench import Figures, _replace, ask_the_catalogue, cpu_of, make, search
from daily_papers import warehouse
from daily_papers.lake import Lake
from daily_papers.settings import Settings
from daily_papers.warehouse_schema import OFFLINE

YEARS = 7
"""Between a row and its copy; a hundred thousand papers take less."""
_REPLACED = {
    "paper_id": "printf('%02d%s', paper_id[:2]::INTEGER + {years}, paper_id[3:]) AS paper_id",
    "listing_date": "listing_date + {days} AS listing_date",
    "paper_key": "paper_key + {years} * 10000000 AS paper_key",
}


def widen(settings: Settings, times: int) -> None:
    """Makes the published warehouse `times` as large."""
    link = settings.warehouse_path
    draft = link.with_name("widened.duckdb")
    shutil.copyfile(link, draft)
    with duckdb.connect(str(draft), config=OFFLINE) as connection:
        connection.execute(f"ATTACH '{link.resolve()}' AS base (READ_ONLY)")
        tables = connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() "
            "WHERE database_name = 'base' AND NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables()) "
            "AND table_name NOT IN ('schema_version', 'search_terms', 'drift') GROUP BY ALL"
        ).fetchall()
        for copy in range(1, times):
            shift = {"years": copy * YEARS, "days": copy * YEARS * 366}
            for table, columns in tables:
                replaced = ", ".join(_REPLACED[name].format(**shift) for name in _REPLACED if name in columns)
                connection.execute(f"INSERT INTO {table} SELECT * REPLACE ({replaced}) FROM base.{table}")
            connection.execute("CHECKPOINT")
        connection.execute(f"UPDATE search_terms SET papers = papers * {times}")
    draft.replace(link.resolve())


def loads(settings: Settings, found: Figures, dates: list[object]) -> None:
    """Measures what a date's load takes, in its transaction and with the publication."""
    lake, copy = Lake(settings.home_path), settings.warehouse_path.with_name("copy.duckdb")
    warm_up, *loaded = [dates[len(dates) * number // 6] for number in range(6)]
    found.copy = cpu_of(lambda: shutil.copyfile(settings.warehouse_path, copy))
    with duckdb.connect(str(copy), config=OFFLINE) as connection:
        _replace(connection, lake, warm_up)  # type: ignore[arg-type]
        found.transaction = median([cpu_of(partial(_replace, connection, lake, day)) for day in loaded])
    copy.unlink()
    warehouse.load(settings, lake, [warm_up])  # type: ignore[list-item]
    found.load = cpu_of(partial(warehouse.load, settings, lake, [loaded[0]]))


def main() -> None:
    """Prints the figures as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=10)
    options = parser.parse_args()
    rows: list[tuple[Figures, float, float]] = []
    for papers, times in ((1000, 1), (options.papers, 1), (options.papers, options.times)):
        if times == 1:
            folder = Path(tempfile.mkdtemp(prefix="million-bench-"))
            found = Figures(papers)
            settings, dates = make(found, folder, calls=True, say=print)
        else:
            widen(settings, times)
            found = Figures(papers * times, megabytes=settings.warehouse_path.stat().st_size / 1e6)
            loads(settings, found, list(dates))
        rows.append((found, median(ask_the_catalogue(settings).values()), search(settings) or 0.0))
        if papers == 1000 or times > 1:
            shutil.rmtree(folder)
    first = rows[0]
    print("| papers | file MB | transaction, ms | ratio | publication, ms | catalogue's median | search |")
    print("|---|---|---|---|---|---|---|")
    for found, catalogue, searching in rows:
        print(
            f"| {found.papers:,} | {found.megabytes:.0f} | {1000 * found.transaction:.0f} | "
            f"{found.transaction / first[0].transaction:.2f} | {1000 * found.publication:.0f} | "
            f"{catalogue / first[1]:.1f} x | {searching / first[2]:.1f} x |",
            flush=True,
        )


if __name__ == "__main__":
    main()
