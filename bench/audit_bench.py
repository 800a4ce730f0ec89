"""What Great Expectations adds to the checks: the audit of 50-paper days against the same checks in plain Python.

Each figure is CPU time of a process of its own, over that of the plain checks on the same rows: one day with and
without the import, and 30 days in one process; with the peak of memory. Sources are abstracts;
with `--long-texts` also (2 days) texts of 55,000 characters, which is what a long full text has after it was cut to its
budget.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from importlib.resources import files

from daily_papers.checks.row_checks import findings
from daily_papers.listing.contract import ListedPaper, parse_item
from daily_papers.rows.answers import parse_answer
from daily_papers.rows.staged_row import StagedRow, with_answer
from daily_papers.sample.replay import sample_items
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.texts.read import abstract_source

PAPERS, DAYS, FULL_TEXT, FULL_TEXT_DAYS = 50, 30, 55_000, 2
Rows = list[StagedRow]


def day(listing_date: date, source_characters: int) -> Rows:
    """Staged rows of a day: the sample answers, some of them twice, with sources that no other day has."""
    items, rows = sample_items(), []
    for number in range(PAPERS):
        paper = items[number % len(items)]["paper"]
        content = files("daily_papers").joinpath(f"sample/answers/{paper['id']}.json").read_text(encoding="utf-8")
        answer = json.loads(content)
        paper_id = f"2505.{number:05}"
        completion = {"finish_reason": "stop", "message": {"content": json.dumps({**answer, "paper_id": paper_id})}}
        listed, _ = parse_item(items[number % len(items)])
        assert isinstance(listed, ListedPaper)
        source = f"{abstract_source(listed).text}\n\n{listing_date} {number}\n"
        source += source * (source_characters // len(source))
        row = StagedRow(paper_id=paper_id, language="ko", listing_date=listing_date, listing=listed)
        rows.append(with_answer(row, parse_answer({"choices": [completion]}), source))
    return rows


def plain(days: list[Rows]) -> None:
    """The checks alone."""
    for rows in days:
        assert not any(findings(row) for row in rows)


def suite(days: list[Rows]) -> None:
    """The audit's suite, import included."""
    from daily_papers.audit.suite import validate_day

    for rows in days:
        assert not validate_day(SAMPLE_DATE, rows, [row.paper_id for row in rows]).row_reasons


def imported() -> None:
    """What the suite needs, loaded."""
    from daily_papers.audit import suite as _  # noqa: F401


def measured(
    prepare: Callable[[], None] | None, work: Callable[[list[Rows]], None], days: int, characters: int
) -> tuple[float, float]:
    """CPU seconds of the work in a fresh process, and that process's peak of memory in MB."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as processes:
        return processes.submit(_measure, prepare, work, days, characters).result()


def _measure(
    prepare: Callable[[], None] | None, work: Callable[[list[Rows]], None], days: int, characters: int
) -> tuple[float, float]:
    made = [day(SAMPLE_DATE + timedelta(days=number), characters) for number in range(days)]
    if prepare:
        prepare()
    started = time.process_time()
    work(made)
    return time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Prints the ratios."""
    texts = f"texts of {FULL_TEXT:,} characters"
    long_texts = ((texts, FULL_TEXT, FULL_TEXT_DAYS),) if "--long-texts" in sys.argv else ()
    for name, characters, days in (("abstracts", 0, DAYS), *long_texts):
        checks, checks_memory = measured(None, plain, 1, characters)
        whole, memory = measured(None, suite, 1, characters)
        ready, _ = measured(imported, suite, 1, characters)
        month, month_memory = measured(None, suite, days, characters)
        month_checks, _ = measured(None, plain, days, characters)
        print(
            f"{PAPERS} papers, {name}: the audit takes {whole / checks:.1f} x the plain checks with the import, "
            f"{ready / checks:.1f} x without; {days} days in one process {month / month_checks:.1f} x "
            f"({month / whole:.1f} x one day). Peak of memory {checks_memory:.0f} MB plain, {memory:.0f} MB one day, "
            f"{month_memory:.0f} MB {days} days. One row's checks: {1000 * checks / PAPERS:.0f} ms CPU."
        )


if __name__ == "__main__":
    main()
