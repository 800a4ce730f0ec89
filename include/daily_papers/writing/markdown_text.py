"""Untrusted text and Markdown: escaping what is data, and judging what a model wrote."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from markdown_it import MarkdownIt

from daily_papers.outside_text import on_one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|~$#^@])")
_LINE_START = re.compile(r"^(?:(?:[-+]|\d{1,9}[.)])(?=\s|$)|[-=](?=[-=]*$))")
_BARE_ADDRESS = re.compile(r"(?i)(https?|ftp|www|mailto)(?=[:.])")
_BLOCK = re.compile(r"(\n\s*\n|\n(?=[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]))")
_BACKTICKS = re.compile(r"`+")
_SIGN = re.compile(
    r"\\[\s\S]|`+|~|\[(?=\^)|\[\[|==|%%|(?<=[-*+.)] )\[(?=[ xX]\])"
    r"|\$(?=\d)(?![^$\n\\^_{}=]*[\\^_{}=][^$\n]*\$)"  # a price, unless a formula follows
)

_ALLOWED_TOKENS = frozenset(
    {
        "paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak",
        "bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close",
        "list_item_open", "list_item_close", "strong_open", "strong_close", "em_open", "em_close",
        "code_inline", "text_special",
    }
)  # fmt: skip
MOST_NESTED = 20
"""Levels of Markdown in each other (a list has two) that CommonMark parsers of this family read by default."""
_AUTOLINKED = re.compile(r"(?i)\b(?:(?:https?|ftp)://|www\.)\w|[\w.+-]@\w+(?:-\w+)*\.\w")
_BOLD_BEFORE_PARTICLE = re.compile(r"(?<![\w*`])\*\*([^*\n(]+)(\([^()*\n]*\))\*\*(?=\w)")
_UNCLOSED_BOLD = re.compile(r"(?<![\w*`])\*\*([^*\n]*[^\w\s*])\*\*(?=\w)")


def escaped(text: str) -> str:
    """Text on one line in which every Markdown and HTML sign stands for itself, in any viewer.

    Escapes with backslashes (CommonMark 2.4), and parts bare addresses from their colon or dot with an
    escape so that GitHub does not link them.
    """
    line = _SPECIAL.sub(r"\\\1", on_one_line(text))
    line = _LINE_START.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", line)
    return _BARE_ADDRESS.sub(r"\1\\", line)


def for_any_viewer(text: str) -> str:
    """Section Markdown in which what only some viewers read as Markdown stands for itself, outside inline code.

    A pair of tildes strikes through, of equals signs highlights and of percent signs hides; `[^1]` is a footnote,
    `[[` a link, `[ ]` in a list a box, and two prices in dollars are a formula. Formulas stay what they are.
    """
    return "".join(_with_escapes(block) for block in _BLOCK.split(text))


def _with_escapes(block: str) -> str:
    """Escapes in one paragraph or list item. Inline code ends at the next run of as many backticks (CommonMark 6.1)."""
    runs: dict[int, list[int]] = {}
    for run in _BACKTICKS.finditer(block):
        runs.setdefault(len(run[0]), []).append(run.start())
    out, place = [], 0
    while found := _SIGN.search(block, place):
        out.append(block[place : found.start()])
        sign, place = found[0], found.end()
        if sign.startswith("`"):
            ends = runs.get(len(sign), [])
            end = bisect_left(ends, place)
            code_end = ends[end] + len(sign) if end < len(ends) else place
            sign, place = block[found.start() : code_end], code_end
        elif not sign.startswith("\\"):
            sign = "".join(f"\\{one}" for one in sign)
        out.append(sign)
    return "".join([*out, block[place:]])


def with_closed_bold(text: str) -> str:
    """Bold that closes before a Korean particle: `**모델(LM)**을` shows its asterisks (CommonMark 6.2, rule 7).

    The parenthesis moves out of the bold; where it ends in another sign, the bold goes. So does a mark that is never
    closed in its paragraph or list item.
    """
    closed = _UNCLOSED_BOLD.sub(r"\1", _BOLD_BEFORE_PARTICLE.sub(r"**\1**\2", text))
    return "".join(_without_lone_bold(block) for block in _BLOCK.split(closed))


def _without_lone_bold(block: str) -> str:
    if block.count("**") % 2 == 0 or "`" in block or "***" in block:
        return block
    head, _, tail = block.rpartition("**")
    return head + tail


@cache
def _parser() -> MarkdownIt:
    # other viewers nest deeper than this parser's default of 20: what it would skip, they would render
    return MarkdownIt("commonmark", {"maxNesting": 1000}).enable(["table", "strikethrough"])


def is_plain_markdown(text: str) -> bool:
    """Whether Markdown consists of paragraphs, lists, emphasis and inline code only.

    Headings, code blocks, tables, quotes, rules, links, images, link definitions, HTML and bare addresses (which
    GitHub links) are not plain: any of them could break out of a digest's section or smuggle something into it. Nor is
    what lies deeper than `MOST_NESTED`, which a viewer may skip.
    """
    environment: dict[str, object] = {}
    try:
        tokens = _parser().parse(text, environment)
    except RecursionError:  # brackets or quotes in each other, deeper than anybody writes
        return False
    if environment.get("references"):
        return False
    flat = [token for block in tokens for token in (block, *(block.children or []))]
    if any(token.type == "text" and _AUTOLINKED.search(token.content) for token in flat):
        return False
    return all(token.type in _ALLOWED_TOKENS and token.level <= MOST_NESTED for token in flat)


def to_html(text: str) -> str:
    """A digest as HTML. Raw HTML in it is shown as text, links get only http(s) addresses and open a tab."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    for token in (child for block in tokens for child in block.children or [] if child.type == "link_open"):
        token.attrs |= {"target": "_blank", "rel": "noopener noreferrer"}
    return str(parser.renderer.render(tokens, parser.options, {}))
