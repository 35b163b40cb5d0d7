"""One identity for one thing within a report: divisions by code, bodies by their full name, persons by name.

The last step of extraction. A new way to shorten a body's name is a function in `SHORTENINGS`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from etl.extract.context import Context
from etl.extract.divisions import Named, read_named, resolve
from etl.extract.gazetteer import Gazetteer
from etl.extract.segmenter import Segmenter
from etl.model import Entity, Organization, Person, Place

DOTS = re.compile("[•‧・∙]")
KINDS = "省市县区旗"
# The divisions that a name of a place is, or that a name of a body begins with.
DIVISION = re.compile(f"[^{KINDS}]{{1,6}}[{KINDS}]")
DIVISIONS = re.compile(f"(?:[^{KINDS}]{{1,6}}[{KINDS}])+")
NO_DIVISION = re.compile("(?:超市|城市|都市|上市|股市|门市|[社园景地山小校片战灾辖]区|开发区|保护区)$")
# 县人民医院: a body that leaves out which county it means. (市场监管局 does not begin with a city.)
LOCAL = re.compile(f"[{KINDS}](?!场|民|政(?!府|协|法)|域|城|块|会|级|直|属|区|内|外|长)(?=..)")
COMMITTEE = re.compile("委(?!员会)")
# How much more often a division is named than the next of its kind when a report is about it.
DOMINANT = 3
DECLARED = re.compile("[（(](?:以下)?(?:简|统)称(?:为|[:：])?[“\"「『']?([^”\"」』'）)]{2,12})[”\"」』']?[)）]")
FIRM = re.compile("(?P<core>.{2,6})(?:公司|集团|银行)$")
ACRONYM_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Names:
    """What the bodies of a report are called.

    Attributes:
        full: every name of a body in the report, folded, with what it is written like there.
        declared: abbreviations that the report itself explains, folded.
        home: for 县, 市 and so on the division of that kind that the report is about, as it is written.
        known: bodies that are known beyond any one place; no local body is meant by them.
    """

    full: Mapping[str, str]
    declared: Mapping[str, str]
    home: Mapping[str, str]
    known: frozenset[str]


def link(
    context: Context, entities: Sequence[Entity], gazetteer: Gazetteer, segmenter: Segmenter
) -> tuple[Entity, ...]:
    """The entities in their order, with codes and chains, full names, and one key for one thing."""
    bodies = [e for e in entities if isinstance(e, Organization)]
    places = [e for e in entities if isinstance(e, Place)]
    named = read_named(
        [_folded(context, e) for e in places], [_folded(context, e) for e in bodies], gazetteer
    )
    found = {(e.type, e.start): e for e in resolve(places, lambda e: _folded(context, e), named, gazetteer)}
    linked: list[Entity] = []
    for e in (*_organizations(context, entities, named, segmenter), *map(_person, _people(entities))):
        linked.append(e)
    changed: dict[tuple[str, int], Entity] = {**found, **{(e.type, e.start): e for e in linked}}
    return tuple(changed.get((e.type, e.start), e) for e in entities)
