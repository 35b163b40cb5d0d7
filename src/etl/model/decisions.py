"""Record what people decided about repairs, and find the place of each decision in a raw text again.

`Places.about` makes a decision of a line of the ledger, `place` finds it again in whatever the raw text has
become since. A rule of repair that people may decide is one entry in `REPAIR_KINDS`.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from etl.model.traced import Change, RawToText, Traced

RepairKind = Literal["join", "move", "removal"]
REPAIR_KINDS: Mapping[str, RepairKind] = {
    "cut sentence": "join",
    "wrapped line": "join",
    "moved column": "move",
    "furniture": "removal",
    "moved note": "removal",
}
WORDS = 24
"""Visible characters on each side by which a place is found again."""

FEWEST = 8
"""Characters of one side alone that still tell a place."""

_UNSEEN = "\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place between two characters of a raw text, and what stands around it.

    Attributes:
        at: its offset in the raw text in which it was decided.
        before: visible characters before it, at most 24.
        after: visible characters behind it.
    """

    at: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one repair or suggestion.

    Attributes:
        rule: of the line of the ledger that was decided.
        deed: join two stretches, move a piece, or take a line out.
        accepted: it is right; false where the text stays as it was.
        made: whether the repair had been made; false for a suggestion.
        left: where the left half ends, or what the piece is moved behind; null for a line taken out.
        right: where the right half, the piece or the line begins.
        end: where the piece or the line ends; null for a join.
    """

    rule: str
    deed: RepairKind
    accepted: bool
    made: bool
    left: Anchor | None
    right: Anchor
    end: Anchor | None


def is_repair(change: Change) -> bool:
    """Check whether a change is a repair or suggestion that people may decide about."""
    return change.stage == "repair" and change.rule in REPAIR_KINDS


@dataclass(frozen=True, slots=True)
class Placed:
    """A decision with its places as offsets in the raw text at hand."""

    decision: Decision
    left: int | None
    right: int
    end: int | None


class Places:
    """A raw text and the offsets of the text restored from it, to make decisions of lines of the ledger."""

    def __init__(self, raw: str, whole: Traced) -> None:
        self._visible = Visible.of(raw)
        self.where = RawToText(whole.runs)

    def about(self, change: Change, *, accepted: bool) -> Decision:
        """Return the decision about a change whose rule is in `REPAIR_KINDS`; ``accepted`` is the verdict."""
        kind = REPAIR_KINDS[change.rule]
        left, right = change.to, change.start
        if kind == "join":
            left, right = change.start, self.following(change.start)
        return Decision(
            rule=change.rule,
            deed=kind,
            accepted=accepted,
            made=change.applied,
            left=None if left is None or kind == "removal" else self._visible.anchor(left),
            right=self._visible.anchor(right),
            end=None if kind == "join" else self._visible.anchor(change.end),
        )

    def following(self, left: int) -> int:
        """Return the raw offset at which the restored text goes on after ``left``, or ``left`` at its end."""
        return self.where.following(left)


def matches_decision(change: Change, one: Placed) -> bool:
    """Check whether a line of the ledger is the repair that a decision is about."""
    kind = REPAIR_KINDS.get(change.rule)
    if one.decision.deed == "removal":
        return kind == "removal" and change.start == one.right
    if kind == "join":  # an accepted suggestion of a move is carried out as a join, too
        return change.start == one.left and not (one.decision.deed == "move" and one.decision.made)
    return kind == "move" and (change.to, change.start) == (one.left, one.right)


def decision_id(decision: Decision) -> str:
    """Return sixteen hex digits that identify the places and the kind of a decision, whatever the verdict."""
    places = (decision.left, decision.right, decision.end)
    said = [f"{a.at}|{a.before}|{a.after}" if a else "" for a in places]
    return hashlib.sha256("\n".join([decision.deed, *said]).encode("utf-8", "replace")).hexdigest()[:16]


def place(raw: str, decisions: Sequence[Decision]) -> tuple[tuple[Placed, ...], tuple[Decision, ...]]:
    """Find the places of decisions in a raw text; return those found, with offsets, and those lost."""
    if not decisions:
        return (), ()
    visible = Visible.of(raw)
    found = [(decision, _place(visible, decision)) for decision in decisions]
    return tuple(at for _, at in found if at), tuple(decision for decision, at in found if not at)


def map_through(placed: Iterable[Placed], whole: Traced) -> tuple[Placed, ...]:
    """Map placed decisions to a text made of the raw one; leave out those of which it lacks a part."""
    return tuple(_map_each(placed, RawToText(whole.runs)))


def _map_each(placed: Iterable[Placed], where: RawToText) -> Iterator[Placed]:
    for one in placed:
        left = None if one.left is None else where.end(one.left)
        end = None if one.end is None else where.end(one.end)
        right = where.at(one.right)
        if right is None or (left is None) != (one.left is None) or (end is None) != (one.end is None):
            continue
        yield Placed(one.decision, left, right, end)


@dataclass(frozen=True, slots=True)
class Visible:
    """The visible characters of a raw text, and the raw offset of each."""

    text: str
    offsets: Sequence[int]

    @classmethod
    def of(cls, raw: str) -> "Visible":
        """Return the visible characters of a raw text, without whitespace and zero-width characters."""
        offsets = [k for k, char in enumerate(raw) if not (char.isspace() or char in _UNSEEN)]
        return cls("".join(raw[k] for k in offsets), offsets)

    def anchor(self, at: int) -> Anchor:
        """Return the anchor at a raw offset, with up to `WORDS` visible characters on each side."""
        here = bisect_left(self.offsets, at)
        return Anchor(at, self.text[max(0, here - WORDS) : here], self.text[here : here + WORDS])

    def end(self, anchor: Anchor) -> int | None:
        """Return the raw offset after the last character before an anchor; None where it is not found."""
        here = self._find(anchor, anchor.before, len(anchor.before))
        return None if here is None else self.offsets[here - 1] + 1 if here else 0

    def start(self, anchor: Anchor) -> int | None:
        """Return the raw offset of the first character after an anchor; None where it is not found."""
        here = self._find(anchor, anchor.after, 0)
        return None if here is None or here >= len(self.offsets) else self.offsets[here]

    def _find(self, anchor: Anchor, words: str, shift: int) -> int | None:
        """Find an anchor by both sides, or else by ``words`` alone; of several places return the nearest."""
        was = bisect_left(self.offsets, anchor.at)
        both = self.occurrences(anchor.before + anchor.after, len(anchor.before))
        if not both and len(words) >= FEWEST:
            both = self.occurrences(words, shift)
        return min(both, key=lambda here: abs(here - was), default=None)

    def sees(self, at: int) -> bool:
        """Check whether the character at a raw offset is visible."""
        k = bisect_left(self.offsets, at)
        return k < len(self.offsets) and self.offsets[k] == at

    def occurrences(self, words: str, shift: int) -> list[int]:
        """Return the index of each occurrence of the words, plus ``shift``, counted in visible characters."""
        out, at = [], self.text.find(words)
        while at >= 0:
            out.append(at + shift)
            at = self.text.find(words, at + 1)
        return out


def _place(visible: Visible, decision: Decision) -> Placed | None:
    left = None if decision.left is None else visible.end(decision.left)
    end = None if decision.end is None else visible.end(decision.end)
    right = visible.start(decision.right)
    if right is None or (left is None) != (decision.left is None) or (end is None) != (decision.end is None):
        return None
    return Placed(decision, left, right, end)
