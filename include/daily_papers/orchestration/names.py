"""Names that DAGs, tasks and whoever sets Airflow up share; imports nothing."""

from __future__ import annotations

DAILY_PAPERS = "daily_papers"
ROUND_UP = "round_up_daily_papers"
DATE_PARAMETER = "date"
RESUMMARIZE_PARAMETER = "resummarize"
PERIOD_PARAMETER = "period"
DAYS_PARAMETER = "days"
MODEL_CONNECTION = "openai_default"
VERIFIER_CONNECTION = "openai_verifier"
VERIFIER_VARIABLE = "DAILY_PAPERS_VERIFIER_MODEL"
"""Where it is set, `daily_papers` has the step `verify`."""
ARXIV_POOL = "arxiv"
"""A pool with one slot: arXiv allows one connection at a time, from all workers together."""
FAILURE_LOGGER = "daily_papers.failures"
"""Logger of the one line that says which run failed and why."""
