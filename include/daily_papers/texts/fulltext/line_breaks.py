"""Words and figures that a PDF breaks at the ends of lines, put together again.

A hyphen there belongs to the word (`zero-` / `shot`) or only to the line (`atten-` / `tion`). The rest of the document
tells which; then whether the whole is an everyday word, which is one token to the tokenizer; then the parts.
"""

from __future__ import annotations

import re
from collections import Counter

from daily_papers.texts.fulltext.tokens import count_tokens

_BREAK = re.compile(r"[\x02\ufffe]\n?|(?<=\w)[-\xad\u2010]\n(?=\w)")
"""PDFium marks most hyphens at line ends; those after figures it leaves."""
_SIGN_BETWEEN = re.compile(r"(?<=\w)([\u2013\u2014/])\n(?=\w)")
_NUMBER_OF_PAGE = re.compile(r"([\x02\ufffe])\d{1,3}\s*\Z")
_MARK = "\x02"
_LONGEST = 60
"""Characters of a word that are looked at."""
_LEFT = re.compile(rf"[\w-]{{1,{_LONGEST}}}\Z")
_RIGHT = re.compile(rf"\w{{1,{_LONGEST}}}")
_WORD = re.compile(rf"(?<![\w{_MARK}-])[^\W\d_]+(?:-[^\W\d_]+)*(?![\w{_MARK}-])")
_SHORTEST_STEM = 6
_ENDING = 3
"""Letters by which forms of one word differ."""
_FIRST_PARTS = """
anti back best bottom class closed coarse cost data deep domain end far fast fine first free full general
ground half hand hard high human in instruction large last late layer left light long low lower many mean mid
model most multi near new non on one open pair point post pre quasi question real right rule second short side
single small soft state step task test text third three time token top train two upper user vision wide word
"""
"""First parts of compounds. Behind `over`, `under`, `re`, `sub` and their like, one word is the rule."""
_ALWAYS_COMPOUND = frozenset(["cross", "few", "self", "semi", "well", "zero"])


def joined_pages(pages: list[str]) -> str:
    """The text of all pages; a word that a page ends in goes on after the page's number."""
    texts = [page.replace("\r\n", "\n") for page in pages]
    return "\n".join(_NUMBER_OF_PAGE.sub(r"\1", text) for text in texts)


def with_whole_words(text: str) -> str:
    """A text without breaks in its words and figures."""
    parts = _BREAK.split(_SIGN_BETWEEN.sub(r"\1", text))
    words = Counter(word.lower() for word in _WORD.findall(_MARK.join(parts)))
    pieces, before = [parts[0]], parts[0][-_LONGEST:]
    for part in parts[1:]:
        left, right = _LEFT.search(before), _RIGHT.match(part)
        hyphen = "-" if left is None or right is None or _keeps_hyphen(left[0], right[0], words) else ""
        pieces += [hyphen, part]
        before = (before + hyphen + part[-_LONGEST:])[-_LONGEST:] if len(part) < _LONGEST else part[-_LONGEST:]
    return "".join(pieces)


def _keeps_hyphen(left: str, right: str, words: Counter[str]) -> bool:
    last = left.rpartition("-")[2]
    if len(last) < 2 or last[-1].isdigit() or right[0].isdigit() or right[0].isupper() != last[-1].isupper():
        return True  # x-axis, F1-score, GPT-4o, LLM-based
    whole, compound = (last + right).lower(), f"{left}-{right}".lower()
    as_one, as_two = _seen(whole, len(last), words), _seen(compound, len(left), words)
    if as_one != as_two:
        return as_two > as_one
    if count_tokens(f" {whole}") == 1:
        return False
    return "-" in left or _are_two_words(last.lower(), right.lower(), words)


def _are_two_words(first: str, second: str, words: Counter[str]) -> bool:
    if first in _ALWAYS_COMPOUND:
        return True
    if first in _FIRST_PARTS.split():
        return words[second] > 0 or count_tokens(f" {second}") == 1
    return words[first] > 0 and words[second] > 0


def _seen(word: str, broken_at: int, words: Counter[str]) -> int:
    """How often a word stands unbroken elsewhere; else, whether another form of it does."""
    if words[word]:
        return words[word]
    stem = word[:-_ENDING]
    if len(stem) < max(_SHORTEST_STEM, broken_at + 2):
        return 0
    return int(any(other.startswith(stem) and len(other) <= len(word) + _ENDING for other in words))
