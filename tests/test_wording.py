"""What readers see around the summaries: every language says everything, and one thing has one name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from daily_papers.reasons import REASON_TEXTS
from daily_papers.sections import LANGUAGES


def texts(language: str) -> dict[str, str]:
    """Every text of a language by its place."""
    file = files("daily_papers.wording").joinpath(f"headings_and_labels.{language}.json")
    return dict(_leaves("", json.loads(file.read_text(encoding="utf-8"))))


def _leaves(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
        return
    for name, part in value.items():
        yield from _leaves(f"{place}.{name}", part)


def test_there_is_one_file_per_language() -> None:
    names = {path.name for path in files("daily_papers.wording").iterdir() if path.name.endswith(".json")}
    assert names == {f"headings_and_labels.{language}.json" for language in LANGUAGES}


def test_every_language_has_the_same_texts_with_the_same_values() -> None:
    korean, english = texts("ko"), texts("en")
    assert list(korean) == list(english)
    for place, text in korean.items():
        assert text.strip() == text != ""
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[place])), place


@pytest.mark.parametrize("other_word", ["감사", "격리"])
def test_audit_and_quarantine_have_one_korean_word_each(other_word: str) -> None:
    """검수 and 보류: readers of the digest, the round-up and the page must not take them for four things."""
    korean = [*texts("ko").values(), *(text.korean for text in REASON_TEXTS.values())]
    assert [text for text in korean if other_word in text] == []
    assert any("검수" in text for text in korean)
    assert any("보류" in text for text in korean)
