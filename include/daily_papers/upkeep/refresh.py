"""Which dates deserve another look, and which of them another run."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

from daily_papers.audit.day_status import DayStatus, day_summary
from daily_papers.errors import DamagedFileError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import ListedPaper
from daily_papers.listing.day_listing import day_listing
from daily_papers.listing.looks import first_look_at
from daily_papers.reasons import Reason
from daily_papers.rows.day_file import RowStatus, as_kept, read_day_file
from daily_papers.rows.staged_row import LISTING_COLUMNS, row_of_listing
from daily_papers.summaries.paper_record import paper_record
from daily_papers.summaries.papers_to_ask import papers_with_new_question
from daily_papers.summaries.verify import papers_to_verify
from daily_papers.texts.read import ASKED_AGAIN_AFTER
from daily_papers.texts.text_store import ABSTRACT, latest_reading

logger = logging.getLogger(__name__)


def dates_to_refresh(library: Library, last_date: date, days: int) -> list[date]:
    """The last `days` dates up to `last_date`, and every date with papers to ask about; ascending.

    Those are pending papers, quarantined ones whose model, prompt or text changed since they were asked about, and
    published ones that the second reader did not get to; so are dates that do not show what a person decided.

    Of the last dates, those that were never asked for and had closed before the library's first look are left out:
    switching the refresh on fetches nothing that nobody wanted, and a gap since then is closed.
    """
    attempted = set(library.lake.attempted_dates())
    first_looks = (first_look_at(library, day) for day in attempted)
    begun = min((moment for moment in first_looks if moment), default=None)
    recent = {last_date - timedelta(days=age) for age in range(days)}
    wanted = {day for day in recent if day in attempted or (begun and day >= begun.date())}
    wanted |= {day for day in attempted if _waiting(library, day)}
    return sorted(wanted)


def _waiting(library: Library, listing_date: date) -> str | None:
    """Why a date needs a run (pending papers, unpublished decisions, damaged rows), as a sentence; None if it does not.

    Of a date with a damaged input nobody can tell: it is logged, and its status says what to do.
    """
    try:
        return _waiting_in(library, listing_date)
    except DamagedFileError as error:
        logger.warning("Cannot tell whether %s needs a run: %s", listing_date, error)
        return None


def _waiting_in(library: Library, listing_date: date) -> str | None:
    try:
        read_day_file(library, listing_date, ["status"])
    except FileNotFoundError:
        pass
    except DamagedFileError:
        return "its audited rows are damaged, and a run rebuilds them"
    summary = day_summary(library, listing_date)
    if summary.pending:
        return f"pending papers: {summary.pending}"
    if unseen := _unseen_decisions(library, listing_date):
        return f"decisions about {', '.join(unseen)} are not visible yet"
    if left := _to_verify(library, listing_date):
        return f"summaries that the second reader has not judged: {len(left)}"
    if summary.quarantined and (new := papers_with_new_question(library, listing_date)):
        return f"model, prompt or text changed, so quarantined papers can be asked about again: {len(new)}"
    return None


def _to_verify(library: Library, listing_date: date) -> list[ListedPaper]:
    """Papers that the second reader has to be asked about, on a date whose rows say that it did not judge some."""
    if library.settings.verifier_model is None or not library.has_day(listing_date):
        return []
    rows = read_day_file(library, listing_date, ["warnings"])
    warned = any(Reason.NOT_VERIFIED in row["warnings"] for row in rows)
    return papers_to_verify(library, listing_date) if warned else []


_DECIDED = ("paper_id", "language", "status", "decided_at", "listing_problem")


def _unseen_decisions(library: Library, listing_date: date) -> list[str]:
    """Papers of a date with decisions that its rows do not show: somebody was stopped before the date was audited."""
    decided = set(library.lake.decided_papers())
    if not decided or not library.has_day(listing_date):
        return []
    unseen = []
    for row in read_day_file(library, listing_date, _DECIDED):
        if row["paper_id"] in decided and row["listing_problem"] is None:
            record = paper_record(library, row["paper_id"], row["language"])
            decision = record.chosen.decision if record.chosen else None
            made = as_kept(decision.decided_at) if decision else None
            if row["decided_at"] != made or (record.waits_for_retry and row["status"] != RowStatus.PENDING):
                unseen.append(row["paper_id"])
    return unseen


def why_to_run(library: Library, listing_date: date) -> str | None:
    """What makes a run of a date worth it after a look at its listing; None where its rows say what the listing says.

    Compares with the audited rows, not with the look before: a run that did not come to its end is made up for.

    Raises:
        UserError: the date was never fetched.
    """
    if not library.has_day(listing_date):
        return "it has no audited rows yet"
    if waiting := _waiting(library, listing_date):
        return waiting
    if _may_have_full_text(library, listing_date):
        return "quarantined papers were summarized from the abstract, and arXiv may have their text by now"
    if day_summary(library, listing_date).status is DayStatus.FAILED:
        return "its audit refused it"
    language = library.settings.language  # does not matter: only what the listing says is compared
    listing = day_listing(library, listing_date).rows
    now = [row_of_listing(listing_date, listed, language).listing_columns for listed in listing]
    audited = {row["paper_id"]: row for row in read_day_file(library, listing_date, LISTING_COLUMNS)}
    joined = sum(row["paper_id"] not in audited for row in now)
    changed = sum(row["paper_id"] in audited and row != audited[row["paper_id"]] for row in now)
    if joined or changed:
        return f"papers added: {joined}, changed: {changed}"
    return None


def _may_have_full_text(library: Library, listing_date: date) -> bool:
    """Whether a run would look for the full text of a quarantined paper again (see `read_texts`)."""
    if library.settings.source != "full_text":
        return False
    rows = read_day_file(library, listing_date, ["paper_id", "status", "listed", "source_kind"])
    wanting = (row for row in rows if row["listed"] and row["status"] == RowStatus.QUARANTINED)
    for row in wanting:
        reading = latest_reading(library, row["paper_id"]) if row["source_kind"] == ABSTRACT else None
        if reading is not None and all(datetime.now(UTC) - one.asked_at > ASKED_AGAIN_AFTER for one in reading.asked):
            return True
    return False
