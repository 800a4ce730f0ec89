"""The queries of the catalogue, each asked in up to four ways: as they are, and put into SQLite's SQL
(`bench.catalogue_sqlite`), polars (`bench.catalogue_polars`) and, where they hold the answer, SQL over the day files
(`bench.catalogue_day_files`).

A query that a way lacks is not asked there, and the report says so.

Much of it reads alike and is written apart on purpose: ways that shared a text would share its errors, and agree.
"""

from __future__ import annotations

from bench import catalogue_day_files, catalogue_polars, catalogue_sqlite
from bench.warehouse_queries import Question
from daily_papers.ask.catalogue import named_queries

_ANY_OF_EQUALS = {"audit_findings": ("part",)}
"""Columns that a tie leaves open: each way may choose another of the most frequent parts. They are not compared."""


def catalogue_questions() -> dict[str, Question]:
    """The queries by name, with the defaults of their parameters."""
    return {
        name: Question(
            query.sql,
            query.values({}),
            catalogue_sqlite.QUERIES.get(name),
            catalogue_polars.QUERIES.get(name),
            catalogue_day_files.QUERIES.get(name),
            frozenset(list(query.columns).index(column) for column in _ANY_OF_EQUALS.get(name, ())),
        )
        for name, query in named_queries().items()
    }
