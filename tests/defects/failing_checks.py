"""Rows on which a check ends in an error of its own: nobody foresaw them, and the other rows go on."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, Row, added, cases, changed, long_text, said, with_values
from tests.defects.papers import BAGEL, FLOW, PHARE, REWARD, RPC, SAGE, SSR


def many_quotes() -> Row:
    """A section that quotes the same again and again."""
    row = changed(SSR)
    return with_values(row, method_quotes=row.sections["method"].quotes[:1] * 50)


BAD: list[Case] = cases(
    Reason.CHECK_FAILED,
    {
        "a section that is a number": with_values(changed(BAGEL), method_markdown=5),
        "a source that is a number": with_values(changed(SAGE), source_text=5),
        "quotes that are numbers": with_values(changed(FLOW), results_quotes=(5,)),
        "results' rows without cells": with_values(changed(RPC), results=(5,)),
        "a language that nobody has rules for": with_values(changed(PHARE), language="eo"),
        "a title that is a list": with_values(changed(REWARD), translated_title=["제목"]),
    },
)
NEAR_MISSES: list[Case] = cases(
    Reason.CHECK_FAILED,
    {
        "lists in lists": changed(BAGEL, added("method", "\n\n- 첫째\n  - 둘째\n    - 셋째\n      - 넷째")),
        "brackets in brackets": changed(SAGE, added("method", " 이를 " + "[" * 12 + "가" + "]" * 12 + "로 적는다.")),
        "a number with many zeros": changed(
            RPC, added("results", f" 이는 1{'0' * 60}에 가깝다."), more_source=f"It is close to 1{'0' * 60}."
        ),
        "a section as long as it may be": changed(PHARE, said("limitations", long_text(870, 11), "inferred")),
        "as many quotes as there may be": many_quotes(),
        "a sample answer": changed(FLOW),
    },
)
