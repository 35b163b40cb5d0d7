"""Pack the large fields of a report for storage, so that nothing is stored twice or follows from the rest.

`packed` makes the stored shape of a report, `unpacked` makes the printed one of it; a field that already has
the printed shape, as in parts of huge reports that an older release wrote, is left alone. A field that is
stored in another shape than it is printed is a function here on either side, and its shape in `SHAPES`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from itertools import pairwise
from typing import Any, get_args

from etl.model.exact import Amount
from etl.model.mentions import Entity, Organization, Place
from etl.model.report import ParagraphKind, Quality, Report, ReportParagraph
from etl.model.traced import Change
from etl.store.records.codec import Doc, field_types, schema_of, to_bson
from etl.store.records.packing import pack, pack_runs, unpack, unpack_runs

# What the places of a mention say; all else says something of the thing.
PLACES = ("text", "start", "end", "key", "type")
# Beside the kinds of paragraphs: on which page each begins, in their order.
PAGES = "pages"
CLASSES: Mapping[str, type] = {get_args(field_types(one)["type"])[0]: one for one in get_args(Entity)}
# Fields of a report that are read together with another one, which they are made of.
MADE_OF: Mapping[str, tuple[str, ...]] = {
    "paragraphs": ("text",),
    "entities": ("text", "entity_keys"),
    "other_text": ("text", "entities", "entity_keys"),
}


@dataclass(frozen=True, slots=True)
class PackedChanges:
    """Lines of the ledger that agree in rule, confidence and whether they were applied or decided.

    Attributes:
        stage: the stage that made the changes.
        rule: the rule within it.
        confidence: probability that they are right, 0 to 1.
        applied: false for suggestions that stayed below the threshold.
        decided: a person decided them.
        before: the texts before the changes, joined.
        after: the texts after them, joined.
        places: where each stands in the ledger and in the raw text, and its lengths; `etl.connect` reads it.
    """

    stage: str
    rule: str
    confidence: float
    applied: bool
    decided: bool
    before: str
    after: str
    places: bytes


def packed(report: Report) -> Doc:
    """Return the fields of a report whose stored shape differs from the printed one, in the stored shape."""
    return {
        "other_text": report.other_text or None,
        "paragraphs": _pack_paragraphs(report.paragraphs),
        "entities": _pack_entities(report),
        "quality": _pack_quality(report.quality),
        # Bytes as they come back, not as `Binary`: what is stored is compared with what would be.
        "edits": [to_bson(one) | {"places": one.places} for one in _pack_changes(report.edits)],
        "runs": pack_runs(report.runs),
    }


def unpacked(stored: Mapping[str, Any]) -> Doc:
    """Return a stored report in the printed shape, or some of its fields with those they are `MADE_OF`."""
    return {
        name: UNPACK[name](stored) if name in UNPACK and not _printed(value) else value
        for name, value in stored.items()
    }


def _printed(value: Any) -> bool:  # noqa: ANN401 - any of these fields
    """Check whether a field has the printed shape."""
    if value is None or isinstance(value, (bytes, str, Mapping)):
        return False
    return not value or not isinstance(value[0], Mapping) or "start" in value[0]


def _pack_paragraphs(paragraphs: Sequence[ReportParagraph]) -> Doc:
    """Return starts and ends of the paragraphs of each kind; and the pages of all, where any is known."""
    out = defaultdict[str, list[int | None]](list)
    for one in paragraphs:
        out[one.kind] += (one.start, one.end)
    pages = [one.page for one in paragraphs]
    return {**out, PAGES: pages} if any(pages) else {**out}


def _unpack_paragraphs(stored: Mapping[str, Any]) -> list[Doc]:
    text, rows = stored["text"], list[tuple[int, int, str]]()
    for kind, ends in stored["paragraphs"].items():
        if kind != PAGES:
            rows += [(start, end, kind) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    pages = stored["paragraphs"].get(PAGES) or [None] * len(rows)
    return [
        {"kind": kind, "text": text[start:end], "start": start, "end": end, "page": page}
        for (start, end, kind), page in zip(sorted(rows), pages, strict=True)
    ]


def _pack_quality(quality: Quality) -> Doc:
    """Return the figures of a report that differ from the usual ones, such as 0 repairs."""
    figures: Doc = to_bson(quality)
    return {name: value for name, value in figures.items() if value != USUAL_FIGURES[name]}


def _unpack_quality(stored: Mapping[str, Any]) -> Doc:
    return {**USUAL_FIGURES, **stored["quality"]}


def _pack_entities(report: Report) -> list[Doc]:
    """Group mentions that say the same of one thing, with its places; its key is an index in entity_keys."""
    at = {key: number for number, key in enumerate(report.entity_keys)}
    places = [(one.start, one.end) for one in report.entities]
    ordered = all(one < other for one, other in pairwise(places))
    groups = dict[object, tuple[Doc, list[int]]]()
    for number, one in enumerate(report.entities):
        said = {"key": at.get(one.key, one.key), **_said(one, report.text)}
        _, starts = groups.setdefault(repr(said) if ordered else number, (said, []))
        starts.append(one.start)
    return [{**said, "at": starts if len(starts) > 1 else starts[0]} for said, starts in groups.values()]


def _said(one: Entity, text: str) -> Doc:
    """Return the fields of a mention that do not follow from key and text, without the usual values."""
    kind, _, name = one.key.partition(":")
    said: Doc = {} if kind == one.type else {"type": one.type}
    said |= {} if one.end - one.start == len(name) else {"size": one.end - one.start}
    said |= {} if text[one.start : one.end] == one.text else {"text": one.text}
    cls: type = type(one)
    values = {field: to_bson(getattr(one, field)) for field in _defaults(cls)}
    usual = _usual(cls, values, name)
    return said | {field: _exact(value) for field, value in values.items() if value != usual[field]}


def _unpack_entities(stored: Mapping[str, Any]) -> list[Doc]:
    text, keys = stored["text"], stored["entity_keys"]
    found, grouped = list[Doc](), False
    for group in stored["entities"]:
        key = keys[group["key"]] if isinstance(group["key"], int) else group["key"]
        kind, _, name = key.partition(":")
        kind, size = group.get("type", kind), group.get("size", len(name))
        values = {field: group[field] for field in _defaults(CLASSES[kind]) if field in group}
        values = {**_usual(CLASSES[kind], values, name), **values}
        starts = group["at"] if isinstance(group["at"], list) else (group["at"],)
        grouped = grouped or len(starts) > 1
        for start in starts:
            words = group.get("text", text[start : start + size])
            place = {"text": words, "start": start, "end": start + size, "key": key, "type": kind}
            found.append({**place, **values})
    return sorted(found, key=lambda one: (one["start"], one["end"])) if grouped else found


@cache
def _defaults(kind: type) -> Doc:
    """Return the default of each value that a kind of mention has; None where it has no default."""
    return {
        one.name: None if one.default is MISSING else to_bson(one.default)
        for one in fields(kind)
        if one.name not in PLACES
    }


def _usual(kind: type, values: Mapping[str, Any], name: str) -> Doc:
    """Return the values that need no storing: a name equal to the key's, a division that has not changed."""
    usual = dict(_defaults(kind))
    if kind is Organization:
        usual["name"] = name
    elif kind is Place and values.get("code"):
        usual["now"] = [{"code": values["code"], "chain": values.get("chain")}]
    return usual


def _exact(value: Any) -> Any:  # noqa: ANN401 - any value of a mention
    """Return a value as it is stored: an amount as a decimal, any other unchanged."""
    return value.stored() if isinstance(value, Amount) else value


def _pack_changes(changes: Sequence[Change]) -> list[PackedChanges]:
    """Group changes by rule, because those of one rule mostly follow each other and lie close in the text."""
    groups = defaultdict[tuple[Any, ...], list[tuple[int, Change]]](list)
    for number, one in enumerate(changes):
        groups[one.stage, one.rule, one.confidence, one.applied, one.decided].append((number, one))
    return [
        PackedChanges(
            stage=found[0][1].stage,
            rule=found[0][1].rule,
            confidence=found[0][1].confidence,
            applied=found[0][1].applied,
            decided=found[0][1].decided,
            before="".join(one.before for _, one in found),
            after="".join(one.after for _, one in found),
            places=pack(_places(found)),
        )
        for found in groups.values()
    ]


def _places(found: Iterable[tuple[int, Change]]) -> Iterator[int]:
    """Yield for each change: lines of the ledger since the last one, place, lengths, where it moved to."""
    last = place = 0
    for number, one in found:
        to = () if one.to is None else (one.to - one.start,)
        yield from (number - last, one.start - place, one.end - one.start, len(one.before), len(one.after))
        yield from (len(to), *to)
        last, place = number, one.start


def _unpack_changes(stored: Mapping[str, Any]) -> list[Doc]:
    rows = [row for group in stored["edits"] for row in _changes(group)]
    return [change for _, change in sorted(rows, key=lambda row: row[0])]


def _changes(group: Mapping[str, Any]) -> Iterator[tuple[int, Doc]]:
    numbers, line, start, was, now = unpack(group["places"]), 0, 0, 0, 0
    while (more := next(numbers, None)) is not None:
        line, start = line + more, start + next(numbers)
        size, before, after = next(numbers), next(numbers), next(numbers)
        to = start + next(numbers) if next(numbers) else None
        yield (
            line,
            {
                "stage": group["stage"],
                "rule": group["rule"],
                "start": start,
                "end": start + size,
                "before": group["before"][was : was + before],
                "after": group["after"][now : now + after],
                "confidence": group["confidence"],
                "applied": group["applied"],
                "to": to,
                "decided": group["decided"],
            },
        )
        was, now = was + before, now + after


USUAL_FIGURES: Doc = {**_defaults(Quality), "repairs": 0, "suggestions": 0, "lowest_confidence": 1.0}


def _unpack_runs(stored: Mapping[str, Any]) -> list[list[int]]:
    return [list(run) for run in unpack_runs(stored["runs"])]


UNPACK: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "paragraphs": _unpack_paragraphs,
    "entities": _unpack_entities,
    "quality": _unpack_quality,
    "edits": _unpack_changes,
    "runs": _unpack_runs,
}
ENDS = schema_of(tuple[int, ...])
SAID = {name: shape for one in CLASSES.values() for name, shape in schema_of(one)["properties"].items()}
SHAPES: Mapping[str, Doc] = {
    "other_text": schema_of(str | None),
    "paragraphs": {
        "bsonType": "object",
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(get_args(ParagraphKind), ENDS),
            PAGES: schema_of(tuple[int | None, ...]),
        },
    },
    "quality": schema_of(Quality) | {"required": ["characters"]},
    "entities": {
        "bsonType": "array",
        "items": {
            "bsonType": "object",
            "required": ["key", "at"],
            "additionalProperties": False,
            "properties": {name: shape for name, shape in SAID.items() if name not in PLACES}
            | {
                "key": {"bsonType": ["int", "long", "string"]},
                "at": {"bsonType": ["int", "long", "array"]},
                "size": schema_of(int),
                "type": schema_of(str),
                "text": schema_of(str),
            },
        },
    },
    "edits": schema_of(tuple[PackedChanges, ...]),
    "runs": schema_of(bytes),
}
