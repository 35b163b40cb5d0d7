"""Compile what ``config/facts/*.toml`` declares of a kind of fact into expressions for the matcher.

A new kind of fact is a new file there and needs no code; a new kind of field is a name in `KINDS`
and a function in `etl.extraction.facts`. Files are read and checked in `fact_pattern_files`.

A pattern has ``type``, ``verbs``, ``slots``, ``forms`` and ``fields``. A form is a sentence with
``{slots}``, choices ``(a|b)`` and options ``[a]``; ``{verb}`` is any of the verbs. A slot says which
words it may hold; a field says from which slot its value is made, and how. ``sentences`` say a fact to a
person: the first of which all ``{fields}`` are filled counts.

``opening`` are sentences that only begin a list (任命：), ``following`` those that go on from one of these or
from a form that was read, and ``carried`` the slots that they leave out. ``each`` makes a fact of each member
of a slot's list.

What a slot may hold is all but the end of a clause, or its ``pattern``: an expression in which ``<person>``,
``<body>`` (organization or place) and ``<amount>`` (sum, quantity, time) stand for one character of such a
name and ``<any>`` for one of any of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from etl.text.alternation import alternation
from etl.text.expressions import compiled

Kind = Literal[
    "text", "party", "person", "organization", "place", "key", "money", "quantity", "goods", "role", "time"
]
KINDS = frozenset(get_args(Kind))
# Characters of a slot for which its pattern sets no limit (`longest`).
MAX_SLOT_LENGTH = 60
# What a name or amount is blacked out with before a form is matched, by the type of the entity.
MASKS = {
    "person": "\ue001",
    "organization": "\ue002",
    "place": "\ue002",
    "money": "\ue003",
    "quantity": "\ue003",
    "time": "\ue003",
    "document": "\ue004",
}
_NAMES = {"<person>": "\ue001", "<body>": "\ue002", "<amount>": "\ue003", "<any>": "[\ue001-\ue004]"}

_TOKEN = compiled(r"\{(?P<slot>[a-z_]+)\}|(?P<sign>[()|\[\]])|(?P<text>[^{}()|\[\]]+)")
_BRACKETS = compiled(r"[(\[][^()\[\]]*[)\]]")
_DEEPER = {"(": 1, "[": 1, ")": -1, "]": -1}


class PatternError(ValueError):
    """A pattern that cannot be compiled; ``key`` is the entry to mend."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field of a fact is filled: from which slot, as what, and whether the fact needs it."""

    name: str
    slot: str
    kind: Kind
    required: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of fact.

    Attributes:
        verbs: words without which no form can match, the longest first.
        verb: any of them.
        forms: sentences, compiled; the first that matches a clause counts.
        deal: slots whose listed parts belong to each other in order where the clause has a ``dealer``.
        each: slots with a list, each member of which makes a fact of its own.
        opening: sentences that only begin a list of facts (任命：).
        following: sentences that go on from such a one, or from one that was read.
        carried: slots that these take from it.
        requires: groups of fields of which each fact has at least one.
        members: words after a body's name that say who of it acts, and so belong to the party.
        groups: words for people together, without which a party that names nobody is none; none ask for them.
        excluded: words whose presence in a clause means that nothing has happened.
        sentences: how a fact is said to a person, with ``{fields}`` in them.
    """

    type: str
    verbs: tuple[str, ...]
    verb: re.Pattern[str]
    forms: tuple[re.Pattern[str], ...]
    fields: tuple[FieldRule, ...]
    deal: tuple[str, ...]
    dealers: tuple[str, ...]
    each: tuple[str, ...]
    opening: tuple[re.Pattern[str], ...]
    following: tuple[re.Pattern[str], ...]
    carried: tuple[str, ...]
    requires: tuple[frozenset[str], ...]
    members: tuple[str, ...]
    groups: tuple[str, ...]
    excluded: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a form that stands alone, as it is written and as an expression."""

    written: str
    expression: str


def compile_pattern(data: Mapping[str, Any]) -> Pattern:
    """Compile a pattern from its parsed TOML.

    Raises:
        PatternError: a form names a slot that is not declared, a field has an unknown kind, or some such.
    """
    slots = dict(data["slots"])
    verbs = tuple(sorted(data["verbs"], key=len, reverse=True))
    return Pattern(
        type=str(data["type"]),
        verbs=verbs,
        verb=compiled(alternation(verbs)),
        forms=tuple(_compile(form, slots, verbs) for form in data["forms"]),
        fields=tuple(_field(name, rule, slots) for name, rule in data["fields"].items()),
        deal=tuple(data.get("deal", ())),
        dealers=tuple(data.get("dealers", ())),
        each=tuple(data.get("each", ())),
        opening=tuple(_compile(form, slots, verbs) for form in data.get("opening", ())),
        following=tuple(_compile(form, slots, verbs) for form in data.get("following", ())),
        carried=tuple(data.get("carried", ())),
        requires=tuple(frozenset(group) for group in data.get("requires", ())),
        members=tuple(data.get("members", ())),
        groups=tuple(data.get("groups", ())),
        excluded=tuple(data.get("excluded", ())),
        sentences=tuple(data.get("sentences", ())),
    )


def _field(name: str, rule: Mapping[str, Any], slots: Mapping[str, Any]) -> FieldRule:
    if rule["kind"] not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise PatternError(f"fields.{name}", f"field {name} has the kind {rule['kind']!r}; known are {known}")
    if rule["slot"] not in slots:
        declared = ", ".join(sorted(slots))
        raise PatternError(
            f"fields.{name}", f"field {name} reads the slot {rule['slot']!r}; declared are {declared}"
        )
    return FieldRule(name, rule["slot"], cast("Kind", rule["kind"]), bool(rule.get("required", False)))


def _compile(form: str, slots: Mapping[str, Any], verbs: Sequence[str]) -> re.Pattern[str]:
    """Compile a form; slots are bounded, so that a match costs no more than a clause is long."""
    try:
        return compiled("".join(piece.expression for piece in pieces(form, slots, verbs)))
    except re.error as error:
        raise PatternError("forms", f"form {form!r} cannot be read: {error}") from error


def pieces(form: str, slots: Mapping[str, Any], verbs: Sequence[str]) -> Iterator[Piece]:
    """Cut a form into parts that stand alone: a word, a slot, a whole option or choice.

    Raises:
        PatternError: it names a slot that is not declared, or holds a sign that means nothing.
    """
    written, out, depth, position = "", "", 0, 0
    whole = "|" in _outside(form)  # such a choice is between all that stands left and right of it
    for token in _TOKEN.finditer(form):
        if token.start() != position:
            break
        written, out, position = written + token[0], out + _expression(token, slots, verbs, form), token.end()
        depth += _DEEPER.get(token[0], 0)
        if depth == 0 and not whole:
            yield Piece(written, out)
            written, out = "", ""
    if position != len(form):
        raise PatternError("forms", f"form {form!r} holds {form[position]!r}, which begins no slot")
    if out:
        yield Piece(written, out)


def _outside(form: str) -> str:
    """Return a form without what stands in brackets."""
    inner = _BRACKETS.sub("", form)
    return inner if inner == form else _outside(inner)


def _expression(token: re.Match[str], slots: Mapping[str, Any], verbs: Sequence[str], form: str) -> str:
    if token["slot"] == "verb":
        # Atomic: what begins with 捐赠 is no 捐 of a 赠.
        return "(?>" + "|".join(re.escape(verb) for verb in verbs) + ")"
    if token["slot"]:
        return _slot(token["slot"], slots, form)
    if token["sign"]:
        return {"(": "(?:", "[": "(?:", "]": ")?"}.get(token["sign"], token["sign"])
    return re.escape(token["text"])


def _slot(name: str, slots: Mapping[str, Any], form: str) -> str:
    if name not in slots:
        declared = ", ".join(sorted(slots))
        raise PatternError("forms", f"form {form!r} uses the slot {name!r}; declared are {declared}")
    slot = slots[name]
    if "pattern" in slot:
        pattern = str(slot["pattern"])
        for written, mask in _NAMES.items():
            pattern = pattern.replace(written, mask)
        return f"(?P<{name}>{pattern})"
    without = re.escape("".join(slot.get("without", "")))
    longest = int(slot.get("longest", MAX_SLOT_LENGTH))
    greed = "" if slot.get("greedy") else "?"
    return f"(?P<{name}>[^，。；！？\n{without}]{{1,{longest}}}{greed})"
