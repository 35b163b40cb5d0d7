"""Compile a long expression so that it is tried only where its first character stands.

An expression of many alternatives is tried at every character of a text, and each alternative looks for
itself whether it can begin there. What all of them begin with is read off the parsed expression once; a look
ahead at one set of characters then answers for nearly every place. An operation of expressions that is not
known here takes the look ahead away, no matches.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]  # Python's own, not in its stubs
from typing import Any, NamedTuple
from zlib import crc32

from etl.text.expressions import kept

# More characters than this are a class such as "no blank", which a look ahead makes no shorter.
MOST_CHARACTERS = 4_000
LAST_DIGIT = 0x1FBF9
# Between alternatives; in no expression.
SEPARATOR = "\0"
# Changes with this module, and so with what it makes of an expression.
VERSION = crc32(Path(__file__).read_bytes())


class Beginning(NamedTuple):
    """How a match can begin.

    Attributes:
        characters: the first one; None where it may be any.
        empty: whether a match can be empty, so that what follows begins it.
    """

    characters: frozenset[str] | None
    empty: bool = False


ANY = Beginning(None)
NOTHING = Beginning(frozenset(), empty=True)


def compile_with_lookahead(*alternatives: str) -> re.Pattern[str]:
    """Compile an expression; it matches as before, in less time where its beginning is known.

    Of several alternatives each looks ahead by itself, too.
    """
    return kept().compiled(SEPARATOR.join(alternatives), 0, _with_lookahead, VERSION)


def _with_lookahead(joined: str) -> str:
    alternatives = joined.split(SEPARATOR)
    return look_ahead("|".join(map(look_ahead, alternatives)) if alternatives[1:] else joined)


def look_ahead(expression: str) -> str:
    """Return an expression with a look ahead at the characters that it can begin with, where they are known.

    >>> look_ahead("(?<!x)(?:一月|二月)")
    '(?=[一二])(?:(?<!x)(?:一月|二月))'
    """
    firsts = first_characters(expression)
    return f"(?={any_of(firsts)})(?:{expression})" if firsts else expression


def any_of(characters: AbstractSet[str]) -> str:
    """Write a class; all digits by their name, since characters beyond the first plane make it slow."""
    named, others = ("\\d", characters - digits()) if digits() <= characters else ("", characters)
    return f"[{named}{''.join(map(re.escape, sorted(others)))}]"


def first_characters(expression: str) -> frozenset[str] | None:
    """Return the characters that a match can begin with; None where it may be any, or none at all."""
    found = _sequence(_parser.parse(expression))
    return (
        None
        if found.characters is None or found.empty or len(found.characters) > MOST_CHARACTERS
        else found.characters
    )


@cache
def digits() -> frozenset[str]:
    """Return the digits of every script."""
    return frozenset(chr(code) for code in range(LAST_DIGIT + 1) if chr(code).isdecimal())


def _sequence(parts: Iterable[Any]) -> Beginning:
    firsts = frozenset[str]()
    for operation, argument in parts:
        found = OPERATIONS.get(str(operation), lambda _: ANY)(argument)
        if found.characters is None:
            return ANY
        firsts |= found.characters
        if not found.empty:
            return Beginning(firsts)
    return Beginning(firsts, empty=True)


def _branches(argument: Any) -> Beginning:  # noqa: ANN401 - of the parser
    every = [_sequence(branch) for branch in argument[1]]
    known = [one.characters for one in every if one.characters is not None]
    if len(known) < len(every):
        return ANY
    return Beginning(frozenset().union(*known), empty=any(one.empty for one in every))


def _group(argument: Any) -> Beginning:  # noqa: ANN401 - of the parser
    _, flags_on, flags_off, inside = argument
    return ANY if flags_on or flags_off else _sequence(inside)


def _repeat(argument: Any) -> Beginning:  # noqa: ANN401 - of the parser
    least, _, inside = argument
    found = _sequence(inside)
    return found._replace(empty=found.empty or not least) if found.characters is not None else ANY


def _one_of(members: Iterable[Any]) -> Beginning:
    """Return the characters of a class such as [一二0-9]; any for one that says what is not in it."""
    every = [MEMBERS.get(str(operation), lambda _: ANY)(argument) for operation, argument in members]
    known = [one.characters for one in every if one.characters is not None]
    return Beginning(frozenset().union(*known)) if len(known) == len(every) else ANY


def _literal(code: int) -> Beginning:
    return Beginning(frozenset(chr(code)))


def _range(ends: tuple[int, int]) -> Beginning:
    return (
        Beginning(frozenset(map(chr, range(ends[0], ends[1] + 1))))
        if ends[1] - ends[0] < MOST_CHARACTERS
        else ANY
    )


def _category(category: object) -> Beginning:
    return Beginning(digits()) if str(category) == "CATEGORY_DIGIT" else ANY


def _takes_nothing(_: object) -> Beginning:
    return NOTHING


MEMBERS: Mapping[str, Callable[[Any], Beginning]] = {
    "LITERAL": _literal,
    "RANGE": _range,
    "CATEGORY": _category,
}
OPERATIONS: Mapping[str, Callable[[Any], Beginning]] = {
    "LITERAL": _literal,
    "IN": _one_of,
    "BRANCH": _branches,
    "SUBPATTERN": _group,
    "AT": _takes_nothing,
    "ASSERT": _takes_nothing,
    "ASSERT_NOT": _takes_nothing,
    **dict.fromkeys(("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"), _repeat),
}
