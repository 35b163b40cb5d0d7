"""Give one identity to one thing within a report, the last step of extraction.

A division is identified by its code, an organization by its full name, a person by name. `abbreviations`
knows how names of organizations are shortened, `divisions` tells a place from its namesakes.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from etl.extraction.context import Context
from etl.extraction.linking.abbreviations import DIVISION_SIGNS, KnownNames, expand_names
from etl.extraction.linking.divisions import (
    DOMINANCE_RATIO,
    NamedDivisions,
    count_named_divisions,
    resolve_places,
)
from etl.extraction.resources.gazetteer import DatedGazetteer
from etl.extraction.resources.segmenter import Segmenter
from etl.model.mentions import Entity, Organization, Person, Place
from etl.text.person_names import NAME_DOTS, TYPED_DOTS, bare_name

DOTS = re.compile(f"[{NAME_DOTS}∙{TYPED_DOTS}]")
# The divisions that a place's name is made of, or that an organization's name begins with.
DIVISION = re.compile(f"[^{DIVISION_SIGNS}]{{1,6}}[{DIVISION_SIGNS}]")
DIVISIONS = re.compile(f"(?:[^{DIVISION_SIGNS}]{{1,6}}[{DIVISION_SIGNS}])+")
NO_DIVISION = re.compile("(?:超市|城市|都市|上市|股市|门市|[社园景地山小校片战灾辖]区|开发区|保护区)$")
DECLARED = re.compile("[（(](?:以下)?[简统]称(?:为|[:：])?[“\"「『']?([^”\"」』'）)]{2,12})[”\"」』']?[)）]")


def link_entities(
    context: Context, entities: Sequence[Entity], gazetteer: DatedGazetteer, segmenter: Segmenter
) -> tuple[Entity, ...]:
    """Return the entities in order, with codes, chains and full names, and one key for one thing."""
    places = [e for e in entities if isinstance(e, Place)]
    organizations = [e for e in entities if isinstance(e, Organization)]
    place_names, organization_names = (
        [context.folded[e.start : e.end] for e in group] for group in (places, organizations)
    )
    named = count_named_divisions(place_names, organization_names, gazetteer)
    divisions = _divisions(context, [*places, *organizations])
    known = KnownNames(
        homes=dict(_homes(divisions, named)),
        divisions=frozenset(divisions),
        declared=dict(_declared_abbreviations(context, organizations)),
        national=context.lexicon.organizations.known,
        cut=segmenter.cut,
    )
    linked: list[Entity] = [
        *resolve_places(places, context.lexicon.folding.fold, named, gazetteer),
        *_organizations(context, organizations, expand_names(organization_names, known)),
        *(_person(context, e) for e in entities if isinstance(e, Person)),
    ]
    by_place = {(e.type, e.start): e for e in linked}
    return tuple(by_place.get((e.type, e.start), e) for e in entities)


def _divisions(context: Context, entities: Sequence[Entity]) -> Counter[str]:
    """Count provinces, cities and counties, named alone or at the beginning of an organization."""
    found: Counter[str] = Counter()
    for e in entities:
        name = context.folded[e.start : e.end]
        chain = DIVISIONS.match(name)
        if chain and (e.type == "organization" or chain.end() == len(name)):
            parts = DIVISION.findall(chain[0])
            found.update(
                part
                for part in parts
                if part not in context.lexicon.places.generic and not NO_DIVISION.search(part)
            )
    return found


def _homes(divisions: Mapping[str, int], named: NamedDivisions) -> Iterator[tuple[str, str]]:
    """Yield for each kind of division the one the report is about; above a known county, those it lies in."""
    above = {upper.name for upper in named.home.above} if named.home else set()
    by_kind: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, count in divisions.items():
        by_kind[name[-1]][name] += count
    for kind, counts in by_kind.items():
        if inside := [name for name in counts if name in above]:
            yield kind, inside[0]
            continue
        ranked = counts.most_common(2)
        # 市 in a report on 绛县 is its own city, so another one that is named does not stand for it.
        outside = named.home and kind in "省市" and named.home.name != ranked[0][0]
        if not outside and (len(ranked) == 1 or ranked[0][1] >= DOMINANCE_RATIO * ranked[1][1]):
            yield kind, ranked[0][0]


def _declared_abbreviations(
    context: Context, organizations: Sequence[Organization]
) -> Iterator[tuple[str, str]]:
    """Yield abbreviations that the report explains: 永兴机械有限公司（以下简称“永兴机械”）."""
    for e in organizations:
        if match := DECLARED.match(context.folded, e.end):
            yield match[1], context.folded[e.start : e.end]


def _organizations(
    context: Context, organizations: Sequence[Organization], full: Mapping[str, str]
) -> Iterator[Organization]:
    written: dict[str, str] = {}
    for e in organizations:
        written.setdefault(context.folded[e.start : e.end], e.text)
    for e in organizations:
        name = full[context.folded[e.start : e.end]]
        key, said = f"organization:{name}", written.get(name) or _written(context, e, name)
        yield e if (e.key, e.name) == (key, said) else replace(e, key=key, name=said)


def _written(context: Context, organization: Organization, name: str) -> str:
    """Write a completed name in the script of the text."""
    folded = context.folded[organization.start : organization.end]
    kept = next(n for n in range(len(folded), -1, -1) if name.endswith(folded[len(folded) - n :]))
    head = name[: len(name) - kept]
    at = context.folded.find(head)
    return (context.text[at : at + len(head)] if at >= 0 else head) + organization.text[len(folded) - kept :]


def _person(context: Context, person: Person) -> Person:
    """Give a foreign name one key whatever sign stands between its parts."""
    name = bare_name(context.folded[person.start : person.end])
    key = f"person:{DOTS.sub('·', name)}"
    return person if person.key == key else replace(person, key=key)
