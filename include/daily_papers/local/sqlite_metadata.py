"""SQLite as Airflow's metadata database with several processes writing: without "database is locked".

Airflow opens savepoints outside a transaction (`airflow backfill create --reprocess-behavior` does). SQLite then starts
a transaction that reads, and refuses at once to let it write when another process, such as the scheduler, has written
meanwhile. A savepoint that starts inside a transaction that may write from the beginning waits for its turn instead.
This is SQLAlchemy's own advice for savepoints with this driver: begin the transaction oneself.
"""

from __future__ import annotations

import sqlite3
from typing import Any

SECONDS_TO_WAIT_FOR_A_LOCK = 10
"""The api-server waits with its event loop standing still, so not long; Airflow tries again where it matters."""


class _Cursor(sqlite3.Cursor):
    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:  # type: ignore[override]
        if sql.startswith("SAVEPOINT") and not self.connection.in_transaction:
            super().execute("BEGIN IMMEDIATE")
        return super().execute(sql, parameters)


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or _Cursor)


CONNECT_ARGUMENTS = {"timeout": SECONDS_TO_WAIT_FOR_A_LOCK, "factory": _Connection}
"""For `[database] sql_alchemy_connect_args`."""
