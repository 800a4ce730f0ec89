"""How many calls to models are under way at once: one bound for all tasks, dates and runs of this machine."""

from __future__ import annotations

import asyncio
import random
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from daily_papers.lake.library import Library

if TYPE_CHECKING:
    from filelock import BaseFileLock

_LOOK_AGAIN_SECONDS = 0.05
_FILES_OF_A_CALL = 3
"""Its slot, the lock of its paper, and its connection."""
_OTHER_FILES = 200


class CallSlots:
    """As many slots as there may be calls, a locked file each: the slots of a killed process are free at once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        _allow_open_files(_FILES_OF_A_CALL * library.settings.concurrency + _OTHER_FILES)
        self._free = set(range(library.settings.concurrency))
        self._looking = asyncio.Lock()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Waits for a slot and holds it until the block ends."""
        async with self._looking:  # one of a process looks for slots, so that processes get them in turn
            number, lock = await self._take()
        try:
            yield
        finally:
            lock.release()
            self._free.add(number)

    async def _take(self) -> tuple[int, BaseFileLock]:
        while True:
            for number in random.sample(sorted(self._free), len(self._free)):
                if lock := held_if_free(self._library, f"model-call-{number}"):
                    self._free.remove(number)
                    return number, lock
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def _allow_open_files(wanted: int) -> None:
    """Raises this process's limit of open files as far as it may: it is 256 on macOS, and 1,024 on most others."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def held_if_free(library: Library, name: str) -> BaseFileLock | None:
    """A lock of the library, held; None where another task or process holds it."""
    from filelock import Timeout

    lock = library.lock(name, released_by_any_thread=True)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return None
    return lock
