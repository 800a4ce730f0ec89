"""One typed row per item of a listing, and the day as the union of its captures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from daily_papers.errors import ContractError
from daily_papers.lake import checked_paper_id

SUBMISSION_TIME_MOVED = date(2025, 3, 10)
"""From this listing date the top-level `publishedAt` is no longer the time of submission."""

_WHITESPACE = re.compile(r"\s+")
_WEB_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#][^\s\x00-\x1f\x7f<>\"\\`]*)?")


class _Author(BaseModel):
    name: str


class _Submitter(BaseModel):
    user: str | None = None
    fullname: str | None = None


class _Organization(BaseModel):
    name: str | None = None


class _Paper(BaseModel):
    id: str
    title: str
    summary: str
    upvotes: int
    published_at: AwareDatetime = Field(alias="publishedAt")
    authors: list[_Author]
    submitted_at: AwareDatetime | None = Field(None, alias="submittedOnDailyAt")
    submitted_by: _Submitter | None = Field(None, alias="submittedOnDailyBy")
    project_page: str | None = Field(None, alias="projectPage")
    github_repository: str | None = Field(None, alias="githubRepo")
    keywords: list[str] = Field(default_factory=list, alias="ai_keywords")
    organization: _Organization | None = None


class _Item(BaseModel):
    paper: _Paper
    published_at: AwareDatetime = Field(alias="publishedAt")
    title: str
    comments: int = Field(alias="numComments")
    submitted_by: _Submitter | None = Field(None, alias="submittedBy")


@dataclass(frozen=True)
class ListedPaper:
    """A paper as one capture lists it; text is on one line, times are naive UTC."""

    paper_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    upvotes: int
    comments: int
    published_at: datetime
    submitted_at: datetime | None
    submitted_by: str | None
    project_page: str | None
    github_repository: str | None
    keywords: tuple[str, ...]
    organization: str | None


@dataclass(frozen=True)
class DayPaper:
    """A paper of a date: as last seen, and whether the newest capture still lists it."""

    paper: ListedPaper
    listed: bool


def parse_item(item: Any, listing_date: date) -> ListedPaper:
    """The typed row of one item; unknown keys are ignored (the raw page keeps them).

    Raises:
        ContractError: a field that is always there is missing or of another type; names item and field.
    """
    try:
        parsed = _Item.model_validate(item)
    except ValidationError as error:
        paper_part = item.get("paper") if isinstance(item, dict) else None
        named = paper_part.get("id") if isinstance(paper_part, dict) else None
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the item itself"
        raise ContractError(
            f"Item {named or 'without an id'} of the listing of {listing_date} breaks the contract: "
            f"{place}: {first['msg']}."
        ) from None
    paper = parsed.paper
    submitted_at = paper.submitted_at
    if submitted_at is None and listing_date < SUBMISSION_TIME_MOVED:
        submitted_at = parsed.published_at
    submitter = paper.submitted_by or parsed.submitted_by
    return ListedPaper(
        paper_id=checked_paper_id(paper.id),
        title=_on_one_line(paper.title),
        abstract=_on_one_line(paper.summary),
        authors=tuple(_on_one_line(author.name) for author in paper.authors),
        upvotes=paper.upvotes,
        comments=parsed.comments,
        published_at=_naive_utc(paper.published_at),
        submitted_at=_naive_utc(submitted_at) if submitted_at else None,
        submitted_by=submitter.user if submitter else None,
        project_page=_web_address(paper.project_page),
        github_repository=_web_address(paper.github_repository),
        keywords=tuple(_on_one_line(keyword) for keyword in paper.keywords),
        organization=paper.organization.name if paper.organization else None,
    )


def parse_capture(items: Sequence[Any], listing_date: date) -> list[ListedPaper]:
    """The papers of one capture in served order; a paper seen twice (pages overlap) counts once, first wins."""
    papers: dict[str, ListedPaper] = {}
    for item in items:
        paper = parse_item(item, listing_date)
        papers.setdefault(paper.paper_id, paper)
    return list(papers.values())


def union_of_captures(captures: Sequence[Sequence[ListedPaper]]) -> list[DayPaper]:
    """The day's papers from its captures, oldest first: each as last seen, by votes and id.

    A paper that the newest capture lacks stays, with `listed` false (moved or withdrawn).
    """
    latest: dict[str, ListedPaper] = {}
    for capture in captures:
        latest.update((paper.paper_id, paper) for paper in capture)
    listed_now = {paper.paper_id for paper in captures[-1]} if captures else set()
    day = [DayPaper(paper, paper.paper_id in listed_now) for paper in latest.values()]
    return sorted(day, key=lambda row: (not row.listed, -row.paper.upvotes, row.paper.paper_id))


def _on_one_line(text: str) -> str:
    """One line that a UTF-8 file can hold: a lone surrogate becomes a question mark."""
    return _WHITESPACE.sub(" ", text).strip().encode(errors="replace").decode()


def _naive_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _web_address(text: str | None) -> str | None:
    address = (text or "").strip()
    return address if _WEB_ADDRESS.fullmatch(address) else None
