"""A document of a paper, as arXiv served it, or its word that there is none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property


class DocumentKind(StrEnum):
    """Forms in which arXiv has a paper; also the last part of a kept document's name."""

    HTML = "html"
    PDF = "pdf"


@dataclass(frozen=True)
class Document:
    """A document as served. `version` is the paper's version as far as address or headers name it."""

    kind: DocumentKind
    url: str
    fetched_at: datetime
    version: int | None
    body: bytes

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class NoDocument:
    """arXiv's answer where it has no such document, or none that can be used."""

    kind: DocumentKind
    url: str
    problem: str
