"""Differences between what two revisions made of one text, each with its stage and its rule or field.

`differences` compares two values of `corpus_tell.tell`. Entities, facts and edits are paired by their place
in the raw text, so that one line that moved does not make all the others differ. A field that only one
revision has is compared with an empty one and named with a ``+`` (new) or ``-`` (gone) before it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

Told = dict[str, Any]
MARKS = re.compile(r"[\W_]+")
AROUND = 24  # characters shown on either side of an entity
# What the words and the order of a text came to, the gravest first; the rest follow as they come.
GRAVE = ("refused", "lines gone", "words changed", "lines new", "moved", "joined", "split", "kind")
WHERE = ("start", "end", "raw", "text", "key")
# Compared by themselves, or following from what is compared.
COVERED = ("paragraphs", "entities", "facts", "edits", "text", "other_text", "entity_keys", "refused")

# The stage whose fingerprint answers for a kind of difference; the last one that may for kinds not named.
ANSWERING = {
    **dict.fromkeys(("normalize", "structure"), "normalize"),
    **{stage: stage for stage in ("read", "repair", "convert", "facts")},
    "text": "convert",
}
LAST = "extract"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two revisions differ.

    Attributes:
        stage: the stage or kind of result, such as ``text``, ``repair`` or ``entities``.
        what: the rule, field or kind of change within it.
        change: lost, gained or changed.
        before: what the base made of it, for people.
        after: what the other revision makes of it.
        weight: how much differs, to rank differences of one kind.
    """

    stage: str
    what: str
    change: str
    before: str
    after: str
    weight: float = 1.0

    @property
    def gravity(self) -> int:
        """How early it is shown: 0 for a text that is refused."""
        return GRAVE.index(self.what) if self.what in GRAVE else len(GRAVE)


def differences(base: Told, now: Told) -> Iterator[Difference]:
    """All differences of one text."""
    if "refused" in base or "refused" in now:
        before, after = base.get("refused", "a report"), now.get("refused", "a report")
        if before != after:
            yield Difference("read", "refused", "changed", before, after, 100)
        return
    old, new = base["report"], now["report"]
    yield from _lines(old.get("paragraphs", []), new.get("paragraphs", []))
    yield from _paragraph_fields(old, new)
    yield from _paired("edits", old, new, _edit_key)
    yield from _paired("entities", old, new, lambda one: (one.get("type"), str(one.get("raw"))))
    yield from _paired("facts", old, new, lambda one: (one.get("type"), str(one.get("raw"))))
    yield from _whole(old, new)


def unversioned(base: Told, now: Told) -> set[str]:
    """Stages whose results differ though both revisions made them with one fingerprint."""
    was, is_now = base.get("made_with", {}), now.get("made_with", {})
    stages = {ANSWERING.get(one.stage, LAST) for one in differences(base, now)}
    return {stage for stage in stages if stage in was and was[stage] == is_now.get(stage)}


# ------------------------------------------------------------------------------------- text


def letters(lines: Sequence[str]) -> str:
    """Letters, ideographs and digits alone."""
    return MARKS.sub("", "".join(lines))


def _lines(old: Sequence[Told], new: Sequence[Told]) -> Iterator[Difference]:
    before, after = [one["text"] for one in old], [one["text"] for one in new]
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = [
        (before[max(a - 1, 0) : a], before[a:b], after[c:d]) for tag, a, b, c, d in opcodes if tag != "equal"
    ]
    gone = {letters([line]) for _, was, _ in changed for line in was}
    come = {letters([line]) for _, _, is_now in changed for line in is_now}
    for above, was, is_now in changed:
        what = _kind(was, is_now, gone & come)
        size = abs(len(letters(was)) - len(letters(is_now))) or min(len(letters(was)), 1) + abs(
            len(was) - len(is_now)
        )
        side = "lost" if not is_now else "gained" if not was else "changed"
        before_it, after_it = ("\n".join([*_ends(above), *lines]) for lines in (was, is_now))
        yield Difference("text", what, side, before_it, after_it, size)


def _ends(above: Sequence[str]) -> list[str]:
    return [f"…{line[-AROUND:]}" for line in above]


def _kind(was: Sequence[str], is_now: Sequence[str], moved: set[str]) -> str:
    old, new = letters(was), letters(is_now)
    if old == new:
        return "marks" if len(was) == len(is_now) else "joined" if len(was) > len(is_now) else "split"
    if (old or new) and all(letters([line]) in moved for line in (*was, *is_now)):
        return "moved"
    if len(new) < len(old):
        return "lines gone"
    return "words changed" if len(new) == len(old) else "lines new"


def _paragraph_fields(old: Told, new: Told) -> Iterator[Difference]:
    pairs = _numbered(old.get("paragraphs", []), lambda one: one["text"])
    now = _numbered(new.get("paragraphs", []), lambda one: one["text"])
    for key, was in pairs.items():
        if key in now:
            yield from _fields("structure", "", was, now[key], was["text"])


# ------------------------------------------------------- entities, facts, edits by their place


def _edit_key(one: Told) -> tuple[Any, ...]:
    return one.get("stage"), one.get("rule"), one.get("start"), one.get("end"), one.get("to")


def _numbered(values: Sequence[Told], key: Callable[[Told], Any]) -> dict[Any, Told]:
    """Values by key; equal keys are told apart by their order."""
    often: Counter[Any] = Counter()
    out = {}
    for value in values:
        often[key(value)] += 1
        out[key(value), often[key(value)]] = value
    return out


def _paired(kind: str, old: Told, new: Told, key: Callable[[Told], Any]) -> Iterator[Difference]:
    was, is_now = _numbered(old.get(kind) or [], key), _numbered(new.get(kind) or [], key)
    for one in was.keys() & is_now.keys():
        stage, label = _label(kind, was[one])
        yield from _fields(stage, label, was[one], is_now[one], _shown(kind, was[one], old))
    gone = [was[one] for one in was if one not in is_now]
    come = [is_now[one] for one in is_now if one not in was]
    for before, after in _overlapping(kind, gone, come):
        stage, label = _label(kind, before or after or {})
        change = "changed" if before and after else "lost" if before else "gained"
        if before and after:
            same = before.get("type") == after.get("type")
            label += " bounds" if same else f" → {after.get('type')}"
        shown = _shown(kind, before, old), _shown(kind, after, new)
        yield Difference(stage, label, change, *shown)


def _label(kind: str, one: Told) -> tuple[str, str]:
    if kind == "edits":
        suggested = " (suggested)" if one.get("applied") is False else ""
        return str(one.get("stage")), f"{one.get('rule')}{suggested}"
    return kind, str(one.get("type"))


def _overlapping(
    kind: str, gone: Sequence[Told], come: Sequence[Told]
) -> Iterator[tuple[Told | None, Told | None]]:
    """What stood at a place with what stands there now; edits are not paired, for their rules differ."""
    left = list(come)
    for one in gone:
        mate = next((other for other in left if kind != "edits" and _touch(one, other)), None)
        if mate is not None:
            left.remove(mate)
        yield one, mate
    yield from ((None, one) for one in left)


def _touch(one: Told, other: Told) -> bool:
    return any(a < d and c < b for a, b in one.get("raw", ()) for c, d in other.get("raw", ()))


def _shown(kind: str, one: Told | None, report: Told) -> str:
    """A value for people: an edit as before and after, anything else among the words around it."""
    if one is None:
        return ""
    if kind == "edits":
        return f"{one.get('before')!s:.60} ⇒ {one.get('after')!s:.60}  ({one.get('confidence')})"
    text = report.get("text", "")
    spans = [(one["start"], one["end"])] if "start" in one else one.get("spans") or [(0, 0)]
    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    around = f"{text[max(start - AROUND, 0) : start]}⟦{text[start:end]}⟧{text[end : end + AROUND]}"
    values = {name: value for name, value in one.items() if name not in (*WHERE, "spans", "type") and value}
    return around.replace("\n", "⏎") + "".join(f"\n{name}: {value}" for name, value in values.items())


# ------------------------------------------------------------------------------------ fields


def _fields(stage: str, label: str, old: Told, new: Told, shown: str) -> Iterator[Difference]:
    for name, was, is_now in _unlike(old, new):
        what = f"{label}.{name}".strip(".")
        yield Difference(stage, what, "changed", f"{shown}\n{name} = {was}", f"{shown}\n{name} = {is_now}")


def _unlike(old: Told, new: Told, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    for name in sorted({*old, *new} - set(WHERE if not path else ()) - {"spans"}):
        was, is_now = old.get(name), new.get(name)
        if isinstance(was, dict) and isinstance(is_now, dict):
            yield from _unlike(was, is_now, f"{path}{name}.")
        elif was != is_now and (was or is_now):
            sign = "" if name in old and name in new else "+" if name in new else "-"
            yield f"{sign}{path}{name}", was, is_now


def _whole(old: Told, new: Told) -> Iterator[Difference]:
    """Fields of the report itself; of lists that do not matter in their order, what was lost and gained."""
    rest, others = ({name: one[name] for name in one if name not in COVERED} for one in (old, new))
    for name, was, is_now in _unlike(rest, others):
        before, after = _only(was, is_now)
        yield Difference("report", name, "changed", f"{name} = {before}", f"{name} = {after}")
    if old.get("text") == new.get("text") and old.get("other_text") != new.get("other_text"):
        yield from _other_lines(old, new)


def _only(was: Any, is_now: Any) -> tuple[Any, Any]:  # noqa: ANN401 - values of any field
    if isinstance(was, list) and isinstance(is_now, list):
        return [one for one in was if one not in is_now], [one for one in is_now if one not in was]
    return was, is_now


def _other_lines(old: Told, new: Told) -> Iterator[Difference]:
    sides = (str(one.get("other_text", "")).split("\n") for one in (old, new))
    for was, is_now in zip_longest(*sides, fillvalue=""):
        if was != is_now:
            yield Difference("convert", "other_text", "changed", was, is_now)


# ------------------------------------------------------------------------------------- ranks


Kind = list[tuple[str, Difference]]


def strangest(found: Sequence[tuple[str, Difference]], most: int) -> list[tuple[str, Difference]]:
    """The differences to look at first: of every stage the gravest and rarest kinds, one of each in turn.

    The text has two turns. Within a kind the largest comes first, and a text that was not shown yet before
    one that was.
    """
    kinds: defaultdict[tuple[str, ...], Kind] = defaultdict(list)
    for name, one in sorted(found, key=lambda pair: -pair[1].weight):
        kinds[one.stage, one.what, one.change].append((name, one))
    order = _in_turn(sorted(kinds.values(), key=lambda kind: (kind[0][1].gravity, len(kind))))
    shown: list[tuple[str, Difference]] = []
    while order and len(shown) < most:
        for kind in order[: most - len(shown)]:
            seen = {name for name, _ in shown}
            fresh = next((n for n, (name, _) in enumerate(kind) if name not in seen), 0)
            shown.append(kind.pop(fresh))
        order = [kind for kind in order if kind]
    return shown


def _in_turn(kinds: Sequence[Kind]) -> list[Kind]:
    turns: Counter[str] = Counter()
    numbered = []
    for kind in kinds:
        stage = kind[0][1].stage
        numbered.append((turns[stage] // (2 if stage == "text" else 1), kind))
        turns[stage] += 1
    return [kind for _, kind in sorted(numbered, key=lambda pair: pair[0])]
