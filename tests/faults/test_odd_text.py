"""Text that no reader, file or terminal should meet: the table "Odd text" of docs/faults.md, case by case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
from markdown_it import MarkdownIt

from daily_papers.ask.search import Filters, search_papers
from daily_papers.cli.arguments import MOST_DATES, dates_from
from daily_papers.errors import UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.listing.contract import BrokenItem, ListedPaper, parse_item
from daily_papers.outside_text import is_visible, on_one_line, printable, printable_json, visible, with_escapes
from daily_papers.period import parse_period
from daily_papers.redaction import redacted
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.upkeep import rebuild
from daily_papers.warehouse import publication
from daily_papers.writing.markdown_text import for_any_viewer, to_html
from daily_papers.writing.output import OutputFormat, formatted
from tests.support.data import captures, item, recordings
from tests.support.models import ScriptedModel, good_answer
from tests.support.steps import run_day

ODD = {
    "half an emoji (a lone surrogate)": "\ud83d",
    "NUL": "\x00",
    "an escape sequence": "\x1b[2J",
    "a C1 control": "\x9b",
    "DEL": "\x7f",
    "a directional override": "\u202e",
    "a directional isolate": "\u2066",
    "a directional mark": "\u200f",
    "a zero-width space": "\u200b",
    "a word joiner": "\u2060",
    "a byte order mark": "\ufeff",
    "a soft hyphen": "\u00ad",
    "a Hangul filler": "\u3164",
    "a tag": "\U000e0041",
    "a noncharacter": "\uffff",
    "a joiner between Latin letters": "\u200d",
    "a variation selector after a Latin letter": "\ufe0f",
}
KEPT = ("👩‍💻", "❤️", "1️⃣", "می‌خواهم", "क्‍ष", "葛󠄀", "가나다", "é", "a\u00a0b", "٣", "𝔸", "👍🏽")


@dataclass(frozen=True)
class Case:
    """One line of the table: a text, where it stands, and what becomes of it."""

    name: str
    place: str
    end: str


REPAIRED = "it is removed, and the paper is published"
CASES = [
    *(Case(name, "a title, author or other text of the listing; a model's answer", REPAIRED) for name in ODD),
    Case("any of them", "an address of the listing", "the address is null, and the paper is published"),
    Case("nothing else", "a title of the listing", "this item alone is quarantined: `listing_item_broken`"),
    Case("any of them", "a key that is new in the listing", r"reported as drift, by its escape (`\u200b`)"),
    Case("any of them", "a quote of the source", "the quote is compared without it"),
    Case("any of them", "an error message of a provider", "it is removed, even where it would split a key"),
    Case("an escape sequence or another control", "a table, CSV, Markdown, a message", "printed as `�`"),
    Case("an escape sequence or another control", "JSON", r"printed as its escape (`\u001b`), so nothing is lost"),
    Case("a figure that is not finite", "JSON", "null"),
    Case("`3~5% … 10~20%`, `==`, `%%`, `[^1]`, `[ ]`, `[[`, `$5 … $7`", "a section", "digests escape it"),
    Case("`0000-01`, `0001-01`, `9999-12`, `9999-W52`, `2025-W53`", "a period", "one line, exit code 2"),
    Case("`0001-01-01 2026-01-01`", "dates of a command", f"one line, exit code 2: more than {MOST_DATES:,} dates"),
]


def table() -> str:
    lines = ["| text | where | what happens to it |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {case.name} | {case.place} | {case.end} |" for case in CASES)]) + "\n"


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_nobody_can_see_goes(odd: str) -> None:
    kept = "[2J" if "[" in odd else ""
    assert visible(f"mod{odd}el") == f"mod{kept}el"
    assert not is_visible(f"mod{odd}el")
    on_one_line(f"mod{odd}el").encode()


@pytest.mark.parametrize("text", KEPT)
def test_what_writing_systems_and_emoji_need_stays(text: str) -> None:
    assert is_visible(text)


def test_every_character_alone_and_twice() -> None:
    for number in range(0x110000):
        sign = chr(number)
        cleaned = visible(f"a{sign}{sign}b")
        cleaned.encode()
        assert visible(cleaned) == cleaned
        if unicodedata.category(sign) in ("Cc", "Cs"):
            assert cleaned.replace("\n", "").replace("\t", "") == "ab"


def everywhere(odd: str) -> Any:
    made = item("2505.00001", title=f"A {odd}title", summary=f"An {odd}abstract about gliders", ai_summary=f"One{odd}")
    made["paper"]["authors"] = [{**made["paper"]["authors"][0], "name": name} for name in (f"A{odd}", odd)]
    made["paper"] |= {"ai_keywords": [f"key{odd}", odd], "githubRepo": f"https://github.com/a/b{odd}", f"new{odd}": 1}
    made["paper"] |= {"organization": {"name": f"Org{odd}"}, "projectPage": f"https://example.org/{odd}"}
    made["paper"]["submittedOnDailyBy"] = {"user": f"user{odd}"}
    return made


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_item_with_odd_text_is_a_paper(odd: str) -> None:
    paper, drift = parse_item(everywhere(odd))
    assert isinstance(paper, ListedPaper), paper
    texts = [paper.title, paper.abstract, *paper.authors, *paper.keywords, paper.submitted_by, paper.organization]
    assert all(text and is_visible(text) for text in [*texts, paper.hf_summary])
    assert (paper.github_repository, paper.project_page) == (None, None)
    assert paper.authors[0].startswith("A")
    [new] = [what for what in drift if "new" in what]
    assert new == f"paper.{with_escapes(f'new{odd}')}"
    json.dumps(sorted(drift), ensure_ascii=False).encode()


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_title_of_nothing_else_breaks_its_item_alone(odd: str) -> None:
    if "[" not in odd:
        broken, _ = parse_item(item("2505.00001", title=odd * 3))
        assert isinstance(broken, BrokenItem)
        assert broken.problem.startswith("paper.title")
    broken, _ = parse_item(item(f"2505.00001{odd}"))
    assert isinstance(broken, BrokenItem)
    broken.problem.encode()


def test_recorded_texts_stay_as_they_are() -> None:
    papers = 0
    for day in recordings():
        for items in captures(day).values():
            for one in items:
                paper, _ = parse_item(one)
                if isinstance(paper, ListedPaper):
                    papers += 1
                    assert paper.title == " ".join(one["paper"]["title"].split())
                    assert paper.abstract == " ".join(one["paper"]["summary"].split())
                    names = [" ".join(author["name"].split()) for author in one["paper"]["authors"]]
                    assert list(paper.authors) == names
    assert papers > 1000


def odd_answer(paper_id: str, text: str, odd: str) -> Reply:
    made = good_answer({"paper_id": paper_id, "text": text})
    made["title_ko"] = f"{odd}{made['title_ko']}"
    for section in made["sections"].values():
        section["markdown"] = section["markdown"][:5] + odd + section["markdown"][5:]
        section["quotes"] = [quote[:5] + odd + quote[5:] for quote in section["quotes"]]
    content = json.dumps(made)
    return Reply.of_json(
        200,
        {
            "choices": [{"finish_reason": "stop\ud83d", "message": {"role": "assistant", "content": content}}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        },
    )


def test_a_day_of_odd_text_is_published_and_rebuilt(serve: Callable[..., LocalServer], library: Library) -> None:
    odd = "".join(sign for sign in ODD.values() if sign != "\x1b[2J")
    first, second = everywhere(odd), item("2505.00002")
    broken = item("2505.00003", title="\ud83d\u200b")
    texts = {"2505.00001": "An abstract about gliders", "2505.00002": second["paper"]["summary"]}
    serve(
        RecordedListings({SAMPLE_DATE: [first, second, broken]}),
        ScriptedModel({paper_id: [odd_answer(paper_id, text, odd)] for paper_id, text in texts.items()}),
    )
    summary = run_day(SAMPLE_DATE)
    assert (summary.complete, summary.quarantined) == (2, 1)
    digest = library.lake.digest(SAMPLE_DATE).read_text()
    assert is_visible(digest)
    rows = read_day_file(library, SAMPLE_DATE)
    assert is_visible(json.dumps(rows, ensure_ascii=False, default=str))
    library = open_library()
    day_file = library.lake.day_file(SAMPLE_DATE).read_bytes()
    assert rebuild.rebuild_days(library, [SAMPLE_DATE], lambda _: None) == {}
    publication.rebuild(library, lambda _: None)
    assert library.lake.day_file(SAMPLE_DATE).read_bytes() == day_file
    word = rows[1]["method_markdown"].split()[0]
    assert search_papers(library, f"{word[0]}\u200b{word[1:]}", Filters(), most=10).matches


def test_a_key_with_something_invisible_in_it_is_redacted() -> None:
    assert redacted("no: sk-\u200babcdef\u00adghijkl and \ud83d\x1b[2Jend", "secret") == "no: [key] and [2Jend"
    assert redacted("my\u2060secret", "mysecret") == "[key]"


@pytest.mark.parametrize(
    "text",
    ["3~5% … 10~20%", "~~a~~", r"\~a~", "a~b", "== a ==b==", "%%a%%", "[[a]]", "$5 and $7", "a[^1]\n\n[^1]: b c"],
)
def test_sections_show_as_written(text: str) -> None:
    shown = for_any_viewer(text)
    github = cmarkgfm.github_flavored_markdown_to_html(shown)
    assert "<del>" not in github
    assert "footnote" not in github
    plain = MarkdownIt("commonmark").render(text)
    assert MarkdownIt("commonmark").enable("strikethrough").render(shown) == to_html(shown) == plain
    assert github.strip() == plain.strip()
    assert for_any_viewer(shown) == shown


@pytest.mark.parametrize("text", ["`a~b` c", "``a ` ~``", "$x^2$ `$5 $6`", "**a** *b*", "- a\n- b", "`a\\` b"])
def test_code_and_formulas_stay(text: str) -> None:
    assert for_any_viewer(text) == text


def test_code_ends_with_its_paragraph() -> None:
    assert for_any_viewer("`a\n\nb~c` d~") == "`a\n\nb\\~c` d\\~"
    assert for_any_viewer("- `a\n- b~c`") == "- `a\n- b\\~c`"
    assert for_any_viewer("- [ ] a") == r"- \[ ] a"
    assert len(for_any_viewer("`~" * 100_000)) >= 200_000  # linear, or this would not end


OBEYED = "\x00\x07\x08\x0b\x0c\x1b[2J\x7f\x85\x9b\u2028\u2029\u202e\u2066\u200e\u061c"


@pytest.mark.parametrize("output_format", OutputFormat)
def test_nothing_a_terminal_obeys_is_printed(output_format: OutputFormat) -> None:
    text = printable(formatted([f"a{OBEYED}"], [[f"b{OBEYED}"], [[OBEYED]], [{OBEYED: OBEYED}]], output_format))
    assert not set(OBEYED) - set("[2J") & set(text)
    if output_format is OutputFormat.JSON:
        assert [list(row) for row in json.loads(text)] == [[f"a{OBEYED}"]] * 3
        assert json.loads(text)[0][f"a{OBEYED}"] == f"b{OBEYED}"


def test_json_is_valid_whatever_the_values() -> None:
    values = [float("nan"), float("inf"), {1: {2: "a"}}, [float("-inf")], 0.1 + 0.2, True, None]
    text = formatted(list("abcdefg"), [values], OutputFormat.JSON)
    assert list(json.loads(text)[0].values()) == [None, None, {"1": {"2": "a"}}, [None], 0.1 + 0.2, True, None]
    assert json.loads(printable_json('"\ud83d\x9b"')) == "\ud83d\x9b"


def papers(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = Path(sys.executable).with_name("papers")
    return subprocess.run([command, *arguments], capture_output=True, check=False, env={**os.environ, **environment})


@pytest.mark.usefixtures("loaded")
def test_the_command_prints_nothing_a_terminal_obeys() -> None:
    for query in ("SELECT error(chr(27) || '[2J')", 'SELECT chr(27) || chr(155) AS "x\x1b[2J"'):
        for output_format in OutputFormat:
            done = papers("sql", query, "--format", output_format)
            assert not {"\x1b", "\x9b"} & set((done.stdout + done.stderr).decode())
            assert done.returncode == (2 if "error" in query else 0)
            assert b"Traceback" not in done.stderr


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    "arguments",
    [
        *(("round-up", name) for name in ("0000-01", "0001-01", "0001-W01", "9999-12", "9999-W52", "2025-W53")),
        ("status", "0001-01-01", "2026-01-01"),
        ("status", "9999-12-31"),
        ("costs", "0001-01-01", "2026-01-01"),
        ("sql", "top_papers", "--param", "most=" + "9" * 40),
        ("sql", "SELECT '\udcff'"),
    ],
)
def test_odd_arguments_are_refused_in_one_line(arguments: tuple[str, ...]) -> None:
    done = papers(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith(b"Error: ")


def test_a_range_has_a_sensible_length(library: Library) -> None:
    assert len(dates_from(library, "2016-01-01", "2025-12-31")) == MOST_DATES - 7
    with pytest.raises(UserError, match="3,660"):
        dates_from(library, "0001-01-01", "2025-12-31")


def test_periods_at_the_edges_of_the_calendar() -> None:
    assert parse_period("9999-11").before.name == "9999-10"
    assert parse_period("0001-02").before.name == "0001-01"
