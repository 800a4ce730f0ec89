"""Messages of errors, and what models say about themselves and their task."""

from __future__ import annotations

from daily_papers.reasons import Reason
from tests.defects.case import Case, added, begun, cases, changed, recorded, said, titled
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
    HYBRID,
    INDEXMARK,
    INJECTION,
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
    WILLIAMT,
)

_RATE_LIMIT = "Error code: 429 - {'error': {'message': 'Rate limit reached for gpt-4o-mini', 'type': 'tokens'}}"
_QUOTA = "You exceeded your current quota, please check your plan and billing details."
_CONTEXT = "This model's maximum context length is 128000 tokens. However, your messages resulted in 131072 tokens."
_TRACEBACK = 'Traceback (most recent call last):\n  File "summarize.py", line 42, in main\nopenai.APITimeoutError'

BAD: list[Case] = [
    *cases(
        Reason.ERROR_MESSAGE,
        {
            "rate limit of OpenAI": changed(BAGEL, said("method", _RATE_LIMIT)),
            "quota in every section": changed(
                SAGE, *(said(key, _QUOTA) for key in ("method", "experiments", "results"))
            ),
            "context length": changed(FLOW, said("results", _CONTEXT)),
            "a traceback": changed(RPC, said("limitations", _TRACEBACK)),
            "the title is an error": changed(GENERAL, titled("요약 실패: openai.RateLimitError")),
            "a gateway": changed(CONFIDENCE, added("experiments", " 502 Bad Gateway")),
            "a gateway's page as text": changed(CS_SUM, said("future_work", "504 Gateway Time-out nginx")),
            "status in Korean": changed(
                NEXT_SEARCH, said("limitations", "오류 코드: 503 서비스를 사용할 수 없습니다.")
            ),
            "an apology of a pipeline in Korean": changed(
                INDEXMARK, said("method", "요약을 생성하지 못했습니다. 나중에 다시 시도하십시오.")
            ),
            "a server's error in Korean": changed(
                VISIONARY, said("results", "서버 오류로 결과를 가져오지 못했습니다.")
            ),
            "an error occurred": changed(
                VIDEO_EVAL, said("experiments", "오류가 발생했습니다. 관리자에게 문의하십시오.")
            ),
            "too many requests in Korean": changed(
                QZO, said("future_work", "요청 한도를 초과했습니다. 잠시 후 다시 시도하세요.")
            ),
            "no connection": changed(
                HYBRID, said("contributions", "ConnectionError: HTTPSConnectionPool(host='api.openai.com')")
            ),
            "a JSON parser's error": changed(
                DISTILL, said("results", "JSONDecodeError: Expecting value: line 1 column 1")
            ),
            "an API key": changed(REWARD, said("limitations", "Error: Invalid API key provided: sk-****")),
            "a library's timeout": changed(TOKENS, said("method", "httpx.ReadTimeout: The read operation timed out")),
        },
    ),
    *cases(
        Reason.MODEL_TALK,
        {
            "a refusal in Korean": changed(
                INJECTION, said("method", "죄송하지만 해당 내용은 요약해 드릴 수 없습니다.")
            ),
            "a refusal in English": changed(
                GEN_ALPHA, said("results", "I'm sorry, but I cannot assist with that request.")
            ),
            "an announcement in Korean": changed(BAGEL, begun("motivation", "다음은 요청하신 논문 요약입니다. ")),
            "an announcement in English": changed(SAGE, begun("motivation", "Here is the summary: ")),
            "as an AI": changed(
                PHARE, said("limitations", "As an AI language model, I do not have access to the paper.")
            ),
            "as an AI in Korean": changed(
                ALOE, begun("limitations", "AI 언어 모델로서 저는 의료 조언을 하지 않습니다. ")
            ),
            "about itself in Korean": changed(REWARD, begun("future_work", "저는 AI이므로 실험을 직접 할 수 없다. ")),
            "an offer at the end": changed(FLOW, added("future_work", "\n추가로 궁금한 점이 있으면 말씀해 주세요.")),
            "an offer in English": changed(RPC, added("future_work", "\nLet me know if you need more details.")),
            "of course": changed(GENERAL, begun("motivation", "물론입니다! ")),
            "sure": changed(CONFIDENCE, begun("contributions", "Sure, ")),
            "what it was given": changed(SMOE, begun("method", "제공된 초록을 바탕으로 하면, ")),
            "as was asked": changed(QZO, begun("contributions", "요청하신 대로 한국어로 정리한다. ")),
            "the knowledge cut-off": changed(
                VISIONARY, said("limitations", "My knowledge cutoff prevents me from checking.")
            ),
            "the title announces": changed(WARMUP, titled("요청하신 논문의 한국어 요약")),
            "good wishes": changed(TABOO, added("future_work", " I hope this helps!")),
            "below is": changed(NEURONS, begun("results", "아래는 논문의 결과를 정리한 내용입니다.\n")),
        },
    ),
]

NEAR_MISSES: list[Case] = [
    *cases(
        Reason.ERROR_MESSAGE,
        {
            "error rates": changed(
                CS_SUM,
                said("limitations", "오류율을 5% 줄인다고 해도 의미가 바뀌는 오류는 남는다."),
                more_source="It reduces errors by 5%.",
            ),
            "the source is about HTTP errors": changed(
                INJECTION,
                said("limitations", "도구가 HTTP 503 오류를 돌려줄 때의 행동은 따로 보아야 한다."),
                more_source="We also study how agents handle HTTP 503 replies.",
            ),
            "an error message in inline code": changed(
                WILLIAMT, added("limitations", "\n- `Traceback (most recent call last)`만으로는 원인을 알 수 없다.")
            ),
            "an error message as a quotation": changed(
                VISUAL_ARFT, added("limitations", "\n- “internal server error”라고 답하는 도구는 다루기 어렵다.")
            ),
            "errors that pile up": changed(
                FLEXIVE, said("limitations", "앞 단계의 오류가 뒤로 쌓이면 검증이 늦어진다.")
            ),
            "errors occurred in the experiment": changed(
                SSR, said("limitations", "깊이가 부정확한 영역에서 오류가 발생하면 추론이 함께 흔들린다.")
            ),
            "runtime errors as a reward": changed(
                VISUAL_ARFT, said("future_work", "코드의 런타임 오류와 시간 초과를 보상에 반영해 볼 만하다.")
            ),
            "limits of context": changed(
                VIDEO_EVAL, said("limitations", "모델의 최대 문맥 길이를 넘는 비디오는 평가에서 빠질 수 있다.")
            ),
            "a service is loaded": changed(
                NEXT_SEARCH, said("limitations", "요청이 몰리면 실시간 온라인 적응이 늦어질 수 있다.")
            ),
            "a value error of a model": changed(
                REWARD, said("limitations", "가치 추정의 오차(value error)가 보상에 남을 수 있다.")
            ),
        },
    ),
    *cases(
        Reason.MODEL_TALK,
        {
            "a refusal as the object of study": recorded(
                "2505.23473",
                "2025-06-10",
                said("method", "“I cannot assist”라는 거절을 부르는 지시를 진화 탐색으로 찾는다."),
            ),
            "models that refuse": recorded(
                "2506.12299",
                "2025-06-17",
                said("results", "해로운 질문에는 답변을 거절하고 나머지에는 도움을 주는 비율이 높다."),
            ),
            "summaries as the task": changed(
                CS_SUM, said("limitations", "다음은 아직 풀리지 않았다: 대화를 요약한 글의 의미 보존.")
            ),
            "role of a language model": changed(
                NEURONS, said("limitations", "언어 모델로서 갖춘 일반 능력과 진실성을 나누기 어렵다.")
            ),
            "users who ask": changed(
                NEXT_SEARCH, said("limitations", "사용자가 요청한 답과 실제로 필요한 답이 다를 수 있다.")
            ),
            "data that was provided": changed(
                FEDPR, said("limitations", "클라이언트가 제공한 데이터의 품질이 고르지 않을 수 있다.")
            ),
            "a question as an example": changed(
                CONFIDENCE, added("limitations", "\n- ‘제가 확신합니다’ 같은 말은 확률과 다르다.")
            ),
            "for sure": changed(HYBRID, said("limitations", "사고가 물론 필요한 질의에서도 건너뛸 위험이 남는다.")),
            "an apology in a dialogue": changed(
                GEN_ALPHA, added("limitations", "\n- ‘죄송합니다’로 끝나는 대화도 괴롭힘일 수 있다.")
            ),
            "what is needed": changed(
                QZO, said("future_work", "더 큰 모델이 필요하면 여러 장의 GPU로 나누는 방법도 가능하다.")
            ),
        },
    ),
]
