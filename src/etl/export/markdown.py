"""Write a report as Markdown: what is known of it at the top, its text, and nothing that a page would run."""

import json
import re
from collections.abc import Iterator

from etl.model.report import Report, ReportParagraph

# What Markdown takes for more than itself, anywhere and at the beginning of a line.
SIGNS = re.compile(r"([\\`*_\[\]<>|~$&])")
AT_START = re.compile(r"^(\s*)([#+\-=:]|\d+(?=[.)]))")
MARKS = {"title": "# {}", "heading": "## {}", "byline": "*{}*", "dateline": "*{}*", "caption": "*{}*"}
QUOTED = {"footnote", "note"}


def write_markdown(report: Report) -> bytes:
    """Return the report as a Markdown document, in UTF-8."""
    told = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in _known(report)]
    head = "\n".join(["---", *told, "---"])
    return "\n\n".join([head, *(_paragraph(one) for one in report.paragraphs)]).encode() + b"\n"


def _known(report: Report) -> Iterator[tuple[str, object]]:
    yield "id", report.id
    yield "title", report.title
    if report.authors:
        yield "authors", list(report.authors)
    if report.published_on:
        yield "published_on", report.published_on
    yield "source", report.source.uri
    if report.keywords:
        yield "keywords", list(report.keywords)


def _paragraph(paragraph: ReportParagraph) -> str:
    text = escape(" ".join(paragraph.text.split("\n")))
    if paragraph.kind in QUOTED:
        return f"> {text}"
    return MARKS.get(paragraph.kind, "{}").format(text)


def escape(text: str) -> str:
    r"""Escape a text so that Markdown shows it as it is.

    >>> escape("1. <b>"), escape("a*b")
    ('1\\. \\<b\\>', 'a\\*b')
    """
    text = SIGNS.sub(r"\\\1", text)
    return AT_START.sub(lambda found: found[1] + _at_start(found[2]), text)


def _at_start(sign: str) -> str:
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"
