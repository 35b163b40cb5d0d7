"""What a check says: what it looked at, whether that is well, and the one command that mends it.

A new answer is a word in `State`.
"""

from dataclasses import dataclass
from typing import Literal

from etl.logins import masked

# unknown: it could not be looked at here and now, which is no fault by itself.
State = Literal["ok", "problem", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: its name, one word or two.
        found: what was found, in one sentence.
        mend: the command that mends it; empty where nothing is to be mended.
    """

    check: str
    state: State
    found: str
    mend: str = ""


def _line(found: str) -> str:
    """Write words from anywhere on one line, without logins."""
    return masked(" ".join(found.split()))


def ok(check: str, found: str) -> Finding:
    """Report that all is well."""
    return Finding(check, "ok", _line(found))


def problem(check: str, found: str, mend: str) -> Finding:
    """Report that something is wrong, and the command that mends it."""
    return Finding(check, "problem", _line(found), masked(mend))


def unknown(check: str, found: str) -> Finding:
    """Report that something could not be checked."""
    return Finding(check, "unknown", _line(found))
