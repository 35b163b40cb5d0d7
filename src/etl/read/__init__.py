"""Read the bytes of a report into the raw text that all provenance points into.

`read` trusts the bytes before the name. A new format is a module here and one entry in `READERS`; until it
has one, its files are refused by an entry in `formats`.

Formats: `plain`, `marked`, `markdown`, `html`, `mhtml`, `docx`, `office` and the package `pdf`. Text:
`encoding` and `pieces` decode, `mojibake` undoes wrong decoding, `likelihood` and `frequent` judge it,
`ledger` records it. Pages: `tags` and `page` parse them, `blocks` makes the reading. Documents: `packed`
judges archives, `docx_numbers` and `docx_notes` read what stands beside a text, `converter` runs LibreOffice.
`days` reads dates of settings, `limits` bounds what one file may cost.

The package imports values and errors; the pipeline, jobs, reviews and public functions may import it.
"""

from collections.abc import Callable
from dataclasses import replace

from etl.model.report import RawReport, Reading
from etl.read.formats import DOCX, HTML, MARKDOWN, MHTML, PDF, PLAIN, actual_type
from etl.read.ledger import record_undone
from etl.read.limits import Limits
from etl.read.office import OFFICE, read_office
from etl.read.plain import read_plain

__all__ = ["READERS", "Limits", "read", "record_undone"]

Reader = Callable[[RawReport, Limits], Reading]

DEFAULT = Limits()


# Most reports are plain text: what parses pages and documents is loaded with the first of its format.
def _markdown(raw: RawReport, _: Limits) -> Reading:
    from etl.read.markdown import read_markdown  # noqa: PLC0415 - as above

    return read_markdown(raw)


def _html(raw: RawReport, _: Limits) -> Reading:
    from etl.read.html import read_html  # noqa: PLC0415 - as above

    return read_html(raw)


def _mhtml(raw: RawReport, _: Limits) -> Reading:
    from etl.read.mhtml import read_mhtml  # noqa: PLC0415 - as above

    return read_mhtml(raw)


def _docx(raw: RawReport, _: Limits) -> Reading:
    from etl.read.docx import read_docx  # noqa: PLC0415 - as above

    return read_docx(raw)


def _pdf(raw: RawReport, limits: Limits) -> Reading:
    from etl.read.pdf import read_pdf  # noqa: PLC0415 - as above

    return read_pdf(raw, limits)


# By media type; what is not listed is tried as plain text.
READERS: dict[str, Reader] = {
    PLAIN: lambda raw, _: read_plain(raw),
    MARKDOWN: _markdown,
    HTML: _html,
    MHTML: _mhtml,
    DOCX: _docx,
    PDF: _pdf,
    **dict.fromkeys(OFFICE, read_office),
}


def read(raw: RawReport, limits: Limits = DEFAULT) -> Reading:
    """Return the raw text of one report, read in the format that its bytes show.

    Raises:
        RejectError: stage ``read``; reason ``empty``, ``blank``, ``binary``, ``encoding``, ``format``,
            ``html``, ``docx``, ``pdf``, ``pdf limit``, ``portfolio``, ``xfa form``,
            ``encrypted`` or ``scan``.
    """
    kind = actual_type(raw)
    named = raw if raw.media_type == kind else replace(raw, media_type=kind)
    return READERS.get(kind, READERS[PLAIN])(named, limits)
