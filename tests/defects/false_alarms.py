"""Rows that are right, and that a check takes for a defect today. One that is mended goes to the near misses."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, cases, changed, recorded, said
from tests.defects.papers import (
    ALOE,
    CONFIDENCE,
    CS_SUM,
    FEDPR,
    GENERAL,
    INJECTION,
    NEURONS,
    NEXT_SEARCH,
    PHARE,
    SSR,
    TABOO,
    TOKENS,
    VISUAL_ARFT,
    WARMUP,
    WILLIAMT,
)

FALSE_ALARMS: list[Case] = [
    *cases(
        Reason.ERROR_MESSAGE,
        {
            "failing servers lead to failures": changed(
                FEDPR, said("limitations", "서버 오류가 잦은 환경에서는 연합 프루닝의 실패율이 커질 수 있다.")
            ),
            "errors of an API add up": changed(
                VISUAL_ARFT, said("limitations", "검색 API 오류가 누적되면 답을 찾는 데 실패할 수 있다.")
            ),
            "a Python error that an agent mends": changed(
                WILLIAMT, said("future_work", "Python의 TypeError: 타입이 어긋나는 결함까지 템플릿을 넓힐 수 있다.")
            ),
        },
    ),
    *cases(
        Reason.MODEL_TALK,
        {
            "text that a benchmark provides": recorded(
                "2505.23061",
                "2025-06-04",
                said("method", "모델은 제공된 텍스트를 바탕으로, 사용자가 정한 문법을 지키는 답을 만든다."),
            ),
            "retrieval: answers from what was provided": changed(
                NEXT_SEARCH, said("limitations", "검색으로 제공된 내용을 바탕으로 답하더라도 출처를 잘못 옮길 수 있다.")
            ),
            "users whom a system serves": changed(
                ALOE, said("future_work", "환자가 증상을 알려 주시면 되묻는 대화형 진료로 넓힐 수 있다.")
            ),
            "a curious agent": changed(
                CONFIDENCE, said("future_work", "모델이 스스로 더 궁금한 점을 묻게 하는 보상을 생각할 수 있다.")
            ),
            "pupils who need more help": changed(
                PHARE, said("future_work", "추가로 도움이 필요한 사용자를 가려내는 연구가 가능하다.")
            ),
        },
    ),
    *cases(
        Reason.JSON_DEBRIS,
        {
            "a word that is a key, too": changed(
                GENERAL, said("limitations", '논문마다 "baseline"이라는 말의 뜻이 달라 비교가 흔들릴 수 있다.')
            ),
            "the source names a field": recorded(
                "2505.23061",
                "2025-06-04",
                said("limitations", '"metric" 같은 필드 이름이 바뀌면 문법을 다시 만들어야 한다.'),
            ),
            "choices in square brackets": changed(
                NEURONS, said("limitations", '["예", "아니요"] 중 하나를 고르게 하면 진실성을 다 재지 못한다.')
            ),
        },
    ),
    *cases(
        Reason.HEADING_DEBRIS,
        {
            "summarization as an item of a list": changed(
                CS_SUM,
                said("future_work", "- **요약**: 다른 언어로 줄인다.\n- **번역**: 대화 전체를 옮긴다.", "inferred"),
            ),
            "abstracts as an item of a list": changed(
                GENERAL, said("future_work", "- 초록: 질문의 출처를 논문으로 넓힌다.\n- 표: 수치를 묻는다.")
            ),
            "titles as an item of a list": changed(
                TOKENS, said("future_work", "- 제목: 짧은 글의 토큰화를 본다.\n- 본문: 긴 글의 토큰화를 본다.")
            ),
        },
    ),
    *cases(
        Reason.FILLER,
        {
            "the secret word is not shown to the model": changed(
                TABOO, added("method", " 비밀 단어는 학습 데이터에 직접 제시되지 않는다.")
            ),
            "labels are not provided, by design": changed(
                WARMUP,
                said(
                    "method", "정답 풀이가 제공되지 않는 환경에서도 워밍업과 RLVR로 일반적인 추론 기술을 익히게 한다."
                ),
            ),
            "annotation is scarce": changed(
                SSR,
                said("motivation", "상세한 주석 정보가 부족한 공간 추론에서는 깊이를 글로 풀어 주는 방법이 필요하다."),
            ),
            "what earlier benchmarks lack": changed(
                PHARE,
                said("motivation", "기존 평가는 실패 양상의 비교를 포함하지 않아 책임 있는 배포에 충분하지 않다."),
            ),
            "objects that a question does not mention": changed(
                INJECTION,
                said(
                    "motivation", "사용자의 요청에 언급되지 않은 지시가 도구의 데이터에 숨어 들어올 수 있어 위험하다."
                ),
            ),
        },
    ),
]
