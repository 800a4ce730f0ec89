"""Whether anything that an audit looks at has changed since the last one of a date: a run with nothing new ends early.

Inputs are only ever added, so names, sizes and times of files say whether there is anything new; what they hold is
looked at by `papers rebuild --from-inputs`, which audits in any case.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import distributions
from importlib.resources import files
from pathlib import Path

from daily_papers.audit.audit_record import history_of, readable_audit_record
from daily_papers.errors import DamagedFileError
from daily_papers.lake.files import if_readable, read_record, write_record
from daily_papers.lake.library import Library
from daily_papers.listing.day_listing import day_listing, ids_ever_listed
from daily_papers.rows.day_file import RowStatus, read_day_file

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class AuditedInputs:
    """What the latest audit of a date by a run looked at, and what it wrote, as digests: where somebody else has
    audited since, neither says anything."""

    digest: str
    written: str


def inputs_of(library: Library, listing_date: date) -> str:
    """A digest of everything that the audit of a date depends on: listing, answers, texts, decisions, the measures of
    the dates before it, settings and code.

    Raises:
        UserError: the date was never fetched.
        DamagedFileError: a look at its listing cannot be read.
    """
    listing = day_listing(library, listing_date)
    digest = hashlib.sha256(code().encode())
    for part in (
        library.settings.model_dump_json(),  # keys and passwords as stars
        repr(listing),
        repr(ids_ever_listed(library, listing_date)),
        repr(history_of(library, listing_date)),
        *sorted(f"{one.name} {one.version}" for one in distributions()),
        *(line for row in listing.papers for line in _files_of(library, row.paper.paper_id)),
    ):
        digest.update(part.encode(errors="surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def keep_inputs(library: Library, listing_date: date, digest: str) -> None:
    """Remembers what an audit that has just ended well looked at: a digest from before it began."""
    kept = AuditedInputs(digest, _written(library, listing_date))
    write_record(library.lake.audited_inputs(listing_date), kept)


def _written(library: Library, listing_date: date) -> str:
    """A digest of a date's day file and audit record.

    Raises:
        FileNotFoundError: one of them is not there.
    """
    digest = hashlib.sha256()
    for path in (library.lake.day_file(listing_date), library.lake.audit_file(listing_date)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_audited(library: Library, listing_date: date, digest: str) -> bool:
    """Whether an accepted audit looked at just these inputs, and its day file is whole."""
    return _statuses(library, listing_date, digest) is not None


def is_complete(library: Library, listing_date: date, digest: str) -> bool:
    """The same, and every listed paper is complete: nobody needs to be asked."""
    statuses = _statuses(library, listing_date, digest)
    return statuses is not None and statuses <= {RowStatus.COMPLETE.value}


def _statuses(library: Library, listing_date: date, digest: str) -> set[str] | None:
    """Statuses of the listed papers, where an accepted audit looked at these inputs."""
    path = library.lake.audited_inputs(listing_date)
    kept = if_readable(path, lambda one: read_record(one, AuditedInputs, "The next audit of the date replaces it."))
    if kept is None or kept.digest != digest:
        return None
    record = readable_audit_record(library, listing_date)
    if record is None or not record.accepted:
        return None
    try:
        if _written(library, listing_date) != kept.written:
            return None
        rows = read_day_file(library, listing_date, ["status", "listed"])
    except (OSError, DamagedFileError):
        return None
    return {row["status"] for row in rows if row["listed"]}


def _files_of(library: Library, paper_id: str) -> Iterator[str]:
    lake = library.lake
    for folder in (lake.calls(paper_id), lake.decisions(paper_id), lake.sources(paper_id), lake.readings(paper_id)):
        if folder.is_dir():
            for path in sorted(folder.iterdir(), key=lambda one: one.name):
                if path.suffix == ".tmp" or path.is_dir():
                    continue
                try:
                    stat = path.stat()
                except FileNotFoundError:  # another process is just putting it into its place
                    continue
                yield f"{paper_id} {path.name} {stat.st_size} {getattr(stat, 'st_mtime_ns', stat.st_mtime)}"


@cache
def code() -> str:
    """A digest of this package's files, as they were when a process asked first: other code may find something else."""
    root = Path(str(files("daily_papers")))
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
