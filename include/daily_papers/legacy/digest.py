"""Digests of the user's earlier script: parsed into their parts, and written again from those parts.

The form (one entry, `·` is a trailing space):

    ## 2505.14683
    🔗 https://huggingface.co/papers/2505.14683

    **Summary**:
    ```markdown
    # 논문 요약: TITLE

    ## 1. 핵심 동기와 문제 정의

    TEXT … seven sections
    ```
    ·

    ---
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from upath import UPath

from daily_papers.dates import parse_listing_date
from daily_papers.errors import UserError
from daily_papers.lake.files import RESTORE, if_readable, read_record, write_record
from daily_papers.lake.layout import checked_paper_id
from daily_papers.lake.library import Library
from daily_papers.sections import SECTION_KEYS, SectionKey
from daily_papers.wording.headings_and_labels import numbered_headings

_HEADER = re.compile(r"# 📰 Hugging Face Daily Papers – (\S+)\n\n")
_ENTRY = re.compile(r"## (\S+)\n🔗 (\S+)\n\n\*\*Summary\*\*:\n")
_ENTRY_END = " \n\n---\n\n"
_FENCE_START, _FENCE_END = "```markdown\n", "\n```\n"
_HEADINGS = numbered_headings("ko")


class TitleForm(StrEnum):
    """How the title line names the paper."""

    PLAIN = "# {title}"
    PREFIXED = "# 논문 요약: {title}"
    SUFFIXED = "# {title}: 논문 요약"


@dataclass(frozen=True)
class LegacyPaper:
    """One entry: text of the sections is kept to the byte, the rest is known by its form."""

    paper_id: str
    title: str
    title_form: TitleForm
    fenced: bool
    sections: dict[SectionKey, str]


@dataclass(frozen=True)
class LegacyDigest:
    """An older digest of one date."""

    listing_date: date
    papers: tuple[LegacyPaper, ...]


def parse_legacy_digest(text: str) -> LegacyDigest:
    """The parts of an older digest.

    Raises:
        UserError: it is not in that form; names the paper and what is missing or different.
    """
    if text.startswith("\ufeff") or "\r" in text:
        raise UserError("The file has a byte order mark or Windows line endings. Save it as plain UTF-8 with LF.")
    header = _HEADER.match(text)
    if not header:
        raise UserError("Not an older digest: it must begin with '# 📰 Hugging Face Daily Papers – YYYY-MM-DD'.")
    listing_date = parse_listing_date(header[1])
    starts = list(_ENTRY.finditer(text, header.end()))
    if not starts or starts[0].start() != header.end():
        raise UserError("No entry ('## ID', '🔗 address', '**Summary**:') follows the header.")
    ends = [start.start() for start in starts[1:]] + [len(text)]
    papers = tuple(_parse_entry(start, text[start.end() : end]) for start, end in zip(starts, ends, strict=True))
    counts = Counter(paper.paper_id for paper in papers)
    if repeated := sorted(paper_id for paper_id, count in counts.items() if count > 1):
        raise UserError(f"Papers with more than one entry: {', '.join(repeated)}. Keep one of each.")
    digest = LegacyDigest(listing_date, papers)
    if render_legacy_digest(digest) != text:
        raise UserError("The digest's spacing differs from the known format, so an export would not reproduce it.")
    return digest


def _parse_entry(start: re.Match[str], text: str) -> LegacyPaper:
    paper_id = checked_paper_id(start[1])
    if start[2] != _address(paper_id):
        raise UserError(f"{paper_id}: the address is {start[2]}, not {_address(paper_id)}.")
    if not text.endswith(_ENTRY_END):
        raise UserError(f"{paper_id}: the entry does not end with a line '---'.")
    summary = text.removesuffix(_ENTRY_END)
    fenced = summary.startswith(_FENCE_START) and summary.endswith(_FENCE_END)
    if fenced:
        summary = summary.removeprefix(_FENCE_START).removesuffix(_FENCE_END)
    title_line, _, body = summary.partition("\n\n")
    title, form = _parse_title(paper_id, title_line)
    return LegacyPaper(paper_id, title, form, fenced, _parse_sections(paper_id, body))


def _parse_title(paper_id: str, line: str) -> tuple[str, TitleForm]:
    for form in (TitleForm.PREFIXED, TitleForm.SUFFIXED, TitleForm.PLAIN):
        before, after = form.split("{title}")
        if line.startswith(before) and line.endswith(after) and "\n" not in line:
            return line.removeprefix(before).removesuffix(after), form
    raise UserError(f"{paper_id}: the summary starts with {line[:60]!r}, not with a title line '# …'.")


def _parse_sections(paper_id: str, body: str) -> dict[SectionKey, str]:
    sections: dict[SectionKey, str] = {}
    rest = "\n\n" + body
    for key, following in zip(SECTION_KEYS, (*SECTION_KEYS[1:], None), strict=True):
        rest = _after_heading(paper_id, rest, key)
        end = rest.find(_heading_block(following)) if following else len(rest)
        if end < 0 and following:
            raise UserError(f"{paper_id}: the section '{_HEADINGS[following]}' is missing or out of order.")
        sections[key], rest = rest[:end], rest[end:]
        if not sections[key].strip():
            raise UserError(f"{paper_id}: the section '{_HEADINGS[key]}' is empty.")
        if repeated := [heading for heading in _HEADINGS.values() if f"## {heading}\n" in sections[key]]:
            raise UserError(f"{paper_id}: the section '{repeated[0]}' occurs twice.")
    return sections


def _after_heading(paper_id: str, text: str, key: SectionKey) -> str:
    block = _heading_block(key)
    if not text.startswith(block):
        raise UserError(f"{paper_id}: the section '{_HEADINGS[key]}' is missing or out of order.")
    return text.removeprefix(block)


def _heading_block(key: SectionKey) -> str:
    return f"\n\n## {_HEADINGS[key]}\n\n"


def _address(paper_id: str) -> str:
    return f"https://huggingface.co/papers/{paper_id}"


def render_legacy_digest(digest: LegacyDigest) -> str:
    """The digest as the earlier script wrote it, from its parts."""
    return f"# 📰 Hugging Face Daily Papers – {digest.listing_date}\n\n" + "".join(map(_render_entry, digest.papers))


def _render_entry(paper: LegacyPaper) -> str:
    summary = paper.title_form.format(title=paper.title)
    summary += "".join(_heading_block(key) + paper.sections[key] for key in SECTION_KEYS)
    if paper.fenced:
        summary = _FENCE_START + summary + _FENCE_END
    return f"## {paper.paper_id}\n🔗 {_address(paper.paper_id)}\n\n**Summary**:\n{summary}{_ENTRY_END}"


def store_legacy_digest(library: Library, digest: LegacyDigest) -> None:
    """Keeps the parts in `lake/legacy/`.

    Raises:
        UserError: another digest of that date was imported before; inputs are never replaced.
    """
    path = library.lake.legacy(digest.listing_date)
    other = if_readable(path, _read)
    if other is not None and other != digest:
        raise UserError(
            f"Another digest of {digest.listing_date} was imported before: {path}. Move it away to import this one."
        )
    papers = (
        _KeptPaper(one.paper_id, one.title, one.title_form.name, one.fenced, one.sections) for one in digest.papers
    )
    write_record(path, _KeptDigest(digest.listing_date, tuple(papers)))


def read_stored_legacy_digest(library: Library, listing_date: date) -> LegacyDigest:
    """The parts of an imported digest.

    Raises:
        UserError: none was imported for that date.
        DamagedFileError: it cannot be read.
    """
    path = library.lake.legacy(listing_date)
    if not path.exists():
        raise UserError(f"No older digest of {listing_date} was imported. Run `papers import FILE.md` first.")
    return _read(path)


def _read(path: UPath) -> LegacyDigest:
    kept = read_record(path, _KeptDigest, f"{RESTORE} Or import the digest again: `papers import FILE.md`.")
    papers = (
        LegacyPaper(one.paper_id, one.title, TitleForm[one.title_form], one.fenced, one.sections) for one in kept.papers
    )
    return LegacyDigest(kept.listing_date, tuple(papers))


@dataclass(frozen=True)
class _KeptPaper:
    """An entry as its file has it: the form of the title by its name."""

    paper_id: Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]{4,5}$")]
    title: str
    title_form: Annotated[str, Field(pattern=f"^({'|'.join(TitleForm.__members__)})$")]
    fenced: bool
    sections: Annotated[dict[SectionKey, str], Field(min_length=len(SECTION_KEYS))]


@dataclass(frozen=True)
class _KeptDigest:
    """An older digest as its file has it."""

    listing_date: date
    papers: tuple[_KeptPaper, ...]
