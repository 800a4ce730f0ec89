"""Ways out of quarantine: what people decide, how it is kept, and what readers see of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from daily_papers.audit.run import audit_day
from daily_papers.errors import DayRefusedError, TerminalError, UserError
from daily_papers.lake.library import Library, open_library
from daily_papers.rows.day_file import as_kept, read_day_file
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from daily_papers.summaries.decisions import decisions
from daily_papers.upkeep import rebuild, review
from daily_papers.upkeep.refresh import dates_to_refresh, why_to_run
from daily_papers.warehouse import publication
from tests.support.contents import published
from tests.support.data import few_papers, item
from tests.support.models import KOREAN, ScriptedModel, failure, good_answer
from tests.support.steps import ask, run_day

OTHER_DATE = date(2025, 5, 22)
FIRST, SECOND, THIRD = "2505.14683", "2505.11594", "2505.14246"
BY = {"by": "kim", "why": "읽어 보니 맞다"}
Serve = Callable[..., LocalServer]


@pytest.fixture(autouse=True)
def _no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MAX_RETRIES", "0")


def flawed(paper: dict[str, Any], **of_method: Any) -> str:
    """An answer whose method says a number that the source has not."""
    answer = good_answer(paper)
    answer["sections"]["method"] |= {"markdown": f"{KOREAN} 데이터는 98,765쌍이다.", **of_method}
    return json.dumps(answer)


class FlawedModel(ScriptedModel):
    """Answers well but for one paper, whose method is flawed; `repaired` makes it answer well, too."""

    def __init__(self, paper_id: str = FIRST, **of_method: Any) -> None:
        super().__init__()
        self.paper_id, self.of_method = paper_id, of_method
        self.seeds: list[int | None] = []
        self.repaired = False

    def __call__(self, request: dict[str, Any]) -> Any:
        from daily_papers.sample.server import completion, requested_paper

        paper = requested_paper(request)
        good = super().__call__(request)
        if paper["paper_id"] != self.paper_id:
            return good
        self.seeds.append(request.get("seed"))
        if self.repaired or (request.get("seed") and "seeded" in self.of_method):
            return good
        from tests.support.models import asked_parts

        of_method = {key: value for key, value in self.of_method.items() if key != "seeded"}
        return completion(request, json.dumps(asked_parts(request, json.loads(flawed(paper, **of_method)))))


def row_of(library: Library, paper_id: str = FIRST) -> dict[str, Any]:
    [row] = [row for row in read_day_file(library, SAMPLE_DATE) if row["paper_id"] == paper_id]
    return row


def state(library: Library, paper_id: str = FIRST) -> str:
    row = row_of(library, paper_id)
    return " ".join([row["status"], str(row["decision"]), *row["reasons"]])


def decide(library: Library, action: Callable[..., Any], **values: Any) -> str:
    action(library, FIRST, **BY, **values)
    review.apply(open_library(), FIRST)
    return state(library)


def test_an_approved_row_is_published_and_says_so(serve: Serve, library: Library, home: Path) -> None:
    serve(few_papers(), FlawedModel())
    assert run_day(SAMPLE_DATE).quarantined == 1
    assert state(library) == "quarantined None number_not_in_source"
    assert decide(library, review.approve) == "complete approved"
    row = row_of(library)
    assert (row["decided_by"], row["decided_because"]) == ("kim", "읽어 보니 맞다")
    assert row["decided_at"] == as_kept(decisions(library, FIRST)[0].decided_at)
    digest = library.lake.digest(SAMPLE_DATE).read_text()
    assert "사람이 검토하여 실은 요약 — 원문에 없는 숫자나 단위, 범위 표현이 있습니다." in digest
    assert "98,765" in digest
    with publication.open_for_reading(open_library()) as connection:
        summary = connection.execute(
            "SELECT decision, decided_by FROM summaries WHERE paper_id = ?", [FIRST]
        ).fetchone()
        found = connection.execute("SELECT reason, severity, is_set_aside, detail FROM findings").fetchall()
        made = connection.execute("SELECT paper_id, action, is_edited, decided_by, reasons FROM decisions").fetchall()
    assert summary == ("approved", "kim")
    assert found == [("number_not_in_source", "critical", True, "98,765")]
    assert made == [(FIRST, "approve", False, "kim", ["number_not_in_source"])]
    before = published(home)
    rebuild.rebuild_days(open_library(), library.lake.observed_dates(), lambda _: None)
    rebuild.rebuild_digests(library, library.lake.day_dates())
    assert published(home) == before
    assert ask(SAMPLE_DATE) == []


def test_an_approval_covers_what_was_seen_and_nothing_found_later(serve: Serve, library: Library) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    decide(library, review.approve)
    path = next(library.lake.decisions(FIRST).iterdir())
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "reasons": ["filler"]}))
    review.apply(open_library(), FIRST)
    assert state(library) == "quarantined approved number_not_in_source"


def test_a_corrected_answer_is_audited_and_published(serve: Serve, library: Library, home: Path) -> None:
    model = FlawedModel()
    serve(few_papers(), model)
    run_day(SAMPLE_DATE)
    value = review.draft(library, FIRST)
    value["sections"]["method"]["markdown"] = f"{KOREAN} 손으로 고친 문장이다."
    assert decide(library, review.approve, answer=value) == "complete edited"
    assert "사람이 고쳐서 실은 요약" in library.lake.digest(SAMPLE_DATE).read_text()
    assert "손으로 고친 문장이다" in library.lake.digest(SAMPLE_DATE).read_text()
    asked = model.calls[FIRST]
    run_day(SAMPLE_DATE)
    assert (state(library), model.calls[FIRST]) == ("complete edited", asked)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda value: value["sections"].pop("method"), "sections is missing"),
        (lambda value: value["sections"]["method"].update(markdown="# 제목\n\n<b>x</b>"), "holds headings"),
        (lambda value: value["sections"]["method"].update(markdown=""), "has no text"),
        (lambda value: value.update(paper_id=SECOND), "names another paper"),
        (lambda value: value.pop("title_ko"), "required shape"),
    ],
)
def test_what_could_break_the_digest_cannot_be_approved(
    serve: Serve, library: Library, home: Path, change: Callable[[dict[str, Any]], Any], message: str
) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    before, value = published(home), review.draft(library, FIRST)
    change(value)
    with pytest.raises(UserError, match=message):
        review.approve(library, FIRST, **BY, answer=value)
    assert decisions(library, FIRST) == []
    assert published(home) == before


@dataclass(frozen=True)
class Unchanged:
    """What is done to a draft before it is approved, and what the row then says."""

    name: str
    change: Callable[[dict[str, Any]], Any]
    decision: str


ROW = {"metric": "정확도", "dataset": "", "value": "1", "baseline": ""}
UNCHANGED = [
    Unchanged("as printed", lambda _: None, "approved"),
    Unchanged("keys in another order", lambda value: value.update(dict(reversed(list(value.items())))), "approved"),
    Unchanged("the title changed", lambda value: value.update(title_ko="다른 제목"), "edited"),
    Unchanged("a quote taken out", lambda value: value["sections"]["method"].update(quotes=[]), "edited"),
    Unchanged("a row of results added", lambda value: value["results_rows"].append(ROW), "edited"),
]


@pytest.mark.parametrize("case", UNCHANGED, ids=[case.name for case in UNCHANGED])
def test_only_a_changed_draft_is_edited_by_hand(serve: Serve, library: Library, case: Unchanged) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    value = json.loads(json.dumps(review.draft(library, FIRST), ensure_ascii=False))
    case.change(value)
    assert decide(library, review.approve, answer=value) == f"complete {case.decision}"
    says_edited = "사람이 고쳐서 실은 요약" in library.lake.digest(SAMPLE_DATE).read_text()
    assert says_edited == (case.decision == "edited")


def test_a_draft_that_goes_back_to_the_model_is_the_models(serve: Serve, library: Library) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    original = review.draft(library, FIRST)
    assert decide(library, review.approve, answer=corrected(library)) == "complete edited"
    assert decide(library, review.approve, answer=original) == "complete approved"
    assert "손으로 고친" not in row_of(library)["method_markdown"]


def test_an_unchanged_draft_of_a_good_summary_is_approved_as_it_is(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    assert decide(library, review.approve, answer=review.draft(library, FIRST)) == "complete approved"
    assert "사람이 고쳐서" not in library.lake.digest(SAMPLE_DATE).read_text()


def test_an_answer_that_cannot_be_read_is_written_by_hand_or_asked_for_again(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel({FIRST: ["prose"]}))
    run_day(SAMPLE_DATE)
    with pytest.raises(UserError, match="not JSON"):
        review.approve(library, FIRST, **BY)
    value = review.draft(library, FIRST)
    assert {section["basis"] for section in value["sections"].values()} == {"absent"}
    source = " ".join(row_of(library)["abstract"].split())
    value |= {key: good_answer({"paper_id": FIRST, "text": source})[key] for key in ("title_ko", "sections")}
    assert decide(library, review.approve, answer=value) == "complete edited"


def test_a_rejected_summary_is_taken_from_its_readers(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = ScriptedModel()
    serve(few_papers(), model)
    assert run_day(SAMPLE_DATE).complete == 3
    assert decide(library, review.reject) == "quarantined rejected rejected"
    assert "kim: 읽어 보니 맞다" in row_of(library)["findings"][0]["detail"]
    assert "사람이 검토하여 싣지 않기로 했습니다." in library.lake.digest(SAMPLE_DATE).read_text()
    with pytest.raises(UserError, match="already rejected by kim"):
        review.reject(library, FIRST, **BY)
    run_day(SAMPLE_DATE)
    assert (state(library), model.calls[FIRST]) == ("quarantined rejected rejected", 1)
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "another-model")
    assert why_to_run(open_library(), SAMPLE_DATE) == (
        "model, prompt or text changed, so quarantined papers can be asked about again: 1"
    )
    run_day(SAMPLE_DATE)
    assert state(library) == "complete None"
    assert row_of(library)["model"] == "another-model"


def test_a_rejection_can_be_taken_back_and_an_earlier_summary_chosen(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    first_key = row_of(library)["request_key"]
    assert decide(library, review.reject) == "quarantined rejected rejected"
    assert decide(library, review.approve) == "complete approved"
    with pytest.raises(UserError, match="nothing to approve"):
        review.approve(library, SECOND, **BY)
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "newer-model")
    ask(SAMPLE_DATE, again=True)
    review.apply(open_library(), FIRST)
    assert row_of(library)["model"] == "newer-model"
    assert decide(library, review.approve, request=first_key[:12]) == "complete approved"
    assert row_of(library)["request_key"] == first_key
    assert decide(library, review.reject) == "complete None"
    assert row_of(library)["model"] == "newer-model"
    with pytest.raises(UserError, match="0 answers for"):
        review.reject(library, FIRST, **BY, request="f" * 12)


def test_a_retry_asks_the_same_question_once_more(serve: Serve, library: Library) -> None:
    model = FlawedModel(seeded=True)
    serve(few_papers(), model)
    run_day(SAMPLE_DATE)
    asked = model.calls[FIRST]
    assert decide(library, review.retry) == "pending None retry_requested"
    with pytest.raises(UserError, match="the next run of its date asks about it anyway"):
        review.retry(library, FIRST, **BY)
    assert why_to_run(open_library(), SAMPLE_DATE) == "pending papers: 1"
    run_day(SAMPLE_DATE)
    assert (state(library), model.calls[FIRST]) == ("complete None", asked + 1)
    assert model.seeds == [None] * asked + [1]
    run_day(SAMPLE_DATE)
    assert model.calls[FIRST] == asked + 1
    with pytest.raises(UserError, match="already has a published summary"):
        review.retry(library, FIRST, **BY)


def test_a_retry_that_fails_leaves_the_paper_pending_with_why(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel({FIRST: ["prose", "prose", "prose", failure(503)]}))
    run_day(SAMPLE_DATE)
    decide(library, review.retry)
    run_day(SAMPLE_DATE)
    assert state(library) == "pending None provider_unavailable"


def test_a_repair_that_an_approval_covers_is_not_lost_in_silence(serve: Serve, library: Library) -> None:
    model = FlawedModel()
    serve(few_papers(), model)
    run_day(SAMPLE_DATE)
    decide(library, review.approve)
    last = max(library.lake.calls(FIRST).iterdir(), key=lambda path: json.loads(path.read_text())["asked_at"])
    approved = state(library)
    last.unlink()
    with pytest.raises(TerminalError, match="a repair of the answer"):
        review.apply(open_library(), FIRST)
    assert state(library) == approved


@pytest.mark.parametrize(
    "given", [{"by": " ", "why": "x"}, {"by": "kim", "why": "\n"}, {"by": "kim", "why": "x" * 2001}]
)
def test_a_decision_needs_who_and_why(serve: Serve, library: Library, given: dict[str, str]) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    with pytest.raises(UserError):
        review.reject(library, FIRST, **given)
    assert decisions(library, FIRST) == []


def test_what_cannot_be_decided_is_an_error(serve: Serve, library: Library) -> None:
    with pytest.raises(UserError, match="No audited date lists"):
        review.reject(library, FIRST, **BY)
    serve(few_papers(), ScriptedModel({FIRST: [failure(503)]}))
    run_day(SAMPLE_DATE)
    with pytest.raises(UserError, match="no answer to decide on"):
        review.reject(library, FIRST, **BY)
    with pytest.raises(UserError, match="next run of its date asks about it anyway"):
        review.retry(library, FIRST, **BY)


def test_lost_answers_refuse_the_day_until_they_are_restored(serve: Serve, library: Library, home: Path) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    before = published(home)
    shutil.move(str(library.lake.calls(FIRST)), str(home / "aside"))
    with pytest.raises(TerminalError, match=r"missing from the lake.*Restore `lake/calls`"):
        review.apply(library, FIRST)
    with pytest.raises(DayRefusedError):
        audit_day(library, SAMPLE_DATE)
    assert published(home) == before
    shutil.move(str(home / "aside"), str(library.lake.calls(FIRST)))
    review.apply(library, FIRST)
    source = next(library.lake.sources(FIRST).glob("*.json.gz"))
    source.unlink()
    with pytest.raises(TerminalError, match=rf"Lost: {FIRST} \(lake/sources/{FIRST}/{source.name}: it is missing\)"):
        review.apply(library, FIRST)
    assert published(home) == before


def test_reviewable_are_quarantined_rows_that_nobody_judged(serve: Serve, library: Library) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    [row] = review.reviewable(library, [SAMPLE_DATE])
    assert (row.listing_date, row.values["paper_id"]) == (SAMPLE_DATE, FIRST)
    decide(library, review.reject)
    assert list(review.reviewable(library, [SAMPLE_DATE])) == []


def test_duckdb_reads_times_of_decisions_as_utc(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    decide(library, review.reject)
    decided = f"SELECT decided_at FROM '{library.lake.day_file(SAMPLE_DATE)}' WHERE decided_at IS NOT NULL"
    kept = duckdb.execute(decided).fetchall()
    assert kept == [(as_kept(decisions(library, FIRST)[0].decided_at),)]


def test_lost_decisions_refuse_the_day_until_they_are_restored(serve: Serve, library: Library, home: Path) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    decide(library, review.reject)
    before = published(home)
    shutil.move(str(library.lake.decisions(FIRST)), str(home / "aside"))
    with pytest.raises(DayRefusedError, match="or people's decisions"):
        audit_day(open_library(), SAMPLE_DATE)
    assert published(home) == before
    shutil.move(str(home / "aside"), str(library.lake.decisions(FIRST)))
    review.apply(open_library(), FIRST)
    assert published(home) == before


def corrected(library: Library) -> dict[str, Any]:
    value = review.draft(library, FIRST)
    value["sections"]["method"]["markdown"] = f"{KOREAN} 손으로 고친 문장이다."
    return value


def test_a_correction_outlives_its_rejection_and_another_approval(serve: Serve, library: Library) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    decide(library, review.approve, answer=corrected(library))
    assert decide(library, review.reject) == "quarantined rejected rejected"
    assert "손으로 고친" in review.draft(library, FIRST)["sections"]["method"]["markdown"]
    assert decide(library, review.approve) == "complete edited"
    assert "손으로 고친 문장이다" in row_of(library)["method_markdown"]


@pytest.mark.parametrize("action", [review.approve, review.reject])
def test_a_repair_that_was_under_way_comes_too_late(serve: Serve, library: Library, action: Callable[..., Any]) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    calls = sorted(library.lake.calls(FIRST).iterdir(), key=lambda path: json.loads(path.read_text())["asked_at"])
    kept, late = calls[:-1], calls[-1].read_bytes()
    calls[-1].unlink()
    decided = decide(library, action)
    assert "approved" in decided or "rejected" in decided
    calls[-1].write_bytes(late)
    review.apply(open_library(), FIRST)
    assert state(library) == decided
    assert row_of(library)["repairs"] == len(kept) - 1


def test_an_approved_row_that_a_later_check_finds_is_asked_about_again(serve: Serve, library: Library) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    decide(library, review.approve)
    path = next(library.lake.decisions(FIRST).iterdir())
    path.write_text(json.dumps({**json.loads(path.read_text()), "reasons": []}))
    review.apply(open_library(), FIRST)
    assert state(library) == "quarantined approved number_not_in_source"
    assert [paper["paper_id"] for paper in review.papers_to_ask_about(library, [SAMPLE_DATE])] == [FIRST]
    assert decide(library, review.approve) == "complete approved"


def test_rejecting_an_older_answer_leaves_the_newer_one(
    serve: Serve, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    older = row_of(library)["request_key"]
    monkeypatch.setenv("DAILY_PAPERS_MODEL", "newer-model")
    run_day(SAMPLE_DATE)
    assert decide(library, review.reject, request=older) == "quarantined None number_not_in_source"
    assert row_of(library)["model"] == "newer-model"


def test_text_that_is_no_unicode_is_not_recorded(serve: Serve, library: Library) -> None:
    serve(few_papers(), ScriptedModel())
    run_day(SAMPLE_DATE)
    with pytest.raises(UserError, match="not UTF-8 text"):
        review.reject(library, FIRST, by="kim", why="\udcb0\udca1")
    assert decisions(library, FIRST) == []


def test_a_decision_reaches_every_date_that_can_be_audited_and_refresh_the_others(
    serve: Serve, library: Library, home: Path
) -> None:
    listings = few_papers()
    listings.items_by_date[OTHER_DATE] = listings.items_by_date[SAMPLE_DATE][:2]
    serve(listings, ScriptedModel())
    run_day(SAMPLE_DATE)
    run_day(OTHER_DATE)
    library = open_library()
    shutil.move(str(library.lake.calls(THIRD)), str(home / "aside"))  # on the first date only
    review.reject(library, FIRST, **BY)
    with pytest.raises(TerminalError, match=f"The decision is recorded, but not visible on {SAMPLE_DATE} yet"):
        review.apply(library, FIRST)
    rows = {row.listing_date: row for row in review.rows_of(library, FIRST)}
    assert [rows[day].values["status"] for day in (SAMPLE_DATE, OTHER_DATE)] == ["complete", "quarantined"]
    shutil.move(str(home / "aside"), str(library.lake.calls(THIRD)))
    assert why_to_run(library, SAMPLE_DATE) == f"decisions about {FIRST} are not visible yet"
    assert why_to_run(library, OTHER_DATE) is None
    assert SAMPLE_DATE in dates_to_refresh(library, date(2026, 1, 1), 1)
    review.apply(library, FIRST)
    assert why_to_run(library, SAMPLE_DATE) is None


def test_a_retry_that_an_approval_overtook_asks_nothing(serve: Serve, library: Library) -> None:
    model = FlawedModel()
    serve(few_papers(), model)
    run_day(SAMPLE_DATE)
    asked = model.calls[FIRST]
    decide(library, review.retry)
    assert decide(library, review.approve) == "complete approved"
    ask(SAMPLE_DATE, again=True)
    assert model.calls[FIRST] == asked


def test_a_paper_whose_item_broke_on_another_date_can_be_judged(serve: Serve, library: Library) -> None:
    listings = few_papers()
    broken = item(FIRST)
    broken["paper"]["upvotes"] = "many"
    listings.items_by_date[OTHER_DATE] = [broken, *listings.items_by_date[SAMPLE_DATE][1:3]]
    serve(listings, FlawedModel())
    run_day(SAMPLE_DATE)
    run_day(OTHER_DATE)
    [paper] = review.papers_to_ask_about(library, [SAMPLE_DATE, OTHER_DATE])
    assert review.review_question(library, **paper) is not None
    assert decide(library, review.approve) == "complete approved"
    assert why_to_run(open_library(), OTHER_DATE) is None


def test_rows_of_an_earlier_version_are_rows_that_nobody_decided_about(serve: Serve, library: Library) -> None:
    serve(few_papers(), FlawedModel())
    run_day(SAMPLE_DATE)
    columns = ["decision", "decided_by", "decided_at", "decided_because"]
    path = str(library.lake.day_file(SAMPLE_DATE))
    pq.write_table(pq.read_table(path).drop_columns(columns), path)
    library.lake.day_file_note(SAMPLE_DATE).unlink()  # such a version noted no hash
    assert state(library) == "quarantined None number_not_in_source"
    assert decide(library, review.approve) == "complete approved"
