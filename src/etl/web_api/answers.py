"""Convert values to JSON and describe answers for OpenAPI, both from the same classes.

`to_json` converts a value, `json_schema` describes it; `describe_answers` says what an address answers.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from etl.export.as_csv import format_value
from etl.store.records.codec import Doc, schema_of, to_bson

NAMES: Mapping[str, Doc] = {
    "string": {"type": "string"},
    "int": {"type": "integer"},
    "long": {"type": "integer"},
    "number": {"type": "number"},
    "decimal": {"type": "number"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date-time"},
    "null": {"type": "null"},
    "object": {"type": "object"},
    "array": {"type": "array"},
}
# As the model has it, any field of a pattern beside the type.
FACT: Doc = {
    "type": "object",
    "required": ["type", "spans"],
    "properties": {
        "type": {"type": "string"},
        "spans": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
    },
    "additionalProperties": True,
}


class Json(Response):
    """An answer in JSON that keeps Chinese characters as they are."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Write days and times as ISO 8601 has them."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_day).encode()


def _day(value: object) -> str:
    if isinstance(value, date):
        return format_value(value)
    raise TypeError(f"{value!r} has no form in JSON; add a case to etl.web_api.answers")


def to_json(value: Any) -> Any:  # noqa: ANN401 - any value of the product
    """Convert a frozen value to JSON."""
    return _named(to_bson(value))


def _named(value: Any) -> Any:  # noqa: ANN401 - as above
    """Call what is stored under ``_id`` id again, at every depth."""
    if isinstance(value, dict):
        return {"id" if name == "_id" else name: _named(one) for name, one in value.items()}
    return [_named(one) for one in value] if isinstance(value, list) else value


def json_schema(model: Any) -> Doc:  # noqa: ANN401 - a class or annotation
    """Return the JSON Schema of values of a class."""
    return _schema(schema_of(model))


def _schema(stored: Mapping[str, Any]) -> Doc:
    out: Doc = {}
    kinds = stored.get("bsonType", ())
    found = [NAMES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    names = list(dict.fromkeys(one["type"] for one in found))
    if names:
        out["type"] = names[0] if len(names) == 1 else names
    out |= {key: value for one in found for key, value in one.items() if key != "type"}
    if "enum" in stored:
        out["enum"] = stored["enum"]
    if "properties" in stored:
        properties = {_key(name): _schema(one) for name, one in stored["properties"].items()}
        out |= {"properties": properties, "required": [*properties]}
    if "items" in stored:
        out["items"] = _schema(stored["items"])
    if "oneOf" in stored:
        out["oneOf"] = [_schema(one) for one in stored["oneOf"]]
    return out


def _key(name: str) -> str:
    return "id" if name == "_id" else name


def object_schema(**properties: Doc) -> Doc:
    """Return the JSON Schema of an object with these fields."""
    return {"type": "object", "required": [*properties], "properties": properties}


def list_schema(items: Doc) -> Doc:
    """Return the JSON Schema of a list."""
    return {"type": "array", "items": items}


def describe_answers(said: str, schema: Doc, **others: str) -> dict[int | str, dict[str, Any]]:
    """Describe the answers of an address: the usual one, and what other statuses mean (``s404="…"``)."""
    usual = {"description": said, "content": {"application/json": {"schema": schema}}}
    told = {"s400": "the question cannot be answered", "s422": "a part of the question is not allowed"}
    failed = {"application/json": {"schema": object_schema(detail={"type": "string"})}}
    out: dict[int | str, dict[str, Any]] = {200: usual}
    for name, one in {**told, **others}.items():
        out[int(name[1:])] = {"description": one, "content": failed}
    return out
