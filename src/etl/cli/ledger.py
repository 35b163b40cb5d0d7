"""The ledger of a report in words that an operator understands.

A new rule that its own name does not explain is one line in `RULES`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from etl.traced import Change

SHOWN = 40
RULES: Mapping[str, str] = {}


def line(change: Change) -> dict[str, Any]:
    """One change as a JSON object: its fields, and ``words`` that explain it."""
    return {"words": words(change), **asdict(change)}


def words(change: Change) -> str:
    """What was done, where, why, and how sure that is.

    >>> words(Change("normalize", "comma", 3, 4, ",", "，", 1.0))
    'character 4: “,” became “，” (comma)'
    """
    why = RULES.get(change.rule, change.rule.replace("-", " ").replace("_", " "))
    sure = "" if change.confidence >= 1 else f", {change.confidence:.0%} sure"
    kept = "" if change.applied else "only suggested, the text stays as it was: "
    return f"{kept}character {change.start + 1}: {_deed(change)} ({why}{sure})"


def _deed(change: Change) -> str:
    if change.to is not None:
        return f"the piece that begins {_show(change.before)} moved to after character {change.to}"
    if not change.before:
        return f"{_show(change.after)} was put in"
    if not change.after:
        return f"{_show(change.before)} was taken out"
    return f"{_show(change.before)} became {_show(change.after)}"


def _show(text: str) -> str:
    """A short, visible form: breaks and blanks are named, long stretches cut in the middle."""
    if text.strip() == "":
        return {"\n": "a line break", " ": "a space", "\u3000": "a full-width space"}.get(
            text, f"blank space of {len(text)} characters"
        )
    short = text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}…{text[-SHOWN // 2 :]}"
    return "“" + short.replace("\n", "⏎") + "”"
