"""Where things lie under the home: inputs in `lake/`, the digests beside it. Paths only, no reading or writing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from upath import UPath

from daily_papers.errors import ContractError

_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})((?:\.\w+)?)")
FAILED_LOOK = ".failed.json"
_LOOK_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z(?:\.failed)?\.json")
_PAPER_ID = re.compile(r"[0-9]{4}\.[0-9]{4,5}")


def is_paper_id(text: str) -> bool:
    """Whether a text is an arXiv id without version, such as 2505.14683."""
    return _PAPER_ID.fullmatch(text) is not None


def checked_paper_id(text: str) -> str:
    """A paper id that is safe as a path component.

    Raises:
        ContractError: not an arXiv id without version, such as 2505.14683.
    """
    if not is_paper_id(text):
        raise ContractError(f"{text!r} is not an arXiv id without version, such as 2505.14683.")
    return text


class Lake:
    """Layout of one home. `listings`, `drift`, `sources`, `calls`, `decisions` and `legacy` only grow."""

    def __init__(self, home: UPath) -> None:
        self.home = home
        self.root = home / "lake"

    def pages(self, listing_date: date) -> UPath:
        """Listing pages as served, `SHA256.json.gz`, once per content."""
        return self.root / "listings" / listing_date.isoformat() / "pages"

    def observations(self, listing_date: date) -> UPath:
        """One JSON file per look at the listing, named by its time: `TIME.json`, or `TIME.failed.json`."""
        return self.root / "listings" / listing_date.isoformat() / "observations"

    def drift(self) -> UPath:
        """What was new in a listing's items, one file for each key, named by its hash."""
        return self.root / "drift"

    def sources(self, paper_id: str) -> UPath:
        """Texts that summaries of a paper are grounded in, `SHA256.json.gz`."""
        return self.root / "sources" / checked_paper_id(paper_id)

    def documents(self, paper_id: str) -> UPath:
        """A paper's documents as arXiv served them, `SHA256.html.gz` or `SHA256.pdf.gz`."""
        return self.sources(paper_id) / "documents"

    def readings(self, paper_id: str) -> UPath:
        """What each look for a paper's text found, `TIME.json`."""
        return self.sources(paper_id) / "readings"

    def calls(self, paper_id: str) -> UPath:
        """Every call for a paper: paid answers `KEY.answer.json`, those of a second reader `KEY.judgement.json`, failed
        attempts `KEY.TIME.failed.json`."""
        return self.root / "calls" / checked_paper_id(paper_id)

    def decisions(self, paper_id: str) -> UPath:
        """What people decided about a paper's summaries, `TIME-ID.json`."""
        return self.root / "decisions" / checked_paper_id(paper_id)

    def legacy(self, listing_date: date) -> UPath:
        """The parsed parts of an imported older digest."""
        return self.root / "legacy" / f"{listing_date.isoformat()}.json"

    def day_file(self, listing_date: date) -> UPath:
        """The audited rows of a date."""
        return self.root / "days" / f"{listing_date.isoformat()}.parquet"

    def day_file_note(self, listing_date: date) -> UPath:
        """The hash of a date's day file, beside it, so that damage is found."""
        return self.root / "days" / f"{listing_date.isoformat()}.json"

    def month_file(self, month: str) -> UPath:
        """The day files of a month (`YYYY-MM`) in one, derived; a note beside it, `.json`, says what it was made of."""
        return self.root / "months" / f"{month}.parquet"

    def audit_file(self, listing_date: date) -> UPath:
        """The verdict of a date's latest audit."""
        return self.root / "audits" / f"{listing_date.isoformat()}.json"

    def run_failure(self, listing_date: date) -> UPath:
        """The failure of the newest run of a date, until a run succeeds."""
        return self.root / "runs" / "failures" / f"{listing_date.isoformat()}.json"

    def audited_inputs(self, listing_date: date) -> UPath:
        """What the latest audit by a run of a date looked at, as a digest; where it is lost, the next run audits."""
        return self.root / "runs" / "audited" / f"{listing_date.isoformat()}.json"

    def run_claim(self, listing_date: date) -> UPath:
        """Which run works, or last worked, on a date."""
        return self.root / "runs" / f"{listing_date.isoformat()}.json"

    def review_claim(self, paper_id: str) -> UPath:
        """Which run asks, or last asked, people about a paper."""
        return self.root / "runs" / "reviews" / f"{checked_paper_id(paper_id)}.json"

    def digest(self, listing_date: date) -> UPath:
        """The published Markdown digest of a date."""
        return self.home / "digests" / f"{listing_date.isoformat()}.md"

    def round_up(self, name: str) -> UPath:
        """A file of the round-up of a week or a month: `PERIOD.md`, `PERIOD.CHART.png`."""
        return self.home / "round-ups" / name

    def attempted_dates(self) -> list[date]:
        """Dates whose listing was looked at, successfully or not, ascending."""
        return [day for day in _dates_in(self.root / "listings", "") if self.was_attempted(day)]

    def was_attempted(self, listing_date: date) -> bool:
        """Whether a date's listing was looked at, successfully or not."""
        return any(self._looks(listing_date))

    def observed_dates(self) -> list[date]:
        """Dates that were fetched successfully at least once, ascending."""
        return [
            day
            for day in _dates_in(self.root / "listings", "")
            if any(not name.endswith(FAILED_LOOK) for name in self._looks(day))
        ]

    def looks(self, listing_date: date) -> list[UPath]:
        """Files of a date's looks, oldest first."""
        return [self.observations(listing_date) / name for name in sorted(self._looks(listing_date))]

    def _looks(self, listing_date: date) -> Iterator[str]:
        """File names of a date's looks; whatever else lies there is not ours."""
        directory = self.observations(listing_date)
        if directory.is_dir():
            yield from (path.name for path in directory.iterdir() if _LOOK_NAME.fullmatch(path.name))

    def decided_papers(self) -> list[str]:
        """Ids of papers that people decided about, ascending."""
        directory = self.root / "decisions"
        return sorted(path.name for path in directory.iterdir() if is_paper_id(path.name)) if directory.is_dir() else []

    def day_dates(self) -> list[date]:
        """Dates with a day file, ascending."""
        return _dates_in(self.root / "days", ".parquet")

    def legacy_dates(self) -> list[date]:
        """Dates with an imported older digest, ascending."""
        return _dates_in(self.root / "legacy", ".json")


def made_again(listing_date: date) -> str:
    """The remedy for a damaged file that an audit of a date makes."""
    return f"`papers rebuild --from-inputs {listing_date}`, or any run of the date, rebuilds it."


def _dates_in(directory: UPath, suffix: str) -> list[date]:
    """Dates that entries of a directory are named by; whatever else lies there is not ours."""
    if not directory.is_dir():
        return []
    found = []
    for path in directory.iterdir():
        match = _DATED_NAME.fullmatch(path.name)
        if match and match[2] == suffix:
            with suppress(ValueError):  # 2025-02-30
                found.append(date.fromisoformat(match[1]))
    return sorted(found)
