"""Convert frozen dataclasses to BSON and back, and make their validators.

The dataclass is the only place where a field is declared. A new kind of annotation is one more case
in `schema_of` and in `from_bson`.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bson.binary import Binary
from bson.decimal128 import Decimal128

from etl.exact import Amount

Doc = dict[str, Any]

# A field of this name is stored as MongoDB's own key.
KEY = "id"
INTEGER = ["int", "long"]
SCALARS: dict[object, Doc] = {
    str: {"bsonType": "string"},
    int: {"bsonType": INTEGER},
    float: {"bsonType": "number"},
    Amount: {"bsonType": "decimal"},
    bool: {"bsonType": "bool"},
    datetime: {"bsonType": "date"},
    bytes: {"bsonType": "binData"},
    Any: {},
}


def to_amount(value: Decimal128 | float) -> Amount:
    """The amount of what is stored, or of a number as it is printed."""
    return Amount(value.to_decimal() if isinstance(value, Decimal128) else value)


READERS: Mapping[object, Callable[[Any], Any]] = {float: float, Amount: to_amount}


@lru_cache(maxsize=64)
def field_types(model: type) -> dict[str, Any]:
    """Field annotations of a dataclass or named tuple, resolved, in order."""
    return get_type_hints(model)


def schema_of(annotation: Any) -> Doc:  # noqa: ANN401, PLR0911 - one return a kind of annotation
    """The ``$jsonSchema`` of values of this annotation, strict and without references."""
    if annotation in SCALARS:
        return dict(SCALARS[annotation])
    if is_dataclass(annotation) and isinstance(annotation, type):
        return _object(annotation)
    if isinstance(annotation, type) and issubclass(annotation, tuple):
        return _row(tuple(field_types(annotation).values()))
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return {"bsonType": "array", "items": schema_of(arguments[0])}
        return _row(arguments)
    if origin in (Union, types.UnionType):
        return _either(arguments)
    if origin is not None and issubclass(origin, Mapping):
        values = schema_of(arguments[1])
        return {"bsonType": "object"} | ({"additionalProperties": values} if values else {})
    raise TypeError(f"no validator for {annotation!r}; add a case to etl.store.records.codec.schema_of")


def to_bson(value: Any) -> Any:  # noqa: ANN401 - as above
    """A value as MongoDB and JSON take it: dictionaries, lists and scalars."""
    if isinstance(value, (str, int, float, bool, datetime, Binary)) or value is None:
        return value
    if isinstance(value, (tuple, list)):
        return [to_bson(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_bson(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {_stored(f.name): to_bson(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, bytes):
        return Binary(value)
    raise TypeError(f"{value!r} cannot be stored; add a case to etl.store.records.codec.to_bson")


def from_bson(annotation: Any, value: Any) -> Any:  # noqa: ANN401 - as above
    """The value of an annotation from what is stored; unknown fields are left out."""
    if value is None or annotation in SCALARS:
        return READERS[annotation](value) if annotation in READERS and value is not None else value
    if is_dataclass(annotation) and isinstance(annotation, type):
        known = field_types(annotation)
        return annotation(
            **{
                name: from_bson(kind, value[_stored(name)])
                for name, kind in known.items()
                if _stored(name) in value
            }
        )
    if isinstance(annotation, type) and issubclass(annotation, tuple):
        return annotation(*value)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        kinds = (arguments[0],) * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(from_bson(kind, item) for kind, item in zip(kinds, value, strict=True))
    if origin in (Union, types.UnionType):
        return from_bson(_chosen(arguments, value), value)
    return dict(value) if isinstance(value, Mapping) else value


def _stored(name: str) -> str:
    return "_id" if name == KEY else name


def _object(model: type) -> Doc:
    properties = {_stored(name): schema_of(kind) for name, kind in field_types(model).items()}
    return {
        "bsonType": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _row(kinds: tuple[Any, ...]) -> Doc:
    shapes = [schema_of(kind) for kind in kinds]
    return {"bsonType": "array", "minItems": len(kinds), "maxItems": len(kinds), "items": shapes[0]}


def _either(arguments: tuple[Any, ...]) -> Doc:
    kinds = [kind for kind in arguments if kind is not type(None)]
    if len(kinds) == 1:
        return _nullable(schema_of(kinds[0]))
    return {"oneOf": [schema_of(kind) for kind in kinds]}


def _nullable(shape: Doc) -> Doc:
    if "enum" in shape:
        return {**shape, "enum": [*shape["enum"], None]}
    kind = shape["bsonType"]
    return {**shape, "bsonType": [*(kind if isinstance(kind, list) else [kind]), "null"]}


def _chosen(arguments: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - as above
    """Of several models the one whose ``type`` the value names; of a nullable one, that one."""
    kinds = [kind for kind in arguments if kind is not type(None)]
    if len(kinds) == 1:
        return kinds[0]
    return next(kind for kind in kinds if value["type"] in get_args(field_types(kind)["type"]))
