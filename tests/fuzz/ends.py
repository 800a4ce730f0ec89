"""What every day must look like in the end, whatever came in: rows, digest, and what the commands print."""

from __future__ import annotations

import json
import re
import signal
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from daily_papers.audit.day_status import DaySummary
from daily_papers.lake.library import open_library
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.server import LISTING_PATH, SAMPLE_DATE, LocalServer, Reply
from daily_papers.settings import load_settings
from daily_papers.wording.headings_and_labels import numbered_headings, wording_of
from tests.support.contents import published
from tests.support.papers import papers
from tests.support.served import environment_of

LANGUAGE = "ko"
SECONDS_OF_A_DAY = 120
"""A day of a dozen papers takes about a second; what has not ended after so many never ends."""
BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSEEN = frozenset("\u200b\u2060\ufeff\u00ad\u180e\U000e0041")
_ADDRESS = re.compile(r"(?i)\b(?:https?|ftp)://\w|\bwww\.\w|[\w.+-]@\w+\.\w")
_OURS = re.compile(r"🔗 https://huggingface\.co/papers/[\w.]+")
_STRUCK = re.compile(r"(?<!~)(~{1,2})(?=\S)[^~\n]*(?<=\S)\1(?!~)")
_PAGE = "https://huggingface.co/papers/"


class EndlessError(AssertionError):
    """A day took so long that it may take for ever."""


@contextmanager
def an_end(seconds: int = SECONDS_OF_A_DAY) -> Iterator[None]:
    """Turns what hangs into a failure of this input, with the place where it was."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise EndlessError(f"no end after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def a_day(listing: bytes, answers: Any, documents: Any = None) -> Iterator[LocalServer]:
    """A home of its own, and a server whose listing is one page of these bytes."""

    def served(query: dict[str, str]) -> Reply:
        if query.get("p", "0") != "0":
            return Reply.of_json(200, [])
        link = f'<{LISTING_PATH}?date={query["date"]}&limit={query["limit"]}&p=1>; rel="next"'
        return Reply(200, listing, {"Content-Type": "application/json; charset=utf-8", "Link": link})

    with ExitStack() as stack:
        home = stack.enter_context(TemporaryDirectory(prefix="fuzz-"))
        server = stack.enter_context(
            LocalServer(served, answers, documents) if documents else LocalServer(served, answers)
        )
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        short = {"DAILY_PAPERS_MAX_RETRIES": "0", "DAILY_PAPERS_TIMEOUT_SECONDS": "20"}
        source = {"DAILY_PAPERS_SOURCE": "full_text" if documents else "abstract"}
        for name, value in {**environment_of(server), **short, **source, "DAILY_PAPERS_HOME": home}.items():
            patch.setenv(name, value)
        stack.enter_context(an_end())
        yield server


def home_path() -> Path:
    return Path(load_settings().home_path.path)


def rows_of_the_day(summary: DaySummary) -> dict[str, dict[str, Any]]:
    """The rows by paper id, which are as many as the summary says, each with an end and a reason for it."""
    rows = read_day_file(open_library(), SAMPLE_DATE)
    found = {row["paper_id"]: row for row in rows}
    assert len(found) == len(rows)
    assert len(rows) == summary.listed == summary.complete + summary.quarantined + summary.pending
    for row in rows:
        assert row["status"] in ("complete", "quarantined", "pending")
        assert bool(row["reasons"]) == (row["status"] != "complete"), (row["paper_id"], row["status"], row["reasons"])
    return found


def unprintable(text: str) -> set[str]:
    """The characters of a text that a file, a terminal or a reader stumbles over."""
    return {
        f"U+{ord(sign):04X}"
        for sign in set(text)
        if (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in "\n\t") or sign in BIDIRECTIONAL
    }


def check_complete_rows(rows: Sequence[dict[str, Any]]) -> None:
    """What readers see of a row: the fields that every paper has, and no text that cannot be shown."""
    for row in rows:
        assert isinstance(row["title"], str), row["paper_id"]
        assert row["title"].strip(), row["paper_id"]
        assert isinstance(row["upvotes"], int), row["paper_id"]
        for column, value in row.items():
            text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)
            assert not unprintable(text), (row["paper_id"], column, unprintable(text))


def _parser() -> MarkdownIt:
    # escaped signs stay tokens of their own: what is left in texts is what GitHub would still read as a sign
    return MarkdownIt("commonmark", {"maxNesting": 1000}).enable(["table", "strikethrough"]).disable("text_join")


def check_digest(text: str, rows: Sequence[dict[str, Any]], listing_date: date = SAMPLE_DATE) -> None:
    """A digest as GitHub reads it holds our headings, our links and nothing that a paper or a model brought."""
    assert not unprintable(text), unprintable(text)
    tokens = _parser().parse(text)
    complete = [row for row in rows if row["status"] == "complete"]
    labels = wording_of(LANGUAGE).labels
    headings = [(token.tag, tokens[at + 1].content) for at, token in enumerate(tokens) if token.type == "heading_open"]
    numbered = [("h3", heading) for heading in numbered_headings(LANGUAGE).values()]
    expected = [("h1", f"📰 Hugging Face Daily Papers – {listing_date}")]
    for row in sorted(complete, key=lambda one: (-one["upvotes"], one["paper_id"])):
        expected += [("h2", row["paper_id"]), *numbered]
    expected += [("h2", labels["footer"])]
    expected += [("h3", labels["missing"])] if len(complete) < len(rows) else []
    assert headings == expected
    assert sum(token.type == "hr" for token in tokens) == len(complete)
    for foreign in ("html_block", "fence", "code_block", "table_open", "blockquote_open"):
        assert foreign not in {token.type for token in tokens}, foreign
    for token in tokens:
        if token.type == "inline":
            _check_inline(token, labels)


def _check_inline(token: Token, labels: dict[str, str]) -> None:
    children = token.children or []
    for at, child in enumerate(children):
        assert child.type not in ("html_inline", "image", "s_open"), (child.type, token.content[:200])
        if child.type == "link_open":
            address, words = str(child.attrs["href"]), children[at + 1].content
            ours = address.startswith(_PAGE) or words in (labels["project"], labels["code"])
            assert ours, (address, token.content[:200])
            assert address.startswith(("http://", "https://")), address
    for child in children:
        if child.type == "text":
            assert _OURS.fullmatch(token.content) or not _ADDRESS.search(child.content), child.content[:200]
            assert not _STRUCK.search(child.content), child.content[:200]


def check_commands(paper_ids: Sequence[str], *, problems: bool) -> None:
    """The library is made again from its inputs as it was, and every command says what it has, printably."""
    before = published(home_path())
    done = papers("papers rebuild --from-inputs")
    assert (done.exception, done.code) == ("", 0), done
    assert published(home_path()) == before
    commands = [
        "papers status --format csv",
        f"papers digest {SAMPLE_DATE}",
        f"papers export {SAMPLE_DATE} --style digest",
        f"papers quarantine {SAMPLE_DATE}",
        f"papers quarantine {SAMPLE_DATE} --format csv",
        *(f"papers show {paper_id} --format {kind}" for paper_id in paper_ids[:2] for kind in ("csv", "md", "table")),
    ]
    for command in commands:
        done = papers(command)
        assert done.exception == "", done
        assert done.code == 0 or (problems and done.stderr), done
        assert not unprintable(done.stdout.replace("\x1b", "") if "table" in command else done.stdout), (
            command,
            unprintable(done.stdout),
        )
        assert not unprintable(done.stderr), (command, unprintable(done.stderr))
