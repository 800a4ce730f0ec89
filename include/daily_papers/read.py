"""Step 2: keep the text that each paper's summary is grounded in (for now its abstract)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from daily_papers.day_listing import day_listing
from daily_papers.lake import Lake
from daily_papers.listing import ListedPaper
from daily_papers.storage import compress, decompress, readable_json, write_atomically


@dataclass(frozen=True)
class Source:
    """A text of a paper and what kind it is (`abstract`)."""

    kind: str
    text: str

    @property
    def sha256(self) -> str:
        """Hex digest of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def source_of(paper: ListedPaper) -> Source:
    """The text a request about this paper is built from."""
    return Source("abstract", paper.abstract)


def read(lake: Lake, listing_date: date) -> None:
    """Keeps the source of every listed paper of a date, once per content."""
    for row in day_listing(lake, listing_date).papers:
        source = source_of(row.paper)
        path = lake.sources(row.paper.paper_id) / f"{source.sha256}.json.gz"
        if not path.exists():
            record = {"paper_id": row.paper.paper_id, "kind": source.kind, "text": source.text}
            write_atomically(path, compress(readable_json(record)))


def stored_source(lake: Lake, paper_id: str, sha256: str) -> Source:
    """A source kept earlier, by the hash of its text; FileNotFoundError where there is none."""
    record = json.loads(decompress((lake.sources(paper_id) / f"{sha256}.json.gz").read_bytes()))
    return Source(record["kind"], record["text"])
