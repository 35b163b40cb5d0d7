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
    """Words from anywhere on one line, without logins."""
    return masked(" ".join(found.split()))


def ok(check: str, found: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", _line(found))


def problem(check: str, found: str, mend: str) -> Finding:
    """Something is wrong, and this command mends it."""
    return Finding(check, "problem", _line(found), masked(mend))


def unknown(check: str, found: str) -> Finding:
    """It could not be looked at."""
    return Finding(check, "unknown", _line(found))
