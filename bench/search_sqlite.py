"""Search as most would build it: SQLite's FTS5 over the same texts, as a rival for the bench.

It has what it is best at: its own tokenizer, BM25, a file of its own that stays open, and the texts in it for snippets.
Korean words with particles, compounds and misspelt words it does not find.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from daily_papers.lake.library import Library
from daily_papers.warehouse.publication import open_for_reading
from daily_papers.warehouse.search_index import texts_of

_FIND = (
    "SELECT paper_id, snippet(papers, 1, '«', '»', '…', 20) FROM papers WHERE papers MATCH ? "
    "ORDER BY bm25(papers), paper_id LIMIT 10"
)
PAPERS_AT_ONCE = 2_000


class SearchInSqlite:
    """An FTS5 table of a library's texts."""

    def __init__(self, library: Library, file: Path) -> None:
        self.file = file
        self._connection = sqlite3.connect(file)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("CREATE VIRTUAL TABLE papers USING fts5(paper_id UNINDEXED, text)")
        with open_for_reading(library) as tables:
            rows = tables.execute(
                f"SELECT paper_id, string_agg(text, ' ' ORDER BY field) FROM ({texts_of('true')}) GROUP BY paper_id"
            )
            while batch := rows.fetchmany(PAPERS_AT_ONCE):
                self._connection.executemany("INSERT INTO papers VALUES (?, ?)", batch)
        self._connection.commit()

    def find(self, query: str) -> list[tuple[str, str]]:
        """The best ten papers with all words (a quoted query: with the phrase), and their snippets."""
        words = re.findall(r"\w+", query)
        match = f'"{" ".join(words)}"' if '"' in query else " ".join(f'"{word}"' for word in words)
        return self._connection.execute(_FIND, (match,)).fetchall()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()
