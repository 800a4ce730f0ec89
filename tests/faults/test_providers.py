"""Providers and servers that take other parameters than OpenAI: the recipes of docs/summaries.md, each against a server
that refuses what that one refuses, in its words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from daily_papers import environment_file
from daily_papers.errors import UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply, completion, requested_paper
from daily_papers.settings import load_settings
from daily_papers.summaries.call_store import CallStore, cost_usd, tokens_of
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.summaries.provider_words import stopped_by_a_filter, words_of
from tests.support.data import few_papers
from tests.support.models import asked_parts, good_answer
from tests.support.steps import ask, fetch

PAPERS = 3
Refusal = tuple[Callable[[Mapping[str, Any]], bool], int, Any]


def has(name: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda request: name in request


def form(kind: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda request: (request.get("response_format") or {}).get("type") == kind


def error(message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", **more}}


def forbidden(name: str) -> dict[str, Any]:
    detail = [{"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted", "input": 1}]
    return {"object": "error", "message": {"detail": detail}, "type": "invalid_request_error", "code": None}


def no_json_word(request: Mapping[str, Any]) -> bool:
    said = " ".join(str(message["content"]) for message in request["messages"]).lower()
    return form("json_object")(request) and "json" not in said


@dataclass(frozen=True)
class Provider:
    """A provider: its address, what it refuses and in which words, how its models wrap an answer, and what to set."""

    name: str
    address: str
    mind: str
    refusals: tuple[Refusal, ...] = ()
    before: str = ""
    after: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    streams: bool = False


_ONLY_STREAMS = (
    "This model only support stream mode, please enable the stream parameter to access the model. ",
    {"code": "invalid_parameter_error", "param": None},
)

PROVIDERS = [
    Provider("OpenAI", "not set", "nothing"),
    Provider(
        "Azure OpenAI", "`https://NAME.openai.azure.com/openai/v1`",
        "`DAILY_PAPERS_MODEL` is the deployment's name; what an older model refuses is left out; older API: "
        "`https://NAME.openai.azure.com/openai/deployments/DEPLOYMENT?api-version=2024-10-21`",
        (
            (has("max_completion_tokens"), 400, error("Unrecognized request argument supplied: max_completion_tokens")),
            (
                form("json_schema"), 400,
                error("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."),
            ),
        ),
    ),
    Provider(
        "Anthropic", "`https://api.anthropic.com/v1`",
        "it ignores the schema: set `DAILY_PAPERS_JSON_MODE=text`",
        before="Here is the summary you asked for.\n\n```json\n", after="\n```\n",
        settings={"DAILY_PAPERS_JSON_MODE": "text"},
    ),
    Provider(
        "Google Gemini", "`https://generativelanguage.googleapis.com/v1beta/openai`", "nothing",
        (
            (
                has("seed"), 400,
                [error('Invalid JSON payload received. Unknown name "seed": Cannot find field.', code=400)],
            ),
        ),
    ),
    Provider(
        "DeepSeek", "`https://api.deepseek.com`", "it accepts no schema; this is detected with the first paper",
        (
            (form("json_schema"), 400, error("This response_format type is unavailable now")),
            (no_json_word, 400, error("Prompt must contain the word 'json' in some form to use 'response_format'")),
        ),
    ),
    Provider(
        "Alibaba DashScope (Qwen)", "`https://dashscope-intl.aliyuncs.com/compatible-mode/v1`",
        "models that only stream, or accept no schema, are detected with the first paper; "
        '`DAILY_PAPERS_REQUEST_EXTRA={"enable_thinking": false}` keeps a model from thinking',
        (
            (lambda request: not request.get("stream"), 400, error(_ONLY_STREAMS[0], **_ONLY_STREAMS[1])),
            (form("json_schema"), 400, error("'response_format.type' in the request is not supported: json_schema")),
            (no_json_word, 400, error("'messages' must contain the word 'json' in some form")),
        ),
        streams=True,
    ),
    Provider(
        "Mistral", "`https://api.mistral.ai/v1`", "nothing",
        (
            (has("max_completion_tokens"), 422, forbidden("max_completion_tokens")),
            (has("seed"), 422, forbidden("seed")),
        ),
    ),
    Provider(
        "Groq", "`https://api.groq.com/openai/v1`", "not every model accepts a schema; this is detected",
        (
            (
                form("json_schema"), 400,
                error("This model does not support response format `json_schema`.", param="response_format"),
            ),
        ),
    ),
    Provider("OpenRouter", "`https://openrouter.ai/api/v1`", "a lost model is an error within 200, and asked again"),
    Provider(
        "vLLM", "`http://localhost:8000/v1`", "`--max-model-len 32768`; `DAILY_PAPERS_MODEL` is the name it serves",
        (
            (
                has("max_completion_tokens"), 400,
                {"object": "error", "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), "
                 "'msg': 'Extra inputs are not permitted'}]", "type": "BadRequestError", "param": None, "code": 400},
            ),
        ),
    ),
    Provider(
        "Ollama", "`http://localhost:11434/v1`",
        "it silently cuts what does not fit its context: set `OLLAMA_CONTEXT_LENGTH=32768`; "
        '`DAILY_PAPERS_REQUEST_EXTRA={"max_tokens": 8000}`, because it does not know `max_completion_tokens`',
        settings={"DAILY_PAPERS_REQUEST_EXTRA": '{"max_tokens": 8000}'},
    ),
    Provider(
        "llama.cpp (`llama-server`)", "`http://localhost:8080/v1`", "`-c 32768` for each of its `--parallel` slots"
    ),
    Provider(
        "LM Studio", "`http://localhost:1234/v1`", "for models that accept no schema: `DAILY_PAPERS_JSON_MODE=text`",
        ((form("json_object"), 400, {"error": "'response_format.type' must be 'json_schema' or 'text'"}),),
        before="<think>Let me {think} about it.</think>\n", settings={"DAILY_PAPERS_JSON_MODE": "text"},
    ),
]  # fmt: skip


class Server:
    """Answers as a provider does, and counts what it refused."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.refused = 0
        self.answered: list[Mapping[str, Any]] = []

    def __call__(self, request: dict[str, Any]) -> Reply:
        for refuses, status, body in self.provider.refusals:
            if refuses(request):
                self.refused += 1
                return Reply.of_json(status, body)
        self.answered.append(request)
        made = good_answer(requested_paper(request))
        if form("json_schema")(request):
            made = asked_parts(request, made)
        text = f"{self.provider.before}{json.dumps(made, ensure_ascii=False)}{self.provider.after}"
        return streamed(text) if request.get("stream") else completion(request, text)


def streamed(text: str) -> Reply:
    pieces = [text[place : place + 500] for place in range(0, len(text), 500)]
    deltas: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]} for piece in pieces
    ]
    deltas += [
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}},
    ]
    chunks = [{"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", **delta} for delta in deltas]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    return Reply(200, body.encode(), {"Content-Type": "text/event-stream"})


@pytest.fixture(autouse=True)
def _one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_CONCURRENCY", "1")
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


def ids() -> list[str]:
    return [one["paper"]["id"] for one in sample_items()[:PAPERS]]


@pytest.mark.parametrize("provider", PROVIDERS, ids=[provider.name for provider in PROVIDERS])
def test_a_provider_is_asked_as_it_wants_to_be(
    provider: Provider, serve: Callable[..., LocalServer], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in provider.settings.items():
        monkeypatch.setenv(name, value)
    server = Server(provider)
    serve(few_papers(PAPERS), server)
    fetch(SAMPLE_DATE)
    assert ask(SAMPLE_DATE) == []
    found_out = server.refused
    assert found_out <= 2 * len(provider.refusals)
    calls = [call for paper_id in ids() for call in CallStore(library).calls(paper_id)]
    assert [call.answered for call in calls] == [True] * PAPERS
    assert all(call.tokens.output for call in calls)
    assert {bool(request.get("stream")) for request in server.answered} == {provider.streams}
    assert ask(SAMPLE_DATE) == []
    assert len(server.answered) == PAPERS
    # a later run begins with what was found out, and a lost or damaged memory is found out again
    for path in lake_memory(open_library()):
        kept = path.read_bytes()
        for paper_id in ids():
            for answer in (library.lake.calls(paper_id)).iterdir():
                answer.unlink()
        ask(SAMPLE_DATE)
        assert (server.refused, len(server.answered)) == (found_out, 2 * PAPERS)
        path.write_bytes(kept[:20])
        for paper_id in ids():
            for answer in (library.lake.calls(paper_id)).iterdir():
                answer.unlink()
        ask(SAMPLE_DATE)
        assert (server.refused, len(server.answered)) == (2 * found_out, 3 * PAPERS)


def test_what_is_left_out_by_a_setting_is_never_sent_and_asks_nothing_again(
    serve: Callable[..., LocalServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(Provider("any", "", ""))
    serve(few_papers(PAPERS), server)
    fetch(SAMPLE_DATE)
    monkeypatch.setenv("DAILY_PAPERS_REQUEST_WITHOUT", "max_completion_tokens, seed")
    assert ask(SAMPLE_DATE) == []
    assert len(server.answered) == PAPERS
    assert not [request for request in server.answered if "max_completion_tokens" in request]
    monkeypatch.delenv("DAILY_PAPERS_REQUEST_WITHOUT")
    assert ask(SAMPLE_DATE) == []
    assert len(server.answered) == PAPERS


def lake_memory(library: Library) -> list[Any]:
    return sorted(library.settings.lock_directory.glob("dialect-*.json"))


def test_what_a_provider_refuses_for_good_is_told_in_its_first_words(
    serve: Callable[..., LocalServer], library: Library
) -> None:
    refusals: tuple[Refusal, ...] = ((lambda _: True, 400, error("response_format: json_schema is not supported")),)
    server = Server(Provider("stubborn", "", "", refusals))
    serve(few_papers(PAPERS), server)
    fetch(SAMPLE_DATE)
    with pytest.raises(Exception, match=r"rejected every request: 400: response_format: json_schema is not supported"):
        ask(SAMPLE_DATE)
    assert lake_memory(library) == []


KEY = "sk-test-0123456789abcdef"
WORDS = {
    '{"detail": "The field is wrong"}': "The field is wrong",
    '{"detail": [{"loc": ["body", "x"], "msg": "field required", "type": "value_error"}]}': "field required; body.x",
    '{"message": "too long"}': "too long",
    '{"error": "no such thing"}': "no such thing",
    '{"error": {"message": "bad", "code": "x"}}': "bad",
    '{"errors": [{"message": "first"}, {"message": "second"}]}': "first; second",
    '{"msg": "m"}': "m",
    '{"error_msg": "e"}': "e",
    '[{"error": {"message": "in a list"}}]': "in a list",
    json.dumps({"error": {"message": "outer", "metadata": {"raw": json.dumps({"error": {"message": "inner"}})}}}):
        "outer; inner",
    '"just a text"': "just a text",
    "plain words": "plain words",
    "<html><head><style>x{}</style></head><body><h1>502 Bad Gateway</h1></body></html>": "502 Bad Gateway",
    "": "",
    "{}": "",
    f'{{"detail": "key {KEY} is wrong"}}': "key [key] is wrong",
    '{"detail": "' + "x" * 5000 + '"}': "x" * 300,
    "[" * 50_000: None,
    '{"message": "a\\u0000b\\u001b[31mc"}': "a b [31mc",
}  # fmt: skip


@pytest.mark.parametrize("body", WORDS, ids=lambda body: body[:40])
def test_the_words_of_an_error_whatever_its_shape(body: str) -> None:
    said = words_of(body, KEY)
    assert WORDS[body] is None or said == WORDS[body]
    assert len(said) <= 300
    assert KEY not in said


FILTERED = [
    {"error": {"code": "content_filter", "message": "The response was filtered due to the prompt triggering ...",
               "innererror": {"code": "ResponsibleAIPolicyViolation"}}},
    {"error": {"code": "data_inspection_failed", "message": "Input data may contain inappropriate content."}},
    {"code": "DataInspectionFailed", "message": "Output data may contain inappropriate content."},
    {"error": {"code": "content_policy_violation", "message": "Your request was rejected by our safety system."}},
    {"error": {"code": "invalid_prompt", "message": "Invalid prompt: your prompt was flagged."}},
    {"error": {"message": "Your input was blocked: PROHIBITED_CONTENT", "status": "INVALID_ARGUMENT"}},
]  # fmt: skip


@pytest.mark.parametrize("body", FILTERED)
def test_a_filter_is_known_by_its_code(body: dict[str, Any]) -> None:
    assert stopped_by_a_filter(400, json.dumps(body))
    assert not stopped_by_a_filter(500, json.dumps(body))
    assert not stopped_by_a_filter(400, json.dumps(error("This model's maximum context length is 8192 tokens")))


def test_the_place_of_a_setting_is_named() -> None:
    access = ModelAccess("schlüssel", None, "the password of the Airflow connection openai_default", "its host")
    assert str(access.problem).endswith("Copy it to the password of the Airflow connection openai_default again.")
    assert "its host" in str(access.advice_on(404))
    assert "OPENAI_BASE_URL" in str(ModelAccess("k", None).advice_on(404))


BROKEN_STREAMS = {
    "an error after a piece": (
        '{"choices": [{"index": 0, "delta": {"content": "{"}}]}',
        '{"error": {"message": "lost"}}',
    ),
    "an error at once": ('{"error": {"code": 502, "message": "lost"}}',),
    "an error in words": ('{"error": "lost"}',),
    "no JSON": ("lost",),
    "no choices": ('{"choices": null}',),
    "an end without a reason": ('{"choices": [{"index": 0, "delta": {"content": "{"}}]}',),
    "nothing": (),
}


@pytest.mark.parametrize("name", BROKEN_STREAMS)
def test_a_stream_that_breaks_off_concerns_its_paper_alone(
    name: str, serve: Callable[..., LocalServer], library: Library
) -> None:
    well = Server(Provider("", "", "", PROVIDERS[5].refusals, streams=True))
    lost = "".join(f"data: {event}\n\n" for event in BROKEN_STREAMS[name]).encode()
    first, second, third = ids()

    def answers(request: dict[str, Any]) -> Reply:
        if request.get("stream") and requested_paper(request)["paper_id"] == second:
            return Reply(200, lost, {"Content-Type": "text/event-stream"})
        return well(request)

    serve(few_papers(PAPERS), answers)
    fetch(SAMPLE_DATE)
    assert ask(SAMPLE_DATE) == [second]
    assert [call.error for call in CallStore(library).calls(second)] == ["provider_unavailable"]
    assert all(call.answered for paper_id in (first, third) for call in CallStore(library).calls(paper_id))


@pytest.mark.parametrize(
    "words",
    [
        "parameter.enable_thinking must be set to false for non-streaming calls",
        "parameter.enable_thinking必须设置为false才能进行非流式调用",
        "enable thinking can not be support when `stream=False`.",
        _ONLY_STREAMS[0],
    ],
)
def test_a_model_that_only_streams_is_streamed(words: str, serve: Callable[..., LocalServer], library: Library) -> None:
    refusals: tuple[Refusal, ...] = ((lambda request: not request.get("stream"), 400, error(words)),)
    server = Server(Provider("", "", "", refusals, streams=True))
    serve(few_papers(PAPERS), server)
    fetch(SAMPLE_DATE)
    assert ask(SAMPLE_DATE) == []
    assert (server.refused, len(server.answered)) == (1, PAPERS)


@pytest.mark.parametrize(
    "extra", [{"enable_thinking": False}, {"top_k": 5}, {"chat_template_kwargs": {"a": 1}}, {"timeout": 5}, {"seed": 1}]
)
def test_any_parameter_can_be_added(
    extra: dict[str, Any], serve: Callable[..., LocalServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_REQUEST_EXTRA", json.dumps(extra))
    server = Server(PROVIDERS[0])
    serve(few_papers(PAPERS), server)
    fetch(SAMPLE_DATE)
    assert ask(SAMPLE_DATE) == []
    assert [extra.items() <= request.items() for request in server.answered] == [True] * PAPERS


@pytest.mark.parametrize("extra", ['{"temperature": NaN}', '{"temperature": 1e999}', '{"user": "\\ud83d"}', "[1]", "{"])
def test_a_parameter_that_no_request_can_hold_is_refused(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_REQUEST_EXTRA", extra)
    with pytest.raises(UserError, match="DAILY_PAPERS_REQUEST_EXTRA"):
        load_settings()


def test_an_older_azure_is_asked_with_its_version_and_key(library: Library) -> None:
    address = "https://name.openai.azure.com/openai/deployments/mine?api-version=2024-10-21"
    client = ModelAccess("k", address).client(library.settings)
    assert str(client.base_url) == "https://name.openai.azure.com/openai/deployments/mine/"
    assert client.default_query == {"api-version": "2024-10-21"}
    assert client.default_headers["api-key"] == "k"
    assert "api-key" not in ModelAccess("k", "https://api.mistral.ai/v1").client(library.settings).default_headers


USAGES: dict[tuple[int, int, int], dict[str, Any]] = {
    (1500, 0, 8400): {"prompt_tokens": 1500, "completion_tokens": 400, "total_tokens": 9900},
    (1500, 0, 400): {"input_tokens": 1500, "output_tokens": 400},
    (10, 8, 5): {"prompt_tokens": 10, "completion_tokens": 5, "prompt_cache_hit_tokens": 8},
    (10, 10, 0): {"prompt_tokens": "10", "completion_tokens": -5, "prompt_tokens_details": {"cached_tokens": 99}},
    (0, 0, 0): {"prompt_tokens": True, "completion_tokens": float("nan"), "total_tokens": 10**400},
}


@pytest.mark.parametrize("counts", USAGES)
def test_usage_is_booked_under_any_name(counts: tuple[int, int, int]) -> None:
    tokens = tokens_of(USAGES[counts])
    assert (tokens.input, tokens.cached_input, tokens.output) == counts
    assert (cost_usd("gpt-4o-mini", tokens) or 0) >= 0


def test_a_setting_from_the_file_is_said_to_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("OPENAI_BASE_URL=localhost:1234\nOPENAI_API_KEY=from-the-file\n")
    monkeypatch.setattr(environment_file, "ENVIRONMENT_FILE", file)
    monkeypatch.setenv("OPENAI_BASE_URL", "localhost:1234")
    with pytest.raises(UserError, match=r"OPENAI_BASE_URL \(in \.env\): .*must start with http"):
        load_settings()
    monkeypatch.setenv("OPENAI_BASE_URL", "localhost:5678")
    with pytest.raises(UserError, match=r"OPENAI_BASE_URL: .*must start with http"):
        load_settings()
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:5678/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-file")
    access = ModelAccess.from_settings(load_settings())
    assert "Set OPENAI_API_KEY (in .env) to a valid one" in str(access.advice_on(401))


def table() -> str:
    lines = ["| provider or server | `OPENAI_BASE_URL` | note |", "|---|---|---|"]
    lines += [f"| {one.name} | {one.address} | {one.mind} |" for one in PROVIDERS]
    return "\n".join(lines) + "\n"
