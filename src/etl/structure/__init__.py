"""Give each paragraph of a report its kind, and find title, authors and date; no text is changed.

A new kind is a name in `model.ParagraphKind`, a predicate in ``predicates.py`` and a line in `_QUESTIONS`.

`predicates` recognize one line, `head` what stands above the text, `dates` the day of a report.

The package imports values and `etl.text`. Repair asks its predicates before the stage itself runs, so it may
import nothing that stands on repair.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from etl.model.report import Mark, Marked, Paragraph, ParagraphKind
from etl.model.traced import Traced
from etl.structure import head
from etl.structure.dates import closing_date, date_in_name, is_occasion, is_step, line_date
from etl.structure.predicates import (
    ends_sentence,
    is_article,
    is_caption,
    is_contents_row,
    is_continuation,
    is_dateline,
    is_document_number,
    is_footnote,
    is_heading,
    is_member,
    is_note,
    is_numbered,
    is_row,
    is_salutation,
    is_speaker,
    stands_alone,
)
from etl.text.bylines import authors, field_authors, is_byline, is_name_list, lead_authors, name_list
from etl.text.numbering import MARKDOWN_BULLETS

__all__ = [
    "Structure",
    "authors",
    "date_in_name",
    "ends_sentence",
    "is_article",
    "is_byline",
    "is_caption",
    "is_contents_row",
    "is_continuation",
    "is_dateline",
    "is_document_number",
    "is_footnote",
    "is_heading",
    "is_name_list",
    "is_note",
    "is_numbered",
    "is_row",
    "is_salutation",
    "is_speaker",
    "label",
    "lead_authors",
    "line_date",
    "read_head",
    "stands_alone",
    "title_of",
]

# Asked in this order; the first that says yes names the paragraph.
_QUESTIONS: tuple[tuple[Callable[[str], bool], ParagraphKind], ...] = (
    (is_dateline, "dateline"),
    (is_occasion, "dateline"),
    (is_salutation, "salutation"),
    (is_caption, "caption"),
    (is_footnote, "footnote"),
    (is_note, "note"),
)
_MARKUP = frozenset('"{}[]<>|`')  # how lines begin that are code or quoted
_BULLET = re.compile(rf"[•·{MARKDOWN_BULLETS}]\s+(?!第.{{1,4}}[章节節编編])")
_REMARK = re.compile(r"[（(][^（）()]*[）)]")
_INSIDE: frozenset[Mark | None] = frozenset(("item", "row", "quote", "code", "label"))
_PRINTED: dict[Mark | None, ParagraphKind] = {  # told by their place
    "caption": "caption",
    "label": "caption",
    "note": "footnote",
}
_CELLS_PART = "\t"
_HEAD = 12  # a title, the steps of a law's history and its date lines stand within so many lines
_TAIL = 5  # a day within so many lines of the end stands under the text
_TEXT_LENGTH = 40  # a line that ends a sentence is running text if it is longer
_SIGNATURE_LENGTH = 30  # no office or name under a text is longer
_LISTED = 2  # a line under so many short ones is one of a list


@dataclass(frozen=True, slots=True)
class Structure:
    """A report's paragraphs with their kinds, in the order given.

    Attributes:
        title: text of the title, its lines joined; "" when there is none.
        authors: as the bylines name them, else the reporters of the lead; people or organizations.
        date: the day that the head gives, else the date under a signature; None when there is none.
    """

    paragraphs: tuple[Paragraph, ...]
    title: str
    authors: tuple[str, ...]
    date: date | None


def label(paragraphs: tuple[Traced, ...], marks: Sequence[Marked] = ()) -> Structure:
    """Give each paragraph a kind, by its text and the format's marks; find title, authors and day.

    >>> label((Traced.raw("春耕忙"), Traced.raw("文/ 王小明 李红"))).authors
    ('王小明', '李红')
    """
    lines = [paragraph.text.strip() for paragraph in paragraphs]
    told = [_told(paragraph, marks) for paragraph in paragraphs]
    listed = head.find_contents(lines)
    title = _title(lines, told, listed)
    kinds = [_marked(_kind(lines, at, title), told[at]) for at in range(len(lines))]
    for at in listed:
        kinds[at] = "heading" if at == listed.start else "body"
    for at in head.find_attachments(lines):
        kinds[at] = "note"
    rows = [mark == "row" and _CELLS_PART in p.text for mark, p in zip(told, paragraphs, strict=True)]
    return Structure(
        tuple(
            Paragraph("table" if row else kind, body)
            for kind, body, row in zip(kinds, paragraphs, rows, strict=True)
        ),
        title_of(lines, kinds),
        _authors(lines, kinds),
        _date(lines, kinds),
    )


def read_head(paragraphs: Sequence[Paragraph]) -> Structure:
    """Return title, authors and day of paragraphs whose kinds are known."""
    lines, kinds = [p.body.text.strip() for p in paragraphs], [p.kind for p in paragraphs]
    return Structure(tuple(paragraphs), title_of(lines, kinds), _authors(lines, kinds), _date(lines, kinds))


def _told(paragraph: Traced, marks: Sequence[Marked]) -> Mark | None:
    """Return the format's mark of the stretch of raw text in which a paragraph begins; None for no mark."""
    if not marks or not paragraph.runs:
        return None
    at = paragraph.runs[0].raw_start
    k = bisect_right(marks, at, key=lambda mark: mark.start) - 1
    return marks[k].mark if k >= 0 and at < marks[k].end else None


def _title(lines: Sequence[str], told: Sequence[Mark | None], listed: range) -> range:
    """Return the lines of the title: those that the format marks, else those that look like one, if any."""
    if "title" in told[:_HEAD]:
        at = told.index("title")
        return range(at, next((k for k in range(at, len(told)) if told[k] != "title"), len(told)))
    apart = {k for k, mark in enumerate(told) if mark in _INSIDE}
    return head.find_title(lines, apart.union(listed))


def _marked(kind: ParagraphKind, mark: Mark | None) -> ParagraphKind:
    """Return ``kind``, which a paragraph's text suggests, corrected by the mark that the format gives it."""
    if mark in _PRINTED:
        return _PRINTED[mark]
    if mark in _INSIDE and kind == "heading":
        return "body"
    return "heading" if mark in ("heading", "title") and kind == "body" else kind


def title_of(lines: Sequence[str], kinds: Sequence[ParagraphKind]) -> str:
    """Return the title of paragraphs whose kinds are known, its lines joined."""
    return head.join_title([line for line, kind in zip(lines, kinds, strict=True) if kind == "title"])


def _kind(lines: Sequence[str], at: int, title: range) -> ParagraphKind:
    line = lines[at]
    if at in title:
        return "title"
    alone = stands_alone(line)  # of all questions but one
    if (alone and is_byline(line)) or head.names_of(lines, at, title):
        return "byline"
    for question, kind in _QUESTIONS if alone or is_occasion(line) else ():
        if question(line):
            return kind
    return "heading" if _heads(lines, at, title) else "body"


def _heads(lines: Sequence[str], at: int, title: range) -> bool:
    """Check whether a line looks like a heading, with text under it, and is not one of many short lines."""
    line = lines[at]
    if at + 1 >= len(lines) or at < title.start or not is_heading(line) or is_speaker(line):
        return False
    if is_dateline(lines[at + 1]):
        return False
    if (
        line[0] in _MARKUP
        or head.is_signed(line)
        or (head.officer_name(line) and not ends_sentence(lines[at + 1]))
    ):
        return False
    if is_numbered(line):
        return not _BULLET.match(line)
    if _REMARK.fullmatch(line) or is_member(line):
        return False
    listed = at - _LISTED >= title.stop and all(map(_is_plain_short, lines[at - _LISTED : at]))
    return not listed and not _is_plain_short(lines[at + 1])


def _is_plain_short(line: str) -> bool:
    return is_heading(line) and not is_numbered(line)


def _authors(lines: Sequence[str], kinds: Sequence[ParagraphKind]) -> tuple[str, ...]:
    found: list[str] = []
    for line, kind in zip(lines, kinds, strict=True):
        if kind == "dateline":
            found += field_authors(line)
        if kind != "byline":
            continue
        if is_byline(line):
            found += authors(line)
        elif name := head.officer_name(line):
            found.append(name)
        else:
            found += name_list(head.strip_marks(line))
    if not found:
        found += next((names for line in lines if (names := lead_authors(line))), ())
    return tuple(dict.fromkeys(found))


def _date(lines: Sequence[str], kinds: Sequence[ParagraphKind]) -> date | None:
    """Return the day in the head, else of a law's last step, behind the title, under a signature; or None."""
    dated = [k for k, kind in enumerate(kinds) if kind == "dateline" and line_date(lines[k])]
    above = _text_begins(lines)
    steps = {k for k in dated if is_step(lines[k])}
    days = [line_date(lines[k]) for k in dated if k < above and k not in steps]
    if days:
        return days[0]
    passed = [day for k in steps if k < above and (day := line_date(lines[k]))]
    if passed:
        return max(passed)
    closing = (closing_date(lines[k]) for k, kind in enumerate(kinds) if kind == "title")
    below = [k for k in dated if k >= above and k not in steps]
    signed = [k for k in below if _is_signed(lines, k)] or (below if len(below) == 1 else [])
    return next(filter(None, (*closing, *(line_date(lines[k]) for k in signed))), None)


def _text_begins(lines: Sequence[str]) -> int:
    """Return the index of the first line of running text, at most `_HEAD`; what is before it is the head."""
    return next(
        (
            k
            for k, line in enumerate(lines[:_HEAD])
            if len(line) > _TEXT_LENGTH and ends_sentence(line) and not is_dateline(line)
        ),
        min(_HEAD, len(lines)),
    )


def _is_signed(lines: Sequence[str], at: int) -> bool:
    """Check whether a date line stands near the end of the text, or under a line short as a signature."""
    before = lines[at - 1]
    return at >= len(lines) - _TAIL or (len(before) <= _SIGNATURE_LENGTH and not ends_sentence(before))
