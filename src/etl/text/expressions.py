"""Compile expressions once an installation: what Python's compiler made of one is kept beside its bytecode.

Compiling the long expressions of this package took a fifth of a start. As bytecode is, what is kept is of one
Python only, and is not written where bytecode is not: there it is compiled in each process. A file that is
broken, or that another Python wrote, counts as none.
"""

import atexit
import marshal
import os
import re
import sys
from array import array
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any
from zlib import crc32

FILE = Path(cache_from_source(__file__)).with_suffix(".expressions")
# With those of expressions that nobody asks for any more; beyond that the file begins anew.
MOST_KEPT = 2000

# What Python makes its own of: text, flags, code, groups, their numbers by name, their names by number.
Parts = tuple[str, int, bytes, int, dict[str, int], tuple[str | None, ...]]
# An expression, its flags, and the version of what rewrites it first.
Key = tuple[str, int, int]
# Of one character of compiled code, as Python reads it; it is checked when a pattern is made of it.
CODE = "I"
# The direction of a look ahead in a parsed expression; that of a look behind is -1.
AHEAD = 1
# Changes with this module, and so with what it makes of an expression.
VERSION = crc32(Path(__file__).read_bytes())


class Kept:
    """The expressions of one file, and those that were compiled since it was read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _read(path)
        self._fresh: dict[Key, Parts] = {}

    def compiled(
        self, expression: str, flags: int = 0, rewrite: Callable[[str], str] = str, version: int = 0
    ) -> re.Pattern[str]:
        """Return an expression compiled, after ``rewrite``, whose ``version`` changes with what it makes."""
        if not PYTHON:
            return re.compile(rewrite(expression), flags)
        key = (expression, int(flags), version)
        if key not in self._known:
            self._known[key] = self._fresh[key] = _parts(rewrite(expression), int(flags))
        return _pattern(self._known[key])

    def write(self) -> None:
        """Write what is new beside what the file has by now; where it cannot be written, nothing is kept."""
        if self._fresh and not sys.dont_write_bytecode:
            every = {**_read(self._path), **self._fresh}
            with suppress(OSError):
                _replace(
                    self._path, marshal.dumps((PYTHON, every if len(every) <= MOST_KEPT else self._fresh))
                )
            self._fresh = {}


def compiled(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Compile an expression as `re.compile` does, once an installation."""
    return kept().compiled(expression, flags)


@cache
def kept() -> Kept:
    """Return the expressions of this installation; new ones are written when the process ends."""
    found = Kept(FILE)
    atexit.register(found.write)
    return found


def _this_python() -> tuple[str, int, int] | None:
    """Return what compiled code depends on; None where this Python compiles in another way."""
    try:
        magic: int = import_module("_sre").MAGIC
        made = _pattern(_parts("(?=[一二])(?P<first>[一二]+)年", 0))
    except (ImportError, AttributeError, TypeError, ValueError, OverflowError, RuntimeError):
        return None
    works = [match.span() for match in made.finditer("年一二年二")] == [(1, 4)]
    return (sys.version, magic, VERSION) if works and made.groupindex == {"first": 1} else None


def _parts(expression: str, flags: int) -> Parts:
    """Compile an expression, as ``re._compiler.compile`` does.

    Raises:
        re.error: it is none.
    """
    parsed = import_module("re._parser").parse(expression, flags)
    code = import_module("re._compiler")._code(parsed, flags)  # noqa: SLF001 - Python has no other way
    code = _with_first_characters(code, parsed, flags)
    state = parsed.state
    names: list[str | None] = [None] * state.groups
    for name, number in state.groupdict.items():
        names[number] = name
    packed = array(CODE, code).tobytes()
    return expression, flags | state.flags, packed, state.groups - 1, dict(state.groupdict), tuple(names)


def _with_first_characters(code: list[int], parsed: Any, flags: int) -> list[int]:  # noqa: ANN401 - Python's
    """Tell the search what a match begins with where a look ahead says it, so that it passes over all else.

    Python does so itself for an expression that begins with a set (``[一二]月``), not for one that looks
    ahead at it (``(?=[一二])(?:一月|二月)``).
    """
    constants, compiler = import_module("re._constants"), import_module("re._compiler")
    if not parsed or parsed[0][0] is not constants.ASSERT or parsed[0][1][0] != AHEAD:
        return code
    first = parsed[0][1][1][:1]
    if not first or first[0][0] is not constants.IN:
        return code
    first.width = parsed.getwidth()
    told: list[int] = []
    compiler._compile_info(told, first, flags | parsed.state.flags)  # noqa: SLF001 - as above
    return [*told, *code[1 + code[1] :]]


def _pattern(parts: Parts) -> re.Pattern[str]:
    expression, flags, code, *groups = parts
    made: re.Pattern[str] = import_module("_sre").compile(
        expression, flags, array(CODE, code).tolist(), *groups
    )
    return made


def _read(path: Path) -> dict[Key, Parts]:
    """Return the expressions of a file; none where this Python did not write it."""
    with suppress(OSError, EOFError, ValueError, TypeError):
        python, every = marshal.loads(path.read_bytes())  # noqa: S302 - read as the bytecode beside it is
        if python == PYTHON:
            known: dict[Key, Parts] = every
            return known
    return {}


def _replace(path: Path, content: bytes) -> None:
    """Put a file in the place of another at once, so that nobody reads half of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


PYTHON = _this_python()
