"""Numbers that the source has, told in another direction, or as something else than they are."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, cases, changed, quoted, said, swapped
from tests.defects.papers import MIGRATION, RPC, SAGE, VIDEO_EVAL, WIKIDYK, WILLIAMT

_RAISED = " Accuracy rises from 41.5% to 63.2% with it."

BAD: list[Case] = cases(
    Reason.NUMBER_USED_OTHERWISE,
    {
        "a level told as a change": changed(WILLIAMT, swapped("results", "73.5%(+29.6%)로 높인다", "73.5% 높인다")),
        "a change told as a level": changed(WILLIAMT, swapped("results", "45.9% 줄이고", "45.9%로 줄이고")),
        "a fall for a rise": changed(
            WIKIDYK, swapped("results", "정확도를 최대 29.1% 더 높인다", "정확도가 최대 29.1% 떨어진다")
        ),
        "a rise for a fall": changed(RPC, swapped("results", "정확도는 1.2% 하락한다", "정확도는 1.2% 상승한다")),
        "from and to exchanged": changed(
            SAGE,
            said("experiments", "정확도는 63.2%에서 41.5%로 바뀐다."),
            quoted("experiments", "Accuracy rises from 41.5% to 63.2% with it."),
            more_source=_RAISED,
        ),
        "better for worse": changed(
            SAGE,
            said("experiments", "기준 모델보다 정확도가 7.5% 뒤진다."),
            quoted("experiments", "It outperforms the baseline by 7.5% in accuracy."),
            more_source=" It outperforms the baseline by 7.5% in accuracy.",
        ),
    },
)

NEAR_MISSES: list[Case] = cases(
    Reason.NUMBER_USED_OTHERWISE,
    {
        "a level and a change, each as it is": changed(WILLIAMT, quotes_asked=True),
        "a fall told as being less": changed(WIKIDYK, quotes_asked=True),
        "a fall by another word": changed(RPC, swapped("results", "1.2% 하락한다", "1.2% 낮아진다")),
        "numbers in a row with respectively": changed(MIGRATION, quotes_asked=True),
        "a limit that is no change": changed(VIDEO_EVAL, quotes_asked=True),
        "an improvement that is a fall": changed(
            SAGE,
            said("experiments", "오류율이 7.5% 낮아진다."),
            quoted("experiments", "It improves the error rate by 7.5% over the baseline."),
            more_source=" It improves the error rate by 7.5% over the baseline.",
        ),
        "from and to": changed(
            SAGE,
            said("experiments", "정확도는 41.5%에서 63.2%로 높아진다."),
            quoted("experiments", "Accuracy rises from 41.5% to 63.2% with it."),
            more_source=_RAISED,
        ),
    },
)
