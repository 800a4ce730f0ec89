"""Which names are datasets' to `reported_datasets`: its own patterns, which are data rather than a way of asking."""

from __future__ import annotations

import re

from daily_papers.ask.catalogue import named_queries

OF_DATASETS, *OF_OTHERS = re.findall(r"regexp_matches\(dataset, '([^']+)'\)", named_queries()["reported_datasets"].sql)
"""What a name is a dataset's by, and what it is something else's by where the first is not found."""


def names_dataset(name: str) -> bool:
    """Whether the query takes a name for a dataset's."""
    return re.search(OF_DATASETS, name) is not None or not any(re.search(pattern, name) for pattern in OF_OTHERS)
