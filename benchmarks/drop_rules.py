"""Switch the rules of extraction off one at a time, and print what each is worth on marked texts.

usage: drop_rules.py GOLD… [--only WORD] [--below N]

A rule is a function of the finders: one that yields spans yields none, one that corrects a span leaves it,
one that asks says no, one that counts counts nothing. GOLD are texts with marks, as rows of ``text`` and
``spans`` or characters with tags. Printed is, for each rule and file, how many right names more than wrong
ones it gives; a rule that gives at most N in every file is marked, since it does not pay.
"""

import argparse
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import FunctionType
from typing import Any

from bench_extract import sentences
from choose_names import TYPES
from tagger_data import marked

import etl.extraction
from etl.engines import Engines
from etl.extraction import extractor
from etl.extraction.resources.tagger import Tagged
from etl.settings import load

Spans = set[tuple[str, int, int]]
Gold = list[tuple[str, Spans]]
ROOMS = ("amounts", "organizations", "people", "places", "times")
Span = tuple[int, int]
# What a rule answers that is off, by what it returns.
NOTHING: Mapping[Any, Callable[..., Any]] = {
    Iterator[Span]: lambda *_, **__: iter(()),
    list[Span]: lambda *_, **__: [],
    Span: lambda _context, *given: given[-1] if isinstance(given[-1], tuple) else given[-2:],
    bool: lambda *_, **__: False,
    int: lambda *_, **__: 0,
    Span | None: lambda *_, **__: None,
    int | None: lambda *_, **__: None,
}


class Remembering:
    """A tagger that reads each text once."""

    def __init__(self, tagger: Any) -> None:  # noqa: ANN401 - whichever is set up
        self._tagger, self._read = tagger, dict[str, Tagged]()

    def read(self, text: str) -> Tagged:
        """Return what the tagger said of the text."""
        if text not in self._read:
            self._read[text] = self._tagger.read(text)
        return self._read[text]


class Found(Exception):  # noqa: N818 - no error
    """The entities, before they are linked."""


def stop(_context: object, found: object, *_: object) -> None:
    raise Found(found)


def rules() -> Iterator[tuple[str, FunctionType]]:
    """Yield every function of the finders that `NOTHING` can replace."""
    for room in ROOMS:
        package = importlib.import_module(f"{etl.extraction.__name__}.{room}")
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ == info.name and _kind(function) in NOTHING:
                    yield f"{info.name.removeprefix('etl.extraction.')}.{name}", function


def _kind(function: FunctionType) -> Any:  # noqa: ANN401 - a type
    return inspect.signature(function).return_annotation


def gold(path: Path) -> Gold:
    if path.suffix == ".jsonl":
        return [(text.text, set(text.entities)) for _, _, text in marked(path)]
    return list(sentences(path))


def counts(texts: Gold, engines: Engines) -> tuple[int, int]:
    """How many spans are right and wrong; (-1, -1) where extraction fails without a rule."""
    right = wrong = 0
    kinds = {kind for _, want in texts for kind, _, _ in want}
    for text, want in texts:
        try:
            extractor.extract(text, None, None, engines)
        except Found as found:
            have = {(TYPES[e.type], e.start, e.end) for e in found.args[0] if TYPES.get(e.type) in kinds}
            right, wrong = right + len(have & want), wrong + len(have - want)
        except (TypeError, ValueError, LookupError, AttributeError, RuntimeError, StopIteration):
            return -1, -1
    return right, wrong


def replace(old: object, new: object) -> None:
    """Put one function in the place of another, wherever it is known."""
    for module in [m for name, m in sys.modules.items() if name.startswith("etl.extraction")]:
        for name in [name for name, value in vars(module).items() if value is old]:
            setattr(module, name, new)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--below", type=int, default=0)
    args = parser.parse_args()
    engines = Engines(load())
    vars(engines)["tagger"] = Remembering(engines.tagger)
    setattr(extractor, "link_entities", stop)  # noqa: B010 - for this run
    sets = [gold(path) for path in args.gold]
    whole = [counts(texts, engines) for texts in sets]
    print("all rules", whole)
    for name, function in rules():
        if args.only not in name:
            continue
        nothing = partial(NOTHING[_kind(function)])
        replace(function, nothing)
        without = [counts(texts, engines) for texts in sets]
        replace(nothing, function)
        worth = [(a - b) - (c - d) for (a, c), (b, d) in zip(whole, without, strict=True)]
        mark = "  does not pay" if max(worth) <= args.below and (-1, -1) not in without else ""
        print(f"{name:60} {worth} {without}{mark}", flush=True)


if __name__ == "__main__":
    main()
