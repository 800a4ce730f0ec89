"""What the rows that readers have rest on."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from daily_papers.errors import DamagedFileError
from daily_papers.lake.library import Library
from daily_papers.rows.day_file import read_day_file

logger = logging.getLogger(__name__)


def published_rows(library: Library, listing_date: date) -> dict[str, dict[str, Any]]:
    """What the rows of a date rest on, by paper id; nothing where there is no day file that can be read."""
    columns = ("paper_id", "status", "request_key", "repairs", "decided_at")
    try:
        return {row["paper_id"]: row for row in read_day_file(library, listing_date, columns)}
    except FileNotFoundError:
        return {}
    except DamagedFileError as error:
        logger.warning("%s Continuing without it.", error)
        return {}
