"""How many inputs are tried: a few with a fixed seed, `FUZZ_EXAMPLES=500` for more, `FUZZ_SEED=1` for other ones."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

_SHRINKING = [Phase.shrink] if os.environ.get("FUZZ_SHRINK") else []

settings.register_profile(
    "daily_papers",
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "5")),
    derandomize="FUZZ_SEED" not in os.environ,
    database=None,
    deadline=None,
    print_blob=True,
    phases=[Phase.explicit, Phase.generate, *_SHRINKING],
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("daily_papers")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Seeds the tests anew where a seed was asked for; without one they are the same in every run."""
    chosen = os.environ.get("FUZZ_SEED")
    if chosen is None:
        return
    from hypothesis import seed

    for item in items:
        if isinstance(item, pytest.Function) and "fuzz" in item.path.parts:
            seed(int(chosen))(item.obj)
