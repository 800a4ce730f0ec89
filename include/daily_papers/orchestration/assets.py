"""The asset that DAGs here tell each other about."""

from __future__ import annotations

from airflow.sdk import Asset

PUBLISHED_DAY = Asset(name="daily_papers_day", uri="x-daily-papers://day")
"""A date was published; its event's `extra` has the date's status and counts."""
