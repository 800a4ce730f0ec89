"""The search index within the warehouse: which word occurs in which paper, how often and in what.

A word is kept as it occurs, Korean particles included (모델, 모델을, 모델의); a search finds words by a part of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from daily_papers.lake.layout import checked_paper_id
from daily_papers.warehouse.duckdb_access import statements

WORD = r"[\p{L}\p{N}]+(?:[-.''_+][\p{L}\p{N}]+)*"
"""A word in DuckDB's regular expressions, as an SQL literal: GPT-4o, Qwen2.5-VL, KV캐시를."""
TERM_KEY = "(hash(term) & 281474976710655)::BIGINT"
"""48 bits: among a million words, two with one key are to be expected once in 500 libraries."""
_PAPER_KEY = "(replace(paper_id, '.', '')::INTEGER + CASE WHEN length(paper_id) < 10 THEN 1000000000 ELSE 0 END)"
"""The digits of an arXiv id; those with four after the dot (before 2015) are kept apart from those with five."""


def texts_of(papers: str) -> str:
    """The query for all texts (paper_id, field, text) of the papers that a condition in SQL holds for."""
    return statements("search_texts").replace("{papers}", papers)


INDEXING = statements("index_papers").replace("{word}", WORD).replace("{term_key}", TERM_KEY)
"""The statements that make the index of the papers in `to_index` again, but for the query `{texts}`."""
PAPERS_AT_ONCE = 20_000
"""This many papers are indexed in one statement; more would take more memory than a small machine has."""


def index_papers(connection: duckdb.DuckDBPyConnection, paper_ids: Sequence[str]) -> None:
    """Makes the index of papers again, within the caller's transaction; one that is not in `papers` leaves it."""
    ids = sorted(map(checked_paper_id, paper_ids))
    for start in range(0, len(ids), PAPERS_AT_ONCE):
        batch = ids[start : start + PAPERS_AT_ONCE]
        connection.execute(
            "CREATE TEMP TABLE to_index AS "
            f"SELECT paper_id, {_PAPER_KEY} AS paper_key FROM (SELECT unnest(?) AS paper_id)",
            [batch],
        )
        # with bounds, DuckDB leaves out blocks that have none of them
        papers = f"paper_id IN (SELECT paper_id FROM to_index) AND paper_id BETWEEN '{batch[0]}' AND '{batch[-1]}'"
        connection.execute(INDEXING.replace("{texts}", texts_of(papers)))
        connection.execute("DROP TABLE to_index")
