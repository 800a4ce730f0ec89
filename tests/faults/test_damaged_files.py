"""Every kind of file in a library, damaged in every way: the table of damaged files in docs/faults.md, case by case.

`make test` damages each kind in two of six ways, `make damage-test` in all.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daily_papers.lake.library import open_library
from daily_papers.listing.looks import record_failed_look, report_drift
from daily_papers.reasons import Reason
from daily_papers.runs.claim import RunIdentity, claim_date
from daily_papers.settings import load_settings
from daily_papers.summaries.call_store import Call, CallStore
from daily_papers.texts.document import Document, DocumentKind
from daily_papers.texts.text_store import keep_document
from tests.support.contents import hashes, tables
from tests.support.data import LEGACY_DIGEST
from tests.support.papers import Done, papers
from tests.support.three_days import NEXT_DAY

DAMAGED_DAY, OTHER_DAY = "2025-05-21", "2025-05-22"
PAPER, OTHER_PAPER, REJECTED = "2505.11594", "2505.14246", "2505.00002"
LONG_AGO = datetime(2025, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """A kind of file: where one of it is, what brings it back, and what happens meanwhile."""

    name: str
    pattern: str
    remedy: str
    meanwhile: str
    is_derived: bool = True
    is_told: bool = True
    """Whether a command names the file. What the next run replaces by itself needs nobody."""
    affects: tuple[str, ...] = (DAMAGED_DAY,)


RESTORE = "restore it from the backup"
OWN_STATUS = "the date is `damaged`; readers keep what they have"
LEFT_OUT = "left out, with a line in the log"

KINDS = [
    Kind("day file", f"lake/days/{DAMAGED_DAY}.parquet", f"papers rebuild --from-inputs {DAMAGED_DAY}", OWN_STATUS),
    Kind(
        "note beside a day file", f"lake/days/{DAMAGED_DAY}.json", f"papers rebuild --from-inputs {DAMAGED_DAY}",
        "the day file is read without a check", is_told=False,
    ),
    Kind("audit record", f"lake/audits/{DAMAGED_DAY}.json", f"papers rebuild --from-inputs {DAMAGED_DAY}", OWN_STATUS),
    Kind("month file", "lake/months/2025-05.parquet", "papers compact", "day files are read instead", is_told=False),
    Kind("note beside a month file", "lake/months/2025-05.json", "papers compact", "as above", is_told=False),
    Kind("digest", f"digests/{DAMAGED_DAY}.md", f"papers rebuild {DAMAGED_DAY}", "the date's digest cannot be shown"),
    Kind("round-up", "round-ups/2025-W21.md", "papers round-up 2025-W21", "nothing", is_told=False),
    Kind("chart of a round-up", "round-ups/2025-W21.days.png", "papers round-up 2025-W21", "nothing", is_told=False),
    Kind("warehouse", "warehouse.versions/*/warehouse.duckdb", "papers rebuild", "queries say so", affects=()),
    Kind("search index", "warehouse.versions/*/search/*.store", "papers rebuild", "searches say so", affects=()),
    Kind(
        "claim of a run", f"lake/runs/{OTHER_DAY}.json", "the next run of the date", "nobody has claimed the date",
        is_told=False, affects=(OTHER_DAY,),
    ),
    Kind(
        "listing page", f"lake/listings/{DAMAGED_DAY}/pages/*.json.gz",
        f"a run of the date, if it is still served unchanged; else {RESTORE}", OWN_STATUS, is_derived=False,
    ),
    Kind(
        "look at a listing", f"lake/listings/{DAMAGED_DAY}/observations/*Z.json", RESTORE, OWN_STATUS, is_derived=False
    ),
    Kind(
        "failed look", f"lake/listings/{DAMAGED_DAY}/observations/*.failed.json", RESTORE, LEFT_OUT, is_derived=False
    ),
    Kind("new key in listings", "lake/drift/*.json", RESTORE, LEFT_OUT, is_derived=False, affects=()),
    Kind(
        "text of a paper", f"lake/sources/{PAPER}/*.json.gz", RESTORE,
        "the audit refuses its dates and names the file; the others go on", is_derived=False,
    ),
    Kind(
        "document of a paper", f"lake/sources/{PAPER}/documents/*.html.gz", "the next look for the paper's text",
        "nothing: it is fetched again", is_derived=False, is_told=False,
    ),
    Kind(
        "reading of a paper", f"lake/sources/{PAPER}/readings/*.json", "the next look for the paper's text", LEFT_OUT,
        is_derived=False, is_told=False,
    ),
    Kind(
        "stored answer", f"lake/calls/{PAPER}/*.answer.json", f"{RESTORE}; or delete it, and `papers retry ID`",
        "the audit refuses its dates and names the file; the others go on", is_derived=False,
    ),
    Kind("failed attempt", f"lake/calls/{PAPER}/*.failed.json", RESTORE, LEFT_OUT, is_derived=False),
    Kind(
        "decision", f"lake/decisions/{REJECTED}/*.json", f"{RESTORE}; or delete it and decide again",
        "the paper is quarantined as `input_damaged`, or its date refused; the others go on", is_derived=False,
        affects=(OTHER_DAY,),
    ),
    Kind(
        "imported older digest", f"lake/legacy/{DAMAGED_DAY}.json", f"{RESTORE}; or `papers import FILE.md`",
        "its tables are left out", is_derived=False, affects=(),
    ),
]  # fmt: skip


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def flipped(path: Path) -> None:
    """One byte in the middle, and one near the end, where Parquet and DuckDB keep other things."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))


def foreign(path: Path) -> None:
    """Something else that is well-formed: JSON of another shape, a text."""
    path.write_bytes(b'{"name": "something else", "pages": 3, "papers": [], "response": "text"}')


def deleted(path: Path) -> None:
    path.unlink()


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: list[Callable[[Path], None]] = [deleted, emptied, cut, flipped, foreign, folder]

WHOLE_MATRIX = os.environ.get("DAMAGE") == "all"
"""As `make damage-test` wants it."""
FEW_WAYS = 2
"""Of `DAMAGE` for a kind in `make test`; over all kinds every way is taken."""

COMMANDS = [
    "papers status",
    f"papers status {DAMAGED_DAY}",
    f"papers digest {DAMAGED_DAY}",
    f"papers digest {OTHER_DAY}",
    f"papers show {PAPER}",
    f"papers show {REJECTED}",
    "papers search 모델",
    "papers sql top_papers",
    "papers costs",
    "papers quarantine",
    f"papers quarantine {DAMAGED_DAY}",
    f"papers draft {OTHER_PAPER}",
    "papers report",
    f"papers report {DAMAGED_DAY}",
    f"papers export {DAMAGED_DAY} --style digest",
    f"papers export {DAMAGED_DAY} --style legacy",
    "papers round-up 2025-W21",
    "papers rebuild",
    f"papers rebuild {DAMAGED_DAY}",
    "papers rebuild --from-inputs",
    "papers compact",
]
"""Every command that reads the library; the last ones make things again."""


def test_every_command_that_reads_the_library_is_tried() -> None:
    shown = subprocess.run(
        [str(Path(sys.executable).parent / "papers"), "--help"], capture_output=True, text=True, check=True
    )
    names = set(re.findall(r"^│ (\w[\w-]*) ", shown.stdout, re.MULTILINE))
    tried = {command.split()[1] for command in COMMANDS}
    tested_elsewhere = {"docs", "import", "export-parquet", "resummarize", "queries", "approve", "reject", "retry"}
    tested_elsewhere |= {"judge", "compare"}
    assert names - tried == tested_elsewhere


@pytest.fixture(scope="module")
def whole(three_days: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library with a file of every kind."""
    home = tmp_path_factory.mktemp("whole") / "home"
    shutil.copytree(three_days, home, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAILY_PAPERS_HOME", str(home))
        library = open_library()
        call = CallStore(library).calls(PAPER)[0]
        failed = {**vars(call), "response": None, "error": Reason.PROVIDER_UNAVAILABLE, "error_detail": "503"}
        CallStore(library).record(Call(**{**failed, "asked_at": call.asked_at - timedelta(hours=1)}))
        keep_document(library, PAPER, Document(DocumentKind.HTML, "http://arxiv/html", LONG_AGO, 1, b"<html>" * 100))
        day = datetime.fromisoformat(DAMAGED_DAY).date()
        record_failed_look(library, day, LONG_AGO, ValueError("no answer"))
        report_drift(library, day, LONG_AGO, {"paper.invented": PAPER})
        claim_date(library, NEXT_DAY, RunIdentity("daily_papers", "scheduled__x"), lambda _: False)
        for command in (
            f"papers reject {REJECTED} --by kim --why no",
            f"papers import {LEGACY_DIGEST}",
            "papers rebuild --from-inputs",
            "papers compact",
            "papers round-up 2025-W21",
        ):
            done = papers(command)
            assert done.code == 0, done
    return home


@pytest.fixture
def copy(whole: Path, home: Path) -> Iterator[Path]:
    """That library in the home of this test."""
    shutil.copytree(whole, home, symlinks=True)
    yield home
    shutil.rmtree(home)


def one_of(home: Path, kind: Kind) -> Path:
    if kind.pattern.startswith("warehouse"):  # not a version that was replaced just now
        version = load_settings().warehouse_path.resolve().parent
        return min(version.glob(kind.pattern.split("/", 2)[2]))
    return min(home.glob(kind.pattern))


def statuses() -> dict[str, str]:
    return {row["listing_date"]: row["status"] for row in json.loads(papers("papers status --format json").stdout)}


def contents(home: Path) -> dict[str, str]:
    """Hashes of everything but the warehouse, locks and failures."""
    return {
        name: digest
        for name, digest in hashes(home).items()
        if not name.startswith(("warehouse", ".locks", "lake/runs"))
    }


def without_traceback(done: Done) -> Done:
    assert not done.exception, f"{done.command}\n{done.exception}"
    assert "Traceback" not in done.stderr, f"{done.command}\n{done.stderr}"
    return done


def damages() -> Iterator[tuple[Kind, Callable[[Path], None]]]:
    """Each kind with the ways in which it is damaged in this run."""
    number = len(DAMAGE) if WHOLE_MATRIX else FEW_WAYS
    for place, kind in enumerate(KINDS):
        yield from ((kind, DAMAGE[(place + step * len(DAMAGE) // number) % len(DAMAGE)]) for step in range(number))


@pytest.mark.parametrize(
    ("kind", "damage"), [pytest.param(*one, id=f"{one[0].name} {one[1].__name__}") for one in damages()]
)
def test_damage_stays_where_it_is_and_is_undone(kind: Kind, damage: Callable[[Path], None], copy: Path) -> None:
    before, rows = contents(copy), tables(open_library())
    healthy = statuses()
    path = one_of(copy, kind)
    kept = path.read_bytes()
    damage(path)
    done = [without_traceback(papers(command)) for command in COMMANDS]
    said = "\n".join(f"{one.stderr}{one.stdout}" for one in done)
    now = statuses()
    assert {day: now[day] for day in now if day not in kind.affects} == {
        day: healthy[day] for day in healthy if day not in kind.affects
    }
    restored_by_itself = path.is_file() and path.read_bytes() == kept
    if kind.is_derived:
        if kind.remedy.startswith("papers"):
            if path.is_dir():
                path.rmdir()
            for command in (kind.remedy, "papers rebuild", "papers compact"):
                assert without_traceback(papers(command)).code == 0, command
            assert contents(copy) == before
            assert tables(open_library()) == rows
            assert papers("papers status").code == 0
        # a byte that no query read is found by the query, or for the index by the load, that reads it
        if (
            kind.is_told
            and (damage is not deleted or kind.name == "day file")
            and not (kind.name in ("warehouse", "search index") and damage is flipped)
        ):
            assert kind.remedy in said
    else:
        if kind.is_told and damage is not deleted and not restored_by_itself:
            assert path.name in said
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        path.write_bytes(kept)
        assert papers("papers rebuild --from-inputs").code == 0
        papers("papers compact")
        assert contents(copy) == before
        assert tables(open_library()) == rows


def table() -> str:
    lines = ["| damaged or missing | what happens | what brings it back |", "|---|---|---|"]
    lines += [f"| {kind.name} | {kind.meanwhile} | {command_or_words(kind.remedy)} |" for kind in KINDS]
    return "\n".join(lines) + "\n"


def command_or_words(remedy: str) -> str:
    text = remedy.replace(DAMAGED_DAY, "DATE").replace("2025-W21", "WEEK")
    return f"`{text}`" if text.startswith("papers") else text
