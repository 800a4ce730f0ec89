"""`make demo LLM=local`: the whole pipeline with a real, small and bad model; what it wrote and what became of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.local_model import CONTEXT_TOKENS, MODEL
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.summaries.call_store import CallStore
from daily_papers.summaries.paper_record import MOST_REPAIRS
from tests.conftest import REPOSITORY
from tests.support.libraries import library_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_a_real_model_is_asked_audited_and_kept_from_readers(tmp_path: Path) -> None:
    python = REPOSITORY / ".venv" / "bin" / "python"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    done = subprocess.run(
        [str(python), "-m", "daily_papers.local.demo"],
        cwd=tmp_path,
        env={**environment, "LLM": "local", "DAILY_PAPERS_HOME": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout)  # noqa: T201  # what the model wrote is what this test is for
    assert done.returncode == 0, done.stdout + done.stderr
    library = library_in(tmp_path / "data" / "demo-local")
    rows = read_day_file(library, SAMPLE_DATE)
    assert len(rows) == 2
    digest = library.lake.digest(SAMPLE_DATE).read_text()
    for row in rows:
        calls = CallStore(library).calls(row["paper_id"])
        assert 1 <= len(calls) <= 1 + MOST_REPAIRS
        assert {call.model for call in calls} == {MODEL}
        for call in calls:
            assert call.answered
            assert call.finish_reason in ("stop", "length")
            assert 500 < call.tokens.input < CONTEXT_TOKENS
            assert call.tokens.output > 50
            if call.finish_reason == "stop":
                json.loads(call.response["choices"][0]["message"]["content"])  # type: ignore[index]
            print(f"{row['paper_id']}: {call.tokens}, {call.latency_seconds} s, parts {call.parts or 'all'}")  # noqa: T201
        assert row["status"] in ("complete", "quarantined")
        assert bool(row["reasons"]) == (row["status"] == "quarantined")
        print(f"{row['paper_id']}: {row['status']} {row['reasons']}\n  {row['motivation_markdown']}")  # noqa: T201
        published = re.search(rf"^## {re.escape(row['paper_id'])}$", digest, re.MULTILINE) is not None
        assert published == (row["status"] == "complete")
