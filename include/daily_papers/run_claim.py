"""One run per date: a claim that a run of the same date, if it is still active, makes the next one refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from filelock import FileLock

from daily_papers.errors import DateBusyError
from daily_papers.lake import Lake
from daily_papers.settings import Settings
from daily_papers.storage import read_json, readable_json, write_atomically


@dataclass(frozen=True)
class RunIdentity:
    """A DAG run."""

    dag_id: str
    run_id: str


def claim_date(
    settings: Settings,
    lake: Lake,
    listing_date: date,
    run: RunIdentity,
    is_active: Callable[[RunIdentity], bool],
) -> None:
    """Makes `run` the one that works on a date. A claim needs no release: it ends with its run.

    Args:
        is_active: whether a run that claimed the date earlier is still queued or running.

    Raises:
        DateBusyError: another run that is still active claimed the date.
    """
    settings.lock_directory.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.lock_directory / f"run-{listing_date}.lock"):
        owner = active_run(lake, listing_date, is_active)
        if owner is not None and owner != run:
            raise DateBusyError(
                f"{listing_date} is being worked on by the run {owner.run_id} of {owner.dag_id}. Wait for it "
                "to end; if it hangs, mark it as failed in Airflow and trigger the date again."
            )
        write_atomically(lake.run_claim(listing_date), readable_json(asdict(run)))


def active_run(lake: Lake, listing_date: date, is_active: Callable[[RunIdentity], bool]) -> RunIdentity | None:
    """The run that works on a date now, or None."""
    path = lake.run_claim(listing_date)
    if not path.exists():
        return None
    owner = RunIdentity(**read_json(path))
    return owner if is_active(owner) else None
