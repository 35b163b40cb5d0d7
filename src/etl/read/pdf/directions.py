"""Part the type of a page that runs from top to bottom from the type that runs from left to right.

Where most of it runs down, each sign of such a line is written as it stands on the page held a quarter
against the clock: lines then run from left to right and follow each other from top to bottom, as all that
reads pages expects. The order of the file only helps to find lines; what stands where decides.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median
from typing import NamedTuple

from etl.read.pdf.lines import level_runs
from etl.read.pdf.page import ASCENT, DESCENT, WIDE_FROM, Box, Glyph

BESIDE = 0.75  # of the size: how far the middles of two signs of one line may be apart; marks stand off it
LEAST_STEP, LONGEST_STEP = 0.25, 2.0  # of the size, from sign to sign of a line that runs down
SHORTEST = 3  # signs of a line that runs down: two stand so by chance
MOSTLY = 0.5  # of the signs of a page: they run down, and so does the page
SEVERAL = 0.1  # of the signs of a page: they may run down, which the other pages of the document tell
REACH = 1.6  # of the size: how far above or below another sign of its line one may stand
# Of the size: the width of a number that is set level within a line, how near to the other signs it stands,
# and how far off their middle. Signs that stand beside others of their height are as near.
COMBINED, TOUCHING, OFF = 1.4, 0.6, 0.4
ROW = 4.0  # of the size: how near a character by itself stands to others that run from left to right
ALIKE = 1.5  # of the smaller size: larger type is a headline, of which nothing belongs to a line of text
SAME = 0.15  # of the size: letters stand so near the middle of their line
ROUNDS = 4  # signs that stand between letters are given to their line one after the other
RASTER = 4.0  # points: ends of lines that are nearer count as one
CLOSE = 1.5  # of the size: from sign to sign of a word
HAN = ("\u3400", "\uf900")  # characters from here to there stand in the middle of their line; marks may not
CENTRE = 0.5 - DESCENT  # of the size: how far above the base line the middle of a character is


@dataclass(frozen=True, slots=True)
class Directions:
    """The type of a page by its direction.

    Attributes:
        down: the lines that run from top to bottom, or parts of them; each sign in a square of its size.
        level: what runs from left to right, in the order of the file.
        sideways: letters of lines that run down, as they stand on the page held against the clock.
    """

    down: tuple[tuple[Glyph, ...], ...]
    level: tuple[Glyph, ...]
    sideways: tuple[Glyph, ...] = ()

    @property
    def share(self) -> float:
        """Return the share of the upright signs that surely run down."""
        sure = sum(len(line) for line in self.down if len(line) >= SHORTEST)
        return sure / max(1, sum(map(len, self.down)) + len(self.level))

    @property
    def runs_down(self) -> bool:
        """Check whether most of the type runs down."""
        return self.share > MOSTLY

    @property
    def may_run_down(self) -> bool:
        """Check whether so much of the type runs down that other pages may tell."""
        return self.share > SEVERAL


class _Stretch(NamedTuple):
    """A line that runs down, or a part of it: where its middle is, and from where to where it reaches."""

    middle: float
    top: float
    bottom: float
    size: float


def directions_of(glyphs: Sequence[Glyph], sideways: Sequence[Glyph], width: float) -> Directions:
    """Part the type of a page, of this width, by the direction in which its lines run."""
    if sum(_below(a, b) for a, b in pairwise(glyphs)) < SHORTEST - 1:
        return Directions((), tuple(glyphs))
    chains = _chains(level_runs(glyphs))
    sure, others = _parted(chains, [len(line) > 1 and _runs_down(line) for line in chains])
    down = [_moved(line, _middle(line)) for line in sure]
    columns = _Lines(chain.from_iterable(map(_stretches, down)))
    middles = sorted(map(_middle, down))
    letters = [_based(word, columns, middles, width) for run in level_runs(sideways) for word in _words(run)]
    places = chain.from_iterable(map(_stretches, down))
    lines = _Lines(chain(places, (_turned_back(word, width) for word in letters)))
    more, left = _settled(others, lines)
    for begins in (_is_han, _begins_line(sure)):
        alone, left = _parted(left, _alone(left, sure, begins))
        lines.add(map(_stretch, alone))
        marks, left = _settled(left, lines)
        more += [*alone, *marks]
    lines_down = tuple(map(tuple, (*down, *more)))
    return Directions(lines_down, tuple(chain.from_iterable(left)), tuple(chain.from_iterable(letters)))


def _parted(
    lines: Sequence[list[Glyph]], kinds: Sequence[bool]
) -> tuple[list[list[Glyph]], list[list[Glyph]]]:
    """Return the lines that are of a kind, and the others."""
    pairs = list(zip(lines, kinds, strict=True))
    return [line for line, kind in pairs if kind], [line for line, kind in pairs if not kind]


def _begins_line(sure: Sequence[list[Glyph]]) -> Callable[[Glyph], bool]:
    """Return how to tell a mark that stands where lines begin."""
    tops = {row for line in sure for row in _near(line[0])}
    return lambda sign: _is_wide(sign) and not tops.isdisjoint(_near(sign))


def _alone(
    left: Sequence[list[Glyph]], sure: Sequence[list[Glyph]], kind: Callable[[Glyph], bool]
) -> list[bool]:
    """Tell which signs of a kind are a line of their own: within the text, of its size, in no row."""
    if not sure:
        return [False] * len(left)
    size = median(line[0].size for line in sure)
    slack = REACH * size
    span = min(line[0].base for line in sure) - slack, max(line[-1].base for line in sure) + slack
    single = [len(one) == 1 and kind(one[0]) for one in left]
    level = [sign for one, lone in zip(left, single, strict=True) if not lone for sign in one]
    rows: dict[int, list[float]] = {}
    for sign in sorted(level, key=lambda one: one.x0):
        rows.setdefault(_cell(sign.base), []).append(sign.x0)
    return [
        lone
        and span[0] <= one[0].base <= span[1]
        and one[0].size <= ALIKE * size
        and not _in_row(one[0], rows)
        for one, lone in zip(left, single, strict=True)
    ]


def _near(sign: Glyph) -> range:
    """Return the cells of heights within `LEAST_STEP` of the base line of a sign."""
    return _cells(sign.base - LEAST_STEP * sign.size, sign.base + LEAST_STEP * sign.size)


def _in_row(sign: Glyph, rows: Mapping[int, Sequence[float]]) -> bool:
    """Check whether type that runs from left to right stands near on the base line of a sign."""
    reach = ROW * sign.size
    for row in _near(sign):
        places = rows.get(row, ())
        k = bisect_left(places, sign.x0 - reach)
        if k < len(places) and places[k] <= sign.x1 + reach:
            return True
    return False


def _chains(runs: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """Chain signs that stand below each other; what stands beside its neighbours is left as it is."""
    chains: list[list[Glyph]] = []
    for run in runs:
        if len(run) == 1 and chains and _below(chains[-1][-1], run[0]) and not _is_level(chains[-1]):
            chains[-1].append(run[0])
        else:
            chains.append(list(run))
    return chains


def _below(above: Glyph, sign: Glyph) -> bool:
    """Check whether a sign stands below the one before it, as in a line from top to bottom."""
    size = max(above.size, sign.size)
    beside = abs(above.x0 + above.x1 - sign.x0 - sign.x1) / 2
    if not _alike(above.size, sign.size):
        return False
    return beside <= BESIDE * size and LEAST_STEP * size < sign.base - above.base <= LONGEST_STEP * size


def _is_level(line: Sequence[Glyph]) -> bool:
    """Check whether signs stand beside each other."""
    return len(line) > 1 and line[1].base - line[0].base <= LEAST_STEP * max(line[0].size, line[1].size)


def _runs_down(line: Sequence[Glyph]) -> bool:
    """Check whether signs are a line that runs down: a stack of numbers may be a column of cells."""
    return not _is_level(line) and any(map(_is_wide, line))


def _is_wide(sign: Glyph) -> bool:
    return sign.text >= WIDE_FROM


def _is_han(sign: Glyph) -> bool:
    return HAN[0] <= sign.text < HAN[1]


def _alike(size: float, other: float) -> bool:
    """Check whether type of two sizes may stand in one line."""
    return max(size, other) <= ALIKE * min(size, other)


def _settled(others: Sequence[list[Glyph]], lines: "_Lines") -> tuple[list[list[Glyph]], list[list[Glyph]]]:
    """Give signs to the lines that they stand above or below; return those, and signs without a line."""
    found: list[list[Glyph]] = []
    left = list(others)
    for _ in range(ROUNDS):
        strays, left = left, []
        for stray in strays:
            parts, rest = lines.parts_of(stray)
            found += parts
            left += rest
    return found, left


class _Lines:
    """Where lines that run down stand, to be asked for those that signs continue."""

    def __init__(self, stretches: Iterable[_Stretch]) -> None:
        self._ends: dict[tuple[int, int], _Stretch] = {}
        self.add(stretches)

    def add(self, stretches: Iterable[_Stretch]) -> None:
        """Put in parts of lines, each to be found at both of its ends."""
        for one in stretches:
            for place in (one.top, one.bottom):
                self._ends[_cell(one.middle), _cell(place)] = one

    def parts_of(self, stray: list[Glyph]) -> tuple[list[list[Glyph]], list[list[Glyph]]]:
        """Return signs as parts of the lines that they continue and lengthen, and those without a line.

        Signs beside each other are parts of lines where at least half of them are.
        """
        level = _is_level(stray)
        places = [[one] for one in _combined(stray)] if level else [stray]
        middles = [self.beside(_stretch(place), tight=level) for place in places]
        if 2 * sum(middle is not None for middle in middles) < len(places):
            return [], [stray]
        pairs = list(zip(places, middles, strict=True))
        parts = [_moved(place, middle) for place, middle in pairs if middle is not None]
        for line in parts:
            self.add(_stretches(line))
        return parts, [place for place, middle in pairs if middle is None]

    def beside(self, stray: _Stretch, *, tight: bool) -> float | None:
        """Return the middle of the nearest stretch of such type above or below signs; None without one."""
        size = stray.size
        off, reach = (OFF * size, TOUCHING * size) if tight else (BESIDE * size, REACH * size)
        near = [
            self._ends.get((column, row))
            for column in _cells(stray.middle - off, stray.middle + off)
            for row in _cells(stray.top - reach, stray.bottom + reach)
        ]
        found = [
            (_gap(one, stray), one.middle)
            for one in near
            if one
            and abs(one.middle - stray.middle) <= off
            and _gap(one, stray) <= reach
            and _alike(one.size, size)
        ]
        return min(found)[1] if found else None


def _combined(run: Sequence[Glyph]) -> Sequence[Glyph]:
    """Return a number, or letters, as wide as a character as one sign; all others as they are."""
    first, last = run[0], run[-1]
    if last.x1 - first.x0 > COMBINED * first.size or any(map(_is_wide, run)):
        return run
    return [first._replace(text="".join(sign.text for sign in run), x1=last.x1)]


def _cell(place: float) -> int:
    return int(place // RASTER)


def _cells(begin: float, end: float) -> range:
    return range(_cell(begin), _cell(end) + 1)


def _gap(one: _Stretch, other: _Stretch) -> float:
    return max(other.top - one.bottom, one.top - other.bottom, 0.0)


def _stretch(line: Sequence[Glyph]) -> _Stretch:
    first, last = line[0], line[-1]
    return _Stretch(
        _middle(line), first.base - ASCENT * first.size, last.base + DESCENT * last.size, first.size
    )


def _stretches(line: Sequence[Glyph]) -> Iterator[_Stretch]:
    """Yield where each sign of a line stands, for between two of them others may stand."""
    for sign in line:
        yield _stretch([sign])


def _middle(line: Sequence[Glyph]) -> float:
    """Return where the middle of a line that runs down is: that of its characters, for marks stand off it."""
    middles = [(sign.x0 + sign.x1) / 2 for sign in line if _is_han(sign)]
    return median(middles or [(sign.x0 + sign.x1) / 2 for sign in line])


def _moved(line: Sequence[Glyph], middle: float) -> list[Glyph]:
    """Put the signs of a line on its middle, each in a square of its size."""
    return [sign._replace(x0=middle - sign.size / 2, x1=middle + sign.size / 2) for sign in line]


# --------------------------------------------------------------------------------- turned


def turned_box(box: Box, width: float) -> Box:
    """Return where a box stands once its page, of this width, is held a quarter against the clock."""
    return Box(box.top, width - box.x1, box.bottom, width - box.x0)


def held_box(box: Box, width: float) -> Box:
    """Return where a box of a page held a quarter against the clock stands on the page, of this width."""
    return Box(width - box.bottom, box.x0, width - box.top, box.x1)


def turned_line(line: Sequence[Glyph], width: float) -> Iterator[Glyph]:
    """Yield the signs of a line that runs down as they stand once the page is held against the clock."""
    often = sum(sign.spaced for sign in line) > MOSTLY * len(line)
    for k, sign in enumerate(line):
        x0, x1 = sign.base - ASCENT * sign.size, sign.base + DESCENT * sign.size
        after = line[k + 1] if k + 1 < len(line) else None
        if after and not after.spaced and not _is_wide(sign) and not _is_wide(after):
            begin = after.base - ASCENT * after.size
            x1 = max(x1, begin) if begin - x0 <= CLOSE * sign.size else x1
        base = width - (sign.x0 + sign.x1) / 2 + CENTRE * sign.size
        yield sign._replace(x0=x0, x1=x1, base=base, spaced=sign.spaced and not often)


def _turned_back(word: Sequence[Glyph], width: float) -> _Stretch:
    """Return where letters that are turned stand on the page as held."""
    return _Stretch(width - word[0].base + CENTRE * word[0].size, word[0].x0, word[-1].x1, word[0].size)


def _words(run: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the parts of a run between which a character may stand."""
    begin = 0
    for k, (last, sign) in enumerate(pairwise(run), 1):
        if sign.x0 - last.x1 > TOUCHING * sign.size:
            yield list(run[begin:k])
            begin = k
    yield list(run[begin:])


def _based(word: Sequence[Glyph], columns: _Lines, middles: Sequence[float], width: float) -> list[Glyph]:
    """Put turned letters on the base line of the characters beside them, or of a line at their place."""
    stretch = _turned_back(word, width)
    middle = columns.beside(stretch, tight=True)
    if middle is None:
        k = bisect_left(middles, stretch.middle)
        near = min(middles[max(0, k - 1) : k + 1], key=lambda one: abs(one - stretch.middle), default=None)
        middle = near if near is not None and abs(near - stretch.middle) <= SAME * stretch.size else None
    if middle is None:
        return list(word)
    return [one._replace(base=width - middle + CENTRE * stretch.size) for one in word]
