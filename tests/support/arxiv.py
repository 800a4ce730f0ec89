"""arXiv's side of the wire: documents that LaTeXML and pdfTeX really made, with what arXiv puts around them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from daily_papers.sample.server import Reply, no_document
from daily_papers.texts.fulltext.latexml import read_html
from tests.support.data import FIXTURES, item

DOCUMENTS = FIXTURES / "arxiv"
PAPER_ID = "2505.00001"


def fixture(name: str) -> bytes:
    return (DOCUMENTS / name).read_bytes()


def arxiv_page(
    name: str = "sparse.html",
    paper_id: str = PAPER_ID,
    version: int = 2,
    *,
    replaced: Mapping[str, str] | None = None,
) -> bytes:
    """A page as arXiv serves it: its header, banner and watermark around LaTeXML's article."""
    text = fixture(name).decode()
    header = (
        '<dialog>Report GitHub Issue</dialog><header class="arxiv-html-header"><a href="/abs/2401.00001v9">cited</a>'
        f'<a href="/abs/{paper_id}v{version}">Back to Abstract</a></header>'
    )
    mark = f'<div id="watermark-tr">\narXiv:{paper_id}v{version} [cs.CL] 20 May 2025</div>'
    text = text.replace("<body>", f"<body>{header}", 1)
    text = text.replace('<div class="ltx_page_content">', f'{mark}<div class="ltx_page_content">', 1)
    for old, new in (replaced or {}).items():
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@cache
def abstract_of(name: str = "sparse.html") -> str:
    passages, _ = read_html(fixture(name), PAPER_ID)
    return next(" ".join(passage.text.split()) for passage in passages if passage.title == "Abstract")


def listed(name: str = "sparse.html", paper_id: str = PAPER_ID, **paper: Any) -> dict[str, Any]:
    """The listing's item of a paper whose document is a fixture."""
    title = re.sub(r"\s+", " ", "SpanRoute: Query-Conditioned Sparse Attention for Long-Document Question Answering")
    return item(paper_id, **{"summary": abstract_of(name), "title": title, **paper})


class Arxiv:
    """Serves documents by kind and id; everything else is a 404, as at arXiv."""

    def __init__(self, documents: Mapping[tuple[str, str], bytes | Reply]) -> None:
        self.documents = dict(documents)

    def __call__(self, kind: str, paper_id: str) -> Reply:
        found = self.documents.get((kind, paper_id))
        if found is None:
            return no_document(kind, paper_id)
        if isinstance(found, Reply):
            return found
        if kind == "html":
            return Reply(200, found, {"Content-Type": "text/html; charset=utf-8"})
        disposition = f'inline; filename="{paper_id}v1.pdf"'
        return Reply(200, found, {"Content-Type": "application/pdf", "Content-Disposition": disposition})
