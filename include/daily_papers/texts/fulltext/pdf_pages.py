"""`python -m daily_papers.texts.fulltext.pdf_pages`: a PDF on stdin, the texts of its pages as JSON on stdout."""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress

MOST_PAGES = 300
NOT_OPENED = 3
"""Exit code where the file cannot be opened, or needs more memory than it may have."""
_MEMORY_BYTES = 4 << 30
_CPU_SECONDS = 100


def main() -> None:
    """Reads the PDF within bounds of memory and time; a page that cannot be read is left out."""
    _limit(resource.RLIMIT_AS, _MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, _CPU_SECONDS)
    from pypdfium2 import PdfDocument, PdfiumError

    pages = []
    try:
        document = PdfDocument(sys.stdin.buffer.read())
        for number in range(min(len(document), MOST_PAGES)):
            with suppress(PdfiumError):
                pages.append(document[number].get_textpage().get_text_bounded())
    except (PdfiumError, MemoryError):
        sys.exit(NOT_OPENED)
    sys.stdout.write(json.dumps(pages))


def _limit(what: int, wanted: int) -> None:
    _, hard = resource.getrlimit(what)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    main()
