"""Whether the cells of a results' row stand together in the source: its value beside its metric and baseline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daily_papers.checks.grounding.names import content_words
from daily_papers.rows.answers import ResultRow
from daily_papers.texts.quoted_passages import AROUND, sentences_with

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_IN_TURN = re.compile(r"\brespectively\b|\d\s?[%x×]?\s?/\s?[\d+]", re.IGNORECASE)


def datasets_elsewhere(results: Sequence[ResultRow], source: str) -> Iterator[tuple[str, str]]:
    """Dataset and value of rows whose value stands with another row's dataset: in a sentence that has that one alone,
    or nearer to it than to its own, which has a number of its own there."""
    datasets = {result.dataset for result in results if content_words(result.dataset)}
    for result in results:
        digits = _digits_of(result)
        others = [one for one in datasets if one != result.dataset and one not in result.dataset]
        if not digits or result.dataset not in datasets or not others:
            continue
        places = [text for text in sentences_with(source, digits, 0) if "|" not in text and not _IN_TURN.search(text)]
        if places and all(any(_is_nearer(text, digits[0], result.dataset, one) for one in others) for text in places):
            yield result.dataset, result.value


def _is_nearer(sentence: str, number: str, dataset: str, other: str) -> bool:
    """Whether a number belongs to another dataset than the one that is named for it."""
    text = sentence.replace(",", "")
    place = re.search(rf"(?<![\d.]){re.escape(number)}(?!\d|\.\d)", text)
    other_place = text.lower().find(other.lower().replace(",", ""))
    own_place = text.lower().find(dataset.lower().replace(",", ""))
    if place is None or other_place < 0:
        return False
    if own_place < 0:
        return not all(word in text.lower() for word in content_words(dataset))
    if own_place < other_place < place.start():
        return bool(_DIGITS.search(text[own_place + len(dataset) : other_place]))
    if place.end() <= other_place < own_place:
        return bool(_DIGITS.search(text[other_place + len(other) : own_place]))
    return False


def _digits_of(result: ResultRow) -> list[str]:
    return [number.replace(",", "") for number in _DIGITS.findall(result.value)]


def cells_elsewhere(result: ResultRow, source: str, *, is_one_of_several: bool) -> Iterator[str]:
    """The metric or baseline of a row whose words do not all stand where its value does, wherever that is.

    They must stand in the sentence of the value or one next to it; the baseline's in the same one (or table), where the
    answer has several baselines. Of tables only the baseline is looked at, because captions and short headers name the
    metric. Words of measuring do not count, and a value without digits, or one that the source does not have so, is not
    looked at.
    """
    digits = _digits_of(result)
    if not digits:
        return
    for cell, around in ((result.metric, AROUND), (result.baseline, 0 if is_one_of_several else AROUND)):
        words = content_words(cell)
        if not words:
            continue
        places = [text.lower() for text in sentences_with(source, digits, around)]
        if cell == result.metric and any("|" in text for text in places):
            continue
        if places and not any(all(word in text for word in words) for text in places):
            yield cell
