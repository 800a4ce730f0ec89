"""What a DAG run is about, in words: its dates or periods, which a run's name does not say.

Airflow names a scheduled run after the moment it was due, a day after its date. Imported by DAG files and by the
plugin: nothing heavy.
"""

from __future__ import annotations

from typing import Any

from daily_papers.errors import DailyPapersError
from daily_papers.orchestration.dag_runs import periods_to_round_up, run_date
from daily_papers.orchestration.names import DAILY_PAPERS, DATE_PARAMETER, ROUND_UP


def subject_of(run: Any) -> str | None:
    """The date of a run of `daily_papers`, the periods of a round-up, or what the run was given; None for nothing.

    `run` is Airflow's DAG run, in a task, a callback or the scheduler.
    """
    context = {"dag_run": run, "params": dict(getattr(run, "conf", None) or {})}
    try:
        if run is None:
            return None
        if run.dag_id == DAILY_PAPERS:
            return run_date(context).isoformat()
        if run.dag_id == ROUND_UP:
            return ", ".join(periods_to_round_up(context))
    except DailyPapersError:
        pass  # what it was given is wrong: the run itself says so
    given = context["params"].get(DATE_PARAMETER)
    return str(given) if given else None


def note_of(run: Any) -> str | None:
    """The note that a run gets: its subject, before a note that it has already; None where there is nothing to add."""
    subject = subject_of(run)
    if subject is None or subject in (run.note or ""):
        return None
    return f"{subject}: {run.note}" if run.note else subject
