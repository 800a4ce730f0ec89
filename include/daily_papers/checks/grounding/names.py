"""Names of models, datasets and methods in a summary that its source does not know."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from daily_papers.checks.grounding.numbers import squeezed

_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z]*(?:[-&/][A-Za-z]+)*(?![A-Za-z0-9])")
_CAPITAL_INSIDE = re.compile(r"(?<=[A-Za-z])[A-Z]")
_JOINTS = re.compile(r"[-&/]")
_WORD = re.compile(r"[A-Za-z]+")


@cache
def _common_terms() -> frozenset[str]:
    """Terms a researcher may use without the source: one a line, `#` for remarks."""
    text = files("daily_papers.checks.grounding").joinpath("common_terms.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(squeezed(line) for line in lines if line)


def ungrounded_names(text: str, source: str) -> list[str]:
    """Latin words in `text` with a capital letter after their first one (BERT, ImageNet) that `source` does not have.

    Common terms (`common_terms.txt`) and acronyms of words that stand next to each other in the source are known.
    Other words are explanations (self-attention, Ablation), not names; names with digits are left to `numbers`.
    """
    known, initials = squeezed(source), _initials(source)
    found = []
    for match in _NAME.finditer(text):
        name = match[0]
        if not _CAPITAL_INSIDE.search(name):
            continue
        if squeezed(name) not in known and not all(_is_known(part, known, initials) for part in _JOINTS.split(name)):
            found.append(name)
    return sorted(set(found), key=text.find)


def _is_known(part: str, known: str, initials: str) -> bool:
    small = squeezed(part)
    if part.lower() == part or len(part) < 2 or small in known or small in _common_terms():
        return True
    singular = small.removesuffix("s")
    return singular in known or singular in _common_terms() or (part.isupper() and small in initials)


@lru_cache(maxsize=64)  # every section of a paper is compared with the same source
def _initials(source: str) -> str:
    return "".join(word[0] for word in _WORD.findall(source)).lower()
