"""DAGs to compare with: as little as Airflow can do with six tasks, and one task per paper.

Both run in the same Airflow as ours, against the same servers. The second one keeps no calls, checks nothing and fails
as a whole where one paper fails; it is allowed all the tasks at once that Airflow gives.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import dag, get_current_context, task


@dag(schedule=None, start_date=datetime(2023, 5, 1, tzinfo=UTC), catchup=False, max_active_runs=4)
def six_empty_tasks() -> None:
    """The floor: what Airflow takes for six tasks one after another that do nothing."""

    @task
    def nothing(_: object = None) -> None: ...

    done = None
    for _ in range(6):
        done = nothing(done)


@dag(
    schedule=None, start_date=datetime(2023, 5, 1, tzinfo=UTC), catchup=False, max_active_tasks=64, params={"date": ""}
)
def one_task_per_paper() -> None:
    """Listing, a mapped task for each paper, and a file of all answers."""

    @task
    def extract() -> list[str]:
        from bench.rivals.sequential_script import listing

        return [item["paper"]["id"] for item in listing(get_current_context()["params"]["date"])]

    @task
    def summarize(paper_id: str) -> str:
        from bench.rivals.sequential_script import answer, listing

        items = listing(get_current_context()["params"]["date"])
        return answer(next(item for item in items if item["paper"]["id"] == paper_id))

    @task
    def write(answers: list[str]) -> None:
        from bench.rivals.sequential_script import write as write_answers

        write_answers(list(answers))

    answers: Any = summarize.expand(paper_id=extract())
    write(answers)


six_empty_tasks()
one_task_per_paper()
