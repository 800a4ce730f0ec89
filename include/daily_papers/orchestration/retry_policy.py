"""What every DAG here shares: which failures are tried again, and what is said about those that are not.

DAG files import this module, so it imports nothing heavy.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import RetryDecision, RetryPolicy

from daily_papers.errors import TransientError, is_retryable
from daily_papers.orchestration.names import FAILURE_LOGGER
from daily_papers.orchestration.run_subject import subject_of
from daily_papers.settings import load_settings

logger = logging.getLogger(FAILURE_LOGGER)

for _chatty in ("great_expectations", "httpx", "httpx2"):  # a line for each metric and request would bury the rest
    logging.getLogger(_chatty).setLevel(logging.WARNING)


class TransientFailuresOnly(RetryPolicy):
    """Tries again where that can help: our transient errors and unexpected ones, never terminal ones.

    Waits as long as the other side asked for, else exponentially from DAILY_PAPERS_RETRY_DELAY_SECONDS with
    jitter, so that mapped tasks do not come back together.
    """

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,  # noqa: ARG002  # Airflow's signature
        context: Any = None,  # noqa: ARG002
    ) -> RetryDecision:
        """The decision for one failure; `try_number` counts from 1."""
        if not is_retryable(exception):
            return RetryDecision.fail(reason=str(exception))
        seconds = load_settings().retry_delay_seconds * 2 ** (try_number - 1) * random.uniform(1.0, 1.5)  # noqa: S311  # jitter
        if isinstance(exception, TransientError) and exception.retry_after_seconds is not None:
            seconds = exception.retry_after_seconds + random.uniform(0.0, 1.0)  # noqa: S311
        return RetryDecision.retry(delay=timedelta(seconds=seconds), reason=type(exception).__name__)


def report_failure(context: Mapping[str, Any]) -> None:
    """Failure callback of tasks and DAGs: one line that says which run of what failed, why, and what to do."""
    run = context.get("dag_run")
    task_instance = context.get("task_instance")
    cause = context.get("exception") or context.get("reason") or "see the task's log"
    logger.error(
        "%s failed%s in run %s%s: %s Stored results are kept; run the date again once the cause is fixed.",
        getattr(run, "dag_id", None) or context.get("dag_id", "a DAG"),
        f" for {subject}" if (subject := subject_of(run)) else "",
        getattr(run, "run_id", None) or context.get("run_id", "unknown"),
        _task(task_instance) if task_instance else "",
        cause,
    )


def _task(task_instance: Any) -> str:
    part = getattr(task_instance, "rendered_map_index", None)
    return f", task {task_instance.task_id}{f' [{part}]' if part else ''}"


DEFAULT_ARGUMENTS: dict[str, Any] = {
    "owner": "daily-papers",
    "retries": 3,
    "retry_policy": TransientFailuresOnly(),
    "on_failure_callback": report_failure,
}
"""Of every task of every DAG here."""
