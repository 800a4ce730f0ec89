"""The environment of a local server that plays listing API, arXiv and model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daily_papers.sample.server import LocalServer, no_document


def environment_of(server: LocalServer) -> dict[str, str]:
    """The variables that lead everything to a server."""
    return {
        "HF_ENDPOINT": server.address,
        "OPENAI_BASE_URL": server.model_address,
        "DAILY_PAPERS_ARXIV_ENDPOINT": server.address,
        "DAILY_PAPERS_ARXIV_INTERVAL_SECONDS": "0",
        "OPENAI_API_KEY": "sk-test-0123456789abcdef",
        "DAILY_PAPERS_MODEL": "test-model",
    }


@contextmanager
def served_home(home: Path, listings: object, answers: object, **environment: str) -> Iterator[None]:
    """A home and a server of its own for a library that is made once for many tests, which copy or read it."""
    with LocalServer(listings, answers, no_document) as server, pytest.MonkeyPatch.context() as patch:  # type: ignore[arg-type]
        for name, value in {**environment_of(server), "DAILY_PAPERS_HOME": str(home), **environment}.items():
            patch.setenv(name, value)
        yield
