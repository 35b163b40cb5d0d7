"""The ledger of a report in words that an operator understands.

A new rule is one line in `RULES`; one that is missing there is called by its own name.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from etl.traced import Change

SHOWN = 40
SUGGESTED = "only suggested, the text stays as it was: "
REFUSED = "refused, the text stays as it was: "
RULES: Mapping[str, str] = {
    "moved column": "a column stood elsewhere than where its text goes on",
    "moved note": "a note or caption stood inside a sentence",
    "furniture": "a page number or running header between the pages, not part of the text",
    "cut sentence": "a page break had cut the sentence in two",
    "wrapped line": "the line ended at the edge of the page, the sentence goes on",
    "mojibake": "text that an earlier program had read in a wrong encoding",
    "entity": "a sign written by its name in HTML",
    "radical": "a radical that stood for the character",
    "compatibility ideograph": "a character that Unicode calls equal to this one",
    "presentation form": "a form of a mark for vertical or small print",
    "private sign": "a sign of a symbol font",
    "doubled glyphs": "characters that a fake bold face printed more than once",
    "letter spacing": "a space between the letters of a word",
    "hyphen": "a hyphen at the end of a printed line",
    "invisible": "a character that cannot be seen",
    "space kind": "another kind of space",
    "ends": "space around a paragraph",
    "width": "a full-width letter or digit, written half-width",
    "year zero": "a circle that stands for zero in a year",
    "ellipsis": "an ellipsis, written as Chinese does",
    "quotes": "a straight quotation mark, paired",
    "brackets": "half-width brackets around Chinese text",
    "punctuation": "a half-width mark in Chinese text",
    "space at mark": "a space beside a full-width mark",
    "stray space": "a space inside a Chinese word or sentence",
    "script": "written in the other script",
}


def line(change: Change) -> dict[str, Any]:
    """One change as a JSON object: its fields, and ``words`` that explain it."""
    return {"words": words(change), **asdict(change)}


def words(change: Change) -> str:
    """What was done, where, why, and how sure that is.

    >>> words(Change("normalize", "punctuation", 3, 4, ",", "，", 1.0))
    'character 4: “,” became “，” (a half-width mark in Chinese text)'
    """
    why = RULES.get(change.rule, change.rule)
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
