"""The day file: one Parquet file a date, one row for every listed paper, byte-deterministic."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from daily_papers.lake import Lake
from daily_papers.sections import SECTION_KEYS, wording
from daily_papers.storage import write_atomically

SCHEMA_VERSION = "1"


class RowStatus(StrEnum):
    """Whether readers see a paper, and why not."""

    COMPLETE = "complete"
    QUARANTINED = "quarantined"
    PENDING = "pending"


@dataclass(frozen=True)
class Column:
    """One column of the day file: its Arrow type, unit and meaning, and when it is null."""

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = False


_TEXT = pa.string()
_TEXTS = pa.list_(pa.string())
_UTC = pa.timestamp("ms")
_RESULTS = pa.list_(pa.struct([(name, pa.string()) for name in ("metric", "dataset", "value", "baseline")]))


def _section_columns() -> Iterable[Column]:
    headings = wording("ko").headings
    for key in SECTION_KEYS:
        yield Column(
            f"{key}_basis",
            _TEXT,
            f"{headings[key]}: stated, inferred or absent; null without a readable answer",
            nullable=True,
        )
        yield Column(
            f"{key}_markdown",
            _TEXT,
            f"{headings[key]}: Markdown; empty where absent, null without an answer",
            nullable=True,
        )
        yield Column(f"{key}_quotes", _TEXTS, f"{headings[key]}: literal quotes of the source; may be empty")


COLUMNS: tuple[Column, ...] = (
    Column("listing_date", pa.date32(), "The listing's UTC day"),
    Column("paper_id", _TEXT, "arXiv id without version"),
    Column("status", _TEXT, "complete, quarantined or pending"),
    Column("reasons", _TEXTS, "Reason codes of a row that is not complete, in the enum's order; else empty"),
    Column("listed", pa.bool_(), "Whether the newest capture lists the paper (false: moved or withdrawn)"),
    Column("title", _TEXT, "Title on one line"),
    Column("abstract", _TEXT, "Abstract on one line"),
    Column("authors", _TEXTS, "Names in the paper's order"),
    Column("upvotes", pa.int32(), "Votes at the newest capture that lists the paper"),
    Column("comments", pa.int32(), "Comments at that capture"),
    Column("published_at", _UTC, "Publication on arXiv, UTC (midnight from 2026-04-03 on)"),
    Column(
        "submitted_at",
        _UTC,
        "Submission to Daily Papers, UTC (midnight from 2026-05-13 on); null where unknown (2025-03-10 .. 14)",
        nullable=True,
    ),
    Column("submitted_by", _TEXT, "Submitter's user name; null where the listing names none", nullable=True),
    Column(
        "project_page",
        _TEXT,
        "Address; null where the listing has no http(s) address (from 2025-03-03)",
        nullable=True,
    ),
    Column("github_repository", _TEXT, "Address; null as for project_page", nullable=True),
    Column("keywords", _TEXTS, "Keywords by Hugging Face (from 2025-03-10); may be empty"),
    Column(
        "organization",
        _TEXT,
        "Organization's name (from 2025-10-03); null where the listing names none",
        nullable=True,
    ),
    Column("source_kind", _TEXT, "What the summary, or the next request, rests on: abstract"),
    Column("source_sha256", _TEXT, "Hash of that text"),
    Column("language", _TEXT, "Language of the summary, an ISO 639-1 code"),
    Column("model", _TEXT, "Model that was asked; null while pending", nullable=True),
    Column("prompt_version", _TEXT, "Version of the prompt; null while pending", nullable=True),
    Column(
        "request_key", _TEXT, "Hash of the request's body, names the stored answer; null while pending", nullable=True
    ),
    Column("title_ko", _TEXT, "Title in the summary's language; null without a readable answer", nullable=True),
    *_section_columns(),
    Column("results_rows", _RESULTS, "Figures the paper reports, as text; may be empty"),
)

SCHEMA = pa.schema(
    [pa.field(column.name, column.type, column.nullable, {"description": column.meaning}) for column in COLUMNS],
    {"daily_papers.schema_version": SCHEMA_VERSION},
)


def write_day_file(lake: Lake, listing_date: date, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replaces a date's day file in one atomic step; equal rows give equal bytes. No rows: an empty day."""
    ordered = sorted(rows, key=lambda row: row["paper_id"])
    table = pa.Table.from_pylist([{name: row[name] for name in SCHEMA.names} for row in ordered], SCHEMA)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", compression_level=9)
    write_atomically(lake.day_file(listing_date), buffer.getvalue())


def read_day_file(lake: Lake, listing_date: date, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Rows of a date by paper id; FileNotFoundError where the date has no day file."""
    data = lake.day_file(listing_date).read_bytes()
    # without threads: a short command could end while Arrow's thread pools start, and abort
    table = pq.read_table(
        pa.BufferReader(data), columns=list(columns) if columns else None, use_threads=False, pre_buffer=False
    )
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def day_language(lake: Lake, listing_date: date, default: str) -> str:
    """The language of a date: that of its day file, so that a changed setting asks nothing again; else the default."""
    if not lake.day_file(listing_date).exists():
        return default
    rows = read_day_file(lake, listing_date, ["language", "status"])
    return next((str(row["language"]) for row in rows if row["status"] == RowStatus.COMPLETE), default)


def markdown_documentation() -> str:
    """The columns as the Markdown table of docs/day-file.md."""
    lines = ["| column | type | null | meaning |", "|---|---|---|---|"]
    for column in COLUMNS:
        kind = str(column.type).replace("|", "\\|")
        lines.append(f"| `{column.name}` | `{kind}` | {'yes' if column.nullable else 'no'} | {column.meaning} |")
    return "\n".join(lines) + "\n"
