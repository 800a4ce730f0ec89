"""What LaTeXML leaves of macros that it does not know: their names as errors, and their arguments as text.

The braces are gone, so `\\cellcolor{gray!20}84.3` stands there as `gray!2084.3`. What is a colour, a length or another
setting is taken out again; words and figures stay. Where several cuts are possible, the figure that is left must be one
that people write, and cuts that occur often in the document come first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bs4.element import NavigableString, Tag

_HUES = (
    "red|green|blue|cyan|magenta|yellow|black|gr[ae]y|white|brown|lime|olive|orange|pink|purple|teal|violet|gold|silver"
    "|navy|maroon|indigo|beige|coral|salmon|turquoise|aqua|crimson|lavender|tan|khaki|peach|mint"
)
_KNOWN_COLOUR = re.compile(
    rf"(?:my|our|light|dark|deep|pale|soft|bright|forest|royal|sky|navy)*(?:{_HUES})", re.IGNORECASE
)
_LETTERS = re.compile(r"[A-Za-z]+")
_BEFORE_CAPITAL = re.compile(r"[a-z]{2,}(?=[A-Z])")
_PERCENT = re.compile(r"!(?=\d)")
_FIGURE = re.compile(r"(?:0|[1-9]\d*)(?!\d)(?:,\d{3})*(?:\.\d+)?")
_LARGEST_USUAL = 100
_MODELS = {"html": r"[0-9A-Fa-f]{6}", "named": r"[A-Za-z]+"}
_PARTS = {"gray": 1, "rgb": 3, "hsb": 3, "cmy": 3, "cmyk": 4, "wave": 1}
_LENGTH = r"(?:-?\d*\.?\d+(?:cm|mm|em|ex|pt|in|pc|bp|px)|[*=!])"
_OPTIONS = r"\*?(?:\[[^\[\]]*\])*"
_KEY = r"[\w:,./-]*[\w-]"

_SETTINGS = {
    "multirow": rf"{_OPTIONS}-?\d{{1,2}}?(?:\[[^\]]*\])?(?:{_LENGTH}|(?=\D|$))",
    "multicolumn": r"\d{1,2}?[lcr|]+",
    "rotatebox": rf"{_OPTIONS}-?(?:90|270|180|45|\d{{1,3}})",
    "turnbox": r"-?(?:90|270|180|45|\d{1,3})",
    "scalebox": r"\d?\.\d|\d",
    "resizebox": rf"\*?{_LENGTH}*",
    "raisebox": rf"-?{_LENGTH}{_OPTIONS}",
    "ding": r"\d{2,3}",
    "cmidrule": r"(?:\[[^\]]*\])?(?:\([lr]*\))?\d{1,2}-\d{1,2}",
    "cline": r"\d{1,2}-\d{1,2}",
    "numrange": r"[\d.,-]*\d",
    "SIrange": r"[\d.,-]*\d",
    "qtyrange": r"[\d.,-]*\d",
}
"""By macro: what its leading arguments look like, where they are not text. Of ranges, 10 to 20 is left as 1020."""
_DEFINES_COLOUR = re.compile(r"[A-Za-z][\w-]*?(?:HTML[0-9A-Fa-f]{6}|(?:rgb|RGB|cmyk|gray|hsb)[\d.,]+|named[A-Za-z]+)")
_NAMES_SOMETHING = re.compile(r"(?:[cC]?ref|autoref|eqref|nameref|pageref|label|bibitem|[cC]ite\w*|\w+cite)")
_MEASURES = re.compile(r"rule|space|skip|phantom|width|height|sep")
_UNITS_FOLLOW = frozenset({"SI", "si", "qty", "unit"})
_COLUMNS = re.compile(r"[lcrXpmb|@S]+(?=\s)")
_ENVIRONMENT_SETTINGS = re.compile(rf"\s*{_OPTIONS}(?:\w+=\S*)?")
_TEX_COLOUR = re.compile(
    r"\\(?:cellcolor|rowcolor|columncolor|textcolor|mathcolor|color|colorbox)\s*(?:\[[^\[\]{}]*\])?\s*\{[^{}]*\}"
)
_TEX_GROUP = re.compile(r"(?<![\w\\^_}\]])\{([^{}]*)\}")


def drop_unknown_macros(article: Tag) -> None:
    """Takes unknown macros out of running text and cells; `formula_without_unknown` does it for formulas."""
    errors = [error for error in article.select(".ltx_ERROR") if error.find_parent("math") is None]
    colours = _colours_of_document(errors)
    parents = {id(error.parent): error.parent for error in errors}
    for error in errors:
        if error.parent is not None:  # units go with their figure
            _take_out(error, colours)
    for parent in parents.values():
        if parent is not None:
            parent.smooth()


def tex_without_colours(tex: str) -> str:
    """A formula without its colours."""
    plain = _TEX_COLOUR.sub("", tex)
    return _TEX_GROUP.sub(r"\1", plain) if plain != tex else tex


def tex_without_macros(tex: str, unknown: set[str]) -> str:
    """A formula without its colours, and without macros nobody knows around what they were given."""
    plain = tex_without_colours(tex)
    for name in unknown:
        plain = re.sub(rf"{re.escape(name)}(?![A-Za-z])\s*(?:\[[^\[\]]*\])?(?=\{{)", "", plain)
    return _TEX_GROUP.sub(r"\1", plain)


def _take_out(error: Tag, colours: Counter[str]) -> None:
    name = _name(error)
    after = _string_in_next(error) if name.startswith("{") else error.next_sibling
    if isinstance(after, NavigableString):
        rest = _without_settings(name, str(after), colours)
        if rest != str(after):
            after.replace_with(NavigableString(rest))
    if name in _UNITS_FOLLOW:
        _spell_out_units(error)
    before, after = error.previous_sibling, error.next_sibling
    glued = _last(before).isalnum() and _first(after).isalnum()
    error.replace_with(NavigableString(" " if glued else ""))


def _string_in_next(error: Tag) -> object:
    """The first text after the beginning of an environment, which may be in a paragraph of its own."""
    strings = error.find_all_next(string=True, limit=4)
    return next((one for one in strings[1:] if one.strip()), None)


def _name(error: Tag) -> str:
    return error.get_text().strip().removeprefix("\\")


def _first(node: object) -> str:
    return str(node)[:1] if isinstance(node, NavigableString) else ""


def _last(node: object) -> str:
    return str(node)[-1:] if isinstance(node, NavigableString) else ""


def _spell_out_units(error: Tag) -> None:
    """`\\SI{40}{\\percent}`: where siunitx is unknown, so are its units; their names say what the figure is."""
    for unit in error.find_next_siblings(limit=4):
        if "ltx_ERROR" not in unit.get_attribute_list("class") or _first(unit.next_sibling).isdigit():
            return
        name = _name(unit)
        unit.replace_with(NavigableString("%" if name == "percent" else f" {name}"))


def _without_settings(name: str, text: str, colours: Counter[str]) -> str:
    """The text after a macro without those of its arguments that are not text."""
    if name.startswith("{"):
        rest = _behind(_ENVIRONMENT_SETTINGS, text)
        return _behind(_COLUMNS, rest) if "ab" in name or "tblr" in name else rest
    if name in ("definecolor", "providecolor"):
        return _behind(_DEFINES_COLOUR, text)
    if "color" in name.lower():
        text = text[1:] if name == "rowcolors" and text[:1].isdigit() else text
        return _without_colour(text, colours, 2 if name in ("rowcolors", "fcolorbox", "colorlet") else 1)
    plain = _behind(_settings_of(name), text)
    is_colour = name not in _SETTINGS and _PERCENT.search(plain.partition(" ")[0]) is not None
    return _without_colour(plain, colours, 1) if is_colour else plain


def _settings_of(name: str) -> re.Pattern[str]:
    if name in _SETTINGS:
        return re.compile(_SETTINGS[name])
    if _NAMES_SOMETHING.fullmatch(name):
        return re.compile(_OPTIONS + _KEY)
    return re.compile(rf"{_OPTIONS}{_LENGTH}*" if _MEASURES.search(name) else _OPTIONS)


def _behind(pattern: re.Pattern[str], text: str) -> str:
    return text[_end(pattern, text) :]


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _without_colour(text: str, colours: Counter[str], count: int) -> str:
    for _ in range(count):
        text = text[len(_best(text, colours)) :]
    return text


def _colours_of_document(errors: list[Tag]) -> Counter[str]:
    """How often each colour can stand after a macro for colours; what is always possible is the likeliest."""
    found: Counter[str] = Counter()
    for error in errors:
        after = error.next_sibling
        if "color" in _name(error).lower() and isinstance(after, NavigableString):
            found.update(set(_colours(str(after))))
    return found


def _best(text: str, colours: Counter[str]) -> str:
    """The colour at the start of a text; empty where there is none."""

    def likelihood(colour: str) -> tuple[bool, bool, bool, int, int]:
        rest = text[len(colour) :]
        figure = _FIGURE.match(rest)
        proper = figure is not None if rest[:1].isdigit() else rest[:1] != "."
        usual = figure is None or float(figure[0].replace(",", "")) <= _LARGEST_USUAL
        percent = re.search(r"!(\d+)$", colour)
        length = len(colour) if percent or colour[:1] != "[" else -len(colour)
        return proper, percent is None or int(percent[1]) % 5 == 0, usual, colours[colour], length

    return max(_colours(text), key=likelihood, default="")


def _colours(text: str) -> Iterator[str]:
    """Every colour that a text can begin with: a model with its figures, a name, or a mixture (`gray!20!white`)."""
    model = re.match(r"\[(\w+)\]", text)
    if model:
        yield from (model[0] + spec for spec in _specifications(model[1], text[model.end() :]))
        return
    for name in _colour_names(text):
        mixed = list(_mixtures(text, len(name)))
        yield from mixed or [name]


def _colour_names(text: str) -> set[str]:
    letters = text[: _end(_LETTERS, text)]
    known = letters[: _end(_KNOWN_COLOUR, letters)]
    if known and text[len(known) : len(known) + 1].isdigit() and text[len(known) + 1 : len(known) + 2] == "!":
        return {text[: len(known) + 1]}  # blue1!20
    if text[len(letters) : len(letters) + 1] == "!":
        two = known != letters and _KNOWN_COLOUR.fullmatch(letters, len(known)) is not None
        return {known if two else letters}  # white and gray!10 are two colours
    capital = letters[: _end(_BEFORE_CAPITAL, letters)]
    return {known or capital or letters} - {""}


def _mixtures(text: str, start: int) -> Iterator[str]:
    """Ends of `!20`, `!20!white`, `!20!white!50` at `start`, as whole colours."""
    if not _PERCENT.match(text, start):
        return
    for length in (1, 2, 3):
        share = text[start + 1 : start + 1 + length]
        if len(share) == length and share.isdecimal() and int(share) <= _LARGEST_USUAL:
            end = start + 1 + length
            other = next(iter(_colour_names(text[end + 1 :])), "") if text[end : end + 1] == "!" else ""
            if other:
                longer = list(_mixtures(text, end + 1 + len(other)))
                yield from longer or [text[: end + 1 + len(other)]]
            else:
                yield text[:end]


def _specifications(model: str, text: str) -> Iterator[str]:
    if model == "RGB":
        patterns = [rf"(?:\d{{1,3}}, ?){{2}}\d{{{length}}}" for length in (3, 2, 1)]
    elif model.lower() in _MODELS:
        patterns = [_MODELS[model.lower()]]
    else:
        number = r"(?:1(?:\.0+)?|0?\.\d+|0)"
        before = rf"(?:{number}, ?){{{_PARTS.get(model, 1) - 1}}}"
        patterns = [before + last for last in (r"0?\.\d", r"0?\.\d\d", r"0?\.\d{3}", r"1\.0", "1", "0")]
    for pattern in patterns:
        found = re.match(pattern, text)
        if found and (model != "RGB" or int(found[0].rpartition(",")[2]) <= 255):
            yield found[0]
