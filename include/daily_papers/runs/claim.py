"""One run per date, and per paper that people are asked about: a claim holds as long as its run is active."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

from pydantic import AwareDatetime
from upath import UPath

from daily_papers.errors import DateBusyError
from daily_papers.lake.files import if_readable, read_record, write_record
from daily_papers.lake.library import Library


@dataclass(frozen=True)
class RunIdentity:
    """A DAG run."""

    dag_id: str
    run_id: str


@dataclass(frozen=True)
class Claim:
    """Who claimed a date or a paper, when, and when that run ended well; earlier versions did not say when."""

    dag_id: str
    run_id: str
    claimed_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None

    @property
    def run(self) -> RunIdentity:
        """The run."""
        return RunIdentity(self.dag_id, self.run_id)


def claim_date(
    library: Library, listing_date: date, run: RunIdentity, is_active: Callable[[RunIdentity], bool]
) -> None:
    """Makes `run` the one that works on a date. A claim needs no release: it ends with its run, at the latest.

    Args:
        is_active: whether a run that claimed the date earlier is still queued or running.

    Raises:
        DateBusyError: another run that is still active claimed the date.
    """
    owner = _claim(library, library.lake.run_claim(listing_date), f"run-{listing_date}", run, is_active)
    if owner != run:
        raise DateBusyError(
            f"{listing_date} is being worked on by the run {owner.run_id} of {owner.dag_id}. Wait for it "
            "to end; if it hangs, mark it as failed in Airflow and trigger the date again."
        )


def claim_review(library: Library, paper_id: str, run: RunIdentity, is_active: Callable[[RunIdentity], bool]) -> bool:
    """Makes `run` the one that asks people about a paper; False where another active run does (see `claim_date`)."""
    return _claim(library, library.lake.review_claim(paper_id), f"review-{paper_id}", run, is_active) == run


def _claim(
    library: Library, path: UPath, name: str, run: RunIdentity, is_active: Callable[[RunIdentity], bool]
) -> RunIdentity:
    """The run that holds a claim after `run` tried to get it."""
    with library.lock(name):
        owner = _active_owner(path, is_active)
        if owner is not None and owner != run:
            return owner
        write_record(path, Claim(**asdict(run), claimed_at=datetime.now(UTC)))
    return run


def end_claim(library: Library, listing_date: date, run: RunIdentity) -> None:
    """Notes that a run of a date has ended well. The claim stays: tasks of the run may be cleared, and run again."""
    path = library.lake.run_claim(listing_date)
    with library.lock(f"run-{listing_date}"):
        claim = _claim_in(path)
        if claim is not None and claim.run == run:
            write_record(path, replace(claim, ended_at=datetime.now(UTC)))


def claim_of(library: Library, listing_date: date) -> Claim | None:
    """The claim of the newest run of a date that did not end well, or has not ended."""
    claim = _claim_in(library.lake.run_claim(listing_date))
    return claim if claim is not None and claim.ended_at is None else None


def active_run(library: Library, listing_date: date, is_active: Callable[[RunIdentity], bool]) -> RunIdentity | None:
    """The run that works on a date now, or None."""
    return _active_owner(library.lake.run_claim(listing_date), is_active)


def _active_owner(path: UPath, is_active: Callable[[RunIdentity], bool]) -> RunIdentity | None:
    claim = _claim_in(path)
    return claim.run if claim is not None and is_active(claim.run) else None


def _claim_in(path: UPath) -> Claim | None:
    """A claim; a damaged one is nobody's: stored answers and the locks of papers keep two runs apart."""
    remedy = "The next run replaces it."
    return if_readable(path, lambda one: read_record(one, Claim, remedy))
