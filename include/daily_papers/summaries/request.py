"""A request to a model, and the key that its answer is kept under."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from daily_papers.lake.files import canonical_json
from daily_papers.texts.fulltext.tokens import count_tokens
from daily_papers.texts.text_store import Source


@dataclass(frozen=True)
class ModelRequest:
    """The body of one chat completion, and the facts its answer is filed under.

    `repairs` is the key of the request whose answer this one repairs, for the `repair_number`-th time (1, 2), `parts`
    are the parts it asks for. `verifies` is the digest of what a second reader shall judge, `statements` are its
    statements (part and text); None and empty where a summary is asked for.
    """

    paper_id: str
    model: str
    language: str
    prompt_version: str
    source: Source
    body: dict[str, Any]
    bounded_schema: bool = False
    repairs: str | None = None
    repair_number: int = 0
    parts: tuple[str, ...] = ()
    verifies: str | None = None
    statements: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 of the body: the same question has the same key, so it is paid for once."""
        return hashlib.sha256(canonical_json(self.body)).hexdigest()

    @property
    def tokens(self) -> int:
        """Input tokens, schema and marks of messages included: rather too many than too few."""
        return count_tokens(canonical_json(self.body).decode())
