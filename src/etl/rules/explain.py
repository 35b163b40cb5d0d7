"""Describe one change of the ledger in a sentence that needs no knowledge of the program.

Why a rule changed something stands on its card; a rule without one is called by its name. A new kind of
sentence is a name in `Account`, a case in `account_of`, and a template in each language.
"""

from collections.abc import Callable, Mapping
from typing import Literal

from etl import rules
from etl.model.decisions import REPAIR_KINDS
from etl.model.traced import Change, RawToText

SHOWN = 40
SUGGESTED = "only suggested, the text stays as it was: "
REFUSED = "refused, the text stays as it was: "

Account = Literal[
    "put in",
    "taken out",
    "replaced",
    "moved",
    "moved aside",
    "joined over",
    "joined from",
    "joined",
    "may move",
    "may be no text",
    "may go on",
    "may go on elsewhere",
]
"""What a change did, or would do, as far as a sentence tells it."""

ENGLISH: Mapping[Account, str] = {
    "put in": "{after} was put in",
    "taken out": "{before} was taken out",
    "replaced": "{before} became {after}",
    "moved": "the piece that begins {before} was moved to after character {to}",
    "moved aside": "{before} was moved out of the sentence, to after character {to}",
    "joined over": "the sentence breaks off here and was joined over {before}",
    "joined from": "the second half of this sentence was found after character {found} and joined here",
    "joined": "the second half of this sentence was found elsewhere in the file and joined here",
    "may move": "the piece that begins {before} may belong after character {to}",
    "may be no text": "{before} may not belong to the text",
    "may go on": "the sentence may go on after {before}",
    "may go on elsewhere": "the second half of this sentence may stand elsewhere in the file",
}
"""``to`` and ``found`` count characters of the raw text; ``found`` is where the second half stood."""


def words(change: Change, where: RawToText | None = None) -> str:
    """Describe a change in one sentence: what was done, where, why, and how sure that is.

    ``where`` maps the raw text to the restored one, to tell where the second half of a cut sentence stood;
    without it the sentence says "elsewhere".

    >>> words(Change("normalize", "punctuation", 3, 4, ",", "，", 1.0))
    'character 4: “,” became “，” (a half-width mark in Chinese text)'
    """
    why = rules.words(change.rule)
    sure = "" if change.confidence >= 1 else f", {change.confidence:.0%} sure"
    sure = ", decided by a person" if change.decided else sure
    kept = "" if change.applied else REFUSED if change.decided else SUGGESTED
    return f"{kept}character {change.start + 1}: {describe(change, where)} ({why}{sure})"


def describe(
    change: Change,
    where: RawToText | None = None,
    templates: Mapping[Account, str] = ENGLISH,
    show: Callable[[str], str] | None = None,
) -> str:
    """Describe what a change did, in the language of ``templates``; ``show`` quotes a stretch of text."""
    show = show or shown
    found = change.start if where is None else where.following(change.start)
    template = templates[account_of(change, found)]
    return template.format(before=show(change.before), after=show(change.after), to=change.to, found=found)


def account_of(change: Change, found: int) -> Account:
    """Return which kind of sentence describes a change.

    ``found`` is the raw offset of what follows the seam now; the change's own start where that is unknown.
    """
    kind = REPAIR_KINDS.get(change.rule)
    if kind == "move":
        return "moved" if change.applied else "may move"
    if kind == "removal" and not change.applied:
        return "may be no text"
    if kind == "removal" and change.to is not None:
        return "moved aside"
    if kind == "join":
        return _join(change, found)
    return "put in" if not change.before else "replaced" if change.after else "taken out"


def _join(change: Change, found: int) -> Account:
    if change.before:
        return "joined over" if change.applied else "may go on"
    if not change.applied:
        return "may go on elsewhere"
    return "joined" if found == change.start else "joined from"


def shown(text: str) -> str:
    """Quote a stretch of text: line breaks and blanks by name, stretches over `SHOWN` cut in the middle."""
    if text.strip() == "":
        return {"\n": "a line break", " ": "a space", "\u3000": "a full-width space"}.get(text, _blank(text))
    short = text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}…{text[-SHOWN // 2 :]}"
    return "“" + short.replace("\n", "⏎") + "”"


def _blank(text: str) -> str:
    """Name the white space between two lines or words, such as a page break or two blank lines."""
    lines = text.count("\n") - 1
    if "\f" in text:
        return "a page break"
    if lines > 0:
        return "a blank line" if lines == 1 else f"{lines} blank lines"
    return f"blank space of {len(text)} characters"
