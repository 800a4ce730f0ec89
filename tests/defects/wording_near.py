"""Text that only looks as if it said nothing, said it twice, or were copied; and what no check finds of it."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, cases, changed, said, sample_item
from tests.defects.papers import (
    BAGEL,
    CONFIDENCE,
    CS_SUM,
    DISTILL,
    FEDPR,
    FLEXIVE,
    GEN_ALPHA,
    GENERAL,
    HUNYUAN,
    HYBRID,
    INJECTION,
    MIGRATION,
    NEXT_SEARCH,
    PHARE,
    QZO,
    RPC,
    SAGE,
    SMOE,
    SSR,
    TABOO,
    TOKENS,
    VISIONARY,
    VISUAL_ARFT,
    WARMUP,
    WILLIAMT,
)


def abstract(paper_id: str, first: int, last: int) -> str:
    """Words of an abstract."""
    return " ".join(sample_item(paper_id)["paper"]["summary"].split()[first:last])


NEAR_MISSES: list[Case] = [
    *cases(
        Reason.FILLER,
        {
            "nothing is lost": changed(SAGE, added("results", " 곧 정보 손실이 없다.")),
            "without further information": changed(FEDPR, added("method", " 추가 정보 없이도 마스크를 만든다.")),
            "what is lacking in the world": changed(
                WARMUP, added("motivation", " 학습 데이터가 부족한 환경이 대상이다.")
            ),
            "an inferred section on what was not shown": changed(
                RPC, said("limitations", "다른 모델의 결과는 제시되지 않았으므로 QwQ-32B 밖에서의 효과는 알기 어렵다.")
            ),
            "information that flows": changed(FEDPR, said("limitations", "마스크에서 정보가 새어 나갈 가능성이 있다.")),
            "users who lack information": changed(
                NEXT_SEARCH, said("limitations", "정보가 부족한 사용자는 개입하기 어렵다.")
            ),
            "detailed captions": changed(VISIONARY, added("method", " 상세한 설명을 먼저 쓰게 하는 점이 다르다.")),
            "a confirmation": changed(TOKENS, added("results", " 이는 여러 과제에서 확인된다.")),
            "depth that is not used": changed(SSR, added("motivation", " 깊이 정보를 쓰지 않는 방법은 더욱 그렇다.")),
            "a reference model": changed(DISTILL, added("method", " 교사 모델의 출력을 참고하여 배운다.")),
        },
    ),
    *cases(
        Reason.SECTIONS_ALIKE,
        {
            "experiments and results on the same comparison": changed(
                VISIONARY,
                said(
                    "experiments",
                    "시각 추론 벤치마크에서 GPT-4o, Claude3.5-Sonnet, Gemini-1.5-Pro와 비교하는 실험이다.",
                ),
                said("results", "GPT-4o, Claude3.5-Sonnet, Gemini-1.5-Pro를 시각 추론 벤치마크에서 모두 앞선다."),
            ),
            "contributions and method on the same model": changed(
                BAGEL,
                said("contributions", "BAGEL은 이해와 생성을 함께 지원하는 공개 모델로, 코드와 체크포인트를 공개한다."),
                said("method", "BAGEL은 이해와 생성을 함께 지원하는 디코더 전용 모델로, 수조 개의 토큰으로 학습한다."),
            ),
            "a limitation and its mending": changed(
                SMOE,
                said(
                    "limitations", "특정 전문가가 계속 이기면 부하 불균형이 생길 위험이 있어 학습이 불안해질 수 있다."
                ),
                said(
                    "future_work",
                    "특정 전문가가 계속 이기지 않도록 부하 균형 기법과 경쟁을 결합하는 설계를 연구할 수 있다.",
                ),
            ),
            "two short sections": changed(
                SAGE,
                said("limitations", "사전학습에서는 수렴이 느리다."),
                said("future_work", "사전학습에서 수렴이 느린 까닭을 밝힌다."),
            ),
            "one form of sentence, other contents": changed(
                PHARE,
                said("limitations", "진단 항목이 공개되면 모델이 그 항목에만 맞춰져 진단력이 떨어질 수 있다."),
                said("future_work", "진단 항목을 넓히면 에이전트나 도구 사용 같은 배포의 위험까지 다룰 수 있다."),
            ),
        },
    ),
    *cases(
        Reason.SENTENCE_REPEATED,
        {
            "the same label for two items": changed(
                NEXT_SEARCH, said("future_work", "- 온라인 적응\n  - 지연\n- 오프라인 업데이트\n  - 지연", "inferred")
            ),
            "the same form with other values": changed(
                WARMUP, said("future_work", "퍼즐의 수를 늘린 실험이 필요하다. 교사의 수를 늘린 실험이 필요하다.")
            ),
            "two benchmarks in the same words": changed(
                VISUAL_ARFT,
                said(
                    "results",
                    "MAT-Coding에서 F1이 베이스라인보다 18.6% 높다. MAT-Search에서 F1이 베이스라인보다 10.3% 높다.",
                ),
            ),
            "a short refrain": changed(
                GENERAL, said("limitations", "틀릴 수 있다. 답이 여럿인 질문에서도 틀릴 수 있다.")
            ),
            "a term again and again": changed(
                HYBRID,
                said("limitations", "사고가 짧으면 틀리고, 사고가 길면 비싸며, 사고가 없으면 둘 다 놓칠 수 있다."),
            ),
            "a question and its answer": changed(
                CONFIDENCE,
                said("future_work", "확신은 언제 믿을 만한가? 확신은 언제 믿을 만한지 사람과 견주어 볼 수 있다."),
            ),
        },
    ),
    *cases(
        Reason.COPIED_FROM_SOURCE,
        {
            "a long English name": changed(
                QZO, added("method", " 이름은 Quantized Zeroth-order Optimization (QZO)에서 왔다.")
            ),
            "the paper's English title": changed(
                INJECTION,
                added("motivation", " 원제는 Lessons from Defending Gemini Against Indirect Prompt Injections이다."),
            ),
            "a list of benchmarks": changed(
                DISTILL, said("experiments", "AIME2024, AIME2025, MATH500, LiveCodeBench의 네 벤치마크에서 평가한다.")
            ),
            "a list of tasks in brackets": changed(
                RPC, added("results", " 과제는 (free-form image manipulation, future frame prediction)이다.")
            ),
            "terms beside their translation": changed(
                TABOO,
                added(
                    "method",
                    " 로짓 렌즈(logit lens), 희소 오토인코더(sparse autoencoders), 블랙박스(black-box)를 쓴다.",
                ),
            ),
            "a short phrase of the source": changed(
                FLEXIVE, added("contributions", " 이는 Flexible Allocation of Verification Budget strategy이다.")
            ),
        },
    ),
]

MISSED: list[Case] = [
    *cases(
        Reason.SECTIONS_ALIKE,
        {
            "the same in other words": changed(
                CS_SUM,
                said("motivation", "코드 스위칭을 대규모 언어 모델이 얼마나 이해하는지는 거의 연구되지 않았다."),
                said("contributions", "그동안 LLM의 코드 스위칭 이해도를 살핀 일이 드물었으므로 이를 처음으로 다룬다."),
            ),
            "one section within another": changed(
                MIGRATION, added("contributions", "\n- 복잡도와 난이도를 고려해 대표 표본을 구성한다.")
            ),
        },
    ),
    *cases(
        Reason.SENTENCE_REPEATED,
        {
            "a sentence with its words in another order": changed(
                GEN_ALPHA,
                said(
                    "results",
                    "온라인 안전을 위협하는 이해 실패가 드러난다. 이해 실패가 온라인 안전을 위협한다.",
                ),
            ),
            "a sentence of another section": changed(
                HUNYUAN,
                added("future_work", "\n- 산업 현장의 효율은 디자이너를 대상으로 한 사용자 연구로 확인해야 한다."),
            ),
        },
    ),
    *cases(
        Reason.COPIED_FROM_SOURCE,
        {
            "the abstract in Korean, sentence by sentence": changed(
                PHARE,
                said(
                    "contributions",
                    "LLM의 안전은 책임 있는 배포에 중요하지만 기존 평가는 실패 양상을 찾기보다 성능을 우선한다. "
                    "우리는 세 핵심 차원에서 LLM의 행동을 살피고 평가하는 다국어 진단 프레임워크 Phare를 소개한다.",
                ),
            ),
            "ten English words": changed(WILLIAMT, added("method", f" {abstract(WILLIAMT, 49, 59)}.")),
        },
    ),
]
