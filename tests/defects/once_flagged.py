"""Rows that are right and that a check once took for messages, headings or filler, and more of their kind."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, cases, changed, recorded, said
from tests.defects.papers import (
    ALOE,
    BAGEL,
    CONFIDENCE,
    CS_SUM,
    FEDPR,
    FLEXIVE,
    FLOW,
    GEN_ALPHA,
    GENERAL,
    HYBRID,
    INJECTION,
    NEURONS,
    NEXT_SEARCH,
    PHARE,
    REWARD,
    RPC,
    SSR,
    TABOO,
    TOKENS,
    VISIONARY,
    VISUAL_ARFT,
    WARMUP,
    WILLIAMT,
)

NEAR_MISSES: list[Case] = [
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
    *cases(
        Reason.ERROR_MESSAGE,
        {
            "summaries with errors": changed(
                CS_SUM, said("limitations", "요약 중 오류가 발생한 대화는 평가에서 빠질 수 있다.", "inferred")
            ),
            "an agent whose call failed": changed(
                VISUAL_ARFT, said("future_work", "에이전트가 API 호출에 실패했을 때 다시 시도하는 전략을 배울 수 있다.")
            ),
            "pages that an agent does not find": changed(
                INJECTION, said("limitations", "요청한 페이지를 찾을 수 없는 상황에서의 행동은 따로 보아야 한다.")
            ),
            "credit for rewards": changed(
                REWARD, said("limitations", "토큰마다 돌아가는 크레딧이 부족하면 학습이 느려질 수 있다.")
            ),
            "users who wait": changed(
                NEXT_SEARCH, said("limitations", "사용자는 잠시만 기다려도 검색이 느리다고 느낄 수 있다.")
            ),
        },
    ),
    *cases(
        Reason.MODEL_TALK,
        {
            "summaries that help": changed(
                CS_SUM,
                said("limitations", "요약이 대화를 이해하는 데 도움이 되는지는 사람이 보아야 한다.", "inferred"),
            ),
            "use as an assistant": changed(
                INJECTION, said("limitations", "AI 어시스턴트로서의 쓰임은 과제마다 따로 평가해야 한다.")
            ),
            "a format that users want": changed(
                GENERAL, said("limitations", "사용자가 요청한 형식에 맞추어 작성하는 능력은 재지 않는다.")
            ),
            "links that a tool cannot reach": changed(
                VISUAL_ARFT, said("limitations", "외부 링크에 접근할 수 없는 환경에서는 검색이 실패할 수 있다.")
            ),
            "abstracts as the only input": changed(
                GEN_ALPHA, said("future_work", "초록만으로 요약한 결과와 견주는 실험을 생각할 수 있다.", "inferred")
            ),
        },
    ),
    *cases(
        Reason.JSON_DEBRIS,
        {
            "a set of words in braces": changed(
                VISIONARY, added("limitations", "\n- 입력 {text, image} 쌍의 비율이 한쪽으로 치우칠 수 있다.")
            ),
            "a token that the source shows": changed(
                TOKENS, added("limitations", "\n- <|im_end|> 같은 토큰은 따로 다루어야 한다."), more_source="<|im_end|>"
            ),
            "a Greek letter in LaTeX": changed(FLOW, added("limitations", "\n- 온도 \\tau 의 선택에 민감할 수 있다.")),
            "a basis in brackets": changed(
                NEURONS, said("limitations", "기저(basis: 벡터를 나누는 축)를 바꾸면 뉴런의 뜻이 달라질 수 있다.")
            ),
        },
    ),
    *cases(
        Reason.HEADING_DEBRIS,
        {
            "several parts with labels": changed(
                RPC, said("limitations", "**한계**: 압축이 정보를 버린다.\n**대안**: 압축의 주기를 늘린다.")
            ),
            "dashes around an explanation": changed(
                WILLIAMT, said("limitations", "실험 설정의 폭 – 곧 버그의 종류 – 이 좁아 일반화는 알기 어렵다.")
            ),
            "a name in square brackets in front": changed(
                FLEXIVE, said("limitations", "[ProcessBench] 밖의 풀이에서는 오류의 위치가 다를 수 있다.")
            ),
            "limitations that are counted": changed(
                HYBRID, said("limitations", "한계점은 다음과 같다: 사고의 길이를 정하는 기준이 과제마다 다르다.")
            ),
        },
    ),
    *cases(
        Reason.FILLER,
        {
            "answers that a model does not get": changed(
                WARMUP, added("method", " 워밍업에서 모델에게 정답이 제공되지 않으며, 풀이만 주어진다.")
            ),
            "what others say of earlier work": changed(
                PHARE, said("motivation", "저자들은 기존 평가가 실패 양상의 결과를 제시하지 않는다고 지적한다.")
            ),
            "questions without an answer on the web": changed(
                NEXT_SEARCH, added("motivation", " 검색으로 정보를 찾을 수 없는 질문도 많다.")
            ),
            "inventions of a model": changed(
                CS_SUM, said("motivation", "원문에 없는 내용을 지어내거나 뜻을 바꾸는 요약은 위험하다.")
            ),
            "none of them, as an answer": changed(
                GENERAL, added("experiments", " 답이 ‘해당 없음’인 문항도 채점한다.")
            ),
            "closed models": changed(
                BAGEL, added("motivation", " 폐쇄형 모델의 학습 데이터는 공개되지 않아 재현이 어렵다.")
            ),
            "a hope among ideas": changed(
                CONFIDENCE,
                said("future_work", "이 연구는 보정 연구에 기여할 것으로 기대된다. 사람의 확신과 견주어 볼 수 있다."),
            ),
        },
    ),
]
