"""One request at a time, and not too often, from all processes of this machine together."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

LONGEST_CLOSED_SECONDS = 86_400
"""Nobody asks to be left alone for longer; a wait that is announced is cut to six hours."""


class Pace:
    """Turns at something that allows one user at a time, `interval_seconds` from the start of one to the next."""

    def __init__(self, directory: Path, name: str, interval_seconds: float) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(directory / f"{name}.lock")
        self._last_start = directory / f"{name}.time"
        self._closed_until = directory / f"{name}.closed"
        self._interval = interval_seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn and holds it until the block ends."""
        with self._lock:
            time.sleep(self._wait())
            self._last_start.write_text(str(time.time()))  # the wall clock is the one that processes share
            yield

    def close_for(self, seconds: float) -> None:
        """Whoever is asked wants to be left alone for a while, by everybody; a longer wish from before still holds."""
        until = time.time() + max(seconds, self.seconds_closed())
        # in one step: others read it meanwhile
        draft = self._closed_until.with_name(f"{self._closed_until.name}.{os.getpid()}.tmp")
        draft.write_text(str(until))
        draft.replace(self._closed_until)

    def seconds_closed(self) -> float:
        """For how long it is still to be left alone."""
        left = _number(self._closed_until) - time.time()
        return max(0.0, left) if left <= LONGEST_CLOSED_SECONDS else 0.0  # the clock was set back, or the file is odd

    def _wait(self) -> float:
        since = time.time() - _number(self._last_start)
        return min(max(self._interval - since, 0.0), self._interval)  # the clock may have been set back


def _number(file: Path) -> float:
    try:
        number = float(file.read_text())
    except (OSError, ValueError):
        return 0.0
    return number if math.isfinite(number) else 0.0
