"""Words of a query as a query of the search engine.

Every word must occur. What a field adds is BM25 as Tantivy counts it (Robertson and Zaragoza 2009; k1 = 1.2, b = 0.75)
times the field's weight, with one change: a word is as rare as its rarest token, in whatever form it stands, so neither
a long compound nor an odd spelling outweighs the other words of a query.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA
from tantivy import Occur, Query, Searcher

from daily_papers.ask.search_words import PLURAL, SHORTEST_BEGINNING, Form, Word
from daily_papers.warehouse.search_index import SCHEMA, shown_of
from daily_papers.warehouse.search_tokens import BEGIN, SYLLABLES, TextTokens

WEIGHTS = {"title": 4.0, "names": 2.0, "abstract": 1.5, "sections": 1.0}
"""How much a word counts in each field."""
OF_A_NAME, BEGINNING, APART, INSIDE, WITHOUT_PARTICLE = 0.5, 0.9, 0.5, 0.2, 0.5
"""How much a part of a name counts, and what is not quite the word that was typed."""
IN_ORDER = 8.0
"""What all words of a query one after another add for each of them: more than any places apart from each other."""
MOST_EXPANSIONS = 30
"""So many words that begin as was typed are looked for; of more, those in most papers."""
LONGEST_PART = 100
"""Bytes of a part of a word: what Tantivy takes as a regular expression is limited."""
_SHORTEST_PART = 3
_SHORTEST_MISSPELT = 5
_LONGEST_WITH_ONE_ERROR = 7
_READ_FOR_SPELLINGS = 50
_SIGNS = re.compile(r"([\\.+*?()|\[\]{}^$#&\-~])")


class QueryBuilder:
    """Makes queries for one state of an index, whose words it knows."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def all_words(self, words: Sequence[Sequence[Word]], *, loosely: bool) -> Query:
        """Papers with every word (or one of those that stand in its place), best where they stand in this order.

        Args:
            loosely: also where a word is only a part of another one.
        """
        clauses = [
            (Occur.Must, _any_of([one for word in variants for one in self.word(word, loosely=loosely)]))
            for variants in words
        ]
        if len(words) > 1:
            clauses += [(Occur.Should, one) for one in self._in_order([variants[0] for variants in words])]
        return Query.boolean_query(clauses)

    def occurs(self, word: Word) -> bool:
        """Whether a word, or a part of one, is in any paper."""
        return any(self._is_found(self.word(word, loosely=loosely)) for loosely in (False, True))

    def _is_found(self, queries: list[Query]) -> bool:
        return bool(queries) and bool(self._searcher.search(_any_of(queries), 1, count=False).hits)

    def word(self, word: Word, *, loosely: bool) -> list[Query]:
        """Queries for the places of one word, at least one of which must hold."""
        if word.is_latin:
            return [*self._latin(word.joined, loosely=loosely)]
        if word.is_syllable:
            return [*self._syllable(word.joined, loosely=loosely)]
        found = [*self._forms(word.forms), *self._name(word.joined, OF_A_NAME)]
        if loosely and word.without_particle:
            forms = [Form(form.tokens, WITHOUT_PARTICLE * form.fit) for form in word.without_particle.forms]
            found += self._forms(forms)
        return found

    def _latin(self, text: str, *, loosely: bool) -> Iterator[Query]:
        spellings = {text: 1.0, f"{text}s": PLURAL, f"{text}es": PLURAL}
        if text.endswith("s") and len(text) > 3:
            spellings[text[:-1]] = PLURAL
        if loosely or len(text) >= SHORTEST_BEGINNING:
            fit = BEGINNING if len(text) >= SHORTEST_BEGINNING else INSIDE
            for longer in self._beginning_with("words", text):
                spellings.setdefault(longer, fit)
        having = {spelling: self._papers("words", spelling) for spelling in spellings}
        rarity = self._rarity(sum(papers for spelling, papers in having.items() if spellings[spelling] >= PLURAL))
        for spelling, fit in spellings.items():
            if not having[spelling]:
                continue
            for field, weight in WEIGHTS.items():
                if papers := self._papers(field, spelling):
                    factor = weight * fit * rarity / self._rarity(papers)
                    yield Query.boost_query(Query.term_query(SCHEMA, field, spelling, "freq"), factor)
            yield from self._name(spelling, OF_A_NAME * fit)
        if loosely:
            yield from self._forms([*self._apart(text)])
        if loosely and len(text.encode()) <= LONGEST_PART:
            yield Query.const_score_query(Query.regex_query(SCHEMA, "words", f".*{_literal(text)}.*"), INSIDE)

    def _apart(self, text: str) -> Iterator[Form]:
        """A Latin word as two that the index has: hunyuanvideo as Hunyuan Video."""
        for end in range(_SHORTEST_PART, len(text) - _SHORTEST_PART + 1):
            if self._papers("words", text[:end]) and self._papers("words", text[end:]):
                yield Form((text[:end], text[end:]), APART)

    def _syllable(self, text: str, *, loosely: bool) -> Iterator[Query]:
        for field, weight in WEIGHTS.items():
            for token in self._beginning_with(field, BEGIN + text):
                yield Query.boost_query(Query.term_query(SCHEMA, field, token, "freq"), weight)
            if loosely:
                within = Query.regex_query(SCHEMA, field, rf"{text}[{SYLLABLES}]|\^?[{SYLLABLES}]{text}")
                yield Query.const_score_query(within, INSIDE * weight)

    def _forms(self, forms: Sequence[Form]) -> Iterator[Query]:
        for field, weight in WEIGHTS.items():
            ways = []
            for form in forms:
                rarities = [self._rarity(papers) for papers in self._papers_of(field, form)]
                if rarities:
                    factor = weight * form.fit * max(rarities) / sum(rarities)
                    ways.append(Query.boost_query(_tokens(field, form), factor))
            if ways:
                yield Query.disjunction_max_query(ways)

    def _name(self, text: str, weight: float) -> Iterator[Query]:
        """A name, or a part of one, that is written together (`sam2` of ReSurgSAM2)."""
        if papers := self._papers("words", text):
            query = Query.term_query(SCHEMA, "words", text, "basic")
            yield Query.const_score_query(query, weight * self._rarity(papers))

    def _in_order(self, words: Sequence[Word]) -> Iterator[Query]:
        together = Word(" ".join(word.text for word in words))
        for field, weight in WEIGHTS.items():
            for form in together.forms:
                if self._papers_of(field, form):
                    yield Query.const_score_query(_tokens(field, form), (IN_ORDER + weight) * len(words) * form.fit)
        if self._papers("words", together.joined):
            name = Query.term_query(SCHEMA, "words", together.joined, "basic")
            yield Query.const_score_query(name, IN_ORDER * len(words))

    def misspelt(self, word: Word) -> list[str]:
        """Words of the index that are nearest to a Latin one that is not in it: one error, or two in a long one."""
        text = word.joined
        if not word.is_latin or not text.isascii() or len(text) < _SHORTEST_MISSPELT:
            return []
        errors = 1 if len(text) <= _LONGEST_WITH_ONE_ERROR else 2
        for distance in range(1, errors + 1):
            query = Query.fuzzy_term_query(SCHEMA, "words", text, distance)
            tokens = TextTokens()
            for _, address in self._searcher.search(query, _READ_FOR_SPELLINGS, count=False).hits:
                for _, shown in shown_of(self._searcher, address)["texts"]:
                    tokens.of(shown)
            near = [one for one in tokens.words if OSA.distance(one, text, score_cutoff=distance) <= distance]
            if near:
                return sorted(near, key=lambda one: (-self._papers("words", one), one))[:3]
        return []

    def _beginning_with(self, field: str, text: str) -> list[str]:
        found = self._searcher.terms_with_prefix(field, text)
        return [term for term, _ in sorted(found, key=lambda one: (-one[1], one[0]))[:MOST_EXPANSIONS]]

    def _papers(self, field: str, token: str) -> int:
        return self._searcher.doc_freq(field, token)

    def _papers_of(self, field: str, form: Form) -> list[int]:
        """Papers with each token of a form; empty where one is in none."""
        papers = []
        for token in form.tokens:
            papers.append(self._papers(field, token))
            if not papers[-1]:
                return []
        return papers

    def _rarity(self, papers: int) -> float:
        """The inverse document frequency of BM25."""
        total = max(self._searcher.num_docs, papers)
        return math.log(1 + (total - papers + 0.5) / (papers + 0.5))


def containing(field: str, text: str) -> Query:
    """Papers with a value of a field that contains a text."""
    return Query.regex_query(SCHEMA, field, f".*{_literal(text)}.*")


def _tokens(field: str, form: Form) -> Query:
    if len(form.tokens) == 1:
        return Query.term_query(SCHEMA, field, form.tokens[0], "freq")
    return Query.phrase_query(SCHEMA, field, list(form.tokens))


def _any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _literal(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)
