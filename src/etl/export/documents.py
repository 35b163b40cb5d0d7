"""Write one report as a document: its text as TEI or Markdown, or its citation as RIS or BibTeX.

A new format is a function from a report to bytes and a line in `FORMATS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from etl.export import citation, markdown, tei
from etl.model.errors import SetupError
from etl.model.report import Report


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A format of documents: its media type, the suffix of its files, and what writes it."""

    media_type: str
    suffix: str
    write: Callable[[Report], bytes]


FORMATS: Mapping[str, DocumentFormat] = {
    "tei": DocumentFormat("application/tei+xml", "xml", tei.write_tei),
    "markdown": DocumentFormat("text/markdown; charset=utf-8", "md", markdown.write_markdown),
    "ris": DocumentFormat("application/x-research-info-systems", "ris", citation.write_ris),
    "bibtex": DocumentFormat("application/x-bibtex", "bib", citation.write_bibtex),
}


def format_of(name: str) -> DocumentFormat:
    """Return the format of this name.

    Raises:
        SetupError: there is none.
    """
    if name not in FORMATS:
        raise SetupError(f"there is no format {name!r} of a report; choose one of {', '.join(FORMATS)}")
    return FORMATS[name]
