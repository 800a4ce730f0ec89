"""The tasks of the DAG `review_daily_papers`."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from daily_papers.lake.library import open_library
from daily_papers.orchestration.dag_runs import check_parameters, identity_of, is_active
from daily_papers.orchestration.names import DATE_PARAMETER

logger = logging.getLogger(__name__)

REVIEWED_DAYS = 14
MOST_REVIEWS = 100


def papers_to_review(context: Mapping[str, Any], published: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Papers to ask people about, with the version of their answer: quarantined, not judged, and not asked about by
    another run. `published` are the asset events that started the run.

    Raises:
        AirflowSkipException: there are none.
        UserError: an unknown parameter, or no date.
    """
    from airflow.sdk.exceptions import AirflowSkipException

    from daily_papers.dates import parse_listing_date, today
    from daily_papers.runs.claim import claim_review
    from daily_papers.upkeep.review import papers_to_ask_about

    check_parameters(context, DATE_PARAMETER)
    library = open_library()
    wanted = context["params"].get(DATE_PARAMETER)
    dates = {parse_listing_date(extra["listing_date"]) for extra in published if extra.get("listing_date")}
    dates |= {today() - timedelta(days=age) for age in range(REVIEWED_DAYS + 1)}
    chosen = {parse_listing_date(wanted)} if wanted else dates
    run = identity_of(context)
    free = (
        paper
        for paper in papers_to_ask_about(library, chosen)
        if claim_review(library, paper["paper_id"], run, lambda owner: is_active(context["ti"], owner))
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
    library = open_library()
    if review.open_question(library, paper_id, answer["version"]) is not None:
        decide = {Option.APPROVE: review.approve, Option.REJECT: review.reject, Option.RETRY: review.retry}[option]
        decision = decide(library, paper_id, by=answer["by"], why=answer["why"])
        logger.info("%s: %s by %s: %s", paper_id, decision.outcome, decision.by, decision.why)
    elif not review.is_recorded(library, paper_id, by=answer["by"], why=answer["why"]):  # else: an earlier try did it
        raise AirflowSkipException(f"{paper_id} has been decided on or has a new answer by now: nothing was recorded.")
    for row in review.apply(library, paper_id):
        logger.info("%s is %s on %s", paper_id, row.values["status"], row.listing_date)
