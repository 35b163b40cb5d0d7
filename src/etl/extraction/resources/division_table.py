"""Read China's administrative divisions with the years in which they were in force, and what became of them.

The table (``etl/divisions``) is made by ``benchmarks/make_divisions.py``; a year stands for its last day.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from etl.model.errors import SetupError

TABLE = Path(__file__).resolve().parents[2] / "divisions/divisions.tsv"
PROVINCE, CITY, COUNTY = 1, 2, 3
HEADER = ["code", "name", "since", "until", "heirs"]


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """One division as it was for some years, with one name and one chain.

    Attributes:
        code: six digits.
        above: the divisions it lies in, the province first.
        chain: names from the province down to it.
        since: the first year at whose end it was so.
        until: the last one.
        heirs: codes of those that it is in the year after its end; its own where only its chain changed.
    """

    code: str
    name: str
    above: tuple["Division", ...]
    chain: str
    since: int
    until: int
    heirs: tuple[str, ...]

    @property
    def level(self) -> int:
        """PROVINCE, CITY or COUNTY."""
        return PROVINCE if self.code.endswith("0000") else CITY if self.code.endswith("00") else COUNTY

    def in_force(self, year: int) -> bool:
        """Check whether it was so in a year."""
        return self.since <= year <= self.until


class Row(NamedTuple):
    """A line of the table: a code with one name, whatever its chain."""

    code: str
    name: str
    since: int
    until: int
    heirs: tuple[str, ...]


Versions = Mapping[str, Sequence[Division]]


def load() -> tuple[Division, ...]:
    """Read the table.

    Raises:
        SetupError: it is not there, or not as it was made.
    """
    try:
        return build(_rows(TABLE.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise SetupError(
            f"the table of China's divisions cannot be read: {type(error).__name__}: {error}; expected "
            f"{TABLE} with the columns {', '.join(HEADER)}. Install report-etl anew."
        ) from error


def build(rows: Iterable[Row]) -> tuple[Division, ...]:
    """Return divisions with their chains, one for each stretch of years in which the chain was the same."""
    made: defaultdict[str, list[Division]] = defaultdict(list)
    # What lies above comes first: 420000, 420600, 420602.
    for row in sorted(rows, key=lambda row: (row.code, row.since)):
        made[row.code] += _versions(row, made)
    return tuple(division for versions in made.values() for division in versions)


def _rows(text: str) -> Iterator[Row]:
    header, *lines = (line.split("\t") for line in text.splitlines())
    if header != HEADER:
        raise ValueError(f"columns {header}")
    for code, name, since, until, heirs in lines:
        yield Row(code, name, int(since), int(until), tuple(heirs.split()))


def _versions(row: Row, made: Versions) -> Iterator[Division]:
    uppers = [upper for code in _above(row.code) for upper in made.get(code, ())]
    cuts = {row.since, *(u.since for u in uppers), *(u.until + 1 for u in uppers)}
    starts = sorted(year for year in cuts if row.since <= year <= row.until)
    for start, following in zip(starts, [*starts[1:], row.until + 1], strict=True):
        above = tuple(upper for upper in uppers if upper.in_force(start))
        chain = "".join(upper.name for upper in above) + row.name
        heirs = row.heirs if following > row.until else (row.code,)
        yield Division(row.code, row.name, above, chain, start, following - 1, heirs)


def _above(code: str) -> Iterator[str]:
    yield from (upper for upper in dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00")) if upper != code)
