"""Try a fact pattern on a text: clause by clause, what slots and fields hold, or why they stayed empty.

The matching is that of `etl.extraction.facts`; here is only what it does not say. Why a kind of field stays
empty is one entry in `EMPTY`.

`nearest` finds the form that comes nearest to a clause.

The package imports extraction, engines and the pipeline; only the command line imports it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etl import pipeline
from etl.engines import Engines
from etl.extraction.context import Context
from etl.extraction.facts import (
    CLAUSE,
    MAX_CLAUSE_LENGTH,
    Slot,
    distribute,
    field_value,
    make_fact,
    mask_entities,
    read_slots,
    without_remarks,
)
from etl.extraction.resources.fact_patterns import FieldRule, Kind, Pattern
from etl.model.errors import SetupError
from etl.model.mentions import Entity, Fact
from etl.model.report import RawReport, Rejected
from etl.settings import Settings
from etl.trial.nearest import LEFT_OUT, Clause, Form, compile_forms, match_prefix

__all__ = ["ClauseTrial", "Outcome", "try_pattern"]

EMPTY: Mapping[Kind, str] = {
    "text": "there are blanks alone",
    "role": "there are blanks alone",
    "party": "there are blanks alone",
    "person": "it must hold one person; recognized: {found}",
    "organization": "it must hold one organization; recognized: {found}",
    "place": "it must hold one place; recognized: {found}",
    "key": "it must hold one organization, person or place; recognized: {found}",
    "time": "it must hold one time; recognized: {found}",
    "money": "no sum is recognized in it",
    "quantity": "nothing that is counted is recognized in it",
    "goods": "it is neither worth a sum (价值…的) nor counted",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one set of slots makes: the fact, or what it lacks; and why fields are empty."""

    fact: Fact | None
    lacks: str | None
    empty: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClauseTrial:
    """One clause, and what the pattern made of it.

    Attributes:
        entities: what was recognized in it.
        form: the form that matched, else the one that came nearest; None where none was tried.
        why: what keeps the pattern from matching; None where it matches.
        slots: what the slots of the form hold.
        empty: why the other slots hold nothing.
        outcomes: one for each part of lists that belong together, else one; none where no form matched.
    """

    clause: str
    entities: tuple[Entity, ...]
    form: str | None = None
    why: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    empty: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trial:
    pattern: Pattern
    forms: tuple[Form, ...]
    context: Context


def try_pattern(
    text: str, pattern: Pattern, data: Mapping[str, Any], tools: tuple[Engines, Settings]
) -> tuple[ClauseTrial, ...]:
    """Restore a text as a report, and try a pattern, declared by ``data``, on each of its clauses.

    Raises:
        SetupError: the text cannot become a report.
    """
    engines, settings = tools
    raw = RawReport("memory:text.txt", "text/plain", text.encode("utf-8", "replace"))
    report = pipeline.process(raw, engines, settings)
    if isinstance(report, Rejected):
        raise SetupError(f"the text cannot be tried: {report.message}")
    folded = engines.lexicon.folding.fold(report.text)
    context = Context(report.text, folded, (), engines.lexicon, None)
    trial = _Trial(pattern, compile_forms(data, pattern), context)
    return tuple(_clauses(trial, report.entities))


def _clauses(trial: _Trial, entities: Sequence[Entity]) -> Iterator[ClauseTrial]:
    for found in CLAUSE.finditer(trial.context.folded):
        start, end = found.span()
        inside = tuple(e for e in entities if start <= e.start and e.end <= end)
        words = mask_entities(found[0], start, inside)
        clause = Clause(trial.context.text[start:end], words, inside)
        why = _refusal(trial.pattern, found[0], words)
        yield ClauseTrial(clause.text, inside, why=why) if why else _try_clause(trial, start, clause)


def _refusal(pattern: Pattern, folded: str, words: str) -> str | None:
    """Return why a clause is not compared with any form; None where it is."""
    if len(folded) > MAX_CLAUSE_LENGTH:
        return f"it is longer than {MAX_CLAUSE_LENGTH} characters"
    if not pattern.verb.search(folded):
        return f"none of the verbs stands in it: {'、'.join(pattern.verbs)}"
    if not (verb := pattern.verb.search(words)):
        return "a verb stands in it only as a part of a name or amount"
    excluded = [word for word in pattern.excluded if word in words]
    if excluded:
        return f"“{excluded[0]}” stands in it beside “{verb[0]}”, and is excluded"
    return None


def _try_clause(trial: _Trial, offset: int, clause: Clause) -> ClauseTrial:
    bare = without_remarks(clause.masked)
    for number, form in enumerate(trial.forms):
        match = form.whole.fullmatch(bare.text)
        if match:
            slots = read_slots(trial.context, offset, match, clause.entities, bare)
            sets = distribute(trial.context, slots, trial.pattern, clause.masked)
            return ClauseTrial(
                clause=clause.text,
                entities=tuple(clause.entities),
                form=f"form {number + 1}: {form.written}",
                slots={name: slot.text for name, slot in slots.items()},
                empty=dict(_unfilled(trial, number, slots, clause)),
                outcomes=tuple(_outcome(one, trial.pattern) for one in sets),
            )
    return _try_nearest(trial, clause)


def _try_nearest(trial: _Trial, clause: Clause) -> ClauseTrial:
    """Report the form that gets farthest; of equals the one with fewest slots."""
    matches = [match_prefix(form, clause) for form in trial.forms]
    best = max(matches, key=lambda one: (one.needed, -len(one.form.names)))
    return ClauseTrial(
        clause=clause.text,
        entities=tuple(clause.entities),
        form=f"form {trial.forms.index(best.form) + 1}: {best.form.written}",
        why=best.sentence,
        slots=best.held,
        empty=best.empty,
    )


def _unfilled(
    trial: _Trial, number: int, slots: Mapping[str, Slot], clause: Clause
) -> Iterator[tuple[str, str]]:
    """Yield each declared slot that holds nothing: the form lacks it, or leaves out the part that has it."""
    form = trial.forms[number]
    for name in form.slots:
        if name in slots:
            continue
        if name in form.names:
            yield name, LEFT_OUT
            continue
        having = [match_prefix(one, clause) for one in trial.forms[:number] if name in one.names]
        best = max(having, key=lambda one: one.needed, default=None)
        if best:
            at = trial.forms.index(best.form) + 1
            yield name, f"form {at} has it, and there {best.sentence}"


def _outcome(slots: Mapping[str, Slot], pattern: Pattern) -> Outcome:
    values = {rule.name: field_value(rule, slots, pattern) for rule in pattern.fields}
    empty = {rule.name: _explain_empty(rule, slots) for rule in pattern.fields if not values[rule.name]}
    fact = make_fact(slots, pattern)
    return Outcome(fact, None if fact else _describe_gap(pattern, values), empty)


def _explain_empty(rule: FieldRule, slots: Mapping[str, Slot]) -> str:
    slot = slots.get(rule.slot)
    if slot is None or not slot.text.strip():
        return f"{{{rule.slot}}} is empty"
    found = "、".join(e.text for e in slot.entities if e.type == rule.kind) or "none"
    return f"{{{rule.slot}}} is “{slot.text}”: {EMPTY[rule.kind].format(found=found)}"


def _describe_gap(pattern: Pattern, values: Mapping[str, Any]) -> str:
    """Say which field keeps the slots from being a fact."""
    missing = [rule.name for rule in pattern.fields if rule.required and not values[rule.name]]
    if missing:
        return f"{missing[0]}, which it needs"
    groups = [group for group in pattern.requires if all(values[name] is None for name in group)]
    return f"{' or '.join(sorted(groups[0]))}, of which it needs one" if groups else "nothing"
