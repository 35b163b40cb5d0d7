"""Keep one document for each entity, with the same content whatever the order in which reports are loaded.

Counts are updated by the differences that writes make, so the cost follows what is new. A new fact about
an entity is a kind of `Tally` in `collect_mentions` and a field in `_state`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from etl.model.report import SCHEMA_VERSION
from etl.store.blobs import overflow
from etl.store.driver.connection import Db
from etl.store.driver.queries import MOSTLY_NEW, find_all, find_by_values
from etl.store.records import compact
from etl.store.records.changelog import EntityRecord, Tally
from etl.store.records.codec import Doc, to_bson

Mention = tuple[Literal["name", "role", "place"], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """What writes change about one entity.

    Attributes:
        reports: how many more reports name it, under the key ``all``.
        tally: how many more reports say each name, role and place of it.
        days: how many more reports of each day name it.
    """

    reports: Counter[str] = field(default_factory=Counter)
    tally: Counter[Mention] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)

    def empty(self) -> bool:
        """Check whether all differences are zero."""
        return not any((*self.reports.values(), *self.tally.values(), *self.days.values()))


class Delta:
    """Differences by entity key, summed over many writes."""

    def __init__(self) -> None:
        self._by_key: defaultdict[str, Difference] = defaultdict(Difference)

    def add(self, report: Mapping[str, object] | None, sign: int) -> None:
        """Add one stored report to the differences (sign 1), or subtract it (-1); ignore None."""
        if report is None:
            return
        day = report["published_on"]
        for key, facts in collect_mentions(report).items():
            difference = self._by_key[key]
            difference.reports["all"] += sign
            for fact in facts:
                difference.tally[fact] += sign
            if isinstance(day, str):
                difference.days[day] += sign

    def items(self) -> list[tuple[str, Difference]]:
        """Return the entities that are not empty, with their differences, sorted by key."""
        return sorted((key, found) for key, found in self._by_key.items() if not found.empty())


def collect_mentions(report: Mapping[str, object]) -> dict[str, set[Mention]]:
    """Return what one stored report says of each entity: names, roles and place codes, each once."""
    out: defaultdict[str, set[Mention]] = defaultdict(set)
    found = report["entities"]
    for entity in found if isinstance(found, list) else []:
        facts = out[entity["key"]]
        facts.add(("name", entity["text"]))
        facts.update(("role", role) for role in entity.get("roles", ()))
        if entity.get("code"):
            facts.add(("place", f"{entity['code']}|{entity.get('chain') or ''}"))
    return out


def plan_states(db: Db, delta: Delta, change: int) -> tuple[list[Doc], list[Doc], list[str]]:
    """Return new states of the entities in ``delta``: documents to insert, to replace, keys to delete."""
    differences = dict(delta.items())
    known = _read(db, differences)
    new, changed, gone = list[Doc](), list[Doc](), list[str]()
    for key, difference in differences.items():
        state = _state(db, key, known.get(key), difference, change)
        if state is None:
            gone += [key] if key in known else []
        elif key in known:
            changed.append(to_bson(state))
        else:
            new.append(to_bson(state))
    return new, changed, gone


def rebuild_state(db: Db, key: str) -> EntityRecord | None:
    """Rebuild an entity's state from all stored reports that name ``key``; None when none does."""
    delta = Delta()
    fields = dict.fromkeys(("entities", *compact.MADE_OF["entities"], "published_on", "parts"), 1)
    for report in find_all(db.reports, {"entity_keys": key}, fields):
        named = [entity for entity in overflow.rehydrate(db, report)["entities"] if entity["key"] == key]
        delta.add({**report, "entities": named}, 1)
    found = dict(delta.items()).get(key)
    return _state(db, key, None, found, 0) if found else None


def _read(db: Db, keys: Iterable[str]) -> dict[str, Doc]:
    return {found["_id"]: found for found in find_by_values(db.entities, "_id", keys, at_once=MOSTLY_NEW)}


def _state(db: Db, key: str, old: Doc | None, difference: Difference, change: int) -> EntityRecord | None:
    reports = (old["reports"] if old else 0) + difference.reports["all"]
    if reports <= 0:
        return None
    tally = Counter({(t["kind"], t["value"]): t["reports"] for t in (old["tally"] if old else ())})
    tally.update(difference.tally)
    first, last = _days(db, key, old, difference)
    code, _, chain = next(iter(_ranked(tally, "place")), "").partition("|")
    type_, _, name = key.partition(":")
    return EntityRecord(
        id=key,
        type=type_,
        name=name,
        names=_ranked(tally, "name"),
        roles=_ranked(tally, "role"),
        code=code or None,
        chain=chain or None,
        reports=reports,
        first_seen=first,
        last_seen=last,
        tally=tuple(Tally(kind, value, n) for (kind, value), n in sorted(tally.items()) if n > 0),
        change=change,
        schema_version=SCHEMA_VERSION,
    )


def _ranked(tally: Counter[Mention], kind: str) -> tuple[str, ...]:
    """Return the values of one kind, most frequent first, equally frequent ones sorted by characters."""
    found = [(value, count) for (of, value), count in tally.items() if of == kind and count > 0]
    return tuple(value for value, _ in sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _days(db: Db, key: str, old: Doc | None, difference: Difference) -> tuple[str | None, str | None]:
    """Return the earliest and latest day; read the reports only if the one with that day may be gone."""
    edges = {day for day in (old["first_seen"], old["last_seen"]) if day} if old else set()
    if any(count < 0 and day in edges for day, count in difference.days.items()):
        return _edges_of_reports(db, key)
    days = edges | {day for day, count in difference.days.items() if count > 0}
    return (min(days), max(days)) if days else (None, None)


def _edges_of_reports(db: Db, key: str) -> tuple[str | None, str | None]:
    found = find_all(db.reports, {"entity_keys": key}, {"published_on": 1})
    days = [report["published_on"] for report in found if report["published_on"]]
    return (min(days), max(days)) if days else (None, None)
