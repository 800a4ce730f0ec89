"""Completions that cannot be used as a whole: truncated, refused, empty, no JSON."""

from __future__ import annotations

import json

from daily_papers.reasons import Reason
from tests.defects.case import Case, Row, absent, begun, cases, changed, completed, completion, said, sample_answer
from tests.defects.papers import (
    ALOE,
    BAGEL,
    CONFIDENCE,
    CS_SUM,
    DISTILL,
    FEDPR,
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
    WARMUP,
    WIKIDYK,
    WILLIAMT,
)


def text(paper_id: str, indent: int | None = None, *, ascii_only: bool = False) -> str:
    """A sample answer as JSON."""
    return json.dumps(sample_answer(paper_id), ensure_ascii=ascii_only, indent=indent)


def answered(paper_id: str, content: str | None, finish_reason: str | None = "stop", **message: object) -> Row:
    """The row of a sample paper with this content of the completion."""
    return completed(paper_id, completion(content, finish_reason, **message))


def raw(paper_id: str, content: object, **choice: object) -> Row:
    """The row of a completion with a choice of another shape than usual."""
    message = {"role": "assistant", "content": content}
    return completed(paper_id, {"choices": [{"index": 0, "finish_reason": "stop", "message": message, **choice}]})


BAD: list[Case] = [
    *cases(
        Reason.ANSWER_TRUNCATED,
        {
            "cut within the first section": answered(BAGEL, text(BAGEL)[:240], "length"),
            "cut within a quote of the method": answered(SAGE, text(SAGE)[:1500], "length"),
            "cut within a Korean word near the end": answered(FLOW, text(FLOW)[:-120], "length"),
            "only the closing braces are lost": answered(RPC, text(RPC).rstrip("}"), "length"),
            "the limit was met after the last brace": answered(FEDPR, text(FEDPR), "length"),
            "all tokens went into reasoning": answered(GENERAL, "", "length"),
            "all tokens went into reasoning, content null": answered(CONFIDENCE, None, "length"),
            "spaces without end": answered(CS_SUM, '{"paper_id": "2505.13559",' + " \n" * 4000, "length"),
            "one word without end": answered(INDEXMARK, text(INDEXMARK)[:400] + "워터마크 " * 2000, "length"),
        },
    ),
    *cases(
        Reason.ANSWER_REFUSED,
        {
            "refusal field of OpenAI's structured output": answered(
                INJECTION, None, refusal="I'm sorry, I can't assist with that request."
            ),
            "refusal field in Korean": answered(
                GEN_ALPHA, None, refusal="죄송하지만 해당 요청은 도와드릴 수 없습니다."
            ),
            "content filter before the first token": answered(ALOE, None, "content_filter"),
            "content filter in the middle": answered(PHARE, text(PHARE)[:700], "content_filter"),
            "content filter, empty text": answered(TABOO, "", "content_filter"),
            "content filter after the whole answer": answered(WILLIAMT, text(WILLIAMT), "content_filter"),
            "refusal beside a whole answer": answered(NEURONS, text(NEURONS), refusal="I can't help with that."),
        },
    ),
    *cases(
        Reason.ANSWER_EMPTY,
        {
            "content null": answered(VISIONARY, None),
            "empty text": answered(VIDEO_EVAL, ""),
            "line ends alone": answered(QZO, "\n\n\n"),
            "no choices": completed(HYBRID, {"choices": []}),
            "choices null": completed(DISTILL, {"choices": None}),
            "an error instead of choices": completed(
                SSR, {"error": {"message": "Provider returned error", "code": 502}}
            ),
            "a choice without message": completed(REWARD, {"choices": [{"index": 0, "finish_reason": "stop"}]}),
            "message null": completed(MIGRATION, {"choices": [{"finish_reason": "stop", "message": None}]}),
            "a tool call instead of text": answered(
                TOKENS, None, "tool_calls", tool_calls=[{"type": "function", "function": {"name": "summary"}}]
            ),
            "text in reasoning_content only": answered(WARMUP, "", reasoning_content=text(WARMUP)),
            "content as a list of parts": raw(SMOE, [{"type": "text", "text": text(SMOE)}]),
            "content as an object": raw(WIKIDYK, sample_answer(WIKIDYK)),
        },
    ),
    *cases(
        Reason.ANSWER_NOT_JSON,
        {
            "in a code fence": answered(BAGEL, f"```json\n{text(BAGEL, 2)}\n```"),
            "a sentence before the JSON": answered(SAGE, f"다음은 요청하신 논문 요약입니다.\n\n{text(SAGE)}"),
            "a sentence behind the JSON": answered(FLOW, f"{text(FLOW)}\n\nLet me know if you need anything else!"),
            "the thoughts of the model before the JSON": answered(
                RPC, f"<think>\nThe user wants a Korean summary.\n</think>\n{text(RPC)}"
            ),
            "single quotes, as Python prints it": answered(FEDPR, str(sample_answer(FEDPR))),
            "a trailing comma": answered(GENERAL, text(GENERAL)[:-1] + ",}"),
            "a comma is missing": answered(CONFIDENCE, text(CONFIDENCE).replace('", "title_ko"', '" "title_ko"')),
            "a line end within a text": answered(CS_SUM, text(CS_SUM).replace("\\n", "\n")),
            "quotation marks are not escaped": answered(WIKIDYK, text(WIKIDYK).replace('\\"', '"')),
            "a comment": answered(NEXT_SEARCH, text(NEXT_SEARCH).replace('"sections"', '// 일곱 항목\n"sections"')),
            "cut off, but finished with stop": answered(INDEXMARK, text(INDEXMARK)[:900]),
            "the answer twice": answered(VISIONARY, text(VISIONARY) * 2),
            "YAML": answered(VIDEO_EVAL, "paper_id: 2505.14640\ntitle_ko: 강건하고 현실적인 긴 비디오 이해 평가\n"),
            "Markdown as in the first digests": answered(
                QZO, "# 논문 요약: QZO\n\n## 1. 핵심 동기와 문제 정의\n\nGPU 메모리가 병목이 되었다."
            ),
            "a refusal as text": answered(INJECTION, "I'm sorry, but I can't assist with that."),
            "typographic quotation marks": answered(HUNYUAN, text(HUNYUAN).replace('"', "”")),
            "XML": answered(HYBRID, "<summary><paper_id>2505.14631</paper_id></summary>"),
        },
    ),
]

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.ANSWER_TRUNCATED,
        {
            "finish_reason is missing": completed(BAGEL, {"choices": [{"message": {"content": text(BAGEL)}}]}),
            "finish_reason null": answered(SAGE, text(SAGE), None),
            "finish_reason of another provider": answered(FLOW, text(FLOW), "end_turn"),
            "finish_reason eos": answered(MIGRATION, text(MIGRATION), "eos"),
            "a text on length limits": changed(
                RPC, said("limitations", "길이 제한에서 잘린(truncated) 추론 경로는 평가에서 빠질 수 있다.")
            ),
            "a section that ends in an ellipsis on purpose": changed(
                WIKIDYK, said("future_work", '"Did You Know..." 항목처럼 계속 늘어나는 자료로 넓힐 수 있다.')
            ),
        },
    ),
    *cases(
        Reason.ANSWER_REFUSED,
        {
            "refusal null": answered(INJECTION, text(INJECTION), refusal=None),
            "refusal empty": answered(GEN_ALPHA, text(GEN_ALPHA), refusal=""),
            "a paper on content filters": changed(
                GEN_ALPHA, said("limitations", "자동 콘텐츠 필터(content filter)가 은어를 놓치면 안전 평가가 흔들린다.")
            ),
            "filter results without a hit, as Azure sends them": raw(
                PHARE, text(PHARE), content_filter_results={"hate": {"filtered": False, "severity": "safe"}}
            ),
            "models that refuse are the subject": changed(
                ALOE, said("limitations", "안전 정렬이 지나치면 모델이 무해한 의료 질문까지 거절할 수 있다.")
            ),
            "a finish_reason that only sounds so": answered(TABOO, text(TABOO), "completed"),
        },
    ),
    *cases(
        Reason.ANSWER_EMPTY,
        {
            "line ends before the answer": answered(VISIONARY, f"\n\n{text(VISIONARY)}"),
            "spaces behind the answer": answered(VIDEO_EVAL, f"{text(VIDEO_EVAL)}   \n\n"),
            "thoughts beside the answer": answered(QZO, text(QZO), reasoning_content="먼저 초록을 읽는다."),
            "tool calls as an empty list": answered(HYBRID, text(HYBRID), tool_calls=[], annotations=[]),
            "further choices": completed(
                DISTILL, {"choices": [completion(text(DISTILL))["choices"][0], {"message": None}]}
            ),
            "all that may be absent is": changed(
                REWARD, absent("experiments", "results", "limitations", "future_work")
            ),
        },
    ),
    *cases(
        Reason.ANSWER_NOT_JSON,
        {
            "indented": answered(BAGEL, text(BAGEL, 4)),
            "all Korean as escapes": answered(SAGE, text(SAGE, ascii_only=True)),
            "tabs and line ends of Windows": answered(FLOW, text(FLOW, 2).replace("\n", "\r\n\t")),
            "without any space": answered(RPC, json.dumps(sample_answer(RPC), separators=(",", ":"))),
            "slashes are escaped": answered(FEDPR, text(FEDPR).replace("/", "\\/")),
            "quotation marks within a text": answered(WIKIDYK, text(WIKIDYK, 1)),
            "a section with line ends and backslashes": changed(
                WARMUP, begun("future_work", "수식 기호 ≤처럼 드문 표기도 다룬다.\n\n")
            ),
        },
    ),
]

MISSED: list[Case] = [
    *cases(
        Reason.ANSWER_REFUSED,
        {
            "a refusal in other words within the JSON": changed(
                INJECTION, said("limitations", "이 주제는 안전 정책에 어긋날 소지가 있어 더 다루지 않기로 한다.")
            ),
        },
    ),
]
