"""Find the rows and cells of a table: by the rules between them, else by the gaps that rows share.

`rows_of_table` makes one line of each row, its cells between tabs and empty cells kept;
`mark_repeated_heads` finds tables that continue on the next page. Another way to tell cells apart is one more
function that makes a `Grid`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from etl.read.pdf.furniture import rows_of
from etl.read.pdf.page import FRAME_SLACK, WIDE_FROM, Box, TypeLine, around, centre, printed_width
from etl.text.marks import SENTENCE_END

TAB = "\t"
SAME_BOUND = 3.0  # points: rules that are nearer are one; between the width of a rule and a row
CROWDED = 0.95  # of the size: base lines that are nearer are those of one row
WRAPPED = 1.75  # of the size: lines of one cell are no further apart
MAX_ROOM = 2.2  # of the size: room that a line leaves which goes on below
MIN_WRAPPED_LENGTH = 8  # characters: what a line has that is filled by words, not by a number
LEAST_FILLED = 0.2  # of the cells: with less text it is a chart; of up to five columns a row fills as much
FEWEST_BANDS = 3  # bounds of bands: with no more the rules are those of the table alone, and part no rows
SHARED = 0.6  # of the columns of a band: a line with less goes on from the one above
LONG_RULE = 0.5  # of the width of a table without bars: a shorter rule stands under a head of several columns
FEWEST_ROWS = 2  # in which white parts a column
MOSTLY = 0.5  # of the rows
BLANK = 0.25  # of the size: a blank in a line that is cut in two
LONGEST_CONTINUED_CAPTION = 40  # characters of a caption that says 续表: a sentence that begins so has more
ALIKE = 0.9  # of the wider piece: how far a table that goes on stands at the same place
Row = list[TypeLine]


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid of a table's cells, in points.

    Attributes:
        xs: the left edge of each column, and the right edge of the last.
        ys: the upper edge of each band, and the lower edge of the last; rows that no rule parts share one.
        bars, rules: the upright and the level rules within.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    bars: tuple[Box, ...] = ()
    rules: tuple[Box, ...] = ()

    def column(self, x: float) -> int:
        """Return the index of the column that holds x."""
        return _between(self.xs, x)

    def band(self, y: float) -> int:
        """Return the index of the band that holds y."""
        return _between(self.ys, y)

    def left(self, column: int, y: float) -> int:
        """Return the first column of the cell that holds ``column`` at height y; cells end at bars."""
        while column and self._known(self.xs[column]) and not _barred(self.bars, self.xs[column], y):
            column -= 1
        return column

    def _known(self, x: float) -> bool:
        """Check whether columns are separated by a bar at x, and not only by white."""
        return any(abs(bar.x0 - x) <= SAME_BOUND for bar in self.bars)

    def top(self, band: int, x: float) -> int:
        """Return the first band of the cell that holds ``band`` at x; cells end at rules."""
        while self.bars and band and not _ruled(self.rules, self.ys[band], x):
            band -= 1
        return band


def rows_of_table(lines: Sequence[TypeLine], strokes: Sequence[Box], box: Box) -> list[TypeLine]:
    """Make one line of each row of the table in ``box``, from top to bottom; of a chart return its labels."""
    if not lines:
        return []
    grid = _grid(lines, strokes, box)
    rows = _rows(list(chain.from_iterable(_words(line, grid) for line in lines)), grid)
    cells = len(rows) * (len(grid.xs) - 1)
    if sum(len(row.cells) for row in rows) < LEAST_FILLED * cells:
        return [replace(line, role="label") for line in lines]
    return rows


def _words(line: TypeLine, grid: Grid) -> Iterator[TypeLine]:
    """Yield a line, cut where a blank in Chinese or numbers lies between two columns."""
    size, at = line.size, 0.0
    scale = line.box.width / max(1.0, printed_width(line.text))
    for k, sign in enumerate(line.text):
        at += printed_width(sign) * scale
        place = line.box.x0 + at
        latin = line.text[k - 1 : k].isalpha() and line.text[k - 1 : k + 2].isascii()
        if sign == " " and not latin and any(abs(place - x) <= size for x in grid.xs[1:-1]):
            left, right = line.box._replace(x1=place - BLANK * size), line.box._replace(x0=place)
            yield replace(line, text=line.text[:k], box=left)
            yield from _words(replace(line, text=line.text[k + 1 :], box=right), grid)
            return
    yield line


def _rows(lines: Row, grid: Grid) -> list[TypeLine]:
    bands: dict[int, Row] = {}
    for line in lines:
        x, y = centre(line.box)
        bands.setdefault(grid.top(grid.band(y), x), []).append(line)
    return [
        _row(row, grid)
        for band in sorted(bands)
        for row in _parted(bands[band], grid)
    ]  # fmt: skip


def _grid(lines: Sequence[TypeLine], strokes: Sequence[Box], box: Box) -> Grid:
    inside = [s for s in strokes if box.grown(FRAME_SLACK).holds(*centre(s))]
    bars = tuple(s for s in inside if s.height > s.width)
    rules = tuple(s for s in inside if s.width >= s.height)
    bounds = [
        x
        for x in _distinct([bar.x0 for bar in bars])
        if box.x0 + 2 * SAME_BOUND < x < box.x1 - 2 * SAME_BOUND
    ]
    parts = _parts(lines)
    if bounds:
        xs = sorted([*bounds, *_missing(lines, parts, (box.x0, *bounds, box.x1), rules)])
        return Grid((box.x0, *xs, box.x1), _levels(rules, box), bars, rules)
    wide = [rule for rule in rules if rule.width >= LONG_RULE * box.width]
    return Grid((box.x0, *parts, box.x1), _levels(wide, box))


def _missing(
    lines: Sequence[TypeLine], parts: Sequence[float], xs: Sequence[float], rules: Sequence[Box]
) -> Iterator[float]:
    """Yield places (x) in ``parts`` where white separates columns between two bars, in most rows."""
    heights = _distinct([rule.top for rule in rules])
    for part in parts:
        k = _between(xs, part)
        own = [line for line in lines if xs[k] <= centre(line.box)[0] <= xs[k + 1]]
        if any(line.box.x0 < part < line.box.x1 for line in own):
            continue
        sides = [
            {_between(heights, centre(line.box)[1]) for line in own if (line.box.x0 > part) is right}
            for right in (False, True)
        ]
        if len(sides[0] & sides[1]) >= max(FEWEST_ROWS, MOSTLY * len(sides[0] | sides[1])):
            yield part


def _between(places: Sequence[float], at: float) -> int:
    return max(0, min(len(places) - 2, sum(place <= at for place in places) - 1))


def _barred(bars: Sequence[Box], x: float, y: float) -> bool:
    return any(abs(bar.x0 - x) <= SAME_BOUND and bar.top <= y <= bar.bottom for bar in bars)


def _ruled(rules: Sequence[Box], y: float, x: float) -> bool:
    return any(abs(rule.top - y) <= SAME_BOUND and rule.x0 <= x <= rule.x1 for rule in rules)


def _levels(rules: Sequence[Box], box: Box) -> tuple[float, ...]:
    inner = [
        y for y in _distinct([r.top for r in rules]) if box.top + SAME_BOUND < y < box.bottom - SAME_BOUND
    ]
    return (box.top, *inner, box.bottom)


def _distinct(places: Sequence[float]) -> list[float]:
    out: list[float] = []
    for place in sorted(places):
        if not out or place - out[-1] > SAME_BOUND:
            out.append(place)
    return out


def _parts(lines: Sequence[TypeLine]) -> list[float]:
    """Find the places (x) where white separates columns; rows with the usual number of cells count first."""
    rows = rows_of(lines)
    often = Counter(len(row) for row in rows)
    columns: list[tuple[float, float]] = []
    for row in sorted(rows, key=lambda row: (-often[len(row)] * len(row), -len(row))):
        for line in row:
            at = [k for k, (a, b) in enumerate(columns) if line.box.x0 <= b and line.box.x1 >= a]
            if not at:
                columns.append((line.box.x0, line.box.x1))
            elif len(at) == 1:
                a, b = columns[at[0]]
                columns[at[0]] = (min(a, line.box.x0), max(b, line.box.x1))
    columns.sort()
    return [(left + right) / 2 for (_, left), (right, _) in pairwise(columns)]


def _parted(lines: Row, grid: Grid) -> Iterator[Row]:
    """Yield the rows within a band; lines without a rule between are two rows unless a cell continues."""
    rows: list[Row] = []
    for line in sorted(lines, key=lambda one: one.base):
        if rows and line.base - rows[-1][0].base <= CROWDED * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    held: Row = []
    if _one_row(rows, grid):
        yield lines
        return
    for row in rows:
        if held and not _goes_on(held, row, grid):
            yield held
            held = []
        held = [*held, *row]
    if held:
        yield held


def _one_row(rows: Sequence[Row], grid: Grid) -> bool:
    """Check whether the lines in a band are one row whose cells have different numbers of lines."""
    if len(grid.ys) <= FEWEST_BANDS:
        return False
    if all(below[0].base - row[0].base <= WRAPPED * row[0].size for row, below in pairwise(rows)) and any(
        _runs_on(line, row, below, grid) for row, below in pairwise(rows) for line in row
    ):
        return True
    columns = [{grid.column(centre(line.box)[0]) for line in row} for row in rows]
    most = len(set().union(*columns))
    return sum(len(held) >= SHARED * most for held in columns) < MOSTLY * len(rows)


def _runs_on(line: TypeLine, row: Row, below: Row, grid: Grid) -> bool:
    """Check whether a line of a cell is full and ends in mid-sentence, with a line of the same cell below."""
    column = grid.column(centre(line.box)[0])
    under = [one for one in below if grid.column(centre(one.box)[0]) == column]
    last = not any(one.box.x0 > line.box.x1 for one in row)
    room = grid.xs[column + 1] - line.box.x1
    full = room <= MAX_ROOM * line.size or (last and bool(under) and under[0].box.x1 < line.box.x1)
    return (
        bool(under) and full and len(line.text) >= MIN_WRAPPED_LENGTH and line.text[-1:] not in SENTENCE_END
    )


def _goes_on(above: Row, row: Row, grid: Grid) -> bool:
    """Check whether each cell of ``row`` continues a full line closely above it."""
    for line in row:
        column = grid.column(centre(line.box)[0])
        over = [one for one in above if grid.column(centre(one.box)[0]) == column]
        if not over or line.base - over[-1].base > WRAPPED * line.size:
            return False
        end = max(one.box.x1 for one in over)
        if grid.xs[column + 1] - end > MAX_ROOM * line.size and line.box.x1 - end > -MAX_ROOM * line.size:
            return False
    return True


def _row(lines: Row, grid: Grid) -> TypeLine:
    """Make one line of a row, with a tab between cells and the lines of each cell joined."""
    cells: dict[int, Row] = {}
    for line in sorted(lines, key=lambda one: (round(one.base), one.box.x0)):
        x, y = centre(line.box)
        cells.setdefault(grid.left(grid.column(x), y), []).append(line)
    made = {column: _cell(found) for column, found in sorted(cells.items())}
    texts = [made[column].text if column in made else "" for column in range(len(grid.xs) - 1)]
    first, box = lines[0], around([line.box for line in lines])
    return replace(
        first, text=TAB.join(texts), box=box, role="table", cells=tuple(made.values()), broken=False
    )


def _cell(lines: Row) -> TypeLine:
    """Make one line of the lines of a cell; its confidence is the lowest of them."""
    text = lines[0].text
    for left, line in pairwise(lines):
        text += _glue(left, line) + line.text
    confidence = min(line.confidence for line in lines)
    return replace(
        lines[0],
        text=text,
        box=around([line.box for line in lines]),
        cells=tuple(lines),
        confidence=confidence,
    )


def _glue(left: TypeLine, right: TypeLine) -> str:
    """Return what joins two lines of a cell: a blank between Latin, else ""."""
    narrow = left.text[-1:] < WIDE_FROM and right.text[:1] < WIDE_FROM
    return " " if narrow and not left.broken else ""


def mark_repeated_heads(pages: Sequence[Sequence[list[TypeLine]]]) -> list[list[list[TypeLine]]]:
    """Mark as furniture the head rows that a table repeats on its next page, and captions above them."""
    out = [list(page) for page in pages]
    for above, below in pairwise(out):
        last = next((block for block in reversed(above) if block[0].role not in ("furniture", "note")), None)
        at = next((k for k, block in enumerate(below) if _counts(block)), None)
        if last is None or at is None or not _one_table(last, below[at]):
            continue
        head = _repeated(_first_piece(out, last), below[at])
        below[at : at + 1] = [part for part in (_printed(below[at][:head]), below[at][head:]) if part]
        below[:at] = [_printed(block) if block[0].role == "caption" else block for block in below[:at]]
    return out


def _counts(block: Sequence[TypeLine]) -> bool:
    """Check whether a block separates two pieces of a table, unlike furniture or a caption of the rest."""
    return block[0].role != "furniture" and not _goes_on_said(block)


def _goes_on_said(block: Sequence[TypeLine]) -> bool:
    """Check whether a block is a caption over the rest of a table: 续表1, 表1（续）."""
    text = block[0].text
    return (
        block[0].role == "caption"
        and len(text) <= LONGEST_CONTINUED_CAPTION
        and ("续" in text or "續" in text)
    )


def _one_table(above: Sequence[TypeLine], below: Sequence[TypeLine]) -> bool:
    """Check whether two blocks are pieces of one table: equally many columns, as wide, at the same place."""
    if above[0].role != "table" or below[0].role != "table":
        return False
    a, b = (around([line.box for line in block]) for block in (above, below))
    beside = min(a.x1, b.x1) - max(a.x0, b.x0)
    same = above[-1].text.count(TAB) == below[0].text.count(TAB) > 0
    return same and beside >= ALIKE * max(a.width, b.width)


def _first_piece(pages: Sequence[Sequence[list[TypeLine]]], last: list[TypeLine]) -> Sequence[TypeLine]:
    """Return the first piece of the table that ends in block ``last``, going back page by page."""
    columns = last[0].text.count(TAB)
    found: Sequence[TypeLine] = last
    for block in (block for page in reversed(pages) for block in reversed(page)):
        if block[0].page > last[0].page or block[0].role != "table":
            continue
        if block[0].text.count(TAB) != columns or found[0].page - block[0].page > 1:
            break
        found = block
    return found


def _repeated(first: Sequence[TypeLine], again: Sequence[TypeLine]) -> int:
    """Count the first rows of a piece that repeat those of the first piece."""
    count = 0
    for a, b in zip(first, again[:-1], strict=False):
        if _bare(a.text) != _bare(b.text):
            break
        count += 1
    return count


def _bare(text: str) -> str:
    return "".join(text.split(" "))


def _printed(lines: Sequence[TypeLine]) -> list[TypeLine]:
    """Return the lines marked as furniture."""
    return [replace(line, role="furniture") for line in lines]
