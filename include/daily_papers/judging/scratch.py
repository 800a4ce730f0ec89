"""A library beside the one that people read, where answers that only measure something are kept and paid for once."""

from __future__ import annotations

import hashlib
import re

from upath import UPath

from daily_papers.lake.library import Library

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def scratch_library(library: Library, *names: str, **changes: object) -> Library:
    """The library in a folder of the home with some settings changed; different `names` are different folders."""
    home = UPath(library.lake.home, *map(_folder, names))
    return Library(library.settings.model_copy(update={"home": str(home), **changes}))


def _folder(name: str) -> str:
    """A name that is safe as that of a folder; one that had to be changed ends in a part of its hash."""
    safe = _NOT_IN_A_NAME.sub("-", name).lstrip(".")
    return safe if safe == name else f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
