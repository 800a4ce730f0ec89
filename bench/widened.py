"""A warehouse of a million papers, widened from one of a hundred thousand: every row again with other ids and dates.

To make and rebuild a library of a million papers takes hours on a small machine. The lake stays that of the smaller
library, and so does the vocabulary.
"""

from __future__ import annotations

import shutil
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

import duckdb

from daily_papers import warehouse
from daily_papers.duckdb_access import OFFLINE
from daily_papers.lake import Lake
from daily_papers.settings import Settings

if TYPE_CHECKING:
    from bench.warehouse_bench import Figures

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


def measured(settings: Settings, papers: int, times: int) -> Figures:
    """Widens a warehouse and measures a date's load, the publication, every query of the catalogue and searches."""
    from bench.warehouse_bench import Figures, _replace, ask_the_catalogue, cpu_of, search

    widen(settings, times)
    found = Figures(papers * times, megabytes=settings.warehouse_path.stat().st_size / 1e6)
    lake, copy = Lake(settings.home_path), settings.warehouse_path.with_name("copy.duckdb")
    dates = lake.day_dates()
    warm_up, *loaded = [dates[len(dates) * number // 6] for number in range(6)]
    found.copy = cpu_of(lambda: shutil.copyfile(settings.warehouse_path, copy))
    with duckdb.connect(str(copy), config=OFFLINE) as connection:
        _replace(connection, lake, warm_up)
        found.transaction = median([cpu_of(partial(_replace, connection, lake, day)) for day in loaded])
    copy.unlink()
    found.load = cpu_of(partial(warehouse.load, settings, lake, [warm_up]))
    found.questions = {name: {"warehouse": seconds} for name, seconds in ask_the_catalogue(settings).items()}
    found.search = search(settings)
    return found


def markdown(found: Figures, smallest: Figures) -> str:
    """The figures beside those of the smallest library."""
    queries = median(
        ways["warehouse"] / smallest.questions[name]["warehouse"] for name, ways in found.questions.items()
    )
    searching = (found.search or 0.0) / (smallest.search or 1.0)
    transaction, publication = found.transaction / smallest.transaction, found.publication / smallest.publication
    return (
        f"Widened to {found.papers:,} papers ({found.megabytes:,.0f} MB), over {smallest.papers:,}: transaction of a "
        f"date {transaction:.2f} x, publication {publication:.1f} x, of which the copy {1000 * found.copy:,.0f} ms, "
        f"median query of the catalogue {queries:.1f} x, search {searching:.1f} x."
    )
