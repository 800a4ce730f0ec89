"""
### round_up_daily_papers: the week and the month in one page

This DAG covers the previous week on Mondays, and the previous month on the first of a month. It writes a Markdown
page with charts, made from the published rows, to `round-ups/` in the library's home. The page shows what the
warehouse has at that moment; votes keep changing, so a later run for the same period may differ.

| task | does | when it has nothing to do |
|---|---|---|
| periods | chooses the periods that just ended, or the one that was asked for | |
| round_up | writes the page and the charts of a period | skipped: nothing in the period is published |

#### Parameters
- `period`: a week such as `2025-W21` (ISO 8601, Monday to Sunday) or a month such as `2025-05`. Without it, a manual
  run takes the periods that ended on the day before, else the last complete week and month. A period that is not over
  yet is covered as far as it goes.

#### What needs a person
- *round_up failed: No warehouse …*: nothing was loaded yet; run `daily_papers` for a date.
- A page that names missing dates: `papers sql coverage_gaps` says what to do about each; then run the period again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import MultipleCronTriggerTimetable, Param, dag, get_current_context, task

from daily_papers.orchestration import dag_runs, names, round_up_tasks
from daily_papers.orchestration.retry_policy import DEFAULT_ARGUMENTS, report_failure


@dag(
    dag_id="round_up_daily_papers",
    dag_display_name="Round up Daily Papers",
    description="A page with charts for each week and month, from the published rows",
    doc_md=__doc__,
    # after the refresh of 06:00
    schedule=MultipleCronTriggerTimetable("0 8 * * MON", "30 8 1 * *", timezone="UTC"),
    start_date=datetime(2023, 5, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    params={
        names.PERIOD_PARAMETER: Param(
            None,
            type=["null", "string"],
            pattern=r"^\d{4}-(W\d{2}|\d{2})$",
            title="Period",
            description="A week (2025-W21) or a month (2025-05); empty: what just ended",
        )
    },
    default_args=DEFAULT_ARGUMENTS,
    on_failure_callback=report_failure,
    tags=["daily-papers"],
)
def round_up_daily_papers() -> None:
    """Wires the steps; `daily_papers.orchestration.round_up_tasks` holds them."""

    @task
    def periods() -> list[str]:
        return dag_runs.periods_to_round_up(get_current_context())

    @task(execution_timeout=timedelta(minutes=15), map_index_template="{{ period }}")
    def round_up(period: str) -> None:
        context: Any = get_current_context()
        context["period"] = period
        round_up_tasks.round_up(period)

    round_up.expand(period=periods())


round_up_daily_papers()
