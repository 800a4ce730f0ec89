"""Read-only SQL over the published warehouse: the catalogue of named queries, and queries of one's own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from daily_papers.errors import DailyPapersError, TerminalError, UserError
from daily_papers.lake.library import Library
from daily_papers.outside_text import is_encodable
from daily_papers.warehouse.publication import damaged_warehouse, published_version

MOST_ROWS, MOST_BYTES = 10_000, 20_000_000
MOST_SECONDS = 90
"""Wall time of a query; its process may take less of the CPU (`query_process`)."""

_CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL)
"""How a process ends that met what no engine expects; limits of time and memory end it otherwise."""
_PARAMETER = re.compile(r"--   (?P<name>\w+) (?P<type>[A-Z]+) = (?P<default>[^:]*): (?P<meaning>.+)")
_COLUMN = re.compile(r"--   (?P<name>\w+): (?P<meaning>.+)")


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UserError(f"{text!r} is not a whole number.") from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text!r} is not a date. Use YYYY-MM-DD.") from None


_READERS: Mapping[str, Callable[[str], date | int | str]] = {
    "DATE": _date,
    "INTEGER": _whole_number,
    "VARCHAR": str,
}


@dataclass(frozen=True)
class Parameter:
    """A value that a query can be given: its SQL type, the text of its default, and what it means."""

    name: str
    type: str
    default: str
    meaning: str

    def value(self, text: str | None) -> date | int | str:
        """The value of a text, or of the default; UserError where it is of another type."""
        try:
            return _READERS[self.type](self.default if text is None else text)
        except UserError as error:
            raise UserError(f"--param {self.name}: {error}") from None


@dataclass(frozen=True)
class NamedQuery:
    """A query of the catalogue, from the head of its file: question, parameters, columns with their meaning, and what
    a good answer looks like."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: dict[str, str]
    good_answer: str
    sql: str

    def values(self, given: Mapping[str, str]) -> dict[str, date | int | str]:
        """Values for all parameters; UserError for an unknown name or a value that cannot be used."""
        if unknown := sorted(set(given) - {one.name for one in self.parameters}):
            known = ", ".join(one.name for one in self.parameters) or "none"
            raise UserError(f"{self.name} has no parameter {', '.join(unknown)}. It has: {known}.")
        return {one.name: one.value(given.get(one.name)) for one in self.parameters}


@cache
def named_queries() -> dict[str, NamedQuery]:
    """The catalogue, by name."""
    directory = files("daily_papers.ask").joinpath("queries")
    paths = sorted((path for path in directory.iterdir() if path.name.endswith(".sql")), key=lambda path: path.name)
    queries = (_named_query(path.name.removesuffix(".sql"), path.read_text(encoding="utf-8")) for path in paths)
    return {query.name: query for query in queries}


def _named_query(name: str, text: str) -> NamedQuery:
    head, _, _ = text.partition("\n\n")
    question, *lines = head.splitlines()
    found: dict[str, list[str]] = {"-- Parameters:": [], "-- Columns:": [], "-- A good answer:": []}
    part: list[str] = []
    for line in lines:
        part = found.get(line, part)
        if line.startswith("--   "):
            part.append(line)
    parameters = tuple(Parameter(**_parsed(_PARAMETER, name, line)) for line in found["-- Parameters:"])
    columns = [_parsed(_COLUMN, name, line) for line in found["-- Columns:"]]
    return NamedQuery(
        name,
        question.removeprefix("-- "),
        parameters,
        {column["name"]: column["meaning"] for column in columns},
        " ".join(line.removeprefix("--   ") for line in found["-- A good answer:"]),
        text,
    )


def _parsed(form: re.Pattern[str], name: str, line: str) -> dict[str, str]:
    match = form.fullmatch(line)
    if match is None:
        raise ValueError(f"The header of the query {name} has a malformed line: {line}")
    return match.groupdict()


def run_query(
    library: Library, name_or_sql: str, parameters: Mapping[str, str] | None = None
) -> tuple[list[str], list[list[Any]]]:
    """Runs a query of the catalogue by name, or one SELECT statement, in a process of its own.

    Args:
        parameters: texts for a named query's parameters; the others have their defaults.

    Returns:
        Column names and rows.

    Raises:
        UserError: no warehouse yet, unknown name or parameter, not exactly one reading statement, an error in it, or
            an answer or a query that is too large.
    """
    if not is_encodable("".join([name_or_sql, *(parameters or {}), *(parameters or {}).values()])):
        raise UserError("The query is not UTF-8 text. Set the terminal's encoding to UTF-8.")
    named = named_queries().get(name_or_sql)
    if named is None and len(name_or_sql.split()) == 1:
        raise UserError(
            f"No query is named {name_or_sql!r}. Choose from: {', '.join(named_queries())}; or write a SELECT."
        )
    if named is None and parameters:
        raise UserError("Only queries from the catalogue (`papers queries`) take parameters, not your own.")
    values = named.values(parameters or {}) if named else {}
    return _run(library, named.sql if named else name_or_sql, values)


def _run(library: Library, sql: str, values: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    from daily_papers.ask.query_process import decoded, encoded

    request = {
        "warehouse": str(published_version(library)),
        "sql": sql,
        "parameters": {name: encoded(value) for name, value in values.items()},
        "most_rows": MOST_ROWS,
        "most_bytes": MOST_BYTES,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "-m", "daily_papers.ask.query_process"],
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            env={},
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UserError(f"The query took longer than {MOST_SECONDS} s and was stopped.") from None
    if -done.returncode in _CRASHES:
        raise TerminalError(
            f"The database engine crashed with {signal.Signals(-done.returncode).name} during the query. Ask for "
            "less at once; if a short query crashes, too, the warehouse is damaged: `papers rebuild` rebuilds it."
        )
    if done.returncode < 0:
        raise UserError("The query was stopped: it exceeded the limit on time or memory. Ask for less at once.")
    if done.returncode:
        raise DailyPapersError(f"The query's process failed: {' '.join(done.stderr.split()[-60:])}")
    found = json.loads(done.stdout)
    if "damaged" in found:
        raise damaged_warehouse(library, found["damaged"])
    if "error" in found:
        raise UserError(found["error"])
    return found["columns"], decoded(found["rows"])


def markdown_documentation() -> str:
    """The catalogue as the Markdown of docs/queries.md."""
    lines: list[str] = []
    for query in named_queries().values():
        lines += ["", f"### {query.name}", "", query.question, ""]
        if query.parameters:
            lines += ["| parameter | type | default | meaning |", "|---|---|---|---|"]
            lines += [f"| `{one.name}` | {one.type} | {one.default} | {one.meaning} |" for one in query.parameters]
            lines += [""]
        lines += ["| column | meaning |", "|---|---|"]
        lines += [f"| `{name}` | {meaning} |" for name, meaning in query.columns.items()]
        lines += ["", f"A good answer: {query.good_answer}"]
    return "\n".join(lines).lstrip() + "\n"
