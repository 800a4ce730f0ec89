"""Day files of a month in one file: a derived copy that is read many times faster than thousands of daily files."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from upath import UPath

from daily_papers.errors import DamagedFileError
from daily_papers.lake.files import readable_json, sha256_of, sorted_files, write_atomically
from daily_papers.lake.library import Library
from daily_papers.period import month_of
from daily_papers.rows.day_file import SCHEMA, checked_day_file, read_day_table


def by_month(dates: list[date]) -> dict[str, list[date]]:
    """Dates in ascending order, by their month."""
    return {month: list(days) for month, days in groupby(sorted(dates), lambda day: month_of(day).name)}


@dataclass(frozen=True)
class Compaction:
    """The months whose file was written, and the day files that are damaged and in none of them."""

    written: list[str]
    damaged: list[DamagedFileError]


def compact_months(library: Library, progress: Callable[[date], None] = lambda _: None) -> Compaction:
    """Brings the file of every month up to date, and removes those of months that have no day files any more."""
    done, months = Compaction([], []), by_month(library.lake.day_dates())
    for path in sorted_files(library.lake.month_file("").parent, ""):
        if path.is_file() and path.name.partition(".")[0] not in months:
            path.unlink()
    for month, days in months.items():
        compacted = compacted_month(library, days)
        done.damaged.extend(compacted.damaged.values())
        if compacted.is_new:
            done.written.append(month)
        for day in days:
            progress(day)
    return done


@dataclass(frozen=True)
class CompactedMonth:
    """Rows of a month by date, whether its file had to be written first, and the day files that cannot be read."""

    rows: dict[date, pa.Table]
    is_new: bool
    damaged: dict[date, DamagedFileError]


def compacted_month(library: Library, days: list[date]) -> CompactedMonth:
    """Rows of a month's day files, from the month's file where that is up to date.

    A note beside the file says what it was made of, and its own hash: one that is stale or damaged is written again.
    A damaged day file is left out.

    Args:
        days: all dates of one month that have a day file.
    """
    tables, damaged = {}, {}
    hashes = {}
    for day in days:
        try:
            hashes[str(day)] = sha256_of(checked_day_file(library, day))
        except DamagedFileError as error:
            damaged[day] = error
    path = library.lake.month_file(month_of(days[0]).name)
    note = path.with_suffix(".json")
    stored = _stored(path)
    made_of = {"days": hashes, "schema": SCHEMA.to_string(), "file": sha256_of(stored)}
    is_fresh = _stored(note) == readable_json(made_of)
    if is_fresh:
        table = pq.ParquetFile(pa.BufferReader(stored), pre_buffer=False).read(use_threads=False)
        good = [day for day in days if day not in damaged]
        tables = {day: table.filter(pc.equal(table["listing_date"], pa.scalar(day))) for day in good}
        return CompactedMonth(tables, is_new=False, damaged=damaged)
    for day in (day for day in days if day not in damaged):
        try:
            tables[day] = read_day_table(library, day)
        except DamagedFileError as error:
            damaged[day] = error
            del hashes[str(day)]
    buffer = io.BytesIO()
    pq.write_table(pa.concat_tables([SCHEMA.empty_table(), *tables.values()]), buffer, compression="zstd")
    write_atomically(path, buffer.getvalue())
    write_atomically(note, readable_json({**made_of, "days": hashes, "file": sha256_of(buffer.getvalue())}))
    return CompactedMonth(tables, is_new=True, damaged=damaged)


def _stored(path: UPath) -> bytes:
    """The bytes of a derived file; none where it is not there or cannot be read."""
    try:
        return bytes(path.read_bytes())
    except OSError:
        return b""
