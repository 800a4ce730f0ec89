"""How much time and how many calls the summarize step adds to what the model itself takes: 50 papers, 3 s each.

Real HTTP, a model that only waits, full texts (a LaTeXML page), 16 calls at once. Bare times mean nothing on a busy
machine, so the figure is the ratio of the step's wall time to the ideal, ceil(50 / 16) × 3 s.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import os
import signal
import tempfile
import time
from multiprocessing.connection import Connection
from typing import Any

from tests.support.arxiv import Arxiv, arxiv_page, listed
from tests.support.models import ScriptedModel

from daily_papers.lake.library import open_library
from daily_papers.listing import extract
from daily_papers.listing.huggingface_client import HuggingFaceClient
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.summaries import papers_to_ask, summarize
from daily_papers.summaries.model_client import ModelAccess
from daily_papers.texts import read

PAPERS, SECONDS, AT_ONCE = 50, 3.0, 16
IDEAL = math.ceil(PAPERS / AT_ONCE) * SECONDS


def serve(pipe: Connection) -> None:
    """A hub, arXiv and a model in one process; tells its addresses, then the number of calls whenever asked."""
    ids = [f"2505.{number:05d}" for number in range(1, PAPERS + 1)]
    model = ScriptedModel(seconds=SECONDS)
    listings = RecordedListings({SAMPLE_DATE: [listed(paper_id=paper_id) for paper_id in ids]})
    documents = Arxiv({("html", paper_id): arxiv_page(paper_id=paper_id) for paper_id in ids})
    with LocalServer(listings, model, documents) as server:
        pipe.send((server.address, server.model_address))
        while pipe.recv() is not None:
            pipe.send((model.calls.total(), model.answered.total(), model.most_at_once))


def fetch() -> None:
    library = open_library()
    with HuggingFaceClient(library.settings) as client:
        extract.look_at_listing(library, client, SAMPLE_DATE)
    read.read_texts(library, papers_to_ask.papers_without_summary(library, SAMPLE_DATE))


def ask() -> float:
    """Runs the step as its task does; its wall time."""
    library = open_library()
    started = time.monotonic()
    wanted = papers_to_ask.papers_to_ask(library, SAMPLE_DATE)
    access = ModelAccess.from_settings(library.settings)
    asyncio.run(summarize.summarize_papers(library, access, SAMPLE_DATE, wanted, run="bench"))
    return time.monotonic() - started


def counts(pipe: Connection) -> tuple[int, int, int]:
    pipe.send("?")
    found: tuple[int, int, int] = pipe.recv()
    return found


def in_a_new_home() -> None:
    os.environ["DAILY_PAPERS_HOME"] = tempfile.mkdtemp(prefix="daily-papers-bench-")
    fetch()


def main() -> None:
    context = multiprocessing.get_context("spawn")
    pipe, other = context.Pipe()
    server = context.Process(target=serve, args=(other,), daemon=True)
    server.start()
    hub, model = pipe.recv()
    os.environ.update(
        {
            "HF_ENDPOINT": hub, "OPENAI_BASE_URL": model, "OPENAI_API_KEY": "sk-bench-0123456789",
            "DAILY_PAPERS_ARXIV_ENDPOINT": hub, "DAILY_PAPERS_ARXIV_INTERVAL_SECONDS": "0",
            "DAILY_PAPERS_MODEL": "bench", "DAILY_PAPERS_CONCURRENCY": str(AT_ONCE),
        }
    )  # fmt: skip
    lines: list[tuple[str, Any]] = []
    in_a_new_home()
    before, _, _ = counts(pipe)
    seconds = ask()
    after, _, most = counts(pipe)
    lines += [("calls of the first run", after - before), ("most calls at once", most)]
    lines += [("wall time over the ideal", f"{seconds / IDEAL:.2f}")]
    ask()
    lines += [("calls of a second run", counts(pipe)[0] - after)]

    in_a_new_home()
    before, answered_before, _ = counts(pipe)
    worker = context.Process(target=ask)
    worker.start()
    while counts(pipe)[1] - answered_before < PAPERS * 0.4:
        time.sleep(0.05)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join()
    at_the_kill = counts(pipe)
    under_way = at_the_kill[0] - at_the_kill[1]
    ask()
    total = counts(pipe)[0] - before
    lines += [
        ("calls with kill -9 in the middle", f"{total} (at most {PAPERS} + {AT_ONCE}; {under_way} were under way)")
    ]
    for name, value in lines:
        print(f"{name:<36} {value}")
    pipe.send(None)
    server.join(10)


if __name__ == "__main__":
    main()
