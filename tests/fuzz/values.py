"""What no source should send: JSON values and texts, as strategies whose `repr` stays short, and their bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Repeated:
    """A text of one unit, many times; `length` is in characters."""

    unit: str
    length: int

    @property
    def text(self) -> str:
        return self.unit * (self.length // len(self.unit))


@dataclass(frozen=True)
class Literal:
    """JSON as it stands on the wire: numbers that Python would not write, and bytes that are not UTF-8."""

    json: bytes


@dataclass(frozen=True)
class Deep:
    """Lists in lists, or objects in objects."""

    depth: int
    opening: str = "["

    @property
    def json(self) -> bytes:
        opening, closing = {"[": ("[", "]"), "{": ('{"a":', "}")}[self.opening]
        return (opening * self.depth + "1" + closing * self.depth).encode()


def encoded(value: Any) -> bytes:
    """JSON of a value that may hold the classes above; ASCII but for what literals bring."""
    if isinstance(value, Repeated):
        return json.dumps(value.text).encode()
    if isinstance(value, Literal | Deep):
        return value.json
    if isinstance(value, Mapping):
        return b"{" + b",".join(json.dumps(key).encode() + b":" + encoded(of) for key, of in value.items()) + b"}"
    if isinstance(value, list | tuple):
        return b"[" + b",".join(map(encoded, value)) + b"]"
    return json.dumps(value).encode()


SIGNS = (
    "\ud83d", "\udc00", "\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b[31m", "\x1b]0;title\x07", "\x7f",
    "\x85", "\x9b31m", "\r", "\r\n", "\n", "\n\n", "\t", "\u2028", "\u2029", "\u202a", "\u202d", "\u202e", "\u2066",
    "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\ufffd", "\ufffe",
    "\uffff", "\U000e0041", "\U0010ffff", "\u3164", "\u0301" * 40, "\U0001f468\u200d\U0001f469",
)  # fmt: skip
"""Characters that files, terminals and readers stumble over."""

MARKUP = (
    "`", "```", "\n```\n", "\n~~~\n", "~", "~~x~~", "3~5% 10~20%", "*", "**", "_", "# h", "\n## 2505.00001\n",
    "\n---\n", "\n===\n", "\n> q", "\n- a\n  - b", "\n1. a", "\n    code", "|", "\n|a|b|\n|-|-|\n|1|2|\n",
    "[a](http://e.invalid)", "![x](http://e.invalid/x.png)", "[a](javascript:alert(1))",
    "\n[a]: http://e.invalid\n", "[a]", "[^1]", "\n[^1]: note", "<b>", "<script>alert(1)</script>", "<!--", "-->",
    "<!DOCTYPE", "<details>", "<http://e.invalid>", "http://e.invalid", "www.e.invalid", "a@e.invalid", "@somebody",
    "#1", "&lt;", "&#0;", "&#x202e;", "&nbsp;", "\\", "\\\\", "$", "$$x$$", "\n$$\nx\n$$\n", "\\(x\\)",
    "\\textbf{x}", "$`x`$", "- [ ] x", ":smile:", "\n<br>\n", "<think>", "</think>", "<|im_end|>", "{{ 1 }}",
    "{% raw %}", "=1+1", "@SUM(1)", "'; DROP TABLE papers; --", "%s", "{}", "===== 00 =====", "What it is: {}",
    "null", "NaN", "../../x", "C:\\x", "\\ud83d", "\\u0000",
)  # fmt: skip
"""Markdown of every kind, HTML, links, math, and what templates, tables and prompts are made of."""

UNITS = (
    "1,", "1.", "1 ", "1", "a.", "a-", "a ", "a", "가", "“", "”", '"', "'", "[", "![", "[[", "](", "[a](", "(", "{",
    "<", "<a ", "<!--", "</", "&", "`", "``", "*", "**", "**a ", "_", "~", "|", "> ", "- ", "\n- ", "\n> ", "\n",
    " ", "\t", "\\", "$", "$a", "#", "=", ":", "http://", "www.", "@", "a@", "%", "1%", "3~5", "1e", "-", "±", "×",
    "\u0301", "\u200b", "\u202e", "\ud83d", "<b>", "a\n", "1\n", "…", "。", "(1", "1/",
)  # fmt: skip
"""What a careless pattern takes long over."""

ODD_WORDS = (
    "", " ", "null", "nan", "2505.14680", "2505.1468", "2505.14680v2", "../../etc/passwd", "hep-th/9901001", "2505",
    "0000.00000", "9999.99999", "2505.00001\n", "２５０５.００００１", "2505.00001/../x", "CON", "a" * 300,
    "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "2025-02-30T00:00:00Z", "2025-05-21",
    "2025-05-21T25:61:61Z", "10000-01-01T00:00:00Z", "2025-05-21T00:00:00+99:99", "1747785600", "-1", "1e400",
    "http://", "https://[::1", "javascript:alert(1)", "ftp://e.invalid", "https://github.com/",
    "https://github.com/a/b/tree/\ud83d", "https://e.invalid/\u202etxt", "https://e.invalid/) [x](y",
    "https://e.invalid/<script>", "https://e.invalid:99999999/", "https://xn--/", "https://\x00/", "true", "en",
    "gzip",
)  # fmt: skip
"""Ids, dates and addresses that are nearly right."""

HUGE = st.builds(Repeated, st.sampled_from(UNITS), st.sampled_from([300, 5_000, 50_000]))
TEXTS = st.one_of(
    st.sampled_from(SIGNS),
    st.sampled_from(MARKUP),
    st.sampled_from(ODD_WORDS),
    st.lists(st.sampled_from(SIGNS + MARKUP + ODD_WORDS), min_size=2, max_size=5).map(" ".join),
    st.text(max_size=20),
)
NUMBERS = st.one_of(
    st.sampled_from([0, -1, 1.5, 2**31, 2**63, 2**64, -(2**63) - 1, 10**300, 1e308, -0.0, True, False]),
    st.sampled_from([b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"1" * 4000, b"1E-400"]).map(Literal),
)
DEEP = st.builds(Deep, st.sampled_from([3, 40, 200]), st.sampled_from("[{"))
VALUES = st.one_of(
    st.none(),
    NUMBERS,
    TEXTS,
    HUGE,
    DEEP,
    st.sampled_from([[], {}, [None], [[]], [{}], {"": ""}, {"a": None}]),
    st.lists(st.one_of(TEXTS, NUMBERS, st.none()), max_size=3),
    st.dictionaries(st.one_of(st.sampled_from(["_id", "name", "", "\ud83d", "\x00"]), TEXTS), TEXTS, max_size=2),
)

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Change:
    """One mutation of a JSON value: what is done at a path, and with which value."""

    path: Path
    how: str
    value: Any = None

    def applied(self, whole: Any) -> Any:
        """A changed copy; the same where an earlier change took the place away."""
        changed = deepcopy(whole)
        if not self.path:
            return self.value
        try:
            parent = changed
            for step in self.path[:-1]:
                parent = parent[step]
            self._change(parent, self.path[-1])
        except (KeyError, IndexError, TypeError, AttributeError):
            return whole
        return changed

    def _change(self, parent: Any, key: str | int) -> None:
        match self.how:
            case "replace":
                parent[key] = self.value
            case "delete":
                del parent[key]
            case "add":
                parent[key][str(self.value)] = self.value
            case "append":
                parent[key].append(self.value)
            case "repeat":
                parent[key] = parent[key] * 3
            case "wrap":
                parent[key] = [parent[key]]
            case "before" | "inside" | "after":
                text = parent[key]
                at = {"before": 0, "inside": len(text) // 2, "after": len(text)}[self.how]
                piece = self.value.text if isinstance(self.value, Repeated) else self.value
                parent[key] = text[:at] + piece + text[at:]


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Paths to everything in a JSON value, parents first; of a list its first two elements."""
    if path:
        yield path
    children: Sequence[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value[:2]))
    for key, child in children:
        yield from paths_of(child, (*path, key))


def changes(paths: Sequence[Path]) -> st.SearchStrategy[Change]:
    """Changes of a value that has these paths."""
    at = st.sampled_from(sorted(set(paths), key=repr))
    return st.one_of(
        st.builds(Change, at, st.just("replace"), VALUES),
        st.builds(Change, at, st.sampled_from(["before", "inside", "after"]), st.one_of(TEXTS, HUGE)),
        st.builds(Change, at, st.sampled_from(["delete", "repeat", "wrap"])),
        st.builds(Change, at, st.sampled_from(["append", "add"]), TEXTS),
    )


def changed(value: Any, of_it: Sequence[Change]) -> Any:
    """A value after some changes."""
    for change in of_it:
        value = change.applied(value)
    return value
