"""The pipeline as one script: the listing, one paper after the other, a Parquet file and a Markdown page.

It asks with our prompt, so that the same model answers; it keeps no calls, checks nothing, and begins anew where it
stopped.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import requests


def listing(day: str) -> list[Any]:
    """What the hub lists for a date, as it came."""
    answered = requests.get(f"{os.environ['HF_ENDPOINT']}/api/daily_papers?date={day}&limit=100", timeout=60)
    answered.raise_for_status()
    return list(answered.json())


def answer(item: Any) -> str:
    """The model's answer about one listed paper, as it came."""
    from openai import OpenAI

    from daily_papers.listing.contract import parse_capture
    from daily_papers.summaries.prompt import build_request
    from daily_papers.texts.read import abstract_source

    [paper] = parse_capture([item]).papers
    source = abstract_source(paper)
    request = build_request(paper, source, model=os.environ["DAILY_PAPERS_MODEL"], language="ko", output_tokens=8000)
    completion = OpenAI(timeout=120).chat.completions.create(**request.body)
    return completion.choices[0].message.content or ""


def write(answers: list[str]) -> None:
    """All answers as a table and as a page."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(tempfile.mkdtemp(prefix="rival-"))
    pq.write_table(pa.table({"answer": answers}), folder / "day.parquet")
    (folder / "day.md").write_text("\n\n".join(answers), encoding="utf-8")


def main(day: str, most: int) -> None:
    """A date's first papers."""
    write([answer(item) for item in listing(day)[:most]])
