"""Step 6: the day's Markdown digest, rendered from audited rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from daily_papers.audit.day_status import summarize_rows
from daily_papers.errors import DamagedFileError
from daily_papers.lake.files import read_whole, write_atomically
from daily_papers.lake.library import Library
from daily_papers.reasons import text_of
from daily_papers.rows.day_file import RowStatus, read_day_file, set_aside
from daily_papers.sections import LANGUAGES
from daily_papers.wording.headings_and_labels import numbered_headings, wording_of
from daily_papers.writing.markdown_text import escaped
from daily_papers.writing.templating import markdown_template

_ADDRESS_SIGNS = ":/?#[]@!$&'()*+,;=%~"
AUTHORS_SHOWN = 10
"""Authors named before `and N more`: one recorded paper has 3,303."""


def render_digest(listing_date: date, rows: Sequence[Mapping[str, Any]], language: str) -> str:
    """The digest of a date: complete listed papers by votes, then how many are missing and why.

    Titles, names and everything else from outside is escaped; section text passed the audit's Markdown check.
    """
    listed = sorted((row for row in rows if row["listed"]), key=lambda row: (-(row["upvotes"] or 0), row["paper_id"]))
    missing = [row for row in listed if row["status"] != RowStatus.COMPLETE]
    wording = wording_of(language)
    return markdown_template("digest").render(
        day=summarize_rows(listing_date, [dict(row) for row in rows]),
        papers=[row for row in listed if row["status"] == RowStatus.COMPLETE],
        missing=missing,
        reason_counts=Counter(code for row in missing for code in row["reasons"]).most_common(),
        wording=wording,
        labels=wording.labels,
        headings=numbered_headings(language),
        authors=lambda paper: _authors(paper["authors"], wording.labels["and_others"]),
        links=lambda paper: _links(paper, wording.labels),
        reasons=lambda codes: _reasons(codes, language),
        set_aside=set_aside,
    )


def render_stored_day(library: Library, listing_date: date) -> str:
    """The digest of a date's day file; FileNotFoundError where there is none."""
    rows = read_day_file(library, listing_date)
    return render_digest(listing_date, rows, rows[0]["language"] if rows else LANGUAGES[0])


def published_digest(library: Library, listing_date: date) -> str | None:
    """The published digest of a date; None where there is none.

    Raises:
        DamagedFileError: it is not text.
    """
    path = library.lake.digest(listing_date)
    remedy = f"`papers rebuild {listing_date}` rebuilds it."
    try:
        return read_whole(path, remedy).decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise DamagedFileError(path, "it is not UTF-8 text", remedy) from None


def follows_from_its_rows(library: Library, listing_date: date, text: str) -> bool:
    """Whether a digest is what the day file says now; also where that cannot be read, or is not there."""
    try:
        return render_stored_day(library, listing_date) == text
    except (FileNotFoundError, DamagedFileError):
        return True


def publish_digest(library: Library, listing_date: date) -> bool:
    """Replaces a date's digest; a day without listed papers has none, and loses one it had.

    Where the day file is replaced meanwhile, the digest is made again: the last one to write has read the newest rows.

    Returns:
        Whether there is a digest.
    """
    while True:
        rendered_from = library.lake.day_file(listing_date).read_bytes()
        there_is_one = _publish(library, listing_date)
        if library.lake.day_file(listing_date).read_bytes() == rendered_from:
            return there_is_one


def _publish(library: Library, listing_date: date) -> bool:
    if not any(row["listed"] for row in read_day_file(library, listing_date, ["listed"])):
        library.lake.digest(listing_date).unlink(missing_ok=True)
        return False
    write_atomically(library.lake.digest(listing_date), render_stored_day(library, listing_date).encode())
    return True


def _authors(names: Sequence[str], and_others: str) -> str:
    shown = ", ".join(escaped(name) for name in names[:AUTHORS_SHOWN])
    more = len(names) - AUTHORS_SHOWN
    return f"{shown} {and_others.format(count=more)}" if more > 0 else shown


def _links(paper: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    found = []
    for column, label in (("project_page", "project"), ("github_repository", "code")):
        if paper[column]:
            found.append(f"[{labels[label]}](<{quote(paper[column], safe=_ADDRESS_SIGNS)}>)")
    return " · ".join(found)


def _reasons(codes: Sequence[str], language: str) -> str:
    texts = [text_of(code) for code in codes]
    return " ".join(text.korean if language == "ko" else text.english for text in texts)
