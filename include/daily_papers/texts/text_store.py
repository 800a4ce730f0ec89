"""What summaries rest on: documents as served, the texts made of them, and what each look for a text came to.

Everything is appended to `lake/sources/PAPER_ID/` and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime
from upath import UPath

from daily_papers.errors import DamagedFileError
from daily_papers.lake.files import (
    RESTORE,
    compress,
    decompress,
    holds,
    read_record,
    readable,
    sha256_of,
    sorted_files,
    time_in_names,
    write_atomically,
    write_record,
)
from daily_papers.lake.library import Library
from daily_papers.texts.document import Document, DocumentKind, NoDocument

ABSTRACT = "abstract"
PERHAPS_LOST = "perhaps more that arXiv's conversion lost"
FULL_TEXT_LOST = "the full text, of which arXiv's documents hold too little"
LOST = frozenset({PERHAPS_LOST, FULL_TEXT_LOST})
"""What a source can lack because arXiv's documents do, and not for its length (see `Source.left_out`)."""
NOT_ASKED_FOR = "not asked for, because arXiv did not answer before"
FAILURE_KEPT_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Source:
    """The text a request is about: its kind (`html`, `pdf` or `abstract`), the paper's version where that is known,
    and the kinds of parts that were left out of it (our words, not the paper's)."""

    kind: str
    text: str
    version: int | None = None
    left_out: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Hex digest of the text."""
        return sha256_of(self.text.encode())

    @property
    def lost(self) -> tuple[str, ...]:
        """What it lacks because arXiv's documents do."""
        return tuple(part for part in self.left_out if part in LOST)


@dataclass(frozen=True)
class Asked:
    """What arXiv answered for one form of a paper. `sha256` names the kept document; `problem` says why there is none,
    or why it cannot be read."""

    kind: DocumentKind
    url: str
    asked_at: AwareDatetime
    sha256: str | None = None
    version: int | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Reading:
    """The result of one look for a paper's text: a source by its hash, or an error where arXiv did not answer."""

    read_at: AwareDatetime
    source_sha256: str | None
    asked: tuple[Asked, ...] = ()
    error: str | None = None


def keep_document(library: Library, paper_id: str, answer: Document | NoDocument) -> Asked:
    """Keeps a document, once per content; returns the answer as a reading records it."""
    if isinstance(answer, NoDocument):
        return Asked(answer.kind, answer.url, datetime.now(UTC), problem=answer.problem)
    path = _document_path(library, paper_id, answer)
    if not holds(path, answer.sha256):
        write_atomically(path, compress(answer.body))
    return Asked(answer.kind, answer.url, answer.fetched_at, answer.sha256, answer.version)


def kept_document(library: Library, paper_id: str, asked: Asked) -> bytes:
    """The document of an earlier answer as served (see `has_document`)."""
    return decompress(_document_path(library, paper_id, asked).read_bytes())


def has_document(library: Library, paper_id: str, asked: Asked) -> bool:
    """Whether the document of an earlier answer is still kept as it was; a damaged one is fetched again."""
    return asked.sha256 is not None and holds(_document_path(library, paper_id, asked), asked.sha256)


def _document_path(library: Library, paper_id: str, document: Asked | Document) -> UPath:
    return library.lake.documents(paper_id) / f"{document.sha256}.{document.kind}.gz"


def keep_source(library: Library, paper_id: str, source: Source) -> None:
    """Keeps a text, once per content."""
    path = library.lake.sources(paper_id) / f"{source.sha256}.json.gz"
    if not _is_kept(path, source):
        write_record(path, source, paper_id=paper_id)


def stored_source(library: Library, paper_id: str, sha256: str) -> Source:
    """A source kept earlier, by the hash of its text.

    Raises:
        DamagedFileError: it was deleted, or is not what was kept.
    """
    path = library.lake.sources(paper_id) / f"{sha256}.json.gz"
    lost = f"{RESTORE} It is the text that a summary of {paper_id} rests on."
    try:
        source = read_record(path, Source, lost)
    except FileNotFoundError:
        raise DamagedFileError(path, "it is missing", lost) from None
    if source.sha256 != sha256:
        raise DamagedFileError(path, "it holds another text", lost)
    return source


def _is_kept(path: UPath, source: Source) -> bool:
    try:
        return read_record(path, Source) == source
    except (FileNotFoundError, DamagedFileError):
        return False


def record_reading(library: Library, paper_id: str, reading: Reading) -> None:
    """Keeps a reading, unless it says what the newest one says; a failure is kept once an hour."""
    newest = latest_reading(library, paper_id)
    same = newest is not None and replace(newest, read_at=reading.read_at) == reading
    if newest is not None and same and not (reading.error and reading.read_at - newest.read_at > FAILURE_KEPT_EVERY):
        return
    write_record(library.lake.readings(paper_id) / f"{time_in_names(reading.read_at)}.json", reading, paper_id=paper_id)


def readings(library: Library, paper_id: str) -> list[Reading]:
    """Every look for a paper's text that can be read, oldest first; one that cannot is made up for by the next run."""
    return list(readable(sorted_files(library.lake.readings(paper_id), ".json"), _reading))


def latest_reading(library: Library, paper_id: str) -> Reading | None:
    """The newest look for a paper's text that can be read."""
    return next(readable(reversed(sorted_files(library.lake.readings(paper_id), ".json")), _reading), None)


def current_source(library: Library, paper_id: str) -> Source | None:
    """The text that a new question is about; None where it was not looked for, or arXiv did not answer."""
    reading = latest_reading(library, paper_id)
    if reading is None or reading.source_sha256 is None:
        return None
    return stored_source(library, paper_id, reading.source_sha256)


def newest_failures(found: Sequence[Reading]) -> list[Reading]:
    """Failed readings since arXiv last answered, without those in which it was not asked."""
    failures: list[Reading] = []
    for reading in reversed(found):
        if reading.error is None:
            break
        if reading.error != NOT_ASKED_FOR:
            failures.insert(0, reading)
    return failures


def _reading(path: UPath) -> Reading:
    return read_record(path, Reading)
