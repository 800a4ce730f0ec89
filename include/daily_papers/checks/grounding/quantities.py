"""Quantities in Korean and English text: values that can be compared however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

PERCENT, TIMES, ORDINAL, ORDER, FRACTION = "percent", "times", "ordinal", "order", "fraction"


@dataclass(frozen=True)
class Quantity:
    """A number with what it counts: `unit` is one of ours, or None where none is known."""

    value: Decimal
    unit: str | None
    text: str
    approximate: bool = False
    spelled: bool = False
    """Written as a word: ten, both, twice."""
    below: Decimal | None = None
    """End of the range that begins at `value`: 70%대, 20% 이상."""


_MAGNITUDES = {
    "십": 10, "백": 100, "천": 10**3, "만": 10**4, "십만": 10**5, "백만": 10**6, "천만": 10**7, "억": 10**8,
    "십억": 10**9, "백억": 10**10, "천억": 10**11, "조": 10**12,
    "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12, "thousand": 10**3, "thousands": 10**3, "million": 10**6,
    "millions": 10**6, "billion": 10**9, "billions": 10**9, "trillion": 10**12, "trillions": 10**12, "hundred": 100,
    "bn": 10**9, "mn": 10**6,
}  # fmt: skip

_UNITS = {
    PERCENT: ("%p", "%포인트", "%", "％", "퍼센트포인트", "퍼센트", "percentage", "percent", "pp"),
    TIMES: ("배", "x", "×", "times", "-times", "-fold", "fold", "-x"),
    "millisecond": ("밀리초", "ms", "milliseconds", "millisecond"),
    "second": ("초", "seconds", "second", "sec", "s"),
    "minute": ("분", "minutes", "minute", "min", "-minute"),
    "hour": ("시간", "hours", "hour", "h", "-hour"),
    "day": ("일간", "일", "days", "day", "-day"),
    "week": ("주간", "주", "weeks", "week"),
    "month": ("개월", "months", "month"),
    "year": ("년간", "년", "years", "year", "-year"),
    "kilobyte": ("kb", "킬로바이트"),
    "megabyte": ("mb", "메가바이트"),
    "gigabyte": ("gb", "기가바이트"),
    "terabyte": ("tb", "테라바이트"),
    "bit": ("비트", "-bit", "bits", "bit"),
    "hertz": ("hz", "헤르츠", "fps"),
    "dollar": ("달러", "usd", "dollars"),
    "token": ("토큰", "tokens", "token"),
    "pixel": ("픽셀", "pixels", "px"),
    ORDINAL: ("단계", "번째", "th", "st", "nd", "rd", "-stage", "stages", "-step", "steps", "phases"),
    ORDER: ("차", "-order", "order"),
    "dimension": ("차원", "d", "-dimensional", "-d"),
}
_UNIT_OF = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings}
_LARGEST_POWER = 400
_MOST_DIGITS = 28
"""Digits that a value is computed with; what is longer is not a quantity, and its first ones stand for it."""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "hundreds": 100, "thousand": 1000, "million": 10**6,
    "dozen": 12, "single": 1, "both": 2, "dual": 2, "pair": 2, "pairs": 2, "couple": 2, "bi": 2, "tri": 3,
}  # fmt: skip
_ORDINALS = {
    "zeroth": 0, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_MULTIPLES: dict[str, int | Decimal] = {
    "twice": 2, "double": 2, "doubles": 2, "doubling": 2, "doubled": 2, "twofold": 2, "triple": 3, "triples": 3,
    "threefold": 3, "quadruple": 4, "fourfold": 4, "fivefold": 5, "tenfold": 10, "half": Decimal("0.5"),
    "halves": Decimal("0.5"), "halving": Decimal("0.5"),
}  # fmt: skip
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"), start=1)
}  # fmt: skip

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_POWER = r"(?:[eE](?P<exponent>[+-]?\d+)(?![A-Za-z\d]))|(?:\s*(?:[×x*]|\\times)\s*10\s*\^?\s*\{?(?P<power>-?\d+)\}?)"
_KOREAN_MAGNITUDE = r"[십백천]?[만억조]|[십백천](?![가-힣]{2})"
_ENGLISH_MAGNITUDE = r"[-\s]?(?:thousand|million|billion|trillion|hundred)s?\b|\s?(?:bn|mn|[KMBTk])(?![A-Za-z])"
_UNIT = "|".join(sorted((re.escape(one) for one in _UNIT_OF), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:10\s*\^\s*\{{?(?P<ten>-?\d+)\}}?|(?P<digits>{_DIGITS})(?:{_POWER})?)(?P<magnitude>\s?(?:{_KOREAN_MAGNITUDE})|{_ENGLISH_MAGNITUDE})?"
)
_UNIT_BEHIND = re.compile(rf"\s?(?!(?:x|×\s?)\d)(?P<unit>{_UNIT})(?![A-Za-z])", re.IGNORECASE)  # 6×6 is not a factor
_APPROXIMATELY = re.compile(
    r"(?:약|대략|거의|최대|최소|무려)\s*$|(?:about|around|nearly|roughly|over|~)\s*$", re.IGNORECASE
)
_ROUNDED_BEHIND = re.compile(r"\s*(?:[가-힣]{0,3}\s?)가까이")
_MORE_BEHIND = re.compile(r"\s*(?:[가-힣]{0,3}\s?)(?:이상|넘|남짓|여\s?(?:개|명|편|장|건|종))")
_RANGE_BEHIND = re.compile(r"대(?![비상한해응조])")
_KOREAN_FRACTION = re.compile(rf"(?<![\d.,])(?=[1-9])(?P<whole>{_DIGITS})\s?분의\s?(?P<part>\d+)")
_RATIO = re.compile(r"(?<![\d./])(?P<part>\d+)\s?/\s?(?P<whole>\d+)(?![\d./])")
_ORDERS = re.compile(r"(?:(an?|one|two|three|four|\d)\s*+)?+orders?\s++of\s++magnitude", re.IGNORECASE)
_FRACTION = re.compile(r"\b(an?|one|two|three)[-\s](half|third|thirds|quarter|quarters|fifth|fifths)\b", re.IGNORECASE)
_PARTS = {"half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
_TENS_AND_ONES = re.compile(
    r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[-\s](one|two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]+")


def quantities(text: str) -> list[Quantity]:
    """Every number written in digits; 18분의 1 is one."""
    plain = _without_markup(text)
    return [*_fractions(_KOREAN_FRACTION, plain), *_in_digits(_KOREAN_FRACTION.sub(" ", plain))]


def stated_quantities(source: str) -> list[Quantity]:
    """Everything a source says in numbers: digits, also within names, and small numbers spelled out."""
    plain = _without_markup(source)
    return [*_in_digits(plain, bare=True), *_fractions(_RATIO, plain), *_in_words(plain)]


def step_of(value: Decimal) -> Decimal:
    """Place value of the last non-zero digit: 10 for 270, 0.1 for 1.5."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))


def _without_markup(text: str) -> str:
    return text.translate(_SUPERSCRIPTS).replace("$", " ").replace("\\%", "%")


def _fractions(pattern: re.Pattern[str], text: str) -> Iterator[Quantity]:
    for match in pattern.finditer(text):
        if whole := _plain(match["whole"]):
            yield Quantity(_plain(match["part"]) / whole, FRACTION, match[0])


def _in_digits(text: str, *, bare: bool = False) -> Iterator[Quantity]:
    """Numbers with their magnitude, and `bare` of it, too, where it is a letter: a unit, or part of a name."""
    position = 0
    while match := _NUMBER.search(text, position):
        value, end = _value(match), match.end()
        if match["magnitude"] and match["magnitude"].strip()[-1:] in "천만억조":
            value, end = _with_smaller_parts(text, value, end)
        unit, end_of_unit = _unit_behind(text, end)
        approximate = bool(_APPROXIMATELY.search(text, max(0, match.start() - 10), match.start()))
        approximate = approximate or bool(_ROUNDED_BEHIND.match(text, end_of_unit))
        is_range = _MORE_BEHIND.match(text, end_of_unit) or (unit == PERCENT and _RANGE_BEHIND.match(text, end_of_unit))
        below = value + step_of(value) if is_range else None
        yield Quantity(value, unit, text[match.start() : end_of_unit].strip(), approximate, below=below)
        if bare and match["digits"] and (match["magnitude"] or "").strip().lower() in ("m", "k", "b", "t"):
            yield Quantity(_plain(match["digits"]), None, text[match.start() : end].strip(), approximate)
        position = end


def _value(match: re.Match[str]) -> Decimal:
    value = _plain(match["digits"]) if match["digits"] else Decimal(1)
    if power := match["exponent"] or match["power"] or match["ten"]:
        value *= Decimal(10) ** min(max(int(power[:6]), -_LARGEST_POWER), _LARGEST_POWER)
    if match["magnitude"]:
        value *= _MAGNITUDES[match["magnitude"].strip(" -\t\n").lower()]
    return value


def _plain(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "")[:_MOST_DIGITS])


def _with_smaller_parts(text: str, value: Decimal, end: int) -> tuple[Decimal, int]:
    """Adds what follows a Korean magnitude: 1억 2천만, 3만 5천, 2만 700."""
    smallest = value
    while match := _NUMBER.match(text, end + 1 if text[end : end + 1] == " " else end):
        part = _value(match)
        if part >= smallest or match["exponent"] or match["power"]:
            break
        value, end, smallest = value + part, match.end(), part
    return value, end


def _in_words(text: str) -> Iterator[Quantity]:
    def spelled(value: Decimal | int, unit: str | None, written: str) -> Quantity:
        return Quantity(Decimal(value), unit, written, spelled=True)

    for match in _TENS_AND_ONES.finditer(text):
        unit, _ = _unit_behind(text, match.end())
        yield spelled(_WORDS[match[1].lower()] + _WORDS[match[2].lower()], unit, match[0])
    for match in _FRACTION.finditer(text):
        yield spelled(Decimal(_WORDS.get(match[1].lower(), 1)) / _PARTS[match[2].lower()], None, match[0])
    for match in _ORDERS.finditer(text):
        count = (match[1] or "one").lower()
        power = int(count) if count.isdigit() else {"a": 1, "an": 1}.get(count) or _WORDS[count]
        yield spelled(Decimal(10) ** power, TIMES, match[0])
    for match in _WORD.finditer(text):
        word = match[0].lower()
        unit, _ = _unit_behind(text, match.end())
        if word in _MULTIPLES:
            yield spelled(_MULTIPLES[word], TIMES, match[0])
        elif word in _ORDINALS:
            yield spelled(_ORDINALS[word], unit or ORDINAL, match[0])
        elif word in _WORDS:
            yield spelled(_WORDS[word], unit, match[0])
        elif word in _MONTHS and match[0][0].isupper():
            yield spelled(_MONTHS[word], None, match[0])


def _unit_behind(text: str, end: int) -> tuple[str | None, int]:
    """The unit that follows a number, and where it ends."""
    match = _UNIT_BEHIND.match(text, end)
    return (_UNIT_OF[match["unit"].lower()], match.end()) if match else (None, end)
