"""The audit's reports: of a date and over time, offline, in a browser, with everything from outside escaped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from daily_papers.audit import report
from daily_papers.audit.audit_record import AuditRecord, write_audit_record
from daily_papers.audit.data_docs import build_data_docs
from daily_papers.checks.day_rules import DayMeasures
from daily_papers.errors import UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.upkeep import review
from tests.support.data import SATURDAY, item
from tests.support.models import ScriptedModel
from tests.support.steps import fetch, run_day

HOSTILE = '<script>alert("title")</script> | [x](javascript:alert(1)) {{ 7 * 7 }}'
GOOD, BAD, JUDGED = "2505.00001", "2505.00002", "2505.00003"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def library(serve: Callable[..., LocalServer], library: Library) -> Library:
    """A day with a complete, a quarantined and a rejected paper whose title is hostile, and an empty one."""
    items = [item(GOOD), item(BAD, title=HOSTILE), item(JUDGED)]
    serve(RecordedListings({SAMPLE_DATE: items, SATURDAY: []}), ScriptedModel({BAD: ["prose"]}))
    for age in range(1, 8):
        day, measures = SAMPLE_DATE - timedelta(days=age), DayMeasures(20, 19, {"filler": 1}, {"method": 100.0})
        write_audit_record(library, AuditRecord(day, accepted=True, measures=measures))
    run_day(SAMPLE_DATE)
    run_day(SATURDAY)
    review.reject(library, JUDGED, by="<b>kim</b>", why="<img src=x onerror=alert(1)>")
    review.apply(open_library(), JUDGED)
    return library


def test_a_date_s_report_says_what_is_missing_and_why(library: Library) -> None:
    text = report.as_markdown(report.report_day(library, SAMPLE_DATE))
    assert "1 of 3 listed papers are complete, 2 quarantined, 0 pending." in text
    assert "| `answer_not_json` | critical | 1 | 33% | 0% | The answer is not JSON. 응답이 JSON이 아닙니다. |" in text
    assert "- 2505.00002" in text
    assert "**rejected** by" in text
    assert "| 3. 모델 아키텍처 및 학습 설정 | 73 | 73 | 73 | 0 | 100 | 35 to 1060 |" in text
    assert re.search(r"complete\\_share \| `few_complete` \| warning \| 0.3333 \| 0.8 to – \| yes", text)


def test_what_is_from_outside_is_escaped(library: Library) -> None:
    found = report.report_day(library, SAMPLE_DATE)
    page, text = report.as_html(found), report.as_markdown(found)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert r"\<script\>" in text
    assert r"\[x\](javascript:alert(1))" in text
    assert "{{ 7" in page


def test_over_time_every_date_and_reason_has_its_line(library: Library) -> None:
    overview = report.report_dates(library, library.lake.attempted_dates())
    text = report.as_markdown(overview)
    assert f"| {SATURDAY} | empty | 0 | 0 | 0 | 0 |" in text
    assert f"| {SAMPLE_DATE} | published | 3 | 1 | 2 | 0 | `answer_not_json` 1 `rejected` 1 |" in text
    assert "| `rejected` | critical | 1 | 1 |" in text
    assert report.as_html(overview).count("<rect") == 2 * 3 + 3
    nothing = report.report_dates(library, [])
    assert "Nothing was audited yet" in report.as_html(nothing)


def test_a_date_without_audited_rows_has_a_report(serve: Callable[..., LocalServer]) -> None:
    serve(RecordedListings({SAMPLE_DATE: [item()]}), ScriptedModel())
    fetch(SAMPLE_DATE)
    assert "**partial**" in report.as_markdown(report.report_day(open_library(), SAMPLE_DATE))


def browsed(page: Path) -> str:
    """The text of a page as a real browser has it, without a network."""
    if CHROMIUM is None:
        message = "needs a browser: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom"]
    done = subprocess.run([CHROMIUM, *options, page.as_uri()], capture_output=True, text=True, check=True, timeout=120)
    return done.stdout


def test_the_reports_of_a_folder_are_read_offline(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    assert report.write_reports(library, library.lake.attempted_dates(), folder) == 2
    for page in folder.glob("*.html"):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page.read_text())
    assert f'<a href="{SAMPLE_DATE}.html">' in browsed(folder / "index.html")
    assert "Papers that readers do not see" in browsed(folder / f"{SAMPLE_DATE}.html")
    assert sorted(path.suffix for path in folder.glob("*.*") if path.suffix) == [".html"] * 3 + [".md"] * 3


def test_data_docs_are_built_on_demand_and_hold_no_text_of_papers(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    library = open_library()
    assert build_data_docs(library, [SAMPLE_DATE, SATURDAY], folder).pages == 5
    assert build_data_docs(library, [SAMPLE_DATE], folder).pages == 3
    [result] = folder.glob("validations/**/*.html")
    text = " ".join(re.sub(r"<[^>]*>", " ", result.read_text()).split()).replace(" :", ":")
    assert "No row is answer_not_json: The answer is not JSON." in text
    assert "Papers: 2505.00002" in text
    for page in folder.rglob("*.html"):
        assert not re.search(r'(?:src|href)="https?://|<script', page.read_text())
        assert "alert(" not in page.read_text()
    assert f"day-{SAMPLE_DATE}: suite" in browsed(folder / "index.html")


@pytest.mark.parametrize("name", ["index.html", "2025-05-21.md", "static"])
def test_a_folder_of_somebody_else_is_left_alone(library: Library, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).write_text("keep")
    for write in (
        lambda: build_data_docs(open_library(), [SAMPLE_DATE], folder),
        lambda: report.write_reports(library, [SAMPLE_DATE], folder),
    ):
        with pytest.raises(UserError, match="holds other files"):
            write()
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [(name, "keep")]
    with pytest.raises(UserError, match="is a file"):
        report.write_reports(library, [SAMPLE_DATE], folder / name)
