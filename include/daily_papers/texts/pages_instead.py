"""Pages with status 200 in a document's place: refusals in other words, and notices that there is no document."""

from __future__ import annotations

import re
from enum import Enum, auto

from bs4 import BeautifulSoup

PAPER_MARK = b"ltx_document"
"""In every page that LaTeXML made."""
PDF_MARK = b"%PDF-"
LONGEST_NOTICE = 2500
"""Characters; a longer page is somebody's text."""
_START = 100_000
_PDF_STARTS_WITHIN = 1024

_CHALLENGE = re.compile(
    rb"recaptcha|hcaptcha|h-captcha|cf-turnstile|challenge-platform|cf-chl|awswaf|px-captcha|_incapsula_|ddos-guard"
    rb"|type=.?password",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"captcha|(?:not|are you) a (?:ro)?bot|(?:ro)?bot (?:check|detection|verification)|human verification"
    r"|(?:verify|confirm|prove|check\w*) (?:if |that )?you(?:'re| are)|unusual (?:traffic|activity)"
    r"|access (?:\w+ ){0,4}(?:denied|forbidden|blocked)|(?:request|address|ip|you)(?: \w+){0,3} blocked|403 forbidden"
    r"|(?:rate|quota)\b.{0,12}exceeded|rate.?limit|too many requests|just a moment|attention required|security check"
    r"|checking your (?:browser|connection)|enable (?:javascript|cookies)"
    r"|automated (?:access|quer|request|download|traffic)"
    r"|temporarily|maintenance|try again later|overloaded|not acceptable",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\bno (?:html|pdf)\b|(?:html|pdf)\b[^.]{0,40}\b(?:unavailable|not available)|withdrawn|fatal error"
    r"|conver(?:sion|ted)[^.]{0,40}\bfail|could not be converted|not (?:be )?found|does not exist",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"\b(?:log|sign) ?in\b|authenticat|password", re.IGNORECASE)


class PageInstead(Enum):
    """What a page says that stands in a document's place."""

    NOTICE = auto()
    REFUSAL = auto()


def page_instead_of_html(body: bytes) -> PageInstead | None:
    """What an answer is that should be a paper's HTML; None where it may be one, or an author's own page."""
    if PAPER_MARK in body:
        return None
    text = _visible(body)
    if len(text) > LONGEST_NOTICE:
        return None
    return _meaning(body, text)


def page_instead_of_pdf(body: bytes) -> PageInstead | None:
    """What an answer is that should be a PDF; None where it is one, or broken. No other text has its place here."""
    start = body[:_PDF_STARTS_WITHIN]
    if PDF_MARK in start or not _is_text(start):
        return None
    text = _visible(body)
    return (_meaning(body, text) if len(text) <= LONGEST_NOTICE else None) or PageInstead.REFUSAL


def _meaning(body: bytes, text: str) -> PageInstead | None:
    if _CHALLENGE.search(body[:_START]) or _REFUSAL.search(text):
        return PageInstead.REFUSAL
    if _NOTICE.search(text):
        return PageInstead.NOTICE
    return PageInstead.REFUSAL if _LOGIN.search(text) else None


def _is_text(start: bytes) -> bool:
    """Whether these bytes are text; the end may be in the middle of one."""
    return b"\0" not in start and len(start.decode(errors="ignore").encode()) > len(start) - 4


def _visible(body: bytes) -> str:
    page = BeautifulSoup(body[:_START], "lxml")
    for hidden in page(["script", "style", "noscript"]):
        hidden.decompose()
    return " ".join(page.get_text(" ").split())
