"""Rows on which a check ends in an error of its own: nobody foresaw them, and the other rows go on."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, cases, changed, long_text, quoted, said
from tests.defects.papers import BAGEL, FLOW, PHARE, REWARD, RPC, SAGE, SSR

BAD: list[Case] = cases(
    Reason.CHECK_FAILED,
    {
        "a section that is a number": {**changed(BAGEL), "method_markdown": 5},
        "a source that is a number": {**changed(SAGE), "source_text": 5},
        "quotes that are numbers": {**changed(FLOW), "results_quotes": [5]},
        "results' rows without cells": {**changed(RPC), "results_rows": [5]},
        "a language that nobody has rules for": {**changed(PHARE), "language": "eo"},
        "a title that is a list": {**changed(REWARD), "title_ko": ["제목"]},
    },
)
NEAR_MISSES: list[Case] = cases(
    Reason.CHECK_FAILED,
    {
        "a section of brackets": changed(BAGEL, said("method", "[" * 1000)),
        "a section of quotes in quotes": changed(SAGE, said("method", "> " * 500 + "끝")),
        "a section of lists in lists": changed(FLOW, said("method", "- " * 500 + "끝")),
        "a number of a thousand digits": changed(RPC, said("results", "9" * 1000)),
        "a section without end": changed(PHARE, said("method", long_text(50_000))),
        "a quote without end": changed(SSR, quoted("method", "words of the source " * 5000)),
    },
)
