"""A home folder for a process whose user has none: libraries ask for one when they are imported."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def ensure_home() -> None:
    """Sets HOME to the folder for temporary files where it is not set and the user has no entry in the password file.

    Great Expectations asks for it at import, and writes nothing there in an ephemeral context.
    """
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = tempfile.gettempdir()
