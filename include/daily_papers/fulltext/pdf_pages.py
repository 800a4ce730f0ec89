"""`python -m daily_papers.fulltext.pdf_pages`: a PDF on stdin, the texts of its pages as a JSON list on stdout."""

from __future__ import annotations

import json
import resource
import sys

MOST_PAGES = 300
_MEMORY_BYTES = 4 << 30
_CPU_SECONDS = 100


def main() -> None:
    """Reads the PDF within bounds of memory and time; exit code 1 where it cannot be opened."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(sys.stdin.buffer.read())
    except PdfiumError:
        sys.exit(1)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(min(len(document), MOST_PAGES))]
    sys.stdout.write(json.dumps(pages))


if __name__ == "__main__":
    main()
