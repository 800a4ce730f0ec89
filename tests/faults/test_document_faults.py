"""What odd documents and answers of arXiv end in: a table of docs/faults.md, case by case."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from daily_papers.lake.library import Library, open_library
from daily_papers.listing.day_listing import day_listing
from daily_papers.reasons import Reason, text_of
from daily_papers.rows.day_file import read_day_file
from daily_papers.sample.replay import RecordedListings
from daily_papers.sample.server import SAMPLE_DATE, LocalServer, Reply
from daily_papers.texts import read
from daily_papers.texts.fulltext.latexml import read_html
from daily_papers.texts.fulltext.line_breaks import joined_pages, with_whole_words
from daily_papers.texts.text_store import FULL_TEXT_LOST, PERHAPS_LOST, current_source, latest_reading
from tests.support.arxiv import PAPER_ID, Arxiv, arxiv_page, fixture, listed
from tests.support.models import ScriptedModel
from tests.support.steps import fetch, run_day

OTHER = "2505.00002"
PDF = fixture("sparse.pdf")
PENDING, REFUSED = "pending", "pending, and arXiv is left alone"
INCOMPLETE = "with the warning `source_incomplete`"
HTML, FROM_PDF, ABSTRACT = "the HTML", "the PDF", f"the abstract, {INCOMPLETE}"


@dataclass(frozen=True)
class Case:
    """One line of the table: what arXiv answers for HTML and PDF, and what is read."""

    name: str
    html: bytes | Reply | None
    end: str
    pdf: bytes | Reply | None = PDF
    problem: str = ""
    requests: list[str] = field(default_factory=list)


def page(text: str, status: int = 200, **headers: str) -> Reply:
    body = f"<!DOCTYPE html><html><head><title>arXiv</title></head><body>{text}</body></html>".encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, body, {"Content-Type": "text/html", **named})


def with_headings_only() -> bytes:
    page_ = BeautifulSoup(arxiv_page(), "lxml")
    for content in page_.select("section.ltx_section :is(.ltx_para, figure)"):
        content.decompose()
    return page_.encode()


def up_to_section(number: int, *, references: bool = False, contents: bool = False) -> bytes:
    text = arxiv_page().decode()
    start = text.index(f'<section id="S{number}"')
    end = text.index('<section id="bib"') if references else text.index("</article>")
    text = text[:start] + text[end:]
    if not contents:
        text = re.sub(r'<nav class="ltx_TOC.*?</nav>', "", text, flags=re.DOTALL)
    return text.encode()


def without_section(number: int) -> bytes:
    text = arxiv_page().decode()
    start, end = text.index(f'<section id="S{number}"'), text.index(f'<section id="S{number + 1}"')
    return re.sub(r'<nav class="ltx_TOC.*?</nav>', "", text[:start] + text[end:], flags=re.DOTALL).encode()


def with_number_left_out() -> bytes:
    heading = '<h2 class="ltx_title ltx_title_section"><span class="ltx_tag ltx_tag_section">9 </span>Outlook</h2>'
    section = f'<section id="S9" class="ltx_section">{heading}<p class="ltx_p">{"What comes next. " * 10}</p></section>'
    return arxiv_page(replaced={'<section id="bib"': f'{section}<section id="bib"'})


def without_references() -> bytes:
    text = arxiv_page().decode()
    start, end = text.index('<section id="bib"'), text.index('<section id="A1"')
    return re.sub(r'<nav class="ltx_TOC.*?</nav>', "", text[:start] + text[end:], flags=re.DOTALL).encode()


def nested(tag: str, depth: int) -> bytes:
    return arxiv_page(replaced={"</article>": f"<{tag}>" * depth + "x" + f"</{tag}>" * depth + "</article>"})


BOTH, ONE = ["html", "pdf"], ["html"]
CAPTCHA = page('<div class="g-recaptcha"></div>')
CASES = [
    Case("a whole paper", arxiv_page(), HTML, requests=ONE),
    Case("a paper without references", without_references(), HTML, requests=ONE),
    Case("sections that are headings only", with_headings_only(), FROM_PDF, problem="holds no text", requests=BOTH),
    Case("the same, and no PDF", with_headings_only(), ABSTRACT, None, "holds no text", BOTH),
    Case("an end after section 2", up_to_section(3), FROM_PDF, problem="without conclusion", requests=BOTH),
    Case("the same, and no PDF", up_to_section(3), ABSTRACT, None, "without conclusion", BOTH),
    Case("sections 3 to 7 are missing before the references", up_to_section(3, references=True), FROM_PDF,
         problem="holds only", requests=BOTH),
    Case("a table of contents names what is not there", up_to_section(3, contents=True), FROM_PDF,
         problem="table of contents", requests=BOTH),
    Case("a section is missing, and the PDF has it", without_section(4), FROM_PDF, problem="lacks section 4",
         requests=BOTH),
    Case("a number is left out in the PDF as well", with_number_left_out(), HTML, requests=BOTH),
    Case("a short paper with its references, and no PDF", up_to_section(3, references=True), f"{HTML}, {INCOMPLETE}",
         None, requests=BOTH),
    Case("a section is missing, and no PDF", without_section(4), ABSTRACT, None, "lacks section 4", BOTH),
    Case("a file cut before the article ends", arxiv_page()[:40_000], FROM_PDF, problem="", requests=BOTH),
    Case("elements nested without end", nested("div", 100_000), FROM_PDF, problem="too deeply", requests=BOTH),
    Case("superscripts nested without end", nested("sup", 100_000), FROM_PDF, problem="too deeply",
         requests=BOTH),
    Case("404", None, FROM_PDF, problem="answered 404", requests=BOTH),
    Case("410", Reply(410, b"gone"), FROM_PDF, problem="answered 410", requests=BOTH),
    Case("a notice with 200 that there is no HTML", page("No HTML for this paper"), FROM_PDF, problem="notice",
         requests=BOTH),
    Case("a short page by the author", page("The data of our project"), FROM_PDF, problem="no article", requests=BOTH),
    Case("a redirect to the paper's abstract page", Reply(302, b"", {"Location": f"/abs/{PAPER_ID}"}), FROM_PDF,
         problem="redirects to /abs/", requests=BOTH),
    *(Case(str(status), page("", status), REFUSED, requests=ONE) for status in (400, 401, 403, 406, 418, 429, 451)),
    Case("405 from a firewall", page("", 405), REFUSED, requests=ONE),
    Case("202 with a challenge", page("", 202), REFUSED, requests=ONE),
    Case("a captcha with 200", CAPTCHA, REFUSED, requests=ONE),
    Case("a page that names a rate limit with 200", page("Rate exceeded."), REFUSED, requests=ONE),
    Case("a robot check with 200", page("Access Denied: our automatic robot detection system"), REFUSED, requests=ONE),
    Case("a login page with 200", page('<form>Log in<input type="password"></form>'), REFUSED, requests=ONE),
    Case("a maintenance page with 200", page("arXiv is down for maintenance"), REFUSED, requests=ONE),
    Case("a redirect to a challenge", Reply(302, b"", {"Location": "/captcha"}), REFUSED, requests=ONE),
    Case("a redirect to another host", Reply(302, b"", {"Location": "http://127.0.0.1:9/"}), REFUSED, requests=ONE),
    Case("a redirect to itself", Reply(302, b"", {"Location": f"/html/{PAPER_ID}"}), REFUSED, requests=["html"] * 4),
    Case("a redirect to an invalid address", Reply(302, b"", {"Location": "http://[::1"}), PENDING, requests=ONE),
    Case("no HTML, and a page in the PDF's place", None, REFUSED, page("Whatever this is"), requests=BOTH),
    Case("the same page in both places", page("Whatever this is"), REFUSED, page("Whatever this is"), requests=BOTH),
    Case("no HTML, and JSON in the PDF's place", None, REFUSED, Reply(200, b'{"message": "no"}'), requests=BOTH),
    Case("no HTML, and a broken PDF", None, ABSTRACT, PDF[:50_000], requests=BOTH),
    Case("an empty answer", Reply(200, b""), PENDING, requests=ONE),
]  # fmt: skip


def table() -> str:
    lines = ["| what arXiv answers | what is read |", "|---|---|"]
    return "\n".join([*lines, *(f"| {case.name} | {case.end} |" for case in CASES)]) + "\n"


@pytest.mark.parametrize("case", CASES, ids=[f"{number} {case.name}" for number, case in enumerate(CASES)])
def test_a_document_ends_as_the_table_says(
    case: Case, serve: Callable[..., LocalServer], library: Library, home: Path
) -> None:
    answers = {("html", PAPER_ID): case.html, ("pdf", PAPER_ID): case.pdf, ("html", OTHER): arxiv_page(paper_id=OTHER)}
    documents = Arxiv({key: value for key, value in answers.items() if value is not None})
    items = [listed(paper_id=paper_id) for paper_id in (PAPER_ID, OTHER)]
    server = serve(RecordedListings({SAMPLE_DATE: items}), ScriptedModel(), documents)
    fetch(SAMPLE_DATE)
    papers = sorted((row.paper for row in day_listing(library, SAMPLE_DATE).papers), key=lambda paper: paper.paper_id)
    unavailable = read.read_texts(open_library(), papers)
    assert [kind for kind, paper_id in server.document_requests if paper_id == PAPER_ID] == case.requests
    refused = case.end == REFUSED
    assert (home / ".locks" / "arxiv.closed").exists() == refused
    assert (PAPER_ID in unavailable.paper_ids, OTHER in unavailable.paper_ids) == (PENDING in case.end, refused)
    source, reading = current_source(library, PAPER_ID), latest_reading(library, PAPER_ID)
    assert reading is not None
    assert source is None if PENDING in case.end else source is not None and f"the {source.kind}" in case.end.lower()
    if case.problem:
        assert case.problem in str(reading.asked[0].problem)
    if source is not None:
        assert bool(source.lost) == (INCOMPLETE in case.end)
    if PENDING in case.end:  # nothing but a plain "there is none" is remembered
        assert all(one.problem == "answered 404" for one in reading.asked)


@pytest.mark.parametrize(
    ("html", "lost"), [(with_headings_only(), FULL_TEXT_LOST), (up_to_section(3, references=True), PERHAPS_LOST)]
)
def test_what_is_missing_is_said_in_the_row(
    html: bytes, lost: str, serve: Callable[..., LocalServer], library: Library
) -> None:
    documents = Arxiv({("html", PAPER_ID): html, ("html", OTHER): arxiv_page(paper_id=OTHER)})
    items = [listed(paper_id=paper_id) for paper_id in (PAPER_ID, OTHER)]
    serve(RecordedListings({SAMPLE_DATE: items}), ScriptedModel(), documents)
    run_day(SAMPLE_DATE)
    rows = {row["paper_id"]: row for row in read_day_file(library, SAMPLE_DATE)}
    assert (rows[PAPER_ID]["warnings"], rows[OTHER]["warnings"]) == ([Reason.SOURCE_INCOMPLETE], [])
    assert [finding["detail"] for finding in rows[PAPER_ID]["findings"]] == [lost]
    assert text_of(Reason.SOURCE_INCOMPLETE).korean in library.lake.digest(SAMPLE_DATE).read_text()


MACROS = [
    (r"\cellcolor", "gray!2084.3", "84.3"),
    (r"\cellcolor", "gray!20 84.3", "84.3"),
    (r"\cellcolor", "gray!584.3", "84.3"),
    (r"\cellcolor", "gray!10084.3", "84.3"),
    (r"\cellcolor", "green!10!white84.3", "84.3"),
    (r"\cellcolor", "[HTML]EFEFEF84.3", "84.3"),
    (r"\cellcolor", "[rgb]0.9,0.9,0.984.3", "84.3"),
    (r"\cellcolor", "[gray]0.9584.3", "84.3"),
    (r"\cellcolor", "[RGB]230,230,23084.3", "84.3"),
    (r"\cellcolor", "mygray84.3", "84.3"),
    (r"\rowcolor", "lightgrayOurs", "Ours"),
    (r"\rowcolors", "2whitegray!10Ours", "Ours"),
    (r"\textcolor", "red84.3", "84.3"),
    (r"\colorbox", "yellowmarked words", "marked words"),
    (r"\fcolorbox", "redwhiteboxed 12.5", "boxed 12.5"),
    (r"\definecolor", "mygraygray0.9", ""),
    (r"\multirow", "2*Model", "Model"),
    (r"\multirow", "-2*84.3", "84.3"),
    (r"\multirow", "[t]23cmWide", "Wide"),
    (r"\rotatebox", "90Turned", "Turned"),
    (r"\scalebox", "0.984.3", "84.3"),
    (r"\cmidrule", "(lr)2-4", ""),
    (r"\specialrule", "1pt2pt3pt", ""),
    (r"\SI", "3.2GB", "3.2GB"),
    (r"\numrange", "1020", ""),
    (r"\hl", "important 84.3", "important 84.3"),
    (r"\best", "84.3", "84.3"),
    (r"\todo", "[inline]Fix it", "Fix it"),
    (r"\gls", "llm", "llm"),
    (r"\cref", "sec:a", ""),
    (r"\mycolorcell", "blue!1584.3", "84.3"),
    (r"\unheardof", "blue!15!white84.3", "84.3"),
    ("{tcolorbox}", "[title=Prompt]Judge", "Judge"),
]


@pytest.mark.parametrize(("macro", "left", "right"), MACROS)
def test_settings_of_unknown_macros_stay_out_of_figures(macro: str, left: str, right: str) -> None:
    cell = f'<span class="ltx_ERROR undefined">{macro}</span>{left}'
    table_ = f'<table class="ltx_tabular"><tr class="ltx_tr"><td class="ltx_td">a</td><td class="ltx_td">{cell}</td>'
    passages, _ = read_html(arxiv_page(replaced={"</article>": f"{table_}</tr></table></article>"}), PAPER_ID)
    assert passages[-1].text.splitlines()[-1].partition(" | ")[2].strip() == right
    passages, _ = read_html(arxiv_page(replaced={"</article>": f"<p>It is {cell} then</p></article>"}), PAPER_ID)
    assert " ".join(passages[-1].text.split()) == " ".join(f"It is {right} then".split())


def test_what_latexml_really_makes_of_unknown_macros() -> None:
    text = "\n".join(passage.text for passage in read_html(fixture("macros.html"), PAPER_ID)[0])
    for row in (
        "Ours | 84.3 | 80.4 | 1", "84.3 | 84.3 | 84.3 | 84.3", "84.3 | 84.3 | Ours | $84.3_{\\pm 0.1}$",
        "Model | Model B | Wide | Turned", "5.3 | 12 | A |", "84.3 _1.2 | 84.3 | Ours | 84.3",
    ):  # fmt: skip
        assert row in text
    assert "important 84.3 and 84.3 and marked text and boxed 12.5" in text
    assert "Math 84.3 and" in text
    assert "gray!" not in text


BREAKS = [
    ("state-of-the\x02art", "state-of-the-art"), ("zero\x02shot", "zero-shot"), ("1.5-\nbillion", "1.5-billion"),
    ("GPT\x024o", "GPT-4o"), ("2020-\n2024", "2020-2024"), ("2020–\n2024", "2020–2024"), ("and/\nor", "and/or"),
    ("atten\x02tion", "attention"), ("atten\ufffe\ntion", "attention"), ("atten\xad\ntion", "attention"),
    ("base\x02line", "baseline"), ("LLM\x02based", "LLM-based"), ("Transformer\x02XL", "Transformer-XL"),
    ("K\x02means", "K-means"), ("F1-\nscore", "F1-score"), ("32-\nbit", "32-bit"), ("top\x021", "top-1"),
    ("fine\x02tuning", "fine-tuning"), ("cross\x02lingual", "cross-lingual"), ("end-to\x02end", "end-to-end"),
    ("self-super\x02vised", "self-supervised"), ("over\x02all", "overall"), ("gener\x02alization", "generalization"),
    ("zero-\nshot", "zero-shot"), ("5 -\n7", "5 -\n7"),
    ("multi\x02modal and multimodal", "multimodal and multimodal"),
    ("multi\x02modal and multi-modal", "multi-modal and multi-modal"),
    ("Span\x02route, Spanroute", "Spanroute, Spanroute"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "whole"), BREAKS)
def test_words_and_figures_at_line_ends_are_whole(broken: str, whole: str) -> None:
    assert with_whole_words(f"We see {broken} here") == f"We see {whole} here"


def test_a_word_goes_on_behind_the_number_of_its_page() -> None:
    assert with_whole_words(joined_pages(["It is atten\x023\r\n", "tion again"])) == "It is attention again"


@pytest.mark.parametrize("sign", ["&#x202E;", "&#x2067;", "&#x200B;", "&#xE0041;", "&#xFEFF;", "&#x1b;", "\x1b"])
def test_signs_nobody_sees_are_not_read(sign: str) -> None:
    passages, _ = read_html(arxiv_page(replaced={"</article>": f"<p>XX{sign}YY</p></article>"}), PAPER_ID)
    assert passages[-1].text == "XXYY"


@pytest.mark.parametrize("sign", ["&#xD83D;", "\x00", "&#0;"])
def test_what_no_file_can_hold_is_not_read(sign: str) -> None:
    passages, _ = read_html(arxiv_page(replaced={"</article>": f"<p>XX{sign}YY</p></article>"}), PAPER_ID)
    assert "\0" not in passages[-1].text
    assert passages[-1].text.encode()
