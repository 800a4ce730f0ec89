"""One request at a time, and not too often, from all processes of this machine together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock


class Pace:
    """Turns at something that allows one user at a time, `interval_seconds` from the start of one to the next."""

    def __init__(self, directory: Path, name: str, interval_seconds: float) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(directory / f"{name}.lock")
        self._last_start = directory / f"{name}.time"
        self._interval = interval_seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn and holds it until the block ends."""
        with self._lock:
            time.sleep(self._wait())
            self._last_start.write_text(str(time.time()))  # the wall clock is the one that processes share
            yield

    def _wait(self) -> float:
        try:
            since = time.time() - float(self._last_start.read_text())
        except (OSError, ValueError):
            return 0.0
        return min(max(self._interval - since, 0.0), self._interval)  # the clock may have been set back
