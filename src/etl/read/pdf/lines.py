"""Put glyphs together to the type between gaps: stretches of one base line, raised figures with them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from etl.read.pdf.page import ASCENT, DESCENT, WIDE_FROM, Box, Glyph, TypeLine

LEVEL = 0.25  # of the size: base lines that differ by less are one
WIDE = 1.05  # of the size: a gap that parts two cells or columns
RAISED, SMALLER = 0.75, 0.85  # by how much, of the size, small type beside larger stands off and is smaller
WORD_GAP, BLANK_GAP = 0.16, 0.6  # of the size: a blank between Latin words, and between any signs
BACKSTEP = 0.4  # of the size: how far type may step back and still go on
# Rows above in which a stretch is looked for its own: columns stand side by side at other heights.
ROWS_BACK = 6
HOME_REACH = 3  # rows above and below in which a raised figure finds its line
TOUCHING = 0.5  # of the size: how far a raised figure may be from the line that it belongs to, or overlap it
COLUMN_GAP, COLUMN_LINES = (
    0.7,
    5,
)  # of the size: a gap that parts columns, where so many lines begin behind it
COVERED = 0.5  # of its width: a raised figure stands beside the larger type, a line of names below it
# Of the size: a closing mark that is wider has a blank half, and how much of the size that half is.
FULL_WIDTH, HALF = 0.8, 0.5
EYE_HEIGHT = 0.4  # of the size: the middle of a character above its base line, where a bar has to pass
MIXED_WIDE = 0.8  # of WIDE: a gap that parts cells where the sizes of the two differ
BAR_SLACK = 0.125  # of the size: how far a bar may stand within a character's box
DIVIDED = "\xad"
HALF_BLANK = frozenset("，。、；：？！）》」』”’】〉")


def lines_of(glyphs: Sequence[Glyph], page: int, strokes: Sequence[Box] = ()) -> tuple[TypeLine, ...]:
    """Read the stretches of type of a page between gaps and bars, from top to bottom, then left to right."""
    rows = _raised(_rows(level_runs(glyphs)))
    bars = [stroke for stroke in strokes if stroke.height > stroke.width]
    parts = [part for row in rows for part in _parted(row, _beside(row, bars))]
    starts = Counter(round(part[0].x0) for part in parts)
    found = [line_of(piece, page) for part in parts for piece in _at_columns(part, starts)]
    return tuple(sorted(found, key=lambda line: (line.base, line.box.x0)))


def line_of(glyphs: Sequence[Glyph], page: int) -> TypeLine:
    """Make one line of these glyphs, blanks put between them where they are printed."""
    sizes = Counter(round(glyph.size, 1) for glyph in glyphs)
    size = max(sizes, key=lambda one: (sizes[one], one))
    fonts = Counter(glyph.font for glyph in glyphs)
    base = Counter(round(glyph.base, 1) for glyph in glyphs if round(glyph.size, 1) == size).most_common(1)[
        0
    ][0]
    box = Box(
        min(glyph.x0 for glyph in glyphs),
        base - ASCENT * size,
        max(glyph.x1 for glyph in glyphs),
        base + DESCENT * size,
    )
    text = _text(glyphs)
    broken = text.endswith(DIVIDED)
    return TypeLine(
        text.replace(DIVIDED, "") if broken else text,
        box,
        base,
        size,
        fonts.most_common(1)[0][0],
        page,
        broken=broken,
        confidence=sum(glyph.confidence for glyph in glyphs) / len(glyphs),
    )


def _text(glyphs: Sequence[Glyph]) -> str:
    out = [glyphs[0].text]
    for left, right in pairwise(glyphs):
        if _blank(left, right):
            out.append(" ")
        out.append(right.text)
    text = "".join(out)
    return text[:-1].replace(DIVIDED, "-") + text[-1]


def _blank(left: Glyph, right: Glyph) -> bool:
    """Check whether a blank stands between two glyphs: a word's, or one wide enough to be seen."""
    gap, size = right.x0 - left.x1, max(left.size, right.size)
    narrow = left.text < WIDE_FROM and right.text < WIDE_FROM
    printed = right.spaced and (left.text < WIDE_FROM or right.text < WIDE_FROM)
    return gap > BLANK_GAP * size or (narrow and gap > WORD_GAP * size) or printed


def level_runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Group glyphs of one size that the file prints one after the other on one base line."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and abs(last.base - glyph.base) <= LEVEL * min(last.size, glyph.size)
            and abs(last.size - glyph.size) <= (1 - SMALLER) * last.size
            and -BACKSTEP * glyph.size <= glyph.x0 - last.x1
            and glyph.x0 - _inked(last) <= WIDE * glyph.size
        ):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _rows(runs: Sequence[list[Glyph]]) -> list[list[list[Glyph]]]:
    """Group runs by base line, each row from left to right."""
    rows: list[list[list[Glyph]]] = []
    for run in sorted(runs, key=lambda one: one[0].base):
        size, base = run[0].size, run[0].base
        for row in reversed(rows[-ROWS_BACK:]):
            first = row[0][0]
            if abs(first.base - base) <= LEVEL * min(size, first.size):
                row.append(run)
                break
        else:
            rows.append([run])
    return [sorted(row, key=lambda one: one[0].x0) for row in rows]


def _raised(rows: list[list[list[Glyph]]]) -> list[list[Glyph]]:
    """Write the rows as glyphs; small type that stands off a larger line and touches it joins it."""
    large = [[glyph for run in row for glyph in run] for row in rows]
    sizes = [median(glyph.size for glyph in row) for row in large]
    kept: list[list[Glyph]] = [list(row) for row in large]
    for k, row in enumerate(rows):
        for run in row:
            home = _home(run, large, sizes, k)
            if home is not None:
                kept[home] += run
                for glyph in run:
                    kept[k].remove(glyph)
    return [sorted(row, key=lambda glyph: glyph.x0) for row in kept if row]


def _home(
    run: Sequence[Glyph], rows: Sequence[Sequence[Glyph]], sizes: Sequence[float], own: int
) -> int | None:
    """Return the near row of larger type whose glyphs a run touches."""
    size, base, x0, x1 = run[0].size, run[0].base, run[0].x0, run[-1].x1
    for k in range(max(0, own - HOME_REACH), min(len(rows), own + HOME_REACH + 1)):
        if k == own or size > SMALLER * sizes[k] or abs(rows[k][0].base - base) > RAISED * sizes[k]:
            continue
        near = TOUCHING * sizes[k]
        covered = sum(max(0.0, min(x1, glyph.x1) - max(x0, glyph.x0)) for glyph in rows[k])
        if covered > COVERED * (x1 - x0):
            continue
        if any(-near <= x0 - glyph.x1 <= near or -near <= glyph.x0 - x1 <= near for glyph in rows[k]):
            return k
    return None


def _inked(glyph: Glyph) -> float:
    """Return where the ink of a glyph ends: the right half of a closing mark is blank."""
    blank = glyph.text in HALF_BLANK and glyph.x1 - glyph.x0 > FULL_WIDTH * glyph.size
    return glyph.x1 - (HALF * glyph.size if blank else 0)


def _beside(row: Sequence[Glyph], bars: Sequence[Box]) -> list[float]:
    """Return the x at which upright rules pass through a row, from left to right."""
    middle = row[0].base - EYE_HEIGHT * row[0].size
    return sorted((bar.x0 + bar.x1) / 2 for bar in bars if bar.top <= middle <= bar.bottom)


def _parted(row: Sequence[Glyph], bars: Sequence[float] = ()) -> list[list[Glyph]]:
    """Cut a row at its wide gaps, and where a bar stands between two glyphs."""
    parts: list[list[Glyph]] = [[row[0]]]
    for glyph in row[1:]:
        last = parts[-1][-1]
        wide = WIDE * max(glyph.size, last.size) * (1 if glyph.size == last.size else MIXED_WIDE)
        if glyph.x0 - _inked(last) > wide or _apart(last, glyph, bars):
            parts.append([glyph])
        else:
            parts[-1].append(glyph)
    return parts


def _at_columns(part: list[Glyph], starts: Counter[int]) -> Iterator[list[Glyph]]:
    """Yield the pieces of a stretch, cut at gaps before places at which several stretches begin.

    A line that ends in a mark beyond its margin leaves less white before the next column than others.
    """
    begin = 0
    for k, (left, right) in enumerate(pairwise(part), 1):
        wide = right.x0 - _inked(left) > COLUMN_GAP * right.size
        if wide and sum(starts[round(right.x0) + off] for off in (-1, 0, 1)) >= COLUMN_LINES:
            yield part[begin:k]
            begin = k
    yield part[begin:]


def _apart(left: Glyph, right: Glyph, bars: Sequence[float]) -> bool:
    """Check whether an upright rule stands between two glyphs."""
    slack = BAR_SLACK * right.size
    return any(_inked(left) - slack <= bar <= right.x0 + slack for bar in bars)


def merged(cells: Sequence[TypeLine]) -> TypeLine:
    """Join stretches on one base line to one line, from left to right; wide gaps stay visible as a blank."""
    if len(cells) == 1:
        return cells[0]
    main = max(cells, key=lambda cell: (len(cell.text), cell.size))
    box = Box(min(c.box.x0 for c in cells), main.box.top, max(c.box.x1 for c in cells), main.box.bottom)
    text = " ".join(cell.text for cell in cells)
    return replace(
        main,
        text=text,
        box=box,
        cells=tuple(cells),
        broken=cells[-1].broken,
        whole=cells[-1].whole,
        confidence=min(c.confidence for c in cells),
    )
