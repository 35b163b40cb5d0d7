"""Represent what a person asks to be corrected, by offsets of the text shown, and make it an amendment.

A new kind is a class here, its name in `CorrectionRequest`, and a case in `amendment_of`.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from etl.corrections.anchoring import Ground
from etl.corrections.entities import read_values
from etl.corrections.values import (
    Amendment,
    EntityEdit,
    EntityType,
    KindEdit,
    ParagraphJoin,
    ParagraphSplit,
    Passage,
    TextEdit,
)
from etl.model.errors import SetupError
from etl.model.mentions import Entity
from etl.model.report import ParagraphKind, Report, ReportParagraph

# Characters that one correction may put in.
MAX_INSERTED_LENGTH = 2000
# Characters by which the beginning of a paragraph is known again.
BEGINNING = 8


@dataclass(frozen=True, slots=True)
class ChangeText:
    """The request to replace ``text[start:end]``; either may be empty, and no line end may be put in."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class SplitParagraph:
    """The request to begin a new paragraph at an offset.

    Attributes:
        at: the offset.
        kind: its kind; None for that of the present paragraph, or body where this is a title.
    """

    at: int
    kind: ParagraphKind | None = None


@dataclass(frozen=True, slots=True)
class JoinParagraphs:
    """The request to join the paragraph that holds an offset with the next one."""

    at: int


@dataclass(frozen=True, slots=True)
class SetKind:
    """The request to give the paragraph that holds an offset another kind."""

    at: int
    kind: ParagraphKind


@dataclass(frozen=True, slots=True)
class SetEntity:
    """The request to make ``text[start:end]`` an entity of ``kind``, or no entity where that is None.

    Attributes:
        start: where the words begin.
        end: where they end.
        kind: person, organization, place, time, money, quantity, document, or None.
        replaces: kind, start and end of the entity that it replaces; None where there is none, or where it
                has the very same words.
        values: values by the names of `etl.corrections.entities.value_names`, as text.
    """

    start: int
    end: int
    kind: EntityType | None
    replaces: tuple[EntityType, int, int] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


CorrectionRequest = ChangeText | SplitParagraph | JoinParagraphs | SetKind | SetEntity


def amendment_of(asked: CorrectionRequest, report: Report, ground: Ground) -> Amendment:
    """Return the amendment for a request, which later revisions of the report are given as well.

    Raises:
        SetupError: the request cannot be carried out, or would change nothing.
    """
    match asked:
        case ChangeText():
            return _text(asked, report, ground)
        case SplitParagraph():
            return _split(asked, report, ground)
        case JoinParagraphs():
            return _join(asked, report, ground)
        case SetKind():
            return _kind(asked, report, ground)
        case SetEntity():
            return _entity(asked, report, ground)


def paragraph_at(report: Report, at: int) -> int:
    """Return the index of the paragraph that holds an offset, its end included.

    Raises:
        SetupError: the text has no such offset.
    """
    if not 0 <= at <= len(report.text) or not report.paragraphs:
        raise SetupError(f"found offset {at}; the text of report {report.id} has 0 to {len(report.text)}")
    return max(0, bisect_right(report.paragraphs, at, key=lambda paragraph: paragraph.start) - 1)


def _within(report: Report, start: int, end: int) -> ReportParagraph:
    """Return the paragraph that holds a span; a SetupError where several would be needed."""
    paragraph = report.paragraphs[paragraph_at(report, start)]
    if not start <= end <= paragraph.end:
        raise SetupError(
            f"found characters {start} to {end}; a correction stays within a paragraph, and this one is "
            f"{paragraph.start} to {paragraph.end}; join paragraphs first"
        )
    return paragraph


def _passage(ground: Ground, start: int, end: int) -> Passage:
    passage = ground.passage(start, end)
    if passage is None:
        raise SetupError(
            f"characters {start} to {end} do not come from the raw text; select some text around them"
        )
    return passage


def _text(asked: ChangeText, report: Report, ground: Ground) -> TextEdit:
    paragraph, new = _within(report, asked.start, asked.end), asked.text
    if (
        "\n" in new
        or not all(c.isprintable() or c == "\u3000" for c in new)
        or len(new) > MAX_INSERTED_LENGTH
    ):
        raise SetupError(
            f"found {new[:BEGINNING]!r}; at most {MAX_INSERTED_LENGTH} visible characters are put in; "
            "begin a new paragraph by a split"
        )
    old = report.text[asked.start : asked.end]
    if old == new:
        raise SetupError(f"“{old}” stands there already")
    if not new and len(report.paragraphs) == 1 and paragraph.text.strip() == old.strip():
        raise SetupError("nothing would be left of the report; delete it with `etl delete`")
    return TextEdit(_passage(ground, asked.start, asked.end), new)


def _split(asked: SplitParagraph, report: Report, ground: Ground) -> ParagraphSplit:
    paragraph = report.paragraphs[paragraph_at(report, asked.at)]
    cut = asked.at - paragraph.start
    if not paragraph.text[:cut].strip() or not paragraph.text[cut:].strip():
        raise SetupError(f"found offset {asked.at}; there must be words of a paragraph on both sides of it")
    kind = asked.kind or ("body" if paragraph.kind == "title" else paragraph.kind)
    return ParagraphSplit(_passage(ground, asked.at, asked.at), _known_kind(kind))


def _join(asked: JoinParagraphs, report: Report, ground: Ground) -> ParagraphJoin:
    number = paragraph_at(report, asked.at)
    if number + 1 >= len(report.paragraphs):
        raise SetupError(f"paragraph {number + 1} is the last one; there is none to go on with")
    first, second = report.paragraphs[number : number + 2]
    latin = all(c.isascii() and c.isalnum() for c in (first.text[-1:], second.text[:1]))
    return ParagraphJoin(_passage(ground, first.end, second.start), " " if latin else "")


def _kind(asked: SetKind, report: Report, ground: Ground) -> KindEdit:
    paragraph = report.paragraphs[paragraph_at(report, asked.at)]
    if paragraph.kind == _known_kind(asked.kind):
        raise SetupError(f"the paragraph is of the kind {asked.kind} already")
    end = min(paragraph.end, paragraph.start + BEGINNING)
    return KindEdit(_passage(ground, paragraph.start, end), asked.kind)


def _known_kind(kind: ParagraphKind) -> ParagraphKind:
    if kind not in get_args(ParagraphKind):
        raise SetupError(f"found {kind}; kinds of paragraphs are {', '.join(get_args(ParagraphKind))}")
    return kind


def _entity(asked: SetEntity, report: Report, ground: Ground) -> EntityEdit:
    _within(report, asked.start, asked.end)
    if not report.text[asked.start : asked.end].strip():
        raise SetupError("an entity needs at least one character")
    if asked.kind is not None and asked.kind not in get_args(EntityType):
        raise SetupError(f"found {asked.kind}; kinds of entities are {', '.join(get_args(EntityType))}")
    values = _values(asked)
    was = _replaced(asked, report)
    if was is None and asked.kind is None:
        raise SetupError(f"“{report.text[asked.start : asked.end]}” is no entity already")
    shift = (was.start - asked.start, was.end - asked.end) if was else (0, 0)
    passage = _passage(ground, asked.start, asked.end)
    return EntityEdit(passage, asked.kind, was.type if was else None, shift, values)


def _values(asked: SetEntity) -> dict[str, Any]:
    if asked.kind is None:
        return {}
    try:
        return read_values(asked.kind, asked.values)
    except ValueError as error:
        raise SetupError(str(error)) from error


def _replaced(asked: SetEntity, report: Report) -> Entity | None:
    """Return the entity that a request replaces: the one it names, else one with the very same words.

    Raises:
        SetupError: the report has no such entity.
    """
    if asked.replaces is not None:
        found = [e for e in report.entities if (e.type, e.start, e.end) == asked.replaces]
        if not found:
            kind, start, end = asked.replaces
            raise SetupError(f"report {report.id} has no {kind} from {start} to {end}; look again")
        return found[0]
    same = [e for e in report.entities if (e.start, e.end) == (asked.start, asked.end)]
    return next((e for e in same if e.type == asked.kind), same[0] if same else None)
