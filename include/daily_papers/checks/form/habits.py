"""Sloppy habits of language models in Korean text, as phrases that stand there.

What stands in quotation marks or inline code is shown, not said, and is left alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from daily_papers.checks.grounding.names import has_ordinary_word, is_ordinary

_SHOWN = re.compile(r"`[^`\n]*`|“[^”\n]*”|‘[^’\n]*’|「[^」\n]*」|\"[^\"\n]*\"|(?<!\w)'[^'\n]*'(?!\w)")
_WITH_B = "".join(chr(sign) for sign in range(ord("가"), ord("힣") + 1) if (sign - ord("가")) % 28 == 17)
"""Syllables that end in ㅂ, as before 니다."""
_POLITE = re.compile(
    rf"[가-힣]*(?:[{_WITH_B}]니다|십시오|니까|(?:[해돼줘봐와워려져켜셔]|아|어|예|에|이에|네|군"
    r"|거든|는데|지)요|[으]?세요|[가-힣]죠)"
    r"(?=\s*(?:[.!?,)\n]|$))"
)
_NOUN_STYLE = re.compile(
    r"[가-힣]*(?:[았었였했됐겠있없않]음|(?<=[가-힣]\s)[함됨임]|아니함|[%\dA-Za-z]임|하지\s않음)(?=\.(?:\s|$))"
)
_BROKEN_WORD = re.compile(
    r"(?<![가-힣])(?!(?:비|재|반|초|저|고|준|탈|총|약|각|다중|멀티|사전|단일|최대|최소|상위|하위|평균)[a-z])"
    r"[가-힣]+(?:[a-z]{2,}|s)(?![A-Za-z0-9-])"
    r"|(?<![A-Za-z])[a-z]{2,}(?:적인|적으로|화된|화한|스러운|팅한|링한|션하|어들|어진|아진|려지|워지)"
)
_BEFORE_HANGUL = re.compile(r"(?<![A-Za-z0-9-])[a-z]{4,}(?=[가-힣])")
"""A Latin word that goes on in Hangul; of a word that the source or other papers have, that is a particle or 하다."""
_STRAY = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u2728\u2714\u2716\u274c\u274e\u2753-\u2757\u2763\u2764\u2795-\u2797\u27a1"
    "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\ufffd]|(?<![ㄱ-ㅣ])[ㄱ-ㅎㅏ-ㅣ]+"
)
_PLACEHOLDER = re.compile(
    r"(?<![\w\\^_}])\{[A-Za-z가-힣][\w가-힣 ]*\}|\[[가-힣][가-힣 ]{1,15}\]|\[(?:여기|내용|결과|수치|이름|논문"
    r"|저자|데이터셋|모델|방법|작성|입력|삽입|추가|빈칸|요약|TODO|TBD|INSERT|insert|"
    r"placeholder)[^\]\n]*\]|<[가-힣][^<>\n]*>|\b(?:TODO|TBD|FIXME|PLACEHOLDER|lorem ipsum)\b"
    r"|(?<![A-Za-z])(?:[XYN]{2,}\s?(?=[%개배점건명])|[XN]\s?(?=%))|\[[가-힣][가-힣 ]{1,15}\s?\d\]|<[a-z]+(?:_[a-z]+)+>"
    r"|_{3,}|[○◯]{2,}|(?<![A-Za-z0-9])[XN]\.[XN](?![A-Za-z0-9])|\?{2,}[.?]"
)
_ADDRESS = re.compile(
    r"(?i)\bwww\.[\w-]+\.\S*|\b(?:[\w-]+\.)+(?:com|org|io|net|ai|edu|dev|kr|co)/[^\s가-힣)]*"
    r"|\b[\w-]+\.(?:github|gitlab|readthedocs)\.io\b"
)
_LOOP = re.compile(
    r"(?<![가-힣A-Za-z0-9])([가-힣A-Za-z]+)(?:[\s,]+\1){2,}(?![가-힣A-Za-z0-9])"
    r"|(?<![가-힣A-Za-z0-9])(?!(?:(?:하나|조금)씩?|서로|점점|각각|조금|단계|차례|차근|하루|매번|시시|층층|걸음"
    r"|겹겹|속속|틈틈|구석|곳곳|스스로|또|더)\s)"
    r"([가-힣]{2,}|[A-Za-z]{3,})\s\2(?=[은는이가을를의에도만과와로]?(?:[\s.,)]|$))"
    r"|([가-힣]{2,}(?:\s[가-힣]+){1,5})[\s,]+\3"
)
_DANGLING = re.compile(
    r"(?:[가-힣]+(?:을|를|에서|에게|으로써|로써|으며|하며|되며|하고|되고|하여|되어|위해|위하여|통해|통하여|대한"
    r"|대해|관한|따른|따라|의한|인한|"
    r"하지만|지만|는데|면서|도록|거나|으나|하나|때문에)|(?:및|또는|그리고|또한|따라서|하지만|그러나|특히|즉"
    r"|예를 들어)|[가-힣]*(?<![결효성통초학])과|"
    r"[가-힣]+(?<!다)는|[가-힣]{2,}와|[,:;·(–—-]|\.{2,}|…)$"
)
_SENTENCE_END = re.compile(r"(?:[.!?。]|다|[)\]}\"'”’」%*`]|함|음|임|됨|것)$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+")
_BOLD = re.compile(r"\*\*")


def style_endings(text: str) -> list[str]:
    """Endings of polite speech (합니다, 해요) and of notes (하였음): a summary is written in the plain style."""
    plain = _SHOWN.sub(" ", text)
    return [match[0].strip() for pattern in (_POLITE, _NOUN_STYLE) for match in pattern.finditer(plain)]


def broken_text(text: str, source: str, *, is_title: bool = False) -> list[str]:
    """Words of two languages in one (일반ist), stray letters and pictures, placeholders, loops of a word, and sentences
    that break off; what the source itself has is not stray."""
    plain = _BOLD.sub("", _SHOWN.sub(" ", text))
    found = [match[0] for pattern in (_BROKEN_WORD, _STRAY, _PLACEHOLDER) for match in pattern.finditer(plain)]
    known = source.lower()
    halves = (
        word for word in _BEFORE_HANGUL.findall(plain) if not is_ordinary(word) and _is_half_of_a_word(known, word)
    )
    loops = [match[0] for match in _LOOP.finditer(plain)]
    cut = () if is_title else _cut_sentences(_BOLD.sub("", text))
    return [*(piece for piece in found if piece not in source), *halves, *loops, *cut]


def _is_half_of_a_word(source: str, beginning: str) -> bool:
    """Whether a source, or papers in general, have a longer word that begins so, and the source has no such word."""
    if re.search(rf"\b{beginning}(?:s|es|ed|ing)?\b", source):
        return False
    return has_ordinary_word(beginning) or bool(re.search(rf"\b{beginning}[a-z]", source))


def addresses(text: str) -> list[str]:
    """Addresses of the web without a scheme, which viewers make links of."""
    return [match[0] for match in _ADDRESS.finditer(text)]


def _cut_sentences(text: str) -> Iterator[str]:
    """Ends of paragraphs and list items that break off."""
    blocks = [block for block in _blocks(text) if block]
    ended = [bool(_SENTENCE_END.search(block)) for block in blocks]
    for block, is_item_ended in zip(blocks, ended, strict=True):
        if _DANGLING.search(block) or (
            not is_item_ended and (len(blocks) == 1 or (len(blocks) > 1 and sum(ended) == len(blocks) - 1))
        ):
            yield block[-20:]


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs and list items, each on one line."""
    block: list[str] = []
    for line in text.splitlines():
        if not line.strip() or _ITEM.match(line):
            yield " ".join(block).strip()
            block = []
        block.append(_ITEM.sub("", line).strip())
    yield " ".join(block).strip()


@cache
def _wrong_terms() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    """English terms and what nobody should call them, from the glossary; also as a pattern of words of their own."""
    text = files("daily_papers.wording").joinpath("glossary.ko.csv").read_text(encoding="utf-8-sig")
    return tuple(
        (row["english"], tuple(row["wrong"].split("|")), _as_words(row["wrong"].split("|")))
        for row in csv.DictReader(text.splitlines())
        if row.get("wrong")
    )


def _as_words(terms: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![가-힣]){re.escape(one)}" for one in terms))


def wrong_terms(text: str, source: str) -> list[str]:
    """Terms of the source that the text translates as no researcher would say (변환기 for Transformer)."""
    small, plain = source.lower(), _SHOWN.sub(" ", text)
    found = []
    for english, terms, pattern in _wrong_terms():
        if not any(term in plain for term in terms):
            continue
        if (match := pattern.search(plain)) and english.rstrip("s").replace("-", " ") in small.replace("-", " "):
            found.append(f"{match[0]} ({english})")
    return found
