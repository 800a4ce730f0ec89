"""Homes, warehouses and users that nothing can be done with: one line, and the right exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from daily_papers.lake.library import Library, open_library
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.settings import load_settings
from tests.conftest import REPOSITORY
from tests.faults.test_damaged_files import COMMANDS, KINDS, RESTORE, WHOLE_MATRIX, Kind, contents, copy, one_of, whole
from tests.support.contents import hashes
from tests.support.papers import Done, papers

__all__ = ["copy", "whole"]  # fixtures
DAY = SAMPLE_DATE.isoformat()
READING = [command for command in COMMANDS if "rebuild" not in command and "compact" not in command]

HOMES = {
    "s3://bucket/papers": "needs a package that is not installed",
    "http://127.0.0.1:9/papers": "needs a package that is not installed",
    "unknown://papers": "cannot be opened",
    "ftp://127.0.0.1:1/papers": "cannot be opened",
    "https://[papers": "cannot be opened",
    "~nobody-of-that-name/papers": "cannot be opened",
}


@pytest.mark.parametrize("home", HOMES)
def test_a_home_that_cannot_be_opened_is_said_in_one_line(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_HOME", home)
    for command in COMMANDS:
        done = papers(command)
        assert (done.code, done.exception, done.stdout) == (2, "", ""), command
        assert done.stderr.count("\n") == 1
        assert f"DAILY_PAPERS_HOME={home} {HOMES[home]}" in done.stderr


@pytest.mark.parametrize("home", ["/dev/null", "/dev/null/papers", "/proc/papers"])
def test_a_home_that_holds_nothing_and_cannot_is_no_library(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_HOME", home)
    for command in COMMANDS:
        done = papers(command)
        assert done.exception == "", command
        assert done.stderr.count("\n") <= 1, done.stderr


def test_a_home_with_odd_signs_in_its_name_works(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a#b", "a*b [1]", "a'b", "a%20b", "한국어 집", "a{b}"):
        home = tmp_path / name
        shutil.copytree(whole, home, symlinks=True)
        monkeypatch.setenv("DAILY_PAPERS_HOME", str(home))
        before = contents(home)
        for command in ("papers rebuild --from-inputs", "papers rebuild", "papers compact", "papers round-up 2025-W21"):
            assert papers(command).code == 0, (name, command)
        assert contents(home) == before
        assert papers("papers sql top_papers --format json").code == 0
        assert "»" in papers("papers search 어댑터 --format csv").stdout


def test_a_path_that_duckdb_cannot_open_is_said_with_a_way_out(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "a?b"
    shutil.copytree(whole, home, symlinks=True)
    monkeypatch.setenv("DAILY_PAPERS_HOME", str(home))
    for command in COMMANDS:
        done = papers(command)
        assert done.exception == "", command
        assert done.code == 0 or "Set DAILY_PAPERS_WAREHOUSE to another one" in done.stderr
    monkeypatch.setenv("DAILY_PAPERS_WAREHOUSE", str(tmp_path / "warehouse.duckdb"))
    for command in ("papers rebuild", "papers sql top_papers", "papers rebuild --from-inputs"):
        assert papers(command).code == 0, command


def test_a_mistyped_home_is_not_rebuilt(home: Path) -> None:
    for command in ("papers rebuild", "papers rebuild --from-inputs", f"papers rebuild {DAY}"):
        done = papers(command)
        assert (done.code, done.stderr.count("\n")) == (2, 1)
        assert f"There is no library in {home}" in done.stderr
    assert not home.exists()


@pytest.mark.parametrize("content", [b"my notes\n", b"", b"PAR1 not a database either"])
def test_a_warehouse_that_is_none_is_neither_read_nor_replaced(
    content: bytes, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_bytes(content)
    monkeypatch.setenv("DAILY_PAPERS_WAREHOUSE", str(notes))
    for command in (*READING, "papers rebuild", f"papers rebuild {DAY}"):
        done = papers(command)
        assert done.exception == "", command
        assert notes.read_bytes() == content
    done = papers("papers rebuild")
    assert (done.code, done.stderr.count("\n")) == (2, 1)
    assert "Move it away" in done.stderr
    notes.rename(tmp_path / "moved")  # the remedy
    assert papers("papers rebuild").code == 0
    assert papers("papers sql top_papers").code == 0


def test_a_warehouse_in_a_folder_that_cannot_be_made(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAILY_PAPERS_WAREHOUSE", "/dev/null/warehouse.duckdb")
    done = papers("papers rebuild")
    assert (done.code, done.exception) == (1, "")
    assert "/dev/null/warehouse.duckdb cannot be written" in done.stderr


def with_privileges(changes: list[str], commands: list[str], home: Path) -> list[Done]:
    """Runs commands in a process whose user or rights are others."""
    environment = {"DAILY_PAPERS_HOME": str(home), "PATH": os.environ["PATH"], "PYTHON_DOTENV_DISABLED": "1"}
    if os.environ.get("VIRTUAL_ENV"):
        environment["VIRTUAL_ENV"] = os.environ["VIRTUAL_ENV"]
    done = subprocess.run(
        ["setpriv", *changes, sys.executable, "-m", "tests.support.papers", *commands],
        capture_output=True, text=True, check=True, env=environment, cwd=REPOSITORY,
    )  # fmt: skip
    return [Done(**one) for one in json.loads(done.stdout)]


SOME_KINDS = KINDS if WHOLE_MATRIX else KINDS[::3]

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="giving up rights needs them: run this test as root")


@as_root
def test_a_user_without_a_home_and_without_an_entry_in_the_password_file(copy: Path) -> None:
    rights = "+dac_override,+dac_read_search,+fowner"
    nobody = ["--reuid=54321", "--clear-groups", f"--inh-caps={rights}", f"--ambient-caps={rights}"]
    commands = ["papers rebuild --from-inputs", f"papers docs {DAY} --output {copy}/docs", "papers status"]
    for done in with_privileges(nobody, commands, copy):
        assert (done.code, done.exception) == (0, ""), done
    [undecided] = with_privileges(nobody, ["papers retry 2505.00002 --why again"], copy)
    assert (undecided.code, undecided.stderr.count("\n")) == (2, 1)
    assert "--by" in undecided.stderr


@as_root
@pytest.mark.parametrize("kind", SOME_KINDS, ids=[kind.name for kind in SOME_KINDS])
def test_a_file_of_somebody_else(kind: Kind, copy: Path) -> None:
    path = one_of(copy, kind)
    kept = path.read_bytes()
    path.chmod(0)
    obeying = ["--bounding-set=-dac_override,-dac_read_search"]
    commands = [*READING, "papers rebuild --from-inputs"]
    done = with_privileges(obeying, commands, copy)
    assert [one.command for one in done if one.exception or "Traceback" in one.stderr] == []
    said = "\n".join(one.stderr for one in done)
    if not kind.is_derived:
        if kind.is_told:
            assert path.name in said
            assert RESTORE.split()[0] in said.lower() or "Permission denied" in said
        assert path.stat().st_mode & 0o777 == 0
        path.chmod(0o600)
        assert path.read_bytes() == kept
    elif kind.remedy.startswith("papers"):
        assert all(one.code == 0 for one in with_privileges(obeying, [kind.remedy, "papers rebuild"], copy))


def test_a_lock_that_is_a_folder_is_named(copy: Path) -> None:
    library = open_library()
    lock = library.settings.lock_directory / "warehouse.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir(parents=True)
    done = papers("papers rebuild")
    assert (done.code, done.exception) == (1, "")
    assert "warehouse" in done.stderr
    lock.rmdir()
    assert papers("papers rebuild").code == 0


def test_a_write_ahead_log_that_cannot_be_replayed(copy: Path) -> None:
    published = load_settings().warehouse_path.resolve()
    published.with_name(f"{published.name}.wal").write_bytes(b"no log at all" * 100)
    for command in ("papers sql top_papers", "papers search 모델", "papers costs", "papers round-up 2025-W21"):
        done = papers(command)
        assert done.exception == ""
        if done.code:
            assert "papers rebuild" in done.stderr
    assert papers("papers rebuild").code == 0
    assert papers("papers sql top_papers").code == 0
    assert hashes(copy)


def test_any_byte_of_the_warehouse_may_be_wrong(copy: Path, library: Library) -> None:
    published = library.settings.warehouse_path.resolve()
    whole_file = published.read_bytes()
    for part in range(24):
        position = part * len(whole_file) // 24
        published.write_bytes(whole_file[:position] + bytes(64) + b"\xff" * 64 + whole_file[position + 128 :])
        for command in ("papers sql top_papers", "papers search 모델", "papers show 2505.11594", "papers costs"):
            done = papers(command)
            assert done.exception == "", command
            assert done.code == 0 or "papers rebuild" in done.stderr, done
    assert papers("papers rebuild").code == 0
    assert papers("papers search 모델").code == 0
