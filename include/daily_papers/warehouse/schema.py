"""The warehouse's tables, views and table functions, their version, and their documentation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import duckdb

from daily_papers.warehouse.duckdb_access import OFFLINE, statements
from daily_papers.warehouse.search_index import FORMAT, texts_of


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables, views and table functions in an empty database."""
    connection.execute(statements("schema", "views"))
    connection.execute("INSERT INTO schema_version VALUES (?)", [schema_version()])


def schema_version() -> str:
    """What a warehouse that this release can load into was made with."""
    loading = statements("schema", "views", "load_listings_and_summaries", "load_papers_and_authors")
    return hashlib.sha256(f"{loading}{FORMAT}{texts_of('')}{duckdb.__version__}".encode()).hexdigest()


def markdown_documentation(tables: Sequence[str] | None = None) -> str:
    """Every table, view and table function (or these tables), as the Markdown of docs/schema.md."""
    with duckdb.connect(config=OFFLINE) as connection:
        create_tables(connection)
        relations = connection.execute(
            "SELECT table_name, comment, 'table' FROM duckdb_tables() UNION ALL "
            "SELECT view_name, comment, 'view' FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        functions = connection.execute(
            "SELECT function_name, parameters, comment FROM duckdb_functions() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY table_name, column_index"
        ).fetchall()
    lines: list[str] = []
    for name, comment, kind in sorted(relations, key=lambda one: (one[2], one[0])):
        if tables is not None and name not in tables:
            continue
        lines += ["", f"### {name}", "", f"{'View. ' if kind == 'view' else ''}{comment}", ""]
        own = [column[1:] for column in columns if column[0] == name]
        if kind == "view":
            lines += [f"Columns: {', '.join(f'`{column}`' for column, *_ in own)}."]
            continue
        lines += ["| column | type | null | meaning |", "|---|---|---|---|"]
        lines += [
            f"| `{column}` | {data_type} | {'yes' if nullable else 'no'} | {meaning} |"
            for column, data_type, nullable, meaning in own
        ]
    for name, parameters, comment in functions if tables is None else ():
        lines += ["", f"### {name}", "", f"Table function, `FROM {name}({', '.join(parameters)})`. {comment}"]
    return "\n".join(lines).lstrip() + "\n"
