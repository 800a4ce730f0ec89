"""Everything that was recorded, as one library: the order of loading, the rebuild, and how well search finds."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tantivy

from daily_papers.ask.search import Filters, search_papers
from daily_papers.errors import UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.rows.months import compact_months
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import sample_answer
from daily_papers.warehouse import full_rebuild, publication
from daily_papers.warehouse.search_index import shown_of, texts_of
from tests.support.contents import tables
from tests.support.data import FIXTURES, recordings
from tests.support.libraries import library_in
from tests.support.recorded_library import all_captures, record_everything
from tests.support.served import served_home

QUERIES: list[dict[str, Any]] = json.loads((FIXTURES / "search_queries.json").read_text())
MOST = 10
Find = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the library, built once."""
    home = tmp_path_factory.mktemp("recorded") / "home"
    with served_home(home, RecordedListings({}), sample_answer, DAILY_PAPERS_SOURCE="abstract"):
        record_everything()
        library = open_library()
        publication.rebuild(library)
    return home


@pytest.fixture
def library(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(recorded))
    return open_library()


def test_any_order_of_loading_and_a_rebuild_give_the_same_warehouse(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilt, in_index = tables(library), indexed(library)
    assert in_index.keys() == documents(library).keys()
    assert len(rebuilt["days"]) == len(recordings()) == 86
    dates = [day for _, day in all_captures()]
    assert len(dates) == 143
    monkeypatch.setattr(full_rebuild, "FEW_DATES", 0)  # in processes of its own
    assert publication.rebuild(library).dates == 86
    assert tables(library) == rebuilt
    for name, order in (("in order", dates), ("shuffled", random.Random(20261123).sample(dates, len(dates)))):
        monkeypatch.setenv("DAILY_PAPERS_WAREHOUSE", str(tmp_path / name / "warehouse.duckdb"))
        library = open_library()
        # an empty version first: with none there yet, the first load would bring everything
        with publication._writing(library), publication._new_version(library):
            pass
        for start in range(0, len(order), 13):
            publication.load(library, order[start : start + 13])
        assert tables(library) == rebuilt, name
        assert indexed(library) == in_index, name
        publication.load(library, [order[0]])
        assert tables(library) == rebuilt, f"{name}, one date again"
        assert indexed(library) == in_index, f"{name}, one date again"


def test_months_are_compacted_once(library: Library) -> None:
    compact_months(library)
    files = {path.name: path.read_bytes() for path in (library.lake.root / "months").glob("*.parquet")}
    assert len(files) == len({f"{day:%Y-%m}" for day in recordings()})
    assert compact_months(library).written == []
    month, damaged, *_ = sorted(files)
    (library.lake.root / "months" / month).unlink()
    (library.lake.root / "months" / damaged).write_bytes(b"damaged")
    assert compact_months(library).written == [month.removesuffix(".parquet"), damaged.removesuffix(".parquet")]
    (library.lake.root / "months" / "1999-01.parquet").write_bytes(b"of days that are gone")
    assert compact_months(library).written == []
    assert {path.name: path.read_bytes() for path in (library.lake.root / "months").glob("*.parquet")} == files


def indexed(library: Library) -> dict[str, Any]:
    """What the search index has of every paper."""
    with publication.open_search_index(library) as searcher:
        hits = searcher.search(tantivy.Query.all_query(), searcher.num_docs).hits
        shown = [shown_of(searcher, address) for _, address in hits]
    found = {one["paper_id"]: one for one in shown}
    assert len(found) == len(shown)
    return found


def documents(library: Library) -> dict[str, str]:
    """The text of every paper that search looks at."""
    found: dict[str, str] = {}
    with publication.open_for_reading(library) as connection:
        for paper_id, name, text in connection.execute(f"{texts_of('true')} ORDER BY ALL").fetchall():
            if name != "names":
                found[paper_id] = f"{found.get(paper_id, '')} {text}"
    return found


def whole_tokens(texts: dict[str, str]) -> Find:
    """Search for whole tokens, most frequent first, as full-text indexes without a Korean analyser do."""
    tokens = {paper_id: re.findall(r"\w+", text.lower()) for paper_id, text in texts.items()}

    def find(query: str) -> list[str]:
        wanted = re.findall(r"\w+", query.lower())
        scores = {paper_id: sum(map(own.count, wanted)) for paper_id, own in tokens.items() if set(wanted) <= set(own)}
        return sorted(scores, key=lambda paper_id: (-scores[paper_id], paper_id))[:MOST]

    return find


def sqlite_fts5(texts: dict[str, str]) -> Find:
    """SQLite's FTS5 with its default tokenizer and BM25."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE papers USING fts5(paper_id UNINDEXED, text)")
    connection.executemany("INSERT INTO papers VALUES (?, ?)", texts.items())

    def find(query: str) -> list[str]:
        phrase = '"' in query
        words = re.findall(r"\w+", query)
        match = f'"{" ".join(words)}"' if phrase else " ".join(f'"{word}"' for word in words)
        rows = connection.execute(
            "SELECT paper_id FROM papers WHERE papers MATCH ? ORDER BY bm25(papers), paper_id LIMIT ?", (match, MOST)
        )
        return [paper_id for (paper_id,) in rows]

    return find


@pytest.fixture(scope="module")
def found_by_search(recorded: Path) -> Find:
    library = library_in(recorded)
    return cache(lambda query: [match.paper_id for match in search_papers(library, query, most=MOST).matches])


def measured(find: Find, queries: list[dict[str, Any]]) -> tuple[float, float]:
    """Recall among the first ten (of at most ten) and mean reciprocal rank."""
    recalls, ranks = [], []
    for query in queries:
        found, relevant = find(query["query"]), set(query["relevant"])
        recalls.append(len(relevant.intersection(found)) / min(MOST, len(relevant)))
        ranks.append(next((1 / rank for rank, paper_id in enumerate(found, start=1) if paper_id in relevant), 0.0))
    return sum(recalls) / len(recalls), sum(ranks) / len(ranks)


def table(library: Library, found_by_search: Find) -> str:
    """The table of docs/search.md."""
    texts = documents(library)
    ways: dict[str, Find] = {
        "papers search": found_by_search,
        "whole tokens": whole_tokens(texts),
        "SQLite FTS5": sqlite_fts5(texts),
    }
    lines = ["| queries | number | " + " | ".join(ways) + " |", "|---|---|" + "---|" * len(ways)]
    kinds = list(dict.fromkeys(query["kind"] for query in QUERIES))
    for kind in [*kinds, "all"]:
        queries = [query for query in QUERIES if kind in ("all", query["kind"])]
        cells = ["{:.3f} / {:.3f}".format(*measured(find, queries)) for find in ways.values()]
        lines.append(f"| {kind.replace('_', ' ')} | {len(queries)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_search_finds_what_readers_expect(library: Library, found_by_search: Find) -> None:
    assert len(QUERIES) >= 200
    recall, rank = measured(found_by_search, QUERIES)
    assert recall >= 0.99
    assert rank >= 0.99
    texts = documents(library)
    for other in (whole_tokens(texts), sqlite_fts5(texts)):
        other_recall, other_rank = measured(other, QUERIES)
        assert other_recall < recall
        assert other_rank < rank


def test_the_documented_table_is_what_is_measured(library: Library, found_by_search: Find) -> None:
    assert table(library, found_by_search) in (Path(__file__).parents[2] / "docs" / "search.md").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("typed", ["pass@1", "10,000", "don't", "state-of-the-art", "1.5B"])
def test_words_with_signs_are_found_as_they_are_written(library: Library, typed: str) -> None:
    texts = {paper_id: text.lower().replace("’", "'") for paper_id, text in documents(library).items()}
    having = {
        paper_id for paper_id, text in texts.items() if re.search(rf"(?<!\d){re.escape(typed.lower())}(?!\d)", text)
    }
    assert having
    found = {match.paper_id for match in search_papers(library, typed, most=100).matches}
    assert len(having & found) >= 0.99 * min(len(having), 100)


def test_a_misspelt_word_is_said_to_be_corrected(library: Library) -> None:
    found = search_papers(library, "sycophacy")
    assert found.corrected == {"sycophacy": ["sycophancy"]}
    assert "«sycophan" in found.matches[0].snippet.lower()
    assert search_papers(library, "xqzwvk").matches == []


def test_filters(library: Library) -> None:
    def ids(query: str, **filters: Any) -> set[str]:
        return {match.paper_id for match in search_papers(library, query, Filters(**filters), most=100).matches}

    everything = ids("autoregressive")
    assert 20 < len(everything) < 100
    with publication.open_for_reading(library) as connection:

        def those(condition: str) -> set[str]:
            rows = connection.execute(f"SELECT paper_id FROM papers JOIN listings USING (paper_id) WHERE {condition}")
            return {paper_id for (paper_id,) in rows.fetchall()}

        [[organization]] = connection.execute(
            "SELECT organization FROM organizations JOIN papers USING (paper_id) "
            "WHERE contains(lower(abstract), 'autoregressive') GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchall()
        [[day]] = connection.execute(
            "SELECT max(l.listing_date) FROM papers JOIN listings l USING (paper_id) "
            "WHERE contains(lower(abstract), 'autoregressive')"
        ).fetchall()
        of_organization = those(
            f"paper_id IN (SELECT paper_id FROM organizations WHERE organization = '{organization}')"
        )
        of_keyword = those("paper_id IN (SELECT paper_id FROM keywords WHERE contains(lower(keyword), 'transformer'))")
        of_day, with_code = those(f"listings.listing_date = DATE '{day}'"), those("has_code")
    assert ids("autoregressive", with_code=True) == everything & with_code != everything
    assert ids("autoregressive", first_date=day, last_date=day) == everything & of_day
    assert set() < ids("autoregressive", organization=organization.upper()) <= of_organization
    assert set() < ids("autoregressive", keyword="Transformer") <= of_keyword
    assert ids("autoregressive", organization="' OR 1=1 --") == set()


@pytest.mark.parametrize("query", ["", "   ", '""', "!!!", "x" * 201])
def test_nothing_to_look_for_is_said(library: Library, query: str) -> None:
    with pytest.raises(UserError):
        search_papers(library, query)


@pytest.mark.parametrize(
    "query", ["' OR 1=1 --", "%", "a[b", "(", "\\", "한글 (모델", "ﬁne", "é", "e\u0301", "🤗 모델", "*"]
)
def test_any_text_can_be_looked_for(library: Library, query: str) -> None:
    if any(character.isalnum() for character in query):
        assert search_papers(library, query).matches is not None
    else:
        with pytest.raises(UserError, match="at least one word"):
            search_papers(library, query)


@pytest.mark.parametrize("query", ["ก" * 200, "x" * 200, "가" * 200, "a-" * 100])
def test_a_word_without_end_finds_nothing(library: Library, query: str) -> None:
    assert search_papers(library, query).matches == []


def test_a_keyword_that_is_too_long_is_said_to_be(library: Library) -> None:
    with pytest.raises(UserError, match="at most 100 bytes"):
        search_papers(library, "model", Filters(keyword="x" * 400))
    assert search_papers(library, "model", Filters(keyword="[a-z](" * 16)).matches == []


def test_search_reads_composed_and_decomposed_hangul(library: Library) -> None:
    import unicodedata

    composed = [match.paper_id for match in search_papers(library, "어텐션").matches]
    assert composed
    decomposed = search_papers(library, unicodedata.normalize("NFD", "어텐션")).matches
    assert [match.paper_id for match in decomposed] == composed
