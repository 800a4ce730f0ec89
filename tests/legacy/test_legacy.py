"""Older digests: read into parts, written again to the same bytes."""

from __future__ import annotations

import re

import pytest

from daily_papers.errors import DailyPapersError, UserError
from daily_papers.lake.library import Library
from daily_papers.legacy.digest import (
    LegacyDigest,
    TitleForm,
    parse_legacy_digest,
    read_stored_legacy_digest,
    render_legacy_digest,
    store_legacy_digest,
)
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.sections import SECTION_KEYS
from tests.support.data import LEGACY_DIGEST

TEXT = LEGACY_DIGEST.read_text(encoding="utf-8")


def parsed() -> LegacyDigest:
    return parse_legacy_digest(TEXT)


def test_all_parts_are_read() -> None:
    digest = parsed()
    assert digest.listing_date == SAMPLE_DATE
    assert len(digest.papers) == 16
    assert all(tuple(paper.sections) == SECTION_KEYS for paper in digest.papers)
    forms = [paper.title_form for paper in digest.papers]
    assert [forms.count(form) for form in (TitleForm.PREFIXED, TitleForm.SUFFIXED, TitleForm.PLAIN)] == [8, 1, 7]
    assert digest.papers[0].title == "Emerging Properties in Unified Multimodal Pretraining"
    assert digest.papers[2].title == "Latent Flow Transformer"
    assert digest.papers[5].paper_id == "2505.14680"
    assert digest.papers[1].sections["limitations"].startswith("- **사전 훈련에서의 수렴 속도 저하**")
    assert not any("##" in text or "```" in text for paper in digest.papers for text in paper.sections.values())


def test_the_parts_give_the_same_bytes() -> None:
    assert render_legacy_digest(parsed()) == TEXT


def test_the_parts_survive_the_lake(library: Library) -> None:
    store_legacy_digest(library, parsed())
    assert b"## 1." not in library.lake.legacy(SAMPLE_DATE).read_bytes()
    assert render_legacy_digest(read_stored_legacy_digest(library, SAMPLE_DATE)) == TEXT


def test_a_changed_part_changes_the_export() -> None:
    digest = parsed()
    paper = digest.papers[0]
    changed = {**paper.sections, "results": "바뀐 결과"}
    other = LegacyDigest(digest.listing_date, (type(paper)(**{**paper.__dict__, "sections": changed}),))
    assert "## 5. 정량적 결과\n\n바뀐 결과\n\n## 6." in render_legacy_digest(other)


def test_an_entry_without_fence_is_read_too() -> None:
    text = TEXT.replace("```markdown\n", "").replace("\n```\n", "")
    digest = parse_legacy_digest(text)
    assert not any(paper.fenced for paper in digest.papers)
    assert digest.papers[3].sections == parsed().papers[3].sections


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("## 5. 정량적 결과\n\n", "", r"2505\.14683.*5\. 정량적 결과.*missing"),
        ("## 1. 핵심 동기와 문제 정의\n\n", "", r"2505\.14683.*1\. 핵심"),
        ("## 6. 한계점", "## 6. 한계", r"6\. 한계점 및 잠재적 실패 요인.*missing"),
        ("# 📰 Hugging Face", "# Hugging Face", "must begin with"),
        ("Papers – 2025-05-21", "Papers – 2025-05-41", "calendar"),
        ("papers/2505.11594\n", "papers/2505.11595\n", r"2505\.11594: the address"),
        ("## 2505.11594\n", "## ../../etc/passwd\n", "arXiv id"),
        ("## 2505.11594\n", "## 2505.11594v1\n", "arXiv id"),
        ("# 📰", "\ufeff# 📰", "byte order mark"),
        ("\n\n## 7. 후속", "\n\n## 2. 주요 기여 및 참신성\n\n또\n\n## 7. 후속", r"2\. 주요 기여.*twice"),
        ("\n---\n\n## 2505.11594", "\n## 2505.11594", r"2505\.14683.*'---'"),
        ("# 논문 요약: Emerging", "논문 요약: Emerging", "not with a title line"),
    ],
)  # fmt: skip
def test_a_deviation_is_refused_with_paper_and_place(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(DailyPapersError, match=words):
        parse_legacy_digest(TEXT.replace(old, new, 1))


def test_a_paper_with_two_entries_is_refused() -> None:
    with pytest.raises(UserError, match=r"more than one entry: 2505\.14683"):
        parse_legacy_digest(TEXT.replace("2505.11594", "2505.14683"))


def test_an_empty_section_is_refused() -> None:
    text = re.sub(r"(## 5\. 정량적 결과\n\n).*?(\n\n## 6)", r"\1 \2", TEXT, count=1, flags=re.DOTALL)
    with pytest.raises(UserError, match=r"2505\.14683.*is empty"):
        parse_legacy_digest(text)


def test_another_digest_of_the_same_date_replaces_nothing(library: Library) -> None:
    store_legacy_digest(library, parsed())
    other = LegacyDigest(SAMPLE_DATE, parsed().papers[:1])
    with pytest.raises(UserError, match="imported before"):
        store_legacy_digest(library, other)
    assert read_stored_legacy_digest(library, SAMPLE_DATE) == parsed()
