"""How the warehouse behaves as the library grows, and against SQLite, polars and the bare day files.

`python -m bench.warehouse_bench [--papers 1000 10000 …] [--plot FILE.png] [--json FILE]` makes a synthetic library of
each size (`bench.library_generator`), rebuilds its warehouse, loads dates again, asks each query of the catalogue, and
some questions more, in four ways (three where the day files do not hold the answer) that must agree in every row, and
searches in its index and in SQLite's FTS5.
Bare times mean nothing on a busy machine: figures are CPU time, user and system, of this process and its children, as
ratios within one run. It needs polars, and matplotlib for a plot.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import math
import os
import resource
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

os.environ["POLARS_MAX_THREADS"] = "1"  # read when polars is imported

import duckdb

from bench.library_generator import generate
from daily_papers.lake.library import Library
from daily_papers.reasons import REASON_TEXTS
from daily_papers.settings import Settings
from daily_papers.warehouse import publication
from daily_papers.warehouse.duckdb_access import CLOSED, OFFLINE
from daily_papers.warehouse.fill_tables import contents_of, replace_dates

if TYPE_CHECKING:
    from bench.warehouse_queries import Question

SIZES = (1_000, 10_000)
PAPERS_TO_WARM_UP = 300
LOADED_DATES = 5
TARGET = 2.0
"""A day's transaction in the largest library may take this many times that of the smallest."""
LEAST_CPU = 0.004
"""Seconds of work that one measurement covers: what takes less is repeated within it."""
LONG = 5.0
"""Seconds of work that are measured once: chance is a small part of them."""
SEARCHES = (
    "추론", "모델", "확산 모델", "강화학습", "벤치마크", "reasoning", "diffusion model", "GPT-4o", "3D generation",
    "멀티모달 정렬", "양자화", "텍스트 이미지 생성", "transformer", "vision language model", "retrieval augmented",
    "토큰", "agent", "보상 모델", '"large language model"', "데이터셋",
)  # fmt: skip
OTHERS = {"sqlite": "SQLite", "polars": "polars", "day_files": "day files"}
ONE_IN_THE_LAST_DIGIT = 1.1e-6
"""Dollars have six digits, the most of all figures: a sum of floating-point numbers depends on their order, and where
it ends in half a digit it is rounded up in one way and down in another."""
Rows = list[tuple[Any, ...]]
Ask = Callable[[], Sequence[Sequence[Any]]]


@dataclass
class Figures:
    """What one size came to: CPU in seconds, of questions by name and way of asking."""

    papers: int
    dates: int = 0
    megabytes: float = 0
    rebuild: float = 0
    transaction: float = 0
    new_date: float = 0
    load: float = 0
    copy: float = 0
    questions: dict[str, dict[str, float]] = field(default_factory=dict)
    without_rows: list[str] = field(default_factory=list)
    search: dict[str, list[float]] = field(default_factory=dict)
    """CPU of each search, in seconds, by way of searching."""
    search_megabytes: dict[str, float] = field(default_factory=dict)

    @property
    def publication(self) -> float:
        """What a load takes beside its transaction: copying the file, opening it, checkpoint, putting it in place."""
        return max(self.load - self.transaction, 0.0)

    @property
    def rebuild_per_thousand(self) -> float:
        """Rebuilding, per 1,000 papers."""
        return 1000 * self.rebuild / self.papers

    def times_slower(self, other: str) -> dict[str, float]:
        """CPU of another way of asking over that of the warehouse, by question."""
        return {name: ways[other] / ways["warehouse"] for name, ways in self.questions.items() if other in ways}


def cpu() -> float:
    """User and system seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def cpu_of(work: Callable[[], object]) -> float:
    """CPU of doing something once."""
    started = cpu()
    work()
    return cpu() - started


def usual_cpu_of(work: Callable[[], object]) -> float:
    """Median CPU of something that was done before (the warm-up)."""
    first = max(cpu_of(work), 1e-6)
    if first > LONG:
        return first
    times = max(1, math.ceil(LEAST_CPU / first))
    measured = [cpu_of(lambda: [work() for _ in range(times)]) / times for _ in range(2 if times == 1 else 3)]
    return median([*measured, first] if times == 1 else measured)


def measure(papers: int, folder: Path, *, calls: bool, questions: bool, say: Callable[[str], None]) -> Figures:
    """Everything about a library of one size, made in an empty folder."""
    found = Figures(papers)
    library, dates = make(found, folder, calls=calls, say=say)
    if questions:
        say(f"{papers:,} papers: questions")
        found.questions, found.without_rows = ask_everyone(library, folder, dates, say)
    say(f"{papers:,} papers: searches")
    search(found, library, folder)
    return found


def make(found: Figures, folder: Path, *, calls: bool, say: Callable[[str], None]) -> tuple[Library, list[date]]:
    """Makes a library, and measures the rebuild of its warehouse and loads of single dates.

    Returns:
        The library and its dates.
    """
    library = Library(_settings(folder))
    say(f"{found.papers:,} papers: making the library")
    dates = generate(folder / "home", found.papers, calls=calls)
    found.dates = len(dates)
    say(f"{found.papers:,} papers: rebuild")
    found.rebuild = cpu_of(lambda: publication.rebuild(library))
    found.megabytes = library.settings.warehouse_path.stat().st_size / 1e6
    say(f"{found.papers:,} papers: loading dates again")
    warm_up, *loaded = [dates[len(dates) * number // (LOADED_DATES + 1)] for number in range(LOADED_DATES + 1)]
    copy = folder / "copy.duckdb"
    found.copy = cpu_of(lambda: shutil.copyfile(library.settings.warehouse_path, copy))
    with duckdb.connect(str(copy), config=OFFLINE) as connection:
        _replace(connection, library, warm_up)
        found.transaction = median([cpu_of(partial(_replace, connection, library, day)) for day in loaded])
        found.new_date = median([_cpu_of_a_new_date(connection, library, day) for day in loaded])
    copy.unlink()
    publication.load(library, [warm_up])
    found.load = median([cpu_of(partial(publication.load, library, [day])) for day in loaded])
    say(
        f"{found.papers:,} papers: rebuild {found.rebuild_per_thousand:.3g} ms a paper, transaction "
        f"{_milliseconds(found.transaction)} ms, publication {_milliseconds(found.publication)} ms"
    )
    return library, dates


def _settings(folder: Path) -> Settings:
    home = folder / "home"
    places: dict[str, Any] = {"DAILY_PAPERS_HOME": str(home), "DAILY_PAPERS_WAREHOUSE": str(home / "warehouse.duckdb")}
    return Settings(**places)


def _replace(connection: duckdb.DuckDBPyConnection, library: Library, listing_date: date) -> None:
    connection.begin()
    replace_dates(connection, library, contents_of(library, [listing_date]))
    connection.commit()


def _cpu_of_a_new_date(connection: duckdb.DuckDBPyConnection, library: Library, listing_date: date) -> float:
    """CPU of the transaction of a date that the warehouse lacks: it is taken out of the lake for a moment."""
    kept = [
        Path(path.path)
        for path in (library.lake.day_file(listing_date), library.lake.observations(listing_date).parent)
    ]
    away = [path.with_name(f"{path.name}.away") for path in kept]
    for path, elsewhere in zip(kept, away, strict=True):
        path.rename(elsewhere)
    _replace(connection, library, listing_date)
    for path, elsewhere in zip(kept, away, strict=True):
        elsewhere.rename(path)
    return cpu_of(lambda: _replace(connection, library, listing_date))


def ask_everyone(
    library: Library, folder: Path, dates: Sequence[date], say: Callable[[str], None]
) -> tuple[dict[str, dict[str, float]], list[str]]:
    """CPU of each question in each way, in seconds; and the questions whose answer is empty in all ways.

    Raises:
        AssertionError: two ways of asking do not give the same rows.
    """
    import polars  # only here: processes of the rebuild import this module again, and need neither

    from bench.catalogue_queries import catalogue_questions
    from bench.warehouse_queries import TABLES, other_questions

    parquet, days = folder / "tables", Path(library.settings.home_path.path) / "lake" / "days"
    parquet.mkdir()
    _export(library, parquet, TABLES)
    found: dict[str, dict[str, float]] = {}
    without_rows = []
    with (
        _reading(library) as tables,
        duckdb.connect(config=OFFLINE) as files,
        closing(sqlite3.connect(folder / "tables.sqlite")) as sqlite,
    ):
        _copy_to_sqlite(sqlite, parquet, TABLES)
        _view_day_files(files, days)

        def scan(table: str) -> polars.LazyFrame:
            return polars.scan_parquet(parquet / f"{table}.parquet")

        for name, question in {**catalogue_questions(), **other_questions(_a_paper(tables, dates))}.items():
            ways = _ways(question, tables, files, sqlite, scan)
            rows = {way: comparable(ask(), question.not_compared) for way, ask in ways.items()}
            for way, found_rows in rows.items():
                assert agree(found_rows, rows["warehouse"]), f"{name}: {way} answers otherwise than the warehouse"
            if not rows["warehouse"]:
                without_rows.append(name)
            found[name] = {way: usual_cpu_of(ask) for way, ask in ways.items()}
            say(f"{name}: " + ", ".join(f"{way} {1000 * seconds:,.3g} ms" for way, seconds in found[name].items()))
    shutil.rmtree(parquet)
    (folder / "tables.sqlite").unlink()
    return found, without_rows


def _ways(
    question: Question,
    tables: duckdb.DuckDBPyConnection,
    files: duckdb.DuckDBPyConnection,
    sqlite: sqlite3.Connection,
    scan: Callable[[str], Any],
) -> dict[str, Ask]:
    values = question.values
    for_sqlite = {name: _for_sqlite(value) for name, value in values.items()}
    ways: dict[str, Ask] = {"warehouse": partial(_fetch, tables, question.warehouse, values)}
    if (in_sqlite := question.sqlite) is not None:
        ways["sqlite"] = lambda: sqlite.execute(in_sqlite, for_sqlite).fetchall()
    if (in_polars := question.polars) is not None:
        ways["polars"] = lambda: in_polars(scan, values).collect().rows()
    if question.day_files is not None:
        ways["day_files"] = partial(_fetch, files, question.day_files, values)
    return ways


def _view_day_files(files: duckdb.DuckDBPyConnection, days: Path) -> None:
    """The day files as a view, and what the code says of reasons, which the warehouse has in its tables."""
    files.execute(f"CREATE VIEW day_files AS SELECT * FROM read_parquet('{days}/*.parquet')")
    files.execute("CREATE TABLE reason_texts (reason VARCHAR, severity VARCHAR, remedy VARCHAR)")
    texts = [[reason.value, text.severity.value, text.remedy] for reason, text in REASON_TEXTS.items()]
    files.executemany("INSERT INTO reason_texts VALUES (?, ?, ?)", texts)
    files.execute("SET threads = 1")


def _reading(library: Library) -> duckdb.DuckDBPyConnection:
    """The published warehouse, read by one thread as the other ways are."""
    published = library.settings.warehouse_path.resolve()
    return duckdb.connect(str(published), read_only=True, config={**CLOSED, "threads": 1})


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str, named: Mapping[str, Any]) -> list[Any]:
    return connection.execute(sql, named).fetchall()


def _a_paper(tables: duckdb.DuckDBPyConnection, dates: Sequence[date]) -> str:
    """A paper from the middle of the library."""
    papers = tables.execute("SELECT min(paper_id) FROM summaries WHERE listing_date = ?", [dates[len(dates) // 2]])
    return str(papers.fetchall()[0][0])


def _export(library: Library, folder: Path, names: Sequence[str]) -> None:
    """The tables that questions need, one Parquet file each."""
    with duckdb.connect(str(library.settings.warehouse_path.resolve()), read_only=True, config=OFFLINE) as connection:
        for table in names:
            connection.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")


def _copy_to_sqlite(sqlite: sqlite3.Connection, folder: Path, names: Sequence[str]) -> None:
    """The same tables with indexes on date and paper; times as text, which compares as they do."""
    from bench.catalogue_sqlite import AGGREGATES, FUNCTIONS

    for name, (aggregate, arguments) in AGGREGATES.items():
        sqlite.create_aggregate(name, arguments, aggregate)
    for name, function in FUNCTIONS.items():
        sqlite.create_function(name, 1, function, deterministic=True)
    sqlite.execute("PRAGMA synchronous = OFF")
    with duckdb.connect(config=OFFLINE) as connection:
        for table in names:
            rows = connection.execute(f"SELECT * FROM read_parquet('{folder / table}.parquet')")
            columns = [column[0] for column in rows.description or []]
            sqlite.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            insertion = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
            while batch := rows.fetchmany(10_000):
                sqlite.executemany(insertion, [[_for_sqlite(value) for value in row] for row in batch])
            for column in {"listing_date", "paper_id"}.intersection(columns):
                sqlite.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
    sqlite.execute("ANALYZE")
    sqlite.commit()


def _for_sqlite(value: Any) -> Any:
    return str(value) if isinstance(value, date | datetime | list) else value


def comparable(rows: Sequence[Sequence[Any]], not_compared: Collection[int] = ()) -> Rows:
    """Rows in an order and with values that do not depend on who gave them, without some columns."""
    kept = ([value for position, value in enumerate(row) if position not in not_compared] for row in rows)
    return sorted((tuple(map(_comparable, row)) for row in kept), key=repr)


def _comparable(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))  # as SQLite writes a list
    if isinstance(value, date | datetime):
        return str(value)
    if isinstance(value, timedelta):
        return _comparable(value.total_seconds())
    if isinstance(value, float | Decimal):
        return int(value) if value == int(value) else float(f"{value:.9g}")
    return int(value) if isinstance(value, bool) else value


def agree(rows: Rows, others: Rows) -> bool:
    """Whether comparable rows are the same. The last digit of a price may differ by one (`ONE_IN_THE_LAST_DIGIT`)."""
    return [len(row) for row in rows] == [len(row) for row in others] and all(
        one == other or (_is_number(one) and _is_number(other) and abs(one - other) < ONE_IN_THE_LAST_DIGIT)
        for row, other_row in zip(rows, others, strict=True)
        for one, other in zip(row, other_row, strict=True)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def search(found: Figures, library: Library, folder: Path) -> None:
    """CPU of some searches: as the command line has them, in an index that stays open, and in SQLite's FTS5, which
    stays open, too."""
    from bench.search_sqlite import SearchInSqlite
    from daily_papers.ask.search import Filters, search_in, search_papers
    from daily_papers.ask.search_words import words_of

    index = library.settings.warehouse_path.resolve().with_name("search")
    found.search_megabytes["ours"] = sum(file.stat().st_size for file in index.iterdir()) / 1e6
    with (
        closing(SearchInSqlite(library, folder / "search.sqlite")) as sqlite,
        publication.open_search_index(library) as searcher,
    ):
        found.search_megabytes["FTS5"] = sqlite.file.stat().st_size / 1e6
        ways: dict[str, Callable[[str], object]] = {
            "ours, opened": lambda query: search_papers(library, query),
            "ours": lambda query: search_in(searcher, words_of(query), Filters(), 10),
            "FTS5": sqlite.find,
        }
        found.search = {way: [usual_cpu_of(partial(ask, query)) for query in SEARCHES] for way, ask in ways.items()}
    sqlite.file.unlink()


def markdown(found: Sequence[Figures]) -> str:
    """The figures as tables."""
    smallest = found[0]
    lines = _table(
        ["papers", "dates", "file MB", "rebuild, CPU ms a paper", "ratio", "transaction of a date loaded again, CPU ms",
         "ratio", "of a new date, CPU ms", "ratio",
         "its publication, CPU ms", "ratio", "of which copying the file, CPU ms"],
        [
            [
                f"{one.papers:,}", f"{one.dates:,}", f"{one.megabytes:,.0f}",
                f"{one.rebuild_per_thousand:.2f}", _ratio(one.rebuild_per_thousand, smallest.rebuild_per_thousand),
                _milliseconds(one.transaction), _ratio(one.transaction, smallest.transaction),
                _milliseconds(one.new_date), _ratio(one.new_date, smallest.new_date),
                _milliseconds(one.publication), _ratio(one.publication, smallest.publication),
                _milliseconds(one.copy),
            ]
            for one in found
        ],
    )  # fmt: skip
    for one in found:
        if not one.questions:
            continue
        titles = [f"{title} / warehouse" for title in OTHERS.values()]
        slower = {way: one.times_slower(way) for way in OTHERS}
        rows = [
            [
                name + " (no rows)" * (name in one.without_rows),
                _milliseconds(ways["warehouse"]),
                _ratio(ways["warehouse"], smallest.questions[name]["warehouse"]),
            ]
            + [_times(slower[way][name]) if name in slower[way] else "–" for way in OTHERS]
            for name, ways in one.questions.items()
        ]
        rows.append(["**median**", "", "", *(f"**{_times(median(slower[way].values()))}**" for way in OTHERS)])
        head = [f"question, {one.papers:,} papers", "warehouse, CPU ms", f"to {smallest.papers:,} papers", *titles]
        lines += ["", *_table(head, rows)]
    for way in ("sqlite", "polars"):
        if missing := [name for name, ways in smallest.questions.items() if way not in ways]:
            lines += ["", f"Not written for {OTHERS[way]}, so not compared with it: {', '.join(missing)}."]
    lines += ["", *_searches(found)]
    return "\n".join(lines)


def _searches(found: Sequence[Figures]) -> list[str]:
    rows = []
    for one in found:
        ours, fts5 = one.search["ours"], one.search["FTS5"]
        rows.append([
            f"{one.papers:,}", _milliseconds(median(ours)), _milliseconds(max(ours)),
            _ratio(median(ours), median(found[0].search["ours"])), _milliseconds(median(one.search["ours, opened"])),
            _milliseconds(median(fts5)), _milliseconds(max(fts5)), _ratio(median(ours), median(fts5)),
            f"{one.search_megabytes['ours']:,.0f}", f"{one.search_megabytes['FTS5']:,.0f}",
        ])  # fmt: skip
    head = ["papers", f"median of {len(SEARCHES)} searches, CPU ms", "longest", "growth", "median with opening",
            "FTS5, median", "longest", "ours / FTS5", "index, MB", "FTS5, MB"]  # fmt: skip
    return _table(head, rows)


def conclusion(found: Sequence[Figures]) -> str:
    """What the tables come to, in ratios alone."""
    smallest, largest = found[0], found[-1]
    growth, new_date = largest.transaction / smallest.transaction, largest.new_date / smallest.new_date
    others = ", ".join(
        f"{title} {_times(median(largest.times_slower(way).values()))} x"
        for way, title in OTHERS.items()
        if largest.questions
    )
    return (
        f"From {smallest.papers:,} to {largest.papers:,} papers a date's transaction takes {growth:.2f} x "
        f"loaded again and {new_date:.2f} x as a new one (target: at most {TARGET:.0f}, "
        f"{'met' if max(growth, new_date) <= TARGET else 'MISSED'}), its publication "
        f"{largest.publication / smallest.publication:.1f} x, and the rebuild "
        f"{largest.rebuild_per_thousand / smallest.rebuild_per_thousand:.2f} x a paper. The CPU of the median question "
        f"at {largest.papers:,} papers over that of the warehouse: {others or 'not asked'}. The median search takes "
        f"{_ratio(median(largest.search['ours']), median(largest.search['FTS5']))} x that of SQLite FTS5."
    )


def plot(found: Sequence[Figures], path: Path) -> None:
    """The ratios over the number of papers, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    papers, smallest = [one.papers for one in found], found[0]
    figure, (growth, against) = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    curves = {
        "transaction of a date again": [one.transaction / smallest.transaction for one in found],
        "transaction of a new date": [one.new_date / smallest.new_date for one in found],
        "its publication": [one.publication / smallest.publication for one in found],
        "rebuild, a paper": [one.rebuild_per_thousand / smallest.rebuild_per_thousand for one in found],
    }
    searches = [median(one.search["ours"]) for one in found]
    curves["search, median"] = [search_cpu / searches[0] for search_cpu in searches]
    for name, values in curves.items():
        growth.plot(papers, values, marker="o", label=name)
    growth.axhline(TARGET, linestyle=":", color="grey", label=f"target of the transaction: {TARGET:.0f}")
    growth.set(title="Growth", ylabel=f"CPU, relative to {smallest.papers:,} papers")
    for way, title in OTHERS.items() if smallest.questions else ():
        against.plot(papers, [median(one.times_slower(way).values()) for one in found], marker="o", label=title)
    against.axhline(1, linestyle=":", color="grey", label="the warehouse")
    against.set(title="Median question", ylabel="CPU, relative to the warehouse")
    for axes in (growth, against):
        axes.set(xlabel="papers", xscale="log", yscale="log")
        axes.legend()
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.grid(visible=True, which="both", alpha=0.3)
    figure.savefig(path, dpi=120)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g}" if seconds < 1 else f"{1000 * seconds:,.0f}"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def _ratio(value: float, of: float) -> str:
    return f"{value / of:.2f}" if of else "–"


def main() -> None:
    """Measures, and prints Markdown."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.warehouse_bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--papers", type=int, nargs="+", default=list(SIZES), help="sizes of the libraries")
    parser.add_argument(
        "--directory", type=Path, help="where libraries are made (12 KB a paper and warehouse, 3 of them)"
    )
    parser.add_argument("--without-calls", action="store_true", help="no file for each call: a million are a burden")
    parser.add_argument("--without-questions", action="store_true", help="only loads and searches")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="a PNG of the ratios")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    given = parser.parse_args()
    for package in ("polars", *(["matplotlib"] if given.plot else [])):
        if importlib.util.find_spec(package) is None:
            sys.exit(f"{package} is missing. Install it: pip install {package}")
    logging.disable(logging.WARNING)
    found = []
    with tempfile.TemporaryDirectory(prefix="warehouse-bench-", dir=given.directory) as folder:
        # so that the first size does not pay for what is done once: imports, and DuckDB's start
        make(Figures(PAPERS_TO_WARM_UP), _new(folder, "warm-up"), calls=True, say=lambda _: None)
        for papers in sorted(given.papers):
            here = _new(folder, str(papers))
            found.append(
                measure(papers, here, calls=not given.without_calls, questions=not given.without_questions, say=_say)
            )
            shutil.rmtree(here)
    print(f"{markdown(found)}\n\n{conclusion(found)}")
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n", encoding="utf-8")
    if given.plot:
        plot(found, given.plot)


def _new(folder: str, name: str) -> Path:
    made = Path(folder) / name
    made.mkdir()
    return made


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
