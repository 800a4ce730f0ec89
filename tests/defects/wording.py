"""Text that says nothing, says it twice, or is the source's own."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, Edit, added, begun, cases, changed, said, sample_item, swapped
from tests.defects.papers import (
    ALOE,
    BAGEL,
    CONFIDENCE,
    FEDPR,
    FLOW,
    GENERAL,
    HYBRID,
    INDEXMARK,
    NEURONS,
    PHARE,
    QZO,
    REWARD,
    RPC,
    SAGE,
    SMOE,
    SSR,
    TABOO,
    TOKENS,
    VIDEO_EVAL,
    WARMUP,
    WIKIDYK,
)


def same(key: str, other: str, tail: str = "") -> Edit:
    """A section says what another says (and a little more)."""

    def edit(answer: dict[str, dict[str, dict[str, str]]]) -> None:
        answer["sections"][key]["markdown"] = answer["sections"][other]["markdown"] + tail

    return edit


def times(key: str, count: int) -> Edit:
    """A section loops."""

    def edit(answer: dict[str, dict[str, dict[str, str]]]) -> None:
        section = answer["sections"][key]
        section["markdown"] = "\n".join([section["markdown"]] * count)

    return edit


def abstract(paper_id: str, first: int, last: int) -> str:
    """Words of an abstract."""
    return " ".join(sample_item(paper_id)["paper"]["summary"].split()[first:last])


BAD: list[Case] = [
    *cases(
        Reason.FILLER,
        {
            "nobody knows": changed(ALOE, added("method", " 학습률은 알려진 바가 없다.")),
            "masking, as in the first digest": changed(
                BAGEL,
                added(
                    "experiments", "\n- **마스킹 방식**: 구체적인 마스킹 방식에 대한 상세한 정보는 제공되지 않았습니다."
                ),
            ),
            "datasets, as in the first digest": changed(
                SAGE,
                begun("experiments", "**사용된 데이터셋**: 논문에서 구체적인 데이터셋 정보는 제공되지 않았습니다.\n"),
            ),
            "missing information as a limitation": changed(
                FLOW,
                said(
                    "limitations",
                    "- **마스킹 방식의 상세 부재**: 구체적인 마스킹 방식에 대한 정보가 부족하여 이해가 어렵습니다.",
                ),
            ),
            "no comparison is part of it": changed(
                FEDPR, said("results", "이 논문은 정량적 결과나 기존 방법들과의 성능 비교를 포함하지 않습니다.")
            ),
            "architecture and settings": changed(
                VIDEO_EVAL, added("method", " 각 모델의 세부 아키텍처와 학습 설정은 명시되어 있지 않습니다.")
            ),
            "not mentioned": changed(PHARE, added("method", " 학습률과 배치 크기는 언급되지 않았다.")),
            "not described": changed(INDEXMARK, added("experiments", " 하드웨어 환경은 기술되어 있지 않다.")),
            "see the original": changed(GENERAL, added("results", " 자세한 수치는 원문을 참고하시기 바랍니다.")),
            "see the paper": changed(NEURONS, added("experiments", " 더 알고 싶다면 논문을 확인하세요.")),
            "no information, as a label": changed(
                TABOO, said("experiments", "데이터셋: 정보 없음, 비교 대상: 정보 없음")
            ),
            "no explanation": changed(SMOE, added("experiments", " 하이퍼파라미터에 대한 설명이 없다.")),
            "exact figures are lacking": changed(
                SSR, said("results", "향상되었으나 정확한 수치에 대한 언급이 부족하다.")
            ),
            "in English": changed(WARMUP, added("experiments", " (hardware is not specified)")),
            "not shown, of the results": changed(REWARD, added("results", " 구체적인 점수는 제시되지 않았다.")),
            "no detailed information, in English": changed(ALOE, added("method", " No specific details 공개.")),
        },
    ),
    *cases(
        Reason.SECTIONS_ALIKE,
        {
            "results are the experiments": changed(BAGEL, same("results", "experiments")),
            "method is the contributions": changed(RPC, same("method", "contributions")),
            "future work is the limitations": changed(FLOW, same("future_work", "limitations")),
            "contributions are the motivation": changed(HYBRID, same("contributions", "motivation")),
            "with a word more": changed(GENERAL, same("method", "contributions", " 끝.")),
            "with a period less": changed(NEURONS, same("limitations", "future_work"), swapped("limitations", ".", "")),
            "a list as sentences": changed(
                CONFIDENCE, same("future_work", "limitations"), swapped("future_work", "- ", "* ")
            ),
            "one noun changed": changed(SSR, same("future_work", "limitations"), swapped("future_work", "품질", "질")),
            "all of one text": changed(
                PHARE, *(same(key, "motivation") for key in ("contributions", "method", "experiments", "results"))
            ),
        },
    ),
    *cases(
        Reason.SENTENCE_REPEATED,
        {
            "a method in a loop": changed(INDEXMARK, times("method", 3)),
            "a limitation twice": changed(SAGE, times("limitations", 2)),
            "results in a loop until the limit": changed(HYBRID, times("results", 9)),
            "one item of a list again": changed(
                QZO, added("future_work", "\n- 분산을 줄이는 섭동 기법과 결합해 수렴 속도를 높일 수 있다.")
            ),
            "the first sentence at the end": changed(
                REWARD, added("motivation", " 보상 모델은 LLM의 출력을 사람의 기대에 맞추는 데 핵심적인 역할을 한다.")
            ),
            "on one line": changed(TABOO, said("results", "두 접근 모두 비밀 단어를 효과적으로 끌어낸다. " * 3)),
            "in bold the second time": changed(
                SMOE, added("limitations", "\n- **특정 전문가가 계속 이기면 부하 불균형이 생길 위험이 있다.**")
            ),
            "with another number": changed(
                WIKIDYK, said("limitations", "1. 위키백과에만 기대는 한계가 있다.\n2. 위키백과에만 기대는 한계가 있다.")
            ),
            "a question of words": changed(
                TOKENS, said("future_work", "다른 토큰화와 견주어 볼 수 있다!\n다른 토큰화와 견주어 볼 수 있다.")
            ),
        },
    ),
    *cases(
        Reason.COPIED_FROM_SOURCE,
        {
            "the abstract's first sentences as motivation": changed(BAGEL, said("motivation", abstract(BAGEL, 0, 45))),
            "the whole abstract as contributions": changed(PHARE, said("contributions", abstract(PHARE, 0, 200))),
            "a sentence behind the Korean": changed(SMOE, added("results", f" {abstract(SMOE, 100, 125)}")),
            "a sentence before the Korean": changed(REWARD, begun("method", f"{abstract(REWARD, 38, 60)}. ")),
            "the last sentence as future work": changed(
                TABOO, added("future_work", f"\n- {abstract(TABOO, 120, 160)}")
            ),
            "in quotation marks": changed(RPC, added("method", f" “{abstract(RPC, 60, 80)}”라고 한다.")),
            "with a Korean ending": changed(NEURONS, said("results", f"{abstract(NEURONS, 60, 90)}임을 보인다.")),
            "as an item of a list": changed(FEDPR, added("contributions", f"\n- {abstract(FEDPR, 95, 125)}")),
            "in bold": changed(QZO, added("motivation", f" **{abstract(QZO, 0, 20)}**")),
        },
    ),
]
