"""The bodies of the DAG's tasks: what each step needs of Airflow, around the step itself.

Dates and ids go between tasks, never the papers themselves. Heavy imports are inside the functions, so that
each task process loads only what it needs.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from daily_papers.dates import resolve_run_date
from daily_papers.errors import TerminalError, UserError
from daily_papers.lake import Lake
from daily_papers.settings import Settings, checked_address, load_settings

if TYPE_CHECKING:
    from daily_papers.run_claim import RunIdentity
    from daily_papers.summarize import ModelAccess

logger = logging.getLogger(__name__)

DATE_PARAMETER = "date"
MODEL_CONNECTION = "openai_default"


def _open() -> tuple[Settings, Lake]:
    settings = load_settings()
    return settings, Lake(settings.home_path)


def run_date(context: Mapping[str, Any]) -> date:
    """The date a run works on (see `resolve_run_date`).

    Airflow's trigger form fills in "now" as logical date; the day on which the run was due is therefore taken as
    "none given". Today can be asked for with the parameter.

    Raises:
        UserError: an unknown parameter, or a date that cannot be listed.
    """
    run = context["dag_run"]
    if unknown := sorted(set(run.conf or {}) - {DATE_PARAMETER}):  # Airflow lets them pass, and runs another date
        raise UserError(f"Unknown parameters: {', '.join(unknown)}. There is: {DATE_PARAMETER}.")
    logical_date = run.logical_date
    if logical_date is not None and logical_date.astimezone(UTC).date() == run.run_after.astimezone(UTC).date():
        logical_date = None
    return resolve_run_date(context["params"].get(DATE_PARAMETER), logical_date, run.run_after)


def extract(context: Mapping[str, Any]) -> str:
    """Claims the run's date and fetches its listing; returns the date."""
    from daily_papers.extract import extract as fetch
    from daily_papers.huggingface import HuggingFaceClient
    from daily_papers.run_claim import RunIdentity, claim_date

    settings, lake = _open()
    listing_date = run_date(context)
    run = RunIdentity(context["dag_run"].dag_id, context["dag_run"].run_id)
    claim_date(settings, lake, listing_date, run, lambda owner: _is_active(context["ti"], owner))
    with HuggingFaceClient(settings) as client:
        fetch(lake, client, listing_date)
    return listing_date.isoformat()


def _is_active(task_instance: Any, run: RunIdentity) -> bool:
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


def read(listing_date: str) -> list[list[str]]:
    """Keeps the sources of a date's papers; returns the ids that need a call, in chunks (none: all are answered)."""
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers import summarize
    from daily_papers.extract import day_papers
    from daily_papers.read import read as keep_sources

    settings, lake = _open()
    day = date.fromisoformat(listing_date)
    if not day_papers(lake, day):
        raise AirflowSkipException(f"Hugging Face listed no papers on {day}: nothing to read.")
    keep_sources(lake, day)
    wanted = summarize.papers_to_ask(lake, settings, day)
    logger.info("%s: %d papers need a call", day, len(wanted))
    return summarize.chunks(wanted, settings.chunk_size)


async def summarize(context: Mapping[str, Any], listing_date: str, paper_ids: Sequence[str]) -> None:
    """Asks the model about one chunk of papers.

    On the last try, papers whose provider did not answer are left pending: the others are published, and any later
    run of the date asks again.
    """
    from daily_papers import summarize as step

    settings, lake = _open()
    unavailable = await step.summarize(
        lake, settings, _model_access(settings), date.fromisoformat(listing_date), paper_ids
    )
    if unavailable:
        error = step.still_unavailable(unavailable)
        if context["ti"].try_number <= context["ti"].max_tries:
            raise error
        logger.error("Left pending: %s", error)


def _model_access(settings: Settings) -> ModelAccess:
    """The Airflow connection `openai_default` where it exists (password: key, host: base URL), else the environment."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from daily_papers.summarize import ModelAccess

    try:
        connection = Connection.get(MODEL_CONNECTION)
    except AirflowNotFoundException:
        return ModelAccess.from_settings(settings)
    try:
        address = checked_address(connection.host) if connection.host else None
    except ValueError as error:
        raise TerminalError(f"The host of the connection {MODEL_CONNECTION} {error}.") from None
    return ModelAccess((connection.password or "").strip() or None, address)


def audit(listing_date: str) -> None:
    """Assembles and audits a date and replaces its day file."""
    from daily_papers.audit import audit as audit_day

    settings, lake = _open()
    audit_day(lake, date.fromisoformat(listing_date), settings.language)


def load(listing_date: str) -> None:
    """Replaces a date in the warehouse."""
    from daily_papers.warehouse import load as load_dates

    settings, lake = _open()
    load_dates(settings, lake, [date.fromisoformat(listing_date)])


def render(listing_date: str) -> dict[str, Any]:
    """Publishes a date's digest; returns what the asset event says about the day."""
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.day_status import day_summary
    from daily_papers.digest import publish_digest

    _, lake = _open()
    day = date.fromisoformat(listing_date)
    if not publish_digest(lake, day):
        raise AirflowSkipException(f"Hugging Face listed no papers on {day}: there is no digest to publish.")
    return {**day_summary(lake, day).as_row(), "listing_date": listing_date}
