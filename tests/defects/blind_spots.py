"""Wordings of defects that came after the patterns: none of them is found today."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, begun, cases, changed, said, titled
from tests.defects.papers import (
    BAGEL,
    CONFIDENCE,
    DISTILL,
    FLOW,
    GEN_ALPHA,
    GENERAL,
    HYBRID,
    NEURONS,
    PHARE,
    REWARD,
    RPC,
    SAGE,
    SMOE,
    SSR,
    TABOO,
    TOKENS,
)

WORDS = (
    "디지털", "온라인", "게임", "학교", "영상", "음악", "채팅", "방송", "밈", "은어", "줄임", "유행", "놀이", "만화",
)  # fmt: skip

MISSED: list[Case] = [
    *cases(
        Reason.SECTION_TOO_SHORT,
        {
            "long enough, and says nothing": changed(
                TOKENS, said("results", "이 논문은 매우 흥미롭고 중요한 결과를 다양한 측면에서 폭넓게 보여 준다.")
            ),
        },
    ),
    *cases(
        Reason.SECTION_TOO_LONG,
        {
            "a title as long as an abstract": changed(
                GEN_ALPHA,
                titled(" ".join(f"알파 세대의 {word} 언어를 이해하기" for word in WORDS)),
                more_source="music manga",
            )
        },
    ),
    *cases(
        Reason.ERROR_MESSAGE,
        {
            "no reply": changed(
                BAGEL, said("limitations", "모델 서버가 응답하지 않는다. 잠시 후 다시 이용하기 바란다.")
            ),
            "nothing was received": changed(SAGE, said("future_work", "요약 결과를 받지 못했다. 응답이 비어 있다.")),
            "stopped at a limit": changed(FLOW, said("limitations", "토큰 한도를 초과하여 처리를 중단했다.")),
        },
    ),
    *cases(
        Reason.MODEL_TALK,
        {
            "what the answer rests on": changed(RPC, added("limitations", "\n- 이 답변은 초록에 근거한 것이다.")),
            "the end of the summary": changed(GENERAL, added("future_work", "\n- 요약은 이상이다.")),
            "a translation is announced": changed(PHARE, begun("motivation", "옮기면 다음과 같다: ")),
        },
    ),
    *cases(
        Reason.JSON_DEBRIS,
        {
            "a key and an equals sign": changed(CONFIDENCE, begun("limitations", "markdown=")),
            "entities of HTML": changed(DISTILL, begun("limitations", "&quot;한계&quot; ")),
        },
    ),
    *cases(
        Reason.HEADING_DEBRIS,
        {
            "the heading with another ending": changed(SSR, begun("results", "정량적인 결과: ")),
            "the heading with half of its words": changed(HYBRID, begun("limitations", "한계 및 실패 요인: ")),
        },
    ),
    *cases(
        Reason.FILLER,
        {
            "left out": changed(SMOE, added("experiments", " 구체적인 값은 생략되어 있다.")),
            "not part of it": changed(TABOO, added("experiments", " 세부 내용은 포함되어 있지 않다.")),
            "look into the text": changed(NEURONS, added("experiments", " 실험 세부 사항은 본문을 보라.")),
            "not revealed": changed(REWARD, added("method", " 세부 설정은 밝히지 않았다.")),
        },
    ),
]
