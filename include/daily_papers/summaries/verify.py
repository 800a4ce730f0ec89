"""Step 3b: have a second reader judge every good summary; what it contradicts is repaired, and judged again.

Off until `DAILY_PAPERS_VERIFIER_MODEL` is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import date

from daily_papers.errors import DamagedFileError, TransientError
from daily_papers.lake.library import Library
from daily_papers.listing.contract import ListedPaper
from daily_papers.listing.day_listing import day_listing
from daily_papers.reasons import Reason
from daily_papers.summaries.asking import Asking
from daily_papers.summaries.day_language import day_language
from daily_papers.summaries.model_client import Model, ModelAccess
from daily_papers.summaries.paper_record import Summary, paper_record
from daily_papers.summaries.papers_to_ask import next_request
from daily_papers.summaries.request import ModelRequest
from daily_papers.texts.text_store import Source
from daily_papers.verification.question import VERIFICATION_PROMPT_VERSION, digest_of, question_about, statements_in
from daily_papers.verification.statements import Evidence

MOST_TRIES = 2
"""Answers (or rejections) of one second reader to the same question: the second try is for what could not be used."""


async def verify_papers(
    library: Library,
    access: ModelAccess,
    verifier_access: ModelAccess,
    listing_date: date,
    papers: Iterable[ListedPaper],
    *,
    run: str,
) -> list[str]:
    """Has the second reader judge the summaries of some papers of a date, a bounded number at once.

    A summary that it contradicts is repaired by the writer, as often as repairs are left, and judged again. Whatever
    goes wrong, what was answered is kept, and the summaries are as good as they were before.

    Args:
        papers: those that `papers_to_verify` names, or some of them.

    Returns:
        Ids of papers whose provider did not answer after the SDK's retries; each attempt is recorded.

    Raises:
        TerminalError: see `Asking`.
    """
    settings, verifier_settings = library.settings, library.settings.for_verifier
    language = day_language(library, listing_date)
    by_id = {paper.paper_id: paper for paper in papers}

    def following(paper_id: str) -> ModelRequest | None:
        return _next_question(library, by_id[paper_id], language)

    async with AsyncExitStack() as clients:
        writer = Model(settings, access, await clients.enter_async_context(access.client(settings)))
        client = await clients.enter_async_context(verifier_access.client(verifier_settings))
        second_reader = Model(verifier_settings, verifier_access, client)
        asking = Asking(library, listing_date, language, run, following, writer, second_reader)
        return await asking.ask_about(by_id)


def papers_to_verify(library: Library, listing_date: date) -> list[ListedPaper]:
    """Listed papers of a date that the second reader, or the writer for a correction, has to be asked about."""
    language = day_language(library, listing_date)
    papers = [row.paper for row in day_listing(library, listing_date).papers if row.listed]
    return [paper for paper in papers if _next_question(library, paper, language) is not None]


def _next_question(library: Library, paper: ListedPaper, language: str) -> ModelRequest | None:
    """What to ask next: the second reader about a good summary, the writer to correct what it contradicts.

    The newest summary comes first, then the one that readers have. None where a person decided about the summary or
    wants another one, and where the paper's files are damaged (its row says so).
    """
    try:
        record = paper_record(library, paper.paper_id, language)
    except DamagedFileError:
        return None
    if record.waits_for_retry:
        return None
    for summary in (*record.summaries[-1:], record.chosen):
        if summary is not None and summary.decision is None:
            question = _question_about(library, paper, language, summary)
            if question is not None:
                return question
    return None


def _question_about(library: Library, paper: ListedPaper, language: str, summary: Summary) -> ModelRequest | None:
    model = library.settings.verifier_model
    if model is None:
        return None
    if summary.is_good:
        return _verification_of(summary, model, library.settings.output_tokens)
    if not any(call.answered for call in summary.verifying):
        return None
    request = next_request(library, paper, language, again=True)
    return request if request is not None and request.repairs is not None else None


def _verification_of(summary: Summary, model: str, output_tokens: int) -> ModelRequest | None:
    """The request to judge a summary; None where it was judged, claims nothing, or was asked about often enough."""
    if not summary.evidence or summary.is_verified:
        return None
    digest = digest_of(summary.evidence)
    about = [call for call in summary.verifying if (call.verifies, call.model) == (digest, model)]
    answers = sum(call.answered for call in about)
    if answers + sum(call.error == Reason.REQUEST_REJECTED for call in about) >= MOST_TRIES:
        return None
    first = summary.calls[0]
    return verification_request(
        first.paper_id,
        summary.source,
        summary.evidence,
        model=model,
        language=first.language,
        output_tokens=output_tokens,
        seed=answers or None,
    )


def verification_request(
    paper_id: str,
    source: Source,
    evidence: Sequence[Evidence],
    *,
    model: str,
    language: str,
    output_tokens: int = 0,
    seed: int | None = None,
) -> ModelRequest:
    """The request that has `model` judge what an answer states (see `question_about` for the rest)."""
    return ModelRequest(
        paper_id=paper_id,
        model=model,
        language=language,
        prompt_version=VERIFICATION_PROMPT_VERSION,
        source=source,
        body=question_about(paper_id, evidence, model=model, language=language, output_tokens=output_tokens, seed=seed),
        verifies=digest_of(evidence),
        statements=tuple((said.part, said.text) for said in statements_in(evidence)),
    )


def still_not_verified(paper_ids: Sequence[str]) -> TransientError:
    """The error that makes Airflow try the task again for papers that the second reader did not judge."""
    return TransientError(
        f"The second reader's provider, or the model's for a correction, did not answer for {len(paper_ids)} papers: "
        f"{', '.join(paper_ids)}. What the others got is stored; a retry asks only for these."
    )
