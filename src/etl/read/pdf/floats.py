"""Find what is not in the column of the text: tables, figures, labels, captions, notes.

A new kind of float is found by one function here and gives its lines another role.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from etl.read.pdf.frames import is_frame
from etl.read.pdf.furniture import rows_of
from etl.read.pdf.groups import grouped, touching
from etl.read.pdf.page import FRAME_SLACK, SMALL_TYPE, Box, PdfPage, TypeLine, around, centre
from etl.read.pdf.tables import rows_of_table
from etl.text.numerals import UP_TO_TENS

TOUCH = 4.0  # points between rules that belong to one grid
SHORTEST_RULE = 12.0  # points: a character's strokes are shorter
SHORTEST_PIECE = 10.0  # points of a piece of a rule that is drawn cell by cell: dashes are shorter
SAME_RULE = 1.5  # points: pieces that stand so level are one rule; less than the thinnest row
MOST_STROKES = 1_200  # of a page: a map or a plan has more, and would cost their square
# Sides of a grid: a frame has two and two; two rows need a third, or a second column between two bars.
FEWEST_SIDES, SIDES_OF_FRAME, LEVEL_SIDES = 2, 4, 3
RASTER = 14.0  # points: drawings that are nearer belong to one figure
MOST_OF_PAGE = 0.55  # of the page: a larger drawing is a ground to print on
FEWEST_PARTS = 8  # drawings of a figure: an ornament has less
SMALLEST_IMAGE = 36.0  # points, half an inch: a smaller one is a sign within the text
LABEL_REACH = 20.0  # points around a figure in which small type is its label: two lines of it
LONGEST_LABEL = 24  # characters: a line of text has more
LONGEST_FIGURE_LABEL = 6  # characters of a number or unit, which may be as large as the text
CAPTION = re.compile(
    r"[（(〈<【\[]?(?:[续續][图圖表]|(?:[图圖表]|圖表|图表|附[图圖表]|Fig(?:ure|\.)?|Table|Chart)\s?"
    rf"[0-9０-９{UP_TO_TENS}A-Z]{{1,3}}(?:[-–—.．][0-9]{{1,3}}){{0,2}}(?![0-9]))",
    re.IGNORECASE,
)
NOTE_MARK = re.compile(
    r"(?:[①-⑳*＊※†]|\[[0-9]{1,3}\]|〔[0-9]{1,3}〕|[0-9]{1,3}[\s.．、)）]?[^0-9年月日.%％]|[注註]\s?[0-9]{0,2}[:：]"
    r"|[收修]稿日期|基金[项項]目|作者[简簡]介|通[信讯訊]作者|[*]?\s?Corresponding|Received|E-?mail)"
)
# A character's middle is the third part of its size above the base line, and INSET points right of where it
# begins: it tells in which cell type stands.
MIDDLE, INSET = 3, 1.0
PROSE_IN_TABLE = 18  # characters: a cell with more is a line of text
MIN_ROWS_WITH_CELLS = 0.5  # of the rows between two rules: text set between rules has none
MAX_PROSE_SHARE = 0.2  # of the cells between two rules: lines of text
FEWEST_ROWS = 2  # of a table between rules
NOTES_FROM = 0.45  # of the height: notes of a column stand at its foot, which may be the middle of the page
CAPTION_REACH = 3.0  # of the size: how far a caption in type of the text stands from what it names
MAX_CAPTION_LINES = 12  # of a page, from the first line of a caption on: where its others are looked for
CAPTION_LEADING = 1.8  # of the size: lines of one caption are nearer; below OFF, where a paragraph begins
SAME_SIZE = 0.06  # of the size: type of one caption; less than a step of sizes
# Of the size: how far lines of one caption may be moved against each other, as by an indent.
CAPTION_SHIFT = 2.0
NOTE_RULE_GAP = 2.0  # of the size of the text: between the short rule over notes and the first one
NOTE_RULE_SHIFT = 3.0  # of the size of the text: where that rule begins, beside the indent of a note
STACK_STEP = 2.4  # of the size: notes that stand one below the other are nearer, from base line to base line
# Of the size: how far the next note may begin right of where the last ends, and end left of where it begins.
STACK_INDENT, STACK_OUTDENT = 1.0, 3.0


def find_floats(page: PdfPage, body: float) -> PdfPage:
    """Mark the lines of floats and notes of a page; ``body`` is the size of the text in points."""
    if not page.upright:
        return page
    if page.across is not None:
        page = replace(page, across=find_floats(page.across, body))
    tables = tuple(_tables(page, body))
    figures = tuple(_figures(page, tables))
    found = [_in_float(line, tables, figures, body) for line in page.lines]
    lines = _in_rows(found, page.strokes, tables)
    lines = _captions(lines, (*tables, *figures), body)
    return replace(page, lines=tuple(_notes(lines, page, body)), pictures=figures, fills=tables)


def _in_float(line: TypeLine, tables: Sequence[Box], figures: Sequence[Box], body: float) -> TypeLine:
    if line.role != "body":
        return line
    x, y = centre(line.box)
    if any(table.holds(x, y) for table in tables):
        return replace(line, role="table")
    short = len(line.text) <= LONGEST_LABEL
    small = line.size < SMALL_TYPE * body or len(line.text) <= LONGEST_FIGURE_LABEL
    near = (figure.grown(LABEL_REACH if line.size < SMALL_TYPE * body else 0) for figure in figures)
    if short and small and not CAPTION.match(line.text) and any(box.holds(x, y) for box in near):
        return replace(line, role="label")
    return line


def _in_rows(lines: Sequence[TypeLine], strokes: Sequence[Box], tables: Sequence[Box]) -> list[TypeLine]:
    """Put the lines of each table together into rows, and sort all lines from top to bottom."""
    out = [line for line in lines if line.role != "table"]
    left = [line for line in lines if line.role == "table"]
    for table in tables:
        own = [line for line in left if table.holds(*centre(line.box))]
        left = [line for line in left if not table.holds(*centre(line.box))]
        out += rows_of_table(own, strokes, table)
    return sorted(out, key=lambda line: (line.base, line.box.x0))


# ------------------------------------------------------------------------------ tables


def _tables(page: PdfPage, body: float) -> Iterator[Box]:
    """Yield the boxes of tables: grids of rules, then equally long rules with rows of cells between them."""
    pieces = [s for s in page.strokes if max(s.width, s.height) >= SHORTEST_PIECE]  # dashes are no rules
    strokes = [s for s in _joined(pieces) if max(s.width, s.height) >= SHORTEST_RULE]
    if len(strokes) > MOST_STROKES:
        return
    found: list[Box] = []
    for grid in _clusters(strokes):
        box = around(grid)
        if (
            _is_grid(grid)
            and not _drawing(page, box)
            and _cells_within(page, box)
            and not is_frame(page, box)
        ):
            found.append(box)
            yield box
    level = [s for s in strokes if s.is_level_rule and not any(box.meets(s) for box in found)]
    yield from _bands(page, level, body)


def _joined(strokes: Sequence[Box]) -> list[Box]:
    """Join rules that continue each other, since tables are often drawn cell by cell."""
    out: list[Box] = []
    for level in (True, False):
        mine = [s for s in strokes if (s.width >= s.height) is level]
        mine.sort(key=lambda s: (round(s.top if level else s.x0), s.x0 if level else s.top))
        for stroke in mine:
            last = out[-1] if out else None
            if last and (last.width >= last.height) is level and _goes_on(last, stroke, level=level):
                out[-1] = around((last, stroke))
            else:
                out.append(stroke)
    return out


def _goes_on(a: Box, b: Box, *, level: bool) -> bool:
    if level:
        return abs(a.top - b.top) <= SAME_RULE and b.x0 - a.x1 <= TOUCH
    return abs(a.x0 - b.x0) <= SAME_RULE and b.top - a.bottom <= TOUCH


def _clusters(strokes: Sequence[Box]) -> list[list[Box]]:
    """Group rules that touch each other or are connected by others."""
    return grouped(strokes, touching([stroke.grown(TOUCH / 2) for stroke in strokes]))


def _is_grid(strokes: Sequence[Box]) -> bool:
    """Check whether rules form more than one cell."""
    rows = _distinct([s.top for s in strokes if s.width >= s.height])
    columns = _distinct([s.x0 for s in strokes if s.height > s.width])
    more = min(rows, columns) >= FEWEST_SIDES and rows + columns > SIDES_OF_FRAME
    return more or (rows >= LEVEL_SIDES and columns >= 1)


def _distinct(places: Sequence[float]) -> int:
    ordered = sorted(places)
    return bool(ordered) + sum(b - a > 2 * TOUCH for a, b in pairwise(ordered))


def _drawing(page: PdfPage, box: Box) -> bool:
    """Check whether more than a few pictures or curves are drawn within a grid, as in a chart."""
    inside = [p for p in page.pictures if box.meets(p) and p.width * p.height < box.width * box.height]
    return len(inside) > FEWEST_PARTS


def _cells_within(page: PdfPage, box: Box) -> bool:
    inside = [line for line in page.lines if line.role == "body" and box.grown(FRAME_SLACK).meets(line.box)]
    return sum(box.holds(line.box.x0 + INSET, line.base - line.size / MIDDLE) for line in inside) > 1


def _bands(page: PdfPage, rules: Sequence[Box], body: float) -> Iterator[Box]:
    """Yield the boxes between two level rules of the same length and place whose rows are cells."""
    left = sorted(rules, key=lambda rule: rule.top)
    while left:
        first, *left = left
        same = [r for r in left if abs(r.x0 - first.x0) <= TOUCH and abs(r.x1 - first.x1) <= TOUCH]
        for last in reversed(same):
            box = around((first, last))
            if _tabular(page, box, body):
                left = [rule for rule in left if not box.meets(rule)]
                yield box
                break


def _tabular(page: PdfPage, box: Box, body: float) -> bool:
    """Check whether most rows between two rules have several cells, and few cells are lines of text."""
    inside = [
        line
        for line in page.lines
        if line.role == "body" and box.holds((line.box.x0 + line.box.x1) / 2, line.base - body / MIDDLE)
    ]
    rows = rows_of(inside)
    beyond = any(line.box.x0 < box.x0 - body or line.box.x1 > box.x1 + body for line in inside)
    if len(rows) < FEWEST_ROWS or beyond:
        return False
    parted = sum(len(row) > 1 for row in rows)
    prose = sum(len(line.text) > PROSE_IN_TABLE and line.size >= SMALL_TYPE * body for line in inside)
    cells = parted >= MIN_ROWS_WITH_CELLS * len(rows) and prose <= MAX_PROSE_SHARE * len(inside)
    return cells and not is_frame(page, box)


# ----------------------------------------------------------------------------- figures


def _figures(page: PdfPage, tables: Sequence[Box]) -> Iterator[Box]:
    """Yield the boxes of figures: images, and drawings that lie close together."""
    whole = page.width * page.height
    parts = [
        p
        for p in page.pictures
        if p.width * p.height < MOST_OF_PAGE * whole and not any(_inside(p, table) for table in tables)
    ]
    for component in _components(parts):
        box = around(component)
        image = any(min(p.width, p.height) >= SMALLEST_IMAGE for p in component)
        if (image or len(component) >= FEWEST_PARTS) and min(box.width, box.height) >= SMALLEST_IMAGE:
            yield box


def _inside(part: Box, table: Box) -> bool:
    return table.grown(FRAME_SLACK).holds(part.x0, part.top) and table.grown(FRAME_SLACK).holds(
        part.x1, part.bottom
    )


def _components(parts: Sequence[Box]) -> list[list[Box]]:
    """Group boxes that lie close to each other, by a raster."""
    return grouped(parts, _near_on_raster(parts))


def _near_on_raster(parts: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """Yield the indexes of boxes that share a cell of a raster; takes linear time for thousands of boxes."""
    cells: dict[tuple[int, int], int] = {}
    for k, part in enumerate(parts):
        for x in range(int(part.x0 // RASTER), int(part.x1 // RASTER) + 1):
            for y in range(int(part.top // RASTER), int(part.bottom // RASTER) + 1):
                if (x, y) in cells:
                    yield cells[x, y], k
                cells[x, y] = k


# -------------------------------------------------------------------- captions and notes


def _captions(lines: Sequence[TypeLine], floats: Sequence[Box], body: float) -> list[TypeLine]:
    """Mark captions: lines numbered as such that are in small type, or beside a float."""
    out = list(lines)
    for k, line in enumerate(out):
        if line.role != "body" or not CAPTION.match(line.text):
            continue
        small = line.size < SMALL_TYPE * body
        beside = any(box.grown(CAPTION_REACH * line.size).meets(line.box) for box in floats)
        if small or (beside and not line.text.endswith(("。", "，"))):
            out[k] = replace(line, role="caption")
            _carry_on(out, k, body)
    return out


def _carry_on(lines: list[TypeLine], k: int, body: float) -> None:
    """Mark the lines, in place, that continue the caption in line ``k`` in small type."""
    last = lines[k]
    for n in range(k + 1, min(len(lines), k + MAX_CAPTION_LINES)):
        line = lines[n]
        below = 0 <= line.base - last.base < CAPTION_LEADING * last.size
        small = line.size < SMALL_TYPE * body and abs(line.size - last.size) < SAME_SIZE * last.size
        shift = CAPTION_SHIFT * last.size
        apart = line.box.x0 > last.box.x1 + shift or line.box.x1 < last.box.x0 - shift
        if line.role == "body" and below and small and not apart:
            lines[n] = last = replace(line, role="caption")


def _notes(lines: Sequence[TypeLine], page: PdfPage, body: float) -> list[TypeLine]:
    """Mark notes at the foot of a page or column: small type with no type of the text below it."""
    out = list(lines)
    deepest: list[tuple[float, float, float]] = []  # left, right and base line of text in full size
    deepest += [
        (line.box.x0, line.box.x1, line.base)
        for line in out
        if line.role == "body" and line.size >= SMALL_TYPE * body
    ]
    for run in _stacks([line for line in out if line.role == "body" and line.size < SMALL_TYPE * body]):
        first, box = run[0], around([line.box for line in run])
        if first.box.top < NOTES_FROM * page.height:
            continue
        if any(base > first.base and x0 < box.x1 and x1 > box.x0 for x0, x1, base in deepest):
            continue
        above = any(base < first.base and x0 < box.x1 and x1 > box.x0 for x0, x1, base in deepest)
        ruled = any(
            0 <= first.box.top - stroke.top <= NOTE_RULE_GAP * body
            and abs(stroke.x0 - first.box.x0) < NOTE_RULE_SHIFT * body
            for stroke in page.strokes
            if stroke.is_level_rule
        )
        if above and (ruled or NOTE_MARK.match(first.text)):
            for line in run:
                out[out.index(line)] = replace(line, role="note")
    return out


def _stacks(lines: Sequence[TypeLine]) -> list[list[TypeLine]]:
    """Group lines, given from top to bottom, into stacks of lines one below the other."""
    stacks: list[list[TypeLine]] = []
    for line in lines:
        for stack in reversed(stacks):
            last = stack[-1]
            if line.base - last.base < STACK_STEP * line.size and (
                line.box.x0 < last.box.x1 + STACK_INDENT * line.size
                and line.box.x1 > last.box.x0 - STACK_OUTDENT * line.size
            ):
                stack.append(line)
                break
        else:
            stacks.append([line])
    return stacks
