"""A paper's HTML as arXiv serves it (made by LaTeXML), as passages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from markdownify import MarkdownConverter

from daily_papers.texts.fulltext.characters import readable
from daily_papers.texts.fulltext.macros import drop_unknown_macros, tex_without_colours, tex_without_macros
from daily_papers.texts.fulltext.passages import (
    Passage,
    PassageKind,
    UnreadableError,
    kind_of,
    named_version,
    with_kinds_by_place,
)
from daily_papers.texts.fulltext.tables import SPACES, line_of, table_lines
from daily_papers.texts.fulltext.wholeness import check_depth, check_not_hollow

_NOISE = ", ".join(
    (
        "script", "style", "nav", "img", "object", "button", ".ltx_TOC", ".ltx_page_logo", ".ltx_pagination",
        ".ltx_authors", ".ltx_dates", ".ltx_title_document", ".ltx_note_mark", ".ltx_tag_note",
        ".ltx_note_type", ".ltx_role_footnotemark", ".ltx_listing_data", ".ltx_tag_listingline",
        ".ltx_itemize > .ltx_item > .ltx_tag_item", ".ltx_enumerate > .ltx_item > .ltx_tag_item",
    )
)  # fmt: skip
_GIVEN_UP = re.compile(r"Conversion to HTML had a Fatal error|Fatal error and exited abruptly", re.IGNORECASE)
_ARTICLE_END = b"</article>"
_SECTION_NAME = re.compile(r"[SA]x?\d+(?:\.SS\d+)*")
_FEWEST_WORDS = 8
_FOOTNOTE_SIGNS = frozenset("*†‡§¶#")
_LINES = "lines"
_EQUATIONS = "table.ltx_equation, table.ltx_equationgroup, table.ltx_eqn_table"
_SECTIONS = ("ltx_section", "ltx_appendix", "ltx_bibliography", "ltx_abstract", "ltx_acknowledgements", "ltx_chapter")
_KINDS = {
    "ltx_abstract": PassageKind.ABSTRACT,
    "ltx_bibliography": PassageKind.REFERENCES,
    "ltx_appendix": PassageKind.APPENDIX,
    "ltx_acknowledgements": PassageKind.ACKNOWLEDGEMENTS,
}
_INVISIBLE = dict.fromkeys(range(0x2061, 0x2065))
"""The signs of MathML for "applied to", "times" and so on, which nobody sees."""
_LINE_END = re.compile(r"%\s*\n\s*")
_NEEDS_TEX = re.compile(r"[\^_&]|\\\w+\s*{")
_TRAILING_BLANKS = re.compile(r"[^\S\n]+\n")
_BLANK_LINES = re.compile(r"\n{3,}")


def read_html(body: bytes, paper_id: str) -> tuple[list[Passage], int | None]:
    """The passages of a page, and the version of the paper as far as the page names it.

    Raises:
        UnreadableError: no article, not all of it, or nested deeper than can be read.
    """
    try:
        check_depth(body)
        page = BeautifulSoup(body, "lxml")
        article = page.select_one("article.ltx_document")
        if article is None:
            raise UnreadableError("holds no article")
        version = _version(page, paper_id)
        _check_whole(page, article)
        if _ARTICLE_END not in body:
            raise UnreadableError("ends before its article does")
        check_not_hollow(article)
        _simplify(article)
        passages = [Passage(readable(one.title), one.kind, readable(one.text)) for one in _passages(article)]
        return with_kinds_by_place(passages), version
    except RecursionError:
        raise UnreadableError("is nested too deeply") from None


def _version(page: BeautifulSoup, paper_id: str) -> int | None:
    """From the watermark beside the article, else from arXiv's links above it."""
    mark = page.select_one("#watermark-tr")
    links = page.select('header a[href^="/abs/"], header a[href^="/pdf/"], base[href]')
    texts = [mark.get_text() if mark else "", *(str(link["href"]) for link in links)]
    return next(filter(None, (named_version(text, paper_id) for text in texts)), None)


def _check_whole(page: BeautifulSoup, article: Tag) -> None:
    """Refuses what LaTeXML gave up on: arXiv serves such pages like any other."""
    if _GIVEN_UP.search(" ".join(page.get_text(" ").split())):
        raise UnreadableError("was not converted to its end")
    named = {str(link["href"]).partition("#")[2] for link in page.select('.ltx_TOC a[href*="#"]')}
    there = {str(element["id"]) for element in article.select("[id]")}
    if missing := [name for name in named if _SECTION_NAME.match(name) and name not in there]:
        raise UnreadableError(f"lacks {len(missing)} of the sections in its table of contents")


def _simplify(article: Tag) -> None:
    """Turns what only LaTeXML knows into plain text where it stands."""
    for noise in article.select(_NOISE):
        noise.decompose()
    for picture in article.select("svg"):
        _keep_text(picture)
    drop_unknown_macros(article)
    _simplify_inline(article)
    for equation in article.select(_EQUATIONS):
        _replace_by_lines(equation, [line_of(row) for row in equation.select(".ltx_eqn_row") or [equation]])
    for listing in article.select(".ltx_listing"):
        lines = [line.get_text().strip("\n") for line in listing.select(".ltx_listingline")]
        _replace_by_lines(listing, lines or [listing.get_text()])
    for table in reversed(article.select(".ltx_tabular")):  # inner tables first
        _replace_by_lines(table, table_lines(table))
    for tag in article.select(".ltx_tag"):  # the number of a heading or caption
        tag.replace_with(NavigableString(f"{line_of(tag)} "))


def _simplify_inline(article: Tag) -> None:
    """Formulas, raised and lowered text, footnotes."""
    for math in article.select("math"):
        if not math.decomposed:  # else it stood inside another one
            math.replace_with(NavigableString(_formula(math)))
    for raised in article.select("sup, sub"):
        text = line_of(raised)
        sign = "^" if raised.name == "sup" else "_"
        raised.replace_with(NavigableString("" if set(text) <= _FOOTNOTE_SIGNS else f"{sign}{text}"))
    for note in article.select(".ltx_note"):
        note.replace_with(NavigableString(f" ({line_of(note)})"))


def _keep_text(picture: Tag) -> None:
    """Boxes with text (prompts, remarks) are pictures to LaTeXML; the labels of a drawing are not worth keeping."""
    texts = [one.get_text(" ") for one in picture.select("foreignobject")]
    box = Tag(name="div")
    box.string = "\n".join(" ".join(text.split()) for text in texts if len(text.split()) >= _FEWEST_WORDS)
    picture.replace_with(box)


def _formula(math: Tag) -> str:
    """A formula as TeX; one without super- and subscripts and functions as what it shows (3.2×, n = 32,768)."""
    tex = " ".join(
        _LINE_END.sub("", str(math.get("alttext") or "")).replace("\\displaystyle", "").replace("{,}", ",").split()
    )
    if unknown := {error.get_text().strip() for error in math.select(".ltx_ERROR")}:
        tex = tex_without_macros(tex, unknown)
        return f"${tex}$" if "\\" in tex or _NEEDS_TEX.search(tex) else tex
    tex = tex_without_colours(tex)
    if tex and _NEEDS_TEX.search(tex):
        return f"${tex}$"
    for annotation in math.select("annotation, annotation-xml"):
        annotation.decompose()
    return "".join(math.get_text().translate(_INVISIBLE).split()) or tex


def _replace_by_lines(element: Tag, lines: list[str]) -> None:
    """Puts a preformatted block where an element was: its lines stay lines."""
    block = Tag(name="pre", attrs={"class": _LINES})
    block.string = "\n".join(line for line in lines if line.strip(" |"))
    element.replace_with(block)


def _passages(article: Tag) -> Iterator[Passage]:
    """The sections in their order, and what stands between them."""
    between: list[PageElement] = []
    for part in _parts(article):
        names = part.get_attribute_list("class") if isinstance(part, Tag) else []
        section = next((name for name in _SECTIONS if name in names), None)
        if section is None or not isinstance(part, Tag):
            between.append(part)
            continue
        yield from _untitled(between)
        between = []
        yield from _section(part, section)
    yield from _untitled(between)


def _parts(article: Tag) -> Iterator[PageElement]:
    for child in article.children:
        if isinstance(child, Tag) and child.get_attribute_list("class") == ["ltx_page_content"]:
            yield from _parts(child)
        else:
            yield child


def _section(part: Tag, name: str) -> Iterator[Passage]:
    heading = part.find(class_="ltx_title")
    title = line_of(heading) if isinstance(heading, Tag) else ""
    if isinstance(heading, Tag):
        heading.decompose()
    text = _markdown(part)
    if text:
        yield Passage(title or name.removeprefix("ltx_").capitalize(), _KINDS.get(name) or kind_of(title), text)


def _untitled(elements: list[PageElement]) -> Iterator[Passage]:
    text = "\n\n".join(filter(None, (_markdown(element) for element in elements)))
    if text:
        yield Passage("", PassageKind.OTHER, text)


class _Converter(MarkdownConverter):
    """Lines that were made here stand as they are; other preformatted text is fenced."""

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.get_attribute_list("class") == [_LINES]:
            return f"\n\n{text.strip()}\n\n"
        return str(super().convert_pre(el, text, parent_tags))  # type: ignore[misc]  # made by its `__getattr__`


def _markdown(element: PageElement) -> str:
    if not isinstance(element, Tag):
        return str(element).strip() if type(element) is NavigableString else ""
    converter = _Converter(
        heading_style="ATX",
        bullets="-",
        strip=["a", "b", "strong", "em", "i", "cite", "code"],  # their marks would stand in the way of literal quotes
        escape_asterisks=False,
        escape_underscores=False,
        escape_misc=False,
    )
    text = _TRAILING_BLANKS.sub("\n", str(converter.convert_soup(element)).translate(SPACES))
    return _BLANK_LINES.sub("\n\n", text).strip()
