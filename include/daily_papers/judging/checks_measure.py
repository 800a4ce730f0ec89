"""How many planted falsehoods and sloppy habits the checks find, and how often they are wrong, by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from daily_papers.checks import row_checks
from daily_papers.checks.form.particular import uninformative_sections
from daily_papers.judging.labelled_answers import Paper, changed, papers_of, row_of, source_of
from daily_papers.reasons import Reason
from daily_papers.rows.staged_row import StagedRow
from daily_papers.sections import INFERABLE_SECTIONS, SectionKey

MENDED = frozenset({"invisible", "unclosed_bold", "stray_jamo"})
"""Classes that code corrects before anybody reads: found, where the text comes out as in the true answer."""
NOT_A_REASON = frozenset({"praise"})
"""Classes that no reason of the audit is about."""
TRUE_ANSWERS = "true answers"

Found = set[tuple[Reason, str, str]]


@dataclass(frozen=True)
class Share:
    """How many of some cases were flagged."""

    flagged: int
    total: int

    def __str__(self) -> str:
        return f"{self.flagged / self.total:.2f} ({self.flagged} of {self.total})"


def found_in(row: StagedRow) -> Found:
    """What keeps a row from its readers."""
    return {(reason, one.part, one.detail) for reason, found in row_checks.failures(row).items() for one in found}


def measured(name: str, *, dense: bool = False) -> dict[str, Share]:
    """By class of change, and for the true answers themselves: how many the checks flag, of how many."""
    flagged: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for paper in papers_of(name):
        source = source_of(paper, dense=dense)
        true_row = row_of(paper["answer"], source)
        known = found_in(true_row)
        total[TRUE_ANSWERS] += 1
        flagged[TRUE_ANSWERS] += bool(known)
        for change in paper["changes"]:
            row = row_of(changed(paper["answer"], change), source)
            is_mended = change["class"] in MENDED and _texts(row) == _texts(true_row)
            total[change["class"]] += 1
            flagged[change["class"]] += bool(found_in(row) - known) or is_mended
    return {kind: Share(flagged[kind], total[kind]) for kind in sorted(total)}


def _texts(row: StagedRow) -> list[str]:
    return [(section.markdown or "").replace("**", "") for section in row.sections.values()]


def _templates_stopped() -> Share:
    """How many texts that fit any paper are stopped under each of four papers."""
    papers = list(papers_of("truth_unseen"))[:4]
    templates = list(papers_of("templates_unseen"))
    return Share(sum(all(is_stopped(one, paper) for paper in papers) for one in templates), len(templates))


def is_stopped(template: Paper, paper: Paper) -> bool:
    """Whether a text that fits any paper is called uninformative under this one."""
    sections: dict[SectionKey, str] = {
        key: text.replace("{title}", paper["title"])
        for key, text in template["sections"].items()
        if key not in INFERABLE_SECTIONS
    }
    return bool(uninformative_sections(sections, source_of(paper)))


def table_of_checks() -> Iterator[list[str]]:
    """Class, share flagged beside the abstract, share flagged within a long dense text ("" where that is the same)."""
    for name in ("truth_unseen", "meaning_unseen"):
        plain, dense = measured(name), measured(name, dense=True)
        of = " (meaning)" if name == "meaning_unseen" else ""
        yield from ([f"{kind}{of}", str(plain[kind]), str(dense[kind])] for kind in plain)
    form = measured("form_unseen")
    yield from ([f"{kind} (form)", str(form[kind]), ""] for kind in form if kind not in NOT_A_REASON)
    yield ["texts that fit any paper", str(_templates_stopped()), ""]
    rows = [row_of(one["answer"], source_of(one)) for one in papers_of("modest_unseen")]
    called = sum(Reason.UNINFORMATIVE in row_checks.failures(row) for row in rows)
    yield ["modest true answers called uninformative", str(Share(called, len(rows))), ""]
