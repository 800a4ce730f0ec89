"""One page of a listing, as it was served."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from daily_papers.environment_file import with_place
from daily_papers.errors import ContractError, TransientError


@dataclass(frozen=True)
class Page:
    """One page of a listing as served."""

    url: str
    status: int
    fetched_at: datetime
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()

    @cached_property
    def items(self) -> list[Any]:
        """The page's JSON list.

        Raises:
            ContractError, TransientError: see `decode_items`.
        """
        return decode_items(self.body, self.url, self.headers.get("content-type", ""))


def decode_items(body: bytes, url: str, content_type: str = "") -> list[Any]:
    """The list in a page's body; a byte that is not UTF-8 is U+FFFD, which readers see, and stops no other item.

    Raises:
        TransientError: the body ends before its list does.
        ContractError: it is HTML, no JSON, or JSON of another shape or too deep to be read.
    """
    try:
        items = json.loads(body.decode(json.detect_encoding(body), errors="replace"))
    except RecursionError:
        raise ContractError(f"{url} answered JSON that is nested too deeply to be read.") from None
    except ValueError:
        start = body.strip()[:1]
        if start in (b"", b"["):  # what begins as a list was cut off
            raise TransientError(f"{url} answered only part of its list. Run the date again.") from None
        looks_like = "HTML" if start == b"<" else f"no JSON ({content_type or 'no content type'})"
        raise ContractError(
            f"{url} answered {looks_like}, not a JSON list. Check {with_place('HF_ENDPOINT')}: it must be the bare "
            "address of a Hugging Face hub (without a login page or proxy notice in between)."
        ) from None
    if not isinstance(items, list):
        raise ContractError(f"{url} answered a JSON {type(items).__name__}, not a list of papers.")
    return items
