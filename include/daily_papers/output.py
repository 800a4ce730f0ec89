"""Rows for people and programs: a table on a terminal, or JSON, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from daily_papers.markdown_text import escaped

LONGEST_UNFOLDED = 19
"""Characters of a cell that a table on a terminal never folds: a time to the second."""
_SPACE_BETWEEN = 3


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
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        return json.dumps(objects, ensure_ascii=False, indent=2, default=_json_value) + "\n"
    if output_format is OutputFormat.CSV:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)
        return buffer.getvalue()
    if output_format is OutputFormat.MD:
        lines = [list(columns), ["---"] * len(columns)]
        lines += [[escaped(_cell(value)) for value in row] for row in rows]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return _table(columns, rows)


def _distinct(columns: Sequence[str]) -> list[str]:
    """Names of columns with a number behind every repetition, so that no column is lost in an object."""
    seen: Counter[str] = Counter()
    names = []
    for column in columns:
        seen[column] += 1
        names.append(column if seen[column] == 1 else f"{column}_{seen[column]}")
    return names


def _json_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(_cell(element) for element in value)
    return str(value)


def _short(value: Any) -> str:
    """A cell of a table on a terminal: times to the second, and no signs that a terminal obeys."""
    text = value.isoformat(" ", "seconds") if isinstance(value, datetime) else _cell(value)
    return "".join(sign if sign in "\n\t" or unicodedata.category(sign) != "Cc" else "�" for sign in text)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[_short(value) for value in row] for row in rows]
    longest = [max((len(line[index]) for line in cells), default=0) for index in range(len(columns))]
    console = Console(soft_wrap=False)

    def least_width(names: Sequence[str]) -> int:
        """Of a table that folds no figure and no part of a name."""
        parts = (max(map(len, name.split("\n"))) for name in names)
        widths = (max(part, min(most, LONGEST_UNFOLDED)) for part, most in zip(parts, longest, strict=True))
        return sum(width + _SPACE_BETWEEN for width in widths)

    names = list(columns)
    if least_width(names) > console.width:
        names = [name.replace("_", "_\n") for name in names]
    console.width = max(console.width, least_width(names))  # else columns would be left out
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(names):
        numeric = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        width = min(longest[index], LONGEST_UNFOLDED)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold", min_width=width)
    for line in cells:
        table.add_row(*map(Text, line))
    with console.capture() as capture:
        console.print(table)
    return capture.get()
