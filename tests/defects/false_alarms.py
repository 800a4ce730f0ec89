"""Rows that are right, and that a check takes for a defect today. One that is mended goes to the near misses."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, cases, changed, said
from tests.defects.papers import (
    FLOW,
    GENERAL,
    SMOE,
    TABOO,
    WILLIAMT,
)

FALSE_ALARMS: list[Case] = [
    *cases(
        Reason.NUMBER_NOT_IN_SOURCE,
        {
            "an idea to try larger numbers": changed(
                SMOE, said("future_work", "전문가 수를 2배, 4배로 늘려 보는 실험이 필요하다.")
            ),
            "an idea to try a larger model": changed(FLOW, said("future_work", "70B 규모의 모델로 넓혀 볼 수 있다.")),
        },
    ),
    *cases(
        Reason.NAME_NOT_IN_SOURCE,
        {
            "physics, chemistry and electronics as STEM": changed(
                GENERAL, added("experiments", " 주로 STEM 분야를 다룬다.")
            ),
            "a Mac's system": changed(WILLIAMT, added("results", " macOS에서도 돌아가는 셈이다.")),
        },
    ),
    *cases(
        Reason.RESULTS_WITHOUT_NUMBERS,
        {
            "the source's only figure is no result": changed(
                TABOO, more_source="About 40% of users rely on such models."
            ),
        },
    ),
]
