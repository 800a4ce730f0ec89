"""Sentences and titles of other papers, which a summary of this one does not hold."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, cases, changed, said, titled
from tests.defects.papers import ALOE, BAGEL, FLOW, HYBRID, NEURONS, PHARE, RPC, SAGE, TABOO, VIDEO_EVAL

BAD: list[Case] = cases(
    Reason.TOPIC_NOT_IN_SOURCE,
    {
        "proteins in a paper about attention": changed(SAGE, added("method", " 단백질의 접힘 구조를 함께 예측한다.")),
        "driving in a paper about flows": changed(
            FLOW, added("motivation", " 자율주행 차량은 비 오는 날 멈추기 쉽다.")
        ),
        "music in a paper about safety": changed(PHARE, added("contributions", "\n- 음악의 화성을 듣고 구별한다.")),
        "patients in a paper about truth": changed(NEURONS, added("experiments", " 환자 기록을 두 병원에서 모은다.")),
        "robots in a paper about search": changed(RPC, said("results", "로봇 팔이 물건을 더 빨리 집어 옮기게 되었다.")),
        "the title of another paper": changed(VIDEO_EVAL, titled("더 나은 토론을 위한 글쓰기 도우미")),
        "a title about something else": changed(BAGEL, titled("단백질 접힘을 예측하는 신경망")),
        "a title without the paper's name": changed(VIDEO_EVAL, titled("강건하고 현실적인 긴 비디오 이해의 평가")),
    },
)

NEAR_MISSES: list[Case] = cases(
    Reason.TOPIC_NOT_IN_SOURCE,
    {
        "a topic that the source has in other words": changed(
            SAGE, added("method", " 환자의 기록도 다룬다."), more_source="Clinical notes are covered, too."
        ),
        "a word that only begins alike": changed(HYBRID, added("method", " 지도 학습과 지도 미세조정을 거친다.")),
        "a pseudo label is no doctor": changed(TABOO, added("method", " 의사 라벨을 만들어 쓴다.")),
        "a negative pair is no voice": changed(ALOE, added("method", " 음성 쌍을 구별한다.")),
        "a thought about other fields": changed(
            SAGE, said("future_work", "의료 영상처럼 해상도가 큰 분야로 넓혀 볼 수 있다.", "inferred")
        ),
        "a translated title that keeps the name": changed(VIDEO_EVAL, titled("VideoEval-Pro: 긴 비디오 이해의 평가")),
    },
)
