"""Numbers written as words, in English (five hundred, a third, twice) and Korean (오백만, 세 배, 수십만, 절반)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SMALL = {**_ONES, **_TENS, "single": 1, "both": 2, "dual": 2, "pair": 2, "pairs": 2, "couple": 2, "bi": 2, "tri": 3,
          "dozen": 12}  # fmt: skip
MAGNITUDES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
PLURALS = {"dozens": 12, "tens": 10, **{f"{word}s": value for word, value in MAGNITUDES.items()}}
ORDINALS = {
    "zeroth": 0, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
MULTIPLES: dict[str, Decimal] = {
    word: Decimal(value)
    for value, words in {
        "2": "twice double doubles doubling doubled twofold", "3": "triple triples tripling tripled threefold",
        "4": "quadruple quadruples quadrupled fourfold", "5": "fivefold", "6": "sixfold", "7": "sevenfold",
        "8": "eightfold", "9": "ninefold", "10": "tenfold", "100": "hundredfold", "0.5": "half halves halving halved",
    }.items()
    for word in words.split()
}  # fmt: skip
MONTHS = {
    name: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"), start=1)
}  # fmt: skip
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "hundredth": 100,
}  # fmt: skip
_WORD = r"(?:" + "|".join(sorted((*_SMALL, *MAGNITUDES), key=len, reverse=True)) + r")"
SPELLED = re.compile(
    rf"\b(?:an?[-\s](?=(?:{'|'.join(MAGNITUDES)})\b))?{_WORD}(?:(?:[-\s]|\sand\s){_WORD})*\b", re.IGNORECASE
)
"""One or more words that make one number: twenty-one, five hundred and ten, a million."""
PLURAL = re.compile(
    rf"\b(?:{'|'.join(PLURALS)})(?:\sof\s(?:{'|'.join(PLURALS)}))?\b"
    rf"|\b(?:several|a\sfew|few|many)\s(?:{'|'.join(MAGNITUDES)})(?:\s(?:{'|'.join(MAGNITUDES)}))?\b",
    re.IGNORECASE,
)
"""Hundreds, tens of thousands, several hundred: a range of one or two powers of ten."""
FRACTION = re.compile(
    rf"\b(?P<count>an?|one|two|three|four|five|seven|nine)[-\s](?P<part>{'|'.join(_PARTS)})s?\b", re.IGNORECASE
)

_NATIVE = {
    "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
_NATIVE_TENS = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60}
_NATIVE_NUMBER = rf"(?:(?:{'|'.join(_NATIVE_TENS)})(?:한|{'|'.join(_NATIVE)})?|{'|'.join(_NATIVE)})"
COUNTERS = (
    "개월", "개", "가지", "명", "번", "건", "장", "편", "종류", "종", "쌍", "곳", "군데", "대", "권", "층",
    "줄", "칸", "축", "갈래", "부류", "단계", "시간", "달", "해", "주", "배", "언어", "모델", "과제",
    "데이터셋", "데이터 셋", "벤치마크", "분야", "유형", "모듈", "손실", "구성 요소", "요소", "구성요소",
    "방식", "방법", "범주", "도메인", "영역", "작업", "태스크", "측면", "관점", "전략", "기법", "지표", "실험",
    "환경", "로봇", "전문가", "질문", "문항", "부분", "사례", "시나리오", "설정", "프레임워크", "언어 모델",
    "에이전트",
)  # fmt: skip
_COUNTER = "|".join(sorted(map(re.escape, COUNTERS), key=len, reverse=True))
KOREAN_NATIVE = re.compile(
    rf"(?<![가-힣])(?!세대)(?P<number>{_NATIVE_NUMBER})\s?(?P<counter>{_COUNTER}|(?=[A-Za-z]{{2}}))(?!째)"
)
_SINO = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9}
_SINO_TENS = {"십": 10, "백": 100, "천": 1000}
_SINO_GROUPS = {"만": 10**4, "억": 10**8, "조": 10**12}
KOREAN_SINO = re.compile(
    r"(?<![가-힣\d])(?P<number>(?:[일이삼사오육칠팔구]?[십백천])+[일이삼사오육칠팔구]?(?:[만억조](?:[일이삼사오육칠팔구]?[십백천])*)?|"
    r"[일이삼사오육칠팔구][만억조])"
    rf"\s?(?P<counter>{_COUNTER}|여\s?(?:개|명|건|장|편|종)|토큰|달러|매개변수|파라미터|퍼센트|%|프레임|이미지|샘플|문장|초|분)"
)
KOREAN_SEVERAL = re.compile(r"(?<![가-힣])수(?P<magnitude>[십백천]?[만억조]|[십백천])(?![가-힣]*학)")
KOREAN_HALF = re.compile(r"(?<![가-힣])절반")
KOREAN_PARTS = re.compile(r"(?<![가-힣\d])(?P<whole>[삼사오육칠팔구십백])\s?분의\s?(?P<part>[일이삼사오육칠팔구])")


def value_of(words: str) -> Decimal:
    """The value of `SPELLED` words: five hundred and ten is 510."""
    total, group = 0, 0
    for word in re.split(r"[-\s]+", words.lower()):
        if word in _SMALL:
            group += _SMALL[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in MAGNITUDES:
            total, group = total + (group or 1) * MAGNITUDES[word], 0
    return Decimal(total + group)


def range_of(words: str) -> tuple[Decimal, Decimal]:
    """Where `PLURAL` words begin and end: tens of thousands are 10,000 to 1,000,000."""
    value = Decimal(1)
    for word in words.lower().split():
        value *= PLURALS.get(word) or MAGNITUDES.get(word) or 1
    return value, value * 100


def part_of(match: re.Match[str]) -> Decimal:
    """The value of a `FRACTION`."""
    count = {"a": 1, "an": 1}.get(match["count"].lower()) or _ONES[match["count"].lower()]
    return Decimal(count) / _PARTS[match["part"].lower()]


def native_value(number: str) -> Decimal:
    """The value of a native Korean numeral: 열두 is 12."""
    for tens, value in _NATIVE_TENS.items():
        if number.startswith(tens):
            rest = number.removeprefix(tens)
            return Decimal(value + (1 if rest == "한" else _NATIVE.get(rest, 0)))
    return Decimal(_NATIVE[number])


def sino_value(number: str) -> Decimal:
    """The value of a Sino-Korean numeral: 오백만 is 5,000,000."""
    total, group, digit = 0, 0, 0
    for sign in number:
        if sign in _SINO:
            digit = _SINO[sign]
        elif sign in _SINO_TENS:
            group, digit = group + (digit or 1) * _SINO_TENS[sign], 0
        else:
            total, group, digit = total + (group + digit or 1) * _SINO_GROUPS[sign], 0, 0
    return Decimal(total + group + digit)


def korean_parts(match: re.Match[str]) -> Decimal:
    """The value of `KOREAN_PARTS`: 삼분의 일."""
    return Decimal(_SINO[match["part"]]) / sino_value(match["whole"])


def several_of(magnitude: str) -> tuple[Decimal, Decimal]:
    """Where 수십만 and the like begin and end: 200,000 to 1,000,000."""
    value = sino_value(magnitude)
    return value * 2, value * 10


def korean_numerals(text: str) -> Iterator[tuple[re.Match[str], Decimal]]:
    """Every numeral in Hangul that counts something (group `counter`), and its value."""
    for match in KOREAN_NATIVE.finditer(text):
        yield match, native_value(match["number"])
    for match in KOREAN_SINO.finditer(text):
        yield match, sino_value(match["number"])
