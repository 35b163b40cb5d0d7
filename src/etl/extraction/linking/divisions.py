"""Resolve places to administrative codes and chains, where the report shows which division is meant.

An ambiguous name is decided by the divisions that the report names beyond doubt; what they do not
decide gets no code. A new kind of place below a county is an ending in `BELOW`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from etl.extraction.resources.division_table import CITY, COUNTY, PROVINCE, Division
from etl.extraction.resources.gazetteer import DatedGazetteer, DivisionMatch
from etl.model.mentions import DivisionRef, Place

BELOW = re.compile("(?:[镇乡村屯]|街道|社区|苏木|嘎查)$")
# A name that goes on so is longer than the short name it begins with: 江州 in 江州市 is no 江州区.
DIVISION_ENDINGS = ("省", "市", "县", "区", "州", "盟", "旗")
# A report is about one division of several when it names it this many times as often as the next
# (docs/decisions/0046).
DOMINANCE_RATIO = 3
# Short names of cities that mean something else more often than the city.
COMMON_WORDS = frozenset({"东方"})
# A name that more divisions share is that of a kind of place: 郊区.
MAX_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class NamedDivisions:
    """How often a report names each division; a name counts for every division it lies in.

    Attributes:
        home: the one county that the report is about; None where it names several alike, or none.
    """

    counts: Mapping[Division, int]
    home: Division | None


def count_named_divisions(
    places: Sequence[str], organizations: Sequence[str], gazetteer: DatedGazetteer
) -> NamedDivisions:
    """Count divisions named by places and by beginnings of organizations: certain ones, then by context."""
    certain = Counter(_named(places, organizations, gazetteer, _certain_reading))
    first = NamedDivisions(certain, None)
    counts = Counter(_named(places, organizations, gazetteer, lambda readings: _decide(readings, first)))
    counties = Counter({division: n for division, n in counts.items() if division.level == COUNTY})
    ranked = counties.most_common(2)
    about = ranked and (len(ranked) == 1 or ranked[0][1] >= DOMINANCE_RATIO * ranked[1][1])
    return NamedDivisions(certain, ranked[0][0] if about else None)


def _named(
    places: Sequence[str],
    organizations: Sequence[str],
    gazetteer: DatedGazetteer,
    decide: Callable[[Sequence[DivisionMatch]], DivisionMatch | None],
) -> Iterator[Division]:
    for names, is_organization in ((places, False), (organizations, True)):
        for name in names:
            found = decide(gazetteer.read_name(name))
            if found is None or found.length == 1 or (is_organization and found.length == len(name)):
                continue
            if found.whole or not name[found.length :].startswith(DIVISION_ENDINGS):
                yield from (found.division, *found.division.above)


def resolve_places(
    places: Sequence[Place], fold: Callable[[str], str], named: NamedDivisions, gazetteer: DatedGazetteer
) -> Iterator[Place]:
    """Yield each place with code and chain where they are known; all names of a division get one key."""
    home = named.home
    for place in places:
        name = fold(place.text)
        readings = gazetteer.read_name(name)
        found = _decide(readings, named)
        if found is None:
            inside = home if _is_below(name) else None
            yield (_inside(place, inside, name, gazetteer) if inside else _left_open(place, readings, name))
        elif found.length == len(name):
            yield _coded(place, found.division, gazetteer)
        else:
            rest = name[found.length :]
            # 大同村 begins like a city by accident.
            plain = found.whole or found.chained or found.division.level == PROVINCE
            spoken = len(rest) > 1 and plain
            above, below = (found.division, rest) if spoken else (home, name)
            yield _inside(place, above, below, gazetteer) if above and _is_below(name) else place


def with_code(place: Place, code: str, gazetteer: DatedGazetteer) -> Place:
    """Give a place the division of a code on the report's day, else the one that had it last."""
    had = sorted(gazetteer.table.coded(code), key=lambda division: division.until)
    of_day = [division for division in had if division.in_force(gazetteer.year)]
    if not had:
        return replace(place, code=code, chain=None, now=(), candidates=())
    return replace(_coded(place, (of_day or had)[-1], gazetteer), candidates=())


def _coded(place: Place, division: Division, gazetteer: DatedGazetteer) -> Place:
    """Give a place the code and chain of its day, and what it is today."""
    return replace(
        place,
        key=f"place:{gazetteer.table.canonical_name(division)}",
        code=division.code,
        chain=division.chain,
        now=tuple(map(_reference, gazetteer.table.now(division))),
    )


def _left_open(place: Place, readings: Sequence[DivisionMatch], name: str) -> Place:
    """Say which divisions have the name in full, where the report does not tell which is meant."""
    meant = tuple(_reference(r.division) for r in readings if r.whole and r.length == len(name))
    same = meant == place.candidates or len(meant) > MAX_CANDIDATES
    return place if same else replace(place, candidates=meant)


def _reference(division: Division) -> DivisionRef:
    return DivisionRef(division.code, division.chain)


def _inside(place: Place, division: Division, name: str, gazetteer: DatedGazetteer) -> Place:
    """Give a town or village the chain of its county, and the county's name in its key; it has no code."""
    return replace(
        place, key=f"place:{gazetteer.table.canonical_name(division)}{name}", chain=division.chain + name
    )


def _is_below(name: str) -> bool:
    return bool(BELOW.search(name)) and len(name) > 1


def _certain_reading(readings: Sequence[DivisionMatch]) -> DivisionMatch | None:
    """Return the reading that needs no context: the only one, or a province."""
    if len(readings) == 1 and not _is_vague(readings[0]):
        return readings[0]
    return next((r for r in readings if r.division.level == PROVINCE), None)


def _only_city(readings: Sequence[DivisionMatch]) -> DivisionMatch | None:
    """Return the only city among the readings, not the districts that share its name (大同, 中山)."""
    cities = [r for r in readings if r.division.level == CITY]
    return cities[0] if len(cities) == 1 else None


def _is_vague(reading: DivisionMatch) -> bool:
    """Check whether a name needs context to be a division: 东区, and 东海 for 东海县."""
    name = reading.division.name
    if reading.chained:
        return False
    if reading.whole:
        return name[1:] == "区"
    return not name.endswith("市") or name.removesuffix("市") in COMMON_WORDS


def _decide(readings: Sequence[DivisionMatch], named: NamedDivisions) -> DivisionMatch | None:
    """Return the certain reading, else the one whose city or province the report names most often."""
    if certain := _certain_reading(readings):
        return certain
    scores = {r: _support(r.division, named) for r in readings}
    best = max(scores.values(), default=(0, 0))
    if best == (0, 0):
        return _only_city(readings)
    winners = [r for r, score in scores.items() if score == best]
    return winners[0] if len(winners) == 1 else _only_city(winners)


def _support(division: Division, named: NamedDivisions) -> tuple[int, int]:
    """Return how often the report names the city and the province that a division lies in."""
    counts = [named.counts.get(upper, 0) for upper in division.above]
    city = counts[1] if len(counts) > 1 else counts[0] if counts else 0
    return (city, counts[0] if counts else 0)
