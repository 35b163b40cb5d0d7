"""Convert frozen dataclasses to BSON and back, and make their validators.

The dataclass is the only place where a field is declared. A new kind of annotation is one more case
in `schema_of` and in `_reader_of_values`.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from itertools import repeat
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bson.binary import Binary
from bson.decimal128 import Decimal128

from etl.model.exact import Amount
from etl.model.report import APART

Doc = dict[str, Any]
Convert = Callable[[Any], Any]

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
# What BSON holds under the same class.
AS_THEY_ARE = (str, int, float, bool, datetime, Binary, type(None))


def to_amount(value: Decimal128 | float) -> Amount:
    """Return the amount that is stored as a decimal, or that a number says as it is printed."""
    return Amount(value.to_decimal() if isinstance(value, Decimal128) else value)


READERS: Mapping[object, Convert] = {float: float, Amount: to_amount}


@cache
def field_types(model: type) -> dict[str, Any]:
    """Return the resolved annotations of a dataclass's or named tuple's fields, without `APART` ones."""
    apart = {one.name for one in fields(model) if one.metadata == APART} if is_dataclass(model) else set()
    return {name: kind for name, kind in get_type_hints(model).items() if name not in apart}


def schema_of(annotation: Any) -> Doc:  # noqa: ANN401, PLR0911 - one return a kind of annotation
    """Return the ``$jsonSchema`` of values of this annotation, strict and without references.

    Raises:
        TypeError: there is no case for this kind of annotation.
    """
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


def sayable(words: str) -> str:
    r"""Return words as MongoDB can hold them: lone surrogates, as stand for a name's odd bytes, are escaped.

    >>> sayable("通报.\udcce")
    '通报.\\udcce'
    """
    return words.encode("utf-8", "backslashreplace").decode()


def to_bson(value: Any) -> Any:  # noqa: ANN401 - as above
    """Convert a value to dictionaries, lists and scalars, as MongoDB and JSON take it.

    Raises:
        TypeError: there is no case for its class.
    """
    kind: Any = type(value)
    return _writer(kind)(value)


def from_bson(annotation: Any, value: Any) -> Any:  # noqa: ANN401 - as above
    """Make a value of an annotation from what is stored; leave out unknown fields."""
    return _reader(annotation)(value)


@cache
def _writer(kind: type) -> Convert:
    """Return the function that converts values of a class to BSON; cached, as a report holds thousands."""
    if issubclass(kind, AS_THEY_ARE):
        return _same
    if issubclass(kind, (tuple, list)):
        return lambda value: [to_bson(item) for item in value]
    if issubclass(kind, Mapping):
        return lambda value: {str(key): to_bson(item) for key, item in value.items()}
    if is_dataclass(kind):
        names = [(name, _stored(name)) for name in field_types(kind)]
        return lambda value: {key: to_bson(getattr(value, name)) for name, key in names}
    if issubclass(kind, bytes):
        return bytes  # as the driver reads it again: a `Binary` is no equal of the same bytes
    raise TypeError(f"{kind.__name__} cannot be stored; add a case to etl.store.records.codec._writer")


@cache
def _reader(kind: Any) -> Convert:  # noqa: ANN401 - as above
    """Return the cached function that makes values of an annotation from BSON; it reads null as None."""
    read = _reader_of_values(kind)
    return read if read is _same else lambda value: None if value is None else read(value)


def _reader_of_values(kind: Any) -> Convert:  # noqa: ANN401 - as above
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in SCALARS or origin is Literal:
        return READERS.get(kind, _same)
    if is_dataclass(kind) and isinstance(kind, type):
        names = [(name, _stored(name), _reader(one)) for name, one in field_types(kind).items()]
        return lambda value: kind(**{name: read(value[key]) for name, key, read in names if key in value})
    if isinstance(kind, type) and issubclass(kind, tuple):
        return lambda value: kind(*value)
    if origin is tuple:
        any_number = arguments[-1] is Ellipsis
        reads = repeat(_reader(arguments[0])) if any_number else [_reader(one) for one in arguments]
        return lambda value: tuple([read(one) for one, read in zip(value, reads, strict=not any_number)])
    if origin in (Union, types.UnionType):
        return _reader_of_union([one for one in arguments if one is not type(None)])
    return lambda value: dict(value) if isinstance(value, Mapping) else value


def _reader_of_union(kinds: Sequence[Any]) -> Convert:
    """Return the reader of a union: that of its one class, or that of the class a value's ``type`` names."""
    if len(kinds) == 1:
        return _reader(kinds[0])
    named = {name: _reader(kind) for kind in kinds for name in get_args(field_types(kind)["type"])}
    return lambda value: named[value["type"]](value)


def _same(value: Any) -> Any:  # noqa: ANN401 - as above
    return value


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
