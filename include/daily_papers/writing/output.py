"""Rows for people and programs: a table on a terminal, or JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from daily_papers.outside_text import printable, printable_json
from daily_papers.writing.markdown_text import escaped

DIGITS = 15
"""Of a figure that is printed: what a sum of doubles adds beyond is noise. JSON has figures as they are."""
LONGEST_UNFOLDED = 19
"""Characters of a cell that a table on a terminal never folds: a time to the second."""
LEAST_BROKEN = 12
"""Characters of the lines of a heading that is broken, at an underscore: `paper_id` is not."""
_SPACE_BETWEEN = 3
_WORD = re.compile(r"\w+")


class OutputFormat(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"


def formatted(columns: Sequence[str], rows: Sequence[Sequence[Any]], output_format: OutputFormat) -> str:
    """Rows as text that ends in a newline. JSON is a list of objects; null, lists and dates keep their meaning."""
    if output_format is OutputFormat.JSON:
        names = _distinct(columns)
        objects = [dict(zip(names, map(_json_value, row), strict=True)) for row in rows]
        return json_text(objects)
    if output_format is OutputFormat.CSV:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)
        return buffer.getvalue()
    if output_format is OutputFormat.MD:
        lines = [[name if _WORD.fullmatch(name) else escaped(name) for name in columns], ["---"] * len(columns)]
        lines += [[escaped(_cell(value)) for value in row] for row in rows]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return _table(columns, rows)


def _distinct(columns: Sequence[str]) -> list[str]:
    """Names of columns with a number after every repetition, so that no column is lost in an object."""
    seen: Counter[str] = Counter()
    names = []
    for column in columns:
        seen[column] += 1
        names.append(column if seen[column] == 1 else f"{column}_{seen[column]}")
    return names


def json_text(value: Any) -> str:
    """A JSON value as a document for terminals, files and programs; what a terminal would obey is an escape."""
    return printable_json(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _json_value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_json_value(element) for element in value]
    if isinstance(value, dict):
        return {str(name): _json_value(element) for name, element in value.items()}
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None  # JSON has no other figures
    return value if value is None or isinstance(value, bool | int) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_cell(element) for element in value)
    if isinstance(value, float) and math.isfinite(value):
        return repr(float(f"{value:.{DIGITS}g}"))
    return str(value)


def _short(value: Any) -> str:
    """A cell of a table: times to the second."""
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else _cell(value)


def _broken_heading(name: str, width: int) -> str:
    """A heading on lines of at most `width` characters where that can be, broken after underscores only."""
    lines = [""]
    for word in re.findall(r"[^_]*_+|[^_]+", name):
        if lines[-1] and len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += word
    return "\n".join(lines)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table as wide as the terminal where that can be; in a pipe or a file nothing is folded."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[printable(_short(value)).expandtabs() for value in row] for row in rows]
    names = [printable(name) for name in columns]
    longest = [max((len(line[index]) for line in cells), default=0) for index in range(len(names))]
    unfolded = [min(most, LONGEST_UNFOLDED) for most in longest]
    console = Console(soft_wrap=False)

    def least_width(names: Sequence[str]) -> int:
        """Of a table that folds no figure and no part of a name."""
        parts = (max(map(len, name.split("\n"))) for name in names)
        return sum(max(part, most) + _SPACE_BETWEEN for part, most in zip(parts, unfolded, strict=True))

    if not console.is_terminal and "COLUMNS" not in os.environ:
        # a character takes at most two columns
        console.width = 2 * sum(
            max(len(name), most) + _SPACE_BETWEEN for name, most in zip(names, longest, strict=True)
        )
    if least_width(names) > console.width:
        names = [_broken_heading(name, max(most, LEAST_BROKEN)) for name, most in zip(names, unfolded, strict=True)]
    console.width = max(console.width, least_width(names))  # else columns would be left out
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(names):
        numeric = bool(rows) and all(isinstance(row[index], int | float | Decimal) for row in rows)
        table.add_column(Text(name), justify="right" if numeric else "left", overflow="fold", min_width=unfolded[index])
    for line in cells:
        table.add_row(*map(Text, line))
    with console.capture() as capture:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().split("\n")[:-1])
