"""Pieces of JSON and repeated headings in the text."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, begun, cases, changed, recorded, said, swapped, titled
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

_DINGO, _DINGO_DAY = "2505.23061", "2025-06-04"
"""A paper on the generation of JSON."""

BAD: list[Case] = [
    *cases(
        Reason.JSON_DEBRIS,
        {
            "a whole section as JSON": changed(
                BAGEL,
                said("method", '{"basis": "stated", "markdown": "디코더 전용 모델이다. 수조 개의 토큰으로 학습한다."}'),
            ),
            "the next key": changed(SAGE, added("limitations", '", "quotes": ["slower convergence')),
            "line ends that were escaped twice": changed(FLOW, swapped("results", "\n- ", "\\n- ")),
            "a degree sign as an escape": changed(HUNYUAN, swapped("method", "360", "360\\u00b0")),
            "Korean as escapes": changed(RPC, added("limitations", " \\uc774\\ub4dd\\uc774 \\uc791\\ub2e4.")),
            "a closing quotation mark and brace": changed(GENERAL, added("limitations", '"}')),
            "a closing list": changed(CONFIDENCE, added("future_work", '"]')),
            "an object as JavaScript shows it": changed(NEURONS, said("experiments", "[object Object]" * 2)),
            "a key as label": changed(NEXT_SEARCH, begun("method", '"markdown": ')),
            "quotation marks with backslashes": changed(
                WIKIDYK, swapped("method", '"Did You Know..."', '\\"Did You Know...\\"')
            ),
            "a list as Python shows it": changed(
                PHARE, said("results", "['아첨', '프롬프트 민감성', '고정관념의 재생산']이 모든 차원에서 드러난다.")
            ),
            "a list as JSON": changed(
                INDEXMARK, said("experiments", '["자르기", "노이즈", "가우시안 블러", "무작위 지우기"]')
            ),
            "all closing braces": changed(VISIONARY, added("future_work", "}}")),
            "an object within the text": changed(DISTILL, added("results", ' {"metric": "정확도", "value": "98.4"}')),
            "a place holder of a template": changed(TABOO, added("motivation", " {{summary}}")),
            "a title with escapes": changed(QZO, titled("0차 최적화를 이용한\\n양자화 신경망 파인튜닝")),
            "a title with its key": changed(FEDPR, titled('"title_ko": "연합 프루닝의 탐색"')),
            "single quotes": changed(SMOE, begun("contributions", "{'basis': 'stated', 'markdown': '")),
        },
    ),
    *cases(
        Reason.HEADING_DEBRIS,
        {
            "in bold, with a colon": changed(BAGEL, begun("motivation", "**핵심 동기와 문제 정의**: ")),
            "with its number, as a line": changed(SAGE, begun("results", "5. 정량적 결과\n\n")),
            "as a Markdown heading": changed(FLOW, begun("experiments", "## 4. 실험 설정\n\n")),
            "plain, as a line": changed(RPC, begun("limitations", "한계점 및 잠재적 실패 요인\n")),
            "the colon within the bold": changed(GENERAL, begun("contributions", "**주요 기여 및 참신성:** ")),
            "in square brackets": changed(CONFIDENCE, begun("future_work", "[후속 연구 아이디어 또는 확장 방향]\n")),
            "in brackets of Korean print": changed(CS_SUM, begun("results", "【정량적 결과】\n")),
            "in English": changed(NEXT_SEARCH, begun("motivation", "Motivation and problem: ")),
            "the key": changed(INDEXMARK, begun("future_work", "future_work: ")),
            "the key, as a line": changed(VISIONARY, begun("limitations", "limitations\n\n")),
            "the title line of the first digests": changed(
                VIDEO_EVAL, begun("motivation", "# 논문 요약: VideoEval-Pro\n\n")
            ),
            "the title as a label": changed(QZO, begun("motivation", "**제목**: 양자화 신경망\n\n")),
            "summary as a label": changed(HYBRID, begun("motivation", "요약: ")),
            "the heading of the next section at the end": changed(DISTILL, added("experiments", "\n\n5. 정량적 결과")),
            "as an item of a list": changed(SSR, begun("method", "- **모델 아키텍처 및 학습 설정**\n")),
            "the number in brackets": changed(REWARD, begun("results", "(5) 정량적 결과: ")),
            "a space before the colon": changed(TOKENS, begun("experiments", "실험 설정 : ")),
        },
    ),
]

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.JSON_DEBRIS,
        {
            "JSON as inline code": recorded(
                _DINGO,
                _DINGO_DAY,
                said("method", '출력이 `{"name": "value"}` 꼴의 JSON 문법을 지키도록 디코딩을 제한한다.'),
            ),
            "JSON as a word": recorded(
                _DINGO,
                _DINGO_DAY,
                said("motivation", "확산 언어 모델은 고정된 스키마의 JSON 생성 같은 구조적 출력에 약하다."),
            ),
            "a set in braces": changed(
                PHARE, added("limitations", "\n- 판정이 {참, 거짓} 둘뿐이라 정도를 놓칠 수 있다.")
            ),
            "a LaTeX command": changed(FLOW, added("limitations", "\n- 속도장 \\nabla f 의 오차가 쌓일 수 있다.")),
            "a quotation at the end": changed(
                WIKIDYK, said("motivation", '사실을 모은 곳은 위키백과의 "Did You Know..."')
            ),
            "words in quotation marks": changed(
                TABOO, added("limitations", '\n- 모델이 "모른다"라고 답할 때를 구분해야 한다.')
            ),
            "the answer none": changed(
                CONFIDENCE, added("limitations", '\n- 답이 "None"인 문항은 따로 다루어야 한다.')
            ),
            "a backslash": changed(TOKENS, added("limitations", "\n- 역슬래시(\\)처럼 드문 기호는 따로 살펴야 한다.")),
            "a range in square brackets": changed(
                REWARD, added("limitations", "\n- 보상을 구간 [최소, 최대]로 자르는 선택이 남는다.")
            ),
            "null as a term": changed(
                NEURONS, added("limitations", "\n- 귀무가설(null hypothesis)에 견주는 검정이 필요하다.")
            ),
        },
    ),
    *cases(
        Reason.HEADING_DEBRIS,
        {
            "a sentence that begins with a heading": changed(
                MIGRATION, said("limitations", "실험 설정을 바꾸어도 성공률이 유지되는지는 알 수 없다.")
            ),
            "quantitative results as a subject": changed(
                ALOE, said("limitations", "정량적 결과와 임상의 인상이 어긋날 때 무엇을 믿을지가 남는다.")
            ),
            "a part of a heading as a label": changed(
                WARMUP, said("future_work", "- **도메인**: 다른 퍼즐로 넓힌다.\n- **데이터**: 양을 바꾸어 본다.")
            ),
            "limitations in a sentence": changed(
                FLEXIVE,
                said(
                    "limitations",
                    "한계점 가운데 하나는 크다. 정해진 예산 안에서만 검증하므로 긴 풀이에서는 오류를 놓칠 수 있다.",
                ),
            ),
            "the title of the paper as a label": changed(
                NEURONS, said("contributions", "진실 뉴런: 주제와 무관하게 진실성을 부호화하는 뉴런이 있음을 보인다.")
            ),
            "a ratio": changed(
                WILLIAMT, said("limitations", "비용과 정확도의 비율(비용:정확도)은 버그마다 다를 수 있다.")
            ),
            "experiments within a line": changed(
                INJECTION,
                said("limitations", "공격이 바뀌면 같은 실험 설정: 곧 같은 도구와 권한에서도 결과가 달라진다."),
            ),
            "a method's name and a colon": changed(
                VISUAL_ARFT, said("method", "Visual-ARFT: 강화 파인튜닝으로 검색과 코드 작성을 함께 익히도록 한다.")
            ),
            "summaries as the paper's task": changed(
                CS_SUM, said("future_work", "요약 품질을 사람이 다시 매기는 평가로 넓힐 수 있다.", "inferred")
            ),
            "abstracts as data": changed(
                GEN_ALPHA, said("limitations", "초록이나 제목만 보고 고른 표현은 편향될 수 있다.")
            ),
        },
    ),
]
