"""The file `.env`: `make env` writes it with generated passwords, our commands read it."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

from daily_papers.errors import UserError

REPOSITORY = Path(__file__).resolve().parents[2]
ENVIRONMENT_FILE = REPOSITORY / ".env"
EXAMPLE_FILE = REPOSITORY / ".env.example"

_GENERATED = {
    "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(24),
    "AIRFLOW_ADMIN_PASSWORD": lambda: secrets.token_urlsafe(12),
    "AIRFLOW_FERNET_KEY": lambda: base64.urlsafe_b64encode(os.urandom(32)).decode(),
    "AIRFLOW_API_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "AIRFLOW_JWT_SECRET": lambda: secrets.token_urlsafe(64),
}


def load_environment_file() -> None:
    """Takes variables from `.env` that the process does not have; a file that is not there is no error.

    Raises:
        UserError: the file cannot be read.
    """
    from dotenv import load_dotenv

    try:
        load_dotenv(ENVIRONMENT_FILE, override=False)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{ENVIRONMENT_FILE} cannot be read: {error}. Correct it, or move it away.") from None


def with_place(name: str) -> str:
    """The name of a variable with the place that its value came from, where that is `.env` and not the process."""
    from dotenv import dotenv_values

    try:
        kept = dotenv_values(ENVIRONMENT_FILE).get(name) if ENVIRONMENT_FILE.is_file() else None
    except (OSError, UnicodeDecodeError):
        kept = None
    return f"{name} (in .env)" if kept and kept == os.environ.get(name) else name


def new_environment_file(example: str) -> str:
    """The example with every password and key filled in by a fresh one."""
    lines = []
    for line in example.splitlines():
        name = line.partition("=")[0]
        lines.append(f"{name}={_GENERATED[name]()}" if name in _GENERATED else line)
    return "\n".join(lines) + "\n"


def main() -> None:
    """Writes `.env`, readable by this user alone; one that exists is left as it is."""
    try:
        descriptor = os.open(ENVIRONMENT_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        sys.exit("Error: .env already exists and was left unchanged. Move it away to get a new one.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(new_environment_file(EXAMPLE_FILE.read_text(encoding="utf-8")))
    print("Wrote .env with generated passwords for docker compose; log in as admin with AIRFLOW_ADMIN_PASSWORD.")  # noqa: T201


if __name__ == "__main__":
    main()
