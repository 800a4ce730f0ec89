"""What a person can do about a paper: approve its summary, as it is or edited, reject it, or want another one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from daily_papers.errors import DamagedFileError, TerminalError, UserError
from daily_papers.lake.library import Library
from daily_papers.outside_text import is_encodable
from daily_papers.reasons import NOT_APPROVABLE, Reason, text_of
from daily_papers.rows.answers import ParsedAnswer, answer_content, parse_content
from daily_papers.rows.day_file import RowStatus, details_of, read_day_file, readable_rows
from daily_papers.rows.staged_row import Verdict
from daily_papers.summaries.decisions import LONGEST_WHY, Action, Decision, decisions, one_line, record_decision
from daily_papers.summaries.paper_record import Summary, paper_record
from daily_papers.wording.headings_and_labels import numbered_headings, wording_of
from daily_papers.writing.templating import markdown_template

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ListedRow:
    """A row of a paper on a date, as the day file has it (without its sections)."""

    listing_date: date
    values: dict[str, Any]


_COLUMNS = ("paper_id", "listed", "status", "reasons", "findings", "language", "title", "decision", "listing_problem")


def rows_of(library: Library, paper_id: str) -> list[ListedRow]:
    """The rows of a paper on all dates that ever listed it, oldest first.

    Raises:
        UserError: no audited date has it.
    """
    found = [
        ListedRow(day, row)
        for day, ids in readable_rows(library, library.lake.day_dates(), ["paper_id"])
        if any(row["paper_id"] == paper_id for row in ids)
        for row in read_day_file(library, day, _COLUMNS)
        if row["paper_id"] == paper_id
    ]
    if not found:
        raise UserError(f"No audited date lists {paper_id}. See `papers status` for the available dates.")
    return found


def current_row(library: Library, paper_id: str) -> ListedRow:
    """The newest row of a paper whose item can be read, a listed one where there is any (see `rows_of`)."""

    def rank(row: ListedRow) -> tuple[bool, bool, date]:
        return row.values["listing_problem"] is None, row.values["listed"], row.listing_date

    return max(rows_of(library, paper_id), key=rank)


def reviewable(library: Library, dates: Iterable[date]) -> Iterator[ListedRow]:
    """Quarantined rows of some dates that a person can judge and has not judged; each paper once, newest date first."""
    seen: set[str] = set()
    for day, rows in readable_rows(library, sorted(dates, reverse=True), _COLUMNS):
        for row in rows:
            judged = row["decision"] == "rejected" or not NOT_APPROVABLE.isdisjoint(row["reasons"])
            if row["status"] == RowStatus.QUARANTINED and row["listed"] and not judged and row["paper_id"] not in seen:
                seen.add(row["paper_id"])
                yield ListedRow(day, row)


def papers_to_ask_about(library: Library, dates: Iterable[date]) -> list[dict[str, str]]:
    """`paper_id` and `version` (of its answer) of every paper of some dates that waits for a person's judgement."""
    found = []
    for row in reviewable(library, dates):
        try:
            summary = paper_record(library, row.values["paper_id"], row.values["language"]).chosen
        except DamagedFileError as error:
            logger.warning("Not asking about %s: %s", row.values["paper_id"], error)
            continue
        if summary is not None:
            found.append({"paper_id": row.values["paper_id"], "version": summary.version})
    return found


def is_recorded(library: Library, paper_id: str, *, by: str, why: str) -> bool:
    """Whether the newest decision about a paper is this person's, on these grounds."""
    made = decisions(library, paper_id)
    return bool(made) and (made[-1].by, made[-1].why) == (one_line(by), one_line(why))


def summary_to_judge(library: Library, paper_id: str, language: str, request: str | None = None) -> Summary:
    """The summary that a decision about a paper is about: that of its row, or the one whose request key starts so.

    Raises:
        UserError: the paper has no answer, or not exactly one whose key starts like this.
    """
    record = paper_record(library, paper_id, language)
    if request is not None:
        found = [summary for summary in record.summaries if summary.key.startswith(request)]
        if len(found) != 1:
            keys = ", ".join(summary.key[:12] for summary in record.summaries) or "none"
            raise UserError(
                f"{len(found)} answers for {paper_id} have a key starting with {request}. Give one of: {keys}."
            )
        return found[0]
    summary = record.chosen or (record.summaries[-1] if record.summaries else None)
    if summary is None:
        raise UserError(f"{paper_id} has no answer to decide on (`papers show {paper_id}`). Run its date first.")
    return summary


def open_question(library: Library, paper_id: str, version: str) -> Summary | None:
    """The quarantined summary of this version; None where it was decided about since, or there is another answer."""
    summary = paper_record(library, paper_id, current_row(library, paper_id).values["language"]).chosen
    if summary is None or summary.version != version or summary.is_good or NOT_APPROVABLE & set(summary.findings):
        return None
    return summary


def review_question(library: Library, paper_id: str, version: str) -> tuple[str, str] | None:
    """What a person is asked about a quarantined paper: subject and Markdown body; None where nothing is asked.

    Everything from outside is escaped; the sections passed the audit's check of their Markdown, else nobody would be
    asked.
    """
    summary = open_question(library, paper_id, version)
    if summary is None:
        return None
    row = current_row(library, paper_id)
    language = row.values["language"]
    wording = wording_of(language)
    body = markdown_template("review").render(
        row=row.values,
        answer=summary.answer,
        summary=summary,
        reasons=[(code, text_of(code).korean, details_of(row.values, code)) for code in row.values["reasons"]],
        headings=numbered_headings(language),
        wording=wording,
        labels=wording.labels,
    )
    return f"{paper_id} ({row.listing_date}): {', '.join(row.values['reasons'])}", body


def draft(library: Library, paper_id: str, request: str | None = None) -> dict[str, Any]:
    """The answer of a paper as JSON, to be edited; what it lacks is there, and empty (see `summary_to_judge`)."""
    row = current_row(library, paper_id)
    answer = summary_to_judge(library, paper_id, row.values["language"], request).answer
    return {**answer_content(answer), "paper_id": paper_id}


def approve(
    library: Library, paper_id: str, *, by: str, why: str, answer: Any = None, request: str | None = None
) -> Decision:
    """Records that a person wants readers to have a summary, whatever the audit found; perhaps an edited one.

    An `answer` that says what the model said is the model's, not an edited one.

    Raises:
        UserError: it cannot be published at all (`NOT_APPROVABLE`), the edited answer has another form, or nothing is
            to approve.
    """
    row = current_row(library, paper_id)
    summary = summary_to_judge(library, paper_id, row.values["language"], request)
    parsed = summary.answer if answer is None else parse_content(answer)
    found = summary.failures_of(parsed, Verdict())
    if blocking := [reason for reason in found if reason in NOT_APPROVABLE]:
        meanings = " ".join(
            f"{text_of(reason).english} ({', '.join(finding.part for finding in found[reason])})" for reason in blocking
        )
        advice = "Correct the file." if answer is not None else f"Correct it: `papers draft {paper_id}` prints it."
        raise UserError(f"{paper_id} cannot be published like this: {meanings} {advice}")
    if answer is None and not found and summary.is_good and request is None:
        raise UserError(f"{paper_id} passes the audit: there is nothing to approve.")
    reasons = tuple(reason.value for reason in found)
    of_the_model = replace(summary, decision=None).answer
    edited = None if _say_the_same(parsed, of_the_model) else answer_content(parsed)
    return _record(library, paper_id, Action.APPROVE, by, why, summary.request_keys, reasons, edited)


def _say_the_same(one: ParsedAnswer, other: ParsedAnswer) -> bool:
    return one.problem == other.problem and answer_content(one) == answer_content(other)


def reject(library: Library, paper_id: str, *, by: str, why: str, request: str | None = None) -> Decision:
    """Records that readers shall not have a summary; an earlier good one takes its place, where there is one.

    Raises:
        UserError: there is no answer, or it was rejected before.
    """
    row = current_row(library, paper_id)
    summary = summary_to_judge(library, paper_id, row.values["language"], request)
    if summary.decision is not None and summary.decision.action is Action.REJECT:
        raise UserError(f"{paper_id} was already rejected by {summary.decision.by}: {summary.decision.why}")
    edited = summary.decision.answer if summary.decision is not None else None  # for who takes this back
    return _record(library, paper_id, Action.REJECT, by, why, summary.request_keys, answer=edited)


def retry(library: Library, paper_id: str, *, by: str, why: str) -> Decision:
    """Records that the model shall be asked once more, also where the question is the same; the next run does that.

    Raises:
        UserError: readers have a summary of it, or nobody has answered yet.
    """
    row = current_row(library, paper_id)
    record = paper_record(library, paper_id, row.values["language"])
    was_answered = row.values["status"] == RowStatus.COMPLETE or Reason.INPUT_DAMAGED in row.values["reasons"]
    has_lost_answer = was_answered and not record.summaries
    if record.is_done:
        raise UserError(
            f"{paper_id} already has a published summary. Reject it first (`papers reject {paper_id}`), or ask for a "
            "better one with another model or prompt (`papers resummarize`)."
        )
    if record.waits_for_retry or (not record.summaries and not has_lost_answer):
        raise UserError(f"{paper_id}: the next run of its date asks about it anyway.")
    return _record(library, paper_id, Action.RETRY, by, why)


def _record(
    library: Library,
    paper_id: str,
    action: Action,
    by: str,
    why: str,
    request_keys: tuple[str, ...] = (),
    reasons: tuple[str, ...] = (),
    answer: Mapping[str, Any] | None = None,
) -> Decision:
    if not is_encodable(by + why):
        raise UserError("`--by` or `--why` is not UTF-8 text. Set the terminal's encoding to UTF-8.")
    by, why = one_line(by), one_line(why)
    if not by or not why:
        raise UserError("Say who decides and why (`--by`, `--why`).")
    if len(why) > LONGEST_WHY or len(by) > LONGEST_WHY:
        raise UserError(f"Name and reason may have at most {LONGEST_WHY} characters each.")
    decision = Decision(paper_id, action, datetime.now(UTC), by, why, request_keys, reasons, answer)
    record_decision(library, decision)
    return decision


def apply(library: Library, paper_id: str) -> list[ListedRow]:
    """Audits, loads and renders the dates of a paper again, so that a decision is seen; returns its rows.

    Raises:
        TerminalError: a date could not be audited; the others were, and the decision is recorded.
    """
    from daily_papers.upkeep.rebuild import load_dates, rebuild_days, rebuild_digests

    dates = [row.listing_date for row in rows_of(library, paper_id)]
    not_audited = rebuild_days(library, dates)
    not_loaded = load_dates(library, dates)
    _, not_rendered = rebuild_digests(library, dates)
    failed = {**not_rendered, **not_loaded, **not_audited}
    if failed:
        messages = " ".join(dict.fromkeys(failed.values()))
        again = ", ".join(map(str, sorted(failed)))
        raise TerminalError(f"The decision is recorded, but not visible on {again} yet; run it again. {messages}")
    return rows_of(library, paper_id)
