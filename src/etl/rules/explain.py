"""One change of the ledger as a sentence that needs no knowledge of the program.

Why a rule changed something stands on its card; a rule without one is called by its name. A new kind of
repair is a case in `_repaired` and in `_offered`.
"""

from etl import rules
from etl.decisions import REPAIR_KINDS
from etl.traced import Change

SHOWN = 40
SUGGESTED = "only suggested, the text stays as it was: "
REFUSED = "refused, the text stays as it was: "


def words(change: Change) -> str:
    """What was done, where, why, and how sure that is.

    >>> words(Change("normalize", "punctuation", 3, 4, ",", "，", 1.0))
    'character 4: “,” became “，” (a half-width mark in Chinese text)'
    """
    why = rules.words(change.rule)
    sure = "" if change.confidence >= 1 else f", {change.confidence:.0%} sure"
    sure = ", decided by a person" if change.decided else sure
    kept = "" if change.applied else REFUSED if change.decided else SUGGESTED
    return f"{kept}character {change.start + 1}: {_describe_repair(change)} ({why}{sure})"


def _describe_repair(change: Change) -> str:
    if change.rule in REPAIR_KINDS:
        return _repaired(change) if change.applied else _offered(change)
    if not change.before:
        return f"{shown(change.after)} was put in"
    if not change.after:
        return f"{shown(change.before)} was taken out"
    return f"{shown(change.before)} became {shown(change.after)}"


def _repaired(change: Change) -> str:
    """What repair did."""
    kind = REPAIR_KINDS[change.rule]
    if kind == "move":
        return f"the piece that begins {shown(change.before)} was moved to behind character {change.to}"
    if kind == "removal" and change.to is not None:
        return f"{shown(change.before)} was moved out of the sentence, to behind character {change.to}"
    if kind == "removal":
        return f"{shown(change.before)} was taken out"
    if not change.before:
        return "the second half of this sentence was found elsewhere in the file and joined here"
    return f"the sentence breaks off here and was joined over {shown(change.before)}"


def _offered(change: Change) -> str:
    """What repair would do, were it more sure."""
    kind = REPAIR_KINDS[change.rule]
    if kind == "move":
        return f"the piece that begins {shown(change.before)} may belong behind character {change.to}"
    if kind == "removal":
        return f"{shown(change.before)} may not belong to the text"
    if not change.before:
        return "the second half of this sentence may stand elsewhere in the file"
    return f"the sentence may go on behind {shown(change.before)}"


def shown(text: str) -> str:
    """A short, visible form: breaks and blanks are named, long stretches cut in the middle."""
    if text.strip() == "":
        return {"\n": "a line break", " ": "a space", "\u3000": "a full-width space"}.get(text, _blank(text))
    short = text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}…{text[-SHOWN // 2 :]}"
    return "“" + short.replace("\n", "⏎") + "”"


def _blank(text: str) -> str:
    """What stands between two lines, or between two words."""
    lines = text.count("\n") - 1
    if "\f" in text:
        return "a page break"
    if lines > 0:
        return "a blank line" if lines == 1 else f"{lines} blank lines"
    return f"blank space of {len(text)} characters"
