"""The `papers` command within this process: hundreds of runs cost little, and an exception shows itself."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """What a command printed and how it ended. `exception` is what a user would have got as a traceback."""

    command: str
    code: int
    stdout: str
    stderr: str
    exception: str = ""


def papers(command: str) -> Done:
    """Runs a line such as `papers status`, with the environment of this process."""
    return run(command.split())


def run(words: list[str]) -> Done:
    """Runs a command of these words."""
    from daily_papers.cli import main

    stdout, stderr = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    code, exception, arguments = 0, "", sys.argv
    sys.argv = words
    with redirect_stdout(stdout), redirect_stderr(stderr):
        try:
            main.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # this is what the tests look for
            code, exception = 1, traceback.format_exc()
        finally:
            sys.argv = arguments
        stdout.flush()
    return Done(" ".join(words), code, stdout.buffer.getvalue().decode(), stderr.getvalue(), exception)


def main() -> None:
    """`python -m tests.support.papers COMMAND…`: several commands in one process; the results as JSON."""
    sys.stdout.write(json.dumps([vars(papers(command)) for command in sys.argv[1:]]))


if __name__ == "__main__":
    os.environ.setdefault("PYTHON_DOTENV_DISABLED", "1")
    main()
