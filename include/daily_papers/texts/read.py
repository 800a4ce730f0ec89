"""Step 2: get the text that each summary will rest on: arXiv's HTML, else its PDF, else the abstract."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from daily_papers.errors import TransientError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import ListedPaper
from daily_papers.texts.arxiv_client import ArxivClient, ArxivRefusedError
from daily_papers.texts.document import DocumentKind, NoDocument
from daily_papers.texts.fulltext.budget import fit
from daily_papers.texts.fulltext.latexml import read_html
from daily_papers.texts.fulltext.passages import SHORTEST_FULL_TEXT, Passage, PassageKind, UnreadableError
from daily_papers.texts.fulltext.pdf import read_pdf
from daily_papers.texts.fulltext.tokens import count_tokens
from daily_papers.texts.fulltext.wholeness import Doubt, doubt_about, section_numbers
from daily_papers.texts.text_store import (
    ABSTRACT,
    FULL_TEXT_LOST,
    NOT_ASKED_FOR,
    PERHAPS_LOST,
    Asked,
    Reading,
    Source,
    has_document,
    keep_document,
    keep_source,
    kept_document,
    newest_failures,
    readings,
    record_reading,
)

logger = logging.getLogger(__name__)

ASKED_AGAIN_AFTER = timedelta(hours=20)
"""What was no document, or could not be read, is asked for again when its paper has no answer on another day."""
GIVEN_UP_AFTER = timedelta(days=2)
FAILURES_TO_GIVE_UP = 3
"""Where arXiv failed for a paper so often and so long, its next best text is taken."""
MOST_FAILURES = 3
"""In a row; then nothing more is asked for."""
LEAST_SHARED_WORDS = 0.5
"""Share of the abstract's longer words in a document; with fewer it is another text (a checklist, a notice)."""
MUCH_MORE = 1.5
"""Times as many characters as a doubted text has make the other form the paper. A PDF's text has some 10 % more."""

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
        self.error = self.error if str(error) == NOT_ASKED_FOR else str(error)
        self.retry_after_seconds = error.retry_after_seconds or self.retry_after_seconds
        logger.warning("%s: %s", paper_id, error)

    def as_error(self) -> TransientError:
        """The error that makes Airflow try again for these papers."""
        return TransientError(
            f"arXiv did not give the text of {len(self.paper_ids)} papers: {', '.join(self.paper_ids)}. Last message: "
            f"{self.error} The others are kept; a retry asks only for these. If arXiv keeps refusing this machine, "
            "set DAILY_PAPERS_SOURCE=abstract.",
            retry_after_seconds=self.retry_after_seconds,
        )


def read_texts(library: Library, papers: Sequence[ListedPaper]) -> Unavailable:
    """Looks for the texts of some papers and keeps them; what was fetched before is not fetched again.

    After arXiv refused, or failed three times in a row, the other papers are not asked for. Those that failed before
    come last, so that they do not keep the others from their texts.
    """
    unavailable, failures = Unavailable(), 0
    in_order = sorted(papers, key=lambda paper: bool(newest_failures(readings(library, paper.paper_id))))
    with ArxivClient(library.settings) as client:
        for paper in in_order:
            try:
                source = _read_paper(library, client if failures < MOST_FAILURES else None, paper)
            except TransientError as error:
                failures = MOST_FAILURES if isinstance(error, ArxivRefusedError) else failures + 1
                unavailable.add(paper.paper_id, error)
            else:
                failures = 0 if failures < MOST_FAILURES else failures
                left_out = f", without {'; '.join(source.left_out)}" if source.left_out else ""
                logger.info("%s: %s, %d characters%s", paper.paper_id, source.kind, len(source.text), left_out)
    return unavailable


def read_kept(library: Library, paper: ListedPaper) -> bool:
    """Makes a paper's text from what is kept alone; whether that was possible."""
    try:
        _read_paper(library, None, paper, record_failure=False)
    except TransientError:
        return False
    return True


def _read_paper(
    library: Library, client: ArxivClient | None, paper: ListedPaper, *, record_failure: bool = True
) -> Source:
    """The best text of a paper that can be had, kept and recorded; without a client nothing is asked for.

    Raises:
        TransientError: arXiv does not answer, or nobody may ask, and it has not been given up.
    """
    earlier = readings(library, paper.paper_id)
    asked: list[Asked] = []
    found: list[_Text] = []
    try:
        for kind in DocumentKind if library.settings.source == "full_text" else ():
            answer = _asked_before(library, paper.paper_id, kind, earlier)
            answer = answer or _ask(library, client, paper.paper_id, kind, newest_failures(earlier))
            if answer.sha256 is not None:
                text, problem = _full_text(library, answer, paper, library.settings.source_tokens)
                answer = replace(answer, problem=problem)
                found += [text] if text else []
            asked.append(answer)
            doubt = found[-1].doubt if found else None
            if found and doubt is None:
                break
            logger.info("%s: %s %s", paper.paper_id, answer.url, answer.problem or (doubt.text if doubt else ""))
    except TransientError as error:
        if not (found and not record_failure):  # what is kept alone has to do
            if isinstance(error, ArxivRefusedError):  # a page without a paper may have been the refusal in other words
                asked = [one for one in asked if one.sha256 is None or one.problem is None]
            if record_failure:
                record_reading(library, paper.paper_id, Reading(datetime.now(UTC), None, tuple(asked), str(error)))
            raise
    chosen = _most_whole(found)
    lost = (FULL_TEXT_LOST,) if any(one.sha256 for one in asked) else ()
    source = chosen.source if chosen else abstract_source(paper, lost)
    keep_source(library, paper.paper_id, source)
    not_believed = {
        one.kind: one.why_not(chosen) for one in found if one.doubt and (chosen is None or one.kind != chosen.kind)
    }
    asked = [replace(one, problem=not_believed.get(one.kind, one.problem)) for one in asked]
    record_reading(library, paper.paper_id, Reading(datetime.now(UTC), source.sha256, tuple(asked)))
    return source


@dataclass(frozen=True)
class _Text:
    """The text of one form of a paper, the characters and numbered sections of the whole, and why it may be a part."""

    kind: DocumentKind
    source: Source
    characters: int
    numbers: frozenset[int]
    doubt: Doubt | None

    def why_not(self, chosen: _Text | None) -> str:
        """What a reading says of a doubted text that was not taken."""
        why = self.doubt.text if self.doubt else ""
        return f"{why}; {chosen.kind} has {chosen.characters} in all" if chosen else why


def _most_whole(found: Sequence[_Text]) -> _Text | None:
    """The first form, unless it is doubted and the other one has much more; None where nothing can be believed.

    Two forms that are about equally long bear each other out. Without the other form a grave doubt stands.
    """
    if len(found) == len(DocumentKind):
        first, second = found
        lost = first.doubt is not None and first.doubt.missing & second.numbers
        return second if lost or second.characters > first.characters * MUCH_MORE else first
    alone = found[0] if found else None
    if alone is None or alone.doubt is None:
        return alone
    if alone.doubt.grave and alone.kind is DocumentKind.HTML:
        return None
    return replace(alone, source=replace(alone.source, left_out=(*alone.source.left_out, PERHAPS_LOST)))


def _asked_before(library: Library, paper_id: str, kind: DocumentKind, earlier: Sequence[Reading]) -> Asked | None:
    """The newest answer for a form of a paper, where it is a document that can be read, or recent."""
    newest = next((one for reading in reversed(earlier) for one in reading.asked if one.kind == kind), None)
    if newest is None or (newest.sha256 and not has_document(library, paper_id, newest)):
        return None
    recent = datetime.now(UTC) - newest.asked_at < ASKED_AGAIN_AFTER
    return newest if recent or newest.problem is None else None


def _ask(
    library: Library, client: ArxivClient | None, paper_id: str, kind: DocumentKind, failures: Sequence[Reading]
) -> Asked:
    try:
        if client is None:
            raise TransientError(NOT_ASKED_FOR)
        answer = client.document(paper_id, kind)
    except TransientError as error:
        if len(failures) < FAILURES_TO_GIVE_UP or datetime.now(UTC) - failures[0].read_at < GIVEN_UP_AFTER:
            raise
        answer = NoDocument(kind, f"{kind}/{paper_id}", f"could not be fetched for days: {error}")
    return keep_document(library, paper_id, answer)


def _full_text(library: Library, answer: Asked, paper: ListedPaper, budget: int) -> tuple[_Text | None, str | None]:
    """The text of a kept document within the budget of tokens, or why it has none that can be used."""
    try:
        passages, version = _READERS[answer.kind](kept_document(library, paper.paper_id, answer), paper.paper_id)
        _check_is_the_paper(passages, paper)
    except UnreadableError as error:
        return None, str(error)
    except Exception as error:  # one odd document must not keep a whole date from its texts
        logger.exception("%s: %s", paper.paper_id, answer.url)
        return None, f"could not be read ({type(error).__name__})"
    doubt = doubt_about(passages) if answer.kind is DocumentKind.HTML else None  # a PDF's headings are guessed
    numbers = frozenset(section_numbers(passages))
    characters = sum(len(passage.text) for passage in passages)
    if not any(passage.kind is PassageKind.ABSTRACT for passage in passages):
        passages = [Passage("Abstract", PassageKind.ABSTRACT, paper.abstract), *passages]
    fitted, left_out = fit(passages, budget - count_tokens(paper.title))
    source = Source(answer.kind.value, _titled(paper, fitted), answer.version or version, left_out)
    return _Text(answer.kind, source, characters, numbers, doubt), None


def _check_is_the_paper(passages: Sequence[Passage], paper: ListedPaper) -> None:
    """Raises UnreadableError for a notice, or another text than the abstract's."""
    text = " ".join(passage.text for passage in passages)
    if len(text) < SHORTEST_FULL_TEXT:
        raise UnreadableError(f"holds only {len(text)} characters of text")
    wanted = set(_LONGER_WORD.findall(paper.abstract.lower()))
    if len(wanted & set(_LONGER_WORD.findall(text.lower()))) < LEAST_SHARED_WORDS * len(wanted):
        raise UnreadableError("is another text than the abstract's")


def abstract_source(paper: ListedPaper, left_out: tuple[str, ...] = ()) -> Source:
    """What is left where arXiv has no text of a paper."""
    return Source(ABSTRACT, _titled(paper, paper.abstract), left_out=left_out)


def _titled(paper: ListedPaper, text: str) -> str:
    return f"{paper.title}\n\n{text}"
