"""Sentences in a paper that speak to a language model which reads it (prompt injection)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

LONGEST_SHOWN = 120

_BEFORE = r"(?:previous|prior|above|earlier|preceding|foregoing)"
_ORDERS = r"(?:instructions?|prompts?|directions|directives|rules|guidelines|commands|system message)"
_MODEL = r"(?:llms?|ai|gpt|chatgpt|(?:large |ai )?language models?)"
_PATTERNS = (
    # set aside what was said before
    rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{{0,30}}\b{_BEFORE} (?:\w+ )?{_ORDERS}\b",
    rf"\b(?:ignore|disregard|forget)\b (?:all |any |your )+(?:the )?{_ORDERS}\b",
    r"\b(?:ignore|disregard|forget) everything (?:above|before|you (?:were|have been) told)",
    rf"\b(?:do not|don't|stop) follow(?:ing)? (?:the |your |any )*(?:{_BEFORE} )?(?:system )?{_ORDERS}\b",
    r"\bnew system (?:instructions?|prompt)\s*:",
    # speak to whoever reads as a model
    rf"\b(?:note to|dear|hey|hello,?) (?:all |any |the )*{_MODEL}\b",
    rf"\b(?:for|to) (?:all |any |the )*{_MODEL}[- ](?:reviewers?|readers?|summari[sz]ers?|assistants?)\s*:",
    rf"\b(?:if|when|since) you are an? {_MODEL}\b",
    rf"\bas an? {_MODEL}[^.\n]{{0,20}}, you (?:must|should|will|are required)",
    r"\byou are (?:now|no longer) (?:an? |in |the )?(?:\w+ )?(?:dan\b|unrestricted|jailbroken|developer mode|bound)",
    # say what to say
    (
        r"\b(?:give|write|provide|produce|output)\b (?:only )?(?:an? )?(?:strongly )?(?:positive|favou?rable) "
        r"(?:review|assessment|summary|feedback)\b"
    ),
    r"\bpositive (?:review|summary) only\b",
    r"\bdo not (?:highlight|mention|list|report|summari[sz]e) any (?:negatives?|weakness(?:es)?|limitations?|flaws?)",
    r"\binstead\b,? (?:output|respond|reply|answer|write|print)\b[^.\n]{0,12}[\"'“‘`:]",
    (
        r"\binclude (?:both )?the (?:exact |following )*(?:phrases?|sentences?|words?|link|url)\b[^.\n]{0,200}\b"
        r"(?:your|the) (?:review|summary|response|answer|output)\b"
    ),
    r"\bin your (?:summary|answer|response|output|review|json)\b,? (?:you must|always|say|state|claim|include)\b",
    (
        r"\b(?:reveal|print|repeat|output|leak|disclose)\b (?:me )?(?:your (?:full |entire )?"
        r"(?:system prompt|system message|api key|instructions)|the system prompt)"
    ),
    # other languages
    r"(?:이전|앞선|위의|기존)[^.\n]{0,12}(?:지시|명령|지침|프롬프트)[^.\n]{0,8}(?:무시|잊|따르지)",
    r"(?:긍정적인|호의적인)\s?(?:평가|리뷰|요약)만",
    r"(?:忽略|无视|無視|忘记)[^。\n]{0,8}(?:指令|指示|提示|命令)",
    r"(?:以前|これまで|上記)の[^。\n]{0,8}(?:指示|命令)[^。\n]{0,6}無視",
    r"ignorier\w{0,20} (?:sie )?alle (?:vorherigen|bisherigen|obigen) (?:anweisungen|befehle)",
    r"ignore[rz]? (?:toutes )?les instructions (?:précédentes|antérieures)",
    r"ignor\w{1,20} (?:todas )?las instrucciones (?:anteriores|previas)",
    r"игнорируй(?:те)? (?:все )?(?:предыдущие|прошлые) (?:инструкции|указания)",
)
_INSTRUCTION = re.compile("|".join(_PATTERNS), re.IGNORECASE)
_ACTORS = r"(?:models?|llms?|agents?|assistants?|chatbots?|they)"
_OPENING, _CLOSING = "[\"“‘'`]", "[\"”’'`]"
_SAID_OF_MODELS = re.compile(
    rf"\b{_ACTORS} (?:often|sometimes|frequently|usually|may|might|can|tend to) (?:\w+ly )?$"
    rf"|\b(?:makes?|making|causes?|causing) (?:an? |the )?(?:\w+ )?{_ACTORS} (?:to )?$",
    re.IGNORECASE,
)
"""Text before the verb in a statement about models, which gives no instruction."""
_SHOWN_BEFORE = re.compile(
    rf"\b(?:attackers?|adversar(?:y|ies)|injections?|jailbreaks?|phrases?|strings?|payloads?)\b[^.:\n]{{0,40}}{_OPENING}$",
    re.IGNORECASE,
)
_SHOWN_BEHIND = re.compile(rf"[.!]?{_CLOSING}")
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")
_LONG_STACK = re.compile(r"[^\w\s!-~]{31,}")
"""Signs in a row among which more than the 30 combining marks may be that Unicode's Stream-Safe Text Format allows."""
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


def instructions_to_models(text: str) -> list[str]:
    """Phrases that tell a model what to do, as they stand there, each once; empty for a paper that only reports.

    Prompts that a paper shows ("You are a helpful assistant") are none, nor what it says of models ("models often
    ignore previous instructions") or shows of attackers; another paper about prompt injection may be found, too.
    """
    return list(dict.fromkeys(match[0][:LONGEST_SHOWN] for match in _orders_in(text)))


@lru_cache(maxsize=64)  # two checks and the evidence look at the same source
def _orders_in(text: str) -> tuple[re.Match[str], ...]:
    return tuple(_orders(_plain(text)))


def _orders(plain: str) -> Iterator[re.Match[str]]:
    for match in _INSTRUCTION.finditer(plain):
        before = plain[max(0, match.start() - LONGEST_SHOWN) : match.start()]
        shown = _SHOWN_BEFORE.search(before) and _SHOWN_BEHIND.match(plain, match.end())
        if not shown and not _SAID_OF_MODELS.search(before):
            yield match


@lru_cache(maxsize=64)  # every section of a paper is compared with the same source
def evidence(source: str) -> str:
    """What of a source can carry a claim: all but the sentences that speak to a model, and the one after each.

    A line ends a sentence, too, so that a table loses a row and not all of them.
    """
    if not _orders_in(source):
        return source
    return "\n".join(" ".join(_without_instructions(_SENTENCE_END.split(line))) for line in source.split("\n"))


def _without_instructions(sentences: Sequence[str]) -> Iterator[str]:
    """Drops a sentence in which an order begins (it may end in the next one), and the next one."""
    skipped = 0
    for place, sentence in enumerate(sentences):
        length, with_next = len(_plain(sentence)), _plain(" ".join(sentences[place : place + 2]))
        if any(order.start() < length for order in _orders(with_next)):
            skipped = 2
        if skipped <= 0:
            yield sentence
        skipped -= 1


def _plain(text: str) -> str:
    normalized = unicodedata.normalize("NFKC", _LONG_STACK.sub(_short_stack, text))
    return " ".join(_UNSEEN.sub("", normalized).split())


def _short_stack(run: re.Match[str]) -> str:
    """A run of signs without its combining marks: no letter carries so many, and sorting them takes their square."""
    return "".join(sign for sign in run[0] if not unicodedata.combining(sign))
