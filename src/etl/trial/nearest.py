"""Measure how far a form of a pattern gets in a clause that it does not match, and say what is missing.

What is said of a part that does not follow is one case in `_missing`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etl.extraction.resources.fact_patterns import Pattern, Piece, pieces
from etl.model.errors import shorten
from etl.model.mentions import Entity

# What stands for a name in the pattern of a slot, and which entities are meant.
NAMES: Mapping[str, tuple[str, ...]] = {
    "<person>": ("person",),
    "<body>": ("organization", "place"),
    "<amount>": ("money", "quantity", "time"),
}
SLOT = re.compile(r"\{([a-z_]+)\}")
SHOWN = 16
LEFT_OUT = "it stands in a part of the form that may be missing, and is"
NOT_REACHED = "the form breaks off before it"


@dataclass(frozen=True, slots=True)
class Form:
    """A form cut into what stands alone, as an expression, and what its slots were declared as."""

    pieces: tuple[Piece, ...]
    whole: re.Pattern[str]
    slots: Mapping[str, Any]

    @property
    def written(self) -> str:
        """The form as the file has it."""
        return "".join(piece.written for piece in self.pieces)

    @property
    def names(self) -> tuple[str, ...]:
        """Its slots in order, without the verb."""
        return tuple(dict.fromkeys(name for name in SLOT.findall(self.written) if name != "verb"))


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it stands, with its names and amounts blacked out, and the entities in it."""

    text: str
    masked: str
    entities: Sequence[Entity]


@dataclass(frozen=True, slots=True)
class PartialMatch:
    """How far a form got.

    Attributes:
        needed: parts that must be there, and are.
        held: what the slots before that place hold.
        slot: the slot that could not be filled there; None where it is another part.
        why: what is missing.
        behind: slots that come later in the form.
    """

    form: Form
    needed: int
    held: Mapping[str, str]
    slot: str | None
    why: str
    behind: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What is missing, as a sentence."""
        return f"{{{self.slot}}} stays empty: {self.why}" if self.slot else self.why

    @property
    def empty(self) -> dict[str, str]:
        """Why each slot of the form that holds nothing does not."""
        reasons = {name: LEFT_OUT for name in self.form.names if name not in self.held}
        reasons |= dict.fromkeys(self.behind, NOT_REACHED)
        return reasons | ({self.slot: self.why} if self.slot else {})


def compile_forms(data: Mapping[str, Any], pattern: Pattern) -> tuple[Form, ...]:
    """Return the forms of a pattern, with the declaration that it was made of."""
    slots = data.get("slots", {})
    verbs = tuple(sorted(data["verbs"], key=len, reverse=True))
    return tuple(
        Form(tuple(pieces(form, slots, verbs)), whole, slots)
        for form, whole in zip(data["forms"], pattern.forms, strict=True)
    )


def match_prefix(form: Form, clause: Clause) -> PartialMatch:
    """Return how far a form gets in a clause that it does not match."""
    count, match = _longest_prefix(form, clause.masked)
    needed = sum(not piece.written.startswith("[") for piece in form.pieces[:count])
    held = _held(form, count, match, clause) if match else {}
    if count == len(form.pieces):
        return PartialMatch(form, needed, held, None, _describe_rest(form, clause))
    later = [name for piece in form.pieces[count:] for name in SLOT.findall(piece.written)]
    behind = tuple(name for name in later if name != "verb" and name not in held)
    return PartialMatch(form, needed, held, *_missing(form, count, clause), behind)


def _longest_prefix(form: Form, words: str) -> tuple[int, re.Match[str] | None]:
    """Return the most parts, counted from the first, that a beginning of the clause matches."""
    for count in range(len(form.pieces), 0, -1):
        match = re.match("".join(piece.expression for piece in form.pieces[:count]), words)
        if match:
            return count, match
    return 0, None


def _held(form: Form, count: int, match: re.Match[str], clause: Clause) -> dict[str, str]:
    """Return what the slots of the first parts hold, without one whose end nothing determines."""
    last = SLOT.fullmatch(form.pieces[count - 1].written)
    open_ended = last and str(form.slots.get(last[1], {}).get("pattern", "?")).endswith("?")
    unsure = last[1] if last and open_ended and count < len(form.pieces) else None
    return {
        name: clause.text[slice(*match.span(name))]
        for name, value in match.groupdict().items()
        if value and name != unsure
    }


def _describe_rest(form: Form, clause: Clause) -> str:
    """Say with which words the clause goes on after the last part."""
    ends = range(len(clause.masked), 0, -1)
    end = next((end for end in ends if form.whole.fullmatch(clause.masked, 0, end)), 0)
    return f"the form ends where the clause goes on with “{shorten(clause.text[end:], SHOWN)}”"


def _missing(form: Form, at: int, clause: Clause) -> tuple[str | None, str]:
    """Return the slot that cannot be filled at this part, if it is one, and what the part requires."""
    piece = form.pieces[at]
    before = next((p.written for p in reversed(form.pieces[:at]) if not p.written.startswith("[")), None)
    where = f"behind {before}" if before else "at the beginning"
    slot = SLOT.fullmatch(piece.written)
    if slot is None:
        return None, f"{piece.written} does not stand {where}"
    if slot[1] == "verb":
        return None, f"none of the verbs stands {where}"
    pattern = str(form.slots[slot[1]].get("pattern", ""))
    kinds = [kind for sign, named in NAMES.items() if sign in pattern for kind in named]
    if kinds and not any(e.type in kinds for e in clause.entities):
        return slot[1], f"it holds a {' or '.join(kinds)}, and none is recognized in the clause"
    shown = f" its pattern {pattern}" if pattern else " a word"
    return slot[1], f"nothing{shown} allows stands {where}"
