"""Hold what a check found: whether that is well, and the one command that mends it.

A new answer is a word in `State`.
"""

from dataclasses import dataclass
from typing import Literal

from etl.logins import masked

# unknown: it could not be looked at here and now, which is no fault by itself.
State = Literal["ok", "problem", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        check: the name of the check, one word or two.
        found: what was found, in one sentence.
        mend: the command that mends it; empty where nothing needs mending.
    """

    check: str
    state: State
    found: str
    mend: str = ""


def _line(found: str) -> str:
    """Return text as one line, with logins masked."""
    return masked(" ".join(found.split()))


def ok(check: str, found: str) -> Finding:
    """Return the finding that a check found no fault."""
    return Finding(check, "ok", _line(found))


def problem(check: str, found: str, mend: str) -> Finding:
    """Return the finding of a fault, with the command that mends it."""
    return Finding(check, "problem", _line(found), masked(mend))


def unknown(check: str, found: str) -> Finding:
    """Return the finding that something could not be checked."""
    return Finding(check, "unknown", _line(found))
