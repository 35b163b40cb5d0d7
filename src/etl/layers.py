"""Lay the operator's own configuration over that of the package.

In ``etl.toml`` the operator's value replaces that of the package (`overlay`); a table of words is added to
(`extend_words`). A new way to lay files over each other is one function here.
"""

from collections.abc import Mapping
from typing import Any

WITHOUT = "without"
# Texts that hold words with blanks between them; every other text of a word list stands for its characters.
SPACED = frozenset({"states", "seen"})
KINDS = {dict: "a table", list: "a list", str: "a text", int: "a number", float: "a number"}
NUMBERS = (int, float)

Table = Mapping[str, Any]


def overlay(base: Table, own: Table) -> dict[str, Any]:
    """Return the base with the operator's values in place of its own, table by table.

    >>> overlay({"run": {"workers": 0, "runner": "threads"}}, {"run": {"workers": 4}})
    {'run': {'workers': 4, 'runner': 'threads'}}
    """
    out = dict(base)
    for name, value in own.items():
        there: Any = out.get(name)
        both = isinstance(there, Mapping) and isinstance(value, Mapping)
        out[name] = overlay(there, value) if both else value
    return out


def extend_words(base: Table, own: Table) -> dict[str, Any]:
    """Return a table of words with the operator's added and those of ``[without]`` removed.

    Lists and texts grow, tables get more entries, numbers are replaced.

    Raises:
        ValueError: an entry that the base does not have, or one of another kind.

    >>> extend_words({"roles": ["书记", "主任"]}, {"roles": ["河长"], "without": {"roles": ["主任"]}})
    {'roles': ['书记', '河长']}
    """
    out = dict(base)
    gone = own.get(WITHOUT, {})
    if not isinstance(gone, Mapping):
        raise ValueError(f"{WITHOUT} is {_kind(gone)}, expected a table")  # noqa: TRY004 - of a file, not a type
    for name, value in own.items():
        if name != WITHOUT:
            _check(name, base, value, out_of=base)
            out[name] = _grown(name, out[name], value)
    for name, value in gone.items():
        of_table = isinstance(base.get(name), Mapping) and isinstance(value, list)
        _check(name, base, {} if of_table else value, out_of=base)
        out[name] = _less(name, out[name], value)
    return out


def _check(name: str, base: Table, value: object, out_of: Table) -> None:
    """Refuse an unknown entry, or one of another kind than the base's (in an open table, than its first)."""
    if name not in base and base is out_of:
        raise ValueError(f"{name} is no entry that is known here; there are {', '.join(base)} and {WITHOUT}")
    there = base.get(name, next(iter(base.values()), value))
    if not isinstance(value, NUMBERS if isinstance(there, NUMBERS) else type(there)):
        raise ValueError(f"{name} is {_kind(value)}, expected {_kind(there)}")  # noqa: TRY004 - as above


def _kind(value: object) -> str:
    return KINDS.get(type(value), "a value of another kind")


def _grown(name: str, base: Any, own: Any) -> Any:  # noqa: ANN401 - what a TOML file holds
    if isinstance(base, str):
        return f"{base} {own}" if name in SPACED else base + own
    if isinstance(base, list):
        return [*base, *own]
    return _entries(base, own) if isinstance(base, Mapping) else own


def _entries(base: Table, own: Table) -> dict[str, Any]:
    """Return a table with entries added; lists of words that it has grow, its other values are replaced."""
    closed = base if all(isinstance(value, NUMBERS) or _words(value) for value in base.values()) else {}
    out = dict(base)
    for name, value in own.items():
        _check(name, base, value, out_of=closed)
        there = out.get(name)
        if isinstance(there, Mapping):
            out[name] = overlay(there, value)
        else:
            out[name] = [*there, *value] if there is not None and _words(there) else value
    return out


def _words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _less(name: str, base: Any, gone: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(base, str) and name in SPACED:
        return " ".join(word for word in base.split() if word not in gone.split())
    if isinstance(base, str):
        return "".join(character for character in base if character not in gone)
    if isinstance(base, list):
        return [word for word in base if word not in gone]
    if isinstance(gone, Mapping):
        return {**base, **{inner: _less(inner, base[inner], gone[inner]) for inner in gone if inner in base}}
    return {key: value for key, value in base.items() if key not in gone}
