"""
### refresh_daily_papers: what changed on past dates

A listing grows all day, votes settle over one to two weeks, and Hugging Face moves or withdraws papers. Once a day,
this DAG looks again at the last 14 dates and at every date with pending papers, and triggers `daily_papers` for the
dates that changed: late papers are summarized, votes and titles updated, and digests rendered again. Existing answers
are never paid for again, and an unchanged date costs only its listing requests and one observation.

| task | does | when it has nothing to do |
|---|---|---|
| dates_to_look_at | chooses the dates | |
| date.look_again | keeps the listing, compares it with the audited rows | skipped: no change, or a run is active |
| date.run_again | triggers `daily_papers` for the date | skipped with it |
| load_looks | loads votes and looks of all these dates into the warehouse | skipped if there are no dates |

#### Dates
Dates that were never asked for and had ended before the library's first look are left out: unpausing this DAG does
not backfill. A date that `daily_papers` has missed since then (because the machine was off) is caught up on.

#### Parameters
- `days`: how many dates to look back, yesterday included (default: 14). Dates with pending papers are added.

#### What needs a person
- *date.look_again failed*: the listing could not be fetched; the message says why. The other dates go on, and the next
  refresh tries again.
- While `daily_papers` is paused, a refresh skips everything, because its runs would only pile up.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronTriggerTimetable, Param, TriggerRule, dag, get_current_context, task, task_group

from daily_papers.orchestration import names, refresh_tasks
from daily_papers.orchestration.retry_policy import DEFAULT_ARGUMENTS, report_failure


@dag(
    dag_id="refresh_daily_papers",
    dag_display_name="Refresh Daily Papers",
    description="Looks again at the last 14 dates and runs daily_papers for those that changed",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 6 * * *", timezone="UTC"),
    start_date=datetime(2023, 5, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    params={
        names.DAYS_PARAMETER: Param(
            14, type="integer", minimum=1, maximum=366, title="Days", description="How many past dates to look at"
        )
    },
    default_args=DEFAULT_ARGUMENTS,
    on_failure_callback=report_failure,
    tags=["daily-papers"],
)
def refresh_daily_papers() -> None:
    """Wires the steps; `daily_papers.orchestration.refresh_tasks` holds them."""

    @task
    def dates_to_look_at() -> list[str]:
        return refresh_tasks.dates_to_look_at(get_current_context())

    @task_group(group_id="date")
    def look_and_run(listing_date: str) -> Any:
        @task(execution_timeout=timedelta(minutes=15), max_active_tis_per_dagrun=2, map_index_template="{{ day }}")
        def look_again(listing_date: str) -> str:
            context: Any = get_current_context()
            context["day"] = listing_date
            return refresh_tasks.look_again(context, listing_date)

        looked: Any = look_again(listing_date)
        TriggerDagRunOperator(
            task_id="run_again",
            trigger_dag_id=names.DAILY_PAPERS,
            trigger_run_id=looked,  # the same at every try: a run of this name is there then
            logical_date=None,
            conf={names.DATE_PARAMETER: listing_date},
            skip_when_already_exists=True,
            openlineage_inject_parent_info=False,
            map_index_template="{{ task.conf['date'] }}",
        )
        # run_again stays a leaf of the DAG: a look that failed fails the run
        return looked

    # all_done: unchanged dates skip, and a look that failed is no reason to withhold the others
    @task(trigger_rule=TriggerRule.ALL_DONE)
    def load_looks(listing_dates: list[str] | None) -> None:
        refresh_tasks.load_looks(listing_dates)

    listing_dates: Any = dates_to_look_at()
    look_and_run.expand(listing_date=listing_dates) >> load_looks(listing_dates)


refresh_daily_papers()
