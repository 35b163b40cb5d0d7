"""Work out which division went on with another that ended: by name, dated changes, stem of the name, code."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from division_gaps import HEIRS

ENDING = re.compile("(?:特区|地区|林区|矿区|新区|[省市县区盟旗])$")
REGION = re.compile("(?:地区|盟|自治州)$")
# Divisions that moved to a new province: Hainan out of Guangdong, Chongqing out of Sichuan.
MOVED = {"44": "46", "51": "50"}
Named = tuple[str, str]


class Life(NamedTuple):
    """A code with one name, and the first and last year at whose end it was in force."""

    code: str
    name: str
    since: int
    until: int


class Changes:
    """Dated changes: what became of a code and name, and when one ended or began."""

    def __init__(self) -> None:
        self._into: defaultdict[Named, list[tuple[int, Named]]] = defaultdict(list)
        self._ended: defaultdict[Named, list[int]] = defaultdict(list)
        self._began: defaultdict[Named, list[int]] = defaultdict(list)

    def add(self, year: int, old: Named | None, new: Named | None, *, reassigned: bool) -> None:
        """Take one change; ``reassigned``: a code went to another division, which follows nothing."""
        if old and old != new:
            self._ended[old].append(year)
        if new and old != new:
            self._began[new].append(year)
        if old and new and old != new and not reassigned:
            self._into[old].append((year, new))

    def ended(self, code: str, name: str, after: int) -> int | None:
        """Return the first year after another in which a division is said to end."""
        return min((year for year in self._ended[code, name] if year > after), default=None)

    def began(self, code: str, name: str, after: int) -> int | None:
        """Return the first year after another in which a division is said to begin."""
        return min((year for year in self._began[code, name] if year > after), default=None)

    def into(self, life: Life) -> tuple[Named, ...]:
        """Return what a division is said to become within a year of its end."""
        found = self._into[life.code, life.name]
        return tuple(new for year, new in found if abs(year - life.until - 1) <= 1)


def find_heirs(lives: Sequence[Life], changes: Changes, last: int) -> Mapping[Life, tuple[str, ...]]:
    """Map each division that ended to the codes of those that went on with it, in the year after its end."""
    in_force: defaultdict[int, dict[str, Life]] = defaultdict(dict)
    for life in lives:
        for year in range(life.since, life.until + 1):
            in_force[year][life.code] = life
    found: dict[Life, tuple[str, ...]] = {}
    for life in lives:
        if life.until < last:
            around = Around(in_force[life.until], in_force[life.until + 1])
            if codes := _heirs(life, around, changes):
                found[life] = codes
    return found | _left_over(lives, found, last)


class Around(NamedTuple):
    """What was in force, by code, when a division was for the last time, and a year later."""

    before: Mapping[str, Life]
    after: Mapping[str, Life]


def _heirs(life: Life, around: Around, changes: Changes) -> tuple[str, ...]:
    """Return the first that tells: what is known, the same name, a dated change, the stem, the code."""
    after = around.after
    near = [other for other in after.values() if _in_reach(life, other)]
    fresh = [other for other in near if other.since > life.until]
    same = tuple(o.code for o in fresh if o.name == life.name and _level(o) == _level(life))
    said = tuple(code for code, name in changes.into(life) if code in after and after[code].name == name)
    if (life.code, life.name) in HEIRS:
        return _known(life, near)
    return (
        (same if len(same) == 1 else ())
        or tuple(dict.fromkeys(said))
        or _alike(life, fresh)
        or _alike(life, near)
        or _renamed(life, around)
    )


def _known(life: Life, near: Sequence[Life]) -> tuple[str, ...]:
    """Return what the known successors are called; the highest where two have the name."""
    names = HEIRS.get((life.code, life.name), ())
    return tuple(min((o for o in near if o.name == name), key=_level).code for name in names)


def _alike(life: Life, others: Iterable[Life]) -> tuple[str, ...]:
    """Return the one division of the same stem, a neighbor first: 句容市 for 句容县, 霸州市 for 霸县."""
    stem = ENDING.sub("", life.name)
    whole = f"{stem}州市" if len(stem) == 1 else stem
    # A prefecture goes on as a city, not as the county at its seat.
    level = 2 if REGION.search(life.name) else 3
    found = [o for o in others if whole in {o.name, ENDING.sub("", o.name)} and _level(o) <= level]
    near = [o for o in found if o.code[:4] == life.code[:4]] or found
    return (near[0].code,) if len(near) == 1 else ()


def _renamed(life: Life, around: Around) -> tuple[str, ...]:
    """Return the division that has the code now, unless it is one that had its name before."""
    renamed = around.after.get(life.code)
    return (
        (renamed.code,)
        if renamed and renamed.name not in {other.name for other in around.before.values()}
        else ()
    )


def _left_over(
    lives: Sequence[Life], found: Mapping[Life, tuple[str, ...]], last: int
) -> dict[Life, tuple[str, ...]]:
    """Pair the one county of a city that ended and the one that began in the same year and follows nobody."""
    followed = {(code, life.until) for life, codes in found.items() for code in codes}
    ended, began = defaultdict(list), defaultdict(list)
    for life in lives:
        if life.until < last and life not in found:
            ended[_home(life), life.until].append(life)
        if (life.code, life.since - 1) not in followed:
            began[_home(life), life.since - 1].append(life)
    pairs = ((gone, began[where]) for where, gone in ended.items())
    return {gone[0]: (new[0].code,) for gone, new in pairs if len(gone) == len(new) == 1}


def _home(life: Life) -> tuple[str, bool]:
    """Return the city, and whether it is one of its districts."""
    return (life.code[:4], life.name.endswith("区"))


def _in_reach(life: Life, other: Life) -> bool:
    return other.code[:2] in {life.code[:2], MOVED.get(life.code[:2])}


def _level(life: Life) -> int:
    return 1 if life.code.endswith("0000") else 2 if life.code.endswith("00") else 3
