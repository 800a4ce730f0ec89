"""What the containers need once before they start: the admin's password file, the metadata database, the pool."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from daily_papers.orchestration.names import ARXIV_POOL


def main() -> None:
    """Writes the password file from AIRFLOW_ADMIN_PASSWORD, migrates the database and creates the pool; exits with the
    code of what failed."""
    password = os.environ.get("AIRFLOW_ADMIN_PASSWORD")
    if not password:
        sys.exit("Error: AIRFLOW_ADMIN_PASSWORD is not set. Run `make env` first.")
    passwords_file = Path(os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    passwords_file.touch(mode=0o600)
    passwords_file.write_text(json.dumps({"admin": password}))
    for command in (["db", "migrate"], ["pools", "set", ARXIV_POOL, "1", "One request at a time"]):
        done = subprocess.run([sys.executable, "-m", "airflow", *command], check=False)  # noqa: S603  # our own
        if done.returncode:
            sys.exit(done.returncode)


if __name__ == "__main__":
    main()
