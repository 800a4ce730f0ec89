"""The tasks of the DAG `round_up_daily_papers`; which periods it is about says `runs`."""

from __future__ import annotations

import logging

from daily_papers.lake.library import open_library

logger = logging.getLogger(__name__)


def round_up(period: str) -> None:
    """Writes the round-up of a week or a month.

    Raises:
        AirflowSkipException: nothing of the period is published.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.period import parse_period
    from daily_papers.publish.round_up import publish_round_up

    library = open_library()
    if not publish_round_up(library, parse_period(period)):
        raise AirflowSkipException(f"No paper of {period} is published.")
    logger.info("Wrote %s", library.lake.round_up(f"{period}.md"))
