"""One Airflow per home: who has it, and the end of what a killed one left behind."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from daily_papers.errors import UserError


@dataclass
class _Holder:
    """Who has a home: `sessions` are the process ids that the components' sessions are named by."""

    pid: int
    since: str
    address: str
    started_by: str
    sessions: list[int] = field(default_factory=list)


class OneAirflow:
    """A lock on a home of Airflow that ends with its process, and the name of who has it in a file beside it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = FileLock(home / "running.lock")
        self._file = home / "running.json"
        self._holder: _Holder | None = None

    def take(self, address: str, started_by: str) -> None:
        """Makes this process the one that runs Airflow here; ends what an earlier, killed one left running.

        Raises:
            UserError: another process has it; the message names it.
        """
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise UserError(self._who()) from None
        if left := self._read():
            kill_sessions({session for session in left.sessions if self._is_ours(session)})
        self._holder = _Holder(os.getpid(), f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", address, started_by)
        self._write()

    def note_session(self, session: int) -> None:
        """Remembers a component, for whoever comes after a `kill -9` of this process."""
        if self._holder is not None:
            self._holder.sessions.append(session)
            self._write()

    def give_back(self) -> None:
        """Lets others have the home; nothing where this process does not have it."""
        if self._holder is not None:
            self._holder = None
            self._file.unlink(missing_ok=True)
            self._lock.release()

    def _who(self) -> str:
        holder = self._read()
        who = "by another process"
        end = "Stop it"
        if holder is not None:
            who = f"by `{holder.started_by}` (process {holder.pid}), since {holder.since}, at {holder.address}"
            end = f"Stop it (Ctrl-C there, or `kill {holder.pid}`)"
        return f"The Airflow in {self._home} is already run {who}. {end} before you start another, or set AIRFLOW_HOME."

    def _read(self) -> _Holder | None:
        """Who wrote the file last; None where there is none or it cannot be read (it is only a name)."""
        try:
            return _Holder(**json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _write(self) -> None:
        if self._holder is not None:
            self._file.write_text(json.dumps(asdict(self._holder)), encoding="utf-8")

    def _is_ours(self, session: int) -> bool:
        """Whether a session still is of this home, where components run: its id may have gone to somebody else.

        Airflow's processes overwrite their environment with a title, so that cannot be asked.
        """
        return any(_folder(process) == self._home.resolve() for process in members({session}))


def _folder(process: psutil.Process) -> Path | None:
    with suppress(psutil.Error):
        return Path(process.cwd())
    return None


def kill_sessions(sessions: set[int]) -> None:
    """Ends every process of these sessions. Task processes lead groups of their own, so the session counts."""
    while found := members(sessions):
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=5)


def members(sessions: set[int]) -> list[psutil.Process]:
    """Living processes of these sessions (named by their leader's process id)."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) in sessions and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found
