"""A synthetic library of any size: a lake like those of real dates, made from the recorded sample and a growing
vocabulary.

`python -m bench.library_generator HOME PAPERS` writes one. What is drawn from the sample: abstracts, keywords, votes,
organizations of code, sections and quotes, sentence by sentence. What is invented: names of models, people and data
sets, in a long tail, so that the number of distinct words grows with the number of papers as in real text.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.support.libraries import library_in
from upath import UPath

from daily_papers.audit.audit_record import AuditRecord, Outcome, write_audit_record
from daily_papers.lake.library import Library
from daily_papers.listing.contract import ListedPaper, parse_capture
from daily_papers.listing.listing_page import Page
from daily_papers.listing.looks import record_look
from daily_papers.reasons import ROW_REASONS, WARNINGS, Reason, Severity
from daily_papers.rows.day_file import write_day_file
from daily_papers.sample.replay import sample_items
from daily_papers.sections import SECTION_KEYS
from daily_papers.summaries.call_store import Call, CallStore

FIRST_DATE = date(2023, 5, 4)
"""The first of Daily Papers, where queries begin; a million papers at 50 a day end in 2078, and no id comes twice."""
PAPERS_A_DAY = 50
MOST_PAPERS_A_DAY = 3000
QUARANTINED, PENDING, WARNED, FAILED_CALLS = 0.03, 0.01, 0.02, 0.01
TEXT_FACTOR = 2
"""The sample answers are half as long as those of a real digest, which have about 3 KB of Korean a paper."""
_MODEL, _PROMPT = "gpt-4o-mini", "3"
_LATIN = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "or")]
_HANGUL = list(
    "가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후기니디리미비시이지치키티피히"
)
_PARTICLES = ("은", "는", "이", "가", "을", "를", "의", "에서", "으로", "와", "보다", "")
_SHAPES = ("{}", "{}Net", "{}-7B", "{}-Bench", "{}LM", "{}-v2", "Open{}", "{}GPT", "{}-R1", "{}-XL")
_KEPT_BACK = (
    Reason.QUOTE_NOT_IN_SOURCE, Reason.NUMBER_NOT_IN_SOURCE, Reason.NAME_NOT_IN_SOURCE, Reason.SECTION_TOO_SHORT,
    Reason.FILLER, Reason.WRONG_LANGUAGE,
)  # fmt: skip
_AWAITED = (Reason.NOT_ASKED, Reason.PROVIDER_UNAVAILABLE)
_NO_ANSWER: dict[str, Any] = {
    **{f"{key}_basis": None for key in SECTION_KEYS},
    **{f"{key}_markdown": None for key in SECTION_KEYS},
    **{f"{key}_quotes": [] for key in SECTION_KEYS},
    **dict.fromkeys(("translated_title", "source_kind", "source_version", "source_sha256", "model", "prompt_version")),
    "request_key": None,
    "repairs": 0,
    "results_rows": [],
}
_NOT_DECIDED = dict.fromkeys(("decision", "decided_by", "decided_at", "decided_because", "listing_problem"))
_LISTED = (
    "title", "abstract", "authors", "upvotes", "comments", "published_at", "submitted_at", "submitted_by",
    "author_participates", "project_page", "github_repository", "github_stars", "keywords", "organization",
    "hf_summary", "withdrawn_at",
)  # fmt: skip


def generate(
    home: UPath | Path,
    papers: int,
    *,
    first_date: date = FIRST_DATE,
    papers_a_day: int = PAPERS_A_DAY,
    seed: int = 0,
    calls: bool = True,
    progress: Callable[[date], None] = lambda _: None,
) -> list[date]:
    """Writes a lake of so many papers into an empty home, from a date on, one look a date; equal seeds, equal lakes.

    Of the papers, 3 % are quarantined, 1 % pending, and one a date is listed again on the next one.

    Args:
        calls: whether each answer gets its file in `lake/calls`. A million small files are a burden to make and to
            delete, so a library of that size may go without them; its warehouse then has no `calls`.
        progress: told each date when it is written.

    Returns:
        The dates, ascending.
    """
    if not 0 < papers_a_day <= MOST_PAPERS_A_DAY:
        raise ValueError(f"papers_a_day must be 1 to {MOST_PAPERS_A_DAY}: ids have five digits a month")
    library = library_in(home)
    writer = _Writer(library, _Texts(random.Random(seed)), papers_a_day, calls=calls)
    dates = [first_date + timedelta(days=number) for number in range(math.ceil(papers / papers_a_day))]
    # unsynced: nobody mourns a synthetic lake after a power cut, and two syncs a file take longer than writing it
    with patch("os.fsync"):
        for number, listing_date in enumerate(dates):
            writer.write(listing_date, min(papers_a_day, papers - number * papers_a_day))
            progress(listing_date)
    return dates


@dataclass
class _Made:
    """A paper as it was made: its item of the listing, and its columns of answer and audit."""

    item: dict[str, Any]
    columns: dict[str, Any]


class _Texts:
    """Sentences, names and figures like those of the sample day, from one stream of random numbers."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        items = sample_items()
        self.papers = [item["paper"] for item in items]
        self.votes = [paper["upvotes"] for paper in self.papers]
        self.abstracts = [_sentences(" ".join(paper["summary"].split())) for paper in self.papers]
        self.sentences = [sentence for abstract in self.abstracts for sentence in abstract]
        self.titles = [" ".join(paper["title"].split()).rpartition(": ")[2] for paper in self.papers]
        self.keywords = sorted({one for paper in self.papers for one in paper.get("ai_keywords") or ()})
        dice.shuffle(self.keywords)
        self.keyword_weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.keywords))))
        names = [author["name"].split() for paper in self.papers for author in paper["authors"]]
        self.first_names = sorted({name[0] for name in names})
        self.last_names = sorted({name[-1] for name in names})
        self.author_counts = [len(paper["authors"]) for paper in self.papers]
        self.keyword_counts = [len(paper.get("ai_keywords") or ()) for paper in self.papers]

    @cached_property
    def answers(self) -> list[dict[str, Any]]:
        """The sample answers."""
        folder = files("daily_papers").joinpath("sample/answers")
        paths = sorted((path for path in folder.iterdir() if path.name.endswith(".json")), key=lambda path: path.name)
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    @cached_property
    def section_sentences(self) -> dict[str, list[str]]:
        """Korean sentences of each section."""
        found: dict[str, list[str]] = {key: [] for key in SECTION_KEYS}
        for answer in self.answers:
            for key in SECTION_KEYS:
                found[key] += _sentences_of_markdown(answer["sections"][key]["markdown"])
        return found

    def tail(self, exponent: float, head: int) -> int:
        """A rank of a long tail: after n draws, about n ** exponent ranks were met."""
        drawn: float = (1.0 - self.dice.random()) ** (-1.0 / exponent)
        return int(head * (drawn - 1.0))

    def name(self) -> str:
        """An invented name of a model, method or data set."""
        rank = self.tail(0.8, 60)
        return _SHAPES[rank % len(_SHAPES)].format(_word(rank, _LATIN).capitalize())

    def author(self) -> str:
        """A person; most names come once or a few times, some often."""
        rank = self.tail(0.9, 2000)
        first, rest = self.first_names[rank % len(self.first_names)], rank // len(self.first_names)
        known = rest < len(self.last_names)
        return f"{first} {self.last_names[rest] if known else _word(rest, _LATIN).capitalize()}"

    def korean(self) -> str:
        """An invented Korean noun with a particle."""
        return _word(self.tail(0.8, 60), _HANGUL) + self.dice.choice(_PARTICLES)

    def abstract(self, name: str) -> list[str]:
        """English sentences, about the name here and there."""
        count = len(self.dice.choice(self.abstracts))
        sentences = self.dice.sample(self.sentences, count)
        sentences[0] = f"We present {name}, which builds on {self.name()} and {self.name()}. {sentences[0]}"
        sentences[-1] = f"{sentences[-1]} On {self.name()}, {name} gains {self.figure()} points over {self.name()}."
        return sentences

    def figure(self) -> str:
        """A number as papers report it."""
        return f"{self.dice.random() * 100:.1f}"

    def markdown(self, section: str, like: str, name: str) -> str:
        """Korean sentences of a section, of the form of a sample's text and longer by the factor of real digests."""
        pool = self.section_sentences[section]
        count = TEXT_FACTOR * len(_sentences_of_markdown(like))
        sentences = [self.dice.choice(pool) for _ in range(count)]
        sentences = [f"{self.korean()} {sentence}" if number % 2 else sentence for number, sentence in
                     enumerate(sentences)]  # fmt: skip
        sentences[0] = f"**{name}**{self.dice.choice(_PARTICLES)} {sentences[0]}"
        return "\n".join(f"- {one}" for one in sentences) if like.startswith("- ") else " ".join(sentences)

    def results(self, like: Sequence[dict[str, str]], name: str) -> list[dict[str, str]]:
        """Figures of the form of a sample's."""
        return [
            {
                **row,
                "value": self.figure(),
                "dataset": row["dataset"] or self.name(),
                "baseline": row["baseline"] or name,
            }
            for row in like
        ]


class _Writer:
    """Writes dates one after the other; remembers what the next one lists again, and the ids of a month."""

    def __init__(self, library: Library, texts: _Texts, papers_a_day: int, *, calls: bool) -> None:
        self._library, self._texts, self._calls = library, texts, calls
        self._store = CallStore(library)
        self._distance = max(1, 99_999 // (31 * papers_a_day + 1))  # ids of a month spread over its five digits
        self._month, self._in_month = "", 0
        self._again: _Made | None = None

    def write(self, listing_date: date, count: int) -> None:
        """A date with so many papers that no date before it lists, and one that the date before it lists."""
        made = [self._paper(listing_date) for _ in range(count)]
        if self._again is not None:
            made.append(self._again)
        self._again = made[0]
        self._again_tomorrow(made[0])
        body = json.dumps([one.item for one in made], ensure_ascii=False).encode()
        observed_at = datetime.combine(listing_date, datetime.min.time(), UTC) + timedelta(hours=23)
        page = Page(f"?date={listing_date}", 200, observed_at, body)
        capture = parse_capture([one.item for one in made])
        record_look(self._library, listing_date, observed_at, [page], capture)
        by_id = {paper.paper_id: paper for paper in capture.papers}
        rows = [self._row(listing_date, by_id[one.item["paper"]["id"]], one.columns) for one in made]
        write_day_file(self._library, listing_date, rows)
        write_audit_record(self._library, AuditRecord(listing_date, accepted=True, outcomes=tuple(_outcomes(rows))))
        if self._calls:
            for one in made[:count]:
                self._record_calls(listing_date, one, observed_at)

    def _again_tomorrow(self, made: _Made) -> None:
        """A paper that two dates list is complete on both: quarantined rows have one date each."""
        made.columns.update({"status": "complete", "reasons": [], "findings": [], "warnings": []})
        if made.columns["request_key"] is None:
            made.columns.update(
                self._answer(made.item["paper"]["title"].partition(":")[0], made.item["paper"]["summary"])
            )

    def _paper_id(self, listing_date: date) -> str:
        month = f"{listing_date:%y%m}"
        self._in_month = self._in_month + 1 if month == self._month else 0
        self._month = month
        return f"{month}.{self._in_month * self._distance + self._texts.dice.randrange(self._distance):05}"

    def _paper(self, listing_date: date) -> _Made:
        texts, dice = self._texts, self._texts.dice
        name = texts.name()
        abstract = texts.abstract(name)
        item = self._item(self._paper_id(listing_date), listing_date, name, abstract)
        drawn = dice.random()
        status = {"status": "complete", "reasons": [], "findings": [], "warnings": []}
        if drawn < PENDING:
            return _Made(item, {**_NO_ANSWER, **status, "status": "pending", "reasons": [dice.choice(_AWAITED).value]})
        answer = self._answer(name, " ".join(abstract))
        if drawn < PENDING + QUARANTINED:
            reason, part = dice.choice(_KEPT_BACK).value, dice.choice(SECTION_KEYS)
            found = [{"reason": reason, "part": part, "detail": texts.name()}]
            return _Made(item, {**answer, **status, "status": "quarantined", "reasons": [reason], "findings": found})
        if drawn < PENDING + QUARANTINED + WARNED:
            warning = Reason.RESULTS_WITHOUT_NUMBERS.value
            found = [{"reason": warning, "part": "results", "detail": ""}]
            return _Made(item, {**answer, **status, "warnings": [warning], "findings": found})
        return _Made(item, {**answer, **status})

    def _item(self, paper_id: str, listing_date: date, name: str, abstract: Sequence[str]) -> dict[str, Any]:
        """An item of the listing as the API serves it."""
        texts, dice = self._texts, self._texts.dice
        published = f"{listing_date - timedelta(days=dice.randrange(1, 5))}T17:59:30.000Z"
        title = f"{name}: {dice.choice(texts.titles)}"
        organization = _word(texts.tail(0.7, 20), _LATIN)
        user = f"{_word(texts.tail(0.7, 40), _LATIN)}{dice.randrange(100)}"
        paper: dict[str, Any] = {
            "id": paper_id,
            "authors": [
                {"_id": f"{dice.getrandbits(96):024x}", "name": author, "hidden": False}
                for author in {texts.author(): None for _ in range(dice.choice(texts.author_counts))}
            ],
            "publishedAt": published,
            "title": title,
            "submittedOnDailyAt": f"{listing_date}T00:38:53.960Z",
            "submittedOnDailyBy": {"user": user},
            "summary": " ".join(abstract),
            "upvotes": int(dice.choice(texts.votes) * dice.lognormvariate(0.5, 1)),
            "ai_keywords": self._keywords(),
            "ai_summary": abstract[-1],
        }
        if dice.random() < 0.5:
            paper |= {"githubRepo": f"https://github.com/{organization}/{name}", "githubStars": dice.randrange(2000)}
        if dice.random() < 0.3:
            paper["projectPage"] = f"https://{organization}.example/{name}"
        if dice.random() < 0.6:
            paper["organization"] = {"name": organization}
        return {
            "paper": paper,
            "publishedAt": published,
            "title": title,
            "summary": paper["summary"],
            "numComments": 1 + int(dice.expovariate(1)),
            "submittedBy": {"name": user},
            "isAuthorParticipating": dice.random() < 0.3,
        }

    def _keywords(self) -> list[str]:
        texts = self._texts
        count = texts.dice.choice(texts.keyword_counts)
        common = texts.dice.choices(texts.keywords, cum_weights=texts.keyword_weights, k=count)
        own = [texts.name() for _ in range(count // 6)]
        return list(dict.fromkeys([*common, *own]))

    def _answer(self, name: str, abstract: str) -> dict[str, Any]:
        """Columns of an answer, of the form of one of the sample's."""
        texts, dice = self._texts, self._texts.dice
        sample = dice.choice(texts.answers)
        english = _sentences(abstract)
        columns: dict[str, Any] = {
            "translated_title": f"{name}: {texts.korean()} {sample['title_ko'].rpartition(': ')[2]}",
            "source_kind": dice.choice(("html", "html", "pdf", "abstract")),
            "source_version": 1,
            "source_sha256": f"{dice.getrandbits(256):064x}",
            "model": _MODEL,
            "prompt_version": _PROMPT,
            "request_key": f"{dice.getrandbits(256):064x}",
            "repairs": 0,
            "results_rows": texts.results(sample["results_rows"], name),
        }
        for key in SECTION_KEYS:
            section = sample["sections"][key]
            is_present = section["basis"] != "absent"
            columns[f"{key}_basis"] = section["basis"]
            columns[f"{key}_markdown"] = texts.markdown(key, section["markdown"], name) if is_present else ""
            columns[f"{key}_quotes"] = [dice.choice(english) for _ in section["quotes"]]
        return columns

    def _row(self, listing_date: date, paper: ListedPaper, columns: dict[str, Any]) -> dict[str, Any]:
        listed = {name: getattr(paper, name) for name in _LISTED}
        identity = {"listing_date": listing_date, "paper_id": paper.paper_id, "listed": True, "language": "ko"}
        return {**identity, **_NOT_DECIDED, **listed, **columns}

    def _record_calls(self, listing_date: date, made: _Made, observed_at: datetime) -> None:
        """The answered call, small: the warehouse reads no answers, only what they cost."""
        key, dice = made.columns["request_key"], self._texts.dice
        if key is None:
            return
        fields: dict[str, Any] = {
            "key": key,
            "paper_id": made.item["paper"]["id"],
            "listing_date": listing_date,
            "model": _MODEL,
            "prompt_version": _PROMPT,
            "language": "ko",
            "source_kind": made.columns["source_kind"],
            "source_sha256": made.columns["source_sha256"],
            "run": f"daily_papers scheduled__{listing_date}",
        }
        if dice.random() < FAILED_CALLS:
            failed: dict[str, Any] = {
                "error": Reason.PROVIDER_UNAVAILABLE.value,
                "error_detail": "503",
                "request_id": None,
            }
            self._store.record(Call(**fields, **failed, asked_at=observed_at, latency_seconds=30.0))
        usage = {"prompt_tokens": dice.randrange(4_000, 20_000), "completion_tokens": dice.randrange(1_200, 2_500)}
        response = {"choices": [{"finish_reason": "stop"}], "usage": usage}
        asked_at, latency = observed_at + timedelta(minutes=1), round(dice.uniform(4, 20), 2)
        self._store.record(
            Call(**fields, response=response, asked_at=asked_at, latency_seconds=latency, request_id=key[:16])
        )


def _outcomes(rows: Sequence[dict[str, Any]]) -> Iterator[Outcome]:
    """One expectation for each reason of a row."""
    for reason in ROW_REASONS:
        failing = sum(reason.value in (*row["reasons"], *row["warnings"]) for row in rows)
        severity = Severity.WARNING if reason in WARNINGS else Severity.CRITICAL
        yield Outcome(f"no row has {reason.value}", reason, severity, not failing, failing, failing / len(rows))


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) (?=[A-Z])", text)


def _sentences_of_markdown(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[다음임.]\.) |\n", text.replace("- ", "")) if one.strip()]


def _word(rank: int, syllables: Sequence[str]) -> str:
    """The word of a rank: at least two syllables, each rank another one."""
    rank += len(syllables)
    found = ""
    while rank:
        rank, last = divmod(rank, len(syllables))
        found = syllables[last] + found
    return found


def fingerprint(library: Library, dates: Sequence[date]) -> str:
    """Hash of the day files of some dates: equal for equal libraries."""
    contents = hashlib.sha256()
    for listing_date in dates:
        contents.update(library.lake.day_file(listing_date).read_bytes())
    return contents.hexdigest()


def main() -> None:
    """Writes a library."""
    parser = argparse.ArgumentParser(prog="python -m bench.library_generator", description=__doc__)
    parser.add_argument("home", type=Path, help="an empty folder")
    parser.add_argument("papers", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first-date", type=date.fromisoformat, default=FIRST_DATE)
    parser.add_argument("--without-calls", action="store_true", help="no file for each call")
    given = parser.parse_args()
    dates = generate(
        given.home, given.papers, first_date=given.first_date, seed=given.seed, calls=not given.without_calls
    )
    print(f"{given.papers} papers of {len(dates)} dates, {fingerprint(library_in(given.home), dates)[:12]}")


if __name__ == "__main__":
    main()
