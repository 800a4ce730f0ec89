"""Filling an empty warehouse from the lake: months in processes of their own, then all of them into one file."""

from __future__ import annotations

import glob
import logging
import multiprocessing
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from daily_papers.errors import DamagedFileError
from daily_papers.lake.library import Library
from daily_papers.legacy.digest import read_stored_legacy_digest
from daily_papers.rows.months import by_month, compacted_month
from daily_papers.warehouse.duckdb_access import OFFLINE
from daily_papers.warehouse.fill_tables import (
    DATE_TABLES,
    FACT_TABLES,
    PAPER_TABLES,
    contents_of,
    load_dates,
    replace_drift,
    replace_legacy,
    replace_warnings,
)
from daily_papers.warehouse.schema import create_tables

logger = logging.getLogger(__name__)

FEW_DATES = 60
"""So many dates are loaded faster than other processes are started."""


@dataclass(frozen=True)
class Loaded:
    """How many dates were loaded, and what of the lake is damaged, a message each."""

    dates: int
    damage: tuple[str, ...]


def load_everything(
    connection: duckdb.DuckDBPyConnection, library: Library, folder: Path, progress: Callable[[date], None]
) -> Loaded:
    """Loads all there is in the lake into empty tables, within the caller's transaction.

    Of a date with a damaged file only the status is loaded, of an imported digest that is damaged nothing.

    Args:
        folder: a place for parts that is not there yet; it is removed.
        progress: told each date when it is read.

    """
    dates = loadable_dates(library)
    try:
        damage = _load_months(library, folder, by_month(dates), progress, few=len(dates) <= FEW_DATES)
        if dates:
            _merge(connection, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    replace_drift(connection, library)
    for listing_date in library.lake.legacy_dates():
        try:
            replace_legacy(connection, read_stored_legacy_digest(library, listing_date))
        except DamagedFileError as error:
            damage.append(str(error))
    return Loaded(len(dates), tuple(damage))


def loadable_dates(library: Library) -> list[date]:
    """Dates that have anything to load, ascending."""
    return sorted({*library.lake.attempted_dates(), *library.lake.day_dates()})


def _load_months(
    library: Library, folder: Path, months: dict[str, list[date]], progress: Callable[[date], None], *, few: bool
) -> list[str]:
    """Loads months into folders of their own; returns what of them is damaged."""
    damage: list[str] = []
    if few:
        for month, days in months.items():
            damage += _load_month(library, days, folder / month)
            for day in days:
                progress(day)
        return damage
    # spawned: a fork would take threads and locks of this process along
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        started = {month: pool.submit(_load_month, library, days, folder / month) for month, days in months.items()}
        try:
            for month, part in started.items():
                damage += part.result()
                for day in months[month]:
                    progress(day)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return damage


def _load_month(library: Library, days: list[date], folder: Path) -> list[str]:
    """The tables of a month's dates as Parquet files in a folder; returns what of the dates is damaged."""
    folder.mkdir(parents=True)
    audited = [day for day in days if library.has_day(day)]
    contents = contents_of(library, days, compacted_month(library, audited) if audited else None)
    with duckdb.connect(config=OFFLINE) as connection:
        connection.execute("SET threads = 1")
        create_tables(connection)
        load_dates(connection, library, contents)
        replace_warnings(connection, library, days)
        for table in (*DATE_TABLES, "warnings", *FACT_TABLES, *PAPER_TABLES):
            connection.execute(f"COPY {table} TO '{_literal(folder / table)}.parquet' (FORMAT parquet)")
    return [str(error) for error in contents.damaged.values()]


def _merge(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Brings the months' tables together; a paper of several months keeps the facts of one, and its calls once."""

    def parts(table: str) -> str:
        pattern = _literal(Path(glob.escape(str(folder))) / "*" / f"{table}.parquet")
        return f"read_parquet('{pattern}', filename = true, hive_partitioning = false)"

    month = "parse_filename(parse_dirpath(filename))"
    for table in (*DATE_TABLES, "warnings"):
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * EXCLUDE (filename) FROM {parts(table)}")
    connection.execute(
        f"INSERT INTO papers BY NAME SELECT p.* EXCLUDE (filename) FROM {parts('papers')} p "
        "JOIN listings l ON l.paper_id = p.paper_id AND l.listing_date = p.listing_date "
        "QUALIFY row_number() OVER (PARTITION BY p.paper_id ORDER BY l.is_listed DESC, p.listing_date DESC) = 1 "
        "ORDER BY p.paper_id"
    )
    # ordered, so that a day's load finds its papers in few blocks
    for table in FACT_TABLES[1:]:
        connection.execute(
            f"INSERT INTO {table} BY NAME SELECT f.* EXCLUDE (filename) FROM {parts(table)} f "
            f"JOIN papers p ON p.paper_id = f.paper_id AND strftime(p.listing_date, '%Y-%m') = {month} "
            "ORDER BY f.paper_id"
        )
    for table in PAPER_TABLES:
        connection.execute(
            f"INSERT INTO {table} BY NAME SELECT * EXCLUDE (filename) FROM {parts(table)} "
            "QUALIFY filename = min(filename) OVER (PARTITION BY paper_id) ORDER BY paper_id"
        )


def _literal(path: Path) -> str:
    """A path within an SQL literal."""
    return str(path).replace("'", "''")
