"""Change each number that decides over a text, in turn, and list those that no test sees.

usage: mutants.py PACKAGE… [--only WORD]… [--tests PATH]… [--most SECONDS]

PACKAGE is one of `TESTS`, or a module below. Found by ``ast``: numbers in constants of modules, and bare ones
in comparisons and limits (``min``, ``max``, ``clip``) within functions; 0 and 1 are taken for structure, not
for thresholds. Each is made larger and smaller by a quarter (at least by one). The tests run in one process:
a mutant is put into the functions and modules that are loaded, and only tests that call a function that knows
the number are run, until one fails. `LEFT_OUT` of ``mutant_scope.py`` names numbers that decide over no text.
"""

import argparse
import ast
import importlib
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np
import pytest
from _pytest.runner import runtestprotocol
from mutant_scope import LEFT_OUT, TESTS

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
LIMITS = frozenset({"min", "max", "clip", "minimum", "maximum"})
SHARE, SLOWEST = 0.25, 2.0
Place = tuple[str, str]  # the file of a function, and its qualified name


class BrokenImportError(Exception):
    """A module cannot be loaded with another number in it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the source of a module.

    Attributes:
        module: its name.
        name: of the constants that it belongs to, or of the function that it stands in.
        line: where it stands.
        column: the same.
        value: what it is.
        bare: it stands in a function.
    """

    module: str
    name: str
    line: int
    column: int
    value: float
    bare: bool


def numbers(module: str, source: str) -> Iterator[Number]:
    """The numbers of a module that may decide."""
    tree = ast.parse(source)
    for node in tree.body:
        for name, value in _constants(node):
            yield from _within(module, name, value, bare=False)
        for function in ast.walk(node):
            if isinstance(function, ast.FunctionDef):
                deciding = (one for one in ast.walk(function) if _decides(one))
                seen = {found for one in deciding for found in _within(module, function.name, one, bare=True)}
                yield from sorted(seen, key=lambda one: (one.line, one.column))


def _constants(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The constants that a statement sets, each with its own value."""
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    value = getattr(node, "value", None)
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(map(ast.unparse, target.elts), value.elts, strict=True)
    elif isinstance(target, ast.expr) and isinstance(value, ast.expr):
        yield ast.unparse(target), value


def _decides(node: ast.AST) -> bool:
    called = getattr(node, "func", None)
    return isinstance(node, ast.Compare) or getattr(called, "id", getattr(called, "attr", "")) in LIMITS


def _within(module: str, name: str, node: ast.AST, *, bare: bool) -> Iterator[Number]:
    for one in ast.walk(node):
        value = one.value if isinstance(one, ast.Constant) else None
        if isinstance(value, int | float) and value not in (0, 1):
            yield Number(module, name, one.lineno, one.col_offset, value, bare)  # type: ignore[attr-defined]


def is_left_out(number: Number) -> bool:
    """Whether a number decides over no text."""
    words = re.findall(r"\w+", number.name)
    return number.module in LEFT_OUT or any(f"{number.module} {word}" in LEFT_OUT for word in words)


def changed(number: Number, *, up: bool) -> float:
    """Another value, a quarter larger or smaller, or by one."""
    step = abs(number.value) * SHARE
    if isinstance(number.value, int):
        return number.value + (max(1, round(step)) if up else -max(1, round(step)))
    return number.value + (step if up else -step)


def mutated(source: str, number: Number, value: float) -> ast.Module:
    """The module with another number."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and (node.lineno, node.col_offset) == (number.line, number.column):
            node.value = value
    return tree


@dataclass(slots=True)
class Patch:
    """What a mutant replaced, so that it can be put back."""

    codes: list[tuple[FunctionType, CodeType, Any, Any]] = field(default_factory=list)
    values: list[tuple[ModuleType, str, Any]] = field(default_factory=list)

    def undo(self) -> None:
        """Put everything back."""
        for function, code, defaults, named in reversed(self.codes):
            function.__code__, function.__defaults__, function.__kwdefaults__ = code, defaults, named
        for module, name, value in reversed(self.values):
            setattr(module, name, value)


def functions(namespace: Mapping[str, Any], module: str) -> dict[str, FunctionType]:
    """The functions and methods that a module defines, under whatever decorates them."""
    found: dict[str, FunctionType] = {}
    for name, value in namespace.items():
        if getattr(value, "__module__", None) != module:
            continue
        members = {name: value}
        if isinstance(value, type):
            members = {f"{name}.{key}": one for key, one in vars(value).items()}
        for key, one in members.items():
            inner = getattr(one, "fget", None) or getattr(one, "__func__", one)
            while hasattr(inner, "__wrapped__"):
                inner = inner.__wrapped__
            if isinstance(inner, FunctionType) and inner.__module__ == module:
                found[key] = inner
    return found


def is_same(old: object, new: object) -> bool:
    """Whether two constants are equal."""
    if isinstance(old, np.ndarray):
        return bool(np.array_equal(old, np.asarray(new)))
    try:
        return type(old) is type(new) and bool(old == new)
    except (TypeError, ValueError):
        return True


@contextmanager
def in_place(number: Number, value: float) -> Iterator[None]:
    """Put a mutant into the functions and constants that are loaded."""
    module = importlib.import_module(number.module)
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    fresh = {"__name__": number.module, "__file__": module.__file__, "__package__": module.__package__}
    code = compile(mutated(source, number, value), str(module.__file__), "exec")
    try:
        exec(code, fresh)  # noqa: S102 - our own
    except Exception as error:
        raise BrokenImportError(number.module) from error
    patch, twins = Patch(), functions(fresh, number.module)
    for key, function in functions(vars(module), number.module).items():
        twin = twins[key]
        patch.codes.append((function, function.__code__, function.__defaults__, function.__kwdefaults__))
        function.__code__, function.__defaults__ = twin.__code__, twin.__defaults__
        function.__kwdefaults__ = twin.__kwdefaults__
    for name in list(vars(module)):
        old, new = vars(module)[name], fresh.get(name)
        if name.startswith("__") or callable(old) or isinstance(old, ModuleType) or is_same(old, new):
            continue
        for other in [one for key, one in sys.modules.items() if key.startswith("etl")]:
            if vars(other).get(name) is old:
                patch.values.append((other, name, old))
                setattr(other, name, new)
    forget(number.module)
    try:
        yield
    finally:
        patch.undo()
        forget(number.module)


def forget(name: str) -> None:
    """Clear what the functions of a module remember, themselves or in what decorates them."""
    for value in vars(sys.modules[name]).values():
        if getattr(value, "__module__", None) == name:
            inner = [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
            for one in [value, *inner]:
                if hasattr(one, "cache_clear"):
                    one.cache_clear()


def knowing(number: Number) -> set[Place]:
    """The functions that know a number, by itself or by a constant that was made of it."""
    if number.bare:
        path = str(sys.modules[number.module].__file__)
        every = functions(vars(sys.modules[number.module]), number.module)
        return {(path, key) for key in every if key.split(".")[-1] == number.name}
    names = set(re.findall(r"\w+", number.name))
    tree = ast.parse(Path(str(sys.modules[number.module].__file__)).read_text(encoding="utf-8"))
    for node in [one for one in tree.body if isinstance(one, ast.Assign | ast.AnnAssign) and one.value]:
        if {one.id for one in ast.walk(node.value or node) if isinstance(one, ast.Name)} & names:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            names |= set(re.findall(r"\w+", ast.unparse(target)))
    names |= _remembering(number.module, names)
    found: set[Place] = set()
    for key, module in list(sys.modules.items()):
        if key.startswith("etl.") and (key == number.module or names & set(vars(module))):
            for name, function in functions(vars(module), key).items():
                if names & _names(function.__code__):
                    found.add((str(module.__file__), name))
    return found


def _remembering(module: str, names: set[str]) -> set[str]:
    """The functions that know one of the names and are called once only, since their answer is kept."""
    namespace = vars(sys.modules[module])
    every = functions(namespace, module)
    kept = (key for key in every if hasattr(namespace.get(key), "cache_clear"))
    return {key for key in kept if names & _names(every[key].__code__)}


def _names(code: CodeType) -> set[str]:
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return set(code.co_names).union(*map(_names, inner))


class Mutants:
    """A plugin of pytest that runs the tests once, then those that could see each mutant.

    Attributes:
        tried: how many numbers were changed.
        unseen: mutants that no test saw.
    """

    def __init__(self, chosen: Sequence[Number], most: float) -> None:
        self.chosen, self.most, self.tried = chosen, most, 0
        self.unseen: list[tuple[Number, float, int]] = []
        self._calls: dict[str, set[Place]] = {}
        self._seconds: dict[str, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests, then the mutants."""
        items = [item for item in session.items if self._first(item)]
        tell(f"{len(items)} tests of {len(session.items)} in {sum(self._seconds.values()):.0f} s")
        began = time.monotonic()
        for done, number in enumerate(self.chosen):
            if time.monotonic() - began > self.most:
                tell(f"stopped after {done} of {len(self.chosen)} numbers")
                break
            self._try(number, items)
            self.tried += 1
        return True

    def _first(self, item: pytest.Item) -> bool:
        """Run a test unchanged; whether it passes, in time, and what it calls."""
        calls: set[CodeType] = set()

        def note(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                calls.add(frame.f_code)

        began = time.process_time()
        sys.setprofile(note)
        try:
            passed = runs(item)
        finally:
            sys.setprofile(None)
        self._seconds[item.nodeid] = time.process_time() - began
        self._calls[item.nodeid] = {
            (code.co_filename, code.co_qualname) for code in calls if str(SOURCE) in code.co_filename
        }
        return passed and self._seconds[item.nodeid] < SLOWEST

    def _try(self, number: Number, items: Sequence[pytest.Item]) -> None:
        places = knowing(number)
        able = [item for item in items if self._calls[item.nodeid] & places]
        able.sort(key=lambda item: (number.name not in item.nodeid, self._seconds[item.nodeid]))
        for up in (True, False):
            value = changed(number, up=up)
            if not is_seen(number, value, able):
                self.unseen.append((number, value, len(able)))
                said = f"{number.module}:{number.line} {number.name}: {number.value} as {value:g}"
                tell(f"not seen: {said} ({len(able)} tests)")


def is_seen(number: Number, value: float, able: Sequence[pytest.Item]) -> bool:
    """Whether a test fails, or already the import, if the number has another value."""
    with suppress(BrokenImportError), in_place(number, value):
        return any(not runs(item) for item in able)
    return True


def tell(line: str) -> None:
    """Print a line past what pytest captures."""
    print(line, file=sys.__stdout__, flush=True)


def runs(item: pytest.Item) -> bool:
    """Whether a test passes."""
    reset: Callable[[], None] | None = getattr(item, "_initrequest", None)
    if reset:
        reset()
    reports = runtestprotocol(item, log=False, nextitem=None)
    return all(report.outcome != "failed" for report in reports)


def modules(package: str) -> Iterator[str]:
    """A module, or those of a package."""
    path = SOURCE / package.replace(".", "/")
    for file in [path.with_suffix(".py")] if not path.is_dir() else sorted(path.rglob("*.py")):
        yield ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def main() -> None:
    """Print what no test sees; the exit status says whether there is any."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("packages", nargs="+")
    parser.add_argument("--only", action="append", help="numbers whose place holds one of these words")
    parser.add_argument("--tests", action="append", help="instead of those of the package")
    parser.add_argument("--most", type=float, default=float("inf"), help="seconds")
    args = parser.parse_args()
    chosen: list[Number] = []
    for name in [one for package in args.packages for one in modules(package)]:
        source = Path(str(importlib.import_module(name).__file__)).read_text(encoding="utf-8")
        chosen += [one for one in numbers(name, source) if not is_left_out(one)]
    if args.only:
        chosen = [one for one in chosen if any(word in f"{one.module} {one.name}" for word in args.only)]
    own = (
        TESTS[key]
        for key in TESTS
        if any(name.startswith(key) or key.startswith(name) for name in args.packages)
    )
    tests = args.tests or [path for paths in own for path in paths]
    plugin = Mutants(chosen, args.most)
    pytest.main(
        ["-q", "--capture=sys", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", *tests],
        plugins=[plugin],
    )
    if chosen and not plugin.tried:
        sys.exit("no test was run, so nothing is known of any number")
    print(f"{plugin.tried} numbers, {len(plugin.unseen)} of {2 * plugin.tried} mutants not seen")
    sys.exit(bool(plugin.unseen))


if __name__ == "__main__":
    main()
