"""What a component or a command of Airflow left behind when it ended, cut to what helps."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from daily_papers.outside_text import printable

_SHOWN_LINES, _SHOWN_CHARACTERS = 5, 300
_ERROR = re.compile(r"[\w.]*(?:Error|Exception|Exit)\b|.*(?:\[error|\[critical|\berror:)", re.IGNORECASE)


def how_it_ended(return_code: int) -> str:
    """A return code of `subprocess` in words; a negative one is the signal that killed the process."""
    if return_code >= 0:
        return f"ended with exit code {return_code}"
    name = signal.Signals(-return_code).name if -return_code in set(signal.Signals) else "unknown"
    said = f"was killed by signal {-return_code} ({name})"
    return f"{said}, by someone or because memory ran out" if -return_code == signal.SIGKILL else said


def last_lines(log: Path, start: int) -> str:
    """The last lines about errors in a log from a byte on, each on a line of its own; nothing where there are none."""
    with log.open("rb") as file:
        file.seek(start)
        found = _errors(file.read().decode(errors="replace"))
    return "".join(f"\n  {line}" for line in found[-_SHOWN_LINES:])


def cause_of(output: str) -> str:
    """The line of an output that says why a command failed, as a sentence."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    cause = ([*_errors(output)] or lines or ["it printed nothing"])[-1]
    return _cut(cause).rstrip(".") + "."


def _errors(text: str) -> list[str]:
    return [_cut(line.strip()) for line in text.splitlines() if _ERROR.match(line.strip())]


def _cut(text: str) -> str:
    line = printable(text)
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]} …"
