"""Read names of China's administrative divisions: which divisions may a written name mean on a day?

A name that nobody had on the day means who had it last before, failing that who had it first afterwards. A
way in which names are shortened is an entry in `ENDINGS`; an abbreviation of one character is an entry in
`ABBREVIATIONS`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.extraction.resources.division_table import CITY, Division, load
from etl.extraction.resources.word_files import lengths_by_head
from etl.text.code_points import code_points

# What a name may go without, the longest first.
ENDINGS = re.compile("(?:自治区|自治州|自治县|自治旗|特别行政区|地区|林区|矿区|新区|省|市|县|区|盟|旗)$")
# Characters of the shortest names: 绛县 without its ending is none.
MIN_NAME_LENGTH = 2
# What a character may be of a name.
FIRST, SECOND = 1, 2
# How the kind of a division is named without its peoples.
PLAIN_ENDINGS = {"自治州": "州", "自治县": "县", "自治旗": "旗", "特别行政区": "特区"}
# Provinces by one character; left out is what may also be a country or a city (新, 澳, 蒙, 台, 宁).
ABBREVIATIONS = {
    "京": "110000", "津": "120000", "冀": "130000", "晋": "140000", "辽": "210000", "黑": "230000",
    "沪": "310000", "浙": "330000", "皖": "340000", "闽": "350000", "赣": "360000", "鲁": "370000",
    "豫": "410000", "鄂": "420000", "湘": "430000", "粤": "440000", "桂": "450000", "琼": "460000",
    "渝": "500000", "川": "510000", "蜀": "510000", "黔": "520000", "滇": "530000", "藏": "540000",
    "陕": "610000", "陇": "620000", "港": "810000",
}  # fmt: skip
# Peoples by which divisions are named.
PEOPLES = (
    "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家", "哈尼",
    "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜", "土",
    "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒",
    "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙", "鄂伦春", "赫哲",
    "门巴", "珞巴", "基诺", "高山",
)  # fmt: skip
PEOPLE_FORMS = sorted({form for people in PEOPLES for form in (people, f"{people}族")}, key=len)[::-1]

Test = Callable[[Division], bool]


class DivisionMatch(NamedTuple):
    """A division that the first ``length`` characters may mean.

    Attributes:
        whole: its name is written in full.
        chained: one that it lies in is written before it.
    """

    division: Division
    length: int
    whole: bool
    chained: bool = False


class Gazetteer:
    """Divisions by name and by code, of every year."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        self.divisions = tuple(divisions)
        self.first = min(division.since for division in self.divisions)
        self.last = max(division.until for division in self.divisions)

    @classmethod
    def load(cls) -> "Gazetteer":
        """Read the table; `SetupError` where that cannot be done."""
        return cls(load())

    def on(self, day: date | None) -> "DatedGazetteer":
        """Return the divisions as they were on a day; as they are today where none is given."""
        return DatedGazetteer(self, min(max(day.year, self.first), self.last) if day else self.last)

    def at(self, code: str, year: int) -> Division | None:
        """Return the division that had a code in a year."""
        return next((d for d in self._by_code.get(code, ()) if d.in_force(year)), None)

    def now(self, division: Division) -> tuple[Division, ...]:
        """Return what a division is today: itself, or all that went on with it; else nothing."""
        if division.until == self.last:
            return (division,)
        heirs = (self.at(code, division.until + 1) for code in division.heirs)
        return tuple(dict.fromkeys(today for heir in heirs if heir for today in self.now(heir)))

    def read(self, name: str, test: Test) -> tuple[DivisionMatch, ...]:
        """Return what a name begins with among the divisions that pass a test, as far down as it can be read.

        Several readings are of one length; none contradicts what stands before in the name.
        """
        found = tuple(self._begin(name, test))
        while found:
            further = tuple(deeper for reading in found for deeper in self._go_on(reading, name, test))
            if not further:
                break
            longest = max(reading.length for reading in further)
            found = tuple(reading for reading in further if reading.length == longest)
        return found

    def beginnings(self, text: str) -> list[int]:
        """Return the places in a text at which the first two characters of a full name stand."""
        signs, heads = self._signs, self._lengths
        kinds = signs[np.minimum(code_points(text), len(signs) - 1)]
        likely: list[int] = np.flatnonzero((kinds[:-1] & FIRST) & (kinds[1:] >> 1)).tolist()
        return [at for at in likely if text[at : at + MIN_NAME_LENGTH] in heads]

    def full_names(self, text: str, start: int) -> Iterator[int]:
        """Yield the ends of all full names that begin at a place in a text, the longest first."""
        for length in self._lengths.get(text[start : start + MIN_NAME_LENGTH], ()):
            if start + length <= len(text) and text[start : start + length] in self._whole:
                yield start + length

    def canonical_name(self, division: Division) -> str:
        """Return the full name where nobody else has or had it, as it is today; else the chain.

        What only changed its code or its chain keeps its name; a name of today means who has it today.
        """
        named = self._whole[division.name]
        today = [other for other in named if other.until == self.last]
        if today:
            now = self.now(division)
            if len(now) == 1 and now[0].name == division.name:
                return division.name if len(today) == 1 else now[0].chain
            return division.chain
        alone = len({other.code for other in named}) == 1
        alike = {self.now(other) for other in named}
        return division.name if alone or (len(alike) == 1 and all(alike)) else division.chain

    def coded(self, code: str) -> tuple[Division, ...]:
        """Return the divisions that have or had a code."""
        return self._by_code.get(code, ())

    def _begin(self, name: str, test: Test) -> Iterator[DivisionMatch]:
        if name in ABBREVIATIONS:
            named = self._by_code[ABBREVIATIONS[name]]
            yield from (DivisionMatch(division, 1, whole=False) for division in named if test(division))
            return
        for length in self._possible_lengths(name):
            if found := self._called(name[:length], length, test):
                yield from found
                return

    def _go_on(self, reading: DivisionMatch, name: str, test: Test) -> Iterator[DivisionMatch]:
        """Yield the divisions within one that the name goes on with."""
        rest = name[reading.length :]
        for length in self._possible_lengths(rest):
            found = self._called(rest[:length], reading.length + length, test)
            if inside := [deeper for deeper in found if reading.division in deeper.division.above]:
                yield from (deeper._replace(chained=True) for deeper in inside)
                return

    def _possible_lengths(self, words: str) -> Iterator[int]:
        """Yield the lengths of the names, in full or shortened, that words may begin with."""
        lengths = self._any_lengths.get(words[:MIN_NAME_LENGTH], ())
        return (length for length in lengths if length <= len(words))

    def _called(self, name: str, length: int, test: Test) -> list[DivisionMatch]:
        """Return who has the name in full, or else shortened: 吉林市 is no 吉林."""
        whole = [DivisionMatch(d, length, whole=True) for d in self._whole.get(name, ()) if test(d)]
        return whole or [DivisionMatch(d, length, whole=False) for d in self._short.get(name, ()) if test(d)]

    @cached_property
    def _by_code(self) -> Mapping[str, tuple[Division, ...]]:
        return _grouped((division.code, division) for division in self.divisions)

    @cached_property
    def _whole(self) -> Mapping[str, tuple[Division, ...]]:
        return _grouped((name, division) for division in self.divisions for name in _forms(division.name))

    @cached_property
    def _short(self) -> Mapping[str, tuple[Division, ...]]:
        pairs = ((shortened(division.name), division) for division in self.divisions)
        return _grouped((short, division) for short, division in pairs if short != division.name)

    @cached_property
    def _lengths(self) -> Mapping[str, tuple[int, ...]]:
        """Lengths of the full names by their first two characters, the longest first."""
        return lengths_by_head(self._whole, MIN_NAME_LENGTH)

    @cached_property
    def _any_lengths(self) -> Mapping[str, tuple[int, ...]]:
        """The same of all names, in full or shortened."""
        return lengths_by_head((*self._whole, *self._short), MIN_NAME_LENGTH)

    @cached_property
    def _signs(self) -> NDArray[np.uint8]:
        """Which characters are the first or second one of a full name; the last stands for all beyond."""
        heads = self._lengths
        signs = np.zeros(max(map(ord, "".join(heads))) + 2, dtype=np.uint8)
        for place, kind in enumerate((FIRST, SECOND)):
            signs[[ord(head[place]) for head in heads]] |= kind
        return signs


@dataclass(frozen=True, slots=True)
class DatedGazetteer:
    """The divisions as they were in one year."""

    table: Gazetteer
    year: int

    def read_name(self, name: str) -> tuple[DivisionMatch, ...]:
        """Return what a name begins with, as far down as it can be read: 山西运城绛县 goes down three levels.

        Where nobody of this year has the whole name, those are taken who had it in the year before (the list
        of a year is that of its end), at last before that, or first afterwards.
        """
        return _read_name(self.table, self.year, name)

    def is_in_force(self, name: str) -> bool:
        """Check whether the whole name is that of a division of this year."""
        return _covers(self.read_of_year(name), name)

    def is_division(self, name: str) -> bool:
        """Check whether the whole name is that of a division, alone or with those above it."""
        return _covers(self.read_name(name), name)

    def read_of_year(self, name: str) -> tuple[DivisionMatch, ...]:
        """Return what a name begins with among the divisions of this year alone."""
        return _read_of_year(self.table, self.year, name)

    def read_in_other_years(self, name: str) -> tuple[DivisionMatch, ...]:
        """Return the readings of the nearest year in which the whole name was one of a division, or none."""
        ever = self.table.read(name, lambda _: True)
        known = [r for r in ever if r.length == len(name) and (r.whole or _is_city(r.division))]
        past = max((r.division.until for r in known if r.division.until < self.year), default=None)
        nearest = past or min((r.division.since for r in known), default=self.year)
        return tuple(r for r in known if r.division.in_force(nearest))


# A report asks for the same names again and again.
@lru_cache(maxsize=4096)
def _read_name(table: Gazetteer, year: int, name: str) -> tuple[DivisionMatch, ...]:
    dated = DatedGazetteer(table, year)
    found = dated.read_of_year(name)
    return found if _covers(found, name) else dated.read_in_other_years(name) or found


@lru_cache(maxsize=4096)
def _read_of_year(table: Gazetteer, year: int, name: str) -> tuple[DivisionMatch, ...]:
    return table.read(name, lambda division: division.in_force(year))


def shortened(name: str) -> str:
    """Return 运城 for 运城市, 恩施 for 恩施土家族苗族自治州; 绛县 stays as it is."""
    short = ENDINGS.sub("", name)
    if "自治" in name[len(short) :]:
        while people := next((p for p in PEOPLE_FORMS if short.endswith(p)), None):
            if len(short) - len(people) < MIN_NAME_LENGTH:
                break
            short = short.removesuffix(people)
    return short if len(short) >= MIN_NAME_LENGTH else name


def _forms(name: str) -> Iterator[str]:
    """Yield the full name, and the one without its peoples: 延边州, 长阳县, 香港特区."""
    yield name
    for ending, short in PLAIN_ENDINGS.items():
        if name.endswith(ending) and (stem := shortened(name)) != name:
            yield stem + short


def _is_city(division: Division) -> bool:
    return division.level == CITY and division.name.endswith("市")


def _covers(readings: tuple[DivisionMatch, ...], name: str) -> bool:
    return bool(readings) and readings[0].length == len(name)


def _grouped(pairs: Iterable[tuple[str, Division]]) -> Mapping[str, tuple[Division, ...]]:
    groups: defaultdict[str, list[Division]] = defaultdict(list)
    for name, division in pairs:
        groups[name].append(division)
    return {name: tuple(group) for name, group in groups.items()}
