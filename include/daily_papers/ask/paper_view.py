"""Everything known about one paper, for `papers show`."""

from __future__ import annotations

from datetime import date
from typing import Any

from daily_papers.errors import TerminalError, UserError
from daily_papers.lake.library import Library
from daily_papers.reasons import text_of
from daily_papers.rows.day_file import RowStatus, details_of, missing_day_file, read_day_file, set_aside
from daily_papers.summaries.call_store import CallStore, cost_usd
from daily_papers.summaries.decisions import readable_decisions
from daily_papers.texts.text_store import latest_reading
from daily_papers.warehouse.publication import open_for_reading
from daily_papers.wording.headings_and_labels import numbered_headings, wording_of

_SHOWN = (
    "status", "listing_problem", "title", "translated_title", "authors", "upvotes", "comments", "published_at",
    "submitted_by", "withdrawn_at", "project_page", "github_repository", "github_stars", "keywords", "hf_summary",
)  # fmt: skip


def describe_paper(library: Library, paper_id: str) -> list[list[Any]]:
    """Facts about a paper as (field, value) rows: listings, newest row with its summary, and calls.

    Raises:
        UserError: no loaded date lists it.
        TerminalError: the day file of the newest one is missing, damaged, or lacks it.
    """
    with open_for_reading(library) as connection:
        listings = connection.execute(
            "SELECT listing_date, is_listed, first_seen_at, last_seen_at, upvotes FROM listings WHERE paper_id = ? "
            "ORDER BY listing_problem IS NULL, is_listed, listing_date",
            [paper_id],
        ).fetchall()
    if not listings:
        raise UserError(f"No loaded date lists {paper_id}. See `papers status` for the available dates.")
    newest = _row(library, listings[-1][0], paper_id)
    facts: list[list[Any]] = []
    for listing_date, listed, first, last, upvotes in listings:
        seen = f"{listing_date}, seen {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC, latest votes: {upvotes}"
        facts.append(["listed on" if listed else "no longer listed on", seen])
    facts += [[name, newest[name]] for name in _SHOWN]
    for kind, codes in (
        ("reason", newest["reasons"]),
        ("warning", newest["warnings"]),
        ("set aside:", set_aside(newest)),
    ):
        for code in codes:
            text, details = text_of(code), details_of(newest, code)
            found = f"{text.english} ({details})" if details else text.english
            facts.append([f"{kind} {code}", f"{found} {text.remedy}"])
    facts += _decisions(library, paper_id)
    facts += _texts_not_used(library, paper_id)
    if newest["status"] == RowStatus.COMPLETE:
        facts += _summary(newest)
    facts += [["abstract", newest["abstract"]]]
    return facts + _calls(library, paper_id)


def _row(library: Library, day: date, paper_id: str) -> dict[str, Any]:
    try:
        rows = read_day_file(library, day)
    except FileNotFoundError:
        raise missing_day_file(library, day) from None
    found = next((row for row in rows if row["paper_id"] == paper_id), None)
    if found is None:
        raise TerminalError(
            f"The warehouse lists {paper_id} on {day}, but the day file does not. Run `papers rebuild {day}`."
        )
    return found


def _summary(row: dict[str, Any]) -> list[list[Any]]:
    version = f" of v{row['source_version']}" if row["source_version"] else ""
    made = f"{row['model']}, prompt {row['prompt_version']}, {row['source_kind']}{version}, repairs: {row['repairs']}"
    facts: list[list[Any]] = [["summarized by", made]]
    for key, heading in numbered_headings(row["language"]).items():
        absent = wording_of(row["language"]).absent
        facts.append([heading, row[f"{key}_markdown"] or absent])
        facts += [["  quote", quote] for quote in row[f"{key}_quotes"]]
    return facts


def _texts_not_used(library: Library, paper_id: str) -> list[list[Any]]:
    """The forms of the paper at arXiv that no summary can rest on, and why."""
    reading = latest_reading(library, paper_id)
    return [
        [f"arXiv {one.kind}", f"not used: {one.problem}"] for one in (reading.asked if reading else ()) if one.problem
    ]


def _decisions(library: Library, paper_id: str) -> list[list[Any]]:
    return [
        [f"{one.outcome} {one.decided_at:%Y-%m-%d %H:%M:%SZ}", f"{one.by}: {one.why}"]
        for one in readable_decisions(library, paper_id)
    ]


def _calls(library: Library, paper_id: str) -> list[list[Any]]:
    facts: list[list[Any]] = []
    for call in CallStore(library).readable_calls(paper_id):
        outcome = call.finish_reason if call.answered else f"{call.error} ({call.error_detail})"
        cost = cost_usd(call.model, call.tokens) if call.response is not None else None
        price = "price unknown" if cost is None else f"{cost:.6f} USD"
        what = f"{call.model}, repairing {', '.join(call.parts)}" if call.repairs else call.model
        if call.verifies is not None:
            what = f"{call.model}, as the second reader"
        name = f"call {call.asked_at:%Y-%m-%d %H:%M:%SZ} {call.key[:12]}"
        facts.append([name, f"{what}: {outcome}, {price}"])
    return facts
