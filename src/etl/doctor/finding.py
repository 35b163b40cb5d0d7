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


def ok(check: str, found: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", masked(found))


def problem(check: str, found: str, mend: str) -> Finding:
    """Something is wrong, and this command mends it."""
    return Finding(check, "problem", masked(found), masked(mend))


def unknown(check: str, found: str) -> Finding:
    """It could not be looked at."""
    return Finding(check, "unknown", masked(found))
