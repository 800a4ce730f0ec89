"""The tasks of the DAG `daily_papers`: what each step needs of Airflow, around the step itself.

Dates and ids go between tasks, never the papers themselves. Heavy imports are inside the functions, so that each task
process loads only what it needs.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from daily_papers.errors import StorageError, TerminalError, TransientError
from daily_papers.lake.library import Library, open_library
from daily_papers.orchestration.dag_runs import failure_kept, has_tries_left, identity_of, is_active, run_date
from daily_papers.orchestration.names import (
    MODEL_CONNECTION,
    RESUMMARIZE_PARAMETER,
    VERIFIER_CONNECTION,
    VERIFIER_VARIABLE,
)
from daily_papers.settings import Settings, checked_address

if TYPE_CHECKING:
    from daily_papers.summaries.model_client import ModelAccess

logger = logging.getLogger(__name__)


def extract(context: Mapping[str, Any]) -> str:
    """Claims the run's date and fetches its listing; returns the date."""
    from daily_papers.runs.claim import claim_date
    from daily_papers.upkeep.look import load_failed_looks, look_at

    library = open_library()
    listing_date = run_date(context)
    claim_date(library, listing_date, identity_of(context), lambda owner: is_active(context["ti"], owner))
    with failure_kept(context, listing_date):
        try:
            look_at(library, listing_date)
        finally:
            load_failed_looks(library, listing_date)
        _check_model_access(context, library, listing_date)
    return listing_date.isoformat()


def _check_model_access(context: Mapping[str, Any], library: Library, listing_date: date) -> None:
    """Says at the start of a run that no model can be asked, where one would have to be; nothing was read or paid yet.

    Raises:
        TerminalError: neither a key nor an address of a model is set.
    """
    from daily_papers.summaries import papers_to_ask

    problem = _model_access(library.settings).problem
    again = bool(context["params"].get(RESUMMARIZE_PARAMETER))
    if problem and papers_to_ask.needs_a_model(library, listing_date, again=again):
        raise TerminalError(problem)


def read(context: Mapping[str, Any], listing_date: str) -> list[list[str]]:
    """Gets the texts of the papers that need a summary; returns the ids that need a call, for one task (none: all are
    answered, and there is no task).

    On the last try, papers whose text arXiv did not give are left pending: any later run of the date asks again.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.audit.unchanged import inputs_of, is_complete
    from daily_papers.listing.day_listing import day_listing
    from daily_papers.summaries import papers_to_ask
    from daily_papers.texts.read import read_texts

    library = open_library()
    day = date.fromisoformat(listing_date)
    with failure_kept(context, day):
        if not day_listing(library, day).rows:
            raise AirflowSkipException(f"Hugging Face listed no papers on {day}: nothing to read.")
        again = bool(context["params"].get(RESUMMARIZE_PARAMETER))
        if not again and is_complete(library, day, inputs_of(library, day)):
            logger.info("%s: every paper is complete, and nothing has changed since", day)
            return []
        unavailable = read_texts(library, papers_to_ask.papers_without_summary(library, day, again=again))
        if unavailable.paper_ids:
            _try_again_or_leave(context, unavailable.as_error())
        wanted = papers_to_ask.papers_to_ask(library, day, again=again)
        logger.info("%s: %d papers need a call", day, len(wanted))
        return [wanted] if wanted else []


async def summarize(context: Mapping[str, Any], listing_date: str, paper_ids: Sequence[str]) -> None:
    """Asks the model about papers of a date, as many at once as settings and provider allow.

    On the last try, papers whose provider did not answer are left pending: the others are published, and any later
    run of the date asks again.
    """
    from daily_papers.summaries.summarize import still_unavailable, summarize_papers

    library = open_library()
    day = date.fromisoformat(listing_date)
    with failure_kept(context, day):
        unavailable = await summarize_papers(
            library,
            _model_access(library.settings),
            day,
            paper_ids,
            run=f"{context['dag_run'].dag_id} {context['dag_run'].run_id}",
            again=bool(context["params"].get(RESUMMARIZE_PARAMETER)),
        )
        if unavailable:
            _try_again_or_leave(context, still_unavailable(unavailable))


async def verify(context: Mapping[str, Any], listing_date: str) -> None:
    """Has the second reader judge the summaries of a date that it has not judged yet.

    Whatever it does, the run goes on: what it did not judge is published, and its row says so.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.summaries.verify import papers_to_verify, still_not_verified, verify_papers

    library = open_library()
    day = date.fromisoformat(listing_date)
    with failure_kept(context, day):
        papers = papers_to_verify(library, day)
        if not papers:
            raise AirflowSkipException(f"There is nothing on {day} that the second reader has not judged.")
        access = _model_access(library.settings)
        run = f"{context['dag_run'].dag_id} {context['dag_run'].run_id}"
        try:
            verifier_access = _verifier_access(library.settings, access)
            unavailable = await verify_papers(library, access, verifier_access, day, papers, run=run)
        except StorageError:
            raise
        except TerminalError as error:
            logger.error("Left unverified: %s", error)  # noqa: TRY400  # no defect
            return
        if unavailable:
            _try_again_or_leave(context, still_not_verified(unavailable), "unverified")


def _try_again_or_leave(context: Mapping[str, Any], error: TransientError, state: str = "pending") -> None:
    """Raises an error while Airflow has tries left; afterwards what it is about stays in its state."""
    if has_tries_left(context):
        raise error
    logger.error("Left %s: %s", state, error)


def _model_access(settings: Settings) -> ModelAccess:
    """The Airflow connection `openai_default` where it exists (password: key, host: base URL), else the environment."""
    from daily_papers.summaries.model_client import MODEL_VARIABLE, ModelAccess

    return _access_by_connection(MODEL_CONNECTION, MODEL_VARIABLE) or ModelAccess.from_settings(settings)


def _verifier_access(settings: Settings, access: ModelAccess) -> ModelAccess:
    """The Airflow connection `openai_verifier` where it exists, else the environment, else the model's access."""
    return _access_by_connection(VERIFIER_CONNECTION, VERIFIER_VARIABLE) or access.for_verifier(settings)


def _access_by_connection(connection_id: str, model_set_in: str) -> ModelAccess | None:
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from daily_papers.summaries.model_client import ModelAccess

    try:
        connection = Connection.get(connection_id)
    except AirflowNotFoundException:
        return None
    place = f"the Airflow connection {connection_id}"
    try:
        address = checked_address(connection.host) if connection.host else None
    except ValueError as error:
        raise TerminalError(f"The host of {place} {error}.") from None
    key = (connection.password or "").strip() or None
    return ModelAccess(key, address, f"the password of {place}", f"the host of {place}", model_set_in)


def audit(context: Mapping[str, Any], listing_date: str) -> None:
    """Assembles and audits a date and replaces its day file; where nothing has changed since, it stays."""
    from daily_papers.audit.unchanged import inputs_of, is_audited, keep_inputs

    library = open_library()
    day = date.fromisoformat(listing_date)
    with failure_kept(context, day):
        inputs = inputs_of(library, day)
        if is_audited(library, day, inputs):
            logger.info("%s: nothing has changed since its last audit", day)
            return
        from daily_papers.audit.run import audit_day

        audit_day(library, day)
        keep_inputs(library, day, inputs)


def load(context: Mapping[str, Any], listing_date: str) -> None:
    """Replaces a date in the warehouse."""
    from daily_papers.warehouse import publication

    library = open_library()
    day = date.fromisoformat(listing_date)
    with failure_kept(context, day):
        publication.load(library, [day])


def render(context: Mapping[str, Any], listing_date: str) -> dict[str, Any]:
    """Publishes a date's digest, and with that ends its run; returns what the asset event says about the day."""
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.audit.day_status import day_summary
    from daily_papers.publish.digest import publish_digest
    from daily_papers.runs.claim import end_claim
    from daily_papers.runs.failure import forget_run_failure

    library = open_library()
    day = date.fromisoformat(listing_date)
    with failure_kept(context, day):
        there_is_a_digest = publish_digest(library, day)
        summary = day_summary(library, day)
    forget_run_failure(library, day)
    end_claim(library, day, identity_of(context))
    if not there_is_a_digest:
        raise AirflowSkipException(f"Hugging Face listed no papers on {day}: there is no digest to publish.")
    return {**summary.as_row(), "listing_date": listing_date}
