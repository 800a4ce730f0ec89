"""Round-ups of weeks and months, from published rows."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from daily_papers.ask.catalogue import run_query
from daily_papers.dates import today
from daily_papers.errors import UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.period import month_of, parse_period, periods_ended, week_of
from daily_papers.publish.round_up import publish_round_up
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import LocalServer
from daily_papers.writing import charts
from daily_papers.writing.markdown_text import to_html
from tests.support.contents import hashes
from tests.support.data import item
from tests.support.models import ScriptedModel, failure
from tests.support.steps import run_day

MONDAY, TUESDAY, BEFORE = date(2025, 11, 10), date(2025, 11, 11), date(2025, 11, 3)
WEEK_BEFORE = [BEFORE + timedelta(days=number) for number in range(7)]
HOSTILE = "a|b $x_1$ <script>alert(1)</script> [k](http://x) 한글 키워드"


@pytest.fixture
def library(serve: Callable[..., LocalServer], library: Library) -> Library:
    first = item("2511.00001", title=HOSTILE, upvotes=50, ai_keywords=[HOSTILE, "agents"])
    second = item("2511.00002", upvotes=7, ai_keywords=["Agents"], organization={"name": "o|pen"})
    held_back = item("2511.00003", upvotes=99)
    earlier = item("2511.00004", ai_keywords=["agents", "diffusion"])
    whole_week = {day: [earlier] if day == BEFORE else [] for day in WEEK_BEFORE}
    listings = RecordedListings({**whole_week, MONDAY: [first, held_back], TUESDAY: [second]})
    serve(listings, ScriptedModel({"2511.00003": ["prose"]}))
    for day in (*WEEK_BEFORE, MONDAY, TUESDAY):
        run_day(day)
    return library


def page(library: Library, period: str) -> str:
    return library.lake.round_up(f"{period}.md").read_text(encoding="utf-8")


def test_a_week_in_one_page(library: Library) -> None:
    assert publish_round_up(library, parse_period("2025-W46"))
    text = page(library, "2025-W46")
    assert text.startswith("# 📰 Hugging Face Daily Papers – 주간 2025-W46 (2025-11-10 – 2025-11-16)\n")
    assert "7일 가운데 2일의 목록에 오른 논문 3편 중 2편의 요약이 검수를 통과했습니다 (보류 1편, 대기 0편)." in text
    assert "빠졌거나 아직 온전하지 않은 날짜: 2025-11-12, 2025-11-13, 2025-11-14, 2025-11-15, 2025-11-16" in text
    assert re.findall(r"^### \d+\. .*papers/(\S+)\)$", text, re.MULTILINE) == ["2511.00001", "2511.00002"]
    assert "2511.00003" not in text  # quarantined
    assert "## 떠오르는 키워드" in text
    assert "| 키워드 | 논문 | 지난 기간 |\n|---|---|---|\n| agents | 2 | 1 |" in text
    assert "비교하지 않았습니다" not in text
    assert run_query(library, "rising_keywords", {"most": "1"})[1] == [["agents", 2, 1, 1, 57]]
    assert "diffusion" not in text
    assert "*이 기간은" not in text
    for name in ("days", "keywords"):
        image = Image.open(BytesIO(library.lake.round_up(f"2025-W46.{name}.png").read_bytes()))
        assert image.size == (990, 440)
        assert f"](2025-W46.{name}.png)" in text


def test_a_month_and_the_other_language(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_LANGUAGE", "en")
    assert publish_round_up(open_library(), parse_period("2025-11"))
    text = page(library, "2025-11")
    assert "Month 2025-11 (2025-11-01 – 2025-11-30)" in text
    assert "Papers listed on 3 of 30 days: 4. Summaries that passed the audit: 3 (held back: 1, pending: 0)." in text
    assert "Only 0 of the 31 dates of the previous period, 2025-10, are loaded, so the two are not compared." in text


@dataclass(frozen=True)
class Before:
    """What is loaded of the week before, and whether the week can be compared with it."""

    name: str
    dates: list[date]
    pending: bool
    is_compared: bool


BEFORE_CASES = [
    Before("nothing", [], pending=False, is_compared=False),
    Before("one date", [BEFORE], pending=False, is_compared=False),
    Before("all dates but one", WEEK_BEFORE[:-1], pending=False, is_compared=False),
    Before("all dates", WEEK_BEFORE, pending=False, is_compared=True),
    Before("all dates, a paper pending", WEEK_BEFORE, pending=True, is_compared=True),
]


@pytest.mark.parametrize("case", BEFORE_CASES, ids=[case.name for case in BEFORE_CASES])
def test_nothing_rises_over_a_week_that_is_not_loaded(
    serve: Callable[..., LocalServer], case: Before, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = open_library()
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")
    earlier, now = item("2511.00004", ai_keywords=["agents"]), item("2511.00001", ai_keywords=["diffusion"])
    listings = {**{day: [earlier] if day == BEFORE else [] for day in case.dates}, MONDAY: [now]}
    serve(RecordedListings(listings), ScriptedModel({"2511.00004": [failure(422)]} if case.pending else {}))
    for day in (*case.dates, MONDAY):
        run_day(day)
    publish_round_up(library, week_of(MONDAY))
    text = page(library, "2025-W46")
    assert ("| diffusion | 1 | 0 |" in text) == case.is_compared
    assert ("## 떠오르는 키워드" in text) == case.is_compared
    assert ("| 키워드 | 논문 |\n|---|---|\n| diffusion | 1 |" in text) == (not case.is_compared)
    said = f"앞 기간 2025-W45은 7일 가운데 {len(case.dates)}일만 수집되어, 이번 기간과 비교하지 않았습니다."
    assert (said in text) == (not case.is_compared)
    assert "7일 가운데 1일의 목록에 오른 논문 1편 중 1편의 요약이" in text
    [[_, papers, before, rise, _]] = run_query(library, "rising_keywords", {"least": "1"})[1]
    assert (papers, before, rise) == ((1, 0, 1) if case.is_compared else (1, None, None))


def test_text_from_outside_is_escaped(library: Library) -> None:
    publish_round_up(library, week_of(MONDAY))
    text = page(library, "2025-W46")
    html = to_html(text)
    assert "<script" not in html
    assert 'href="http://x"' not in html
    assert [line.count("|") - line.count("\\|") for line in text.splitlines() if line.startswith("| a")] == [4, 4]


def test_the_same_rows_give_the_same_bytes(library: Library) -> None:
    publish_round_up(library, week_of(MONDAY))
    before = hashes(library.settings.home_path / "round-ups")  # type: ignore[arg-type]  # a local path
    publish_round_up(library, week_of(MONDAY))
    assert hashes(library.settings.home_path / "round-ups") == before  # type: ignore[arg-type]
    assert len(before) == 3


def test_a_period_without_published_papers_writes_nothing(library: Library) -> None:
    assert not publish_round_up(library, parse_period("2025-W30"))
    assert not (library.lake.home / "round-ups").exists()
    with pytest.raises(UserError, match="in the future"):
        publish_round_up(library, week_of(today() + timedelta(days=30)))


def test_a_period_that_goes_on_says_so(serve: Callable[..., LocalServer]) -> None:
    library = open_library()
    serve(RecordedListings({today(): [item("2511.00001")]}), ScriptedModel())
    run_day(today())
    assert publish_round_up(library, month_of(today()))
    assert "이 기간은 아직 끝나지 않았습니다" in page(library, f"{today():%Y-%m}")


def test_charts_have_hangul_and_signs_and_no_mathematics() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = charts.frequencies([("강화 학습", 3), ("$x_1$ − %", 2), ("x" * 200, 1)], title="많이 나온 키워드")
        days = [(MONDAY + timedelta(days=number), number, number + 2) for number in range(31)]
        charts.papers_by_day(days, title="날짜별 논문 수", complete="요약 완료", other="보류 또는 대기")
    assert data.startswith(b"\x89PNG")
    assert charts.frequencies([("강화 학습", 3)], title="가") != charts.frequencies([("강화 학습", 3)], title="나")


@pytest.mark.parametrize("text", ["2025", "2025-13", "2025-W54", "2025-W00", "25-05", "../2025-05", "2025-05-01", ""])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="is not a period"):
        parse_period(text)


def test_periods() -> None:
    assert parse_period("2026-W01").first_date == date(2025, 12, 29)
    assert parse_period("2026-W01").before.name == "2025-W52"
    assert parse_period("2026-01").before.name == "2025-12"
    assert [period.name for period in periods_ended(date(2025, 12, 1))] == ["2025-W48", "2025-11"]  # a Monday
    assert [period.name for period in periods_ended(date(2025, 11, 1))] == ["2025-10"]
    assert periods_ended(date(2025, 11, 4)) == []
