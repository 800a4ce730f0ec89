"""Text from outside that nobody should meet, through a whole day (one by one: `test_odd_text`)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import cmarkgfm
import pytest
from markdown_it import MarkdownIt

from daily_papers.errors import UserError
from daily_papers.lake.library import Library
from daily_papers.outside_text import is_visible, printable, visible
from daily_papers.period import parse_period
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.writing.markdown_text import to_html
from tests.support.data import item
from tests.support.models import ScriptedModel, good_answer
from tests.support.papers import papers
from tests.support.steps import run_day

Serve = Callable[..., LocalServer]
DAY = SAMPLE_DATE.isoformat()
ODD, GOOD = "2505.00001", "2505.00002"
UNSEEN = {
    "a lone surrogate": "\ud83d",
    "NUL": "\x00",
    "an escape sequence": "\x1b[31m",
    "a C1 control": "\x9b31m",
    "a directional override": "\u202e",
    "a directional isolate": "\u2066",
    "a right-to-left mark": "\u200f",
    "a zero-width space": "\u200b",
    "a byte order mark": "\ufeff",
    "a tag character": "\U000e0041",
    "a noncharacter": "\uffff",
    "a soft hyphen": "\u00ad",
}
OPTIONAL = ("githubRepo", "projectPage", "ai_summary")


@dataclass(frozen=True)
class Case:
    """One line of the table: where the odd text stands, the change that puts it there, and how the paper ends."""

    name: str
    change: Callable[[dict[str, Any], str], object]
    end: str = "complete"


def of_paper(key: str, *, address: str = "") -> Callable[[dict[str, Any], str], object]:
    return lambda one, odd: one["paper"].update({key: f"{address or 'A'}{odd}b"})


CASES = [
    Case("a title", of_paper("title")),
    Case("an abstract", lambda one, odd: one["paper"].update(summary=f"{one['paper']['summary']} {odd} It ends.")),
    Case(
        "an author", lambda one, odd: one["paper"].update(authors=[{"_id": "1", "name": f"A{odd}b", "hidden": False}])
    ),
    Case("the address of code", of_paper("githubRepo", address="https://github.com/a/")),
    Case("a project page", of_paper("projectPage", address="https://example.org/")),
    Case("Hugging Face's summary", of_paper("ai_summary")),
    Case("a keyword", lambda one, odd: one["paper"].update(ai_keywords=[f"A{odd}b", "fine"])),
    Case("an organization", lambda one, odd: one["paper"].update(organization={"_id": "1", "name": f"A{odd}b"})),
    Case("a submitter", lambda one, odd: one["paper"].update(submittedOnDailyBy={"_id": "1", "user": f"A{odd}b"})),
    Case("an unknown key", lambda one, odd: one["paper"].update({f"new{odd}key": f"A{odd}b"})),
    Case("the id", lambda one, odd: one["paper"].update(id=f"2505.0000{odd}1"), "quarantined"),
    Case("a time", lambda one, odd: one["paper"].update(publishedAt=f"2025-05-20T04:{odd}00:00.000Z"), "quarantined"),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_odd_text_in_a_listing_costs_no_other_paper_and_reaches_nobody(
    case: Case, serve: Serve, library: Library
) -> None:
    odd_items = []
    for number, odd in enumerate(UNSEEN.values()):
        one = item(f"2505.1{number:04}")
        case.change(one, odd)
        if case.name == "the id":
            one["title"] = f"{one['title']} {number}"
        odd_items.append(one)
    body = json.dumps([*odd_items, item(GOOD)]).encode()  # as JavaScript sends it: half a pair is an escape
    pages = {"0": Reply(200, body, {"Content-Type": "application/json"})}
    serve(lambda query: pages.get(query["p"], Reply.of_json(200, [])), ScriptedModel())
    summary = run_day(SAMPLE_DATE)
    assert summary.listed == len(UNSEEN) + 1
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    assert rows[GOOD]["status"] == "complete"
    for row in rows.values():
        if row["paper_id"] != GOOD:
            assert row["status"] == case.end, row
        assert all(is_visible(text) for text in texts_in(row)), row
    for command in (
        "papers rebuild --from-inputs", f"papers digest {DAY}", "papers status", f"papers show {GOOD} --format json",
        f"papers export {DAY} --style digest", "papers quarantine --format csv", f"papers report {DAY}",
    ):  # fmt: skip
        done = papers(command)
        assert done.code == 0, done
        assert printable(done.stdout + done.stderr) == done.stdout + done.stderr, command


def texts_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in texts_in(one)]


@pytest.mark.parametrize("name", UNSEEN)
def test_what_nobody_sees_in_an_answer_is_not_published(name: str, serve: Serve, library: Library) -> None:
    odd = UNSEEN[name]
    papers_listed = [item(ODD), item(GOOD)]
    made = good_answer({"paper_id": ODD, "text": " ".join(papers_listed[0]["paper"]["summary"].split())})
    made["title_ko"] = f"시험{odd}용 제목"
    section = made["sections"]["method"]
    section["markdown"] = section["markdown"].replace("어댑터", f"어댑{odd}터")
    section["quotes"] = [quote.replace(" ", f"{odd} ", 1) for quote in section["quotes"]]
    answer = json.dumps(made)
    serve(RecordedListings({SAMPLE_DATE: papers_listed}), ScriptedModel({ODD: [answer]}))
    run_day(SAMPLE_DATE)
    [row] = [row for row in read_day_file(library, SAMPLE_DATE) if row["paper_id"] == ODD]
    rest = visible(odd)
    assert all(is_visible(text) for text in texts_in(row))
    if not rest:  # nothing of it was to be seen
        assert (row["status"], row["translated_title"]) == ("complete", "시험용 제목")
        assert ODD in papers("papers search 어댑터 --format csv").stdout
    digest = (library.lake.home / "digests" / f"{DAY}.md").read_bytes()
    assert visible(digest.decode()) == digest.decode()


RANGES = [
    "정확도는 3~5% 올랐고 속도는 10~20% 빨라졌다.",
    "3~5배 … 7~9배이다.",
    "지워진 ~~ 것이 ~~ 아니다",
    "범위는 1 ~ 2, 3 ~ 4이다.",
    "`a~b`와 `c~d`는 코드다.",
    "이미 \\~ 표시된 \\~ 물결이다.",
    "**3~5배** 빠르고 *7~9배* 작다.",
    "- 3~5\n- 7~9",
]


@pytest.mark.parametrize("text", RANGES)
def test_a_range_is_shown_as_written_wherever_a_digest_is_read(text: str, serve: Serve, library: Library) -> None:
    listed = item(ODD)
    listed["paper"]["summary"] += " It is 1 2 3 4 5 7 9 10 20 times: 3~5% and 10~20%, 3~5x, 7~9x."
    made = good_answer({"paper_id": ODD, "text": " ".join(listed["paper"]["summary"].split())})
    made["sections"]["method"]["markdown"] += f"\n\n{text}"
    serve(RecordedListings({SAMPLE_DATE: [listed]}), ScriptedModel({ODD: [json.dumps(made)]}))
    run_day(SAMPLE_DATE)
    digest = papers(f"papers digest {DAY}").stdout
    assert "~" in digest, "the section is not in the digest"
    markdown_it = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(digest)
    github = cmarkgfm.github_flavored_markdown_to_html(digest)
    for html in (github, markdown_it, to_html(digest)):
        assert "<del>" not in html
        assert "<s>" not in html
    plain = re.sub(r"<[^>]+>", "", github)
    shown = re.sub(r"[*`\\]|^- ", "", text, flags=re.MULTILINE).splitlines()[0]
    assert shown in plain


HOSTILE_SQL = [
    "SELECT error(chr(27) || '[2J')",
    "SELECT chr(27) || '[2J' AS x",
    'SELECT 1 AS "\x1b]0;title\x07"',
    "SELECT chr(155) || '31m', chr(8238), chr(7)",
    "SELECT \x1b[31m",
]


@pytest.mark.parametrize("output_format", ["table", "json", "csv", "md"])
def test_nothing_that_a_terminal_obeys_is_printed(output_format: str, serve: Serve) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item(GOOD)]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    from tests.support import papers as runner

    for sql in HOSTILE_SQL:
        done = runner.run(["papers", "sql", sql, "--format", output_format])
        assert done.exception == ""
        assert printable(done.stdout) == done.stdout, sql
        assert printable(done.stderr) == done.stderr, sql
        if output_format == "json" and done.code == 0:
            [row] = json.loads(done.stdout)
            assert any(not is_visible(str(one)) for one in (*row, *row.values())), "JSON keeps what was there"
        if output_format == "csv" and done.code == 0:
            assert len(list(csv.reader(io.StringIO(done.stdout)))) == 2


@pytest.mark.parametrize(
    "name",
    [
        "0001-01",
        "0001-W01",
        "9999-12",
        "9999-W52",
        "9999-W53",
        "0000-01",
        "2025-W53",
        "2025-13",
        "2025-00",
        "2025-W00",
        "x",
    ],
)
def test_a_period_at_the_edge_of_the_calendar_ends_in_one_line(name: str, serve: Serve) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item(GOOD)]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    done = papers(f"papers round-up {name}")
    assert (done.code, done.exception, done.stderr.count("\n")) == (2, "", 1), done
    with suppress(UserError):
        assert parse_period(name).before


@pytest.mark.parametrize(
    "command", ["status 0001-01-01 2026-01-01", "report 0001-01-01 2026-01-01", "costs 0001-01-01", "status 9999-12-31"]
)
def test_a_date_at_the_edge_of_the_calendar_ends_in_one_line(command: str, serve: Serve) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item(GOOD)]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    done = papers(f"papers {command}")
    assert done.exception == ""
    assert done.code in (0, 2)


def test_a_piped_table_is_whole_and_money_has_no_rest(serve: Serve) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item(GOOD)]}), ScriptedModel())
    run_day(SAMPLE_DATE)
    head, _, row = papers("papers status").stdout.strip().splitlines()
    assert "listing_date" in head
    assert DAY in row
    assert not re.search(r"\d\.\d{10,}", papers("papers costs").stdout)
