"""The listing's contract: one item as served becomes one typed row, or a broken item with what is wrong with it.

What the API sends, since when, and what it means was measured on 1,091 recorded captures (2024-05-27 .. 2026-08-22).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from daily_papers.lake.layout import is_paper_id
from daily_papers.outside_text import is_nested_too_deeply, is_visible, on_one_line, with_escapes

MOST_CHARACTERS = 100
"""Longest excerpt of outside text quoted in a message, in characters."""

_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_WEB_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#][^\s\x00-\x1f\x7f<>\"\\`]*)?")
_NO_GITHUB_OWNERS = frozenset({"orgs", "topics", "features", "settings", "marketplace", "sponsors"})
_GITHUB = re.compile(r"https?://(?:www\.)?github\.com(/[^?#]*)?(?:[?#].*)?", re.IGNORECASE)


def _null_if_wrong(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    """An optional field of another type than known is no reason to lose a paper: it is null (and drift)."""
    try:
        return read(value)
    except ValidationError:
        return None


def _utc(value: Any) -> datetime:
    """Naive UTC in milliseconds, as the API sends and the day file stores it; only ISO text with a zone is a time."""
    if not isinstance(value, str) or not _ISO_TIME.match(value):
        raise ValueError("is not an ISO 8601 time")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("has no time zone")
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is not in the calendar") from None
    return moment.replace(tzinfo=None, microsecond=moment.microsecond // 1000 * 1000)


def _as_served(value: Any) -> str:
    """Text that must not be repaired, such as an id; pydantic's own type refuses lone surrogates."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "Input should be a valid string")
    return value


_Time = Annotated[datetime, PlainValidator(_utc)]
_Text = Annotated[StrictStr, BeforeValidator(lambda value: on_one_line(value) if isinstance(value, str) else value)]
_RawText = Annotated[str, PlainValidator(_as_served)]
_Words = Annotated[_Text, Field(min_length=1)]
_Count = Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]
_Optional = WrapValidator(_null_if_wrong)
_OptionalText = Annotated[_Text | None, _Optional]
_OptionalRawText = Annotated[_RawText | None, _Optional]
_OptionalTime = Annotated[_Time | None, _Optional]


class _Part(BaseModel):
    """A JSON object of an item. `unused` names keys that are known and not read."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)
    unused: ClassVar[frozenset[str]] = frozenset()

    def drift(self, raw: Mapping[str, Any]) -> set[str]:
        """Keys that no recorded capture has, and fields of another type, with their path from here."""
        found = set(self.model_extra or {}) - self.unused
        for name, info in type(self).model_fields.items():
            key = str(info.alias)
            value, given = getattr(self, name), raw.get(key)
            if value is None and given is not None:
                found.add(f"{key} of another type")
            if isinstance(value, _Part):
                value, given = [value], [given]
            if isinstance(value, list):
                pairs = zip(value, given or (), strict=False)
                found |= {f"{key}.{one}" for part, of in pairs if isinstance(part, _Part) for one in part.drift(of)}
        return found


class _Author(_Part):
    unused = frozenset({"user", "status", "statusLastChangedAt"})
    identifier: _Text = Field(alias="_id")
    name: _Text
    hidden: StrictBool


class _Submitter(_Part):
    unused = frozenset(
        {"_id", "avatarUrl", "fullname", "type", "isPro", "isHf", "isHfAdmin", "isMod", "followerCount",
         "isUserFollowing"}
    )  # fmt: skip
    user: _OptionalText = None
    name: _OptionalText = None


class _Organization(_Part):
    unused = frozenset({"_id", "fullname", "avatar"})
    name: _OptionalText = None


class _Paper(_Part):
    unused = frozenset({"discussionId", "mediaUrls", "githubRepoAddedBy", "ai_summary_model"})
    id: _RawText
    title: _Words
    summary: _Words
    upvotes: _Count
    published_at: _Time
    authors: list[_Author]
    submitted_on_daily_at: _OptionalTime = None
    submitted_on_daily_by: Annotated[_Submitter | None, _Optional] = None
    project_page: _OptionalRawText = None
    github_repo: _OptionalRawText = None
    github_stars: Annotated[_Count | None, _Optional] = None
    ai_summary: _OptionalText = Field(None, alias="ai_summary")
    ai_keywords: Annotated[list[_Text] | None, _Optional] = Field(None, alias="ai_keywords")
    organization: Annotated[_Organization | None, _Optional] = None
    withdrawn_at: _OptionalTime = None


class _Item(_Part):
    unused = frozenset({"thumbnail", "summary", "mediaUrl", "mediaUrls"})
    paper: _Paper
    published_at: _Time
    title: _Text
    num_comments: _Count
    submitted_by: Annotated[_Submitter | None, _Optional] = None
    is_author_participating: Annotated[StrictBool | None, _Optional] = None
    organization: Annotated[_Organization | None, _Optional] = None
    withdrawn_at: _OptionalTime = None


@dataclass(frozen=True)
class ListedPaper:
    """A paper as one capture lists it; text is on one line, times are naive UTC.

    `docs/day-file.md` says for every field what it means, where it comes from and since when.
    """

    paper_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    upvotes: int
    comments: int
    published_at: datetime
    submitted_at: datetime | None
    submitted_by: str | None
    author_participates: bool | None
    project_page: str | None
    github_repository: str | None
    github_stars: int | None
    keywords: tuple[str, ...]
    organization: str | None
    hf_summary: str | None
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class BrokenItem:
    """An item that breaks the contract.

    `paper_id` is the item's id where that is one, else a stable name of ours (see `item_key`).
    """

    paper_id: str
    problem: str


@dataclass(frozen=True)
class Capture:
    """What one look at a listing found, in served order."""

    papers: tuple[ListedPaper, ...]
    broken: tuple[BrokenItem, ...] = ()
    drift: Mapping[str, str] = field(default_factory=dict)
    """Unknown keys and types: what is new, and a paper that has it."""

    @property
    def paper_ids(self) -> list[str]:
        """Names of all its items."""
        return [*(paper.paper_id for paper in self.papers), *(item.paper_id for item in self.broken)]

    @property
    def listed_ids(self) -> frozenset[str]:
        """Ids of the papers on the list: all but those that Hugging Face marks as withdrawn."""
        kept = (paper.paper_id for paper in self.papers if paper.withdrawn_at is None)
        return frozenset([*kept, *(item.paper_id for item in self.broken)])


@dataclass(frozen=True)
class DayPaper:
    """A paper of a date: as last seen, and whether the newest capture still lists it."""

    paper: ListedPaper
    listed: bool


@dataclass(frozen=True)
class DayBrokenItem:
    """An item of a date that no capture has in a readable form, as last seen."""

    item: BrokenItem
    listed: bool


@dataclass(frozen=True)
class DayListing:
    """A date as the union of its captures: papers by votes and id, what is no longer listed last."""

    papers: tuple[DayPaper, ...]
    broken: tuple[DayBrokenItem, ...]

    @property
    def rows(self) -> list[DayPaper | DayBrokenItem]:
        """Everything that any capture listed."""
        return [*self.papers, *self.broken]


def item_key(item: Any) -> str:
    """The paper id of a raw item, or `unidentified-` and a hash where it has none that could be used.

    The hash is that of the item's title, so that the name stays while votes change (two items of one title are one
    paper); without a title that of the item, or of its fields' names where it is nested too deeply to be written.
    """
    paper = item.get("paper") if isinstance(item, dict) else None
    paper_id = paper.get("id") if isinstance(paper, dict) else None
    if isinstance(paper_id, str) and is_paper_id(paper_id):
        return paper_id
    title = item.get("title") if isinstance(item, dict) else None
    identity = title if isinstance(title, str) and title.strip() else item
    if is_nested_too_deeply(identity):
        identity = sorted(item) if isinstance(item, dict) else "nested too deeply"
    return f"unidentified-{hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]}"


def parse_item(item: Any) -> tuple[ListedPaper | BrokenItem, set[str]]:
    """The typed row of one item, and what in it is unknown.

    An item is broken where a field that is always there is missing or of another type, or where its id is not an arXiv
    id. A wrong optional field is null.
    """
    key = item_key(item)
    if is_nested_too_deeply(item):
        return BrokenItem(key, "the item itself: it is nested too deeply"), set()
    try:
        parsed = _Item.model_validate(_with_readable_keys(item))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the item itself"
        return BrokenItem(key, f"{place}: {first['msg']}"), set()
    if key != parsed.paper.id:
        shown = parsed.paper.id[:MOST_CHARACTERS]
        return BrokenItem(key, f"paper.id: {shown!r} is not an arXiv id without version"), set()
    return _typed(parsed), {with_escapes(what)[:MOST_CHARACTERS] for what in parsed.drift(item)}


def _with_readable_keys(value: Any) -> Any:
    """A JSON value whose keys are UTF-8: pydantic refuses an object with any other key, also one that nobody reads."""
    if isinstance(value, dict):
        return {with_escapes(key): _with_readable_keys(one) for key, one in value.items()}
    return [_with_readable_keys(one) for one in value] if isinstance(value, list) else value


def _typed(item: _Item) -> ListedPaper:
    paper = item.paper
    submitters = [who.user or who.name for who in (paper.submitted_on_daily_by, item.submitted_by) if who is not None]
    organization = paper.organization or item.organization
    return ListedPaper(
        paper_id=paper.id,
        title=paper.title,
        abstract=paper.summary,
        authors=tuple(author.name for author in paper.authors if author.name),
        upvotes=paper.upvotes,
        comments=item.num_comments,
        published_at=paper.published_at,
        submitted_at=_submission(item),
        submitted_by=next(filter(None, submitters), None),
        author_participates=item.is_author_participating,
        project_page=_web_address(paper.project_page),
        github_repository=_repository(paper.github_repo),
        github_stars=paper.github_stars,
        keywords=tuple(filter(None, paper.ai_keywords or ())),
        organization=(organization.name or None) if organization else None,
        hf_summary=paper.ai_summary or None,
        withdrawn_at=paper.withdrawn_at or item.withdrawn_at,
    )


def _submission(item: _Item) -> datetime | None:
    """When a paper was submitted to Daily Papers.

    Until 2025-03-10 the top-level `publishedAt` was that time; since then it is `paper.publishedAt` less 4 or 5 hours.
    A paper cannot be submitted before it is published, and in all recorded captures this alone tells the two apart
    (the listing date does not: what counts is when the listing was served).
    """
    if item.paper.submitted_on_daily_at is not None:
        return item.paper.submitted_on_daily_at
    return item.published_at if item.published_at > item.paper.published_at else None


def parse_capture(items: Sequence[Any]) -> Capture:
    """The papers of one capture. One that came twice (pages overlap while votes move) counts once, as read last."""
    papers: dict[str, ListedPaper] = {}
    broken: dict[str, BrokenItem] = {}
    drift: dict[str, str] = {}
    for item in items:
        parsed, unknown = parse_item(item)
        if isinstance(parsed, ListedPaper):
            papers[parsed.paper_id] = parsed
        else:
            broken[parsed.paper_id] = parsed
        for what in unknown:
            drift.setdefault(what, parsed.paper_id)
    unreadable = tuple(item for paper_id, item in broken.items() if paper_id not in papers)
    return Capture(tuple(papers.values()), unreadable, drift)


def union_of_captures(captures: Sequence[Capture]) -> DayListing:
    """The date from its captures, oldest first.

    A paper that the newest capture lacks or marks as withdrawn stays, with `listed` false. One that is broken there
    stays as an earlier capture had it.
    """
    if not captures:
        return DayListing((), ())
    latest: dict[str, ListedPaper] = {}
    broken: dict[str, BrokenItem] = {}
    for capture in captures:
        latest.update((paper.paper_id, paper) for paper in capture.papers)
        broken.update((item.paper_id, item) for item in capture.broken)
    listed = captures[-1].listed_ids
    papers = [DayPaper(paper, paper.paper_id in listed) for paper in latest.values()]
    papers.sort(key=lambda row: (not row.listed, -row.paper.upvotes, row.paper.paper_id))
    unreadable = [item for paper_id, item in sorted(broken.items()) if paper_id not in latest]
    return DayListing(tuple(papers), tuple(DayBrokenItem(item, item.paper_id in listed) for item in unreadable))


def _web_address(text: str | None) -> str | None:
    """An address as it is, or None: one with an invisible character in it could lead elsewhere when repaired."""
    address = (text or "").strip()
    return address if _WEB_ADDRESS.fullmatch(address) and is_visible(address) else None


def _repository(text: str | None) -> str | None:
    """A code repository's address; one on GitHub without what leads inside it (`/tree/…`, `.git`)."""
    address = _web_address(text)
    if address is None or not (github := _GITHUB.fullmatch(address)):
        return address
    parts = [part for part in (github[1] or "").split("/") if part]
    if len(parts) < 2 or parts[0] in _NO_GITHUB_OWNERS:
        return None
    return f"https://github.com/{parts[0]}/{parts[1].removesuffix('.git')}"
