"""A PostgreSQL server of our own on loopback, from Debian's package."""

from __future__ import annotations

import os
import pwd
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daily_papers.local.airflow import free_port


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        message = "needs PostgreSQL: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found[-1].parent


@contextmanager
def postgres_server(directory: Path) -> Iterator[str]:
    """A fresh server with a database `airflow`; yields its SQLAlchemy URL."""
    programs, port, password = _programs(), free_port(), secrets.token_urlsafe(16)
    as_root = os.geteuid() == 0  # PostgreSQL refuses to run as root
    prefix = ["/usr/sbin/runuser", "-u", "postgres", "--"] if as_root else []
    directory.mkdir(parents=True, mode=0o700)
    secret = directory / "password"
    secret.write_text(password)
    if as_root:
        owner = pwd.getpwnam("postgres")
        for path in (directory, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    data = directory / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*prefix, str(programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    run("initdb", "-D", str(data), "-U", "airflow", "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={directory}"
    run("pg_ctl", "-D", str(data), "-o", options, "-l", str(directory / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg2://airflow:{password}@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
