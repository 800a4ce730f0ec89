"""Folders that a command writes whole: never over what somebody else keeps there."""

from __future__ import annotations

from pathlib import Path

from daily_papers.errors import UserError


def claim_folder(folder: Path, kind: str) -> None:
    """Makes a folder the one that files of a kind are written to; it carries a mark, so that the next time finds it.

    Raises:
        UserError: it is not a folder, or holds files without the mark.
    """
    mark = folder / f".daily-papers-{kind}"
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file. Give a folder.")
    if folder.exists() and not mark.exists() and any(folder.iterdir()):
        raise UserError(f"{folder} holds other files. Give an empty or a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
