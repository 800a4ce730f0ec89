"""Whether the cells of a results' row stand together in the source: its value beside its metric and baseline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daily_papers.checks.grounding.names import content_words
from daily_papers.rows.answers import ResultRow
from daily_papers.texts.quoted_passages import AROUND, sentences_with

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def cells_elsewhere(result: ResultRow, source: str) -> Iterator[str]:
    """The metric or baseline of a row whose words do not all stand where its value does, wherever that is.

    The baseline's must stand in the sentence of the value (or its table), the metric's in it or one next to it; of
    tables only the baseline's, because captions and short headers name the metric. Words of measuring do not count, and
    a value without digits, or one that the source does not have so, is not looked at.
    """
    digits = [number.replace(",", "") for number in _DIGITS.findall(result.value)]
    if not digits:
        return
    for cell, around in ((result.metric, AROUND), (result.baseline, 0)):
        words = content_words(cell)
        if not words:
            continue
        places = [text.lower() for text in sentences_with(source, digits, around)]
        if cell == result.metric and any("|" in text for text in places):
            continue
        if places and not any(all(word in text for word in words) for text in places):
            yield cell
