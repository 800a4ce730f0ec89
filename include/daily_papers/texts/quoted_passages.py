"""Where in a source its quotes stand, and the sentences around them: the evidence of what a summary claims."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

AROUND = 1
"""Sentences before and after a quote that count as its evidence; of a table, rows."""
_SENTENCE_END = re.compile(r"(?<=[.!?。])[\])}\"”’]*\s+(?=[^a-z\s])")
_NO_LETTER = re.compile(r"[\W_]+")
_LETTER = re.compile(r"[^\W_]|(?<=\d)[.,:/](?=\d)|[+<>=≤≥%×±](?=\s?\d)|(?<=\d)\\?%")
_NOT_AN_END = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|al|Fig|Eq|Sec|Tab|No|approx|resp)\.$")


@dataclass(frozen=True)
class _Sentences:
    """A source by sentences: as written, where each begins in the run of its letters, and each table's first row."""

    texts: tuple[str, ...]
    begins: tuple[int, ...]
    letters: str
    headers: tuple[int | None, ...]


@lru_cache(maxsize=16)
def _sentences(source: str) -> _Sentences:
    texts: list[str] = []
    headers: list[int | None] = []
    header: int | None = None
    for line in source.split("\n"):
        if "|" not in line:
            header = None
            pieces = list(_split(line))
        else:
            pieces = [line]
            header = len(texts) if header is None else header
        texts += pieces
        headers += [header] * len(pieces)
    begins, parts, length = [], [], 0
    for text in texts:
        begins.append(length)
        parts.append(letters_of(text))
        length += len(parts[-1])
    return _Sentences(tuple(texts), tuple(begins), "".join(parts), tuple(headers))


def _split(line: str) -> Iterator[str]:
    begin = 0
    for end in _SENTENCE_END.finditer(line):
        if not _NOT_AN_END.search(line, begin, end.start()):
            yield line[begin : end.start()]
            begin = end.end()
    if line[begin:].strip():
        yield line[begin:]


@lru_cache(maxsize=256)
def letters_of(text: str) -> str:
    """Letters and digits alone, small: what is left of a quote when nobody minds how it is typeset."""
    return _NO_LETTER.sub("", text).casefold()


@lru_cache(maxsize=64)  # several checks and every section ask for the same passages
def near_quotes(source: str, quotes: tuple[str, ...]) -> str:
    """The sentences of a source in which quotes stand, with those around them, in the source's order.

    A row of a table comes with its table's first row. Empty where no quote is found.
    """
    sentences, wanted = _sentences(source), set()
    for quote in quotes:
        letters = letters_of(quote)
        place = sentences.letters.find(letters) if letters else -1
        while place >= 0:
            first = bisect_right(sentences.begins, place) - 1
            last = bisect_right(sentences.begins, place + len(letters) - 1) - 1
            wanted |= set(range(max(0, first - AROUND), min(len(sentences.texts), last + AROUND + 1)))
            place = sentences.letters.find(letters, place + len(letters))
    wanted |= {header for place in wanted if (header := sentences.headers[place]) is not None}
    return "\n".join(sentences.texts[place] for place in sorted(wanted))


def sentences_with(source: str, numbers: list[str], around: int) -> Iterator[str]:
    """Each sentence of a source that has all of these numbers (digits without commas), with those around it.

    A row of a table comes with its whole table, and the lines before and after it.
    """
    sentences = _sentences(source)
    wanted = [re.compile(rf"(?<![\d.]){re.escape(number)}(?!\d|\.\d)") for number in numbers]
    for place, text in enumerate(sentences.texts):
        plain = text.replace(",", "")
        if not all(number.search(plain) for number in wanted):
            continue
        header = sentences.headers[place]
        if header is None:
            yield " ".join(sentences.texts[max(0, place - around) : place + around + 1])
        else:
            last = max(row for row, of_table in enumerate(sentences.headers) if of_table == header)
            yield "\n".join(sentences.texts[max(0, header - 1) : last + 2])


def has_letters(text: str) -> bool:
    """Whether there is anything in a quote that could be looked for."""
    return bool(letters_of(text))


def place_of(source: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a source, however it is typeset; None where it does not.

    Letters and digits count, in words that begin and end where the quote's do, and the marks between digits.
    """
    if quote in source and quote.strip():
        begin = source.index(quote)
        return begin, begin + len(quote)
    letters, places = _letters(source)
    wanted, _ = _letters(quote)
    begin = letters.find(wanted) if wanted else -1
    while begin >= 0:
        first, last = places[begin], places[begin + len(wanted) - 1]
        if not (_is_inside(source, first - 1) or _is_inside(source, last + 1)):
            return first, last + 1
        begin = letters.find(wanted, begin + 1)
    return None


def as_source_writes(source: str, quote: str) -> str:
    """A quote in its source's wording; as it is where the source does not have it."""
    place = place_of(source, quote)
    if place is None or quote in source:
        return quote
    return f"{source[slice(*place)]}{quote[-1:] if quote[-1:] in source[place[1] : place[1] + 1] else ''}"


def _is_inside(source: str, place: int) -> bool:
    return 0 <= place < len(source) and source[place].isalnum()


@lru_cache(maxsize=64)
def _letters(text: str) -> tuple[str, tuple[int, ...]]:
    """Letters, digits and the marks between digits of a text, small, and the place of each in it."""
    kept = [(match.start(), match[0][-1:].casefold()) for match in _LETTER.finditer(text)]
    return "".join(sign[:1] for _, sign in kept), tuple(place for place, _ in kept)
