"""Filling an empty warehouse from the lake: months in processes of their own, then all of them into one file."""

from __future__ import annotations

import glob
import multiprocessing
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import duckdb

from daily_papers.compaction import by_month, compacted_month
from daily_papers.duckdb_access import OFFLINE
from daily_papers.lake import Lake
from daily_papers.legacy import read_stored_legacy_digest
from daily_papers.search_index import index_papers
from daily_papers.warehouse_load import (
    DATE_TABLES,
    FACT_TABLES,
    PAPER_TABLES,
    load_dates,
    replace_drift,
    replace_legacy,
    replace_warnings,
)
from daily_papers.warehouse_schema import create_tables

FEW_DATES = 60
"""So many dates are loaded faster than other processes are started."""


def load_everything(
    connection: duckdb.DuckDBPyConnection, lake: Lake, folder: Path, progress: Callable[[date], None]
) -> int:
    """Loads all there is in the lake into empty tables, within the caller's transaction.

    Args:
        folder: a place for parts that is not there yet; it is removed.
        progress: told each date when it is read.

    Returns:
        The number of dates.
    """
    dates = loadable_dates(lake)
    try:
        _load_months(lake, folder, by_month(dates), progress, few=len(dates) <= FEW_DATES)
        if dates:
            _merge(connection, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    index_papers(connection, [paper_id for (paper_id,) in connection.execute("SELECT paper_id FROM papers").fetchall()])
    replace_drift(connection, lake)
    for listing_date in lake.legacy_dates():
        replace_legacy(connection, read_stored_legacy_digest(lake, listing_date))
    return len(dates)


def loadable_dates(lake: Lake) -> list[date]:
    """Dates that have anything to load, ascending."""
    return sorted({*lake.attempted_dates(), *lake.day_dates()})


def _load_months(
    lake: Lake, folder: Path, months: dict[str, list[date]], progress: Callable[[date], None], *, few: bool
) -> None:
    if few:
        for month, days in months.items():
            _load_month(lake, days, folder / month)
            for day in days:
                progress(day)
        return
    # spawned: a fork would take threads and locks of this process along
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        started = {month: pool.submit(_load_month, lake, days, folder / month) for month, days in months.items()}
        try:
            for month, part in started.items():
                part.result()
                for day in months[month]:
                    progress(day)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _load_month(lake: Lake, days: list[date], folder: Path) -> None:
    """The tables of a month's dates as Parquet files in a folder."""
    folder.mkdir(parents=True)
    audited = [day for day in days if lake.day_file(day).exists()]
    day_rows = compacted_month(lake, audited)[0] if audited else {}
    with duckdb.connect(config=OFFLINE) as connection:
        connection.execute("SET threads = 1")
        create_tables(connection)
        load_dates(connection, lake, days, day_rows)
        replace_warnings(connection, lake, days)
        for table in (*DATE_TABLES, "warnings", *FACT_TABLES, *PAPER_TABLES):
            connection.execute(f"COPY {table} TO '{_literal(folder / table)}.parquet' (FORMAT parquet)")


def _merge(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Brings the months' tables together; a paper of several months keeps the facts of one, and its calls once."""

    def parts(table: str) -> str:
        pattern = _literal(Path(glob.escape(str(folder))) / "*" / f"{table}.parquet")
        return f"read_parquet('{pattern}', filename = true, hive_partitioning = false)"

    month = "parse_filename(parse_dirpath(filename))"
    for table in (*DATE_TABLES, "warnings"):
        connection.execute(f"INSERT INTO {table} SELECT * EXCLUDE (filename) FROM {parts(table)}")
    connection.execute(
        f"INSERT INTO papers SELECT p.* EXCLUDE (filename) FROM {parts('papers')} p "
        "JOIN listings l ON l.paper_id = p.paper_id AND l.listing_date = p.listing_date "
        "QUALIFY row_number() OVER (PARTITION BY p.paper_id ORDER BY l.is_listed DESC, p.listing_date DESC) = 1 "
        "ORDER BY p.paper_id"
    )
    # ordered, so that a day's load finds its papers in few blocks
    for table in FACT_TABLES[1:]:
        connection.execute(
            f"INSERT INTO {table} SELECT f.* EXCLUDE (filename) FROM {parts(table)} f "
            f"JOIN papers p ON p.paper_id = f.paper_id AND strftime(p.listing_date, '%Y-%m') = {month} "
            "ORDER BY f.paper_id"
        )
    for table in PAPER_TABLES:
        connection.execute(
            f"INSERT INTO {table} SELECT * EXCLUDE (filename) FROM {parts(table)} "
            "QUALIFY filename = min(filename) OVER (PARTITION BY paper_id) ORDER BY paper_id"
        )


def _literal(path: Path) -> str:
    """A path within an SQL literal."""
    return str(path).replace("'", "''")
