"""The tasks of the DAG `refresh_daily_papers`."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from daily_papers.lake.library import open_library
from daily_papers.orchestration.dag_runs import check_parameters, is_active
from daily_papers.orchestration.names import DAILY_PAPERS, DAYS_PARAMETER

logger = logging.getLogger(__name__)


def dates_to_look_at(context: Mapping[str, Any]) -> list[str]:
    """The dates that a refresh looks at again: the last ones, yesterday at the latest, and all with pending papers.

    Raises:
        AirflowSkipException: `daily_papers` is switched off; runs of it would only pile up.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.dates import today
    from daily_papers.upkeep.refresh import dates_to_refresh

    check_parameters(context, DAYS_PARAMETER)
    if context["ti"].get_dag(DAILY_PAPERS).is_paused:
        raise AirflowSkipException(f"{DAILY_PAPERS} is switched off: nothing is looked at, because nothing could run.")
    library = open_library()
    days = dates_to_refresh(library, today() - timedelta(days=1), int(context["params"][DAYS_PARAMETER]))
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
    from daily_papers.upkeep.look import look_at
    from daily_papers.upkeep.refresh import why_to_run

    library = open_library()
    day = date.fromisoformat(listing_date)
    if owner := active_run(library, day, lambda run: is_active(context["ti"], run)):
        raise AirflowSkipException(f"{day} is being worked on by the run {owner.run_id}.")
    look_at(library, day)
    reason = why_to_run(library, day)
    if reason is None:
        raise AirflowSkipException(f"{day} has not changed.")
    logger.info("%s needs a run: %s", day, reason)
    return f"refresh__{day}__{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def load_looks(listing_dates: Sequence[str] | None) -> None:
    """Brings the looks at these dates into the warehouse, all at once (None: they could not be chosen)."""
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.warehouse import publication

    if not listing_dates:
        raise AirflowSkipException("There is no date to look at.")
    library = open_library()
    publication.load(library, [date.fromisoformat(day) for day in listing_dates])
