"""Quotes, numbers and names that are the source's in another form, and defects that nobody can tell by program."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, cases, changed, quoted, recorded, said, swapped, titled, with_results
from tests.defects.papers import (
    ALOE,
    BAGEL,
    CONFIDENCE,
    CS_SUM,
    DISTILL,
    FEDPR,
    FLEXIVE,
    FLOW,
    GEN_ALPHA,
    GENERAL,
    HUNYUAN,
    HYBRID,
    INDEXMARK,
    MIGRATION,
    NEURONS,
    NEXT_SEARCH,
    PHARE,
    REWARD,
    RPC,
    SAGE,
    SMOE,
    TABOO,
    VIDEO_EVAL,
    VISIONARY,
    VISUAL_ARFT,
    WARMUP,
    WIKIDYK,
    WILLIAMT,
)

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.NOT_NEAR_QUOTE,
        {
            f"{number}, in the sentence after a quote": changed(
                paper_id,
                added("method", f" 여기에는 {number}가 쓰인다."),
                quoted("method", "This is quoted from the appendix"),
                more_source=f"This is quoted from the appendix. In it we use {source}. Nobody quotes this.",
                quotes_asked=True,
            )
            for paper_id, number, source in (
                (BAGEL, "617개", "617 examples"),
                (SAGE, "43.7%", "43.7%"),
                (FLOW, "8.25배", "a factor of 8.25x"),
                (RPC, "256GB", "256 GB of memory"),
                (GENERAL, "Mistral", "Mistral"),
            )
        },
    ),
    *cases(
        Reason.QUOTE_NOT_IN_SOURCE,
        {
            "small instead of capital letters": changed(
                VISUAL_ARFT, quoted("method", "with visual-arft, open-source lvlms gain the ability")
            ),
        },
    ),
    *cases(
        Reason.QUOTE_MISSING,
        {
            "a short quote beside a long one": changed(
                HYBRID, quoted("method", "HFT", "Hybrid Fine-Tuning (HFT) as a cold start")
            ),
            "one quote of eleven characters": changed(RPC, quoted("experiments", "full KV cache")),
            "inferred without": changed(BAGEL, quoted("limitations")),
            "absent without": changed(HUNYUAN, quoted("results")),
            "an empty one beside a good one": changed(FLOW, quoted("contributions", "", "Flow Walking (FW) algorithm")),
        },
    ),
    *cases(
        Reason.QUOTE_NOT_IN_SOURCE,
        {
            "other quotation marks": changed(GENERAL, quoted("motivation", "the “Zero” reinforcement learning")),
            "a long dash instead of a hyphen": changed(BAGEL, quoted("contributions", "open–source unified models")),
            "a line end within": changed(SAGE, quoted("method", "in a plug-and-play\nway. Second, we pioneer")),
            "a hyphen that the end of a line took": changed(SAGE, quoted("method", "in a plug-andplay way. Second")),
            "a hyphen that the end of a line left": changed(
                SAGE, quoted("method", "in a plug-and- play way. Second", "FP4")
            ),
            "two spaces": changed(WILLIAMT, quoted("motivation", "root cause  analysis difficult and unreliable")),
            "a mistake of the source is kept": changed(
                ALOE, quoted("contributions", "released with a permisive license")
            ),
            "the title as a quote": changed(
                WIKIDYK, quoted("motivation", "Bidirectional LMs are Better Knowledge Memorizers?")
            ),
            "LaTeX of the source": changed(VIDEO_EVAL, quoted("results", "performance (>25\\%) drops on open-ended")),
        },
    ),
    *cases(
        Reason.NUMBER_NOT_IN_SOURCE,
        {
            "a million in Korean": recorded("2506.01111", "2025-06-09", added("method", " 캡션 120만 개를 모은다.")),
            "a million with decimals": recorded(
                "2505.13227",
                "2025-05-20",
                added("method", " 예제 400만 개를 공개한다."),
                quoted("method", "4 million examples"),
            ),
            "thousands without a comma": changed(WIKIDYK, swapped("experiments", "12,290개", "12290개")),
            "thousands in Korean": changed(MIGRATION, swapped("method", "5,102개", "5천102개")),
            "a word as a digit": changed(CS_SUM, swapped("experiments", "LLM 10개", "10개 LLM")),
            "a percentage in words": changed(RPC, swapped("results", "1.2%", "1.2퍼센트")),
            "rounded, and says so": changed(WILLIAMT, swapped("results", "45.9%", "약 46%")),
            "numbers of list items": changed(
                PHARE, said("limitations", "1. 진단력이 떨어질 수 있다.\n2. 판정이 흔들릴 수 있다.")
            ),
            "a count of what the section lists": changed(PHARE, swapped("contributions", "세 가지", "3가지")),
            "a name with digits in another form": changed(SAGE, swapped("results", "RTX5090", "RTX 5090")),
            "times as a factor": changed(SAGE, swapped("results", "5배", "5×")),
            "a thousand as K": changed(VISIONARY, swapped("method", "273K개", "27만 3천 개")),
        },
    ),
    *cases(
        Reason.NAME_NOT_IN_SOURCE,
        {
            "initials of the source": changed(WARMUP, added("method", " RL과 LLM의 결합이다.")),
            "terms that everybody uses": changed(
                NEURONS, added("experiments", " GPU 한 장의 메모리 안에서 NLP 과제로 확인한다.")
            ),
            "a name with another dash": changed(
                FLEXIVE, swapped("contributions", "Solve-Detect-Verify", "Solve–Detect–Verify")
            ),
            "the plural of an acronym": changed(VISUAL_ARFT, added("method", " 여러 LVLMs에 쓸 수 있다.")),
            "an idea names what the source lacks": changed(
                INDEXMARK, said("future_work", "ImageNet처럼 큰 자료에서 시험해 볼 수 있다.")
            ),
            "a word with one capital letter": changed(TABOO, added("method", " Taboo 놀이와 같은 방식이다.")),
            "a name as the source has it, in a row": changed(
                WILLIAMT, with_results(("버그 수정률", "ARVO", "73.5%", "CodeRover-S"))
            ),
            "the first paper's long name": changed(FEDPR, titled("FedPrLLM: 대규모 언어 모델의 연합 프루닝")),
        },
    ),
    *cases(
        Reason.RESULTS_WITHOUT_NUMBERS,
        {
            "the source has no figures": changed(REWARD),
            "the figures are in the rows": changed(
                RPC, said("results", "생성 처리량이 높아지고 정확도는 조금 내린다고 보고한다.")
            ),
            "the source counts and does not measure": changed(PHARE),
            "results are absent": changed(NEXT_SEARCH),
            "a factor in words": changed(
                SAGE, said("results", "가장 빠른 FlashAttention보다 다섯 배 빠르다."), with_results()
            ),
            "figures in the text alone": changed(WILLIAMT, with_results()),
            "years are no measurements": changed(GEN_ALPHA),
        },
    ),
]

MISSED: list[Case] = [
    *cases(
        Reason.QUOTE_MISSING,
        {"two words that carry nothing": changed(HYBRID, quoted("method", "cold start"))},
    ),
    *cases(
        Reason.QUOTE_NOT_IN_SOURCE,
        {
            "a literal quote that has nothing to do with the section": changed(
                RPC, quoted("results", "Our code is available at https://github.com")
            ),
            "half a sentence whose other half says the opposite": changed(
                SAGE, quoted("limitations", "8-bit attention achieves lossless performance")
            ),
        },
    ),
    *cases(
        Reason.NUMBER_NOT_IN_SOURCE,
        {
            "figures of two benchmarks changed places": changed(
                DISTILL, swapped("results", "AIME2024 84.3, AIME2025 72.2", "AIME2024 72.2, AIME2025 84.3")
            ),
            "the wrong sign": changed(VISUAL_ARFT, swapped("results", "F1 +18.6%", "F1 -18.6%")),
            "less told as more": changed(WIKIDYK, swapped("results", "23% 낮다", "23% 높다")),
            "a true number of something else": changed(
                CONFIDENCE, swapped("experiments", "6개 데이터셋", "33개 데이터셋")
            ),
        },
    ),
    *cases(
        Reason.NAME_NOT_IN_SOURCE,
        {
            "the winner and the beaten changed places": changed(
                VISIONARY,
                said("results", "여러 시각 추론 벤치마크에서 GPT-4o와 Gemini-1.5-Pro가 제안한 모델을 넘어선다."),
            ),
            "an invented method without capitals": changed(SMOE, added("method", " 학습에는 이동 평균을 함께 쓴다.")),
        },
    ),
    *cases(
        Reason.RESULTS_WITHOUT_NUMBERS,
        {
            "a figure that is no result": changed(
                WILLIAMT, said("results", "Mac M4 Mini에서도 준수한 수리율을 달성한다."), with_results()
            ),
            "the source's figures have no unit": changed(
                DISTILL, said("results", "교사 모델에 따라 학생 모델의 점수가 크게 달라진다."), with_results()
            ),
        },
    ),
]
