"""arXiv documents changed at random: each paper is summarized from HTML, PDF or abstract, as its row says, or waits."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from daily_papers.lake.library import open_library
from daily_papers.publish.digest import published_digest
from daily_papers.sample.server import SAMPLE_DATE, Reply
from tests.fuzz.ends import a_day, check_commands, check_complete_rows, check_digest, rows_of_the_day
from tests.fuzz.values import encoded
from tests.support.arxiv import Arxiv, arxiv_page, fixture, listed
from tests.support.models import well_answering
from tests.support.steps import run_day

GOOD_HTML, GOOD_PDF = "2505.00001", "2505.00002"
MUTATED = 6
PIECES = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\xbd", b"&#xD83D;", b"&#0;", b"&#x202E;", b"&#99999999999;", b"\x1b[31m",
    b"\xe2\x80\xae", b"<!--", b"]]>", b"<![CDATA[", b"</article>", b"</body></html>", b"<article>", b"<script>",
    b"<style>", b"<table>", b"<math>", b"<svg>", b"<template>", b"<plaintext>", b"<title>", b"<frameset>",
    b"<a href='", b'<td colspan="99999999" rowspan="99999999">', b'<span class="ltx_ERROR">\\x</span>gray!20',
    b"===== 00 =====", b"<p>", b"<h2>", b"endstream", b"endobj", b"xref", b"%%EOF", b"<<", b">>",
)  # fmt: skip
NESTED = (
    b"<div>", b"<span>", b"<table><tr><td>", b"<sup>", b"<b>", b"<ul><li>", b"<blockquote>", b"<math><mrow>",
    b"<section>", b"[", b"<<",
)  # fmt: skip
LONG = (
    b"1,", b"a.", b"a-\n", b"1.5-\n", b"\xe2\x80\x9c", b"a", b" ", b"(", b"<br>", b"<td>1</td>",
    b"<tr><td>1</td></tr>", b"&", b"<", b"| ",
)  # fmt: skip
STRIPPED = (b"</p>", b"</section>", b"</td>", b"</", b"<p", b"class=", b"endobj")
WHOLE = (
    b"", b" ", b"\x00" * 5000, b"\xff" * 5000, b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"%PDF-" + b"9" * 50_000, b"<html>",
    b"<article>", b"<article class='ltx_document'></article>", b"{}", b"PK\x03\x04", b"\x1f\x8b\x08\x00",
    b"<?xml version='1.0' encoding='x'?><a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff\xfe<\x00h\x00",
    b"x" * 500_000,
)  # fmt: skip
TYPES = (
    "text/html; charset=utf-8", "text/html; charset=utf-16", "text/html; charset=x-nothing", "text/html",
    "application/pdf", "application/json", "application/octet-stream", "text/plain", "", ";",
    "text/html; charset=\xff", "multipart/form-data",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-32", "utf-8-sig", "cp949", "latin-1", "utf-7")


@dataclass(frozen=True)
class Edit:
    """One change of a document's bytes at a place, which is a share of its length."""

    how: str
    place: float
    piece: bytes = b""
    times: int = 1

    def applied(self, document: bytes) -> bytes:
        """The changed document."""
        at = int(len(document) * self.place)
        before, after = document[:at], document[at:]
        edited = {
            "cut": lambda: before,
            "behead": lambda: after,
            "flip": lambda: before + bytes(byte ^ 0xFF for byte in after[: self.times]) + after[self.times :],
            "remove": lambda: before + after[self.times :],
            "double": lambda: before + before[-self.times :] + after,
            "strip": lambda: document.replace(self.piece, b""),
            "insert": lambda: before + self.piece * self.times + after,
        }
        return edited[self.how]()


PLACES = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0]))
EDITS = st.one_of(
    st.builds(Edit, st.sampled_from(["cut", "behead"]), PLACES),
    st.builds(Edit, st.sampled_from(["flip", "remove", "double"]), PLACES, times=st.sampled_from([1, 20, 500, 20_000])),
    st.builds(Edit, st.just("insert"), PLACES, st.sampled_from(PIECES), st.sampled_from([1, 3])),
    st.builds(Edit, st.just("insert"), PLACES, st.sampled_from(NESTED), st.sampled_from([100, 1_500, 20_000])),
    st.builds(Edit, st.just("insert"), PLACES, st.sampled_from(LONG), st.sampled_from([1_000, 50_000])),
    st.builds(Edit, st.just("strip"), st.just(0.0), st.sampled_from(STRIPPED)),
)


@cache
def pdf() -> bytes:
    return fixture("sparse.pdf")


@dataclass(frozen=True)
class Document:
    """What arXiv serves of a paper in one form."""

    edits: tuple[Edit, ...] = ()
    whole: bytes | None = None
    encoding: str = ""
    content_type: str = ""
    packed: bool = False
    missing: bool = False

    def reply(self, kind: str, paper_id: str) -> Reply | None:
        """The HTTP answer; None: there is no such document."""
        if self.missing:
            return None
        document = self.whole
        if document is None:
            document = arxiv_page(paper_id=paper_id) if kind == "html" else pdf()
            if self.encoding and kind == "html":
                document = document.decode().encode(self.encoding, "replace")
        for edit in self.edits:
            document = edit.applied(document)
        headers = {"Content-Type": self.content_type or ("text/html" if kind == "html" else "application/pdf")}
        if self.packed:
            headers["Content-Encoding"], document = "deflate", zlib.compress(document)
        return Reply(200, document, headers)


EDITED = st.lists(EDITS, min_size=1, max_size=3).map(tuple)
DOCUMENTS = st.one_of(
    st.builds(Document, EDITED),
    st.builds(Document, EDITED, content_type=st.sampled_from(TYPES)),
    st.builds(Document, whole=st.sampled_from(WHOLE), content_type=st.sampled_from(("", *TYPES))),
    st.builds(Document, encoding=st.sampled_from(ENCODINGS), edits=st.lists(EDITS, max_size=1).map(tuple)),
    st.builds(Document, packed=st.booleans()),
    st.just(Document(missing=True)),
)


@given(st.lists(st.tuples(DOCUMENTS, DOCUMENTS), min_size=3, max_size=MUTATED))
def test_every_document_ends_in_a_summary_of_what_can_be_read(forms: list[tuple[Document, Document]]) -> None:
    served: dict[tuple[str, str], Any] = {("html", GOOD_HTML): arxiv_page(paper_id=GOOD_HTML), ("pdf", GOOD_PDF): pdf()}
    mutated = [f"2505.1{number:04d}" for number in range(len(forms))]
    for paper_id, (html, pages) in zip(mutated, forms, strict=True):
        served["html", paper_id], served["pdf", paper_id] = html.reply("html", paper_id), pages.reply("pdf", paper_id)
    # the good ones are read first: after a refusal, or three answers of nothing, arXiv is left alone for that run
    items = [listed(paper_id=paper_id, upvotes=99) for paper_id in (GOOD_HTML, GOOD_PDF)]
    items += [listed(paper_id=paper_id, upvotes=1) for paper_id in mutated]
    with a_day(encoded(items), well_answering, Arxiv(served)) as server:
        rows = rows_of_the_day(run_day(SAMPLE_DATE))
        assert set(rows) == {GOOD_HTML, GOOD_PDF, *mutated}
        assert (rows[GOOD_HTML]["source_kind"], rows[GOOD_PDF]["source_kind"]) == ("html", "pdf")
        assert rows[GOOD_HTML]["status"] == rows[GOOD_PDF]["status"] == "complete"
        for paper_id in mutated:
            row = rows[paper_id]
            if row["status"] == "pending":
                assert (row["source_kind"], row["reasons"]) == (None, ["source_unavailable"]), paper_id
            else:
                assert row["source_kind"] in ("html", "pdf", "abstract"), paper_id
        for request in server.completion_requests:
            assert request["messages"][1]["content"].encode()
            assert "\x00" not in request["messages"][1]["content"]
        check_complete_rows([row for row in rows.values() if row["status"] == "complete"])
        digest = published_digest(open_library(), SAMPLE_DATE)
        assert digest is not None
        check_digest(digest, list(rows.values()))
        check_commands([mutated[0], GOOD_HTML], problems=True)
