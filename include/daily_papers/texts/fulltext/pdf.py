"""A paper's PDF, as passages. PDFium reads it in a process of its own: a broken file can crash or stall it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence

from daily_papers.texts.fulltext.characters import readable
from daily_papers.texts.fulltext.line_breaks import joined_pages, with_whole_words
from daily_papers.texts.fulltext.passages import (
    Passage,
    PassageKind,
    UnreadableError,
    kind_of,
    named_version,
    with_kinds_by_place,
)
from daily_papers.texts.fulltext.pdf_pages import NOT_OPENED

LONGEST_READING_SECONDS = 120
_FEWEST_PAGES = 4
_LEAST_ON_A_PAGE = 400
"""Characters; with less on the average page, the pages are pictures."""
_UNNUMBERED = re.compile(r"(abstract|references|bibliography|acknowledge?ments?|appendi(x|ces))[.:]?", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d{1,2}|[A-Z])[.:]?\s+(?=[A-Z])[^.!?;=|]{3,70}(?<!\s\d)(?<!\s\d\d)")
"""A heading; in a table of contents it ends in the number of a page."""


def read_pdf(body: bytes, paper_id: str) -> tuple[list[Passage], int | None]:
    """The passages of a PDF, and the version of the paper in the stamp on its first page.

    Raises:
        UnreadableError: PDFium cannot open it, found no text, or did not come to an end.
    """
    pages = _pages(body)
    version = named_version(pages[0], paper_id) if pages else None
    if len(pages) >= _FEWEST_PAGES and sum(map(len, pages)) < _LEAST_ON_A_PAGE * len(pages):
        raise UnreadableError(f"holds hardly any text on its {len(pages)} pages")
    text = readable(with_whole_words(joined_pages(pages)))
    lines = [line.rstrip() for line in text.split("\n")]
    passages = [passage for passage in _passages(lines) if passage.text]
    if not passages:
        raise UnreadableError("holds no text")
    return with_kinds_by_place(passages), version


def _pages(body: bytes) -> list[str]:
    """Texts of the pages, read by `pdf_pages` in a process of its own."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "daily_papers.texts.fulltext.pdf_pages"],
            input=body,
            capture_output=True,
            timeout=LONGEST_READING_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise UnreadableError(f"could not be read within {LONGEST_READING_SECONDS} s") from None
    if done.returncode == NOT_OPENED:
        raise UnreadableError("is not a PDF that can be opened")
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UnreadableError(f"could not be read ({said[-1][:200] if said else f'exit code {done.returncode}'})")
    pages: list[str] = json.loads(done.stdout)
    return pages


def _passages(lines: Sequence[str]) -> Iterator[Passage]:
    """Parts between headings; a numbered heading counts where its number is about the next one."""
    title, kind, text = "", PassageKind.OTHER, list[str]()
    expected = "1"
    for line in lines:
        numbered = _NUMBERED.fullmatch(line)
        if numbered and numbered[1] in (expected, _after(expected)):  # one may have been missed
            expected = _after(numbered[1])
        elif not _UNNUMBERED.fullmatch(line):
            text.append(line)
            continue
        yield Passage(title, kind, "\n".join(text).strip())
        title, kind, text = line, kind_of(line), []
        if kind is PassageKind.REFERENCES:
            expected = "A"
    yield Passage(title, kind, "\n".join(text).strip())


def _after(number: str) -> str:
    return str(int(number) + 1) if number.isdecimal() else chr(ord(number) + 1)
