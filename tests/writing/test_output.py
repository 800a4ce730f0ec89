"""Tables on a terminal: nothing is left out, dates and figures stay whole."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from daily_papers.writing.output import OutputFormat, formatted

COLUMNS = ["listing_date", "observed_at", "outcome", "listed", "added", "removed", "broken", "error", "error_message"]
ROW = [date(2025, 5, 21), datetime(2025, 5, 21, 7, 49, 1, 123456), "listed", 32, 23, 0, 0, None, None]


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_no_column_is_lost_and_no_date_folded(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    text = formatted(COLUMNS, [ROW], OutputFormat.TABLE)
    assert "2025-05-21 " in text
    assert "2025-05-21 07:49:01" in text
    head = "".join(text[: text.index("─")].split())
    assert sorted(head) == sorted("".join(COLUMNS))


def test_long_text_is_folded_and_markup_is_text() -> None:
    text = formatted(["text"], [["[bold]" + "가" * 300 + "끝"]], OutputFormat.TABLE)
    assert text.count("가") == 300
    assert "[bold]" in text
    assert "끝" in text


def test_an_empty_table_has_its_head() -> None:
    assert "listing_date" in formatted(["listing_date"], [], OutputFormat.TABLE)
