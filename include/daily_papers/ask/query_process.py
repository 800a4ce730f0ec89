"""One query in a process of its own, with nothing in its environment and little it may take: SQL is not to be trusted.

DuckDB's settings alone do not hold: `repeat('x', 4e9)` passes its memory limit and ignores an interrupt. Reads a
request from stdin and writes the answer to stdout, both JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from daily_papers.warehouse.duckdb_access import GUARDED, is_damage

MOST_BYTES_OF_MEMORY = 3 * 2**30
MOST_CPU_SECONDS = 60
_READING_STATEMENTS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_READERS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "text": str,
}
_SETTINGS = {**GUARDED, "threads": "1", "memory_limit": "1GB", "temp_directory": ""}


def encoded(value: Any) -> Any:
    """A value of DuckDB as JSON that keeps its type; kinds that rows for people do not need become text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [encoded(one) for one in value]
    if isinstance(value, dict):
        return {"struct": [[encoded(name), encoded(one)] for name, one in value.items()]}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"decimal": str(value)} if isinstance(value, Decimal) else {"text": str(value)}


def decoded(value: Any) -> Any:
    """The inverse of `encoded`."""
    if isinstance(value, list):
        return [decoded(one) for one in value]
    if not isinstance(value, dict):
        return value
    [(kind, text)] = value.items()
    if kind == "struct":
        return {decoded(name): decoded(one) for name, one in text}
    return _READERS[kind](text)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Columns and rows; or `error`: what is wrong with the query (not one SELECT, a mistake, too long an answer); or
    `damaged`: what is wrong with the warehouse."""
    try:
        return _answer(request)
    except duckdb.Error as error:
        if is_damage(error):
            return {"damaged": str(error)}
        raise


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    parameters = {name: decoded(value) for name, value in request["parameters"].items()}
    with duckdb.connect(request["warehouse"], read_only=True, config=_SETTINGS) as connection:
        connection.execute("SET enable_external_access = false")  # afterwards: it forbids setting temp_directory
        connection.execute("SET lock_configuration = true")
        try:
            statements = connection.extract_statements(request["sql"])
            if len(statements) != 1 or statements[0].type not in _READING_STATEMENTS:
                return {"error": "Give exactly one SELECT statement: the warehouse is read-only."}
            cursor = connection.execute(statements[0], parameters)
            rows = cursor.fetchmany(request["most_rows"] + 1)
        except (duckdb.Error, ImportError) as error:
            if is_damage(error):
                raise
            # a time with a time zone needs pytz: cast it
            return {"error": str(error)}
        if len(rows) > request["most_rows"]:
            return {
                "error": f"The answer has more than {request['most_rows']:,} rows. Aggregate, add LIMIT, or take the "
                "whole tables (`papers export-parquet FOLDER`)."
            }
        return {"columns": [column[0] for column in cursor.description or []], "rows": encoded(rows)}


def main() -> None:
    """Answers one request within its limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES_OF_MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    request = json.load(sys.stdin)
    try:
        text = json.dumps(answer(request))
    except MemoryError:
        text = json.dumps({"error": "The query exceeded the memory limit. Ask for less at once."})
    if len(text) > request["most_bytes"]:
        text = json.dumps({"error": f"The answer has more than {request['most_bytes']:,} bytes. Ask for less at once."})
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
