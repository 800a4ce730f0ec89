"""The day file: one Parquet file per date, one row for every listed paper, byte-deterministic."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from daily_papers.errors import DamagedFileError
from daily_papers.lake.files import if_readable, read_record, read_whole, readable_json, sha256_of, write_atomically
from daily_papers.lake.layout import made_again
from daily_papers.lake.library import Library
from daily_papers.rows.answers import WHOLE
from daily_papers.sections import SECTION_KEYS
from daily_papers.wording.headings_and_labels import wording_of

logger = logging.getLogger(__name__)

SCHEMA_VERSION = "5"
_FORMER_NAMES = {"title_ko": "translated_title"}
"""Columns that files of earlier versions have under another name."""


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
    origin: str = ""
    """For what the listing says: the field of the API, and the listing date from which it is sent."""


_TEXT = pa.string()
_TEXTS = pa.list_(pa.string())
_UTC = pa.timestamp("ms")
_FINDINGS = pa.list_(pa.struct([(name, pa.string()) for name in ("reason", "part", "detail")]))
_RESULTS = pa.list_(pa.struct([(name, pa.string()) for name in ("metric", "dataset", "value", "baseline")]))


def _section_columns() -> Iterable[Column]:
    headings = wording_of("ko").headings
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


_ALWAYS = "always"
_UNLESS_BROKEN = "null where `listing_problem` is set"

COLUMNS: tuple[Column, ...] = (
    Column("listing_date", pa.date32(), "The listing's UTC day"),
    Column(
        "paper_id",
        _TEXT,
        "arXiv id without version; `unidentified-…` for an item without a usable id",
        origin=f"`paper.id`, {_ALWAYS}",
    ),
    Column("status", _TEXT, "complete, quarantined or pending"),
    Column("reasons", _TEXTS, "Reason codes of a row that is not complete, in the enum's order; else empty"),
    Column("warnings", _TEXTS, "Reason codes of what readers should know about the row; mostly empty"),
    Column(
        "findings",
        _FINDINGS,
        "What exactly the checks found: reason, part of the answer (a section, title_ko, results_rows or answer) and "
        "detail, which may be empty; for a pending row empty",
    ),
    Column(
        "decision",
        _TEXT,
        "What a person decided: approved, edited (and approved) or rejected; null where nobody did",
        nullable=True,
    ),
    Column("decided_by", _TEXT, "Who decided; null where nobody did", nullable=True),
    Column("decided_at", _UTC, "When, UTC; null where nobody did", nullable=True),
    Column("decided_because", _TEXT, "Why, in that person's words; null where nobody did", nullable=True),
    Column("listed", pa.bool_(), "Whether the newest capture lists the paper (false: moved or withdrawn)"),
    Column(
        "listing_problem",
        _TEXT,
        "Field of the listing's item that breaks the contract, and how; null for a readable item",
        nullable=True,
    ),
    Column(
        "title",
        _TEXT,
        f"Title on one line; {_UNLESS_BROKEN}",
        nullable=True,
        origin=f"`paper.title`, {_ALWAYS}; with hard line wraps until mid 2025-11; the top-level `title` may differ in "
        "its LaTeX",
    ),
    Column(
        "abstract",
        _TEXT,
        f"Abstract on one line; {_UNLESS_BROKEN}",
        nullable=True,
        origin=f"`paper.summary`, {_ALWAYS}; with hard line wraps until mid 2025-11",
    ),
    Column(
        "authors",
        _TEXTS,
        "Names in the paper's order, also those whose author hides the paper",
        origin=f"`paper.authors[].name`, {_ALWAYS}",
    ),
    Column(
        "upvotes",
        pa.int32(),
        f"Votes at the newest capture that lists the paper; {_UNLESS_BROKEN}",
        nullable=True,
        origin=f"`paper.upvotes`, {_ALWAYS}",
    ),
    Column(
        "comments",
        pa.int32(),
        f"Comments at that capture; {_UNLESS_BROKEN}",
        nullable=True,
        origin=f"`numComments`, {_ALWAYS}",
    ),
    Column(
        "published_at",
        _UTC,
        f"Publication on arXiv, UTC; {_UNLESS_BROKEN}",
        nullable=True,
        origin=f"`paper.publishedAt`, {_ALWAYS}; mostly midnight from 2026-04-03",
    ),
    Column(
        "submitted_at",
        _UTC,
        "Submission to Daily Papers, UTC; null where the listing does not say",
        nullable=True,
        origin="`publishedAt` while that was later than `paper.publishedAt` (until 2025-03-10; it means something else "
        "since), `paper.submittedOnDailyAt` after 2025-03-14; midnight from 2026-05-13",
    ),
    Column(
        "submitted_by",
        _TEXT,
        "Submitter's user name; null where the listing names none",
        nullable=True,
        origin="`submittedBy.name` from 2024-06-12, `paper.submittedOnDailyBy.user` after 2025-03-14; absent "
        "2025-03-11 .. 14",
    ),
    Column(
        "author_participates",
        pa.bool_(),
        "Whether an author takes part in the discussion; null where the listing does not say",
        nullable=True,
        origin="`isAuthorParticipating`, 2024-12-19",
    ),
    Column(
        "project_page",
        _TEXT,
        "Address, trimmed; null where the listing has no http(s) address",
        nullable=True,
        origin="`paper.projectPage`, 2025-03-03",
    ),
    Column(
        "github_repository",
        _TEXT,
        "Address of the repository itself, without `/tree/…`; null where the listing names none",
        nullable=True,
        origin="`paper.githubRepo`, 2025-03-03",
    ),
    Column(
        "github_stars",
        pa.int32(),
        "Stars at the newest capture; null where the listing does not say",
        nullable=True,
        origin="`paper.githubStars`, 2025-06-25",
    ),
    Column("keywords", _TEXTS, "Keywords by Hugging Face; may be empty", origin="`paper.ai_keywords`, 2025-03-10"),
    Column(
        "organization",
        _TEXT,
        "Organization's name; null where the listing names none",
        nullable=True,
        origin="`paper.organization.name`, else `organization.name`, 2025-10-03",
    ),
    Column(
        "hf_summary",
        _TEXT,
        "Hugging Face's own one-sentence summary; null where the listing has none",
        nullable=True,
        origin="`paper.ai_summary`, 2025-05-21",
    ),
    Column(
        "withdrawn_at",
        _UTC,
        "When the paper was withdrawn from the list, UTC; null where it was not",
        nullable=True,
        origin="`withdrawnAt`, 2026-08-14",
    ),
    Column(
        "source_kind",
        _TEXT,
        "What the summary rests on: html or pdf (arXiv's full text) or abstract; null while pending, and where "
        "`listing_problem` is set",
        nullable=True,
    ),
    Column("source_version", pa.int32(), "Version of the paper on arXiv; null where it is unknown", nullable=True),
    Column("source_sha256", _TEXT, "Hash of that text; null as for source_kind", nullable=True),
    Column("language", _TEXT, "Language of the summary, an ISO 639-1 code"),
    Column("model", _TEXT, "Model that was asked; null as for source_kind", nullable=True),
    Column("prompt_version", _TEXT, "Version of the prompt; null as for source_kind", nullable=True),
    Column(
        "request_key",
        _TEXT,
        "Hash of the request's body, names the stored answer; null as for source_kind",
        nullable=True,
    ),
    Column("repairs", pa.int32(), "How often parts of the answer were asked for again, 0 to 2"),
    Column(
        "translated_title",
        _TEXT,
        "Title in the summary's language; null without a readable answer (`title_ko` before version 5)",
        nullable=True,
    ),
    *_section_columns(),
    Column("results_rows", _RESULTS, "Figures the paper reports, as text; may be empty"),
)

SCHEMA = pa.schema(
    [pa.field(column.name, column.type, column.nullable, {"description": column.meaning}) for column in COLUMNS],
    {"daily_papers.schema_version": SCHEMA_VERSION},
)


def write_day_file(library: Library, listing_date: date, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replaces a date's day file in one atomic step; equal rows give equal bytes. No rows: an empty day.

    Its hash is noted beside it; while the file is replaced, the note has the former hash, too.
    """
    ordered = sorted(rows, key=lambda row: row["paper_id"])
    table = pa.Table.from_pylist([{name: row[name] for name in SCHEMA.names} for row in ordered], SCHEMA)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", compression_level=9)
    data = buffer.getvalue()
    note, new = library.lake.day_file_note(listing_date), sha256_of(data)
    former = _noted(library, listing_date)
    if former - {new}:
        write_atomically(note, readable_json(sorted({*former, new})))
    write_atomically(library.lake.day_file(listing_date), data)
    if former != {new}:
        write_atomically(note, readable_json([new]))


def _noted(library: Library, listing_date: date) -> set[str]:
    """The hashes that the day file of a date may have; empty where they are unknown (a file of an earlier version)."""
    path = library.lake.day_file_note(listing_date)
    return set(if_readable(path, lambda one: read_record(one, list[str], made_again(listing_date))) or ())


def read_day_file(library: Library, listing_date: date, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Rows of a date by paper id, as in `read_day_table`."""
    return read_day_table(library, listing_date, columns).to_pylist()


def read_day_table(library: Library, listing_date: date, columns: Sequence[str] | None = None) -> pa.Table:
    """Rows of a date by paper id; FileNotFoundError where the date has no day file.

    Columns that may be null are so in a file of an earlier version that lacks them.

    Raises:
        DamagedFileError: the file is damaged, not the one that the audit of the date wrote, or of an earlier version
            and lacks other columns.
    """
    data = checked_day_file(library, listing_date)
    try:
        return _table(library, listing_date, data, columns)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:  # as damage in a file without a hash shows
        problem = f"it is not a whole Parquet file ({type(error).__name__})"
        raise DamagedFileError(library.lake.day_file(listing_date), problem, made_again(listing_date)) from None


def missing_day_file(library: Library, listing_date: date) -> DamagedFileError:
    """The error of a date that must have a day file and has none."""
    return DamagedFileError(library.lake.day_file(listing_date), "it is missing", made_again(listing_date))


def checked_day_file(library: Library, listing_date: date) -> bytes:
    """The bytes of a date's day file; FileNotFoundError where it has none.

    Raises:
        DamagedFileError: it cannot be read, or is not the one whose hash was noted.
    """
    path, remedy = library.lake.day_file(listing_date), made_again(listing_date)
    noted = _noted(library, listing_date)
    data = read_whole(path, remedy)
    if noted and sha256_of(data) not in noted and sha256_of(data) not in _noted(library, listing_date):  # just replaced
        raise DamagedFileError(path, "it is not the file that the audit of the date wrote", remedy)
    return data


def _table(library: Library, listing_date: date, data: bytes, columns: Sequence[str] | None) -> pa.Table:
    # without threads: a short command could end while Arrow's thread pools start, and abort
    file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
    wanted = pa.schema([SCHEMA.field(name) for name in columns or SCHEMA.names])
    names = {_FORMER_NAMES.get(name, name): name for name in file.schema_arrow.names}
    lacking = [field for field in wanted if field.name not in names]
    if missing := sorted(field.name for field in lacking if not field.nullable):
        problem = f"it was written by an earlier version and lacks {', '.join(missing)}"
        remedy = "`papers rebuild --from-inputs` rebuilds all dates."
        raise DamagedFileError(library.lake.day_file(listing_date), problem, remedy)
    table = file.read([names[name] for name in wanted.names if name in names], use_threads=False)
    table = table.rename_columns([_FORMER_NAMES.get(name, name) for name in table.column_names])
    for field in lacking:
        table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(wanted.names).cast(wanted)


def readable_tables(library: Library, dates: Iterable[date], columns: Sequence[str]) -> Iterator[tuple[date, pa.Table]]:
    """Each of some dates with its rows; a date whose day file is damaged is logged, one without a day file left out."""
    for day in dates:
        try:
            yield day, read_day_table(library, day, columns)
        except FileNotFoundError:
            continue
        except DamagedFileError as error:
            logger.warning("Skipping %s: %s", day, error)


def readable_rows(
    library: Library, dates: Iterable[date], columns: Sequence[str]
) -> Iterator[tuple[date, list[dict[str, Any]]]]:
    """The same with rows as dictionaries."""
    return ((day, table.to_pylist()) for day, table in readable_tables(library, dates, columns))


def details_of(row: Mapping[str, Any], reason: str) -> str:
    """What exactly was found for a reason of a row, by part of the answer; empty where the reason says it all."""
    by_part: dict[str, list[str]] = {}
    for finding in row["findings"]:
        if finding["reason"] == reason:
            by_part.setdefault(finding["part"], []).extend(filter(None, [finding["detail"]]))
    named = [(part, ", ".join(details)) for part, details in by_part.items() if details or part != WHOLE]
    return "; ".join(f"{part}: {details}" if details else part for part, details in named)


def as_kept(moment: datetime) -> datetime:
    """A moment as the day file has it: UTC without saying so, to the millisecond."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=moment.microsecond // 1000 * 1000)


def set_aside(row: Mapping[str, Any]) -> list[str]:
    """Reasons that were found in a row and that a person set aside by approving it."""
    kept = (*row["reasons"], *row["warnings"])
    return list(dict.fromkeys(one["reason"] for one in row["findings"] if one["reason"] not in kept))


def markdown_documentation() -> str:
    """The columns as the Markdown table of docs/day-file.md."""
    lines = ["| column | type | null | meaning | from the listing, since |", "|---|---|---|---|---|"]
    for column in COLUMNS:
        null = "yes" if column.nullable else "no"
        lines.append(f"| `{column.name}` | `{column.type}` | {null} | {column.meaning} | {column.origin} |")
    return "\n".join(lines) + "\n"
