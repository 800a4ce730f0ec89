"""An imported older digest, compared with the audit's own suite: what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from daily_papers.checks.row_checks import findings
from daily_papers.lake.library import Library
from daily_papers.legacy.digest import LegacyDigest, LegacyPaper
from daily_papers.listing.day_listing import day_listing
from daily_papers.process_home import ensure_home
from daily_papers.reasons import Reason
from daily_papers.rows.answers import ParsedAnswer, SectionAnswer
from daily_papers.rows.staged_row import StagedRow, with_answer
from daily_papers.sections import SECTION_KEYS

FENCE_END = "\n```"
"""The earlier script put each summary into a code fence; as part of the last section its end is debris."""
NEEDS_SOURCE = frozenset(
    {
        Reason.QUOTE_NOT_IN_SOURCE,
        Reason.NUMBER_NOT_IN_SOURCE,
        Reason.NAME_NOT_IN_SOURCE,
        Reason.TOPIC_NOT_IN_SOURCE,
        Reason.COPIED_FROM_SOURCE,
        Reason.RESULTS_WITHOUT_NUMBERS,
        Reason.INSTRUCTIONS_IN_SOURCE,
    }
)
"""Reasons that say nothing about a paper whose abstract is not known."""


@dataclass(frozen=True)
class LegacyAudit:
    """What the suite finds in an older digest.

    `without_digits` counts papers whose quantitative results hold not one digit (a finding only where the abstract has
    measured something); `with_abstract` is how many papers could be compared with their abstract; `not_in_digest` are
    listed papers that it lacks (empty where the listing of its date is not in the lake); `reasons` has, for every
    reason met, the number of papers and an example.
    """

    papers: int
    seven_sections: int
    without_digits: int
    with_abstract: int
    not_in_digest: tuple[str, ...]
    reasons: dict[Reason, tuple[int, str]]


def audit_legacy(library: Library, digest: LegacyDigest) -> LegacyAudit:
    """Validates an older digest with the suite of a day; its sections count as stated, for nothing says otherwise."""
    ensure_home()
    from daily_papers.audit.suite import validate_day

    listed = library.lake.observed_dates()
    papers = day_listing(library, digest.listing_date).papers if digest.listing_date in listed else []
    sources = {row.paper.paper_id: f"{row.paper.title}\n\n{row.paper.abstract}" for row in papers}
    rows = [_staged(digest, paper, sources.get(paper.paper_id, "")) for paper in digest.papers]
    ids = sorted(sources) or [paper.paper_id for paper in digest.papers]
    found = validate_day(digest.listing_date, rows, ids).row_reasons
    counts: Counter[Reason] = Counter()
    examples: dict[Reason, str] = {}
    for row in rows:
        for reason in sorted(found.get(row.paper_id, ()), key=list(Reason).index):
            if reason in NEEDS_SOURCE and not row.source_text:
                continue
            counts[reason] += 1
            [first, *_] = findings(row)[reason]
            examples.setdefault(reason, ": ".join(filter(None, (row.paper_id, first.part, first.detail))))
    in_order = {reason: (counts[reason], examples[reason]) for reason in Reason if counts[reason]}
    in_digest = {paper.paper_id for paper in digest.papers}
    missing = tuple(paper_id for paper_id in ids if paper_id not in in_digest)
    complete = sum(all(paper.sections.get(key, "").strip() for key in SECTION_KEYS) for paper in digest.papers)
    with_abstract = sum(bool(row.source_text) for row in rows)
    without_digits = sum(not re.search(r"\d", paper.sections["results"]) for paper in digest.papers)
    return LegacyAudit(len(rows), complete, without_digits, with_abstract, missing, in_order)


def _staged(digest: LegacyDigest, paper: LegacyPaper, source: str) -> StagedRow:
    texts = {key: paper.sections[key].strip() for key in SECTION_KEYS}
    texts[SECTION_KEYS[-1]] += FENCE_END if paper.fenced else ""
    sections: dict[str, SectionAnswer] = {
        key: SectionAnswer(basis="stated", markdown=text, quotes=[]) for key, text in texts.items()
    }
    answer = ParsedAnswer(None, paper.paper_id, paper.title, sections, SECTION_KEYS)
    row = StagedRow(paper_id=paper.paper_id, language="ko", listing_date=digest.listing_date, numbers_near_quotes=False)
    return with_answer(row, answer, source)
