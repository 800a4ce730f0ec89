"""The digest, read back with a Markdown parser: its structure holds whatever papers are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from markdown_it import MarkdownIt

from daily_papers.lake.library import Library
from daily_papers.publish.digest import render_digest
from daily_papers.rows.day_file import SCHEMA, read_day_file
from daily_papers.sample.replay import RecordedListings, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, sample_answer
from daily_papers.sections import SECTION_KEYS
from daily_papers.wording.headings_and_labels import numbered_headings, wording_of
from daily_papers.writing.markdown_text import escaped, is_plain_markdown, to_html, with_closed_bold
from tests.support.data import item
from tests.support.models import ScriptedModel
from tests.support.steps import run_day

HOSTILE = [
    "Inside <think> and </think>",
    "<script>alert(1)</script>",
    "A | B | C",
    "`code` and ``more``",
    "*stars* and **bold** and _under_ and __dunder__",
    r"Cost \$5 and $\textbf{x}$",
    '"A leading quote',
    "μ_0 and x^2 ~~gone~~",
    "[a link](javascript:alert(1)) ![image](https://a.example/x.png)",
    "# Not a heading",
    "- not a list",
    "1. not a list",
    "> not a quote",
    "--- ***",
    "===",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "<!-- comment --> <!DOCTYPE html>",
    "https://a.example and www.a.example",
    "{{ var.value.secret }} {% raw %}",
    "back\\slash \\",
    "[id]: https://a.example",
    "line\n\n# breaks",
    "someone@a.example and @mention",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_reads_as_itself(text: str) -> None:
    for context in ("{}", "**{}**", "- {}", "| {} |\n|---|", "# {}"):
        tokens = MarkdownIt("gfm-like").parse(context.format(escaped(text)))
        kinds = [child.type for token in tokens for child in token.children or []]
        shown = "".join(child.content for token in tokens for child in token.children or [])
        assert " ".join(text.split()) in shown
        assert not {"html_inline", "link_open", "image", "code_inline", "em_open", "s_open"} & set(kinds)


def headings(markdown: str) -> list[tuple[str, str]]:
    tokens = MarkdownIt().parse(markdown)
    return [
        (token.tag, tokens[index + 1].content) for index, token in enumerate(tokens) if token.type == "heading_open"
    ]


def test_hostile_papers_cannot_break_the_structure(serve: Callable[..., LocalServer], library: Library) -> None:
    papers = [
        item(
            f"2505.{number:05d}",
            title=text,
            summary=f"{text} An abstract of some length.",
            authors=[{"_id": "a", "name": text, "hidden": False}],
            projectPage="https://a.example/(x)[y]*z*",
        )
        for number, text in enumerate(HOSTILE)
    ]
    serve(RecordedListings({SAMPLE_DATE: papers}), ScriptedModel({"2505.00001": ["prose"]}))
    assert run_day(SAMPLE_DATE).complete == len(HOSTILE) - 1
    text = library.lake.digest(SAMPLE_DATE).read_text()
    seven = [("h3", heading) for heading in numbered_headings("ko").values()]
    expected = [("h1", f"📰 Hugging Face Daily Papers – {SAMPLE_DATE}")]
    for paper in papers:
        if paper["paper"]["id"] != "2505.00001":
            expected += [("h2", paper["paper"]["id"]), *seven]
    assert headings(text) == [*expected, ("h2", "이날의 논문"), ("h3", "아직 실리지 않은 논문")]
    tokens = MarkdownIt().parse(text)
    flat = [token for block in tokens for token in (block, *(block.children or []))]
    assert not {"html_block", "html_inline", "image", "fence", "code_block", "blockquote_open"} & {t.type for t in flat}
    links = {str(token.attrs["href"]) for token in flat if token.type == "link_open"}
    assert links == {"https://huggingface.co/papers/2505.00001", "https://a.example/(x)%5By%5D*z*"}
    assert "<script" not in to_html(text)


def test_the_sample_day_reads_as_designed(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(RecordedListings({SAMPLE_DATE: sample_items()}), sample_answer)
    run_day(SAMPLE_DATE)
    text = library.lake.digest(SAMPLE_DATE).read_text()
    assert text.startswith(
        "# 📰 Hugging Face Daily Papers – 2025-05-21\n\n## 2505.14683\n🔗 https://huggingface.co/papers/2505.14683\n\n"
    )
    assert len([1 for tag, _ in headings(text) if tag == "h3"]) == 32 * 7
    assert "요약 완료 32편 / 목록 32편" in text
    assert "- 저자: Chaorui Deng, " in text
    assert " 외 2명\n" in text
    assert "👍 추천 45" in text
    assert "*💡 원문에 명시되지 않은, 요약자의 추론입니다.*" in text
    shown = "".join(child.content for token in MarkdownIt().parse(text) for child in token.children or [])
    assert "**" not in shown
    assert text.count(wording_of("ko").absent) == sum(
        row[f"{key}_basis"] == "absent" for row in read_day_file(library, SAMPLE_DATE) for key in SECTION_KEYS
    )
    assert is_plain_markdown(wording_of("ko").absent)


def test_a_missing_paper_is_named_with_its_reason(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(RecordedListings({SAMPLE_DATE: sample_items()[:2]}), ScriptedModel({"2505.11594": ["prose"]}))
    run_day(SAMPLE_DATE)
    footer = library.lake.digest(SAMPLE_DATE).read_text().split("## 이날의 논문")[1]
    assert "요약 완료 1편 / 목록 2편" in footer
    assert "- 2505.11594 · [SageAttention3" in footer
    assert "검수에서 보류: 응답이 JSON이 아닙니다." in footer
    assert "prose" not in library.lake.digest(SAMPLE_DATE).read_text()


def test_what_a_model_is_called_and_a_translated_title_are_escaped() -> None:
    row: dict[str, Any] = {
        **dict.fromkeys(SCHEMA.names), "paper_id": "2505.00001", "status": "complete", "listed": True, "title": "T",
        "translated_title": "<b>제목</b>\n# 가짜", "model": "[x](https://evil.example)", "authors": [], "upvotes": 1,
        "comments": 0, "reasons": [], "source_kind": "abstract",
        **{f"{key}_basis": "absent" for key in SECTION_KEYS},
    }  # fmt: skip
    text = render_digest(SAMPLE_DATE, [row], "ko")
    flat = [token for block in MarkdownIt().parse(text) for token in (block, *(block.children or []))]
    assert not {"html_inline", "link_open"} & {token.type for token in flat}
    assert [tag for tag, _ in headings(text)].count("h1") == 1


def test_a_paper_that_left_the_listing_leaves_the_digest(serve: Callable[..., LocalServer], library: Library) -> None:
    listings = RecordedListings({SAMPLE_DATE: sample_items()[:2]})
    serve(listings, ScriptedModel())
    run_day(SAMPLE_DATE)
    listings.items_by_date[SAMPLE_DATE] = sample_items()[1:2]
    summary = run_day(SAMPLE_DATE)
    assert (summary.listed, summary.complete) == (1, 1)
    text = library.lake.digest(SAMPLE_DATE).read_text()
    assert "2505.14683" not in text
    assert "목록 1편" in text


@pytest.mark.parametrize(
    ("written", "closed"),
    [
        ("**모델(LM)**을 쓴다", "**모델**(LM)을 쓴다"),
        ("**모델(LM)** 을 쓴다", "**모델(LM)** 을 쓴다"),
        ("**50%**를 넘는다", "50%를 넘는다"),
        ("**BAGEL**을 쓴다", "**BAGEL**을 쓴다"),
        ("2**3과 `**x(y)**z`", "2**3과 `**x(y)**z`"),
    ],
)
def test_bold_before_a_particle_closes(written: str, closed: str) -> None:
    assert with_closed_bold(written) == closed


def test_nesting_does_not_hide_markup() -> None:
    assert not is_plain_markdown("- " * 12 + "# 제목 <img src=x>")
    assert not is_plain_markdown("문장이다. someone@a.example")


def test_an_empty_day_says_so() -> None:
    assert "등록된 논문이 없습니다" in render_digest(SAMPLE_DATE, [], "ko")
