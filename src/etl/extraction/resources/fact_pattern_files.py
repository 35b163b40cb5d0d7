"""Read files that declare a kind of fact, check them entry by entry, and compile them for the matcher.

A new entry of such a file is a name in `ENTRIES` and a field of `Pattern` in `fact_patterns`.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from etl.extraction.resources.fact_patterns import Pattern, PatternError, compile_pattern
from etl.extraction.resources.word_files import at_line, read_toml

# Each entry with what it holds: a text, texts, groups of texts, or tables of these.
ENTRIES: Mapping[str, type] = {
    "type": str,
    "verbs": list,
    "forms": list,
    "slots": dict,
    "fields": dict,
    "deal": list,
    "dealers": list,
    "each": list,
    "opening": list,
    "following": list,
    "carried": list,
    "requires": list,
    "members": list,
    "groups": list,
    "excluded": list,
    "sentences": list,
}
NEEDED = ("type", "verbs", "forms", "slots", "fields")
SLOT: Mapping[str, type] = {"pattern": str, "without": str, "longest": int, "greedy": bool}
FIELD: Mapping[str, type] = {"slot": str, "kind": str, "required": bool}
# An entry that stands alone: the file of this name in the package declares nothing any more.
OFF = "off"
KINDS: Mapping[type, str] = {
    str: "a text",
    list: "a list",
    dict: "a table",
    int: "a number",
    bool: "true or false",
}
NAMED = re.compile(r"\{([^{}]*)\}")


def read_pattern_file(path: Path) -> Pattern | None:
    """Read the pattern that a file declares; None where it is switched off.

    Raises:
        ValueError: it declares what cannot be; says file, line and entry.
    """
    return parse_pattern(path, read_toml(path))


def parse_pattern(path: Path, data: Mapping[str, Any]) -> Pattern | None:
    """Compile the pattern of a parsed file; None and `ValueError` as in `read_pattern_file`."""
    if data.get(OFF) is True:
        return None
    try:
        check_pattern(data)
        return compile_pattern(data)
    except PatternError as error:
        raise ValueError(f"{path}{at_line(path, error.key)}: {error}") from error


def fact_types(paths: Iterable[Path]) -> tuple[str, ...]:
    """Return the types of facts that files declare, each once, sorted; patterns are not compiled.

    Raises:
        ValueError: a file is no TOML.
    """
    found = [data for data in map(read_toml, paths) if data.get(OFF) is not True]
    return tuple(sorted({str(data["type"]) for data in found if "type" in data}))


def fact_fields(paths: Iterable[Path]) -> dict[str, dict[str, str]]:
    """Return for each type of fact that files declare the kinds of its fields; patterns are not compiled.

    Raises:
        ValueError: a file is no TOML.
    """
    out: dict[str, dict[str, str]] = {}
    for data in map(read_toml, paths):
        if data.get(OFF) is not True and "type" in data:
            fields = out.setdefault(str(data["type"]), {})
            fields |= {name: str(rule.get("kind")) for name, rule in data.get("fields", {}).items()}
    return dict(sorted(out.items()))


def check_pattern(data: Mapping[str, Any]) -> None:
    """Check that a declaration is complete and of the right kinds.

    Raises:
        PatternError: it is not; names the entry.
    """
    for name in NEEDED:
        if name not in data or (not data[name] and name != "slots"):
            raise PatternError(name, f"entry {name} is missing or empty; a pattern has {', '.join(NEEDED)}")
    _known("a pattern", data, ENTRIES)
    for name, value in data.items():
        if not isinstance(value, ENTRIES[name]):
            raise PatternError(name, f"entry {name} is {value!r}, expected {KINDS[ENTRIES[name]]}")
        if isinstance(value, list) and name != "requires" and not all(isinstance(one, str) for one in value):
            raise PatternError(name, f"entry {name} holds more than texts: {value!r}")
    for what, entries in (("slots", SLOT), ("fields", FIELD)):
        for name, table in data.get(what, {}).items():
            _table(f"{what}.{name}", table, entries)
    _references(data)


def _table(name: str, table: object, entries: Mapping[str, type]) -> None:
    if not isinstance(table, Mapping):
        raise PatternError(name, f"{name} is {table!r}, expected a table [{name}]")
    _known(f"[{name}]", table, entries, name)
    needed = ("slot", "kind") if name.startswith("fields.") else ()
    missing = [entry for entry in needed if entry not in table]
    if missing:
        raise PatternError(name, f"[{name}] has no {missing[0]}")
    for entry, value in table.items():
        if type(value) is not entries[entry]:
            raise PatternError(name, f"[{name}] has {entry} {value!r}, expected {KINDS[entries[entry]]}")
    if "pattern" in table:
        _expression(name, table["pattern"])


def _expression(name: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise PatternError(name, f"[{name}] has a pattern that cannot be read: {error}") from error


def _known(what: str, data: Mapping[str, Any], entries: Iterable[str], key: str = "") -> None:
    strange = [name for name in data if name not in entries]
    if strange:
        known = ", ".join(entries)
        raise PatternError(key or strange[0], f"{what} has no entry {strange[0]}; known are {known}")


def _references(data: Mapping[str, Any]) -> None:
    """Check that the fields and slots that other entries name are declared."""
    fields, slots = data["fields"], data.get("slots", {})
    named = [("requires", name, fields) for group in data.get("requires", ()) for name in group]
    named += [("sentences", name, fields) for s in data.get("sentences", ()) for name in NAMED.findall(s)]
    named += [(entry, name, slots) for entry in ("deal", "each", "carried") for name in data.get(entry, ())]
    for entry, name, among in named:
        if name not in among:
            raise PatternError(entry, f"entry {entry} names {name!r}; declared are {', '.join(among)}")
