"""Names of models, datasets, methods and institutions in a summary that its source does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from daily_papers.checks.grounding.numbers import squeezed
from daily_papers.checks.grounding.word_tables import word_table

_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z]*(?:[-&/][A-Za-z]+)*(?![A-Za-z0-9])")
_CAPITAL_INSIDE = re.compile(r"(?<=[A-Za-z])[A-Z]")
_ONE_CAPITAL = re.compile(r"[A-Z][a-z]{2,}")
_NEXT_NAME = re.compile(r"[A-Z][A-Za-z]+\s[A-Z][A-Za-z]+")
_NAME_BEFORE = re.compile(r"[A-Z][A-Za-z]+\s[A-Z][A-Za-z]+$")
_LETTER = re.compile(r"[A-Za-z]")
_JOINTS = re.compile(r"[-&/]")
_WORD = re.compile(r"[A-Za-z]+")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{3,}")
_SHORTEST_NAME, _SHORTEST_WORD, _STEM = 2, 4, 5
_LONGEST_NAME = 4
"""Words before the colon of a title that may be a name."""
_PLAIN_WORD = re.compile(r"[A-Za-z0-9][\w@.+-]*")
_MARKED = re.compile(r"[a-z][A-Z]|[A-Za-z].*\d|^[A-Z]{2,}")
_HANGUL = re.compile(r"[가-힣]")
_BETWEEN = r"[-_\s./+*]*"
_PARTICLES = (
    r"(?=(?:은|는|이|가|을|를|의|에|와|과|로|으로|도|만|에서|에게|보다|처럼|까지|부터|사의?|대|대학교?|연구(?:소|진|팀)|공대|"
    r"계열|기반|모델|팀|이다|이며|[\s\d,.·/)\]:]|$))"
)
"""What may follow a name in Hangul that is not part of a longer word."""
_INSTITUTION = re.compile(
    r"(?P<name>[가-힣]{2,}?)\s?(?:대학교|대학|공과대학|공대|과학기술원|연구소|연구원)(?=[은는이가의을를에과와\s,.·)]|$)"
)
_ENGLISH_INSTITUTION = re.compile(
    r"(?:[A-Z][\w.'-]+\s(?:of\s)?){0,3}(?:Universit(?:y|ies)|Institutes?|Laborator(?:y|ies)|Labs?|College|Academy|Research)"
    r"(?:\sof(?:\s[A-Z][\w.'-]+){1,3})?(?![A-Za-z])"
)
_META = re.compile(r"(?<![가-힣A-Za-z])(?:메타|Meta)(?:\sAI)?(?=[의가는와]\s|\s(?:AI|연구|저자)|에서\s)")
"""The company; meta-learning and Meta-Attacker are no companies."""
_ANY_INSTITUTION = re.compile(r"universit|institut|laborator|\blabs?\b|college|academy", re.IGNORECASE)
_NO_INSTITUTION = frozenset((
    "여러", "국내", "해외", "각", "한", "두", "세", "이", "그", "소속", "유명", "주요", "일부", "다른", "공동",
    "민간", "기업", "국립", "종합", "다수", "참여", "모든", "미국", "중국", "한국", "일본", "의과",
))  # fmt: skip


@cache
def _listed_words(name: str) -> frozenset[str]:
    """Words of a file of this package: one a line, `#` for remarks."""
    text = files("daily_papers.checks.grounding").joinpath(name).read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(squeezed(line) for line in lines if line)


def _common_terms() -> frozenset[str]:
    """Terms a researcher may use without the source."""
    return _listed_words("common_terms.txt")


def _ordinary_words() -> frozenset[str]:
    """Words that at least 3 of the 1,332 recorded abstracts write small: with a capital letter they are no names."""
    return _listed_words("ordinary_words.txt")


@cache
def _measuring_stems() -> frozenset[str]:
    """Beginnings of words that say how something is measured, and not what."""
    return frozenset(word[:_STEM] for word in _listed_words("measuring_words.txt"))


@cache
def _hangul_names() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Names as Korean text spells them, and how sources do."""
    names = {row["hangul"]: tuple(row["latin"].split("|")) for row in word_table("hangul_names.csv")}
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![가-힣A-Za-z])({longest_first}){_PARTICLES}"), names


def ungrounded_names(text: str, source: str, near: str | None = None) -> list[str]:
    """Names in `text` that `source` does not have.

    These are Latin words with a capital letter after their first one (BERT, ImageNet), in Korean text also those with
    one capital (Gemini), unless they are ordinary words; names that Korean text spells in Hangul (구글); and names of
    institutions. Common terms (`common_terms.txt`) are known, and so are acronyms of words that stand next to each
    other in `near`, the part of the source that the summary quotes (the whole source unless given). Names with digits
    are left to `numbers`.
    """
    return sorted({*_latin_names(text, source, near or source), *_korean_names(text, source)}, key=text.find)


def _latin_names(text: str, source: str, near: str) -> Iterator[str]:
    korean = bool(_HANGUL.search(text))
    for match in _NAME.finditer(text):
        name = match[0]
        if _CAPITAL_INSIDE.search(name):
            if not _has(source, name) and not all(_is_known(part, source, near) for part in _JOINTS.split(name)):
                yield name
        elif (
            korean
            and not _is_part_of_a_name(text, match, source)
            and any(_is_strange(part, source) for part in _JOINTS.split(name))
        ):
            yield name


def _is_part_of_a_name(text: str, match: re.Match[str], source: str) -> bool:
    """Whether a source has a word, or it and the next or the one before: Hugging Face in huggingface.co."""
    after, before = _NEXT_NAME.match(text, match.start()), _NAME_BEFORE.search(text, 0, match.end())
    return any(_has(source, found) for found in (match[0], *(one[0] for one in (after, before) if one)))


def _is_strange(part: str, source: str) -> bool:
    """Whether a word with one capital is a name that a source does not have."""
    return bool(_ONE_CAPITAL.fullmatch(part)) and not _is_word(part) and not _has(source, part)


def lost_names(translated_title: str, title: str) -> list[str]:
    """Names before the colon of a paper's title (capitals or digits within a word) that its translation lacks.

    The prompt has them kept as they are written, so a title without them is another paper's.
    """
    beginning, colon, _ = title.partition(":")
    words = beginning.split()
    if not colon or len(words) > _LONGEST_NAME or not all(map(_PLAIN_WORD.fullmatch, words)):
        return []
    names = [word for word in words if _is_marked(word) and squeezed(word) not in _common_terms()]
    if len(words) == 1 and _ONE_CAPITAL.fullmatch(beginning) and not _is_word(beginning):
        names = words
    kept = squeezed(translated_title)
    return [] if any(squeezed(name) in kept for name in names) else names[:1]


def _is_marked(word: str) -> bool:
    """Whether a part of a word is written as only names are; Text-to-Image is not."""
    return any(map(_MARKED.search, word.split("-")))


def unknown_words(cell: str, source: str) -> list[str]:
    """Words in a cell of the results that its source does not have in any form; words of measuring are known."""
    words = [word for word in _WORD.findall(cell) if len(word) >= _SHORTEST_WORD]
    small = source.lower()
    return [word for word in words if (stem := word[:_STEM].lower()) not in small and stem not in _measuring_stems()]


def content_words(cell: str) -> list[str]:
    """Beginnings of the words of a cell, in small letters, without those that say how something is measured."""
    stems = (word[:_STEM].lower() for word in _LATIN_WORD.findall(cell))
    return [stem for stem in stems if stem not in _measuring_stems()]


def is_ordinary(name: str) -> bool:
    """Whether a Latin word is one that many abstracts have, or a common term."""
    return squeezed(name) in _common_terms() or _is_word(name) or len(name) < _SHORTEST_NAME


def has_ordinary_word(beginning: str) -> bool:
    """Whether one of the ordinary words begins so."""
    return any(word.startswith(beginning) for word in _ordinary_words())


def _is_word(name: str) -> bool:
    small = name.lower()
    forms = (
        small,
        small.removesuffix("s"),
        small.removesuffix("es"),
        small.removesuffix("ing"),
        small.removesuffix("d"),
    )
    return any(form in _ordinary_words() or form in _common_terms() for form in forms)


def _korean_names(text: str, source: str) -> Iterator[str]:
    pattern, names = _hangul_names()
    for match in pattern.finditer(text):
        if match[1] not in source and not any(_has(source, latin) for latin in names[match[1]]):
            yield match[1]
    for match in _INSTITUTION.finditer(text):
        if match["name"] not in _NO_INSTITUTION and match["name"] not in names and not _ANY_INSTITUTION.search(source):
            yield match[0]
    yield from ungrounded_institutions(text, source)


def ungrounded_institutions(text: str, source: str) -> Iterator[str]:
    """Universities, laboratories and companies that a text calls in English, or by a Korean name, and a source does
    not name."""
    for match in _ENGLISH_INSTITUTION.finditer(text):
        if " " in match[0] and not _has(source, match[0]):
            yield match[0]
    if (company := _META.search(text)) and not re.search(r"\bMeta\b", source):
        yield company[0]


def _has(source: str, name: str) -> bool:
    """Whether a source has a name as words of its own, however it is hyphenated or spaced; also in the plural."""
    if squeezed(name) not in squeezed(source):
        return False
    return _stands_as_written(source, name) or bool(_as_words(squeezed(name)).search(source))


def _stands_as_written(source: str, name: str) -> bool:
    """Whether the first place of a name in a source is a word of its own; that spares most names their pattern."""
    begin = source.find(name)
    around = f"{source[begin - 1 : begin]}{source[begin + len(name) : begin + len(name) + 1]}"
    return begin >= 0 and not _LETTER.search(around)


@lru_cache(maxsize=1024)
def _as_words(letters: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![A-Za-z]){_BETWEEN.join(map(re.escape, letters))}(?-i:s|ed|-\w+)?(?![A-Za-z])")


def _is_known(part: str, source: str, near: str) -> bool:
    small = squeezed(part)
    if part.lower() == part or len(part) < 2 or small in _common_terms() or _has(source, part):
        return True
    if not _CAPITAL_INSIDE.search(part) and _is_word(part):
        return True
    singular = part.removesuffix("s")
    return (
        _has(source, singular) or squeezed(singular) in _common_terms() or (part.isupper() and small in _initials(near))
    )


@lru_cache(maxsize=64)  # every section of a paper is compared with the same source
def _initials(source: str) -> str:
    return "".join(word[0] for word in _WORD.findall(source)).lower()
