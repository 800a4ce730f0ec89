"""Files that are whole or not there: atomic writes, and reads that name the file that is damaged."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import logging
import os
import shutil
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from upath import UPath

from daily_papers.errors import DamagedFileError, StorageError

logger = logging.getLogger(__name__)

RESTORE = "It is an input that exists nowhere else: restore it from a backup."
"""The remedy for a damaged input, where there is no better one."""
_NO_RETRY = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EFBIG: "it exceeds the file size limit of the process",
    errno.ENOTDIR: "a part of its path is a file",
    errno.EISDIR: "a folder of that name exists",
    errno.ENOTEMPTY: "a folder of that name exists",
    errno.EEXIST: "a folder in its path exists as a file",
    errno.ENAMETOOLONG: "its name is too long",
}
"""Why a write fails where trying again cannot help."""

_TIME_IN_NAMES = "%Y%m%dT%H%M%S.%fZ"

Record = TypeVar("Record")


@contextmanager
def naming_what_cannot_be_written(target: object, folder: Path, size: int | None = None) -> Iterator[None]:
    """Turns an error of the operating system that does not pass into one that names `target` and what to do.

    Args:
        target: the file that readers know, not a temporary one.
        folder: the nearest folder of it, to tell how much room its disk has.
        size: bytes that are to be written, where that is known.

    Raises:
        StorageError: the disk is full, read-only, or the rights are missing.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_RETRY:
            raise
        raise cannot_be_written(target, folder, _NO_RETRY[error.errno], size) from error


def cannot_be_written(target: object, folder: Path, problem: str, size: int | None = None) -> StorageError:
    """The error that says which file cannot be written, why, and how much room its disk has."""
    needed = f"; {size / 1e6:.1f} MB are needed" if size is not None else ""
    try:
        free = f" The disk has {shutil.disk_usage(folder).free / 1e6:.1f} MB free{needed}."
    except OSError:
        free = ""
    return StorageError(
        f"{target} cannot be written: {problem}.{free} Free up space on the disk of {folder}, or give this user write "
        "permission; then try again. The previous content is unchanged."
    )


def write_atomically(path: UPath, data: bytes) -> None:
    """Puts `data` at `path` so that a reader sees the old file or the new one, also after a crash.

    A local file is written beside its place, synced and renamed; an object store gets a single PUT,
    because a failing streamed write would commit a truncated object there.

    Raises:
        StorageError: see `naming_what_cannot_be_written`.
    """
    if path.protocol not in ("", "file"):
        path.write_bytes(data)
        return
    target = Path(path.path)
    with naming_what_cannot_be_written(target, target.parent, len(data)):
        _write_local(target, data)


def _write_local(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{uuid.uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(target.parent)


def sync_directory(directory: Path) -> None:
    """Makes a rename in a local directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def canonical_json(value: Any) -> bytes:
    """Compact JSON with sorted keys in UTF-8: equal values give equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def readable_json(value: Any) -> bytes:
    """Indented JSON in UTF-8 with a final newline, keys in the given order; a lone surrogate stays an escape."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    return f"{text}\n".encode(errors="backslashreplace")


def _plain(value: Any) -> Any:
    """What JSON has no form for: times in ISO 8601, dataclasses as objects."""
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def time_in_names(moment: datetime) -> str:
    """A moment as names of files have it: UTC to the microsecond, so that names sort by time."""
    return f"{moment.astimezone(UTC):{_TIME_IN_NAMES}}"


def time_of_name(name: str) -> datetime:
    """The moment of `time_in_names`; ValueError for another text."""
    return datetime.strptime(name, _TIME_IN_NAMES).replace(tzinfo=UTC)


def write_record(path: UPath, record: Any, **identity: str) -> None:
    """Replaces a record that the pipeline keeps as JSON (compressed where the name ends in `.gz`), for `read_record`.

    Args:
        record: a dataclass; times are kept in ISO 8601.
        identity: what the file's place says anyway (`paper_id`), put first for people who open it.

    Raises:
        StorageError: see `naming_what_cannot_be_written`.
    """
    data = readable_json({**identity, **_plain(record)})
    write_atomically(path, compress(data) if path.name.endswith(".gz") else data)


def read_whole(path: UPath, remedy: str) -> bytes:
    """The bytes of a file; FileNotFoundError where there is none.

    Raises:
        DamagedFileError: it is a folder, or the rights to it are missing; the message ends with `remedy`.
    """
    try:
        return bytes(path.read_bytes())
    except FileNotFoundError:
        raise
    except NotADirectoryError as error:
        raise FileNotFoundError(error.errno, error.strerror, str(path)) from None
    except OSError as error:
        raise DamagedFileError(path, error.strerror or type(error).__name__, remedy) from None


def read_record(path: UPath, kind: type[Record], remedy: str = RESTORE) -> Record:
    """A record that the pipeline keeps as JSON (compressed where the name ends in `.gz`); a field that is not there
    has its default.

    Args:
        kind: a dataclass, whose fields are the keys.

    Raises:
        FileNotFoundError: there is no such file.
        DamagedFileError: it cannot be read, is not JSON, or does not have these fields.
    """
    data = read_whole(path, remedy)
    adapter: TypeAdapter[Record] = _adapter(kind)  # type: ignore[arg-type]  # a type can be hashed
    try:
        return adapter.validate_python(json.loads(decompress(data) if path.name.endswith(".gz") else data))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise DamagedFileError(path, f"its content is not as expected ({place}: {first['msg']})", remedy) from None
    except (ValueError, RecursionError, EOFError, OSError, zlib.error) as error:
        raise DamagedFileError(path, f"it is corrupt ({type(error).__name__})", remedy) from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def readable(paths: Iterable[UPath], read: Callable[[UPath], Record]) -> Iterator[Record]:
    """The records of some files without those that are damaged or gone, which are logged."""
    for path in paths:
        try:
            yield read(path)
        except DamagedFileError as error:
            logger.warning("Skipped: %s", error)
        except FileNotFoundError:
            logger.warning("Skipped: %s no longer exists.", path)


def if_readable(path: UPath, read: Callable[[UPath], Record]) -> Record | None:
    """The record of a file; None where there is none, or a damaged one, which is logged."""
    return next(readable([path] if path.exists() else [], read), None)


def sha256_of(data: bytes) -> str:
    """Hex digest of some bytes."""
    return hashlib.sha256(data).hexdigest()


def holds(path: UPath, sha256: str) -> bool:
    """Whether a compressed file is there and its content has this hash."""
    try:
        return sha256_of(decompress(path.read_bytes())) == sha256
    except (OSError, EOFError, zlib.error):
        return False


def compress(data: bytes) -> bytes:
    """Gzip without a timestamp: equal content gives equal bytes."""
    return gzip.compress(data, mtime=0)


def decompress(data: bytes) -> bytes:
    """The content of `compress`."""
    return gzip.decompress(data)


def sorted_files(directory: UPath, suffix: str) -> list[UPath]:
    """Files directly in `directory` whose name ends in `suffix`, by name; empty where there is no directory."""
    if not directory.is_dir():
        return []
    found = [UPath(path) for path in directory.iterdir() if path.name.endswith(suffix)]
    return sorted(found, key=lambda path: path.name)
