"""Step 2: get the text that each summary will rest on: arXiv's HTML, else its PDF, else the abstract."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from daily_papers.arxiv import ArxivClient, ArxivRefusedError, DocumentKind, NoDocument
from daily_papers.errors import TransientError
from daily_papers.fulltext.budget import fit
from daily_papers.fulltext.latexml import read_html
from daily_papers.fulltext.passages import SHORTEST_FULL_TEXT, Passage, PassageKind, UnreadableError
from daily_papers.fulltext.pdf import read_pdf
from daily_papers.lake import Lake
from daily_papers.listing import ListedPaper
from daily_papers.settings import Settings
from daily_papers.sources import (
    ABSTRACT,
    Asked,
    Reading,
    Source,
    failing_since,
    has_document,
    keep_document,
    keep_source,
    kept_document,
    readings,
    record_reading,
)

logger = logging.getLogger(__name__)

ASKED_AGAIN_AFTER = timedelta(hours=20)
"""A document that was not there is asked for again when its paper still has no answer on another day."""
GIVEN_UP_AFTER = timedelta(days=2)
"""Where arXiv fails for so long, a paper's next best text is taken."""
MOST_FAILURES = 3
"""In a row; then nothing more is asked for."""
LEAST_SHARED_WORDS = 0.5
"""Share of the abstract's longer words in a document; with fewer it is another text (a checklist, a notice)."""

_READERS = {DocumentKind.HTML: read_html, DocumentKind.PDF: read_pdf}
_LONGER_WORD = re.compile(r"[a-z]{5,}")


@dataclass
class Unavailable:
    """Papers whose text could not be had because arXiv did not answer, why, and how long it asked to wait."""

    paper_ids: list[str] = field(default_factory=list)
    error: str = ""
    retry_after_seconds: float | None = None

    def add(self, paper_id: str, error: TransientError) -> None:
        """One more paper, and what arXiv said."""
        self.paper_ids.append(paper_id)
        self.error = str(error)
        self.retry_after_seconds = error.retry_after_seconds or self.retry_after_seconds
        logger.warning("%s: %s", paper_id, error)

    def as_error(self) -> TransientError:
        """The error that makes Airflow try again for these papers."""
        return TransientError(
            f"arXiv did not give the text of {len(self.paper_ids)} papers: {', '.join(self.paper_ids)}. It said last: "
            f"{self.error} The others are kept; a retry asks only for these. If arXiv stays closed to this machine, "
            "set DAILY_PAPERS_SOURCE=abstract.",
            retry_after_seconds=self.retry_after_seconds,
        )


def read(lake: Lake, settings: Settings, papers: Sequence[ListedPaper]) -> Unavailable:
    """Looks for the texts of some papers and keeps them; what was fetched before is not fetched again.

    After arXiv refused, or failed three times in a row, the other papers are not asked for.
    """
    unavailable, failures = Unavailable(), 0
    with ArxivClient(settings) as client:
        for paper in papers:
            try:
                if failures >= MOST_FAILURES:
                    raise TransientError(unavailable.error)
                source = _read_paper(lake, settings, client, paper)
            except TransientError as error:
                failures = MOST_FAILURES if isinstance(error, ArxivRefusedError) else failures + 1
                unavailable.add(paper.paper_id, error)
                record_reading(lake, paper.paper_id, Reading(datetime.now(UTC), None, error=str(error)))
            else:
                failures = 0
                left_out = f", without {'; '.join(source.left_out)}" if source.left_out else ""
                logger.info("%s: %s, %d characters%s", paper.paper_id, source.kind, len(source.text), left_out)
    return unavailable


def _read_paper(lake: Lake, settings: Settings, client: ArxivClient, paper: ListedPaper) -> Source:
    """The best text of a paper that can be had, kept and recorded.

    Raises:
        TransientError: arXiv does not answer, and has not for less than `GIVEN_UP_AFTER`.
    """
    asked: list[Asked] = []
    source = None
    for kind in DocumentKind if settings.source == "full_text" else ():
        answer = _asked_before(lake, paper.paper_id, kind) or _ask(lake, client, paper.paper_id, kind)
        if answer.sha256 is not None:
            try:
                source = _full_text(kept_document(lake, paper.paper_id, answer), answer, paper, settings.source_tokens)
            except UnreadableError as error:
                answer = replace(answer, problem=str(error))
        asked.append(answer)
        if source is not None:
            break
        logger.info("%s: %s %s", paper.paper_id, answer.url, answer.problem)
    source = source or Source(ABSTRACT, paper.abstract)
    keep_source(lake, paper.paper_id, source)
    record_reading(lake, paper.paper_id, Reading(datetime.now(UTC), source.sha256, tuple(asked)))
    return source


def _asked_before(lake: Lake, paper_id: str, kind: DocumentKind) -> Asked | None:
    """The newest answer for a form of a paper, where it is a document or recent."""
    earlier = [one for reading in readings(lake, paper_id) for one in reading.asked if one.kind == kind]
    if not earlier:
        return None
    newest = earlier[-1]
    if newest.sha256 and not has_document(lake, paper_id, newest):
        return None
    recent = datetime.now(UTC) - newest.asked_at < ASKED_AGAIN_AFTER
    return replace(newest, problem=None) if newest.sha256 else newest if recent else None


def _ask(lake: Lake, client: ArxivClient, paper_id: str, kind: DocumentKind) -> Asked:
    try:
        answer = client.document(paper_id, kind)
    except TransientError as error:
        since = failing_since(readings(lake, paper_id))
        if since is None or datetime.now(UTC) - since < GIVEN_UP_AFTER:
            raise
        answer = NoDocument(kind, client.address(paper_id, kind), f"could not be had for days: {error}")
    return keep_document(lake, paper_id, answer)


def _full_text(document: bytes, answer: Asked, paper: ListedPaper, budget: int) -> Source:
    """The text of a document within the budget of tokens.

    Raises:
        UnreadableError: it cannot be read, or is not the paper.
    """
    passages, version = _READERS[answer.kind](document)
    text = " ".join(passage.text for passage in passages)
    if len(text) < SHORTEST_FULL_TEXT:
        raise UnreadableError(f"holds only {len(text)} characters of text")
    wanted = set(_LONGER_WORD.findall(paper.abstract.lower()))
    if len(wanted & set(_LONGER_WORD.findall(text.lower()))) < LEAST_SHARED_WORDS * len(wanted):
        raise UnreadableError("is another text than the abstract's")
    if not any(passage.kind is PassageKind.ABSTRACT for passage in passages):
        passages = [Passage("Abstract", PassageKind.ABSTRACT, paper.abstract), *passages]
    fitted, left_out = fit(passages, budget)
    return Source(answer.kind.value, fitted, version or answer.version, left_out)
