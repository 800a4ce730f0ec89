"""Day files of a month in one file: a derived copy that is read many times faster than thousands of daily files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import date
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daily_papers.day_file import SCHEMA, read_day_table
from daily_papers.lake import Lake
from daily_papers.period import month_of
from daily_papers.storage import readable_json, sorted_files, write_atomically


def by_month(dates: list[date]) -> dict[str, list[date]]:
    """Dates in ascending order, by their month."""
    return {month: list(days) for month, days in groupby(sorted(dates), lambda day: month_of(day).name)}


def compact(lake: Lake, progress: Callable[[date], None] = lambda _: None) -> list[str]:
    """Brings the file of every month up to date, and removes those of months that have no day files any more.

    Returns:
        The months whose file was written.
    """
    written, months = [], by_month(lake.day_dates())
    for path in sorted_files(lake.month_file("").parent, ""):
        if path.name.partition(".")[0] not in months:
            path.unlink()
    for month, days in months.items():
        if compacted_month(lake, days)[1]:
            written.append(month)
        for day in days:
            progress(day)
    return written


def compacted_month(lake: Lake, days: list[date]) -> tuple[dict[date, pa.Table], bool]:
    """Rows of a month's day files by date, from the month's file; and whether that had to be written first.

    A note beside the file says what it was made of, and its own hash: one that is stale or damaged is written again.

    Args:
        days: all dates of one month that have a day file.
    """
    path = lake.month_file(month_of(days[0]).name)
    note = path.with_suffix(".json")
    hashes = {str(day): _hash(lake.day_file(day).read_bytes()) for day in days}
    stored = path.read_bytes() if path.exists() else b""
    made_of = {"days": hashes, "schema": SCHEMA.to_string(), "file": _hash(stored)}
    is_fresh = note.exists() and note.read_bytes() == readable_json(made_of)
    if is_fresh:
        table = pq.ParquetFile(pa.BufferReader(stored), pre_buffer=False).read(use_threads=False)
    else:
        table = pa.concat_tables([SCHEMA.empty_table(), *(read_day_table(lake, day) for day in days)])
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        write_atomically(path, buffer.getvalue())
        write_atomically(note, readable_json({**made_of, "file": _hash(buffer.getvalue())}))
    return {day: table.filter(pc.equal(table["listing_date"], pa.scalar(day))) for day in days}, not is_fresh


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
