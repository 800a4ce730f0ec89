"""Quantities in Korean and English text: values that can be compared however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from daily_papers.checks.grounding import number_words as words

PERCENT, POINT, SCORE, TIMES, ORDINAL = "percent", "point", "score", "times", "ordinal"
ORDER, FRACTION = "order", "fraction"
RANK, STAGES = "rank", "stages"
THINGS = "things"
"""What is counted is named, and no unit of ours: 25 frames, 25개."""


class Bound(StrEnum):
    """A limit that a number is said to be: up to 30%, at least 5."""

    MOST = "most"
    LEAST = "least"


@dataclass(frozen=True)
class Quantity:
    """A number with what it counts: `unit` is one of ours, or None where none is named."""

    value: Decimal
    unit: str | None
    text: str
    approximate: bool = False
    spelled: bool = False
    """Written as a word: ten, both, twice."""
    below: Decimal | None = None
    """End of the range that begins at `value`: 70%대, 20% 이상, 수십만."""
    bounds: frozenset[Bound | None] = frozenset({None})
    """All ways in which a text can be read; mostly one of a summary."""


_MAGNITUDES = {
    "십": 10, "백": 100, "천": 10**3, "만": 10**4, "십만": 10**5, "백만": 10**6, "천만": 10**7, "억": 10**8,
    "십억": 10**9, "백억": 10**10, "천억": 10**11, "조": 10**12,
    "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12, "bn": 10**9, "mn": 10**6,
    **words.MAGNITUDES, **{f"{word}s": value for word, value in words.MAGNITUDES.items()},
}  # fmt: skip

_UNITS = {
    PERCENT: ("%", "％", "퍼센트", "percent", "per cent", "프로"),
    POINT: (
        "%p", "％p", "%포인트", "% 포인트", "퍼센트포인트", "퍼센트 포인트", "포인트",
        "percentage points", "percentage point", "percentage-point", "% points", "%-points", "pp", "points", "point",
        "pts", "-point", "-points",
    ),
    SCORE: ("점",),
    TIMES: ("배", "x", "×", "\\times", "times", "-times", "-fold", "fold", "-x"),
    "millisecond": ("밀리초", "ms", "milliseconds", "millisecond"),
    "second": ("초", "seconds", "second", "-second", "sec", "secs", "s"),
    "minute": ("분", "minutes", "minute", "min", "mins", "-minute"),
    "hour": ("시간", "hours", "hour", "h", "-hour", "gpu hours", "gpu-hours", "gpu 시간"),
    "day": ("일간", "일", "days", "day", "-day", "gpu days", "gpu-days"),
    "week": ("주간", "주", "weeks", "week", "-week"),
    "month": ("개월", "달", "months", "month", "-month"),
    "year": ("년간", "년", "years", "year", "-year"),
    "kilobyte": ("kb", "킬로바이트"),
    "megabyte": ("mb", "메가바이트"),
    "gigabyte": ("gb", "기가바이트"),
    "terabyte": ("tb", "테라바이트"),
    "bit": ("비트", "-bit", "bits", "bit"),
    "hertz": ("hz", "헤르츠", "fps"),
    "dollar": ("달러", "usd", "dollars"),
    "token": ("토큰", "tokens", "token", "-token"),
    "pixel": ("픽셀", "pixels", "px"),
    "page": ("쪽", "페이지", "pages", "page", "-page"),
    RANK: ("위",),
    STAGES: ("단계", "-stage", "stage", "stages", "-step", "step", "steps", "-phase", "phase", "phases"),
    ORDINAL: ("번째", "th", "st", "nd", "rd"),
    ORDER: ("차", "-order", "order"),
    "dimension": ("차원", "d", "-dimensional", "-d"),
}  # fmt: skip
_UNIT_OF = {spelling: unit for unit, spellings in _UNITS.items() for spelling in spellings}
_HANGUL_UNITS = {"해": "year", "달": "month"}
"""Units of numerals in Hangul alone: 열두 해."""
_LARGEST_POWER = 400
_MOST_DIGITS = 28
"""Digits that a value is computed with; what is longer is not a quantity, and its first ones stand for it."""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_POWER = r"(?:[eE](?P<exponent>[+-]?\d+)(?![A-Za-z\d]))|(?:\s*(?:[×x*]|\\times)\s*10\s*\^?\s*\{?(?P<power>-?\d+)\}?)"
_KOREAN_MAGNITUDE = r"[십백천]?(?:만(?!큼)|[억조])|[십백천](?![가-힣]{2})"
_ENGLISH_MAGNITUDE = (
    r"[-\s]?(?i:thousand|million|billion|trillion|hundred)s?(?![A-Za-z])|\s?(?i:bn|mn)(?![A-Za-z])"
    r"|\s?[KMBTk](?![A-Za-z])"
)
_UNIT = "|".join(sorted((re.escape(one) for one in _UNIT_OF), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:10\s*\^\s*\{{?(?P<ten>-?\d+)\}}?|(?P<digits>{_DIGITS})(?:{_POWER})?)(?P<magnitude>\s?(?:{_KOREAN_MAGNITUDE})|{_ENGLISH_MAGNITUDE})?"
)
_UNIT_BEHIND = re.compile(
    rf"\s?(?!(?:x|×\s?|\\times\s?)\d|초[과월기거대저고])(?P<unit>{_UNIT})(?![A-Za-z])(?!(?<=점)[가-힣]*[수차진])",
    re.IGNORECASE,
)  # 6×6 is not a factor
_THINGS = re.compile(
    r"\s?(?:개|가지|명|건|장|편|종|쌍|곳|군데|골(?![가-힣])|마리|대(?![비상한해응조])|권|층|번|회|배치|에폭|프레임|샘플|이미지|문장|질문|문항|"
    r"모델|언어|과제|데이터셋|벤치마크|도메인|파라미터|매개변수|GPU|영상|비디오|클래스|인스턴스|쿼리|에이전트)"
    r"|[-\s](?!(?:and|or|to|of|on|in|at|by|for|from|with|over|than|vs|versus|as|is|are|was|were|while|when|which|that|"
    r"after|before|per|under|across|respectively|compared|using|via|without|within|between|against|but|accuracy|"
    r"accuracies|score|scores|bleu|map|auc|auroc|precision|recall|rate|rates|ratio|win|success|improvements?|gains?|"
    r"average|reductions?|increases?|decreases?|drops?|speedups?|speed-up|faster|slower|better|higher|lower|more|fewer|"
    r"less|larger|smaller|relative|absolute|higher|top|mean|median|on-par|error|errors|performance|throughput|dice|"
    r"iou|miou|pass|fid|psnr|ssim|wer|cer|rouge|ndcg|mrr|correlation|agreement)\b)[a-z]{3,}",
)
"""A counter or noun after a number; of scores and comparisons a number may go without its percent sign."""
_UNIT_AFTER_WORDS = re.compile(r"\s(?:(?!and|or|to|in|of)[a-z][a-z-]+\s){1,2}(?P<unit>tokens?|pixels|hours|seconds)\b")
_APPROXIMATELY = re.compile(
    r"(?:약|대략|거의|무려|대체로)\s*$|(?:about|around|nearly|roughly|"
    r"approximately|almost|close to|some|(?<!\d)[~∼≈]|\\sim|\\approx)\s*\$?\s*$",
    re.IGNORECASE,
)
_ROUNDED_BEHIND = re.compile(r"\s*(?:[가-힣]{0,3}\s?)(?:가까이|안팎|내외|정도|가량)")
_MORE_BEHIND = re.compile(
    r"\s*(?:[가-힣]{0,3}\s?)(?:(?:훨씬|크게|조금|약간|살짝)\s)?(?:이상|넘(?!지\s?(?:않|못))|초과|(?<=[을를]\s)(?:웃[도돈돌]|상회)|남짓|여\s?(?:개|명|편|장|건|종|쌍|가지|배|년|시간))"
    r"|\s?보다\s(?:더\s)?(?:크|많|높|길)|\s(?:아래|밑)로\s(?:떨어|내려)[가-힣]{0,3}지\s?않|\+|\s(?i:or|and) more"
)
_LESS_BEHIND = re.compile(
    r"\s*(?:[가-힣]{0,3}\s?)(?:(?:훨씬|크게|조금|약간|살짝)\s)?(?:이하|미만|이내|(?<=년\s)이전|(?<=[을를]\s)밑도|못\s?미[치친칠]|미치지\s?(?:못|않)|(?<=도\s)(?:채\s)?안\s?[되돼된]|(?<=[가도]\s)(?:채\s)(?:안\s?[되돼된]|되지\s않|못)|넘지\s?(?:않|못))"
    r"|\s?보다\s(?:더\s)?(?:작|적|낮|짧)|\s(?i:or) (?i:less|fewer)"
)
_PERHAPS_BOUND_BEHIND = re.compile(r"\s?[을를]?\s?(?:넘어[서선섰]|웃[도돈돌])|까지")
"""What is said of a limit, and of the figure of something else."""
_RANGE_BEHIND = re.compile(r"대(?![비상한해응조])")
_APPROXIMATE_WORDS = r"(?:(?:an?|the|about|approximately|nearly|around|roughly|~|∼|\\sim)\s*)*$"
_MOST_BEFORE = re.compile(
    r"(?:최대(?:로|한)?|많게는|많아야)\s*(?:약\s*)?$"
    r"|(?:\b(?:up to|as (?:much|many|high|large|long|far|low|few) as|at most|no more than|not more than|fewer than|"
    rf"less than|lower than|maximum of|upper bound of)|≤|\\le\b|\\?\bleq|<=?)\s*{_APPROXIMATE_WORDS}",
    re.IGNORECASE,
)
_LEAST_BEFORE = re.compile(
    r"(?:최소(?:한)?|적어도|적게는)\s*(?:약\s*)?$"
    r"|(?:\b(?:at least|no less than|no fewer than|not less than|more than|over|exceed(?:s|ing|ed)?|greater than|"
    r"higher than|larger than|surpass(?:es|ing|ed)?|minimum of|upwards of|in excess of)|≥|\\ge\b|\\?\bgeq|>=?)\s*"
    rf"{_APPROXIMATE_WORDS}",
    re.IGNORECASE,
)
_PERHAPS_MOST_BEFORE = re.compile(r"\b(?:under|below|within|maximum|max\.?)\s*(?:an?|the)?\s*$", re.IGNORECASE)
_PERHAPS_LEAST_BEFORE = re.compile(r"\b(?:above|beyond|by over|minimum|min\.?)\s*(?:an?|the)?\s*$", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:(?:higher|lower|larger|greater|smaller|better|worse)\sthan|(?:surpass|exceed|outperform|beat)\w*)\s(?:the\s|an?\s)?$",
    re.IGNORECASE,
)
"""Before the figure of something else, which is exact."""
_OVER = re.compile(r"\bover\s*$", re.IGNORECASE)
"""More than, and across: over 16 channels."""
_MAXIMAL = re.compile(r"\b(?:maxim\w+|max|peaks?|as \w+ as)\b", re.IGNORECASE)
_MINIMAL = re.compile(r"\b(?:minim\w+|min)\b", re.IGNORECASE)
_RANGE = re.compile(
    r"\s*(?P<unit>%|[KMBTk](?![A-Za-z])|초|배|x|×)?\s*(?:-|–|—|~|∼|to|and|에서|부터|\\sim)\s*\$?\s*(?=\d)"
)
_KOREAN_COMPOUND = re.compile(
    r"(?<![\d.,])(?P<thousands>\d)천\s?(?=\d[백십만억조])(?:(?P<hundreds>\d)백\s?)?(?:(?P<tens>\d)십\s?)?"
    r"(?P<ones>\d(?=[만억조]))?(?P<group>[만억조]?)"
)
_KOREAN_FRACTION = re.compile(rf"(?<![\d.,])(?=[1-9])(?P<whole>{_DIGITS})\s?분의\s?(?P<part>\d+)")
_SMALL_RATIO = re.compile(r"(?<![\d./])(?P<part>[1-9])/(?P<whole>[2-9]|10)(?![\d./])")
_RATIO = re.compile(r"(?<![\d./])(?P<part>\d+)\s?/\s?(?P<whole>\d+)(?![\d./])")
_ORDERS = re.compile(r"(?:(an?|one|two|three|four|\d)\s*+)?+orders?\s++of\s++magnitude", re.IGNORECASE)
_SPACES = re.compile(r"\\[,;:! ]|~(?=\s?(?i:million|billion|thousand|trillion))")
_FACTOR = re.compile(r"\b(?:speed-?ups?|factors?|faster|slower|accelerat\w+|compression|ratio)\b", re.IGNORECASE)
_GAIN = re.compile(
    r"\bby\b|improv|\bgains?\b|increas|outperform|surpass|exceed|boost|\brais|\blift|\bdrops?\b|reduc|decreas|"
    r"\b(?:higher|lower|better|worse|gap|margin|over|above|below)\b|differen|degrad|advantage|\+\s?$",
    re.IGNORECASE,
)
_PLUS_BEFORE = re.compile(r"\+\s?$")
_FROM = re.compile(r"\bfrom\b[^.;,]{0,24}$", re.IGNORECASE)
_CHANGE = re.compile(
    r"increas|improv|rais|rises?|rising|rose|grow|grew|boost|lift|elevat|jump|climb|drop|reduc|decreas|lower|cut|fall|"
    r"fell|declin|chang|shift|mov",
    re.IGNORECASE,
)
"""Before a number that changed into another one: the two are no range."""
_ABSOLUTE = re.compile(r"\babsolute(?:ly)?\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")
_CHANGED = 120
"""Characters before a number in which it may be said what changed from it."""
_NEAR = 40
"""Characters around a number of a source in which a word such as maximum may give it a bound."""


def quantities(text: str) -> list[Quantity]:
    """Every number that a summary writes, in digits or in Hangul; 18분의 1 and 절반 are numbers, too."""
    plain = _without_markup(text)
    found = [*_fractions(_KOREAN_FRACTION, plain), *_fractions(_SMALL_RATIO, plain), *_in_hangul(plain)]
    return [*found, *_in_digits(_SMALL_RATIO.sub(" ", _KOREAN_FRACTION.sub(" ", plain)))]


def stated_quantities(source: str) -> list[Quantity]:
    """Everything a source says in numbers: digits, also within names, and numbers spelled out."""
    plain = _without_markup(source)
    return [*_in_digits(plain, of_source=True), *_fractions(_RATIO, plain), *_in_words(plain)]


def placed_numbers(text: str, *, of_source: bool) -> tuple[str, list[tuple[Decimal, int, int]]]:
    """A text without markup, and the value of each number in it with where it begins and ends.

    Numbers are those in digits, and of a source the spelled ones, else those in Hangul.
    """
    plain = _without_markup(text)
    found, position = [], 0
    while match := _NUMBER.search(plain, position):
        value, position = _value(match), match.end()
        if match["magnitude"] and match["magnitude"].strip()[-1:] in "천만억조":
            value, position = _with_smaller_parts(plain, value, position)
        found.append((value, match.start(), position))
    if of_source:
        found += [(words.value_of(one[0]), one.start(), one.end()) for one in words.SPELLED.finditer(plain)]
    else:
        found += [(value, one.start(), one.end("number")) for one, value in words.korean_numerals(plain)]
    return plain, found


def step_of(value: Decimal) -> Decimal:
    """Place value of the last non-zero digit: 10 for 270, 0.1 for 1.5."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))


def _without_markup(text: str) -> str:
    plain = _SPACES.sub(" ", text.translate(_SUPERSCRIPTS).replace("$", " ").replace("\\%", "%").replace("**", ""))
    return _KOREAN_COMPOUND.sub(_as_digits, plain)


def _as_digits(match: re.Match[str]) -> str:
    """2천7백만 as 2700만."""
    parts = ((match["thousands"], 1000), (match["hundreds"], 100), (match["tens"], 10), (match["ones"], 1))
    value = sum(int(digits) * power for digits, power in parts if digits)
    return f"{value}{match['group']}"


def _fractions(pattern: re.Pattern[str], text: str) -> Iterator[Quantity]:
    for match in pattern.finditer(text):
        if whole := _plain(match["whole"]):
            yield Quantity(_plain(match["part"]) / whole, FRACTION, match[0])


def _in_hangul(text: str) -> Iterator[Quantity]:
    for match, value in words.korean_numerals(text):
        more = bool(_MORE_BEHIND.match(text, match.end()))
        bound = _bound(text[max(0, match.start() - _NEAR) : match.start()], text, match.end(), more=more)
        unit = _UNIT_OF.get(match["counter"]) or _HANGUL_UNITS.get(match["counter"], THINGS)
        yield Quantity(value, unit, match[0], spelled=True, bounds=frozenset({bound}))
    for match in words.KOREAN_SEVERAL.finditer(text):
        begin, end = words.several_of(match["magnitude"])
        yield Quantity(begin, None, match[0], spelled=True, below=end)
    for match in words.KOREAN_HALF.finditer(text):
        yield Quantity(Decimal("0.5"), FRACTION, match[0], spelled=True)
    for match in words.KOREAN_PARTS.finditer(text):
        yield Quantity(words.korean_parts(match), FRACTION, match[0], spelled=True)


def _in_digits(text: str, *, of_source: bool = False) -> Iterator[Quantity]:
    """Numbers with their magnitude; of a source also without it, where it is a letter: a unit, or part of a name."""
    position, in_range = 0, False
    while match := _NUMBER.search(text, position):
        value, end = _value(match), match.end()
        if match["magnitude"] and match["magnitude"].strip()[-1:] in "천만억조":
            value, end = _with_smaller_parts(text, value, end)
        unit, end_of_unit = _unit_behind(text, end)
        before = text[max(0, match.start() - _NEAR) : match.start()]
        approximate = bool(_APPROXIMATELY.search(before[-24:]) or _ROUNDED_BEHIND.match(text, end_of_unit))
        more = bool(_MORE_BEHIND.match(text, end_of_unit))
        is_range = more or (unit == PERCENT and bool(_RANGE_BEHIND.match(text, end_of_unit)))
        below = value + step_of(value) if is_range else None
        bounds = {_bound(before, text, end_of_unit, more=more)}
        is_perhaps_bound = not of_source and _PERHAPS_BOUND_BEHIND.match(text, end_of_unit)
        if is_perhaps_bound and not (_MOST_BEFORE.search(before) or _LEAST_BEFORE.search(before)):
            bounds |= {None, Bound.MOST} if text.startswith("까지", end_of_unit) else {None, Bound.LEAST}
        ranges = _RANGE.match(text, end)
        is_change = (
            ranges is not None
            and "to" in ranges[0]
            and _has_changed(text[max(0, match.start() - _CHANGED) : match.start()])
        )
        whole = Quantity(
            value, unit, text[match.start() : end_of_unit].strip(), approximate, below=below, bounds=frozenset(bounds)
        )
        if not of_source:
            yield whole
        else:
            yield from _readings(
                whole, match, text, before, begins=ranges is not None, ends=in_range, is_change=is_change
            )
        in_range = ranges is not None and not is_change
        position = end


def _has_changed(before: str) -> bool:
    """Whether the number behind a text is what something changed from."""
    return bool(_FROM.search(before[-_NEAR:]) and _CHANGE.search(before))


def _readings(
    whole: Quantity, match: re.Match[str], text: str, before: str, *, begins: bool, ends: bool, is_change: bool
) -> Iterator[Quantity]:
    """What a number of a source can be taken for: with the bounds that its sentence gives it, its unit in other words,
    and the magnitude or unit of the range that it begins."""
    around = f"{before} {text[match.end() : match.end() + _NEAR]}"
    whole = replace(
        whole,
        bounds=_possible_bounds(
            whole.bounds, before, around, begins=begins and not is_change, ends=ends, is_counted=whole.unit == THINGS
        ),
    )
    yield whole
    if whole.unit == PERCENT and _ABSOLUTE.search(around):
        yield replace(whole, unit=POINT)
    if whole.unit is None and (_GAIN.search(around) or _PLUS_BEFORE.search(before)):
        yield replace(whole, unit=POINT)
    if whole.unit is None and _FACTOR.search(around):
        yield replace(whole, unit=TIMES)
    if match["digits"] and (match["magnitude"] or "").strip() in ("m", "b", "k", "t"):
        yield replace(whole, value=_plain(match["digits"]), unit=None)
    following = _NUMBER.search(text, match.end()) if begins else None
    if following is not None:  # 3 to 30B, 10-20%
        yield from _as_the_end_of_the_range(whole, match, following, text)


def _possible_bounds(
    bounds: frozenset[Bound | None], before: str, around: str, *, begins: bool, ends: bool, is_counted: bool
) -> frozenset[Bound | None]:
    possible = {*bounds, None} if _COMPARED.search(before) or (is_counted and _OVER.search(before)) else set(bounds)
    if None in bounds and _PERHAPS_LEAST_BEFORE.search(before):
        possible.add(Bound.LEAST)
    if ends or _MAXIMAL.search(around) or _PERHAPS_MOST_BEFORE.search(before):
        possible.add(Bound.MOST)
    if begins or _MINIMAL.search(around):
        possible.add(Bound.LEAST)
    return frozenset({*possible, None}) if begins or ends else frozenset(possible)


def _as_the_end_of_the_range(
    begin: Quantity, match: re.Match[str], end: re.Match[str], text: str
) -> Iterator[Quantity]:
    if end["magnitude"] and not match["magnitude"]:
        yield replace(begin, value=begin.value * _magnitude(end))
    unit, _ = _unit_behind(text, end.end())
    if begin.unit is None and unit is not None:
        yield replace(begin, unit=unit)


def _bound(before: str, text: str, end: int, *, more: bool) -> Bound | None:
    if _MOST_BEFORE.search(before) or _LESS_BEHIND.match(text, end):
        return Bound.MOST
    if more or _LEAST_BEFORE.search(before):
        return Bound.LEAST
    return None


def _value(match: re.Match[str]) -> Decimal:
    value = _plain(match["digits"]) if match["digits"] else Decimal(1)
    if power := match["exponent"] or match["power"] or match["ten"]:
        value *= Decimal(10) ** min(max(int(power[:6]), -_LARGEST_POWER), _LARGEST_POWER)
    return value * _magnitude(match)


def _magnitude(match: re.Match[str]) -> int:
    return _MAGNITUDES[match["magnitude"].strip(" -\t\n").lower()] if match["magnitude"] else 1


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
    for match in words.SPELLED.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        if before.rstrip()[-1:].isdigit() and match[0].lower() in words.MAGNITUDES:
            continue  # 10 million is one number, and in digits
        unit, end = _unit_behind(text, match.end())
        bound = _bound(before, text, end, more=False)
        approximate = bool(_APPROXIMATELY.search(before[-24:]))
        yield Quantity(
            words.value_of(match[0]), unit, match[0], approximate, spelled=True, bounds=frozenset({bound, None})
        )
    for match in words.PLURAL.finditer(text):
        begin, end_of_range = words.range_of(match[0])
        yield Quantity(begin, None, match[0], spelled=True, below=end_of_range)
    for match in words.FRACTION.finditer(text):
        yield Quantity(words.part_of(match), None, match[0], spelled=True, bounds=frozenset({None, *Bound}))
    for match in _ORDERS.finditer(text):
        count = (match[1] or "one").lower()
        power = int(count) if count.isdigit() else int(words.value_of("one" if count in ("a", "an") else count))
        yield Quantity(Decimal(10) ** power, TIMES, match[0], spelled=True, bounds=frozenset({None, *Bound}))
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word in words.MULTIPLES:
            value = words.MULTIPLES[word]
            yield Quantity(value, TIMES, match[0], spelled=True, bounds=frozenset({None, *Bound}))
        elif word in words.ORDINALS:
            unit, _ = _unit_behind(text, match.end())
            yield Quantity(
                Decimal(words.ORDINALS[word]), unit if unit not in (None, THINGS) else ORDINAL, match[0], spelled=True
            )
        elif word in words.MONTHS and match[0][0].isupper():
            yield Quantity(Decimal(words.MONTHS[word]), None, match[0], spelled=True)


def _unit_behind(text: str, end: int) -> tuple[str | None, int]:
    """The unit that follows a number, and where it ends; `THINGS` where something else is counted."""
    if match := _UNIT_BEHIND.match(text, end):
        return _UNIT_OF[match["unit"].lower()], match.end()
    if match := _UNIT_AFTER_WORDS.match(text, end):
        return _UNIT_OF[match["unit"].lower()], end
    return (THINGS, end) if _THINGS.match(text, end) else (None, end)
