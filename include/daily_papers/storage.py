"""Files that are whole or not there: atomic writes and small JSON helpers over universal-pathlib."""

from __future__ import annotations

import gzip
import json
import os
import uuid
from pathlib import Path
from typing import Any

from upath import UPath


def write_atomically(path: UPath, data: bytes) -> None:
    """Puts `data` at `path` so that a reader sees the old file or the new one, also after a crash.

    A local file is written beside its place, synced and renamed; an object store gets a single PUT,
    because a failing streamed write would commit a truncated object there.
    """
    if path.protocol not in ("", "file"):
        path.write_bytes(data)
        return
    target = Path(path.path)
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
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def readable_json(value: Any) -> bytes:
    """Indented JSON in UTF-8 with a final newline, keys in the given order; a lone surrogate stays an escape."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")


def read_json(path: UPath) -> Any:
    """The JSON value of a file that the pipeline wrote itself."""
    return json.loads(path.read_bytes())


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
