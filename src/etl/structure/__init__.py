"""What each paragraph of a report is, its title, authors and date; `label` never changes text.

A new kind is a name in `model.ParagraphKind`, a predicate in ``predicates.py`` and a line in `_kind`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from etl.model import Paragraph, ParagraphKind
from etl.structure.bylines import authors, is_byline, is_name_list, lead_authors, name_list
from etl.structure.dates import date_in_name, line_date
from etl.structure.predicates import (
    ends_sentence,
    is_article,
    is_caption,
    is_continuation,
    is_dateline,
    is_document_number,
    is_footnote,
    is_heading,
    is_history,
    is_label,
    is_note,
    is_numbered,
    is_row,
    is_salutation,
    is_speaker,
    stands_alone,
)
from etl.traced import Traced

__all__ = [
    "Structure",
    "authors",
    "date_in_name",
    "ends_sentence",
    "is_article",
    "is_byline",
    "is_caption",
    "is_continuation",
    "is_dateline",
    "is_document_number",
    "is_footnote",
    "is_heading",
    "is_history",
    "is_label",
    "is_name_list",
    "is_note",
    "is_numbered",
    "is_row",
    "is_salutation",
    "is_speaker",
    "label",
    "lead_authors",
    "line_date",
    "stands_alone",
]

# Asked in this order; the first that says yes names the paragraph.
_QUESTIONS: tuple[tuple[Callable[[str], bool], ParagraphKind], ...] = (
    (is_dateline, "dateline"),
    (is_salutation, "salutation"),
    (is_caption, "caption"),
    (is_footnote, "footnote"),
    (is_note, "note"),
)
_HEAD = 6  # a title, its byline and its date line stand within this many paragraphs
_TITLE_LENGTH = 60
_NAME_LINE_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Structure:
    """A report's paragraphs with their kinds, in the order given.

    Attributes:
        title: text of the title; "" when there is none.
        authors: as the bylines name them, else the reporters of the lead; people or bodies.
        date: the first date line's day; None when there is none.
    """

    paragraphs: tuple[Paragraph, ...]
    title: str
    authors: tuple[str, ...]
    date: date | None


def label(paragraphs: tuple[Traced, ...]) -> Structure:
    """Say what each paragraph is.

    >>> label((Traced.raw("春耕忙"), Traced.raw("文/ 王小明 李红"))).authors
    ('王小明', '李红')
    """
    lines = [paragraph.text.strip() for paragraph in paragraphs]
    title = _title(lines)
    kinds = [_kind(lines, at, title) for at in range(len(lines))]
    return Structure(
        tuple(Paragraph(kind, body) for kind, body in zip(kinds, paragraphs, strict=True)),
        lines[title] if title is not None else "",
        _authors(lines, kinds),
        next((line_date(line) for line, kind in zip(lines, kinds, strict=True) if kind == "dateline"), None),
    )


def _title(lines: Sequence[str]) -> int | None:
    """The first line that is a title by its looks, before any body."""
    for at, line in enumerate(lines[:_HEAD]):
        if not line or is_byline(line) or is_dateline(line) or is_note(line):
            continue
        whole = len(line) <= _TITLE_LENGTH and not is_salutation(line) and not is_row(line)
        return at if whole and not line.endswith(("。", "；", ";", "，", ",", "：", ":", "、")) else None
    return None


def _kind(lines: Sequence[str], at: int, title: int | None) -> ParagraphKind:
    line = lines[at]
    if at == title:
        return "title"
    if is_byline(line) or _under_title(lines, at, title):
        return "byline"
    for question, kind in _QUESTIONS:
        if question(line):
            return kind
    return "heading" if _heads(lines, at) else "body"


def _under_title(lines: Sequence[str], at: int, title: int | None) -> bool:
    """A line of names right under the title is a byline even without a word that says so."""
    return (
        title is not None
        and at == title + 1
        and len(lines[at]) <= _NAME_LINE_LENGTH
        and is_name_list(lines[at])
    )


def _heads(lines: Sequence[str], at: int) -> bool:
    """A heading has something under it, and is not one of many short lines (a poem, a list)."""
    line = lines[at]
    if at + 1 >= len(lines) or not is_heading(line) or is_speaker(line) or is_dateline(lines[at + 1]):
        return False
    if is_numbered(line):
        return True
    return not _is_plain_short(lines[at + 1])


def _is_plain_short(line: str) -> bool:
    return is_heading(line) and not is_numbered(line)


def _authors(lines: Sequence[str], kinds: Sequence[ParagraphKind]) -> tuple[str, ...]:
    found: list[str] = []
    for line, kind in zip(lines, kinds, strict=True):
        if kind == "byline":
            found += authors(line) or (name_list(line) if not is_byline(line) else ())
    if not found:
        found += next((names for line in lines if (names := lead_authors(line))), ())
    return tuple(dict.fromkeys(found))
