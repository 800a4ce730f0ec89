"""How summaries are written: style, broken text, terms, and texts that say nothing of their paper."""

from __future__ import annotations

from daily_papers.reasons import Reason
from daily_papers.sections import SECTION_KEYS
from tests.defects.case import Answer, Case, Edit, added, begun, cases, changed, said
from tests.defects.papers import (
    ALOE,
    BAGEL,
    DISTILL,
    FLOW,
    GENERAL,
    HYBRID,
    INDEXMARK,
    NEURONS,
    NEXT_SEARCH,
    PHARE,
    QZO,
    REWARD,
    RPC,
    SAGE,
    SMOE,
    TABOO,
    TOKENS,
    VIDEO_EVAL,
)

NEARLY_THE_SAME = "FP4 어텐션은 새 GPU의 FP4 연산에 기대므로 이전 세대의 장치에서는"
CUT_SENTENCE = "복잡한 질의에 완결된 답을 주어 편리하지만, 긴 파이프라인을 거치면서도 최종 답에 대한 세밀"
EMPTY = (
    "이 연구는 기존 방법이 충분히 다루지 못한 문제를 정의하고, 이를 해결할 새로운 접근의 필요성을 설명한다.",
    "새로운 방법을 제안하고 그 효과를 다양한 실험으로 보였다는 점에서 기여가 크다.",
    "제안한 방법은 여러 모듈로 이루어진 구조를 바탕으로 단계적으로 학습한다.",
    "널리 쓰이는 벤치마크에서 대표적인 기준 방법과 비교하여 성능을 평가한다.",
    "제안한 방법은 기존 방법보다 전반적으로 우수한 성능을 보이며 그 효과가 확인된다.",
    "계산 비용이 크고 다른 조건에서의 일반화는 추가 검증이 필요하다.",
    "더 다양한 데이터와 환경으로 확장하는 연구를 이어갈 수 있다.",
)
"""Seven sentences that a real model wrote under every paper of 469 dates."""
OTHER_EMPTY = (
    (
        "본 논문은 해당 분야의 중요한 문제를 다루며, 기존 연구의 한계를 극복하고자 한다. 이는 응용에서 중요하다.",
        "- 새로운 프레임워크를 제안한다.\n- 다양한 실험을 통해 효과를 검증한다.\n- 향후 연구의 토대를 제공한다.",
        "제안된 프레임워크는 입력을 처리하는 단계와 결과를 생성하는 단계로 구성되며, 각 단계는 효율적으로 최적화된다.",
        "여러 데이터셋과 다양한 지표를 사용하여 기존 최신 방법들과 공정하게 비교한다.",
        "모든 데이터셋에서 일관되게 높은 성능을 달성하였으며, 기존 방법 대비 유의미한 향상을 보였다.",
    ),
    (
        "대규모 언어 모델(LLM)은 뛰어난 성능을 보이지만 효율성(efficiency)과 강건성의 문제가 남아 있다.",
        "LLM의 성능을 높이는 새로운 학습 방법을 제안하고, 그 우수성을 여러 벤치마크에서 입증한다.",
        "Transformer 기반 모델을 사전학습한 뒤 미세 조정하며, attention 구조를 활용하여 정보를 통합한다.",
        "여러 LLM과 비교하며, 정확도와 효율을 함께 측정한다. 설정은 기존 연구를 따른다.",
        "기존 SOTA 모델보다 높은 성능을 보이며, 특히 어려운 과제에서 개선폭이 크다.",
    ),
)


def all_say(*texts: str) -> Edit:
    """The first sections say these texts instead, and there are no results' rows."""

    def edit(answer: Answer) -> None:
        for key, text in zip(SECTION_KEYS, texts, strict=False):
            answer["sections"][key]["markdown"] = text
        answer["results_rows"] = []

    return edit


BAD: list[Case] = [
    *cases(
        Reason.WRONG_STYLE,
        {
            "합니다": changed(SAGE, added("method", " 이 방법은 빠르게 동작합니다.")),
            "입니다 in a list": changed(FLOW, said("limitations", "- 느린 점이 한계입니다.\n- 비용이 크다.")),
            "해요": changed(RPC, added("results", " 성능은 거의 그대로 유지돼요.")),
            "네요": changed(BAGEL, added("future_work", " 더 살펴볼 만하네요.")),
            "죠": changed(TOKENS, added("limitations", " 한계는 분명하죠.")),
            "습니다 before a bracket": changed(PHARE, added("experiments", " 17개를 평가했습니다, 모두 공개되었다.")),
        },
    ),
    *cases(
        Reason.BROKEN_TEXT,
        {
            "a Korean word that ends in English": changed(HYBRID, added("method", " 일반ist 모델을 쓴다.")),
            "an English word that breaks off": changed(SMOE, added("method", " 모델을 optimiz하고 비교한다.")),
            "a plural s": changed(VIDEO_EVAL, added("experiments", " 벤치마크들s를 함께 쓴다.")),
            "a picture": changed(SAGE, added("results", " 매우 빠르다 🚀.")),
            "a stray letter": changed(ALOE, added("method", " 데이ㅌ를 모은다.")),
            "a variable": changed(NEURONS, added("method", " {method_name}을 쓴다.")),
            "a place to fill": changed(QZO, added("results", " 정확도는 [여기에 수치 입력]이다.")),
            "a word in a loop": changed(GENERAL, added("results", " 매우 매우 매우 높다.")),
            "the same word twice": changed(DISTILL, added("method", " 모델 모델의 출력을 쓴다.")),
            "a sentence that breaks off": changed(TABOO, added("limitations", " 다른 모델에 대해서는 실험을 통해")),
            "an item of a list breaks off": changed(NEURONS, begun("results", "- 층에 걸친\n")),
            "a bounded schema cut a sentence and closed the JSON": changed(
                NEXT_SEARCH, said("motivation", CUT_SENTENCE)
            ),
            "an ellipsis at the end": changed(INDEXMARK, added("method", " 마지막으로 색인을 묶어서...")),
        },
    ),
    *cases(
        Reason.WRONG_TERM,
        {
            "attention as heed": changed(SAGE, added("method", " 주의 메커니즘을 양자화한다.")),
            "self-attention as heed": changed(SAGE, added("motivation", " 자기 주의의 비용이 크다.")),
            "tokens as pieces": changed(TOKENS, added("method", " 토막마다 값을 매긴다.")),
            "reward as prize money": changed(REWARD, added("method", " 상금 모델로 점수를 매긴다.")),
            "reasoning as deduction": changed(HYBRID, added("method", " 추리 모델을 학습한다.")),
        },
    ),
    *cases(
        Reason.UNINFORMATIVE,
        {
            "the seven sentences": changed(SAGE, all_say(*EMPTY)),
            "the seven sentences, under another paper": changed(BAGEL, all_say(*EMPTY)),
            "another five": changed(RPC, all_say(*OTHER_EMPTY[0])),
            "five about language models": changed(GENERAL, all_say(*OTHER_EMPTY[1])),
            "five about language models, under a paper about them": changed(HYBRID, all_say(*OTHER_EMPTY[1])),
        },
    ),
    *cases(
        Reason.NUMBERS_NOT_LOCATED,
        {
            f"an earlier prompt, {paper_id}": changed(paper_id, more_source="This is the end of 2024.")
            for paper_id in (SAGE, FLOW, RPC, PHARE, VIDEO_EVAL)
        },
    ),
    *cases(
        Reason.SECTIONS_ALIKE,
        {
            "the same in nearly the same words": changed(
                SAGE,
                said("limitations", f"{NEARLY_THE_SAME} 이득이 없을 수 있다.", "inferred"),
                said("future_work", f"{NEARLY_THE_SAME} 이점이 없을 수 있다.", "inferred"),
            ),
        },
    ),
    *cases(
        Reason.SENTENCE_REPEATED,
        {
            "the same sentence in two sections": changed(
                PHARE,
                added("contributions", "\n- 모델마다 안전 문제가 나타나는 방식이 크게 다르다는 점을 드러낸다."),
                added("results", "\n- 모델마다 안전 문제가 나타나는 방식이 크게 다르다는 점을 드러낸다."),
            ),
        },
    ),
    *cases(
        Reason.FORBIDDEN_MARKDOWN,
        {
            "an address without a scheme": changed(
                TOKENS, added("contributions", " 코드는 github.com/team/code에 있다.")
            )
        },
    ),
]

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.NUMBERS_NOT_LOCATED,
        {f"this prompt, {paper_id}": changed(paper_id) for paper_id in (SAGE, FLOW, RPC, PHARE, VIDEO_EVAL)},
    ),
    *cases(
        Reason.WRONG_STYLE,
        {
            "polite speech in quotation marks": changed(SAGE, added("method", ' "도와드립니다."라는 답을 쓴다.')),
            "polite speech as code": changed(FLOW, added("method", " `알겠습니다`를 거른다.")),
            "a noun that ends in 요": changed(RPC, added("limitations", " 메모리의 수요.")),
            "필요 in the middle": changed(BAGEL, added("limitations", " 큰 메모리가 필요, 긴 시간이 든다.")),
            "다 alone": changed(TOKENS, added("limitations", " 이를 모두 다 다루지는 못한다.")),
        },
    ),
    *cases(
        Reason.BROKEN_TEXT,
        {
            "a particle after English": changed(HYBRID, added("method", " Transformer의 prompt를 쓴다.")),
            "하다 after English": changed(SMOE, added("method", " 모델을 train하고 비교한다.")),
            "a Korean prefix": changed(VIDEO_EVAL, added("limitations", " 비parametric 방법은 다루지 않는다.")),
            "a unit after a number": changed(SAGE, added("limitations", " 초당 m/s 단위는 다루지 않는다.")),
            "an arrow and a sign": changed(ALOE, added("limitations", " 입력 → 출력의 차이 ±를 살피지 않는다.")),
            "step by step": changed(GENERAL, added("future_work", " 한 걸음 한 걸음 넓혀 갈 수 있다.")),
            "a list of nouns": changed(DISTILL, said("future_work", "- 더 긴 문맥\n- 다른 언어\n- 작은 모델의 증류")),
            "bold that is closed": changed(TABOO, added("limitations", " **다른 모델**은 다루지 않는다.")),
            "a set in braces": changed(INDEXMARK, added("limitations", " 집합 x_{i}의 크기는 다루지 않는다.")),
        },
    ),
    *cases(
        Reason.WRONG_TERM,
        {
            "heed in the ordinary sense": changed(SAGE, added("limitations", " 정밀도를 고를 때 주의가 필요하다.")),
            "the English word": changed(SAGE, added("limitations", " Attention의 다른 변형은 다루지 않는다.")),
            "a word that the source does not have": changed(
                TABOO, added("limitations", " 무역 중개인의 사례는 다루지 않는다.")
            ),
            "in quotation marks": changed(SAGE, added("limitations", " ‘주의 메커니즘’이라는 말은 쓰지 않는다.")),
            "the usual translation": changed(ALOE, added("limitations", " 파인튜닝의 비용은 다루지 않는다.")),
        },
    ),
    *cases(
        Reason.UNINFORMATIVE,
        {
            f"one section is thin: {key}": changed(paper_id, said(key, EMPTY[place], "stated"))
            for paper_id, place, key in (
                (HYBRID, 0, "motivation"),
                (NEURONS, 1, "contributions"),
                (RPC, 2, "method"),
                (QZO, 3, "experiments"),
                (SAGE, 4, "results"),
            )
        },
    ),
]
