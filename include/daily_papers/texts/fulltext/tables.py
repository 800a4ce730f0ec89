"""LaTeXML's tables, made of table cells or of `<span>`, as lines of text."""

from __future__ import annotations

from bs4.element import Tag

from daily_papers.texts.fulltext.passages import UnreadableError

SPACES = {0xA0: " ", 0xAD: None, 0x200B: None}
"""Signs that are a space to readers, or nothing."""
_LONGEST_REPEATED = 60
_LARGEST_TABLE = 300_000
"""Characters of one table's text, a table in it included."""
_WIDEST_SPAN = 50

_Covered = dict[int, tuple[str, int]]
"""By column: the text of a cell from a row above, and how many rows it still covers."""


def line_of(element: Tag) -> str:
    """The text of an element on one line."""
    return " ".join(element.get_text(" ").translate(SPACES).split())


def table_lines(table: Tag) -> list[str]:
    """The rows of a table, cells parted by `|`.

    A short cell that spans several columns or rows is repeated, so that columns stay columns; a long one stands once.

    Raises:
        UnreadableError: the table is larger than any table of a paper.
    """
    lines: list[str] = []
    covered: _Covered = {}
    for row in table.select(".ltx_tr"):
        cells, covered = _cells(row, covered)
        lines.append(" | ".join(cells))
        if sum(map(len, lines)) > _LARGEST_TABLE:
            raise UnreadableError("holds a table without end")
    return lines


def _cells(row: Tag, above: _Covered) -> tuple[list[str], _Covered]:
    cells: list[str] = []
    below: _Covered = {}
    for cell in row.select(".ltx_td, .ltx_th"):
        _fill(cells, above, below)
        text, rows = line_of(cell), _span(cell, "rowspan")
        short = text if len(text) <= _LONGEST_REPEATED else ""
        for number in range(_span(cell, "colspan")):
            if rows > 1:
                below[len(cells)] = (short, rows - 1)
            cells.append(text if number == 0 else short)
    _fill(cells, above, below)
    return cells, below


def _fill(cells: list[str], above: _Covered, below: _Covered) -> None:
    """Adds the cells of rows above that cover the next columns."""
    while len(cells) in above:
        text, rows = above[len(cells)]
        if rows > 1:
            below[len(cells)] = (text, rows - 1)
        cells.append(text)


def _span(cell: Tag, name: str) -> int:
    """Columns or rows of a cell: an attribute of table cells, part of a class name where the table is made of spans."""
    names = [str(one).removeprefix(f"ltx_{name}_") for one in cell.get_attribute_list("class")]
    value = str(cell.get(name) or next(filter(str.isdecimal, names), "1"))
    return min(max(int(value), 1), _WIDEST_SPAN) if value.isdecimal() and len(value) < 4 else 1
