"""Read-only SQL over the published warehouse: named queries and queries of one's own."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import duckdb

from daily_papers.errors import UserError
from daily_papers.settings import Settings
from daily_papers.warehouse import open_for_reading

_READING_STATEMENTS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


def named_queries() -> dict[str, str]:
    """The bundled queries: name to SQL."""
    directory = files("daily_papers").joinpath("sql/queries")
    paths = sorted((path for path in directory.iterdir() if path.name.endswith(".sql")), key=lambda path: path.name)
    return {path.name.removesuffix(".sql"): path.read_text(encoding="utf-8") for path in paths}


def run_query(settings: Settings, name_or_sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Runs a bundled query by name, or one SELECT statement.

    Returns:
        Column names and rows.

    Raises:
        UserError: no warehouse yet, unknown name, not exactly one reading statement, or an error in it.
    """
    named = named_queries()
    if name_or_sql not in named and len(name_or_sql.split()) == 1:
        raise UserError(f"No query is named {name_or_sql!r}. There are: {', '.join(named)}; or give a SELECT.")
    with open_for_reading(settings) as connection:
        try:
            statements = connection.extract_statements(named.get(name_or_sql, name_or_sql))
            if len(statements) != 1 or statements[0].type not in _READING_STATEMENTS:
                raise UserError("Give exactly one SELECT statement: the warehouse is read-only.")
            cursor = connection.execute(statements[0])
            return [column[0] for column in cursor.description or []], cursor.fetchall()
        except duckdb.Error as error:
            raise UserError(str(error)) from None
