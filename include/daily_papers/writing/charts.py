"""Charts as PNG images, with a font that has Hangul; equal data give equal bytes."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import matplotlib as mpl
import pylopdf_fonts_ko
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
_FONT = str(pylopdf_fonts_ko.sans_path())
_STYLE: Any = {
    "font.family": font_manager.FontProperties(fname=_FONT).get_name(),
    "text.parse_math": False,  # keywords come from outside, and $ would be mathematics
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.alpha": 0.3,
}
_COMPLETE, _OTHER = "#2b6cb0", "#cbd5e0"
LONGEST_LABEL = 40
"""Characters of a label."""


def papers_by_day(days: Sequence[tuple[date, int, int]], *, title: str, complete: str, other: str) -> bytes:
    """Bars of complete and of other papers (date, complete, listed) a day."""
    with _style():
        figure = _figure()
        axes = figure.add_subplot()
        labels = [f"{day:%m-%d}" for day, _, _ in days]
        done = [count for _, count, _ in days]
        rest = [listed - count for _, count, listed in days]
        axes.bar(labels, done, color=_COMPLETE, label=complete)
        axes.bar(labels, rest, bottom=done, color=_OTHER, label=other)
        axes.set_title(title)
        axes.tick_params(axis="x", rotation=60 if len(days) > 10 else 0)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(frameon=False)
        return _png(figure)


def frequencies(rows: Sequence[tuple[str, int]], *, title: str) -> bytes:
    """Horizontal bars, the first row on top."""
    with _style():
        figure = _figure()
        axes = figure.add_subplot()
        labels = [label if len(label) <= LONGEST_LABEL else f"{label[:LONGEST_LABEL]}…" for label, _ in rows]
        positions = range(len(rows), 0, -1)
        axes.barh(list(positions), [count for _, count in rows], color=_COMPLETE)
        axes.set_yticks(list(positions), labels)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=False)
        axes.set_title(title)
        return _png(figure)


def _style() -> AbstractContextManager[None]:
    if not any(font.fname == _FONT for font in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(_FONT)
    return mpl.rc_context(_STYLE)


def _figure() -> Figure:
    return Figure(figsize=(9, 4), dpi=110, layout="constrained")


def _png(figure: Figure) -> bytes:
    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
