"""The bodies of the DAG's tasks: what each step needs of Airflow, around the step itself.

Dates and ids go between tasks, never the papers themselves. Heavy imports are inside the functions, so that
each task process loads only what it needs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

from daily_papers.dates import resolve_run_date
from daily_papers.errors import TerminalError, TransientError, UserError
from daily_papers.lake.layout import Lake, open_library
from daily_papers.settings import Settings, checked_address

if TYPE_CHECKING:
    from daily_papers.runs.claim import RunIdentity
    from daily_papers.summaries.model import ModelAccess

logger = logging.getLogger(__name__)

DAILY_PAPERS = "daily_papers"
ROUND_UP = "round_up_daily_papers"
DATE_PARAMETER = "date"
RESUMMARIZE_PARAMETER = "resummarize"
PERIOD_PARAMETER = "period"
DAYS_PARAMETER = "days"
MODEL_CONNECTION = "openai_default"
REVIEWED_DAYS = 14
MOST_REVIEWS = 100
ARXIV_POOL = "arxiv"
"""A pool with one slot: arXiv allows one connection at a time, from all workers together."""


def run_date(context: Mapping[str, Any]) -> date:
    """The date a run works on (see `resolve_run_date`).

    Airflow's trigger form fills in "now" as logical date; the day on which the run was due is therefore taken as
    "none given". Today can be asked for with the parameter.

    Raises:
        UserError: an unknown parameter, or a date that cannot be listed.
    """
    run = context["dag_run"]
    _check_parameters(context, DATE_PARAMETER, RESUMMARIZE_PARAMETER)
    logical_date = run.logical_date
    if logical_date is not None and logical_date.astimezone(UTC).date() == run.run_after.astimezone(UTC).date():
        logical_date = None
    return resolve_run_date(context["params"].get(DATE_PARAMETER), logical_date, run.run_after)


def _check_parameters(context: Mapping[str, Any], *known: str) -> None:
    """Airflow lets unknown parameters pass, and would run something else than was meant."""
    if unknown := sorted(set(context["dag_run"].conf or {}) - set(known)):
        raise UserError(f"Unknown parameters: {', '.join(unknown)}. There is: {', '.join(known)}.")


def extract(context: Mapping[str, Any]) -> str:
    """Claims the run's date and fetches its listing; returns the date."""
    from daily_papers.runs.claim import RunIdentity, claim_date

    settings, lake = open_library()
    listing_date = run_date(context)
    run = RunIdentity(context["dag_run"].dag_id, context["dag_run"].run_id)
    claim_date(settings, lake, listing_date, run, lambda owner: _is_active(context["ti"], owner))
    with _failure_kept(context, listing_date):
        try:
            _look(settings, lake, listing_date)
        finally:
            _load_failed_looks(settings, lake, listing_date)
        _check_model_access(context, settings, lake, listing_date)
    return listing_date.isoformat()


def _check_model_access(context: Mapping[str, Any], settings: Settings, lake: Lake, listing_date: date) -> None:
    """Says at the start of a run that no model can be asked, where one would have to be; nothing was read or paid yet.

    Raises:
        TerminalError: neither a key nor an address of a model is set.
    """
    from daily_papers.summaries import questions

    problem = _model_access(settings).problem
    again = bool(context["params"].get(RESUMMARIZE_PARAMETER))
    if problem and questions.papers_without_summary(lake, settings, listing_date, again=again):
        raise TerminalError(problem)


@contextmanager
def _failure_kept(context: Mapping[str, Any], listing_date: date) -> Iterator[None]:
    """Keeps a failure of a task for `papers status`, until a run of the date succeeds."""
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.runs.claim import RunIdentity
    from daily_papers.runs.failure import record_run_failure

    try:
        yield
    except AirflowSkipException:
        raise
    except BaseException as error:  # Airflow's timeout is no Exception
        run = RunIdentity(context["dag_run"].dag_id, context["dag_run"].run_id)
        record_run_failure(open_library()[1], listing_date, run, context["ti"].task_id, error)
        raise


def _load_failed_looks(settings: Settings, lake: Lake, listing_date: date) -> None:
    """Loads a date that was looked at in vain at once: the warehouse must not take it for an empty day, nor keep
    calling it unfetched when a later look succeeded."""
    from daily_papers.listing.looks import failures

    if failures(lake, listing_date):
        from daily_papers.warehouse.versions import load as load_dates

        try:
            load_dates(settings, lake, [listing_date])
        except Exception:
            logger.exception("The looks at %s are kept, but could not be loaded", listing_date)


def _look(settings: Settings, lake: Lake, listing_date: date) -> None:
    """Fetches a listing and logs what about it deserves a second look."""
    from daily_papers.audit.day_warnings import WarningsOfDays
    from daily_papers.listing.client import HuggingFaceClient
    from daily_papers.listing.extract import extract as fetch

    with HuggingFaceClient(settings) as client:
        fetch(lake, client, listing_date)
    for warning in WarningsOfDays(lake).of(listing_date).values():
        logger.warning("%s: %s", listing_date, warning)


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


def read(context: Mapping[str, Any], listing_date: str) -> list[list[str]]:
    """Gets the texts of the papers that need a summary; returns the ids that need a call, in chunks (none: all are
    answered).

    On the last try, papers whose text arXiv did not give are left pending: any later run of the date asks again.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.listing.day_listing import day_listing
    from daily_papers.summaries import questions
    from daily_papers.summaries.summarize import chunks
    from daily_papers.texts.read import read as get_texts

    settings, lake = open_library()
    day = date.fromisoformat(listing_date)
    with _failure_kept(context, day):
        if not day_listing(lake, day).rows:
            raise AirflowSkipException(f"Hugging Face listed no papers on {day}: nothing to read.")
        again = bool(context["params"].get(RESUMMARIZE_PARAMETER))
        unavailable = get_texts(lake, settings, questions.papers_without_summary(lake, settings, day, again=again))
        if unavailable.paper_ids:
            _try_again_or_leave(context, unavailable.as_error())
        wanted = questions.papers_to_ask(lake, settings, day, again=again)
        logger.info("%s: %d papers need a call", day, len(wanted))
        return chunks(wanted, settings.chunk_size)


async def summarize(context: Mapping[str, Any], listing_date: str, paper_ids: Sequence[str]) -> None:
    """Asks the model about one chunk of papers.

    On the last try, papers whose provider did not answer are left pending: the others are published, and any later
    run of the date asks again.
    """
    from daily_papers.summaries import summarize as step

    settings, lake = open_library()
    day = date.fromisoformat(listing_date)
    with _failure_kept(context, day):
        unavailable = await step.summarize(
            lake,
            settings,
            _model_access(settings),
            day,
            paper_ids,
            run=f"{context['dag_run'].dag_id} {context['dag_run'].run_id}",
            again=bool(context["params"].get(RESUMMARIZE_PARAMETER)),
        )
        if unavailable:
            _try_again_or_leave(context, step.still_unavailable(unavailable))


def _try_again_or_leave(context: Mapping[str, Any], error: TransientError) -> None:
    """Raises an error while Airflow has tries left; afterwards what it is about stays pending."""
    if context["ti"].try_number <= context["ti"].max_tries:
        raise error
    logger.error("Left pending: %s", error)


def _model_access(settings: Settings) -> ModelAccess:
    """The Airflow connection `openai_default` where it exists (password: key, host: base URL), else the environment."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from daily_papers.summaries.model import ModelAccess

    try:
        connection = Connection.get(MODEL_CONNECTION)
    except AirflowNotFoundException:
        return ModelAccess.from_settings(settings)
    try:
        address = checked_address(connection.host) if connection.host else None
    except ValueError as error:
        raise TerminalError(f"The host of the Airflow connection {MODEL_CONNECTION} {error}.") from None
    key = (connection.password or "").strip() or None
    place = f"the Airflow connection {MODEL_CONNECTION}"
    return ModelAccess(key, address, f"the password of {place}", f"the host of {place}")


def audit(context: Mapping[str, Any], listing_date: str) -> None:
    """Assembles and audits a date and replaces its day file."""
    from daily_papers.audit.run import audit as audit_day

    settings, lake = open_library()
    day = date.fromisoformat(listing_date)
    with _failure_kept(context, day):
        audit_day(settings, lake, day)


def load(context: Mapping[str, Any], listing_date: str) -> None:
    """Replaces a date in the warehouse."""
    from daily_papers.warehouse.versions import load as load_dates

    settings, lake = open_library()
    day = date.fromisoformat(listing_date)
    with _failure_kept(context, day):
        load_dates(settings, lake, [day])


def render(context: Mapping[str, Any], listing_date: str) -> dict[str, Any]:
    """Publishes a date's digest, and with that ends its run; returns what the asset event says about the day."""
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.audit.day_status import day_summary
    from daily_papers.publish.digest import publish_digest
    from daily_papers.runs.claim import end_claim
    from daily_papers.runs.failure import forget_run_failure

    _, lake = open_library()
    day = date.fromisoformat(listing_date)
    with _failure_kept(context, day):
        there_is_a_digest = publish_digest(lake, day)
        summary = day_summary(lake, day)
    forget_run_failure(lake, day)
    end_claim(lake, day)
    if not there_is_a_digest:
        raise AirflowSkipException(f"Hugging Face listed no papers on {day}: there is no digest to publish.")
    return {**summary.as_row(), "listing_date": listing_date}


def dates_to_look_at(context: Mapping[str, Any]) -> list[str]:
    """The dates that a refresh looks at again: the last ones, yesterday at the latest, and all with pending papers.

    Raises:
        AirflowSkipException: `daily_papers` is switched off; runs of it would only pile up.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.dates import today
    from daily_papers.upkeep.refresh import dates_to_look_at as choose

    _check_parameters(context, DAYS_PARAMETER)
    if context["ti"].get_dag(DAILY_PAPERS).is_paused:
        raise AirflowSkipException(f"{DAILY_PAPERS} is switched off: nothing is looked at, because nothing could run.")
    settings, lake = open_library()
    days = choose(lake, settings, today() - timedelta(days=1), int(context["params"][DAYS_PARAMETER]))
    logger.info("Looking again at %d dates", len(days))
    return [day.isoformat() for day in days]


def look_again(context: Mapping[str, Any], listing_date: str) -> str:
    """Looks at a date's listing; returns the name of the run that it needs.

    Raises:
        AirflowSkipException: the date is as it was, or a run works on it now (what that one misses, the next refresh
            finds).
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.runs.claim import active_run
    from daily_papers.upkeep.refresh import why_to_run

    settings, lake = open_library()
    day = date.fromisoformat(listing_date)
    if owner := active_run(lake, day, lambda run: _is_active(context["ti"], run)):
        raise AirflowSkipException(f"{day} is being worked on by the run {owner.run_id}.")
    _look(settings, lake, day)
    reason = why_to_run(lake, settings, day)
    if reason is None:
        raise AirflowSkipException(f"{day} is as it was.")
    logger.info("%s needs a run: %s", day, reason)
    return f"refresh__{day}__{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def load_looks(listing_dates: Sequence[str] | None) -> None:
    """Brings the looks at these dates into the warehouse, all at once (None: they could not be chosen)."""
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.warehouse.versions import load as load_dates

    if not listing_dates:
        raise AirflowSkipException("There is no date to look at.")
    settings, lake = open_library()
    load_dates(settings, lake, [date.fromisoformat(day) for day in listing_dates])


def periods_to_round_up(context: Mapping[str, Any]) -> list[str]:
    """The period of the run's parameter; else those that ended on the day before its logical date; else (a run by hand
    on any other day) the last week and the last month that are over.

    Raises:
        UserError: an unknown parameter, or no period.
    """
    from daily_papers.dates import today
    from daily_papers.period import month_of, parse_period, periods_ended, week_of

    _check_parameters(context, PERIOD_PARAMETER)
    if wanted := context["params"].get(PERIOD_PARAMETER):
        return [parse_period(wanted).name]
    moment = context["dag_run"].logical_date
    day = moment.astimezone(UTC).date() if moment else today()
    periods = periods_ended(day) or [week_of(day).before, month_of(day).before]
    return [period.name for period in periods]


def round_up(period: str) -> None:
    """Writes the round-up of a week or a month.

    Raises:
        AirflowSkipException: nothing of the period is published.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.period import parse_period
    from daily_papers.publish.round_up import publish_round_up

    settings, lake = open_library()
    if not publish_round_up(settings, lake, parse_period(period)):
        raise AirflowSkipException(f"No paper of {period} is published.")
    logger.info("Wrote %s", lake.round_up(f"{period}.md"))


def papers_to_review(context: Mapping[str, Any], published: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Papers to ask people about, with the version of their answer: quarantined, not judged, and not asked about by
    another run. `published` are the asset events that started the run.

    Raises:
        AirflowSkipException: there are none.
        UserError: an unknown parameter, or no date.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.dates import parse_listing_date, today
    from daily_papers.runs.claim import RunIdentity, claim_review
    from daily_papers.upkeep.review import papers_to_ask_about

    _check_parameters(context, DATE_PARAMETER)
    settings, lake = open_library()
    wanted = context["params"].get(DATE_PARAMETER)
    dates = {parse_listing_date(extra["listing_date"]) for extra in published if extra.get("listing_date")}
    dates |= {today() - timedelta(days=age) for age in range(REVIEWED_DAYS + 1)}
    chosen = {parse_listing_date(wanted)} if wanted else dates
    run = RunIdentity(context["dag_run"].dag_id, context["dag_run"].run_id)
    free = (
        paper
        for paper in papers_to_ask_about(lake, chosen)
        if claim_review(settings, lake, paper["paper_id"], run, lambda owner: _is_active(context["ti"], owner))
    )
    papers = list(islice(free, MOST_REVIEWS))
    if not papers:
        raise AirflowSkipException("There is no quarantined paper to ask about.")
    logger.info("Asking about %d papers", len(papers))
    return papers


def record_decision(answer: Mapping[str, str]) -> None:
    """Keeps what a person decided and publishes the paper's dates again.

    Raises:
        AirflowSkipException: nothing was decided, or the paper has another answer by now.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.orchestration.review_operator import Option
    from daily_papers.upkeep import review

    paper_id, option = answer["paper_id"], Option(answer["option"])
    if option is Option.LATER:
        raise AirflowSkipException("Nothing was decided: the next publication asks again.")
    settings, lake = open_library()
    if review.open_question(lake, paper_id, answer["version"]) is not None:
        decide = {Option.APPROVE: review.approve, Option.REJECT: review.reject, Option.RETRY: review.retry}[option]
        decision = decide(lake, paper_id, by=answer["by"], why=answer["why"])
        logger.info("%s: %s by %s: %s", paper_id, decision.outcome, decision.by, decision.why)
    elif not review.is_recorded(lake, paper_id, by=answer["by"], why=answer["why"]):  # else: an earlier try did it
        raise AirflowSkipException(f"{paper_id} was decided about, or has another answer by now: nothing was recorded.")
    for row in review.apply(settings, lake, paper_id):
        logger.info("%s is %s on %s", paper_id, row.values["status"], row.listing_date)
