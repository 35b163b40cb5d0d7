"""Every length and share by which line ends and cells of tables are judged has lines on each side of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.read.type_on_pages import BODY, han, level, line, upright
from tests.thresholds import Edges, divides

from etl.model.report import LineEnd
from etl.read.pdf.page import Box, TypeLine
from etl.read.pdf.seams import line_end_states
from etl.read.pdf.tables import mark_repeated_heads, rows_of_table
from etl.read.pdf.writing import raw_lines

LEFT, RIGHT, PITCH = 50.0, 250.0, 16.0

# ------------------------------------------------------------------------------ line ends


def full(text: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a row from margin to margin, its text filled up before its last character."""
    return {"text": han(20 - len(text)) + text, "x0": LEFT, "x1": RIGHT, "step": PITCH, **more}


def block(*rows: dict[str, Any]) -> list[TypeLine]:
    """Return rows one below the other, each its step below the last."""
    out, base = [], 100.0
    for row in rows:
        base += row["step"]
        size = row.get("size", BODY)
        one = line(row["text"], row["x0"], base, row["x1"], size=size)
        out.append(replace(one, font=row.get("font", "f")))
    return out


def end(upper: dict[str, Any], below: dict[str, Any], *before: dict[str, Any]) -> LineEnd:
    """Return the state of the line end between two rows behind eight full ones."""
    rows = [*(before or [full()] * 8), upper, below, full()]
    return line_end_states([block(*rows)], BODY)[0][len(rows) - 3]


def centred(width: float, off: float = 0.0) -> dict[str, Any]:
    """Return a row of this width in the middle of the column, or so far right of it."""
    middle = (LEFT + RIGHT) / 2 + off
    return full(x0=middle - width / 2, x1=middle + width / 2)


def title(size: float = 12.0, step: float = 18.0, off: float = 0.0) -> bool:
    """Check whether two lines of a title go on."""
    rows = [full(x0=100, x1=200, size=size), full(x0=120 + off, x1=180 + off, size=size, step=step)]
    return line_end_states([block(*rows)], BODY)[0][0] == "join"


def two_lines(step: float) -> bool:
    """Check whether two full lines go on where nothing but they tell the line distance."""
    return line_end_states([block(full(), full(step=step))], BODY)[0][0] == "join"


def wider_than_most(count: int) -> bool:
    """Check whether a block of so many wide steps has a line distance of its own."""
    rows = [full(), *[full(step=22.0)] * count]
    return line_end_states([block(*[full()] * 12), block(*rows)], BODY)[1][0] == "join"


def step_of_two_fonts(*steps: float) -> LineEnd:
    """Return the state of the first line end of a block whose fonts take turns, its line distances given."""
    rows = [full(font="fg"[k % 2], step=step) for k, step in enumerate((PITCH, *steps))]
    return line_end_states([block(*rows)], BODY)[0][0]


def item(indent: float, after: float | None = None) -> bool:
    """Check whether an item goes on in lines that begin so far right of its mark, the next one there, too."""
    following = LEFT + (indent if after is None else after)
    rows = [full() | {"text": "•" + han(19)}, full(x0=LEFT + indent), full(x0=following)]
    return line_end_states([block(*[full()] * 8, *rows)], BODY)[0][8] == "join"


def habit(*rows: dict[str, Any]) -> bool:
    """Check whether a document with these rows tells its paragraphs by indents or space.

    A full line that ends a sentence and stands close above another then goes on.
    """
    return line_end_states([block(full("。"), full(), *rows)], BODY)[0][0] == "join"


def indents(count: int, flush: int, offset: float = 20.0, *, down: bool = False) -> bool:
    """Check whether so many indented lines among so many flush ones are a habit."""
    rows = [full("。"), full(), *[full()] * (flush - 1), *[full(x0=LEFT + offset)] * count]
    return line_end_states([[replace(one, vertical=down) for one in block(*rows)]], BODY)[0][0] == "join"


def bulleted(mark: str) -> bool:
    """Check whether nobody can tell if a paragraph ends before a line, for what the line begins with."""
    rows = [full("。"), full() | {"text": mark + han(12)}, *[full()] * 9, full(x0=LEFT + 20)]
    return line_end_states([block(*rows, *[full(x0=LEFT + 20)])], BODY)[0][0] == "open"


def begins(count: int, of: int, room: float = 40.0) -> bool:
    """Check whether so many indented lines of those behind much room are a habit among many flush lines."""
    rows = []
    for k in range(of):
        rows += [full(x1=RIGHT - room), full(x0=LEFT + 20) if k < count else full(), *[full()] * 19]
    return habit(*rows)


def margin(count: int, near: float | None = None) -> bool:
    """Check whether the ends of so many of forty lines make the margin, and leave room to others."""
    rows = [full(x1=RIGHT + 20)] * count + ([full(x1=near)] if near else [])
    rows = [*[full()] * (40 - len(rows)), *rows]
    return line_end_states([block(*rows)], BODY)[0][0] == "end"


def short_page(off: float) -> bool:
    """Check whether short lines end paragraphs, one line ending so far off the margin of a longer block."""
    rows = [full(x1=LEFT + 100)] * 3 + [full(x1=LEFT + 60)] * 8 + [full(x1=RIGHT - off)]
    return line_end_states([block(*rows), block(*[full()] * 20)], BODY)[0][0] == "end"


def single(fillers: int, x0: float = LEFT) -> bool:
    """Check whether a single line finds the column of a block so many blocks away."""
    lone = block(full(x1=RIGHT - 50))
    other = [block(full(x0=400.0, x1=500.0))] * fillers
    return line_end_states([lone, *other, block(full(x0=x0), full(x0=x0))], BODY)[0][0] == "end"


# ------------------------------------------------------------------------------ tables

TABLE = Box(100, 100, 300, 200)


def table(*cells: TypeLine, strokes: Sequence[Box] = (), box: Box = TABLE) -> list[str]:
    """Return the rows of a table."""
    return [one.text for one in rows_of_table(cells, strokes, box)]


def wraps(step: float = 14.0, end: float = 190.0, below: float = 150.0) -> bool:
    """Check whether a line of a cell goes on so far below, ending at these places."""
    head = (line("项目", 100, 115, 190), line("数额", 200, 115, 250))
    row = (line(han(9), 100, 145, end), line("12", 200, 145, 220))
    return len(table(*head, *row, line(han(5), 100, 145 + step, below))) == 2


def in_bands(inner: int, length: int = 9) -> bool:
    """Check whether a cell that goes on makes two rows one, so many rules being within the table."""
    strokes = [upright(200, 100, 200), *(level(135 + 30 * k, 100, 300) for k in range(inner))]
    upper = (line(han(length), 100, 115, 198), line("甲", 205, 115, 215))
    return len(table(*upper, line(han(5), 100, 128, 150), line("乙", 205, 128, 290), strokes=strokes)) == 1


def scattered(*rows: str) -> bool:
    """Check whether lines between two rules are one row, each given by the columns that it has cells in."""
    wide = Box(100, 100, 400, 500)
    bars = [upright(100 + 50 * k, 100, 500) for k in range(1, 6)]
    rules = [level(y, 100, 400) for y in (300, 400)]
    cells = [
        line("甲", 110 + 50 * int(column), 130 + 25 * k, 120 + 50 * int(column))
        for k, row in enumerate(rows)
        for column in row
    ]
    return len(table(*cells, strokes=[*bars, *rules], box=wide)) == 1


def white(both: int, left: int) -> bool:
    """Check whether white parts a column: both sides are filled in some rows, the left in others."""
    strokes = [upright(200, 100, 300), *(level(120 + 20 * k, 100, 300) for k in range(7))]
    cells = [line("甲", 105, 135 + 20 * k, 115) for k in range(both + left)]
    cells += [line("乙", 170, 135 + 20 * k, 180) for k in range(both)]
    rows = table(*cells, strokes=strokes, box=Box(100, 100, 300, 300))
    return rows[0].count("\t") == 2


def chart(columns: int, filled: int) -> bool:
    """Check whether two rows of so many columns with so many cells are a chart."""
    box = Box(100, 100, 100 + 30 * columns, 200)
    bars = [upright(100 + 30 * k, 100, 200) for k in range(1, columns)]
    cells = [line("甲", 105 + 30 * (k // 2), 130 + 40 * (k % 2), 115 + 30 * (k // 2)) for k in range(filled)]
    return {one.role for one in rows_of_table(cells, bars, box)} == {"label"}


def under_rule(width: float) -> bool:
    """Check whether a rule of this width in a table without bars parts two lines of a cell."""
    return len(table(line(han(19), 100, 130, 290), line(han(5), 100, 144, 150),
                     strokes=[level(136, 100, 100 + width)])) == 2  # fmt: skip


def row(text: str, base: float, x0: float, x1: float, number: int) -> TypeLine:
    """Return a row of a table on a page."""
    return replace(line(text, x0, base, x1, role="table"), page=number)


def goes_on(shift: float = 0.0, caption: str = "") -> bool:
    """Check whether a table on the next page, moved so far, is the rest of the one before."""
    first = [row("项目\t数额", 100, 100, 300, 0), row("柳树\t12", 120, 100, 300, 0)]
    rest = [row("项目\t数额", 100, 100 + shift, 300 + shift, 1),
            row("石桥\t9", 120, 100 + shift, 300 + shift, 1)]  # fmt: skip
    over = [[line(caption, 100, 80, role="caption")]] if caption else []
    found = mark_repeated_heads([[first], [*over, rest]])
    return any(one.role == "furniture" and "项目" in one.text for part in found[1] for one in part)


def note_goes_on(end: float = 250.0, below: float = 50.0) -> bool:
    """Check whether a line of a note that ends there goes on in one that begins there."""
    rows = [line(han(20), 50, 100, 250), line(han(20), 50, 112, end), line(han(9), below, 124)]
    notes = [line(one.text, one.box.x0, one.base, one.box.x1, role="note") for one in rows]
    return raw_lines([[notes]], BODY)[1].end == "join"


EDGES: Edges = {
    "seams WIDER": (lambda step: end(full(), full(step=step)) == "join", (20.4,), (20.6,)),
    "seams SHORT": (lambda room: end(full(x1=RIGHT - room), full()) == "join", (16.9,), (17.1,)),
    "seams WORD_SLACK": (
        lambda room: end(full(x1=RIGHT - room), full(text="abcd" + han(18))) == "join", (25.9,), (26.1,)
    ),
    "margins HANGING_BLANK": (
        lambda room: end(full("，", x1=RIGHT - room), full()) == "join", (12.4,), (12.6,)
    ),
    "seams INDENT": (lambda off: end(full(), full(x0=LEFT + off)) == "join", (7.9,), (8.1,)),
    "seams DEEPEST_INDENT": (lambda wide: end(full(), centred(wide)) == "open", (79.8,), (80.2,)),
    "seams CENTRED": (lambda off: end(full(), centred(60, off)) == "open", (11.9,), (12.1,)),
    "seams DEEP_CENTRED": (
        lambda x0: end(*[full(x0=x0, x1=240)] * 2, *[full()] * 30) == "end", (80.1,), (79.9,)
    ),
    "seams RESIZED": (lambda size: end(full(), full(size=size)) == "join", (10.7,), (10.8,)),
    "seams LARGER": (title, (11.3,), (11.1,)),
    "seams TITLE_STEP": (title, (12.0, 23.9), (12.0, 24.1)),
    "seams TITLE_SHIFT": (title, (12.0, 18.0, 11.9), (12.0, 18.0, 12.1)),
    "seams LOOSE": (two_lines, (25.9,), (26.1,)),
    "seams FEWEST_STEPS": (wider_than_most, (4,), (3,)),
    "seams USUAL_PITCH": (lambda n: step_of_two_fonts(n, 29, 29, 29) == "join", (19.1,), (19.3,)),
    "margins LOWER_STEPS": (
        lambda n: step_of_two_fonts(24, *[16] * (6 - n), *[24] * (n - 1)) == "join", (4,), (3,)
    ),
    "margins LONGEST_STEP": (lambda n: step_of_two_fonts(24, 24, *[n] * 4) == "join", (30.1,), (29.9,)),
    "seams DEEPEST_INDENT, of an item": (item, (60.0,), (60.1,)),
    "seams INDENT, of an item": (item, (20.0, 27.9), (20.0, 28.1)),
    "seams FEWEST_SPACES": (
        lambda n: habit(*[full()] * 4, *[full(step=24.0)] * n), (2,), (1,)
    ),
    "seams STYLED": (lambda n: habit(*[full()] * (n - 1), *[full(step=24.0)] * 3), (20,), (21,)),
    "seams FEWEST_INDENTS": (indents, (2, 5), (1, 5)),
    "seams INDENTED": (indents, (3, 40), (3, 41)),
    "seams INDENT_RANGE": (indents, (2, 5, 12.1), (2, 5, 11.9)),
    "seams INDENT_RANGE, deepest": (indents, (2, 5, 31.9), (2, 5, 32.1)),
    "margins SAME_PLACE, of a longer block's margin": (short_page, (4.4,), (4.6,)),
    "seams INDENT_RANGE_DOWN": (
        lambda offset: indents(2, 5, offset, down=True), (8.1,), (7.9,)
    ),
    "seams INDENT_RANGE_DOWN, deepest": (lambda offset: indents(2, 5, offset, down=True), (31.9,), (32.1,)),
    "seams BULLET": (bulleted, ("★",), ("田",)),
    "seams BULLET, an article": (bulleted, ("第一百二十五条",), ("第一百二十五回",)),
    "seams MUCH_ROOM": (begins, (3, 3, 30.1), (3, 3, 29.9)),
    "seams FEWEST_BEGINS": (begins, (3, 3), (2, 2)),
    "seams MOSTLY": (begins, (5, 6), (4, 6)),
    "margins OUTERMOST": (margin, (6,), (5,)),
    "margins SAME_PLACE": (margin, (5, 265.6), (5, 265.4)),
    "margins NEIGHBOURS": (single, (28,), (29,)),
    "margins BEGINS_ALIKE": (single, (3, LEFT + 4.9), (3, LEFT + 5.1)),
    "tables SAME_BOUND": (
        lambda off: table(line("甲", 105, 130, 115), strokes=[upright(150, 100, 200),
                          upright(150 + off, 100, 200)]) == ["甲\t\t"], (3.1,), (2.9,)
    ),
    "tables CROWDED": (
        lambda off: len(table(line("甲", 105, 130, 115), line("乙", 205, 130 + off, 215))) == 1,
        (9.4,),
        (9.6,),
    ),
    "tables WRAPPED": (wraps, (17.4,), (17.6,)),
    "tables MAX_ROOM": (wraps, (14.0, 173.1, 172.0), (14.0, 172.9, 172.0)),
    "tables MAX_ROOM, below": (wraps, (14.0, 160.0, 137.9), (14.0, 160.0, 138.1)),
    "tables FEWEST_BANDS": (in_bands, (2,), (1,)),
    "tables MIN_WRAPPED_LENGTH": (in_bands, (2, 8), (2, 7)),
    "tables SHARED": (scattered, ("012", "345"), ("012", "234")),
    "tables MOSTLY, of rows": (scattered, ("012", "234", "0", "1", "2"), ("012", "234", "0", "1")),
    "tables FEWEST_ROWS": (white, (2, 0), (1, 0)),
    "tables MOSTLY, of heights": (white, (2, 2), (2, 3)),
    "tables MOSTLY, of four": (white, (3, 3), (2, 4)),
    "tables SAME_BOUND, from the frame": (
        lambda off: table(line("甲", 250, 130, 260), strokes=[upright(off, 100, 200)]) == ["\t甲"],
        (106.1,),
        (105.9,),
    ),
    "tables SAME_BOUND, from the frame's end": (
        lambda x: table(line("甲", 250, 130, 260), strokes=[upright(x, 100, 200)]) == ["甲\t"],
        (293.9,),
        (294.1,),
    ),
    "tables LEAST_FILLED": (chart, (20, 7), (20, 8)),
    "tables LONG_RULE": (under_rule, (100.0,), (99.0,)),
    "tables ALIKE": (goes_on, (19.0,), (21.0,)),
    "tables LONGEST_CONTINUED_CAPTION": (
        lambda n: goes_on(caption="续表1" + han(n - 3)), (40,), (41,)
    ),
    "writing ROOM": (note_goes_on, (230.1,), (229.9,)),
    "writing INDENT": (note_goes_on, (250.0, 54.9), (250.0, 55.1)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
