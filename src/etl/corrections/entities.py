"""Correct the entities that extraction found: their words, their kinds and their values.

Words are corrected before names are linked, so that a corrected name gets its code and full name as any
other; values that a person gave are set at the end. `value_names` lists the values of each kind of entity.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, get_args, get_type_hints

from etl.corrections.values import EntityEdit
from etl.model.exact import Amount
from etl.model.mentions import Entity, EntityType, Time

KINDS: Mapping[str, type[Entity]] = {
    get_args(get_type_hints(kind)["type"])[0]: kind for kind in get_args(Entity)
}
# What a name gives is worked out of it, or of the code of a place.
DERIVED = frozenset(("text", "start", "end", "key", "type", "now", "candidates"))
NUMBERS = frozenset(("value", "max"))
DAYS = frozenset(("start_date", "end_date"))
FLAGS = frozenset(("at_least", "approximate"))
LISTS = frozenset(("roles",))
NEVER_NULL = ("name", "unit", "currency")
NAMES = frozenset(("person", "organization", "place"))
MAX_VALUE_LENGTH = 200  # characters of a value


@dataclass(frozen=True, slots=True)
class PlacedEntity:
    """A correction of a mention, with the offsets of its words in the text at hand."""

    start: int
    end: int
    edit: EntityEdit

    @property
    def replaced(self) -> tuple[int, int]:
        """The offsets of the mention that this correction replaces."""
        return self.start + self.edit.shift[0], self.end + self.edit.shift[1]


def value_names(kind: EntityType) -> tuple[str, ...]:
    """Return the names of the values that a person may give an entity; its key is made from ``name``.

    >>> value_names("money")
    ('value', 'max', 'currency', 'at_least', 'approximate')
    """
    own = [field.name for field in fields(KINDS[kind]) if field.name not in DERIVED]
    return tuple(dict.fromkeys(["name", *own] if kind in NAMES else own))


def read_values(kind: EntityType, given: Mapping[str, Any]) -> dict[str, Any]:
    """Parse values into the form in which they are stored; numbers stay as written, an empty value is None.

    Raises:
        ValueError: the kind has no such value, or the value cannot be parsed.
    """
    unknown = [name for name in given if name not in value_names(kind)]
    if unknown:
        raise ValueError(f"found {unknown[0]}; a {kind} has {', '.join(value_names(kind)) or 'no values'}")
    return {name: _parse_value(name, value) for name, value in given.items()}


def _parse_value(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever a person or program gave
    if name in FLAGS:
        return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "1")
    if name in LISTS:
        parts = value.replace("、", ",").replace("，", ",").split(",") if isinstance(value, str) else value
        return [str(part).strip()[:MAX_VALUE_LENGTH] for part in parts if str(part).strip()]
    text = "" if value is None else str(value).strip()
    if len(text) > MAX_VALUE_LENGTH:
        raise ValueError(f"found {len(text)} characters for {name}; at most {MAX_VALUE_LENGTH} are taken")
    if name in NUMBERS and text:
        return _parse_number(name, text)
    if name in DAYS and text:
        return date.fromisoformat(text).isoformat()
    return text or None


def _parse_number(name: str, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"found {text!r} for {name}; a number such as 12000 or 0.5 is expected") from error
    if not number.is_finite() or len(number.as_tuple().digits) > 15 or abs(number.adjusted()) > 15:  # noqa: PLR2004 - digits of `Amount`
        raise ValueError(f"found {text!r} for {name}; a number of at most 15 digits is expected")
    return text


def with_spans(
    found: Sequence[Entity], placed: Sequence[PlacedEntity], text: str, fold: Callable[[str], str]
) -> tuple[Entity, ...]:
    """Return the entities, with mentions added, moved or removed as people said, sorted by offset.

    ``text`` is the text at hand; ``fold`` makes the words of a name comparable, for its key.
    """
    out = list(found)
    for one in placed:
        out = _with_span(out, one, text, fold)
    return tuple(sorted(out, key=lambda entity: (entity.start, entity.end, entity.type)))


def _with_span(
    found: Sequence[Entity], one: PlacedEntity, text: str, fold: Callable[[str], str]
) -> list[Entity]:
    edit, span = one.edit, (one.start, one.end)
    replaced = [e for e in found if e.type == edit.replaces and _overlaps(e, one.replaced)]
    kept = [e for e in found if e not in replaced]
    if edit.kind is None:
        return kept
    own = [e for e in (*replaced, *kept) if e.type == edit.kind and _overlaps(e, span)]
    words = text[one.start : one.end]
    key = f"{edit.kind}:{fold(words.strip('《》') if edit.kind == 'document' else words)}"
    place: dict[str, Any] = {"text": words, "start": one.start, "end": one.end, "key": key}
    blank = {name: words if name == "name" else "" for name in _required_fields(KINDS[edit.kind])}
    kind: Callable[..., Entity] = KINDS[edit.kind]
    new = replace(own[0], **place) if own else kind(**place, **blank)
    return [*(e for e in kept if e not in own and not _excludes(new, e)), new]


def _required_fields(kind: type[Entity]) -> Sequence[str]:
    """Return the fields without a default, besides its place, that a new mention of a kind must be given."""
    plain = (one for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING)
    return [one.name for one in plain if one.name not in DERIVED]


def _excludes(new: Entity, other: Entity) -> bool:
    """Check whether a corrected entity displaces another entity that it overlaps.

    It displaces all but documents, and the division with which the name of an organization begins.
    """
    if "document" in (new.type, other.type) or not _overlaps(other, (new.start, new.end)):
        return False
    inside = other.start >= new.start and other.end <= new.end
    return not (new.type == "organization" and other.type == "place" and other.start == new.start and inside)


def _overlaps(entity: Entity, span: tuple[int, int]) -> bool:
    return entity.start < span[1] and span[0] < entity.end


def with_values(
    found: Sequence[Entity], placed: Sequence[PlacedEntity], fold: Callable[[str], str]
) -> tuple[Entity, ...]:
    """Return the entities with the values that people gave; of a given name ``fold`` makes the key."""
    given = {(one.start, one.end, one.edit.kind): one.edit.values for one in placed}
    return tuple(_with_values(e, given.get((e.start, e.end, e.type), {}), fold) for e in found)


def _with_values(entity: Entity, values: Mapping[str, Any], fold: Callable[[str], str]) -> Entity:
    if not values:
        return entity
    known = set(value_names(entity.type)) & {field.name for field in fields(entity)}
    new: dict[str, Any] = {
        name: _stored_value(name, value) for name, value in values.items() if name in known
    }
    blank: dict[str, Any] = {name: "" for name in NEVER_NULL if name in new and new[name] is None}
    if name := values.get("name"):
        new["key"] = f"{entity.type}:{fold(name)}"
    made = replace(entity, **{**new, **blank})
    if isinstance(made, Time) and made.start_date:
        days = dict.fromkeys((made.start_date, made.end_date or made.start_date))
        return replace(made, key=f"time:{'/'.join(days)}")
    return made


def _stored_value(name: str, value: Any) -> Any:  # noqa: ANN401 - any stored value
    if name in NUMBERS:
        return None if value is None else Amount(Decimal(value))
    return tuple(value) if name in LISTS else value
