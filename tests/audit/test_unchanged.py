"""Which changes make a run audit a date again, and that nothing else does."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from daily_papers.audit.run import audit_day
from daily_papers.audit.unchanged import inputs_of, is_audited, is_complete, keep_inputs
from daily_papers.lake.library import Library, open_library
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.upkeep.review import reject
from tests.support.three_days import NEXT_DAY


@pytest.fixture
def audited(loaded: Library) -> Library:
    for day in (SAMPLE_DATE, NEXT_DAY):
        inputs = inputs_of(loaded, day)
        audit_day(loaded, day)
        keep_inputs(loaded, day, inputs)
    return loaded


def test_nothing_new_is_known(audited: Library) -> None:
    assert is_audited(audited, SAMPLE_DATE, inputs_of(audited, SAMPLE_DATE))
    assert is_complete(audited, SAMPLE_DATE, inputs_of(audited, SAMPLE_DATE))
    # one of its papers is quarantined: it may have a question left
    assert is_audited(audited, NEXT_DAY, inputs_of(audited, NEXT_DAY))
    assert not is_complete(audited, NEXT_DAY, inputs_of(audited, NEXT_DAY))


def _answer(library: Library) -> Path:
    return max(Path(str(library.lake.root)).glob("calls/*/*.answer.json"))


def _an_answer_is_gone(library: Library) -> None:
    _answer(library).unlink()


def _an_answer_is_written_again(library: Library) -> None:
    path = _answer(library)
    path.write_bytes(path.read_bytes())


def _a_text_is_new(library: Library) -> None:
    folder = max(Path(str(library.lake.root)).glob("sources/*"))
    (folder / f"{'0' * 64}.json.gz").write_bytes(b"")


def _the_day_file_is_gone(library: Library) -> None:
    library.lake.day_file(SAMPLE_DATE).unlink()


def _the_day_file_is_damaged(library: Library) -> None:
    library.lake.day_file(SAMPLE_DATE).write_bytes(b"damaged")


def _the_record_is_gone(library: Library) -> None:
    library.lake.audit_file(SAMPLE_DATE).unlink()


def _the_audit_had_refused(library: Library) -> None:
    path = library.lake.audit_file(SAMPLE_DATE)
    path.write_text(json.dumps({**json.loads(path.read_text()), "verdict": "refused"}))


def _the_note_of_the_inputs_is_damaged(library: Library) -> None:
    library.lake.audited_inputs(SAMPLE_DATE).write_bytes(b"[")


def _somebody_decides(library: Library) -> None:
    paper_id = _answer(library).parent.name
    reject(library, paper_id, by="kim", why="no")


def _somebody_audits_and_what_they_added_is_lost(library: Library) -> None:
    made = reject(library, _answer(library).parent.name, by="kim", why="no")
    audit_day(library, SAMPLE_DATE)
    for path in Path(str(library.lake.decisions(made.paper_id))).iterdir():
        path.unlink()


def _another_model_is_set(library: Library) -> None:  # one form for all
    os.environ["DAILY_PAPERS_MODEL"] = "another-model"


CHANGES = [
    _an_answer_is_gone, _an_answer_is_written_again, _a_text_is_new, _the_day_file_is_gone, _the_day_file_is_damaged,
    _the_record_is_gone, _the_audit_had_refused, _the_note_of_the_inputs_is_damaged, _somebody_decides,
    _somebody_audits_and_what_they_added_is_lost, _another_model_is_set,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_audited(
    change: Callable[[Library], None], audited: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAILY_PAPERS_MODEL", audited.settings.model)  # set back afterwards
    change(audited)
    library = open_library()
    inputs = inputs_of(library, SAMPLE_DATE)
    assert not is_audited(library, SAMPLE_DATE, inputs)
    assert not is_complete(library, SAMPLE_DATE, inputs)
