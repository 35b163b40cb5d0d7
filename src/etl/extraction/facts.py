"""Match declared patterns of facts against clauses; no kind of fact is known here.

A new kind of fact is a file in ``config/facts``; a new kind of field is one function in `MAKERS`.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from etl.extraction.context import Context, Span
from etl.extraction.resources.fact_patterns import MASKS, FieldRule, Kind, Pattern
from etl.model.mentions import Entity, Fact, Money, Person, Quantity
from etl.text.dense import Dense
from etl.text.folding import simplify
from etl.text.numerals import UP_TO_TENS

# Where one statement ends. Commas end one too: the one who acts and the act stand in one clause; so do
# cells of a table, which say nothing of each other that a clause would.
CLAUSE = re.compile("[^，。；！？\n\t]+")
# Characters: what is longer without a sign is no clause of prose, and no form is looked for in it.
MAX_CLAUSE_LENGTH = 300
LIST = re.compile("以及|和|、|与|及")
QUOTED = re.compile("[“「]([^”」]{2,30})[”」]$")
LEAD = re.compile(
    "^(?:特别是|尤其是|其中|同时|此外|另外|目前|随后|近日|日前|截至目前|据悉|据了解|据统计|当天|此前|还有|并且|并|而|由|"
    "全年|其后|此后|之后|年内|期间|近年来|多年来|几年来|"
    "共计|累计|合计|总共|共(?=$)|均(?=$)|还(?=$)|又(?=$)|也(?=$)|已(?=$)|先后(?=$)|分别(?=$))+"
)
# What a paragraph of a list is numbered with, and 于 before a time that leads into a slot.
COUNT = f"(?:[{UP_TO_TENS}]{{1,3}} ?[{UP_TO_TENS}]{{0,2}}|\\d{{1,3}})"
NUMBER = re.compile(f"{COUNT}[、.．](?!\\d)|[（(]{COUNT}[）)]")
BEFORE_TIME = "于"
# Between two clauses of which the second goes on: 任命甲为局长；乙为副局长, each on a line of its own or not.
GOES_ON = re.compile(f"[，。；\n 　]{{0,8}}(?:{NUMBER.pattern})?[ 　]{{0,4}}")
WORTH = re.compile("^(?:了)?价值[^的]{1,20}的")
# Behind the head of a party: 等, words for those themselves, and what closes a quotation.
PARTY_ENDS = ("等", "等人", "们", "本人", "自己", "一行", "全家", "”", "」", "）", ")")
# Behind an organization: it is one of several that act.
AND_OTHERS = ("等", "、", "和", "与")
# Whose key stands for a party, the most telling first.
NAMED = ("organization", "person", "place")
# （试用期一年）, （女）: what is only remarked; in folded text.
REMARK = re.compile("[（(][^（）()\ue001-\ue004]{1,30}[）)]")
AND_SUCH = re.compile("等(?=[^等]{2,12}$)")


@dataclass(frozen=True, slots=True)
class Slot:
    """The text that a form found for one of its slots, and the entities within it."""

    text: str
    start: int
    end: int
    entities: tuple[Entity, ...]


def find_facts(context: Context, entities: Sequence[Entity]) -> tuple[Fact, ...]:
    """Return every fact of every declared pattern, in order of place."""
    found = [
        fact
        for pattern in context.lexicon.patterns
        for clause in _clauses(context, pattern)
        for fact in _facts(context, clause, pattern, entities)
    ]
    return tuple(sorted(found, key=lambda fact: fact.spans))


def _clauses(context: Context, pattern: Pattern) -> Iterator[Span]:
    """Yield the clauses that contain one of the pattern's verbs."""
    if not pattern.verb.search(context.folded):
        return
    for clause in CLAUSE.finditer(context.folded):
        start, end = clause.span()
        if end - start <= MAX_CLAUSE_LENGTH and pattern.verb.search(context.folded, start, end):
            yield (start, end)


def _facts(context: Context, clause: Span, pattern: Pattern, entities: Sequence[Entity]) -> Iterator[Fact]:
    """Yield the facts of a clause, and those of the clauses behind it that go on from it."""
    inside = _inside(entities, clause)
    words = _masked(context, clause, inside)
    if not pattern.verb.search(words) or any(word in words for word in pattern.excluded):
        return
    slots = _match(context, clause[0], words, pattern.forms, inside)
    if slots is not None:
        yield from _made(context, slots, pattern, words)
    elif pattern.opening:
        slots = _match(context, clause[0], words, pattern.opening, inside)
    if slots is not None and pattern.following:
        carried = {name: slots[name] for name in pattern.carried if name in slots}
        yield from _following(context, clause[1], pattern, entities, carried)


def _following(
    context: Context, at: int, pattern: Pattern, entities: Sequence[Entity], carried: Mapping[str, Slot]
) -> Iterator[Fact]:
    """Yield the facts of the clauses behind a place that leave out what was said before them."""
    while clause := CLAUSE.match(context.folded, _next(context, at)):
        start, at = clause.span()
        inside = _inside(entities, clause.span())
        words = _masked(context, clause.span(), inside)
        if len(words) > MAX_CLAUSE_LENGTH or any(word in words for word in pattern.excluded):
            return
        if pattern.verb.search(words) and _match(context, start, words, pattern.forms, inside):
            return  # it says all by itself
        slots = _match(context, start, words, pattern.following, inside)
        if slots is None:
            return
        yield from _made(context, {**carried, **slots}, pattern, words)


def _next(context: Context, at: int) -> int:
    """Return where the clause behind a place begins, without the number of its paragraph."""
    gap = GOES_ON.match(context.folded, at)
    return gap.end() if gap else at


def _inside(entities: Sequence[Entity], clause: Span) -> list[Entity]:
    first, behind = (bisect_left(entities, at, key=lambda e: e.start) for at in clause)
    return [e for e in entities[first:behind] if e.end <= clause[1]]


def _masked(context: Context, clause: Span, entities: Sequence[Entity]) -> str:
    return mask_entities(context.folded[slice(*clause)], clause[0], entities)


def _made(context: Context, slots: Mapping[str, Slot], pattern: Pattern, words: str) -> Iterator[Fact]:
    for one in distribute(context, slots, pattern, words):
        fact = make_fact(one, pattern)
        if fact:
            yield fact


def _match(
    context: Context,
    start: int,
    words: str,
    forms: Sequence[re.Pattern[str]],
    entities: Sequence[Entity],
) -> dict[str, Slot] | None:
    """Return the slots of the first form that masked words without remarks are; None where there is none."""
    bare = without_remarks(words)
    match = next((m for m in (form.fullmatch(bare.text) for form in forms) if m), None)
    return read_slots(context, start, match, entities, bare) if match else None


def without_remarks(words: str) -> Dense:
    """Return a clause without the remarks in brackets that break no sentence."""
    taken = {i for remark in REMARK.finditer(words) for i in range(*remark.span())}
    places = tuple(i for i in range(len(words)) if i not in taken)
    return Dense("".join(words[i] for i in places), places) if taken else Dense(words)


def read_slots(
    context: Context, offset: int, match: re.Match[str], entities: Sequence[Entity], bare: Dense | None = None
) -> dict[str, Slot]:
    """Return what a form that matched a clause found for its slots; empty slots are left out."""
    spans = {name: match.span(name) for name, found in match.groupdict().items() if found}
    if bare:
        spans = {name: bare.span(*span) for name, span in spans.items()}
    return {name: _slot(context, (offset + a, offset + b), entities) for name, (a, b) in spans.items()}


def mask_entities(words: str, offset: int, entities: Sequence[Entity]) -> str:
    """Replace names and amounts of a clause by masks, so that no form reads the 向 in 孙向阳.

    A name of one character stays, since it is more often a verb that was taken for a surname (任).
    """
    characters = list(words)
    for e in entities:
        if e.end - e.start > 1:
            characters[e.start - offset : e.end - offset] = MASKS[e.type] * (e.end - e.start)
    return "".join(characters)


def _slot(context: Context, span: Span, entities: Sequence[Entity]) -> Slot:
    """Cut a slot free of the words that only lead into it."""
    start, end = span
    start = _behind_leads(context.folded, start, end, entities)
    inside = tuple(e for e in entities if start <= e.start and e.end <= end)
    return Slot(context.text[start:end], start, end, inside)


def _behind_leads(folded: str, start: int, end: int, entities: Sequence[Entity]) -> int:
    """Return where a slot begins: behind the number of its paragraph, words that lead into it and times."""
    if start == 0 or folded[start - 1] == "\n":
        number = NUMBER.match(folded, start, end)
        start = number.end() if number else start
    while True:
        lead = LEAD.match(folded[start:end])
        begin = start + (lead.end() if lead else 0)
        led = begin + len(BEFORE_TIME) if folded.startswith(BEFORE_TIME, begin) else begin
        begin = next((e.end for e in entities if e.type == "time" and e.start == led and e.end < end), begin)
        if begin == start:
            return start
        start = begin


def distribute(
    context: Context, slots: Mapping[str, Slot], pattern: Pattern, words: str
) -> Iterator[Mapping[str, Slot]]:
    """Yield one set of slots for each member of lists that 分别 pairs in order, and of those of ``each``."""
    for dealt in _deal(context, slots, pattern, words):
        several = [name for name in pattern.each if name in dealt]
        if not several:
            yield dealt
        for name in several:
            yield from ({**dealt, name: part} for part in _split(context, dealt[name]))


def _deal(
    context: Context, slots: Mapping[str, Slot], pattern: Pattern, words: str
) -> Iterator[Mapping[str, Slot]]:
    lists = [name for name in pattern.deal if name in slots]
    if len(lists) < 2 or not _is_dealt(slots[lists[0]], pattern, words):  # noqa: PLR2004
        yield slots
        return
    parts = {name: _split(context, slots[name]) for name in lists}
    count = max(map(len, parts.values()))
    if count == 1 or any(len(part) not in {1, count} for part in parts.values()):
        yield slots
        return
    for i in range(count):
        yield {**slots, **{name: part[i if len(part) > 1 else 0] for name, part in parts.items()}}


def _is_dealt(first: Slot, pattern: Pattern, words: str) -> bool:
    """Check for 分别 or 各 outside of the first list: 社会各界 deals nothing."""
    own = simplify(first.text)
    return any(words.count(word) > own.count(word) for word in pattern.dealers)


def _split(context: Context, slot: Slot) -> list[Slot]:
    """Split a list into its members; a sign within an entity splits nothing."""
    parts, position = [], slot.start
    for sign in LIST.finditer(context.folded, slot.start, slot.end):
        if any(e.start <= sign.start() < e.end for e in slot.entities):
            continue
        parts.append(_slot(context, (position, sign.start()), slot.entities))
        position = sign.end()
    parts.append(_slot(context, (position, slot.end), slot.entities))
    return parts


def field_value(rule: FieldRule, slots: Mapping[str, Slot], pattern: Pattern) -> Any:  # noqa: ANN401 - of any kind
    """Return the value of a field; None where its slot is empty or holds nothing of its kind."""
    slot = slots.get(rule.slot)
    return MAKERS[rule.kind](slot, pattern) if slot and slot.text.strip() else None


def make_fact(slots: Mapping[str, Slot], pattern: Pattern) -> Fact | None:
    """Build a fact from its slots; None where a required field is empty."""
    fields: dict[str, Any] = {}
    spans: list[Span] = []
    for rule in pattern.fields:
        slot = slots.get(rule.slot)
        fields[rule.name] = field_value(rule, slots, pattern)
        if rule.required and not fields[rule.name]:
            return None
        if slot and slot.end > slot.start:
            spans.append((slot.start, slot.end))
    if not all(any(fields[name] is not None for name in group) for group in pattern.requires):
        return None
    return Fact(pattern.type, fields, tuple(sorted(set(spans))))


def _text(slot: Slot, pattern: Pattern) -> str | None:
    del pattern
    return slot.text.strip(" ：:") or None


def _single_name(kind: str) -> Callable[[Slot, Pattern], str | None]:
    def name(slot: Slot, pattern: Pattern) -> str | None:
        del pattern
        found = [e.text for e in slot.entities if e.type == kind]
        return found[0] if len(found) == 1 else None

    return name


def _party(slot: Slot, pattern: Pattern) -> str | None:
    """Return who acts: the quoted name of a firm, the one organization named, or the whole slot."""
    if quoted := QUOTED.search(slot.text):
        return quoted[1]
    people = [e for e in slot.entities if isinstance(e, Person)]
    if (
        len(people) == 1
        and people[0].of
        and people[0].roles
        and not set(people[0].roles) & set(pattern.members)
    ):
        return people[0].of
    organizations = [e for e in slot.entities if e.type == "organization"]
    if len(organizations) == 1 and organizations[0].start == slot.start:
        behind = slot.text[organizations[0].end - slot.start :]
        if not behind.startswith((*pattern.members, *AND_OTHERS)):
            return organizations[0].text
    return slot.text.strip() if not pattern.groups or _is_party(slot, pattern) else None


def _is_party(slot: Slot, pattern: Pattern) -> bool:
    """Check that a phrase, or one that it lists, ends with a name or a word for people: no clause does."""
    words = simplify(slot.text).rstrip()
    ends = {_head_end(words), len(words), *(sign.start() for sign in LIST.finditer(words))}
    named = any(e.type in NAMED and e.end - slot.start in ends for e in slot.entities)
    return named or any(words.endswith(pattern.groups, 0, end) for end in ends)


def _head_end(words: str) -> int:
    """Return where the head of a party ends: 张三 of 张三等人."""
    while end := next(filter(words.endswith, PARTY_ENDS), ""):
        words = words.removesuffix(end)
    return len(words)


def _entity_key(slot: Slot, pattern: Pattern) -> str | None:
    """Return the key of whom a slot names: the one organization, else the one person, else the one place."""
    del pattern
    for kind in NAMED:
        found = {e.key for e in slot.entities if e.type == kind}
        if len(found) == 1:
            return found.pop()
    return None


def _money(slot: Slot, pattern: Pattern) -> dict[str, Any] | None:
    del pattern
    for e in slot.entities:
        if isinstance(e, Money):
            return {
                "value": e.value,
                "max": e.max,
                "currency": e.currency,
                "at_least": e.at_least,
                "approximate": e.approximate,
            }
    return None


def _quantity(slot: Slot, pattern: Pattern) -> dict[str, Any] | None:
    del pattern
    for e in slot.entities:
        if isinstance(e, Quantity) and e.unit != "%":
            return {"value": e.value, "unit": e.unit, "thing": e.thing}
    return None


def _goods(slot: Slot, pattern: Pattern) -> str | None:
    """Return what is given: what a sum is the worth of (价值…的防疫物资), or what is counted."""
    del pattern
    worth = WORTH.match(slot.text)
    if worth:
        rest = slot.text[worth.end() :]
        kinds = AND_SUCH.split(rest)
        return kinds[-1].strip() or None
    counted = next((e for e in slot.entities if isinstance(e, Quantity) and e.unit != "%"), None)
    if counted is None:
        return None
    rest = slot.text[: counted.start - slot.start] or slot.text[counted.end - slot.start :]
    return counted.thing or rest.strip("的 ") or None


def _role(slot: Slot, pattern: Pattern) -> str | None:
    del pattern
    return slot.text.strip("的 ") or None


MAKERS: Mapping[Kind, Callable[[Slot, Pattern], Any]] = {
    "text": _text,
    "party": _party,
    "person": _single_name("person"),
    "organization": _single_name("organization"),
    "place": _single_name("place"),
    "key": _entity_key,
    "time": _single_name("time"),
    "money": _money,
    "quantity": _quantity,
    "goods": _goods,
    "role": _role,
}
