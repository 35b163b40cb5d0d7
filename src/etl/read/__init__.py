"""Bytes to the raw text that all provenance points into.

`read` looks at the bytes first and at the name second. A new format is a module here and one entry
in `READERS`; until it has one, its files are refused by an entry in `formats`.

The package imports values and errors; the pipeline, jobs, reviews and public functions may import it.
"""

from collections.abc import Callable
from dataclasses import replace

from etl.model import RawReport, Reading
from etl.read.docx import read_docx
from etl.read.formats import DOCX, HTML, MARKDOWN, PLAIN, actual_type
from etl.read.html import read_html
from etl.read.ledger import undone
from etl.read.markdown import read_markdown
from etl.read.plain import read_plain

__all__ = ["READERS", "read", "undone"]

Reader = Callable[[RawReport], Reading]

# By media type; what is not listed is tried as plain text.
READERS: dict[str, Reader] = {
    PLAIN: read_plain,
    MARKDOWN: read_markdown,
    HTML: read_html,
    DOCX: read_docx,
}


def read(raw: RawReport) -> Reading:
    """The raw text of one report, as the format that its bytes are.

    Raises:
        RejectError: stage ``read``; reason ``empty``, ``blank``, ``binary``, ``encoding``, ``format``,
            ``html`` or ``docx``.
    """
    kind = actual_type(raw)
    return READERS.get(kind, read_plain)(replace(raw, media_type=kind))
