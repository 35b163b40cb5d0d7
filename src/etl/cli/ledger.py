"""The ledger of a report in words that an operator understands.

Why a rule changed something stands on its card in `etl.rules`; a rule without one is called by its name.
"""

from dataclasses import asdict
from typing import Any

from etl import rules
from etl.traced import Change

SHOWN = 40
SUGGESTED = "only suggested, the text stays as it was: "
REFUSED = "refused, the text stays as it was: "


def line(change: Change) -> dict[str, Any]:
    """One change as a JSON object: its fields, and ``words`` that explain it."""
    return {"words": words(change), **asdict(change)}


def words(change: Change) -> str:
    """What was done, where, why, and how sure that is.

    >>> words(Change("normalize", "punctuation", 3, 4, ",", "，", 1.0))
    'character 4: “,” became “，” (a half-width mark in Chinese text)'
    """
    why = rules.words(change.rule)
    sure = "" if change.confidence >= 1 else f", {change.confidence:.0%} sure"
    sure = ", decided by a person" if change.decided else sure
    kept = "" if change.applied else REFUSED if change.decided else SUGGESTED
    return f"{kept}character {change.start + 1}: {_deed(change)} ({why}{sure})"


def _deed(change: Change) -> str:
    if change.to is not None:
        return f"the piece that begins {shown(change.before)} moved to after character {change.to}"
    if not change.before and not change.after:
        return "what goes on here stood elsewhere in the file"
    if not change.before:
        return f"{shown(change.after)} was put in"
    if not change.after:
        return f"{shown(change.before)} was taken out"
    return f"{shown(change.before)} became {shown(change.after)}"


def shown(text: str) -> str:
    """A short, visible form: breaks and blanks are named, long stretches cut in the middle."""
    if text.strip() == "":
        return {"\n": "a line break", " ": "a space", "\u3000": "a full-width space"}.get(
            text, f"blank space of {len(text)} characters"
        )
    short = text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}…{text[-SHOWN // 2 :]}"
    return "“" + short.replace("\n", "⏎") + "”"
