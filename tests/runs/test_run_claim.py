from __future__ import annotations

import pytest

from daily_papers.errors import DateBusyError
from daily_papers.lake.library import Library
from daily_papers.runs.claim import RunIdentity, claim_date
from daily_papers.sample.server import SAMPLE_DATE

FIRST, SECOND = RunIdentity("daily_papers", "manual__1"), RunIdentity("daily_papers", "manual__2")


def test_an_active_run_keeps_its_date(library: Library) -> None:
    claim_date(library, SAMPLE_DATE, FIRST, lambda run: False)
    with pytest.raises(DateBusyError, match="2025-05-21 is being worked on by the run manual__1"):
        claim_date(library, SAMPLE_DATE, SECOND, lambda run: run == FIRST)
    claim_date(library, SAMPLE_DATE, FIRST, lambda run: True)  # its own retry


def test_an_ended_run_gives_way(library: Library) -> None:
    claim_date(library, SAMPLE_DATE, FIRST, lambda run: False)
    claim_date(library, SAMPLE_DATE, SECOND, lambda run: False)
    with pytest.raises(DateBusyError, match="manual__2"):
        claim_date(library, SAMPLE_DATE, FIRST, lambda run: True)
