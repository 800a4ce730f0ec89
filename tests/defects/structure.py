"""Sections that are missing, empty, out of order, too short, too long, or rest on what is not allowed."""

from __future__ import annotations

from typing import Any

from daily_papers.checks.row_checks import SECTION_LENGTHS
from daily_papers.reasons import Reason
from tests.defects.case import Case, Edit, absent, cases, changed, long_text, quoted, said, titled, with_results
from tests.defects.papers import (
    ALOE,
    BAGEL,
    CONFIDENCE,
    CS_SUM,
    DISTILL,
    FEDPR,
    FLEXIVE,
    FLOW,
    GENERAL,
    HUNYUAN,
    HYBRID,
    INDEXMARK,
    INJECTION,
    MIGRATION,
    NEURONS,
    NEXT_SEARCH,
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
    VISIONARY,
    VISUAL_ARFT,
    WARMUP,
    WIKIDYK,
    WILLIAMT,
)

TOUCHED = (
    "clinical code, harmful embeddings, interpretability, teachers, games, animation, search, the web, copyright, "
    "images, style, rewards, distillation, quantization, tokens, chains, industry, arithmetic, logic and puzzles"
)
"""What the sentences of `long_text` are about."""


def without(*keys: str) -> Edit:
    """Sections are not there."""
    return lambda answer: [answer["sections"].pop(key) for key in keys]


def ordered(*keys: str) -> Edit:
    """These sections come first, in this order."""

    def edit(answer: dict[str, Any]) -> None:
        sections = answer["sections"]
        answer["sections"] = {**{key: sections[key] for key in keys}, **sections}

    return edit


def renamed(key: str, name: str) -> Edit:
    """A section has another key, at the same place."""

    def edit(answer: dict[str, Any]) -> None:
        answer["sections"] = {name if one == key else one: section for one, section in answer["sections"].items()}

    return edit


def extra(key: str, markdown: str) -> Edit:
    """There is one more section."""
    return lambda answer: answer["sections"].update({key: {"basis": "stated", "markdown": markdown, "quotes": []}})


def based(key: str, basis: str) -> Edit:
    """A section claims to rest on this."""
    return lambda answer: answer["sections"][key].update(basis=basis)


def reversed_fields(answer: dict[str, Any]) -> None:
    """Within each section, the quotes come first and the basis last."""
    answer["sections"] = {key: dict(reversed(section.items())) for key, section in answer["sections"].items()}


_TITLE_300 = "필요할 때만 사고하기 " * 30

BAD: list[Case] = [
    *cases(
        Reason.SECTION_MISSING,
        {
            "no motivation": changed(BAGEL, without("motivation")),
            "no contributions": changed(SAGE, without("contributions")),
            "no method": changed(FLOW, without("method")),
            "no experiments": changed(RPC, without("experiments")),
            "no results where the abstract has none": changed(HUNYUAN, without("results")),
            "no limitations": changed(GENERAL, without("limitations")),
            "no future work, the last one": changed(CONFIDENCE, without("future_work")),
            "the two inferred ones": changed(CS_SUM, without("limitations", "future_work")),
            "another name": changed(INDEXMARK, renamed("future_work", "future_directions")),
            "a Korean name": changed(VISIONARY, renamed("method", "모델 아키텍처 및 학습 설정")),
            "none at all": changed(QZO, lambda answer: answer.update(sections={})),
        },
    ),
    *cases(
        Reason.SECTION_EMPTY,
        {
            "stated, without text": changed(BAGEL, said("results", "")),
            "inferred, without text": changed(SAGE, said("future_work", "")),
            "spaces and line ends": changed(FLOW, said("method", " \n\n ")),
            "a wide space": changed(RPC, said("limitations", "\u3000")),
            "absent, with its text": changed(GENERAL, based("experiments", "absent")),
            "absent, and says so": changed(NEXT_SEARCH, said("results", "해당 없음")),
            "absent, with a dash": changed(HUNYUAN, said("experiments", "-")),
            "absent, with a guess": changed(
                INJECTION, said("results", "여러 버전에서 방어 성능이 나아진 것으로 보인다.")
            ),
            "all sections without text": changed(PHARE, *(said(key, "") for key in SECTION_LENGTHS)),
        },
    ),
    *cases(
        Reason.SECTIONS_OUT_OF_ORDER,
        {
            "results before experiments": changed(
                BAGEL, ordered("motivation", "contributions", "method", "results", "experiments")
            ),
            "limitations first": changed(SAGE, ordered("limitations")),
            "method before contributions": changed(FLOW, ordered("motivation", "method")),
            "backwards": changed(RPC, ordered(*reversed(SECTION_LENGTHS))),
            "by alphabet": changed(FEDPR, ordered(*sorted(SECTION_LENGTHS))),
            "a conclusion of its own": changed(GENERAL, extra("conclusion", "넓은 분야에서 추론 능력을 높인다.")),
            "a title among the sections": changed(CONFIDENCE, extra("title_ko", "추론 모델의 확신")),
            "future work and limitations changed places": changed(
                DISTILL,
                ordered("motivation", "contributions", "method", "experiments", "results", "future_work"),
            ),
        },
    ),
    *cases(
        Reason.SECTION_TOO_SHORT,
        {
            "motivation of a few words": changed(BAGEL, said("motivation", "멀티모달 통합이 필요하다.")),
            "contributions as a name": changed(SAGE, said("contributions", "FP4 어텐션을 제안한다.")),
            "method of one clause": changed(FLOW, said("method", "플로 매칭으로 학습한 연산자를 쓴다.")),
            "experiments as a word": changed(RPC, said("experiments", "처리량 비교")),
            "results as praise": changed(FEDPR, said("results", "우수한 성능을 보인다.")),
            "limitations as a word": changed(GENERAL, said("limitations", "비용이 크다.")),
            "future work as a phrase": changed(CONFIDENCE, said("future_work", "다국어로의 확장.")),
            "results as two figures": changed(RPC, said("results", "1.60배, 1.2% 하락")),
            "the rest was left to an ellipsis": changed(WARMUP, said("contributions", "두 단계 학습 전략…")),
        },
    ),
    *cases(
        Reason.SECTION_TOO_LONG,
        {
            "motivation without end": changed(BAGEL, said("motivation", long_text(1000))),
            "method without end": changed(SSR, said("method", long_text(1200, 5))),
            "experiments without end": changed(PHARE, said("experiments", long_text(1300, 9))),
            "results without end": changed(REWARD, said("results", long_text(1500, 12))),
            "limitations without end": changed(TABOO, said("limitations", long_text(950, 20))),
            "future work as a list of everything": changed(
                NEURONS, said("future_work", "- " + long_text(1500, 3).replace(". ", ".\n- "))
            ),
            "contributions longer than an abstract": changed(SMOE, said("contributions", long_text(2300))),
            "a title that says it over and over": changed(HYBRID, titled(_TITLE_300)),
            "a cell with a whole text": changed(
                WILLIAMT, with_results(("버그 수정률", "ARVO", "73.5%", long_text(400)))
            ),
        },
    ),
    *cases(
        Reason.BASIS_NOT_ALLOWED,
        {
            "inferred motivation": changed(BAGEL, based("motivation", "inferred")),
            "inferred contributions": changed(SAGE, based("contributions", "inferred")),
            "inferred method": changed(FLOW, based("method", "inferred")),
            "inferred experiments": changed(PHARE, based("experiments", "inferred"), quoted("experiments")),
            "inferred results": changed(REWARD, based("results", "inferred"), quoted("results")),
            "absent motivation": changed(GENERAL, absent("motivation")),
            "absent contributions": changed(CONFIDENCE, absent("contributions")),
            "absent method": changed(WIKIDYK, absent("method")),
            "all absent": changed(TOKENS, absent(*SECTION_LENGTHS)),
        },
    ),
]

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.SECTION_MISSING,
        {
            "experiments are absent": changed(PHARE, absent("experiments")),
            "results are absent": changed(FEDPR, absent("results")),
            "limitations are absent": changed(ALOE, absent("limitations")),
            "future work is absent": changed(SMOE, absent("future_work")),
            "experiments and results of a vision paper": changed(NEXT_SEARCH),
            "an abstract without results": changed(INJECTION),
        },
    ),
    *cases(
        Reason.SECTION_EMPTY,
        {
            "absent with spaces": changed(HUNYUAN, said("results", "  \n")),
            "absent with a quote left": changed(
                NEURONS, absent("future_work"), quoted("future_work", "potential directions toward improving")
            ),
            "inferred without quotes": changed(QZO, quoted("limitations")),
            "one short sentence": changed(SAGE, said("limitations", "사전학습에서는 수렴이 느려진다.")),
            "text that begins with line ends": changed(TABOO, said("limitations", "\n\n비밀이 단어 하나로 단순하다.")),
        },
    ),
    *cases(
        Reason.SECTIONS_OUT_OF_ORDER,
        {
            "quotes before the text": changed(BAGEL, reversed_fields),
            "the title behind the sections": changed(
                SAGE, lambda answer: answer.update(title_ko=answer.pop("title_ko"))
            ),
            "results before sections": changed(FLOW, lambda answer: answer.update(sections=answer.pop("sections"))),
            "absent ones at their places": changed(CONFIDENCE, absent("experiments", "limitations")),
            "the text speaks of results first": changed(
                REWARD, said("method", "결과부터 말하면 정확도가 높아지며, 이는 강화학습으로 익힌 숙고 과정 덕분이다.")
            ),
        },
    ),
    *cases(
        Reason.SECTION_TOO_SHORT,
        {
            "a short limitation": changed(GENERAL, said("limitations", "검증기가 틀릴 수 있다.")),
            "a short experiment": changed(PHARE, said("experiments", "최신 LLM 17개의 평가이다.")),
            "a short result": changed(RPC, said("results", "처리량이 최대 1.60배로 높아진다.")),
            "a short motivation": changed(
                BAGEL, said("motivation", "이해와 생성을 한 모델로 묶는 공개 모델이 아직 드물다.")
            ),
            "a short future": changed(CONFIDENCE, said("future_work", "다국어 확신 보정으로 넓힌다.")),
            "a short method": changed(
                SMOE, said("method", "신경 반응이 가장 큰 전문가로 토큰을 보내는 경쟁 정책을 라우터가 배운다.")
            ),
        },
    ),
    *cases(
        Reason.SECTION_TOO_LONG,
        {
            "long limitations": changed(BAGEL, said("limitations", long_text(870, 8), "inferred")),
            "long future work": changed(SSR, said("future_work", long_text(1240, 40), "inferred")),
            "long motivation": changed(HYBRID, said("motivation", long_text(880, 2)), more_source=TOUCHED),
            "long results": changed(
                NEURONS,
                said("results", long_text(1240, 30).replace("세 언어", "여러 언어")),
                more_source=TOUCHED,
            ),
            "a long title": changed(
                VIDEO_EVAL, titled("VideoEval-Pro: " + "강건하고 현실적인 긴 비디오 이해의 평가와 그 교훈 " * 4)
            ),
            "a long cell": changed(
                FLOW, with_results(("KL Divergence of LM logits, 플로 매칭으로 24개 층 중 6개를 압축", "", "0.407", ""))
            ),
        },
    ),
    *cases(
        Reason.BASIS_NOT_ALLOWED,
        {
            "inferred limitations": changed(MIGRATION),
            "stated limitations": changed(SAGE, based("limitations", "stated")),
            "stated future work": changed(FEDPR, based("future_work", "stated")),
            "inferred future work, with a quote": changed(
                INDEXMARK, quoted("future_work", "robustness against various perturbations")
            ),
            "absent limitations and future work": changed(VISUAL_ARFT, absent("limitations", "future_work")),
        },
    ),
]

MISSED: list[Case] = [
    *cases(
        Reason.SECTIONS_OUT_OF_ORDER,
        {
            "contents of experiments and results under each other's key": changed(
                VISIONARY,
                said("experiments", "여러 시각 추론 벤치마크에서 GPT-4o와 Gemini-1.5-Pro를 넘어선다."),
                said("results", "GPT-4o, Claude3.5-Sonnet, Gemini-1.5-Pro와 같은 벤치마크로 비교하는 실험을 짠다."),
            ),
        },
    ),
    *cases(
        Reason.BASIS_NOT_ALLOWED,
        {
            "a thought passed off as stated, with a quote about something else": changed(
                FLEXIVE,
                based("limitations", "stated"),
                quoted("limitations", "FlexiVe achieves superior accuracy in pinpointing errors"),
            ),
        },
    ),
]
