"""
### review_daily_papers: a person decides about quarantined papers

Whenever a day is published, this DAG asks about every quarantined paper that a person can judge. The question (under
*Required Actions*) shows the summary, what the audit found, and the quotes. The answer is kept in `lake/decisions`
with who, when and why, and takes effect at once in the day file, the warehouse and the digest.

| task | does | when it has nothing to do |
|---|---|---|
| papers_to_review | chooses the papers | |
| paper.ask | asks a person and waits, without a worker, for three days | skipped: decided in the meantime |
| paper.record | keeps the decision and publishes the paper's dates again | skipped: the answer is *Later* |

#### Answers
- *Approve*: readers get the summary, marked as approved. A summary that could break the digest is never asked about.
- *Reject*: the summary stays out; another model, prompt or text may bring a better one.
- *Ask the model again*: the paper becomes pending, and the next run of its date (the next refresh at the latest) asks.
- *Later*, or no answer: nothing is decided, and the question comes again after the next publication.

All answers but *Later* need a reason (`why`); without one, it comes again. To correct a summary by hand:
`papers draft ID`, then `papers approve ID --answer FILE`.

#### Papers
The DAG asks about papers of the dates just published and of the last 14 dates: at most 100, and none that another run
of this DAG is already asking about. To review one date by hand: `{"date": "2025-05-21"}`.

#### What needs a person
- *paper.record failed*: the message says what cannot be done and why. Either nothing was recorded, or the decision
  was recorded but the date could not be published again. In the second case, clear the task.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task, task_group

from daily_papers.orchestration import names, review_tasks
from daily_papers.orchestration.assets import PUBLISHED_DAY
from daily_papers.orchestration.retry_policy import DEFAULT_ARGUMENTS, report_failure
from daily_papers.orchestration.review_operator import AskAboutPaper


@dag(
    dag_id="review_daily_papers",
    dag_display_name="Review Daily Papers",
    description="Asks people about quarantined papers and publishes what they decide",
    doc_md=__doc__,
    schedule=[PUBLISHED_DAY],
    start_date=datetime(2023, 5, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=16,  # a run lasts as long as people take
    params={
        names.DATE_PARAMETER: Param(
            None,
            type=["null", "string"],
            format="date",
            title="Listing date",
            description="UTC day, YYYY-MM-DD; empty: the dates just published, and the last ones",
        )
    },
    default_args=DEFAULT_ARGUMENTS,
    on_failure_callback=report_failure,
    tags=["daily-papers", "human-in-the-loop"],
)
def review_daily_papers() -> None:
    """Wires the steps; `daily_papers.orchestration.review_tasks` holds them."""

    @task
    def papers_to_review() -> list[dict[str, str]]:
        context: Any = get_current_context()
        published = [event.extra for event in context["triggering_asset_events"].get(PUBLISHED_DAY, ())]
        return review_tasks.papers_to_review(context, published)

    # a group, so that a decision is recorded when it is made, not when all are
    @task_group(group_id="paper")
    def review(paper_id: str, version: str) -> None:
        @task(map_index_template="{{ paper }}")
        def record(answer: dict[str, str]) -> None:
            context: Any = get_current_context()
            context["paper"] = answer["paper_id"]
            review_tasks.record_decision(answer)

        asked = AskAboutPaper(
            task_id="ask",
            paper_id=paper_id,
            version=version,
            response_timeout=timedelta(days=3),
            map_index_template="{{ task.paper_id }}",
        )
        answer: Any = asked.output
        record(answer)

    review.expand_kwargs(papers_to_review())


review_daily_papers()
