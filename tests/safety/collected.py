"""Every compiled pattern of the package, found by walking its modules and what they hold."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import etl
from etl.engines import default

SOURCES = Path(etl.__file__).resolve().parent
DEPTH = 6
ANCHORED = frozenset({"match", "fullmatch"})


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, where it is kept, and how it is asked."""

    name: str
    pattern: "re.Pattern[Any]"
    anchored: bool

    def ask(self, text: str) -> None:
        """Use the pattern in each way in which the package may."""
        given: Any = text.encode() if isinstance(self.pattern.pattern, bytes) else text
        self.pattern.match(given)
        self.pattern.fullmatch(given)
        if not self.anchored:
            for _ in self.pattern.finditer(given):
                pass


@cache
def patterns() -> tuple[Found, ...]:
    """All patterns, each once, by name."""
    seen: dict[tuple[Any, int], Found] = {}
    for name, value in _held():
        for pattern in _within(value, DEPTH):
            found = Found(name, pattern, anchored=_anchored(name, value))
            key = (pattern.pattern, pattern.flags)
            if key not in seen or (seen[key].anchored and not found.anchored):
                seen[key] = found
    return tuple(sorted(seen.values(), key=lambda found: found.name))


def _held() -> Iterator[tuple[str, object]]:
    """What modules hold by name, and what the configured lexicon holds."""
    for module in pkgutil.walk_packages(etl.__path__, "etl."):
        for name, value in vars(importlib.import_module(module.name)).items():
            yield f"{module.name}.{name}", value
    yield "etl.extraction.resources.lexicon", default().lexicon


def _within(value: object, depth: int) -> "Iterator[re.Pattern[Any]]":
    if isinstance(value, re.Pattern):
        yield value
    elif depth:
        for part in _parts(value):
            yield from _within(part, depth - 1)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, tuple | list | set | frozenset):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name, None) for field in fields(value)]
    return ()


def _anchored(name: str, value: object) -> bool:
    """Whether the package asks this constant only for matches at the very beginning."""
    last = name.rpartition(".")[2]
    uses = _uses().get(last, frozenset())
    return isinstance(value, re.Pattern) and bool(uses) and uses <= ANCHORED


@cache
def _uses() -> Mapping[str, frozenset[str]]:
    """For each constant in capitals, what follows its name where it is used: a method, or anything else."""
    found: dict[str, set[str]] = {}
    for path in SOURCES.rglob("*.py"):
        for match in re.finditer(
            r"\b(_?[A-Z][A-Z0-9_]+)\b(?! *[:=])(?:\.(\w+))?", path.read_text(encoding="utf-8")
        ):
            found.setdefault(match[1], set()).add(match[2] or "anything")
    return {name: frozenset(uses) for name, uses in found.items()}


Action = Callable[[str], object]
