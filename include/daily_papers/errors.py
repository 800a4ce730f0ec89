"""Errors of the pipeline: each says what happened, what to do, and whether trying again helps."""

from __future__ import annotations


class DailyPapersError(Exception):
    """Base of every error the package raises on purpose; its text is meant for people."""

    retryable = False
    exit_code = 1


def is_retryable(error: BaseException) -> bool:
    """Whether trying again can help: with our errors where they say so, with unexpected ones always."""
    return not isinstance(error, DailyPapersError) or error.retryable


class UserError(DailyPapersError):
    """The request itself is wrong (a malformed date, an unknown paper): exit code 2, nothing was changed."""

    exit_code = 2


class TransientError(DailyPapersError):
    """The other side failed in a way that usually passes (timeout, 429, 5xx, reset): trying again helps."""

    retryable = True

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TerminalError(DailyPapersError):
    """Trying again with the same input and settings cannot help (contract breach, 401, unknown model)."""


class ContractError(TerminalError):
    """An outside source answered something that breaks its documented contract; names item and field."""


class DayRefusedError(TerminalError):
    """The audit refused the day as a whole; the previously published version stays in place."""


class DateBusyError(TerminalError):
    """Another active run works on the same date."""


class DamagedFileError(TerminalError):
    """A file of the library cannot be read: it is damaged, holds something else, or belongs to somebody else."""

    def __init__(self, path: object, problem: str, remedy: str) -> None:
        super().__init__(f"{path} cannot be read: {problem}. {remedy}")
        self.path, self.problem = path, problem


class StorageError(TerminalError):
    """A file cannot be written: the disk is full, read-only, or the rights are missing."""
