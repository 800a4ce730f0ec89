"""
### daily_papers: one date in, one audited day of papers out

This DAG processes one UTC day. It fetches Hugging Face's Daily Papers listing, has a model write a seven-section
summary of every paper, audits that every section is there and true to its source, and publishes the day as Parquet,
in DuckDB and as a Markdown digest.

| task | does | when it has nothing to do |
|---|---|---|
| extract | keeps the listing as served | |
| read | gets the text each summary is based on: arXiv's HTML, else PDF, else the abstract | skipped on an empty day |
| summarize | asks the model about all papers, stores answers on arrival, repairs them | skipped when all have answers |
| verify | has a second reader judge them (with DAILY_PAPERS_VERIFIER_MODEL only) | skipped when all are judged |
| audit | gives every listed paper a row: complete, quarantined or pending | |
| load | replaces the date in the warehouse | |
| render | publishes the digest, updates the asset `daily_papers_day` | skipped on an empty day |

#### Dates
The run processes its parameter `date`, else its logical date, else (a manual run with neither) the last day that has
ended. The schedule starts the run for a date when that date is over. The run's note says which date it is; its name
does not. For past days:
`airflow backfill create --dag-id daily_papers --from-date 2025-05-19T00:00:00Z --to-date 2025-05-23T00:00:00Z`
(without the times, Airflow's default time zone would apply).

#### Parameters
- `date`: a UTC day, for example `{"date": "2025-05-21"}`. Today is allowed, the future is refused.
- `resummarize`: asks again about papers that already have a good summary, if the model, prompt or text has changed
  since. This costs money (`papers resummarize` says how much); DAILY_PAPERS_MAX_USD_PER_RUN limits it.

#### Pool
`read` runs in the pool `arxiv`, which must exist and have one slot: arXiv allows one connection at a time. `make up`
and the compose stack create it; elsewhere: `airflow pools set arxiv 1 "One request at a time"`.

#### Retries
A failure that is usually temporary (timeout, 429, 5xx, reset) is retried. A failure that a retry cannot fix (a
rejected key, a listing that breaks its contract, a malformed date) fails the task at once, with a message that says
what to do. A retried or repeated run asks the model only about papers without an answer. If a provider stays down,
its papers stay *pending*, the others are published, and any later run of the date asks again.

#### What needs a person
- *is being worked on by the run …*: another run of the same date is active. Wait, or mark it as failed if it hangs.
- *The model's provider answered 401/402/404* or *rejected every request*: correct the setting the message names, then
  clear the failed tasks.
- *arXiv did not give the text of …*: its papers stay pending after the last try, and any later run asks again.
- *DAILY_PAPERS_MAX_USD_PER_RUN is set, but prices.json has no price*: add the model's price, then clear the failed
  tasks.
- *Left unverified* (in the log of `verify`): the message names the setting. The papers are published with the
  warning `not_verified`; any later run of the date asks again.
- *The audit refused …*: the day kept its previous version. `papers status DATE` shows it; the lake has all inputs.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, Param, TriggerRule, dag, get_current_context, task

from daily_papers.orchestration import daily_tasks, names
from daily_papers.orchestration.assets import PUBLISHED_DAY
from daily_papers.orchestration.retry_policy import DEFAULT_ARGUMENTS, report_failure


@dag(
    dag_id="daily_papers",
    dag_display_name="Daily Papers",
    description="Listing to audited Korean summaries: Parquet, DuckDB and a digest for one date",
    doc_md=__doc__,
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=datetime(2023, 5, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=4,
    params={
        names.DATE_PARAMETER: Param(
            None,
            type=["null", "string"],
            format="date",
            title="Listing date",
            description="UTC day, YYYY-MM-DD; empty: the run's logical date, or the last closed day",
        ),
        names.RESUMMARIZE_PARAMETER: Param(
            default=False,
            type="boolean",
            title="Summarize again",
            description="Ask again about papers with a good summary, where model, prompt or text have changed",
        ),
    },
    default_args=DEFAULT_ARGUMENTS,
    on_failure_callback=report_failure,
    tags=["daily-papers", "llm"],
)
def daily_papers() -> None:
    """Wires the steps; `daily_papers.orchestration.daily_tasks` holds them."""

    @task(execution_timeout=timedelta(minutes=15))
    def extract() -> str:
        return daily_tasks.extract(get_current_context())

    @task(multiple_outputs=False, pool=names.ARXIV_POOL, execution_timeout=timedelta(hours=2))
    def read(listing_date: str) -> list[list[str]]:
        return daily_tasks.read(get_current_context(), listing_date)

    # mapped over all papers at once or over nothing: where no paper needs a call, no process starts to find that out
    @task(map_index_template="{{ papers }}")
    async def summarize(listing_date: str, paper_ids: list[str]) -> None:
        context: Any = get_current_context()
        context["papers"] = f"{len(paper_ids)} papers"
        await daily_tasks.summarize(context, listing_date, paper_ids)

    # none_failed, here and below: a day whose papers are all answered skips summarize, an empty one skips read too
    @task(trigger_rule=TriggerRule.NONE_FAILED)
    async def verify(listing_date: str) -> None:
        await daily_tasks.verify(get_current_context(), listing_date)

    @task(trigger_rule=TriggerRule.NONE_FAILED)
    def audit(listing_date: str) -> None:
        daily_tasks.audit(get_current_context(), listing_date)

    @task
    def load(listing_date: str) -> None:
        daily_tasks.load(get_current_context(), listing_date)

    @task(outlets=[PUBLISHED_DAY])
    def render(listing_date: str, *, outlet_events: Any = None) -> None:
        outlet_events[PUBLISHED_DAY].extra = daily_tasks.render(get_current_context(), listing_date)

    listing_date: Any = extract()  # an XComArg: the date when the run has it
    unanswered = read(listing_date)
    answers = summarize.partial(listing_date=listing_date).expand(paper_ids=unanswered)
    audited, loaded, rendered = audit(listing_date), load(listing_date), render(listing_date)
    [unanswered, answers] >> audited >> loaded >> rendered
    if os.environ.get(names.VERIFIER_VARIABLE):
        [unanswered, answers] >> verify(listing_date) >> audited


daily_papers()
