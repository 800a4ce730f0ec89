"""Answers changed at random, one a paper of a day: each paper ends with a status of its own, the others complete."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daily_papers.lake.library import open_library
from daily_papers.publish.digest import published_digest
from daily_papers.sample.server import SAMPLE_DATE, Reply, requested_paper
from daily_papers.sections import SECTION_KEYS
from tests.fuzz.ends import (
    UNSEEN,
    a_day,
    check_commands,
    check_complete_rows,
    check_digest,
    rows_of_the_day,
)
from tests.fuzz.values import (
    MARKUP,
    SIGNS,
    TEXTS,
    VALUES,
    Change,
    Deep,
    Literal,
    Path,
    changed,
    changes,
    encoded,
    paths_of,
)
from tests.support.data import item
from tests.support.models import asked_parts, good_answer, well_answering
from tests.support.steps import run_day

GOOD = ("2505.00001", "2505.00002")
MUTATED = 8
PAPER = {"paper_id": "2505.00001", "text": "A title\n\n" + " ".join(item()["paper"]["summary"].split())}
PARTS: list[Path] = [
    *paths_of(good_answer(PAPER)), ("unknown",), ("sections", "unknown"), ("results_rows", 0, "unknown"),
    *[("sections", key, "markdown") for key in SECTION_KEYS],
    *[("results_rows", 0, name) for name in ("metric", "dataset", "value", "baseline")],
]  # fmt: skip
ENVELOPE = {
    "id": "x",
    "object": "chat.completion",
    "created": 0,
    "model": "m",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "C", "refusal": None}}
    ],
    "usage": {
        "prompt_tokens": 9,
        "completion_tokens": 9,
        "total_tokens": 18,
        "prompt_tokens_details": {"cached_tokens": 1},
        "completion_tokens_details": {"reasoning_tokens": 1},
    },
}
AROUND: list[Path] = [
    *paths_of(ENVELOPE),
    ("choices", 0, "message", "tool_calls"),
    ("error",),
    ("choices", 0, "logprobs"),
]
IN_THE_ENVELOPE = (
    Change(("choices", 0, "finish_reason"), "replace", "tool_calls"),
    Change(("choices", 0, "finish_reason"), "replace", "error"),
    Change(("choices", 0, "message", "content"), "replace", [{"type": "text", "text": "{}"}]),
    Change(("choices", 0, "message", "content"), "replace", {"type": "text"}),
    Change(("choices", 0, "message", "tool_calls"), "replace", [{"id": "1", "type": "function", "function": None}]),
    Change(("choices", 0, "message", "reasoning_content"), "replace", "\ud83d"),
    Change(("choices",), "replace", [None]),
    Change(("usage", "total_tokens"), "replace", Literal(b"1e999")),
    Change(("usage", "prompt_tokens"), "replace", -5),
    Change(("usage",), "replace", "none"),
)
BODIES = (
    b"", b"null", b"[]", b"5", b'"x"', b"{}", b"\xff\xfe", b"{", b'{"choices":', b"data: [DONE]\n\n", b"\x00" * 50,
    b"[" * 100_000, b'{"choices": [{"message": {"content": "\xff"}}]}',
    b'{"choices": ' + b"[" * 3000 + b"]" * 3000 + b"}",
)  # fmt: skip
REFUSALS = (
    b"", b"no", b"null", b"[]", b'{"detail": "no"}', b'{"detail": [{"loc": ["body"], "msg": "no"}]}',
    b'{"error": "no"}', b'{"error": {"message": ["no"]}}', b'{"error": {"message": "\\ud83d\\u0000\\u202e"}}',
    b"\xff", b'{"error": null}', b'{"error": {"code": 5, "type": []}}', b"\x1b[31mno",
)  # fmt: skip


@dataclass(frozen=True)
class Mutated:
    """What one paper gets as its answer, to its first request and to repairs."""

    answer: tuple[Change, ...] = ()
    envelope: tuple[Change, ...] = ()
    content: Any = None
    body: bytes | None = None
    status: int = 200
    cut: float = 1.0

    def reply(self, request: dict[str, Any]) -> Reply:
        """The HTTP answer."""
        return Reply(self.status, self._body(request), {"Content-Type": "application/json"})

    def _body(self, request: dict[str, Any]) -> bytes:
        if self.body is not None:
            return self.body
        if self.content is None:
            good = asked_parts(request, good_answer(requested_paper(request)))
            content = encoded(changed(good, self.answer)).decode()
        else:
            content = encoded(self.content).decode() if not isinstance(self.content, str) else self.content
        whole = changed(ENVELOPE, [Change(("choices", 0, "message", "content"), "replace", content), *self.envelope])
        made = encoded(whole)
        return made[: int(len(made) * self.cut)]


MARKDOWN: list[Path] = [("title_ko",), *[("sections", key, "markdown") for key in SECTION_KEYS]]
ANSWERS = st.lists(changes(PARTS), min_size=1, max_size=3).map(tuple)
INSERTED = st.lists(
    st.builds(
        Change,
        st.sampled_from(MARKDOWN),
        st.sampled_from(["before", "inside", "after"]),
        st.one_of(st.sampled_from(MARKUP), st.sampled_from(SIGNS), TEXTS),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
ENVELOPES = st.lists(st.one_of(changes(AROUND), st.sampled_from(IN_THE_ENVELOPE)), min_size=1, max_size=2).map(tuple)
DEEPEST = st.builds(Deep, st.sampled_from([3, 900, 50_000]), st.sampled_from("[{"))
MUTATIONS = st.one_of(
    st.builds(Mutated, answer=ANSWERS),
    st.builds(Mutated, answer=INSERTED),
    st.builds(Mutated, envelope=ENVELOPES),
    st.builds(Mutated, content=st.one_of(VALUES.filter(lambda value: value is not None), TEXTS, DEEPEST)),
    st.builds(Mutated, body=st.sampled_from(REFUSALS), status=st.sampled_from([400, 413, 422, 500, 503])),
)
NOT_JSON = st.one_of(st.builds(Mutated, body=st.sampled_from(BODIES)), st.builds(Mutated, cut=st.floats(0, 0.99)))
"""Bodies with 200 that are no completion at all: what a proxy or a lost connection leaves of one."""


class MutatingModel:
    """Answers well, but for some papers."""

    def __init__(self, mutated: Mapping[str, Mutated]) -> None:
        self.mutated = mutated

    def __call__(self, request: dict[str, Any]) -> Reply:
        mutation = self.mutated.get(requested_paper(request)["paper_id"])
        return well_answering(request) if mutation is None else mutation.reply(request)


@given(st.lists(MUTATIONS, min_size=4, max_size=MUTATED))
def test_every_answer_ends_in_a_status_and_the_others_are_published(mutations: list[Mutated]) -> None:
    check_the_day(mutations)


@given(st.lists(NOT_JSON, min_size=1, max_size=3))
def test_a_body_that_is_no_completion_stops_no_other_paper(mutations: list[Mutated]) -> None:
    check_the_day(mutations)


def check_the_day(mutations: list[Mutated]) -> None:
    """Runs a day in which these papers get such answers, between two with good ones, and looks at its end."""
    mutated = {f"2505.1{number:04d}": mutation for number, mutation in enumerate(mutations)}
    items = [item(paper_id) for paper_id in (GOOD[0], *mutated, GOOD[1])]
    with a_day(encoded(items), MutatingModel(mutated)):
        rows = rows_of_the_day(run_day(SAMPLE_DATE))
        assert set(rows) == {*GOOD, *mutated}
        assert {paper_id: rows[paper_id]["reasons"] for paper_id in GOOD} == {paper_id: [] for paper_id in GOOD}
        complete = [row for row in rows.values() if row["status"] == "complete"]
        check_complete_rows(complete)
        digest = published_digest(open_library(), SAMPLE_DATE)
        assert digest is not None
        assert not UNSEEN & set(digest), UNSEEN & set(digest)
        check_digest(digest, list(rows.values()))
        check_commands([next(iter(mutated)), GOOD[0]], problems=len(complete) < len(rows))
        for row in complete:
            assert json.dumps(row["results_rows"], default=str)
