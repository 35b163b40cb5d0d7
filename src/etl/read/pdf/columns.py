"""Put a page in reading order: find columns by the white between them, stretch by stretch.

`blocks` cuts a page into blocks, each a stretch of one column. Tables and figures take part as solid
boxes, so that what stands above them is read before what stands below.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from statistics import median

from etl.read.pdf.articles import articles_of, headline_size
from etl.read.pdf.directions import turned_box
from etl.read.pdf.groups import grouped, touching
from etl.read.pdf.lines import merged
from etl.read.pdf.page import FRAME_SLACK, USUAL_SIZE, Box, LayoutItem, PdfPage, TypeLine, around, centre
from etl.read.pdf.stories import RIVER, row_begins

NARROW = 3.0  # of the size: a column that is no wider holds numbers or dashes
FEWEST = 2  # lines on each side of a river: one beside another is a cell
SHORT_CELLS = 7  # characters of the narrower side at its median: numbers, dates and names of a table
OVERLAP = 0.4  # of the shorter side: how far columns stand beside each other
ROW_STEP = 0.5  # of the size: heights that differ by more are counted as two rows of a column
MOST_DEPTH = 12  # columns within columns, so that no page is cut for ever
# Points: how far outside its float a label is taken for its own; `floats.LABEL_REACH` is less.
FLOAT_REACH = 24.0
# Of the size: white above what stands below both columns; between a line distance and a blank line.
HEAD_GAP = 0.9
HEAD_GROWTH = 1.08  # of the size of the line above: type of a head; between what rounds and a step of sizes
HEAD_OFF = 0.5  # of the size: how far the middle of a head may be off that of the columns below it
MIN_LEVEL_SHARE = 0.7  # of the shorter side: cells that stand level with others are rows of a table
ISLAND_REACH = 2.5  # of the size: what stands from left to right on a turned page is nearer to its like
HEADLINE_REACH = 1.2  # of the size: parts of one headline stand nearer beside each other
HANGING = "，。、；：？！）》」』”’,.;:"
LEVEL = 0.2  # of the size: cells of one row stand as level as that; lines of two columns do so by chance
SAME_BASE = 0.35  # of the size: pieces of one line; raised figures and signs of another font stand less level
FULL_WIDTH_SHARE = 0.9  # of the width of what is read: what no river is looked for beside


Block = list[LayoutItem]


def blocks(page: PdfPage) -> list[list[TypeLine]]:
    """Return the blocks of a page in reading order; lines of a block are ordered from top to bottom.

    The lines of a float are a block of their own, in its place.
    """
    if not page.upright:
        return [list(page.all_lines)] if page.lines else []
    views = [page.across, page] if page.across else [page]
    heads, feet = (
        [
            [line]
            for view in views
            for line in view.lines
            if line.role == "furniture" and (line.base < view.height / 2) is above
        ]
        for above in (True, False)
    )
    flow = _turned_flow(page, page.across) if page.across else _flow(_items(page), _rules(page))
    return [*heads, *flow, *feet]


def _turned_flow(page: PdfPage, across: PdfPage) -> list[list[TypeLine]]:
    """Return the blocks of a turned page, article by article; heads and feet of the page around them."""
    lines = _items(page)
    large = headline_size(lines)
    items = [*lines, *_islands(across, large)]
    above, beside, below = _around(items, [item for item in items if item.solid and item.size < large])
    parts = [block for part in articles_of(beside) for block in _article(part)]
    return [*_flow(above), *parts, *_flow(below)]


def _article(items: Sequence[LayoutItem]) -> list[list[TypeLine]]:
    """Return the blocks of an article; what stands above or below all its lines comes first or last."""
    above, beside, below = _around(items, [item for item in items if item.solid])
    return [*_flow(above), *_flow(beside), *_flow(below)]


def _around(items: Sequence[LayoutItem], islands: Sequence[LayoutItem]) -> tuple[Block, Block, Block]:
    """Return islands that stand above all lines of these items, all else, and islands below all lines."""
    lines = [item.box for item in items if not item.solid]
    if not lines:
        return [], list(items), []
    whole = around(lines)
    above = [one for one in islands if one.box.x1 <= whole.x0]
    below = [one for one in islands if one.box.x0 >= whole.x1]
    return above, [one for one in items if one not in above and one not in below], below


def _flow(items: Sequence[LayoutItem], rules: Sequence[Box] = ()) -> list[list[TypeLine]]:
    """Return blocks of lines in reading order; ``rules`` are level and stand outside floats."""
    out: list[list[TypeLine]] = []
    for block in _read(sorted(items, key=lambda item: (item.box.top, item.box.x0)), rules, 0):
        out += _written(block)
    return out


def _rules(page: PdfPage) -> list[Box]:
    """Return the level rules of a page that stand in no float, from top to bottom."""
    floats = [box.grown(FRAME_SLACK) for box in (*page.fills, *page.pictures)]
    found = [
        stroke
        for stroke in page.strokes
        if stroke.is_level_rule and not any(box.holds(*centre(stroke)) for box in floats)
    ]
    return sorted(found, key=lambda rule: rule.top)


def _islands(across: PdfPage, large: float) -> Iterator[LayoutItem]:
    """Yield what stands from left to right on a turned page, near lines as one solid box.

    Headlines of two articles, in type from ``large`` on, stand nearer beside each other than cells do.
    """
    items = _items(across)
    floats = [[item] for item in items if item.solid]
    loose = [item for item in items if not item.solid]
    near = touching([_grown(item, large) for item in loose])
    for group in (*floats, *grouped(loose, near)):
        box = turned_box(around([item.box for item in group]), across.width)
        lines = tuple(chain.from_iterable(_flow(group)))
        yield LayoutItem(box, group[0].size, lines, solid=True)


def _grown(item: LayoutItem, large: float) -> Box:
    """Return where another piece of the same island may begin."""
    box, reach = item.box, ISLAND_REACH * item.size / 2
    beside = HEADLINE_REACH * item.size / 2 if item.size >= large else reach
    return Box(box.x0 - beside, box.top - reach, box.x1 + beside, box.bottom + reach)


def _items(page: PdfPage) -> list[LayoutItem]:
    floats = (*page.fills, *page.pictures)
    held: dict[int, list[TypeLine]] = {}
    out: list[LayoutItem] = []
    for line in page.lines:
        if line.role == "furniture":
            continue
        home = _home(line, floats) if line.role in ("table", "label") else None
        if home is None:
            out.append(LayoutItem(line.box, line.size, (line,)))
        else:
            held.setdefault(home, []).append(line)
    for k, box in enumerate(floats):
        lines = held.get(k, [])
        if k < len(page.fills) or not any(box.meets(item.box) for item in out):
            out.append(
                LayoutItem(around([box, *(line.box for line in lines)]), USUAL_SIZE, tuple(lines), solid=True)
            )
        else:
            out += [LayoutItem(line.box, line.size, (line,)) for line in lines]
    return out


def _home(line: TypeLine, floats: Sequence[Box]) -> int | None:
    """Return the index of the float that holds the middle of a line, else of one near it; None for none."""
    x, y = (line.box.x0 + line.box.x1) / 2, (line.box.top + line.box.bottom) / 2
    inside = [k for k, box in enumerate(floats) if box.holds(x, y)]
    near = inside or [k for k, box in enumerate(floats) if box.grown(FLOAT_REACH).holds(x, y)]
    return near[0] if near else None


def _read(items: Sequence[LayoutItem], rules: Sequence[Box], depth: int) -> list[Block]:
    """Return items in reading order as blocks; a stretch with a river is read column by column.

    ``items`` are sorted from top to bottom; ``depth`` counts the columns within columns.
    """
    out: list[Block] = []
    whole = _extent(items)
    ends = _parting(items, rules, whole)
    k = 0
    while k < len(items):
        stop = next(end for end in ends if end > k)
        end, river = _stretch(items[:stop], k, whole)
        if river is None or depth > MOST_DEPTH:
            if not out:
                out.append([])
            out[-1].append(items[k])
            k += 1
            continue
        left = [item for item in items[k:end] if _right(item) <= river]
        right = [item for item in items[k:end] if _right(item) > river]
        out += [*_read(left, rules, depth + 1), *_read(right, rules, depth + 1), []]
        k = end
    return [block for block in out if block]


def _extent(items: Sequence[LayoutItem]) -> tuple[float, float]:
    """Return from where to where items stand, from left to right (points)."""
    if not items:
        return 0.0, 0.0
    return min(item.box.x0 for item in items), max(map(_right, items))


def _parting(items: Sequence[LayoutItem], rules: Sequence[Box], whole: tuple[float, float]) -> list[int]:
    """Return the indexes of the first items below rules as wide as all, or of rows of articles; and the last.

    The last is the number of items.
    """
    x0, x1 = whole
    wide = [rule.top for rule in rules if min(rule.x1, x1) - max(rule.x0, x0) >= FULL_WIDTH_SHARE * (x1 - x0)]
    firsts = (
        next((k for k, item in enumerate(items) if centre(item.box)[1] > top), len(items)) for top in wide
    )
    return [*sorted([*firsts, *row_begins(items)]), len(items)]


def _right(item: LayoutItem) -> float:
    """Return the right edge of an item's print, without the blank half of a closing mark (points)."""
    hangs = not item.solid and item.text.endswith(tuple(HANGING))
    return item.box.x1 - (item.size / 2 if hangs else 0)


def _stretch(items: Sequence[LayoutItem], begin: int, whole: tuple[float, float]) -> tuple[int, float | None]:
    """Find the longest stretch from item ``begin`` on that a river divides into columns.

    Returns its end and the place of the river (points); ``begin`` and None for no river. The search ends
    at lines that cover most of ``whole`` without white between.
    """
    wide = FULL_WIDTH_SHARE * (whole[1] - whole[0])
    cover: list[tuple[float, float]] = []
    best: tuple[int, float | None] = (begin, None)
    for k in range(begin, len(items)):
        if best[1] is not None and _heads_all(items[begin : k + 1], whole, cover):
            break
        cover = _covered(cover, (items[k].box.x0, _right(items[k])))
        gaps = [(a[1], b[0]) for a, b in pairwise(cover) if b[0] - a[1] >= RIVER * items[k].size]
        if gaps:
            left, right = max(gaps, key=lambda gap: gap[1] - gap[0])
            best = (k + 1, (left + right) / 2)
        elif best[1] is not None or (k > begin + 1 and len(cover) == 1 and cover[0][1] - cover[0][0] >= wide):
            break
    end, river = best
    if river is None:
        return best
    end = _trimmed(items, (begin, end), river)
    begins = _leading(items[begin:end], river)
    if begins or not _columns(items[begin:end], river):
        return begin, None
    return end, river


def _heads_all(
    items: Sequence[LayoutItem], whole: tuple[float, float], cover: Sequence[tuple[float, float]]
) -> bool:
    """Check whether the last item is a head over all that stands below, in larger type and centred in it.

    It may be narrower than the column that it stands under, and so leave the rivers white; that column of
    ``cover`` must stand elsewhere, for what stands in the middle one of three is its own.
    """
    *above, head = items
    slack = HEAD_OFF * head.size

    def is_centred(place: tuple[float, float]) -> bool:
        return abs(sum(place) - sum(whole)) / 2 <= slack

    larger = not head.solid and head.size > HEAD_GROWTH * above[-1].size
    if not larger or not is_centred((head.box.x0, head.box.x1)) or any(map(is_centred, cover)):
        return False
    return head.box.top >= max(one.box.bottom for one in above)


def _covered(cover: list[tuple[float, float]], new: tuple[float, float]) -> list[tuple[float, float]]:
    """Add a stretch (left, right) to disjoint ones sorted from left to right, and merge what overlaps."""
    x0, x1 = new
    out = []
    for a, b in cover:
        if b < x0 or a > x1:
            out.append((a, b))
        else:
            x0, x1 = min(a, x0), max(b, x1)
    return sorted([*out, (x0, x1)])


def _leading(items: Sequence[LayoutItem], river: float) -> bool:
    """Check whether the first item is above all of the other side, and so belongs to what is above."""
    if _is_set_above(items):
        return True
    left = _right(items[0]) <= river
    own = [item for item in items if (_right(item) <= river) is left]
    others = [item.box.top for item in items if (_right(item) <= river) is not left]
    begins = len(own) > 1 and own[1].box.top - own[0].box.bottom <= own[0].size
    return bool(others) and items[0].box.bottom <= min(others) and (left or not begins)


def _is_set_above(items: Sequence[LayoutItem]) -> bool:
    """Check whether the first item stands above all: a head centred over it, or small type, as who wrote."""
    first, *below = items
    if first.solid or not below or first.box.bottom > min(one.box.top for one in below):
        return False
    off = abs(first.box.x0 + first.box.x1 - sum(_extent(items))) / 2
    head = first.size > HEAD_GROWTH * below[0].size and off <= HEAD_OFF * first.size
    return head or median(one.size for one in below) > HEAD_GROWTH * first.size


def _trimmed(items: Sequence[LayoutItem], span: tuple[int, int], river: float) -> int:
    """Return the end of a stretch without the lines set apart below both columns, such as a heading."""
    begin, end = span
    if end == len(items):
        return end
    sides = [[item for item in items[begin:end] if (_right(item) <= river) is left] for left in (True, False)]
    if not all(sides):
        return end
    floor = min(max(item.box.bottom for item in side) for side in sides)
    for k in range(end - 1, begin, -1):
        if items[k].box.top < floor:
            break
        gap = items[k].box.top - items[k - 1].box.bottom
        if gap > HEAD_GAP * items[k].size or items[k].size > HEAD_GROWTH * items[k - 1].size:
            end = k
    return end


def _columns(items: Sequence[LayoutItem], river: float) -> bool:
    """Check whether the sides of a river are columns, and not cells of a table, numbers or a hanging list."""
    left = [item for item in items if _right(item) <= river]
    right = [item for item in items if _right(item) > river]
    if any(not _column(side) for side in (left, right)):
        return False
    a, b = around([item.box for item in left]), around([item.box for item in right])
    beside = min(a.bottom, b.bottom) - max(a.top, b.top)
    if beside < OVERLAP * min(a.height, b.height):
        return False
    return any(item.solid for item in items) or not _cells(left, right)


def _column(side: Sequence[LayoutItem]) -> bool:
    """Check whether one side of a river may be a column: two rows or more, and not narrow; or a float."""
    solid = any(item.solid for item in side)
    rows = {round(item.box.top / max(1.0, ROW_STEP * item.size)) for item in side}
    if len(rows) < FEWEST and not solid:
        return False
    box, size = around([item.box for item in side]), median(item.size for item in side)
    return solid or box.width > NARROW * size


def _cells(left: Sequence[LayoutItem], right: Sequence[LayoutItem]) -> bool:
    """Check whether two sides are rows of a table: short cells, most of them on common base lines."""
    lows = sorted(item.box.bottom for item in left)
    level = sum(_next_to(lows, item.box.bottom) <= LEVEL * item.size for item in right)
    short = min(median(len(item.text) for item in side) for side in (left, right))
    return level >= MIN_LEVEL_SHARE * min(len(left), len(right)) and short <= SHORT_CELLS


def _next_to(places: Sequence[float], place: float) -> float:
    """Return the distance from ``place`` to the nearest of some sorted places (points)."""
    k = bisect_left(places, place)
    return min(abs(place - one) for one in places[max(0, k - 1) : k + 1])


def _written(block: Block) -> list[list[TypeLine]]:
    """Return the lines of a block, pieces on one base line merged; the lines of each float by themselves."""
    out: list[list[TypeLine]] = [[]]
    for item in block:
        if item.solid:
            out += [list(item.lines), []]
            continue
        line = item.lines[0]
        above = out[-1][-1] if out[-1] else None
        beside = above and (line.box.x0 >= above.box.x1 or line.box.x1 <= above.box.x0)
        if above and beside and abs(above.base - line.base) <= SAME_BASE * max(above.size, line.size):
            cells = sorted((*(above.cells or (above,)), line), key=lambda cell: cell.box.x0)
            out[-1][-1] = merged(cells)
        else:
            out[-1].append(line)
    return [lines for lines in out if lines]
