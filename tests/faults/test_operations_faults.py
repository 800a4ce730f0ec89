"""An Airflow of one's own: clocks, starts, ends and what its commands print; the tables of docs/faults.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest
from airflow.models.dagrun import DagRun

from daily_papers.errors import DailyPapersError, UserError
from daily_papers.local.airflow import LocalAirflow, check_room, free_port
from daily_papers.local.component_log import cause_of, how_it_ended, last_lines
from daily_papers.local.one_airflow import OneAirflow
from daily_papers.orchestration.run_subject import note_of, subject_of
from daily_papers.sample.replay import sample_server
from tests.conftest import REPOSITORY
from tests.support.airflow import dag_bag

FAULTS = (REPOSITORY / "docs" / "faults.md").read_text()
OPERATIONS = (REPOSITORY / "docs" / "operations.md").read_text()
WEEK = [f"2025-05-{day}" for day in range(21, 26)]


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]) + "\n"


# --- clocks ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """A default time zone of Airflow, and the dates of the week that bounds without a time would lose."""

    zone: str
    lost: tuple[str, ...]


CLOCKS = [
    Clock("utc", ()),
    Clock("Asia/Seoul", ("2025-05-25",)),
    Clock("America/New_York", ("2025-05-21",)),
    Clock("Pacific/Kiritimati", ("2025-05-25",)),
]


def clock_table() -> str:
    rows = [
        [f"`{clock.zone}`", "all five dates", f"without {', '.join(clock.lost)}" if clock.lost else "all five dates"]
        for clock in CLOCKS
    ]
    return table(["Airflow's `default_timezone`", "a backfill as documented", "its bounds without times"], rows)


@pytest.fixture(scope="module")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of Airflow with a database that knows the DAGs."""
    home = tmp_path_factory.mktemp("operations") / "airflow"
    airflow = LocalAirflow(home)
    airflow.command("db", "migrate")
    airflow.command("dags", "reserialize")
    return home


def documented_backfills() -> list[str]:
    manual = " ".join((dag_bag().dags["daily_papers"].doc_md or "").split())
    found = re.findall(r"airflow (backfill create .*)", OPERATIONS)
    return [*found, *re.findall(r"`airflow (backfill create [^`]*)`", manual)]


def dates_of_backfill(home: Path, zone: str, command: str) -> list[str]:
    airflow = LocalAirflow(home, environment={"AIRFLOW__CORE__DEFAULT_TIMEZONE": zone})
    said = airflow.command(*command.split(), "--dry-run")
    return re.findall(r"^\| (\d{4}-\d\d-\d\d) 00:00:00\+00:00 ", said, re.MULTILINE)


@pytest.mark.parametrize("clock", CLOCKS, ids=[clock.zone for clock in CLOCKS])
def test_a_documented_backfill_covers_its_dates_in_every_time_zone(clock: Clock, airflow_home: Path) -> None:
    commands = documented_backfills()
    assert len(commands) == 3
    for command in commands[1:]:
        first, last = re.findall(r"--(?:from|to)-date (\d{4}-\d\d-\d\d)T00:00:00Z", command)
        wanted = [f"2025-05-{day:02}" for day in range(int(first[-2:]), int(last[-2:]) + 1)]
        assert dates_of_backfill(airflow_home, clock.zone, command) == wanted
    bare = commands[1].replace("T00:00:00Z", "")
    assert dates_of_backfill(airflow_home, clock.zone, bare) == [day for day in WEEK if day not in clock.lost]


def test_the_airflow_of_make_up_counts_in_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__DEFAULT_TIMEZONE", "Asia/Seoul")
    assert LocalAirflow(tmp_path).environment["AIRFLOW__CORE__DEFAULT_TIMEZONE"] == "utc"


@dataclass(frozen=True)
class Run:
    """A run as Airflow has it, and what it is about."""

    name: str
    subject: str | None
    logical_date: datetime | None = None
    run_after: datetime = datetime(2026, 11, 27, 0, 0, tzinfo=UTC)
    conf: tuple[tuple[str, str], ...] = ()
    dag_id: str = "daily_papers"

    def made(self) -> DagRun:
        return DagRun(
            dag_id=self.dag_id,
            run_id="scheduled__2026-11-27T00:00:00+00:00",
            logical_date=self.logical_date,
            run_after=self.run_after,
            conf=dict(self.conf),
        )


SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ROUND_UP = "round_up_daily_papers"
RUNS = [
    Run("scheduled", "2026-11-26", datetime(2026, 11, 26, tzinfo=UTC)),
    Run("scheduled, logical date in Seoul's time", "2026-11-26", datetime(2026, 11, 26, 9, 0, tzinfo=SEOUL)),
    Run("scheduled, logical date in New York's time", "2026-11-26", datetime(2026, 11, 25, 19, 0, tzinfo=NEW_YORK)),
    Run("by hand with a date", "2025-05-21", conf=(("date", "2025-05-21"),)),
    Run("by hand without anything", "2026-11-26"),
    Run("by hand, with the form's logical date", "2026-11-26", datetime(2026, 11, 27, tzinfo=UTC)),
    Run("`--logical-date 2025-05-21T00:00:00Z`", "2025-05-21", datetime(2025, 5, 21, tzinfo=UTC)),
    Run("`--logical-date 2025-05-21`, Asia/Seoul", "2025-05-20", datetime(2025, 5, 21, tzinfo=SEOUL)),
    Run("a date in the future", "2999-01-01", conf=(("date", "2999-01-01"),)),
    Run("round-up of Monday 08:00 UTC", "2026-W47", MONDAY, MONDAY, dag_id=ROUND_UP),
    Run("the same, in Kiritimati's time", "2026-W47", MONDAY.astimezone(ZoneInfo("Pacific/Kiritimati")), MONDAY,
        dag_id=ROUND_UP),
    Run("round-up of a period", "2025-05", conf=(("period", "2025-05"),), dag_id=ROUND_UP),
    Run("review of a date", "2025-05-20", conf=(("date", "2025-05-20"),), dag_id="review_daily_papers"),
    Run("refresh", None, datetime(2026, 11, 27, 6, 0, tzinfo=UTC), dag_id="refresh_daily_papers"),
]  # fmt: skip


def run_table() -> str:
    return table(
        ["run", "the date or period it is about, which is also its note"],
        [[run.name, run.subject or "its last 14 dates, no note"] for run in RUNS],
    )


@pytest.mark.parametrize("run", RUNS, ids=[run.name for run in RUNS])
def test_a_run_says_what_it_is_about(run: Run) -> None:
    assert subject_of(run.made()) == run.subject
    assert note_of(run.made()) == run.subject
    noted = run.made()
    noted.note = "asked for by Kim"
    assert note_of(noted) == (f"{run.subject}: asked for by Kim" if run.subject else None)
    noted.note = note_of(noted) or "asked for by Kim"
    assert note_of(noted) is None  # cleared and started again: said once


# --- what the airflow command prints ----------------------------------------------------------------

JSON_COMMANDS = [
    "dags list",
    "pools list",
    "dags list-runs daily_papers",
    "dags list-import-errors",
    "connections list",
]


def airflow_command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The documented `airflow` command."""
    return subprocess.run(
        [sys.executable, "-m", "daily_papers.local.airflow", *arguments],
        capture_output=True, text=True, check=False, cwd=home.parent, env={**os.environ, "AIRFLOW_HOME": str(home)},
    )  # fmt: skip


@pytest.mark.parametrize("command", JSON_COMMANDS)
def test_json_of_the_airflow_command_is_json_alone(command: str, airflow_home: Path) -> None:
    done = airflow_command(airflow_home, *command.split(), "-o", "json")
    assert isinstance(json.loads(done.stdout), list), done.stdout
    assert done.returncode == 0


def test_the_airflow_command_has_airflows_exit_code_and_names_what_is_missing(
    airflow_home: Path, tmp_path: Path
) -> None:
    done = airflow_command(airflow_home, "dags", "list-runs", "no_such_dag")
    assert done.returncode != 0
    assert done.stdout == ""
    done = airflow_command(tmp_path / "elsewhere", "dags", "list")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("yet. Start it once with `make up`.\n")
    assert not (tmp_path / "elsewhere").exists()


# --- starts ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Start:
    """What is wrong when `make up` starts, how it is made so, the exit code, and words of the one line that is said."""

    name: str
    spoil: Callable[[Path, dict[str, str]], object]
    exit_code: int
    words: str


def _taken_port(_: Path, environment: dict[str, str]) -> Iterator[None]:
    with sample_server() as server:
        environment["PORT"] = server.address.rpartition(":")[2]
        yield


def _running(root: Path, _: dict[str, str]) -> Iterator[None]:
    holder = hold(root / "airflow")
    yield
    holder.kill()
    holder.wait()


def _file_in_the_way(name: str, variable: str) -> Callable[[Path, dict[str, str]], None]:
    def spoil(root: Path, environment: dict[str, str]) -> None:
        (root / name).write_text("a file")
        environment[variable] = str(root / name / "below")

    return spoil


def _content(name: str, content: str) -> Callable[[Path, dict[str, str]], None]:
    def spoil(root: Path, _: dict[str, str]) -> None:
        (root / "airflow").mkdir()
        (root / "airflow" / name).write_text(content)

    return spoil


STARTS = [
    Start(
        "it is already running",
        _running,
        2,
        r"run by `make up` \(process \d+\), since .* UTC, at http://127\.0\.0\.1:9\. Stop it",
    ),
    Start("the port is in use", _taken_port, 2, r"Port \d+ is in use\. Set PORT"),
    Start("PORT is not a port", lambda _, environment: environment.update(PORT="http"), 2, "'http' is not a port"),
    Start(
        "Airflow's home cannot be created",
        _file_in_the_way("file", "AIRFLOW_HOME"),
        1,
        "Not a directory.*Set AIRFLOW_HOME",
    ),
    Start(
        "the library's home cannot be created",
        _file_in_the_way("file", "DAILY_PAPERS_HOME"),
        1,
        "Not a directory.*DAILY_PAPERS_HOME",
    ),
    Start("a setting cannot be used", lambda _, environment: environment.update(HF_ENDPOINT="x"), 2, "HF_ENDPOINT"),
    Start("`passwords.json` is empty", _content("passwords.json", ""), 2, r"passwords\.json is damaged.*delete it"),
    Start("`keys.json` is cut", _content("keys.json", '{"fernet": "a'), 2, r"keys\.json is damaged.*delete it"),
    Start("`keys.json` is a list", _content("keys.json", "[]"), 2, r"keys\.json is damaged.*delete it"),
    Start(
        "`airflow.db` is not a database",
        _content("airflow.db", "no database " * 99),
        1,
        r"db migrate failed: .*not a database.*command\.log",
    ),
]


def start_table() -> str:
    said = {1: "exit code 1", 2: "exit code 2"}
    rows = [[start.name, said[start.exit_code]] for start in STARTS]
    return table(["what is wrong when `make up` starts", "exit code, after one line that says what to do"], rows)


def up(root: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daily_papers.local.up"],
        capture_output=True, text=True, check=False, cwd=root, env=environment, timeout=120,
    )  # fmt: skip


def environment_of_start(root: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    homes = {"HOME": str(root), "AIRFLOW_HOME": str(root / "airflow"), "DAILY_PAPERS_HOME": str(root / "library")}
    return {**kept, **homes, "PYTHON_DOTENV_DISABLED": "1", "PORT": str(free_port())}


@pytest.mark.parametrize("start", STARTS, ids=[start.name for start in STARTS])
def test_a_start_that_cannot_be_ends_in_one_line(start: Start, tmp_path: Path) -> None:
    environment = environment_of_start(tmp_path)
    spoiled = start.spoil(tmp_path, environment)
    if isinstance(spoiled, Iterator):
        next(spoiled)
    done = up(tmp_path, environment)
    if isinstance(spoiled, Iterator):
        next(spoiled, None)
    assert done.returncode == start.exit_code, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert re.search(start.words, done.stderr), done.stderr


def test_a_full_disk_is_named_before_anything_starts(tmp_path: Path) -> None:
    check_room(tmp_path, needed=1)
    with pytest.raises(UserError, match=r"is full: \d+ MB are free, and Airflow needs at least .*Free up space"):
        check_room(tmp_path, needed=shutil.disk_usage(tmp_path).total)


_HOLDER = """
import signal, sys, time
from pathlib import Path
from daily_papers.local.one_airflow import OneAirflow
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born without it
one = OneAirflow(Path(sys.argv[1]))
one.take("http://127.0.0.1:9", "make up")
for session in sys.argv[2:]:
    one.note_session(int(session))
print("has it", flush=True)
time.sleep(600)
"""


def hold(home: Path, *sessions: int) -> subprocess.Popen[str]:
    """A process that has a home of Airflow, as `make up` has, with these components."""
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-c", _HOLDER, str(home), *map(str, sessions)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "has it\n"
    return process


def component(home: Path) -> subprocess.Popen[bytes]:
    """A process as a component of the Airflow in `home` is one."""
    home.mkdir(exist_ok=True)
    return subprocess.Popen(["sleep", "600"], start_new_session=True, cwd=home)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_who_has_a_home_is_named_and_ends_as_the_message_says(end: signal.Signals, tmp_path: Path) -> None:
    holder = hold(tmp_path)
    with pytest.raises(UserError, match=rf"process {holder.pid}\), since 20.*`kill {holder.pid}`"):
        OneAirflow(tmp_path).take("http://127.0.0.1:8080", "make demo")
    holder.send_signal(end)
    holder.wait()
    mine = OneAirflow(tmp_path)
    mine.take("http://127.0.0.1:8080", "make demo")
    mine.give_back()
    assert not (tmp_path / "running.json").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "\x00\xff"])
def test_a_damaged_name_is_no_dead_end(content: str, tmp_path: Path) -> None:
    holder = hold(tmp_path)
    (tmp_path / "running.json").write_text(content)
    with pytest.raises(UserError, match="run by another process"):
        OneAirflow(tmp_path).take("http://127.0.0.1:8080", "make up")
    holder.kill()
    holder.wait()
    OneAirflow(tmp_path).take("http://127.0.0.1:8080", "make up")


def test_components_that_a_killed_start_left_are_ended_and_nobody_elses(tmp_path: Path) -> None:
    left, other = component(tmp_path), component(tmp_path / "another")
    gone = component(tmp_path)
    gone.kill()
    gone.wait()
    holder = hold(tmp_path, left.pid, other.pid, gone.pid)
    holder.kill()
    holder.wait()
    mine = OneAirflow(tmp_path)
    mine.take("http://127.0.0.1:8080", "make up")
    assert not psutil.pid_exists(left.pid)
    assert psutil.pid_exists(other.pid)
    other.kill()
    other.wait()
    mine.give_back()


# --- ends --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class End:
    """A return code of a component and what its log holds, and what is said."""

    name: str
    return_code: int
    log: str
    said: str
    lines: tuple[str, ...] = ()


NOISE = "2026-11-27T09:00:00Z [info     ] Adopting or resetting orphaned tasks\n"
DISK = "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database or disk is full"
ENDS = [
    End(
        "`kill -9`, or no memory left",
        -9,
        NOISE * 40,
        "was killed by signal 9 (SIGKILL), by someone or because memory ran out",
    ),
    End("`kill`", -15, NOISE, "was killed by signal 15 (SIGTERM)"),
    End("a fault in native code", -11, NOISE, "was killed by signal 11 (SIGSEGV)"),
    End("a full disk", 1, f"{NOISE}Traceback:\n  File\n{DISK}\n{NOISE * 9}", "ended with exit code 1", (DISK,)),
    End("an end without a message", 0, "", "ended with exit code 0"),
]


def end_table() -> str:
    rows = [[end.name, f"{end.said}{', and its last lines about errors' if end.lines else ''}"] for end in ENDS]
    return table(["what ends a component", "what `make up` says about it"], rows)


@pytest.mark.parametrize("end", ENDS, ids=[end.name for end in ENDS])
def test_an_end_is_told_in_words_without_noise(end: End, tmp_path: Path) -> None:
    log = tmp_path / "scheduler.log"
    log.write_text(f"Error: of an earlier start\n{end.log}")
    assert how_it_ended(end.return_code) == end.said
    assert last_lines(log, len("Error: of an earlier start\n")) == "".join(f"\n  {line}" for line in end.lines)


def test_a_component_that_was_killed_is_named_with_its_log_and_the_way_on(tmp_path: Path) -> None:
    airflow = LocalAirflow(tmp_path, environment={"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////nowhere/x.db"})
    airflow._start("triggerer")  # one component alone
    [process] = airflow._processes.values()
    process.kill()
    process.wait()
    with pytest.raises(DailyPapersError) as caught:
        airflow.check_components()
    said = str(caught.value)
    assert said.startswith("The triggerer was killed by signal 9 (SIGKILL)")
    assert "Run `make up` again: interrupted runs continue" in said
    assert f"Its log: {tmp_path}/logs/components/triggerer.log" in said
    assert len(said) < 1000
    airflow.stop()


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("", "it printed nothing."),
        ("nothing to see\n", "nothing to see."),
        (f"x\n{DISK}\nmore", f"{DISK}."),
        ("ValueError: " + "x" * 9000, "ValueError: " + "x" * 288 + " …."),
    ],
)
def test_the_cause_of_a_failed_command_is_one_line(output: str, cause: str) -> None:
    assert cause_of(output) == cause


def test_the_table_is_large_enough() -> None:
    assert len(CLOCKS) + len(RUNS) + len(STARTS) + len(ENDS) >= 30
