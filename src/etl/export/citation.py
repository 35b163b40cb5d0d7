"""Write the citation of a report for reference managers: RIS and BibTeX."""

import re
from collections.abc import Iterator

from etl.model.report import Report

# What TeX takes for more than itself, and how it says it.
TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "%#$&_"},
}
_TEX = re.compile("[" + re.escape("".join(TEX)) + "]")
LANGUAGE = "zh"


def write_ris(report: Report) -> bytes:
    """Return the citation as RIS, in UTF-8."""
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in _ris(report)]
    return "".join(f"{line}\r\n" for line in [*lines, "ER  - "]).encode()


def write_bibtex(report: Report) -> bytes:
    """Return the citation as BibTeX, in UTF-8; names are kept as they are."""
    fields = [f"  {name} = {{{value}}}" for name, value in _bibtex(report)]
    return ("@misc{" + ",\n".join([f"report-{report.id}", *fields]) + "\n}\n").encode()


def _ris(report: Report) -> Iterator[tuple[str, str]]:
    yield "TY", "RPRT"
    yield "ID", report.id
    yield "TI", report.title
    for author in report.authors:
        yield "AU", author
    if report.published_on:
        yield "PY", report.published_on[:4]
        yield "DA", report.published_on.replace("-", "/")
    yield "UR", report.source.uri
    for word in report.keywords:
        yield "KW", word
    yield "LA", LANGUAGE


def _bibtex(report: Report) -> Iterator[tuple[str, str]]:
    yield "title", "{" + _tex(report.title) + "}"
    if report.authors:
        yield "author", " and ".join("{" + _tex(author) + "}" for author in report.authors)
    if report.published_on:
        yield "year", report.published_on[:4]
        yield "date", report.published_on
    yield "howpublished", _tex(report.source.uri)
    if report.keywords:
        yield "keywords", ", ".join(_tex(word) for word in report.keywords)
    yield "langid", "chinese"


def _tex(text: str) -> str:
    r"""Escape a text for TeX.

    >>> _tex("100% {a}")
    '100\\% \\{a\\}'
    """
    return _TEX.sub(lambda found: TEX[found[0]], " ".join(text.split()))
