"""A whole Airflow on this machine, as processes on loopback: what `make up`, `make demo` and the tests start."""

from __future__ import annotations

import base64
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from daily_papers.environment_file import REPOSITORY, load_environment_file
from daily_papers.errors import DailyPapersError, UserError
from daily_papers.local.component_log import cause_of, how_it_ended, last_lines
from daily_papers.local.one_airflow import OneAirflow, kill_sessions
from daily_papers.orchestration.names import ARXIV_POOL, FAILURE_LOGGER
from daily_papers.settings import Settings, load_settings

ADMIN, VIEWER = "admin", "viewer"

_COMPONENTS = {
    # the worker timeout is also how long the api-server waits for open requests when it stops
    "api-server": ["api-server", "--worker-timeout", "30"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
_SECONDS_TO_STOP = 10
_PORTS = range(20_000, 32_000)
_METADATA_CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
LEAST_ROOM = 100_000_000
"""Bytes that must be free to start: the database and the logs of some runs."""
_HEALTH_NAMES = ("metadatabase", "scheduler", "dag_processor", "triggerer")


class LocalAirflow:
    """Airflow with its files in `home`, reachable on 127.0.0.1 only.

    Passwords and keys are generated once per home, into files only this user can read. The metadata are in SQLite,
    or in the database of `metadata_connection`, an SQLAlchemy URL. `started_by` is the command that
    people start it with.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int | None = None,
        environment: Mapping[str, str] | None = None,
        metadata_connection: str | None = None,
        started_by: str = "make up",
    ) -> None:
        self.home = home.absolute()
        self.started_by = started_by
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._log_starts: dict[str, int] = {}
        self._one = OneAirflow(self.home)
        self._tokens: dict[str, str] = {}
        self._session = requests.Session()
        self._session.trust_env = False  # loopback needs no proxy
        # on SQLite, a request can meet a writer for longer than it waits for the lock: 500, and nothing was done
        again = Retry(
            total=None, connect=0, read=0, other=0, redirect=0, status=4, status_forcelist=[500], allowed_methods=None,
            backoff_factor=1, raise_on_status=False,
        )  # fmt: skip
        self._session.mount("http://", HTTPAdapter(max_retries=again))
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.log_directory = self.home / "logs" / "components"
        self.log_directory.mkdir(parents=True, exist_ok=True)
        keys = _kept_secrets(
            self.home / "keys.json",
            lambda: {
                "fernet": base64.urlsafe_b64encode(os.urandom(32)).decode(),
                "api": secrets.token_urlsafe(48),
                "jwt": secrets.token_urlsafe(64),
            },
        )
        self.passwords_file = self.home / "passwords.json"
        self.passwords = _kept_secrets(
            self.passwords_file, lambda: {user: secrets.token_urlsafe(12) for user in (ADMIN, VIEWER)}
        )
        # settings of another Airflow must not leak in; connections and variables are the user's to give
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW__", "AIRFLOW_HOME"))
        }
        direct = inherited.pop("no_proxy", None) or inherited.get("NO_PROXY")  # the libraries prefer lower case, too
        star = direct == "*"  # counts only alone
        inherited["NO_PROXY"] = "*" if star else ",".join(filter(None, [direct, "127.0.0.1", "localhost"]))
        metadata = self._sqlite() if metadata_connection is None else {_METADATA_CONNECTION: metadata_connection}
        self.environment = {**inherited, **self._settings(keys), **metadata, **(environment or {})}

    def _sqlite(self) -> dict[str, str]:
        return {
            _METADATA_CONNECTION: f"sqlite:///{self.home}/airflow.db",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS": "daily_papers.local.sqlite_metadata.CONNECT_ARGUMENTS",
        }

    def _settings(self, keys: Mapping[str, str]) -> dict[str, str]:
        return {
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(REPOSITORY / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DEFAULT_TIMEZONE": "utc",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "8",
            "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "AIRFLOW__CORE__AUTH_MANAGER": (
                "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
            ),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin,{VIEWER}:viewer",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.passwords_file),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.address,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__SECRET_KEY": keys["api"],
            "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt"],
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
            # after a power cut, tasks of the dead scheduler are taken over within a minute instead of five
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
            # a task's slot stays busy until its next heartbeat
            "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
            "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "0",
            "AIRFLOW__LOGGING__UVICORN_LOGGING_LEVEL": "WARNING",
            "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        }

    @contextmanager
    def running(self, *, timeout_seconds: float = 180) -> Iterator[LocalAirflow]:
        """All components, healthy, with the DAGs known; everything is ended when the block ends.

        Raises:
            DailyPapersError: a component ended or did not get healthy; the message holds the end of its log.
        """
        with _ended_by_signals():
            try:
                self.start(timeout_seconds=timeout_seconds)
                yield self
            finally:
                self.stop()

    def start(self, *, timeout_seconds: float = 180) -> None:
        """Starts all components and waits until they are healthy; `running` is for those who also want the end.

        Raises:
            UserError: this Airflow is running already, or its port or disk are not free.
            DailyPapersError: see `running`.
        """
        self._one.take(self.address, self.started_by)
        check_room(self.home)
        check_port(self.port)
        self.command("db", "migrate")
        self._start("api-server")
        self.command("dags", "reserialize")
        for component in _COMPONENTS:
            if component != "api-server":
                self._start(component)
        self._wait_until_healthy(timeout_seconds)
        pool = {"name": ARXIV_POOL, "slots": 1, "description": "One request at a time", "include_deferred": False}
        self.api("POST", "/pools", pool, accepted=(HTTPStatus.CONFLICT,))

    def command(self, *arguments: str) -> str:
        """Runs `airflow …` with this Airflow's settings; returns its stdout.

        Raises:
            DailyPapersError: it failed; the message holds the cause, and the file with all of its output.
        """
        done = subprocess.run(  # noqa: S603  # our own arguments
            [*_command(), *arguments],
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            output = done.stdout + done.stderr
            log = self.log_directory / "command.log"
            log.write_text(output, encoding="utf-8")
            raise DailyPapersError(f"airflow {' '.join(arguments)} failed: {cause_of(output)} Its output is in {log}.")
        return done.stdout

    def _start(self, component: str) -> None:
        with self._log(component).open("ab") as log:
            self._log_starts[component] = log.tell()
            self._processes[component] = self._process(component, log)
        self._one.note_session(self._processes[component].pid)

    def _process(self, component: str, log: BinaryIO) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603
            [*_airflow(), *_COMPONENTS[component]],
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _log(self, component: str) -> Path:
        return self.log_directory / f"{component}.log"

    def _wait_until_healthy(self, timeout_seconds: float) -> None:
        deadline = time.monotonic() + timeout_seconds
        while not self._is_healthy():
            self.check_components()
            if time.monotonic() > deadline:
                raise DailyPapersError(
                    f"Airflow did not become healthy within {timeout_seconds:.0f} s. See {self.log_directory}."
                )
            time.sleep(0.25)

    def _is_healthy(self) -> bool:
        try:
            health = self._session.get(f"{self.address}/api/v2/monitor/health", timeout=5).json()
        except (requests.RequestException, ValueError):
            return False
        return all((health.get(name) or {}).get("status") == "healthy" for name in _HEALTH_NAMES)

    def check_components(self) -> None:
        """DailyPapersError where a component has ended: which, how, where its log is, and what to do."""
        for component, process in self._processes.items():
            if process.poll() is not None:
                log = self._log(component)
                raise DailyPapersError(
                    f"The {component} {how_it_ended(process.returncode)}, so all of Airflow is stopped. "
                    f"Run `{self.started_by}` again: interrupted runs continue, and answers so far are stored. "
                    f"Its log: {log}{last_lines(log, self._log_starts[component])}"
                )

    def stop(self) -> None:
        """Ends all components and every process they started; the api-server last, for tasks that still report."""
        for components in (["scheduler", "dag-processor", "triggerer"], ["api-server"]):
            leaders = [self._processes.pop(name) for name in components if name in self._processes]
            for leader in leaders:
                leader.terminate()
            deadline = time.monotonic() + _SECONDS_TO_STOP
            for leader in leaders:
                try:
                    leader.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:  # a stopping scheduler may wait for a worker for ever
                    continue
            self._kill(leaders)
        self._one.give_back()

    def kill(self) -> None:
        """`kill -9` for everything at once, as a power cut would."""
        self._kill(list(self._processes.values()))
        self._processes.clear()
        self._one.give_back()

    @staticmethod
    def _kill(leaders: list[subprocess.Popen[bytes]]) -> None:
        """Ends what is left of these components. Task processes lead groups of their own, so the session counts."""
        kill_sessions({leader.pid for leader in leaders})
        for leader in leaders:
            leader.wait()

    def token(self, user: str = ADMIN) -> str:
        """A bearer token of one of the two users, asked for once: it is valid for a day."""
        if user in self._tokens:
            return self._tokens[user]
        answer = self._session.post(
            f"{self.address}/auth/token",
            json={"username": user, "password": self.passwords[user]},
            timeout=30,
        )
        answer.raise_for_status()
        self._tokens[user] = str(answer.json()["access_token"])
        return self._tokens[user]

    def api(self, method: str, path: str, body: Any = None, *, accepted: tuple[int, ...] = ()) -> Any:
        """One call of Airflow's REST API (`/api/v2` + path) as admin.

        A call may be made again, so it must not matter that it is; `accepted` are statuses that say that it did before.
        """
        answer = self._session.request(
            method,
            f"{self.address}/api/v2{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token()}"},
            timeout=60,
        )
        if not answer.ok and answer.status_code not in accepted:
            raise DailyPapersError(f"Airflow answered {answer.status_code} to {method} {path}: {answer.text[:500]}")
        return answer.json() if answer.content else None

    def trigger(self, dag_id: str, conf: Mapping[str, Any]) -> str:
        """Unpauses a DAG and starts a run by hand; returns the run's id."""
        self.api("PATCH", f"/dags/{dag_id}?update_mask=is_paused", {"is_paused": False})
        run_id = f"manual__{datetime.now(UTC).isoformat()}"
        body = {"dag_run_id": run_id, "logical_date": None, "conf": dict(conf)}
        self.api("POST", f"/dags/{dag_id}/dagRuns", body, accepted=(HTTPStatus.CONFLICT,))
        return run_id

    def fail_active_runs(self, dag_id: str) -> None:
        """Marks runs that an earlier, interrupted start of this Airflow left queued or running as failed.

        A scheduler that has just read such a run writes it back as running, so runs are looked for until none is left.
        """
        deadline = time.monotonic() + 30
        while runs := self.api("GET", f"/dags/{dag_id}/dagRuns?state=queued&state=running&limit=100")["dag_runs"]:
            for run in runs:
                self.api("PATCH", f"/dags/{dag_id}/dagRuns/{run['dag_run_id']}", {"state": "failed"})
            if time.monotonic() > deadline:
                return
            time.sleep(2)

    def failures(self, dag_id: str, run_id: str) -> list[str]:
        """What `report_failure` said about the failed tasks of a run."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        said = []
        for task in self.api("GET", f"{path}?state=failed")["task_instances"]:
            log = f"{path}/{task['task_id']}/logs/{task['try_number']}?map_index={task['map_index']}"
            events = [line for line in self.api("GET", log)["content"] if isinstance(line, dict)]
            said += [str(line["event"]) for line in events if line.get("logger") == FAILURE_LOGGER]
        return sorted(set(said))

    def follow(self, dag_id: str, run_id: str, *, timeout_seconds: float = 900) -> Iterator[list[dict[str, Any]]]:
        """The run's task instances about twice a second until the run has ended; the last ones are its final states."""
        deadline = time.monotonic() + timeout_seconds
        while True:
            state = self.run_state(dag_id, run_id)
            yield self.api("GET", f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances")["task_instances"]
            if state in ("success", "failed"):
                return
            self.check_components()
            if time.monotonic() > deadline:
                raise DailyPapersError(f"The run {run_id} is still {state} after {timeout_seconds:.0f} s.")
            time.sleep(0.5)

    def run_state(self, dag_id: str, run_id: str) -> str:
        """State of a run: queued, running, success or failed."""
        return str(self.api("GET", f"/dags/{dag_id}/dagRuns/{run_id}")["state"])


def _airflow() -> list[str]:
    return [sys.executable, "-m", "airflow"]


def _command() -> list[str]:
    return [sys.executable, "-m", "daily_papers.local.airflow_command"]


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on, below those that outgoing connections and `bind(0)` are given.

    One of those could be taken by anybody between now and the moment its user listens.
    """
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DailyPapersError(f"No port from {_PORTS.start} to {_PORTS.stop - 1} is free on 127.0.0.1.")


def main() -> None:
    """Runs `airflow …` with the settings of the Airflow that `make up` starts: its database, DAGs and keys."""
    load_environment_file()
    try:
        home = default_home()
        if not (home / "airflow.db").exists():
            raise UserError(f"There is no Airflow in {home} yet. Start it once with `make up`.")
        airflow = LocalAirflow(home, environment=library_of(load_settings()))
    except (DailyPapersError, OSError) as error:
        print(f"Error: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(getattr(error, "exit_code", 1))
    sys.stdout.flush()
    os.execve(sys.executable, [*_command(), *sys.argv[1:]], airflow.environment)  # noqa: S606  # our own


def library_of(settings: Settings) -> dict[str, str]:
    """The variables that name a library, absolute: Airflow's components run elsewhere."""
    return {"DAILY_PAPERS_HOME": str(settings.home_path), "DAILY_PAPERS_WAREHOUSE": str(settings.warehouse_path)}


def default_home() -> Path:
    """Where `make up` keeps Airflow's files: AIRFLOW_HOME, else data/airflow."""
    return Path(os.environ.get("AIRFLOW_HOME") or Path("data") / "airflow")


def port_from(text: str) -> int:
    """A port from the environment; UserError where it is none."""
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise UserError(f"{text!r} is not a port between 1024 and 65535.")
    return int(text)


def check_port(port: int) -> None:
    """UserError where a port of 127.0.0.1 is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise UserError(f"Port {port} is in use. Set PORT to another one: make up PORT=8081.") from None


def check_room(folder: Path, needed: int = LEAST_ROOM) -> None:
    """UserError where the disk of a folder has less than `needed` bytes left."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError(
            f"The disk of {folder} is full: {free / 1e6:.0f} MB are free, and Airflow needs at least "
            f"{needed / 1e6:.0f} MB for its database and logs. Free up space and start it again."
        )


def _kept_secrets(path: Path, make: Any) -> dict[str, str]:
    """The secrets in a file that only this user can read; made where there is none."""
    if not path.exists():
        draft = path.with_suffix(".tmp")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(make(), file)
        draft.rename(path)
    try:
        kept = json.loads(path.read_text())
    except ValueError:
        kept = None
    if not isinstance(kept, dict) or not all(isinstance(one, str) for one in kept.values()) or not kept:
        raise UserError(
            f"{path} is damaged. Restore it from a backup, or delete it: new passwords and keys are then created, and "
            "connections with a password must be entered again."
        )
    return kept


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turns SIGTERM and SIGHUP into KeyboardInterrupt like Ctrl-C; further ones do not disturb the cleaning up."""

    def interrupt(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        for kind in kinds:
            signal.signal(kind, signal.SIG_IGN)
        raise KeyboardInterrupt

    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    previous = [signal.signal(kind, interrupt) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, previous, strict=True):
            signal.signal(kind, handler)


if __name__ == "__main__":
    main()
