"""The search index beside the warehouse: a Tantivy index in the folder of each published version.

It holds the papers that a date lists, with the texts and facts that a search shows, so a search reads nothing else. A
new version begins with the files of the one before, which Tantivy never changes, as hard links.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import tantivy

from daily_papers.errors import DailyPapersError
from daily_papers.lake.files import sync_directory
from daily_papers.lake.layout import checked_paper_id
from daily_papers.warehouse.duckdb_access import statements
from daily_papers.warehouse.search_tokens import TextTokens, normalized

TEXT_FIELDS = ("title", "names", "abstract", "sections")
"""Where a word may stand, each with the positions of its tokens."""
CHECKSUMS = "checksums.json"
"""CRC-32 of every other file of a published index, by name."""
PAPERS_AT_ONCE = 20_000
"""So many papers are read from the tables in one query; more would take more memory than a small machine has."""
_MEMORY = 64_000_000
"""Bytes of texts that Tantivy holds before it writes a segment."""
_OF_TANTIVY = {"meta.json", ".managed.json"}
_LOCKS = {".tantivy-meta.lock", ".tantivy-writer.lock"}


class DamagedIndexError(DailyPapersError):
    """A search index is absent, or cannot be read."""


def schema() -> tantivy.Schema:
    """The fields of a paper in the index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("paper_id", tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="basic")
    builder.add_integer_field("listing_date", indexed=True, fast=True)
    builder.add_text_field("organization", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("keyword", tokenizer_name="raw", index_option="basic")
    builder.add_boolean_field("has_code", indexed=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


SCHEMA = schema()
FORMAT = f"1, Tantivy {version('tantivy')}"
"""What an index was made with; the number goes up with every change of its fields, tokens or texts."""


def texts_of(papers: str) -> str:
    """The query for all texts (paper_id, field, text) of the papers that a condition in SQL holds for."""
    return statements("search_texts").replace("{papers}", papers)


def index_papers(connection: duckdb.DuckDBPyConnection, folder: Path, paper_ids: Sequence[str] | None = None) -> None:
    """Makes an index's entries of papers again from the tables (without ids: of all papers, into an empty folder).

    A paper that no date lists any more leaves the index.
    """
    ids = sorted(map(checked_paper_id, _all_papers(connection) if paper_ids is None else paper_ids))
    folder.mkdir(exist_ok=True)
    with _problems_of_the_disk():
        # one thread: with more, the order of the papers would depend on chance, and with it that of equal matches
        writer = tantivy.Index(SCHEMA, path=str(folder)).writer(_MEMORY, 1)
        if paper_ids is not None:
            for paper_id in ids:
                writer.delete_documents_by_term("paper_id", paper_id)
        for start in range(0, len(ids), PAPERS_AT_ONCE):
            for entry in _entries(connection, ids[start : start + PAPERS_AT_ONCE]):
                writer.add_document(entry.document())
        writer.commit()
        writer.wait_merging_threads()


@contextmanager
def _problems_of_the_disk() -> Iterator[None]:
    """Tells as OSError what the operating system refused; Tantivy tells everything as ValueError."""
    try:
        yield
    except ValueError as error:
        if match := re.search(r"os error (\d+)|code: (\d+)", str(error)):
            number = int(match[1] or match[2])
            raise OSError(number, os.strerror(number)) from error
        raise


def _all_papers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [paper_id for (paper_id,) in connection.execute("SELECT paper_id FROM papers").fetchall()]


@dataclass(frozen=True)
class _Entry:
    """A paper as the index has it."""

    paper_id: str
    title: str
    has_code: bool
    listing_dates: list[date]
    """Dates that list it and have not withdrawn it."""
    keywords: list[str]
    organizations: list[str]
    texts: list[tuple[str, str]]
    """Field and text of each."""

    def document(self) -> tantivy.Document:
        document = tantivy.Document()
        document.add_text("paper_id", self.paper_id)
        tokens = TextTokens()
        for field, text in self.texts:
            document.add_text(field if field in TEXT_FIELDS else "sections", tokens.of(text))
        document.add_text("words", " ".join(sorted(tokens.words)))
        for day in self.listing_dates:
            document.add_integer("listing_date", day.toordinal())
        for name, values in (("keyword", self.keywords), ("organization", self.organizations)):
            for value in values:
                document.add_text(name, value.lower())
        document.add_boolean("has_code", self.has_code)
        shown = {
            "paper_id": self.paper_id,
            "title": self.title,
            "listing_dates": [str(day) for day in self.listing_dates],
            "texts": self.texts,
        }
        document.add_bytes("shown", json.dumps(shown, ensure_ascii=False).encode())
        return document


def _entries(connection: duckdb.DuckDBPyConnection, ids: list[str]) -> Iterator[_Entry]:
    """Papers that are listed, of those with these ids, which are in order."""
    # with bounds, DuckDB leaves out blocks that have none of them
    papers = f"paper_id IN (SELECT unnest($ids)) AND paper_id BETWEEN '{ids[0]}' AND '{ids[-1]}'"
    facts: dict[str, tuple[str, bool, list[date]]] = {
        paper_id: (title, has_code, dates)
        for paper_id, title, has_code, dates in connection.execute(
            "SELECT paper_id, any_value(title), any_value(has_code), list(DISTINCT day ORDER BY day) FROM papers JOIN "
            f"(SELECT paper_id, listing_date AS day FROM listings WHERE {papers} AND withdrawn_at IS NULL) "
            "USING (paper_id) GROUP BY paper_id",
            {"ids": ids},
        ).fetchall()
    }
    keywords, organizations = (
        dict(
            connection.execute(
                f"SELECT paper_id, list({name} ORDER BY {name}) FROM {name}s WHERE {papers} GROUP BY paper_id",
                {"ids": ids},
            ).fetchall()
        )
        for name in ("keyword", "organization")
    )
    rows = connection.execute(f"{texts_of(papers)} ORDER BY ALL", {"ids": ids})
    for paper_id, texts in groupby(_fetched(rows), itemgetter(0)):
        if paper_id in facts:
            yield _Entry(
                paper_id,
                *facts[paper_id],
                keywords.get(paper_id, []),
                organizations.get(paper_id, []),
                [(field, normalized(text)) for _, field, text in texts],
            )


def _fetched(rows: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := rows.fetchmany(5_000):
        yield from batch


@contextmanager
def open_index(published: Path) -> Iterator[tantivy.Searcher]:
    """A published index for searches.

    Raises:
        DamagedIndexError: it is absent or cannot be read, whenever that shows.
    """
    # Tantivy locks the folder that it opens, and readers may be forbidden to write beside the warehouse
    with TemporaryDirectory(prefix="daily-papers-search-", ignore_cleanup_errors=True) as place:
        try:
            for name in _checksums(published):
                Path(place, name).symlink_to((published / name).resolve(strict=True))
            index = tantivy.Index.open(place)
            index.config_reader("manual")  # no thread that watches for changes
        except (OSError, ValueError) as error:
            raise DamagedIndexError(_in_words(error)) from error
        try:
            yield index.searcher()
        except ValueError as error:
            raise DamagedIndexError(str(error)) from error
        except BaseException as error:
            # what Tantivy never expects to read, such as an unknown code in a file, ends as a panic of its Rust
            if type(error).__name__ != "PanicException":
                raise
            raise DamagedIndexError(str(error)) from error


def shown_of(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> dict[str, Any]:
    """What an index keeps of a paper to be shown: `paper_id`, `title`, `listing_dates` and `texts` (field, text)."""
    found = json.loads(bytes(searcher.doc(address)["shown"][0]))
    if not isinstance(found, dict):
        raise ValueError("a paper's texts are not what was written")  # noqa: TRY004  # of the file, not of an argument
    return found


def seal(folder: Path) -> None:
    """Writes down what the files of a finished index are, and waits until the disk has them."""
    known = _checksums(folder) if (folder / CHECKSUMS).exists() else {}
    checksums = {}
    for path in sorted(folder.iterdir()):
        if path.name in _LOCKS:
            path.unlink()
        elif path.name in known and path.name not in _OF_TANTIVY:
            checksums[path.name] = known[path.name]
        elif path.name != CHECKSUMS:
            _to_disk(path)
            checksums[path.name] = _checksum(path)
    (folder / CHECKSUMS).write_text(json.dumps(checksums, indent=1), encoding="utf-8")
    sync_directory(folder)


def copy_index(published: Path, folder: Path) -> None:
    """Begins a new index with the files of a published one.

    Raises:
        DamagedIndexError: a file is absent or not what was published.
    """
    problem = problem_of(published)
    if problem:
        raise DamagedIndexError(problem)
    folder.mkdir()
    for name in (CHECKSUMS, *_checksums(published)):
        if name in (CHECKSUMS, *_OF_TANTIVY):
            shutil.copyfile(published / name, folder / name)
        else:
            _link(published / name, folder / name)


def problem_of(folder: Path) -> str | None:
    """What is wrong with the files of a published index, every byte read; None where nothing is."""
    try:
        for name, checksum in _checksums(folder).items():
            if _checksum(folder / name) != checksum:
                return f"{name} is not what was written"
    except (OSError, ValueError) as error:
        return _in_words(error)
    return None


def _in_words(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{Path(error.filename).name} is missing"
    return str(error)


def _checksums(folder: Path) -> dict[str, int]:
    found = json.loads((folder / CHECKSUMS).read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not found.keys() >= _OF_TANTIVY:
        raise ValueError(f"{CHECKSUMS} is not a list of files")
    return found


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
        _to_disk(target)
