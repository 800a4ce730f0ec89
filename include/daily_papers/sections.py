"""The seven sections: keys, order, and what each may rest on. Their headings are in `wording/`."""

from __future__ import annotations

from typing import Final, Literal, get_args

SectionKey = Literal["motivation", "contributions", "method", "experiments", "results", "limitations", "future_work"]
SECTION_KEYS: Final[tuple[SectionKey, ...]] = get_args(SectionKey)

Basis = Literal["stated", "inferred", "absent"]
"""stated: the source says it (quotes are needed); inferred: the summarizer's own thought; absent: not in the source."""
BASES: Final[tuple[Basis, ...]] = get_args(Basis)

INFERABLE_SECTIONS: Final[frozenset[SectionKey]] = frozenset({"limitations", "future_work"})
"""Sections that ask for potential factors and ideas, where the summarizer may think for itself."""
REQUIRED_SECTIONS: Final[frozenset[SectionKey]] = frozenset({"motivation", "contributions", "method"})
"""Sections every paper has something to say on: `absent` is not accepted."""

LANGUAGES: Final = ("ko", "en")
"""Languages that summaries can be written in, each with its file in `wording/`."""
