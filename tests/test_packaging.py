"""The installed package brings every file that it reads."""

from __future__ import annotations

import tomllib
from pathlib import PurePath

from tests.conftest import REPOSITORY


def test_every_data_file_is_named_in_the_package_data() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    patterns = [
        pattern.removeprefix("**/") for pattern in settings["tool"]["setuptools"]["package-data"]["daily_papers"]
    ]
    files = [
        path
        for path in (REPOSITORY / "include" / "daily_papers").rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    ]
    assert len(files) > 40
    assert [path for path in files if not any(PurePath(path.name).match(pattern) for pattern in patterns)] == []
