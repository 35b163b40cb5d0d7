"""Show the page on which a paragraph is corrected: its words, its kind, where it ends, and its entities.

`read_correction_form` reads what each form asks for. The same request goes to `etl.ingest.correct` as from
the command line.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from etl.corrections.entities import FLAGS, value_names
from etl.corrections.requests import CorrectionRequest, JoinParagraphs, SetEntity, SetKind
from etl.corrections.rewriting import rewrite_requests
from etl.corrections.values import EntityType
from etl.model.errors import SetupError
from etl.model.mentions import Entity
from etl.model.report import ParagraphKind, Report, ReportParagraph
from etl.room.context import read_number, render, room_of

Choice = TypeVar("Choice", EntityType, ParagraphKind)
KINDS: Sequence[EntityType] = get_args(EntityType)
PARAGRAPHS: Sequence[ParagraphKind] = get_args(ParagraphKind)
# Characters of a paragraph whose words can be corrected as a whole, and entities that are listed.
MAX_EDITABLE_LENGTH = 5_000
MAX_LISTED_ENTITIES = 200


class EditableEntity(NamedTuple):
    """An entity of the paragraph, and the values that may be given it, as they are now."""

    entity: Entity
    values: tuple[tuple[str, str], ...]


def show_edit(request: Request) -> Response:
    """Show the forms for one paragraph."""
    room = room_of(request)
    try:
        aligned = room.reports.open(request.path_params["id"])
    except SetupError as error:
        raise HTTPException(404, "report") from error
    number = request.path_params["number"]
    if room.options.read_only or not 0 < number <= len(aligned.report.paragraphs):
        raise HTTPException(404, "paragraph")
    return render(
        request,
        "edit.html.j2",
        report=aligned.report,
        revision=aligned.revision,
        number=number,
        paragraph=aligned.report.paragraphs[number - 1],
        last=number == len(aligned.report.paragraphs),
        longest=MAX_EDITABLE_LENGTH,
        entities=_editable_entities(aligned.report, aligned.report.paragraphs[number - 1]),
        kinds=KINDS,
        flags=FLAGS,
        paragraphs=PARAGRAPHS,
    )


def read_correction_form(fields: Mapping[str, str], report: Report) -> Sequence[CorrectionRequest]:
    """Read the corrections that a form requests for a paragraph of a report.

    Raises:
        SetupError: it asks for nothing that could be done.
    """
    number = read_number(fields.get("number", "")) or 0
    if not 0 < number <= len(report.paragraphs):
        raise SetupError(f"the report has {len(report.paragraphs)} paragraphs; reload the page")
    paragraph = report.paragraphs[number - 1]
    match fields.get("what"):
        case "text":
            return rewrite_requests(paragraph, fields.get("text", ""))
        case "join":
            return (JoinParagraphs(paragraph.start),)
        case "kind":
            return (SetKind(paragraph.start, _one_of(fields.get("kind", ""), PARAGRAPHS)),)
        case "entity":
            return (_entity(paragraph, fields),)
    raise SetupError("the form requests no correction; reload the page")


def _entity(paragraph: ReportParagraph, fields: Mapping[str, str]) -> SetEntity:
    """Read the entity of the form; of several occurrences take the one nearest to its former offset."""
    words, kind = fields.get("words", "").strip(), fields.get("kind", "")
    chosen = _one_of(kind, KINDS) if kind else None
    was = _former(fields)
    near = (was[1] if was else paragraph.start) - paragraph.start
    places = [k for k in range(len(paragraph.text)) if words and paragraph.text.startswith(words, k)]
    if not places:
        raise SetupError(f"“{words[:40]}” is not in this paragraph; copy words from it")
    start = paragraph.start + min(places, key=lambda place: abs(place - near))
    names = value_names(chosen) if chosen and was and chosen == was[0] else ()
    values = {name: fields[name].strip() for name in names if name in fields and _is_new(fields, name)}
    return SetEntity(start, start + len(words), chosen, was, values)


def _is_new(fields: Mapping[str, str], name: str) -> bool:
    """Return whether the form gives another value than the entity had."""
    return fields[name].strip() != fields.get(f"was_{name}", "")


def _former(fields: Mapping[str, str]) -> tuple[EntityType, int, int] | None:
    kind, start, end = (fields.get(name, "") for name in ("was", "start", "end"))
    if not kind:
        return None
    if not (start.isdecimal() and end.isdecimal() and len(start + end) < 18):  # noqa: PLR2004
        raise SetupError("the form is incomplete; reload the page")
    return _one_of(kind, KINDS), int(start), int(end)


def _one_of(value: str, allowed: Sequence[Choice]) -> Choice:
    found = next((one for one in allowed if one == value), None)
    if found is None:
        raise SetupError(f"found {value[:40]!r}; allowed are {', '.join(map(str, allowed))}")
    return found


def _editable_entities(report: Report, paragraph: ReportParagraph) -> list[EditableEntity]:
    inside = [one for one in report.entities if paragraph.start <= one.start and one.end <= paragraph.end]
    return [
        EditableEntity(one, tuple((n, _shown(one, n)) for n in value_names(one.type)))
        for one in inside[:MAX_LISTED_ENTITIES]
    ]


def _shown(entity: Entity, name: str) -> str:
    """Return a value of an entity as a person would write it."""
    value = getattr(entity, name, None)
    if name == "name" and value is None:
        value = entity.key.partition(":")[2]
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    return str(value).removesuffix(".0")
