"""Rows of results whose cells do not belong together."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, cases, changed, with_results
from tests.defects.papers import DISTILL, QZO, RPC, SAGE, WIKIDYK, WILLIAMT

BAD: list[Case] = cases(
    Reason.RESULT_NOT_TOGETHER,
    {
        "a metric of another sentence": changed(SAGE, with_results(("gradients", "RTX5090", "1038", ""))),
        "a baseline of another sentence": changed(RPC, with_results(("throughput", "", "1.60", "sliding windows"))),
        "a baseline that belongs to another figure": changed(
            WIKIDYK, with_results(("reliability accuracy", "WikiDYK", "29.1%", "Bidirectional Language Models"))
        ),
        "a metric that is a model": changed(DISTILL, with_results(("supervised fine-tuning", "", "84.3", ""))),
        "a baseline from the introduction": changed(QZO, with_results(("memory cost", "", "18", "weight gradients"))),
        "a metric from the motivation": changed(WILLIAMT, with_results(("template-guided patch", "", "73.5%", ""))),
    },
)

NEAR_MISSES: list[Case] = cases(
    Reason.RESULT_NOT_TOGETHER,
    {
        "as the sample answers it": changed(SAGE, quotes_asked=True),
        "another one": changed(RPC, quotes_asked=True),
        "a metric in words of measuring": changed(DISTILL, with_results(("average score", "AIME2024", "84.3", ""))),
        "a baseline in the same sentence": changed(QZO, quotes_asked=True),
        "a row of a table": changed(
            SAGE,
            with_results(("FID", "", "4.31", "RotDiff")),
            more_source="\n\nMethod | FID\nRotDiff | 9.02\nOurs | 4.31",
        ),
    },
)
