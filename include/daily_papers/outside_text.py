"""Text from outside as readers, files and terminals can take it: which characters none of them should meet."""

from __future__ import annotations

import re
from typing import Any

MOST_LEVELS = 100
"""How deep JSON from outside may be: nobody nests so deeply, and what does cannot be written again."""
_COMPLEX_SCRIPTS = "\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\u1820-\u18aa"
_SYMBOLS = "\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_NEVER_SEEN = (
    f"{_CONTROLS}\ud800-\udfff{_DIRECTIONS}"
    "\u00ad\u034f\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufdd0-\ufdef"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
)
_SEEN_IN_PLACES = "\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d\u180f\u115f\u1160"
_SUSPECT = re.compile(f"[{_NEVER_SEEN}{_SEEN_IN_PLACES}]")
_UNSEEN = re.compile(
    f"[{_NEVER_SEEN}]"
    # what writing systems and emoji need stays where they need it, and nowhere else
    f"|(?<![{_COMPLEX_SCRIPTS}])\u200c|(?<![{_COMPLEX_SCRIPTS}{_SYMBOLS}\ufe0f])\u200d"
    f"|(?<![{_SYMBOLS}{_IDEOGRAPHS}#*0-9])[\ufe00-\ufe0f]|(?<=[#*0-9])[\ufe00-\ufe0f](?!\u20e3)"
    f"|(?<![{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]|(?<![\u1820-\u18aa])[\u180b-\u180d\u180f]"
    "|\u115f(?![\u1160-\u11ff])|(?<![\u1100-\u115f])\u1160"
)
_BETWEEN_WORDS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2800]+")
_OBEYED = re.compile(f"\r(?!\n)|[{_CONTROLS}\x0b\x0c\x1c-\x1f\x85\u2028\u2029\ud800-\udfff{_DIRECTIONS}]")
_OBEYED_IN_JSON = re.compile(f"[\x7f-\x9f\u2028\u2029\ud800-\udfff{_DIRECTIONS}]")


def visible(text: str) -> str:
    """Text without what no reader can see; every kind of line end is a newline.

    Controls, lone surrogates, directional and zero-width characters, tags, fillers and noncharacters go. Joiners and
    variation selectors stay after a character that they can change.
    """
    text = _LINE_ENDS.sub("\n", text)
    # nearly all text has nothing of the kind, and one set of characters is found ten times as fast as their places
    return _UNSEEN.sub("", text) if _SUSPECT.search(text) else text


def on_one_line(text: str) -> str:
    """Visible text on one line; controls count as white space."""
    return _BETWEEN_WORDS.sub(" ", visible(_BETWEEN_WORDS.sub(" ", text))).strip()


def is_visible(text: str) -> bool:
    """Whether a text holds nothing that no reader can see, and no control character."""
    return visible(text) == text


def with_escapes(text: str) -> str:
    r"""Text in which what no reader can see is named: `\u200b`."""
    return _UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def printable(text: str) -> str:
    """Text with U+FFFD in the place of what a terminal would obey; newlines and tabs stay."""
    return _OBEYED.sub("\ufffd", text)


def printable_json(document: str) -> str:
    r"""A JSON document with `\uXXXX` in the place of what a terminal would obey: it means the same."""
    return _OBEYED_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def is_nested_too_deeply(value: Any) -> bool:
    """Whether a JSON value has more than `MOST_LEVELS` of lists and objects in each other."""
    level = [value]
    for _ in range(MOST_LEVELS):
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [child for one in inner for child in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return False
    return True


def is_encodable(text: str) -> bool:
    """Whether UTF-8 can hold a text: it has no lone surrogate, as a terminal with another encoding sends."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
