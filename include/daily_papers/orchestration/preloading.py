"""A listener of the scheduler: the libraries of the steps, imported once where tasks are forked from.

LocalExecutor forks its workers from the scheduler and each task from a worker, so what the scheduler has imported no
task imports again: Great Expectations alone takes longer to import than a day takes to audit. Under other executors
the scheduler never runs a task, and imports nothing.
"""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import sys
from typing import Any

from airflow.configuration import conf
from airflow.listeners import hookimpl

logger = logging.getLogger(__name__)

MODULES = (
    "daily_papers.upkeep.look",
    "daily_papers.texts.read",
    "daily_papers.summaries.summarize",
    "daily_papers.summaries.verify",
    "openai",
    "daily_papers.audit.unchanged",
    "daily_papers.audit.run",
    "daily_papers.audit.suite",
    "daily_papers.warehouse.publication",
    "daily_papers.publish.digest",
)
"""What the tasks of `daily_papers` import."""


@hookimpl
def on_starting(component: Any) -> None:  # noqa: ARG001  # Airflow's signature
    """Imports the modules in a scheduler that forks its tasks; called before its executor starts."""
    if not forks_tasks():
        return
    try:
        preload()
    except Exception:  # the tasks import what they need themselves
        logger.exception("Could not import the steps' libraries beforehand")


def forks_tasks() -> bool:
    """Whether this process is a scheduler whose tasks are forked from it."""
    forks = multiprocessing.get_start_method() == "fork"
    return forks and "scheduler" in sys.argv[1:2] and "LocalExecutor" in conf.get("core", "executor")


def preload() -> None:
    """Imports everything that tasks import."""
    from daily_papers.process_home import ensure_home

    ensure_home()
    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # it says hundreds of things at its import
    for name in MODULES:
        importlib.import_module(name)
    importlib.import_module("daily_papers.audit.unchanged").code()  # of the files as they were imported
