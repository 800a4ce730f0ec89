"""Search over titles, names, abstracts and sections, ranked, with the places shown.

Papers with every word as it was typed come first. Where these are fewer than were asked for, papers in which a word is
only a part of another one follow, and a misspelt word is looked for as the nearest one there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tantivy import DocAddress, FieldType, Occur, Query, Searcher

from daily_papers.ask.search_query import LONGEST_PART, QueryBuilder, containing
from daily_papers.ask.search_words import Word, words_of
from daily_papers.errors import UserError
from daily_papers.lake.library import Library
from daily_papers.warehouse.publication import open_search_index
from daily_papers.warehouse.search_index import SCHEMA, shown_of

SNIPPET = 60
"""Characters before and after a match."""
_BEFORE, _BEHIND = "«", "»"


@dataclass(frozen=True)
class Filters:
    """Which papers may be found: by listing dates, organization, a part of a keyword, and whether they have code."""

    first_date: date = date.min
    last_date: date = date.max
    organization: str | None = None
    keyword: str | None = None
    with_code: bool = False

    def clauses(self) -> list[tuple[Occur, Query]]:
        """What a paper must be, beside having the words; adds nothing to its score."""
        wanted = []
        if (self.first_date, self.last_date) != (date.min, date.max):
            first, last = self.first_date.toordinal(), self.last_date.toordinal()
            wanted.append(Query.range_query(SCHEMA, "listing_date", FieldType.Integer, first, last))
        if self.organization is not None:
            wanted.append(Query.term_query(SCHEMA, "organization", self.organization.lower(), "basic"))
        if self.keyword is not None:
            wanted.append(containing("keyword", self.keyword.lower()))
        if self.with_code:
            wanted.append(Query.term_query(SCHEMA, "has_code", True, "basic"))  # noqa: FBT003
        return [(Occur.Must, Query.const_score_query(query, 0.0)) for query in wanted]


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
        TerminalError: the index is damaged.
    """
    words, filters = words_of(query), filters or Filters()
    if filters.keyword is not None and len(filters.keyword.encode()) > LONGEST_PART:
        raise UserError(f"A part of a keyword may have at most {LONGEST_PART} bytes.")
    with open_search_index(library) as searcher:
        return search_in(searcher, words, filters, most)


def search_in(searcher: Searcher, words: Sequence[Word], filters: Filters, most: int) -> Found:
    """The same in an open index."""
    builder, found = QueryBuilder(searcher), Found()
    sought = [[word] for word in words]
    hits = _hits(searcher, builder, sought, filters, most)
    if not hits:  # only then can a word be in no paper
        for number, word in enumerate(words):
            if builder.occurs(word):
                continue
            nearest = builder.misspelt(word)
            if not nearest:
                return Found()
            found.corrected[word.text] = nearest
            sought[number] = [Word(one) for one in nearest]
        if found.corrected:
            hits = _hits(searcher, builder, sought, filters, most)
    matches = [_match(searcher, score, address, sought, filters) for score, address in hits]
    found.matches = sorted(matches, key=lambda match: (-match.score, match.paper_id))
    return found


def _hits(
    searcher: Searcher, builder: QueryBuilder, sought: list[list[Word]], filters: Filters, most: int
) -> list[tuple[float, DocAddress]]:
    """The best papers, those with every word as it was typed before those where a word is a part of another one."""
    hits: list[tuple[float, DocAddress]] = []
    for loosely in (False, True):
        query = Query.boolean_query([(Occur.Must, builder.all_words(sought, loosely=loosely)), *filters.clauses()])
        hits = searcher.search(query, most, count=False).hits
        if len(hits) >= most:
            break
    return hits


def _match(searcher: Searcher, score: float, address: DocAddress, sought: list[list[Word]], filters: Filters) -> Match:
    shown = shown_of(searcher, address)
    dates = [day for day in map(date.fromisoformat, shown["listing_dates"]) if _is_between(day, filters)]
    name, snippet = _snippet(shown["texts"], [word for variants in sought for word in variants], _as_one(sought))
    return Match(shown["paper_id"], max(dates), shown["title"], round(score, 4), name, snippet)


def _is_between(day: date, filters: Filters) -> bool:
    return filters.first_date <= day <= filters.last_date


def _as_one(sought: list[list[Word]]) -> re.Pattern[str] | None:
    """All words of the query one after another; None where there is only one."""
    if len(sought) < 2:
        return None
    return Word(" ".join(variants[0].text for variants in sought)).apart


def _snippet(texts: list[list[str]], words: list[Word], whole: re.Pattern[str] | None) -> tuple[str, str]:
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
