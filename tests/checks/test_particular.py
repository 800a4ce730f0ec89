"""Texts that fit any paper are told from answers that say something of theirs."""

from __future__ import annotations

from daily_papers.checks.form.particular import uninformative_sections
from daily_papers.judging.checks_measure import is_stopped
from daily_papers.judging.labelled_answers import papers_of, source_of


def test_what_fits_any_paper_says_little_of_this_one() -> None:
    [paper, *_] = papers_of("truth_seen")
    stopped = [is_stopped(one, paper) for one in papers_of("templates_seen")]
    assert len(stopped) > 50
    assert sum(stopped) / len(stopped) > 0.9


def test_careful_answers_say_enough() -> None:
    for name in ("truth_seen", "form_seen"):
        for paper in papers_of(name):
            sections = paper["answer"]["sections"]
            stated = {key: one["markdown"] for key, one in sections.items() if one["basis"] == "stated"}
            assert uninformative_sections(stated, source_of(paper)) == [], paper["paper_id"]
