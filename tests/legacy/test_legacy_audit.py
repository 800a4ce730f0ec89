"""What the audit's suite says about the earlier script's digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from daily_papers.lake.library import Library
from daily_papers.legacy.audit import audit_legacy
from daily_papers.legacy.digest import parse_legacy_digest
from daily_papers.reasons import Reason
from daily_papers.sample.replay import RecordedListings, sample_items
from daily_papers.sample.server import SAMPLE_DATE, LocalServer
from tests.support.data import LEGACY_DIGEST
from tests.support.models import ScriptedModel
from tests.support.steps import fetch

DIGEST = parse_legacy_digest(LEGACY_DIGEST.read_text())


def test_the_recorded_digest_is_held_against_the_listing(serve: Callable[..., LocalServer], library: Library) -> None:
    serve(RecordedListings({SAMPLE_DATE: sample_items()}), ScriptedModel())
    fetch(SAMPLE_DATE)
    audited = audit_legacy(library, DIGEST)
    assert (audited.papers, audited.seven_sections, audited.with_abstract, audited.without_digits) == (16, 16, 16, 7)
    assert len(audited.not_in_digest) == 16
    found = {reason: count for reason, (count, _) in audited.reasons.items()}
    assert found == {
        Reason.WRONG_LANGUAGE: 4,
        Reason.FORBIDDEN_MARKDOWN: 16,
        Reason.QUOTE_MISSING: 16,
        Reason.NUMBER_NOT_IN_SOURCE: 1,
        Reason.TOPIC_NOT_IN_SOURCE: 1,
        Reason.WRONG_STYLE: 15,
        Reason.WRONG_TERM: 1,
        Reason.UNINFORMATIVE: 4,
        Reason.FILLER: 10,
    }
    assert audited.reasons[Reason.FILLER][1].startswith("2505.14683: experiments: ")


def test_without_the_listing_what_needs_an_abstract_is_not_judged(library: Library) -> None:
    audited = audit_legacy(library, DIGEST)
    assert (audited.with_abstract, audited.not_in_digest) == (0, ())
    assert Reason.NUMBER_NOT_IN_SOURCE not in audited.reasons
    assert audited.reasons[Reason.FILLER][0] == 10


def test_a_digest_that_is_not_fenced_has_no_fence(library: Library) -> None:
    papers = tuple(replace(paper, fenced=False) for paper in DIGEST.papers)
    assert Reason.FORBIDDEN_MARKDOWN not in audit_legacy(library, replace(DIGEST, papers=papers)).reasons
