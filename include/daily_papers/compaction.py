"""Day files of a month in one file: a derived copy that is read many times faster than thousands of daily files."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from datetime import date
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daily_papers.day_file import SCHEMA, read_day_table
from daily_papers.lake import Lake
from daily_papers.storage import sorted_files, write_atomically

_MADE_OF = b"daily_papers.made_of"


def month_of(listing_date: date) -> str:
    """The month of a date, YYYY-MM."""
    return f"{listing_date:%Y-%m}"


def by_month(dates: list[date]) -> dict[str, list[date]]:
    """Dates in ascending order, by their month."""
    return {month: list(days) for month, days in groupby(sorted(dates), month_of)}


def compact(lake: Lake, progress: Callable[[date], None] = lambda _: None) -> list[str]:
    """Brings the file of every month up to date, and removes those of months that have no day files any more.

    Returns:
        The months whose file was written.
    """
    written, months = [], by_month(lake.day_dates())
    for path in sorted_files(lake.month_file("").parent, ".parquet"):
        if path.name.removesuffix(".parquet") not in months:
            path.unlink()
    for month, days in months.items():
        if compacted_month(lake, days)[1]:
            written.append(month)
        for day in days:
            progress(day)
    return written


def compacted_month(lake: Lake, days: list[date]) -> tuple[dict[date, pa.Table], bool]:
    """Rows of a month's day files by date, from the month's file; and whether that had to be written first.

    Args:
        days: all dates of one month that have a day file.
    """
    path = lake.month_file(month_of(days[0]))
    hashes = {str(day): hashlib.sha256(lake.day_file(day).read_bytes()).hexdigest() for day in days}
    made_of = json.dumps([hashes, SCHEMA.to_string()], sort_keys=True).encode()
    table = _stored(path.read_bytes()) if path.exists() else None
    is_fresh = table is not None and (table.schema.metadata or {}).get(_MADE_OF) == made_of
    if table is None or not is_fresh:
        rows = pa.concat_tables([SCHEMA.empty_table(), *(read_day_table(lake, day) for day in days)])
        table = rows.replace_schema_metadata({**(SCHEMA.metadata or {}), _MADE_OF: made_of})
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        write_atomically(path, buffer.getvalue())
    return {day: table.filter(pc.equal(table["listing_date"], pa.scalar(day))) for day in days}, not is_fresh


def _stored(data: bytes) -> pa.Table | None:
    """A month's rows; None where the file is damaged: it is only a copy."""
    try:
        file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False, page_checksum_verification=True)
        return file.read(use_threads=False)
    except (pa.ArrowInvalid, OSError):
        return None
