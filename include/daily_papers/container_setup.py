"""What the containers need once before they start: the admin's password file and the metadata database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Writes the password file from AIRFLOW_ADMIN_PASSWORD and migrates the database; exits with its code."""
    password = os.environ.get("AIRFLOW_ADMIN_PASSWORD")
    if not password:
        sys.exit("Error: AIRFLOW_ADMIN_PASSWORD is not set. Run `make env` first.")
    passwords_file = Path(os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    passwords_file.touch(mode=0o600)
    passwords_file.write_text(json.dumps({"admin": password}))
    sys.exit(subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=False).returncode)


if __name__ == "__main__":
    main()
