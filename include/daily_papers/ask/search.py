"""Search over titles, names, abstracts and sections: terms that contain what was typed, ranked, with the places shown.

Two steps. The index finds the papers in which every word occurs as a part of some term and ranks them with BM25
(Robertson and Zaragoza 2009, weighted fields; k1 = 1.2, b = 0.75). The texts of the best are then read: words that the
query writes together and the text apart (강화학습, GPT4o) must be neighbours, a word of its own counts more than one
inside of another, and words in the query's order count most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa

from daily_papers.ask.search_words import Word, fit_of, normalized, words_of
from daily_papers.lake.library import Library
from daily_papers.warehouse.duckdb_access import statements
from daily_papers.warehouse.publication import open_for_reading
from daily_papers.warehouse.search_index import texts_of

_CANDIDATES = statements("search_candidates")
_PAPERS = "paper_id IN (SELECT unnest($ids))"
READ = 200
"""So many of the best papers of the index are read."""
MOST_TERMS = 3000
"""So many terms may stand for a piece of a word; of more, those in most papers."""
SHORTEST_MISSPELT = 5
LONGEST_WITH_ONE_ERROR = 7
SNIPPET = 60
"""Characters before and after a match."""
_BEFORE, _BEHIND = "«", "»"
_INSIDE, _AS_ONE, _IN_TITLE = 0.25, 3.0, 1.3


@dataclass(frozen=True)
class Filters:
    """Which papers may be found: by listing dates, organization, a part of a keyword, and whether they have code."""

    first_date: date = date.min
    last_date: date = date.max
    organization: str | None = None
    keyword: str | None = None
    with_code: bool = False


@dataclass(frozen=True)
class Match:
    """A paper that was found: the newest date that lists it, of those asked for; score (higher is better, comparable
    within one search), and the best place in it."""

    paper_id: str
    listing_date: date
    title: str
    score: float
    field: str
    snippet: str


@dataclass
class Found:
    """The result of a search: the matches, best first, and what was looked for in the place of misspelt words."""

    matches: list[Match] = field(default_factory=list)
    corrected: dict[str, list[str]] = field(default_factory=dict)


def search_papers(library: Library, query: str, filters: Filters | None = None, *, most: int = 10) -> Found:
    """The papers in which all words of a query occur, best first.

    Raises:
        UserError: nothing was loaded yet, or there is nothing to look for.
    """
    words = words_of(query)
    with open_for_reading(library) as connection:
        return search_in(connection, words, filters or Filters(), most)


def search_in(connection: duckdb.DuckDBPyConnection, words: Sequence[Word], filters: Filters, most: int) -> Found:
    """The same in an open warehouse."""
    found = Found()
    rows: list[tuple[int, int, str, int, float]] = []
    sought: list[list[Word]] = []
    for number, word in enumerate(words):
        pieces, variants = _terms(connection, number, word)
        if variants:
            found.corrected[word.text] = [variant.text for variant in variants]
        rows += pieces
        sought.append(variants or [word])
    if not all(any(row[0] == number for row in rows) for number in range(len(words))):
        return found
    scores = _candidates(connection, rows, len(words), filters)
    ranked = sorted(_read(connection, scores, sought, filters), key=lambda match: (-match.score, match.paper_id))
    found.matches = ranked[:most]
    return found


def _terms(
    connection: duckdb.DuckDBPyConnection, number: int, word: Word
) -> tuple[list[tuple[int, int, str, int, float]], list[Word]]:
    """Rows for `pieces`, and words of the index in the place of one that is in no term."""
    rows = []
    for way, pieces in enumerate(word.ways):
        for piece in pieces:
            rows += [(number, way, piece, key, weight) for key, weight in _containing(connection, piece)]
    text = word.joined
    if rows or len(word.pieces) > 1 or not text.isalpha() or not text.isascii():
        return rows, []
    variants = [Word(one) for one in _misspelt(connection, text)]
    for variant in variants:
        rows += [(number, 0, text, key, weight * 0.8) for key, weight in _containing(connection, variant.joined)]
    return rows, variants


def _containing(connection: duckdb.DuckDBPyConnection, piece: str) -> list[tuple[int, float]]:
    terms = connection.execute(
        "SELECT term_key, term FROM search_terms WHERE contains(translate(term, '-_''', ''), ?) "
        "ORDER BY papers DESC, term LIMIT ?",
        [piece, MOST_TERMS],
    ).fetchall()
    return [(key, fit_of(piece, term)) for key, term in terms]


def _misspelt(connection: duckdb.DuckDBPyConnection, text: str) -> list[str]:
    """Words of the index that are nearest to a Latin one: one error, or two in a long one."""
    if len(text) < SHORTEST_MISSPELT:
        return []
    errors = 1 if len(text) <= LONGEST_WITH_ONE_ERROR else 2
    near = connection.execute(
        "SELECT term, damerau_levenshtein(term, $text) AS distance FROM ("
        "    SELECT unnest(string_split(term, '-')) AS term, papers FROM search_terms"
        ") WHERE length(term) BETWEEN length($text) - $errors AND length($text) + $errors "
        "AND damerau_levenshtein(term, $text) <= $errors "
        "GROUP BY term ORDER BY distance, sum(papers) DESC, term LIMIT 3",
        {"text": text, "errors": errors},
    ).fetchall()
    return [term for term, distance in near if distance == near[0][1] and term != text]


def _candidates(
    connection: duckdb.DuckDBPyConnection, rows: list[tuple[int, int, str, int, float]], words: int, filters: Filters
) -> dict[str, float]:
    names = ("word", "way", "piece", "term_key", "weight")
    best: dict[tuple[int, int, str, int], float] = {}
    for number, way, piece, key, weight in rows:
        best[number, way, piece, key] = max(weight, best.get((number, way, piece, key), 0.0))
    table = pa.Table.from_pylist([dict(zip(names, (*key, weight), strict=True)) for key, weight in best.items()])
    connection.register("pieces", table)
    try:
        found = connection.execute(_CANDIDATES, {**vars(filters), "words": words, "most": READ}).fetchall()
    finally:
        connection.unregister("pieces")
    return dict(found)


def _read(
    connection: duckdb.DuckDBPyConnection, scores: dict[str, float], sought: list[list[Word]], filters: Filters
) -> Iterator[Match]:
    """Papers whose texts really have every word, with their final scores."""
    ids = list(scores)
    facts = connection.execute(
        "SELECT paper_id, max(l.listing_date), any_value(p.title) FROM papers p JOIN listings l USING (paper_id) "
        "WHERE paper_id IN (SELECT unnest($ids)) AND l.listing_date BETWEEN $first_date AND $last_date "
        "AND l.withdrawn_at IS NULL GROUP BY paper_id",
        {"ids": ids, "first_date": filters.first_date, "last_date": filters.last_date},
    ).fetchall()
    texts: dict[str, list[tuple[str, str]]] = {paper_id: [] for paper_id in ids}
    for paper_id, name, text in connection.execute(f"{texts_of(_PAPERS)} ORDER BY ALL", {"ids": ids}).fetchall():
        texts[paper_id].append((name, normalized(text)))
    whole = _as_one(sought)
    for paper_id, listing_date, title in facts:
        fits = [max(_fit(word, texts[paper_id]) for word in variants) for variants in sought]
        if not all(fits):
            continue
        score = scores[paper_id]
        for fit in fits:
            score *= fit
        if whole is not None and any(whole.search(text) for _, text in texts[paper_id]):
            score *= _AS_ONE
        name, snippet = _snippet(texts[paper_id], [word for variants in sought for word in variants], whole)
        yield Match(paper_id, listing_date, title, round(score, 4), name, snippet)


def _as_one(sought: list[list[Word]]) -> re.Pattern[str] | None:
    """All words of the query one after another; None where there is only one."""
    if len(sought) < 2:
        return None
    return Word(" ".join(variants[0].text for variants in sought)).apart


def _fit(word: Word, texts: list[tuple[str, str]]) -> float:
    """1 where a text has it as a word of its own (more in the title), less where only inside of others, 0 nowhere."""
    best = 0.0
    for name, text in texts:
        if word.apart.search(text):
            best = max(best, _IN_TITLE if name == "title" else 1.0)
        elif best < _INSIDE and word.pattern.search(text):
            best = _INSIDE
    return best


def _snippet(texts: list[tuple[str, str]], words: list[Word], whole: re.Pattern[str] | None) -> tuple[str, str]:
    """The field and the surroundings of the best match, matches marked."""
    apart = [word.apart for word in words]
    for patterns in ([whole] if whole else [], apart, [word.pattern for word in words]):
        best = max(texts, key=lambda one: sum(bool(pattern.search(one[1])) for pattern in patterns), default=None)
        match = next(filter(None, (pattern.search(best[1]) for pattern in patterns)), None) if best else None
        if best and match:
            return best[0], _marked(best[1], match.start(), match.end(), [*([whole] if whole else []), *apart])
    return texts[0][0], texts[0][1][: 2 * SNIPPET]


def _marked(text: str, start: int, end: int, patterns: list[re.Pattern[str]]) -> str:
    begin, finish = max(0, start - SNIPPET), min(len(text), end + SNIPPET)
    spans = [(start, end), *(match.span() for pattern in patterns for match in pattern.finditer(text, begin, finish))]
    shown, position = "…" if begin else "", begin
    for first, last in sorted(spans):
        if first >= position and last <= finish:
            shown += text[position:first] + _BEFORE + text[first:last] + _BEHIND
            position = last
    shown += text[position:finish] + ("…" if finish < len(text) else "")
    return " ".join(shown.split())
