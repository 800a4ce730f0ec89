"""The search index as files: of one version, made anew where they are damaged, read without a right to write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from daily_papers.ask.search import search_papers
from daily_papers.errors import TerminalError
from daily_papers.lake.library import Library
from daily_papers.sample.server import SAMPLE_DATE
from daily_papers.warehouse import publication
from daily_papers.warehouse.search_index import CHECKSUMS
from daily_papers.warehouse.search_tokens import TextTokens
from tests.support.three_days import DAYS, NEXT_DAY


def index_of(library: Library) -> Path:
    return library.settings.warehouse_path.resolve().with_name("search")


def found(library: Library) -> list[str]:
    return [match.paper_id for match in search_papers(library, "we").matches]


def test_a_new_version_shares_the_files_that_did_not_change(loaded: Library) -> None:
    before = {path.name: path.stat().st_ino for path in index_of(loaded).iterdir()}
    publication.load(loaded, [NEXT_DAY])
    after = {path.name: path.stat().st_ino for path in index_of(loaded).iterdir()}
    shared = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    assert any(name.endswith(".store") for name in shared)
    assert "meta.json" not in shared
    assert CHECKSUMS in after
    assert not [name for name in after if "lock" in name]


def _without(folder: Path) -> None:
    shutil.rmtree(folder)


def _without_a_file(folder: Path) -> None:
    next(folder.glob("*.store")).unlink()


def _with_a_changed_byte(folder: Path) -> None:
    file = next(folder.glob("*.pos"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)


def _with_another_list(folder: Path) -> None:
    (folder / CHECKSUMS).write_text("[]", encoding="utf-8")


@pytest.mark.parametrize("damage", [_without, _without_a_file, _with_a_changed_byte, _with_another_list])
@pytest.mark.parametrize("remedy", ["load", "rebuild"])
def test_a_damaged_index_is_made_anew_by_a_load_and_by_a_rebuild(loaded: Library, damage: object, remedy: str) -> None:
    before = found(loaded)
    assert before
    damage(index_of(loaded))  # type: ignore[operator]
    if damage is not _with_a_changed_byte:  # which a search finds where it reads it
        with pytest.raises(TerminalError, match="`papers rebuild`"):
            found(loaded)
    if remedy == "load":
        publication.load(loaded, [SAMPLE_DATE])
    else:
        publication.rebuild(loaded)
    assert found(loaded) == before


def test_a_search_needs_no_right_to_write_beside_the_warehouse(loaded: Library) -> None:
    before = found(loaded)
    folder = index_of(loaded)
    files = {path.name for path in folder.iterdir()}
    folder.chmod(0o555)
    try:
        assert found(loaded) == before
        assert {path.name for path in folder.iterdir()} == files
    finally:
        folder.chmod(0o755)


def test_a_paper_that_no_date_lists_leaves_the_index(loaded: Library) -> None:
    with publication.open_search_index(loaded) as searcher:
        before = searcher.num_docs
    for day in DAYS:
        shutil.rmtree(str(loaded.lake.observations(day).parent), ignore_errors=True)
        loaded.lake.day_file(day).unlink(missing_ok=True)
    publication.load(loaded, DAYS)
    with publication.open_search_index(loaded) as searcher:
        assert searcher.num_docs == 0 < before


_LIMITED = """
import resource, sys
from daily_papers.lake.library import open_library
from daily_papers.errors import UserError, DailyPapersError
from daily_papers.warehouse import publication, search_index

def limited(*given):
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    return index_papers(*given)

index_papers, publication.index_papers = publication.index_papers, limited
try:
    publication.rebuild(open_library())
except DailyPapersError as error:
    sys.exit(f"said: {error}")
"""


def test_an_index_that_cannot_be_written_leaves_the_published_version(loaded: Library) -> None:
    before, version = found(loaded), loaded.settings.warehouse_path.resolve()
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED], env=os.environ, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 1
    assert "said: " in done.stderr, done.stderr
    assert "file size limit" in done.stderr
    assert loaded.settings.warehouse_path.resolve() == version
    assert found(loaded) == before
    publication.load(loaded, [SAMPLE_DATE])
    assert not list(loaded.settings.warehouse_path.parent.glob("*.tmp*"))


@pytest.mark.parametrize(
    ("text", "tokens", "words"),
    [
        ("강화 학습을 위한", "^강화 +화학 ^학습 습을 +을위 ^위한", set()),
        ("강화-학습", "^강화 +화학 ^학습", set()),
        ("KV캐시를 본다", "kv ^캐시 시를 +를본 ^본다", {"kv"}),
        ("층 하나", "^층 +층하 ^하나", set()),
        ("모델. (표)", "^모델 ^표", set()),
        ("Qwen2.5-VL", "qwen 2 .5 vl", {"qwen", "vl"}),
        ("MaPPO", "mappo", {"mappo", "ma", "ppo"}),
        ("in-painting", "in painting", {"in", "painting", "inpainting"}),
        ("DINOv2", "dinov 2", {"dinov", "v2", "di", "no"} | {"dinov", "nov2", "nov", "din", "ov2", "ov"}),
        ("深度学习 とは", "^深度 度学 学习 +习と ^とは", set()),
        ("", "", set()),
    ],
)
def test_tokens(text: str, tokens: str, words: set[str]) -> None:
    made = TextTokens()
    assert made.of(text) == tokens
    assert made.words <= words | {text.lower()}
    assert {word for word in words if word in {"ppo", "v2", "inpainting", "kv", "qwen"}} <= made.words
