"""Write docs/schema.md from the records: ``python -m etl.store.schema.docs > docs/schema.md``.

The text of every field is its explanation in the dataclass; a new section is a part of `render`.
"""

import inspect
import re
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin

from etl.corrections.values import EntityEdit, KindEdit, ParagraphJoin, ParagraphSplit, Passage, TextEdit
from etl.model import mentions, report
from etl.model.decisions import Anchor, Decision
from etl.model.exact import Amount
from etl.model.traced import Change, TextRun
from etl.store.records.changelog import Tally
from etl.store.records.codec import KEY, field_types
from etl.store.records.compact import PackedChanges
from etl.store.records.reports import Parts
from etl.store.schema.collections import COLLECTIONS

TITLE = """# The shape of the database

Generated from the classes in `src/etl/model/report.py`, `src/etl/model/mentions.py` and `src/etl/store` by
`python -m etl.store.schema.docs`; the validators in the database come from the same classes. Every document
carries `schema_version` (now {version}). Times are UTC. Days are `YYYY-MM-DD`. Offsets count code points
of `text`, whose script is `canonical_script`. A field that may be null says so; no field is ever missing,
but for the fields of facts, which depend on the pattern that found them (`config/facts`), and for what
goes without saying of [entities](#entities-of-a-report).

Large files are in GridFS (`fs.files`, `fs.chunks`): `raw:<sha256>` holds the bytes of a source, and
`parts:...` the fields of a report that is too large for one document. They are empty in `reports`,
`parts.fields` names them, and `etl.connect` puts them back.
"""
# How a report is stored where that is not how it is printed.
STORED = {
    "other_text": (
        "string or null",
        "the same in the other script where `store.other_text` says so; else null: made when it is read.",
    ),
    "paragraphs": (
        "object: kind, list of integer",
        "where those of each [kind](#reportparagraph) start and end in `text`; `pages`: of each, if any.",
    ),
    "entities": (
        "list of [entities](#entities-of-a-report)",
        "who, where, when, how much; with places in `text`.",
    ),
    "quality": ("[Quality](#quality)", "those that are 0, empty or 1 (`lowest_confidence`) are left out."),
    "edits": ("list of [PackedChanges](#packedchanges)", "the ledger by rule, see [Change](#change)."),
    "runs": ("bytes", "which stretch of `text` is which one of the raw text; read by `etl.connect`."),
}
ENTITIES = """### Entities of a report

What is said of one thing, once, and where it is named. `key` counts in `entity_keys` from 0: behind
`$unwind: "$entities"` it is `{$arrayElemAt: ["$entity_keys", "$entities.key"]}`. `at` is where the words
begin, a number or a list of numbers; they are as long as the name behind the colon of the key, or `size`.
The type is what stands before the colon. The other fields are those of the kinds below; one that is missing
is null, empty, false or `CNY`, the name of an organization is that of its key, and a place is `now` what it
was. `etl.connect` and `--json` give each mention by itself, with its text and with every field:
[Person](#person), [Organization](#organization), [Place](#place), [Time](#time), [Money](#money),
[Quantity](#quantity), [Document](#document).
"""
PARTS: tuple[type, ...] = (
    report.ReportParagraph,
    *get_args(mentions.Entity),
    PackedChanges,
    Change,
    report.Quality,
    report.Source,
    Parts,
    Tally,
    report.Corrected,
    Decision,
    TextEdit,
    ParagraphSplit,
    ParagraphJoin,
    KindEdit,
    EntityEdit,
    Passage,
    Anchor,
)
SCALARS = {
    str: "string", int: "integer", float: "number", Amount: "decimal",
    bool: "boolean", datetime: "time", bytes: "bytes",
}  # fmt: skip
ATTRIBUTE = re.compile(r"^ {0,8}((?:\w+)(?:, \w+)*): (.+)$")
ALSO = re.compile(r"; ``(\w+)``:? ")


def render() -> str:
    """Return the text of the whole page in Markdown."""
    sections = [TITLE.format(version=report.SCHEMA_VERSION)]
    sections += [_collection(name) for name in COLLECTIONS]
    sections += ["## Parts of documents\n", ENTITIES, *(_part(kind) for kind in PARTS)]
    return "\n".join(sections)


def _collection(name: str) -> str:
    collection = COLLECTIONS[name]
    lines = [f"## `{name}`\n"]
    lines += [f"{_summary(kind)}\n" for kind in collection.models]
    if collection.internal:
        lines.append("The program's own; readers follow it through `etl.connect().changes()`.\n")
    rows = dict(row for kind in collection.models for row in _rows(kind).items())
    lines += _table(rows | STORED if name == "reports" else rows)
    indexes = [f"- `{field}`: {served}" for field, served in collection.indexes.items()]
    indexes = ["\nIndexes beside `_id`, and what they answer:\n", *indexes] if indexes else []
    return "\n".join([*lines, *indexes, ""])


def _part(kind: type) -> str:
    return "\n".join([f"### {kind.__name__}\n", f"{_summary(kind)}\n", *_table(_rows(kind)), ""])


def _table(rows: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    for field, (kind, meaning) in rows.items():
        yield f"| `{field}` | {kind} | {meaning} |"


def _rows(kind: type) -> dict[str, tuple[str, str]]:
    said = {name: text for base in reversed(kind.__mro__) for name, text in _attributes(base).items()}
    return {
        "_id" if name == KEY else name: (_type(annotation), said.get(name, ""))
        for name, annotation in field_types(kind).items()
    }


def _summary(kind: type) -> str:
    """Return a class's docstring up to its attributes, as one paragraph of Markdown."""
    text = inspect.cleandoc(kind.__doc__ or "").split("\nAttributes:")[0]
    return " ".join(text.split()).replace("``", "`")


def _attributes(kind: type) -> dict[str, str]:
    """Return each field's explanation from the section ``Attributes`` of a docstring."""
    listed = inspect.cleandoc(kind.__doc__ or "").partition("\nAttributes:\n")[2]
    joined = re.sub(r"\n {5,}", " ", listed)
    out: dict[str, str] = {}
    for line in joined.split("\n"):
        if match := ATTRIBUTE.match(line):
            pieces = ALSO.split(match[2])
            names = [*match[1].split(", ")]
            out |= dict.fromkeys(names, pieces[0].replace("``", "`"))
            out |= {
                name: text.replace("``", "`") for name, text in zip(pieces[1::2], pieces[2::2], strict=True)
            }
    return out


def _type(annotation: Any) -> str:  # noqa: ANN401, PLR0911 - one return a kind of annotation
    if annotation in SCALARS:
        return SCALARS[annotation]
    if annotation is TextRun:
        return "[start, end, raw_start, raw_end]"
    if annotation is mentions.Fact:
        return "object: `type`, `spans` [[start, end]], and the fields of its pattern"
    if is_dataclass(annotation) and isinstance(annotation, type):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})" if annotation in PARTS else "object"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin in (Union, types.UnionType):
        kinds = [_type(kind) for kind in arguments if kind is not type(None)]
        return " or ".join(kinds) + (" or null" if type(None) in arguments else "")
    return "object"


if __name__ == "__main__":
    sys.stdout.write(render())
