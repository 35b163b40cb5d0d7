"""What a kind of fact looks like, as ``config/facts/*.toml`` declares it, made ready for the matcher.

A new kind of fact is a new file there and needs no code; a new kind of field is a name in `KINDS`
and a function in `etl.extract.facts`.

A pattern has ``type``, ``verbs``, ``slots``, ``forms`` and ``fields``. A form is a sentence with
``{slots}``, choices ``(a|b)`` and options ``[a]``; ``{verb}`` is any of the verbs. A slot says which
words it may hold; a field says from which slot its value is made, and how.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

Kind = Literal[
    "text", "party", "person", "organization", "place", "money", "quantity", "goods", "role", "time"
]
KINDS = frozenset(get_args(Kind))
LONGEST_SLOT = 60

_TOKEN = re.compile(r"\{(?P<slot>[a-z_]+)\}|(?P<sign>[()|\[\]])|(?P<text>[^{}()|\[\]]+)")


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
        verbs: words without which no form can match.
        forms: sentences, compiled; the first that matches a clause counts.
        deal: slots whose listed parts belong to each other in order where the clause has a ``dealer``.
        requires: groups of fields of which each fact has at least one.
        members: words after a body's name that say who of it acts, and so belong to the party.
        excluded: words whose presence in a clause means that nothing has happened.
    """

    type: str
    verbs: tuple[str, ...]
    forms: tuple[re.Pattern[str], ...]
    fields: tuple[FieldRule, ...]
    deal: tuple[str, ...]
    dealers: tuple[str, ...]
    requires: tuple[frozenset[str], ...]
    members: tuple[str, ...]
    excluded: tuple[str, ...]


def read_pattern(data: Mapping[str, Any]) -> Pattern:
    """A pattern from its parsed TOML.

    Raises:
        ValueError: a form names a slot that is not declared, or a field has an unknown kind.
    """
    slots = dict(data["slots"])
    verbs = tuple(sorted(data["verbs"], key=len, reverse=True))
    return Pattern(
        type=str(data["type"]),
        verbs=verbs,
        forms=tuple(_compile(form, slots, verbs) for form in data["forms"]),
        fields=tuple(_field(name, rule, slots) for name, rule in data["fields"].items()),
        deal=tuple(data.get("deal", ())),
        dealers=tuple(data.get("dealers", ())),
        requires=tuple(frozenset(group) for group in data.get("requires", ())),
        members=tuple(data.get("members", ())),
        excluded=tuple(data.get("excluded", ())),
    )


def _field(name: str, rule: Mapping[str, Any], slots: Mapping[str, Any]) -> FieldRule:
    if rule["kind"] not in KINDS:
        raise ValueError(f"field {name} has the kind {rule['kind']!r}; known are {', '.join(sorted(KINDS))}")
    if rule["slot"] not in slots:
        raise ValueError(
            f"field {name} reads the slot {rule['slot']!r}; declared are {', '.join(sorted(slots))}"
        )
    return FieldRule(name, rule["slot"], cast("Kind", rule["kind"]), bool(rule.get("required", False)))


def _compile(form: str, slots: Mapping[str, Any], verbs: tuple[str, ...]) -> re.Pattern[str]:
    """A form as an expression; slots are bounded, so that a match costs no more than a clause is long."""
    out = []
    for token in _TOKEN.finditer(form):
        if token["slot"] == "verb":
            out.append("(?:" + "|".join(re.escape(verb) for verb in verbs) + ")")
        elif token["slot"]:
            out.append(_slot(token["slot"], slots, form))
        elif token["sign"]:
            out.append({"(": "(?:", "[": "(?:", "]": ")?"}.get(token["sign"], token["sign"]))
        else:
            out.append(re.escape(token["text"]))
    return re.compile("".join(out))


def _slot(name: str, slots: Mapping[str, Any], form: str) -> str:
    if name not in slots:
        raise ValueError(f"form {form!r} uses the slot {name!r}; declared are {', '.join(sorted(slots))}")
    slot = slots[name]
    without = re.escape("".join(slot.get("without", "")))
    longest = int(slot.get("longest", LONGEST_SLOT))
    greed = "" if slot.get("greedy") else "?"
    return f"(?P<{name}>[^，。；！？\n{without}]{{1,{longest}}}{greed})"
