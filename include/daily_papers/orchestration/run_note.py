"""A listener of the scheduler: the note of each run says which date it is about, as soon as it starts."""

from __future__ import annotations

import logging
from typing import Any

from airflow.listeners import hookimpl

from daily_papers.orchestration.run_subject import note_of

logger = logging.getLogger(__name__)


@hookimpl
def on_dag_run_running(dag_run: Any, msg: str) -> None:  # noqa: ARG001  # Airflow's signature
    """Sets the note of a run of ours; Airflow stores it with the run's state."""
    if not dag_run.dag_id.endswith("daily_papers"):
        return
    try:
        if note := note_of(dag_run):
            dag_run.note = note
    except Exception:  # a note is no reason to disturb the scheduler
        logger.exception("Could not add a note to the run %s", dag_run.run_id)
