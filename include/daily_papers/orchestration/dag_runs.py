"""What tasks ask of their run: its date and periods, whether another one is active, how it failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from daily_papers.dates import resolve_run_date
from daily_papers.errors import UserError, is_retryable
from daily_papers.lake.library import open_library
from daily_papers.orchestration.names import DATE_PARAMETER, PERIOD_PARAMETER, RESUMMARIZE_PARAMETER

if TYPE_CHECKING:
    from daily_papers.runs.claim import RunIdentity


def run_date(context: Mapping[str, Any]) -> date:
    """The date a run works on (see `resolve_run_date`).

    Airflow's trigger form fills in "now" as logical date; the day on which the run was due is therefore taken as
    "none given". Today can be asked for with the parameter.

    Raises:
        UserError: an unknown parameter, or a date that cannot be listed.
    """
    run = context["dag_run"]
    check_parameters(context, DATE_PARAMETER, RESUMMARIZE_PARAMETER)
    logical_date = run.logical_date
    if logical_date is not None and logical_date.astimezone(UTC).date() == run.run_after.astimezone(UTC).date():
        logical_date = None
    return resolve_run_date(context["params"].get(DATE_PARAMETER), logical_date, run.run_after)


def periods_to_round_up(context: Mapping[str, Any]) -> list[str]:
    """The period of the run's parameter; else those that ended on the day before its logical date; else (a run by hand
    on any other day) the last week and the last month that are over.

    Raises:
        UserError: an unknown parameter, or no period.
    """
    from daily_papers.dates import today
    from daily_papers.period import month_of, parse_period, periods_ended, week_of

    check_parameters(context, PERIOD_PARAMETER)
    if wanted := context["params"].get(PERIOD_PARAMETER):
        return [parse_period(wanted).name]
    moment = context["dag_run"].logical_date
    day = moment.astimezone(UTC).date() if moment else today()
    periods = periods_ended(day) or [week_of(day).before, month_of(day).before]
    return [period.name for period in periods]


def check_parameters(context: Mapping[str, Any], *known: str) -> None:
    """Airflow lets unknown parameters pass, and would run something else than was meant."""
    if unknown := sorted(set(context["dag_run"].conf or {}) - set(known)):
        raise UserError(f"Unknown parameters: {', '.join(unknown)}. Known: {', '.join(known)}.")


def identity_of(context: Mapping[str, Any]) -> RunIdentity:
    """The run of a task."""
    from daily_papers.runs.claim import RunIdentity

    return RunIdentity(context["dag_run"].dag_id, context["dag_run"].run_id)


def has_tries_left(context: Mapping[str, Any]) -> bool:
    """Whether Airflow may run the task once more."""
    return bool(context["ti"].try_number <= context["ti"].max_tries)


def is_active(task_instance: Any, run: RunIdentity) -> bool:
    """Whether Airflow still has this run queued or running; a deleted run is not."""
    from airflow.sdk.api.client import ServerResponseError
    from airflow.sdk.exceptions import AirflowRuntimeError

    try:
        return task_instance.get_dagrun_state(run.dag_id, run.run_id) in ("queued", "running")
    except AirflowRuntimeError as error:
        status = (error.error.detail or {}).get("status_code")
        if status != HTTPStatus.NOT_FOUND:
            raise
    except ServerResponseError as error:  # `dag.test()` has the server in its own process
        if error.response.status_code != HTTPStatus.NOT_FOUND:
            raise
    return False


@contextmanager
def failure_kept(context: Mapping[str, Any], listing_date: date) -> Iterator[None]:
    """Keeps a failure of a task for `papers status`, until a run of the date succeeds; none that is tried again."""
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.runs.failure import record_run_failure

    try:
        yield
    except AirflowSkipException:
        raise
    except BaseException as error:  # Airflow's timeout is not an Exception
        if not (is_retryable(error) and has_tries_left(context)):
            library = open_library()
            task_id = context["ti"].task_id
            record_run_failure(library, listing_date, identity_of(context), task_id, error, library.settings.secrets)
        raise
