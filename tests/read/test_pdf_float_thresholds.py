"""Every length and share by which heads, tables, figures and notes are told has a page on each side."""

from collections.abc import Sequence

import pytest
from tests.read.type_on_pages import BODY, han, level, line, page, upright
from tests.thresholds import Edges, divides

from etl.read.pdf.floats import find_floats
from etl.read.pdf.furniture import find_furniture, rows_of
from etl.read.pdf.page import Box, PdfPage, TypeLine

# ------------------------------------------------------------------------------ furniture


def paper(heads: Sequence[TypeLine], number: int, first: float = 200.0, rules: Sequence[Box] = ()) -> PdfPage:
    """Return a page with rows at its head, and text that no other page has."""
    body = [line(f"{number}文{k}" + han(30), 50, first + 16 * k) for k in range(20)]
    return page([*heads, *body], number, strokes=tuple(rules))


def printed(pages: Sequence[PdfPage], body: float = BODY) -> bool:
    """Check whether all rows above the text of the first page are furniture."""
    first = find_furniture(pages, body)[0]
    return all(one.role == "furniture" for one in first.lines if "文" not in one.text)


def head(base: float = 50.0, gap: float = 100.0, count: int = 3, name: str = "农业通讯") -> bool:
    """Check whether a row that stands on so many pages, the text so far below, is furniture."""
    return printed([paper([line(name, 50, base)], k, base + gap) for k in range(count)])


def counted(gap: float) -> bool:
    """Check whether a row with a number in it, on one page, is furniture where the text is so far away."""
    return printed([paper([line("12", 50, 50), line("办公室", 300, 50)], 0, 50 + gap)])


def small_number(size: float) -> bool:
    """Check whether the number of a page close to the text is furniture in type of this size."""
    return printed([paper([line("12", 50, 50, size=size)], 0, 65)])


def heads(count: int) -> bool:
    """Check whether so many rows that all pages have are furniture."""
    rows = [line(f"通讯{chr(0x4E00 + k)}", 50, 40 + 16 * k) for k in range(count)]
    return printed([paper(rows, k) for k in range(3)])


def over_rule(width: float = 300.0, rule: float = 60.0, again: float | None = None) -> bool:
    """Check whether rows that no other page has are furniture for the rule at them."""
    second = rule if again is None else again
    tops = [level(rule, 50, 50 + width), level(second, 50, 50 + width)]
    pages = [paper([line(f"题目{k}甲"[k:], 50, 55)], k, 70, [top]) for k, top in enumerate(tops)]
    return printed(pages)


def in_frame(off: float) -> bool:
    """Check whether a rule at a head still parts it where upright rules stand so far off its ends."""
    tops = [level(60, 50, 350), level(60, 50, 350)]
    sides = [upright(50 - off, 60, 100), upright(350 + off, 60, 100)]
    pages = [paper([line("题目甲"[k:], 50, 55)], k, 70, [top, *sides]) for k, top in enumerate(tops)]
    return printed(pages)


def often(count: int) -> bool:
    """Check whether rows at one height on so many of ten pages are furniture, each with words of its own."""
    names = "甲乙丙丁戊己庚辛壬癸"
    return printed([paper([line(names[k] * 3, 50, 50)] if k < count else [], k) for k in range(10)])


def last_page(rows: int) -> bool:
    """Check whether what a last page has where others have heads is furniture, so many rows below it."""
    names = "甲乙丙丁戊己庚"
    pages = [paper([line(name * 3, 50, 50)], k) for k, name in enumerate(names)]
    last = page([line("二月三日", 300, 50), *(line(han(9), 50, 300 + 16 * k) for k in range(rows))], 7)
    return find_furniture([*pages, last], BODY)[-1].lines[0].role == "furniture"


def alone(below: float) -> bool:
    """Check whether a number is far from the text, larger type so far below it and beside it."""
    rows = [line("12", 50, 50, size=8.0), line("文", 300, 50 + below, size=12.0)]
    return printed([paper(rows, 0)], body=8.0)


# ------------------------------------------------------------------------------ figures

PICTURE = Box(100, 100, 200, 200)


def label(
    text: str = "甲", x: float = 150.0, size: float = 9.0, pictures: Sequence[Box] = (PICTURE,)
) -> bool:
    """Check whether type in the middle of a place is a label of a figure."""
    one = line(text, x - 5, 150, x + 5, size=size)
    found = find_floats(page([one], pictures=tuple(pictures)), BODY)
    return found.lines[0].role == "label"


def parts(count: int) -> Sequence[Box]:
    """Return so many drawings that make one figure, the outermost ones first."""
    places = [(0, 0), (3, 1), (3, 0), (0, 1), (1, 0), (2, 1), (2, 0), (1, 1), (0, 2)]
    return [Box(105 + 20 * x, 120 + 20 * y, 125 + 20 * x, 140 + 20 * y) for x, y in places[:count]]


# ------------------------------------------------------------------------------ tables


def is_table(strokes: Sequence[Box], lines: Sequence[TypeLine], pictures: Sequence[Box] = ()) -> bool:
    """Check whether these rules and lines make a table."""
    return bool(find_floats(page(lines, strokes=tuple(strokes), pictures=tuple(pictures)), BODY).fills)


TWO = (line("甲", 101, 125, 108), line("乙", 101, 145, 108))  # in two rows of one column


def grid(rows: int, columns: int, **more: Sequence[Box]) -> bool:
    """Check whether so many level and upright rules make a table."""
    ys, xs = [100 + 60 * k for k in range(rows)], [100 + 50 * k for k in range(columns)]
    rules = [level(y, 100, xs[-1] + 50) for y in ys]
    return is_table([*rules, *(upright(x, 100, max(160, ys[-1])) for x in xs)], TWO, **more)


def apart(gap: float) -> bool:
    """Check whether a bar so far from the last one makes a column of its own, and so a table."""
    bars = [upright(x, 100, 160) for x in (100, 200, 200 + gap)]
    return is_table([level(100, 100, 210), level(160, 100, 210), *bars], TWO)


def beyond_frame(over: float) -> bool:
    """Check whether an image that reaches so far over the frame of a table is part of it and no figure."""
    bars = [upright(x, 100, 160) for x in (100, 200, 300)]
    rules = (level(100, 100, 300), level(160, 100, 300), *bars)
    image = Box(100 - over, 110, 150, 155)
    found = find_floats(page(TWO, strokes=rules, pictures=(image,)), BODY)
    return bool(found.fills) and not found.pictures


def low_cell(base: float) -> bool:
    """Check whether type so low is within a grid that ends at 160."""
    bars = [upright(x, 100, 160) for x in (100, 200, 300)]
    cells = (TWO[0], line("乙", 101, base, 108))
    return is_table([level(100, 100, 300), level(159.5, 100, 300), *bars], cells)


def touching(gap: float) -> bool:
    """Check whether bars that end so far from the rules belong to them."""
    bars = [upright(x, 100.5 + gap, 160 - gap) for x in (100, 200, 300)]
    return is_table([level(100, 100, 300), level(160, 100, 300), *bars], TWO)


def drawn_in_pieces(piece: float, off: float = 0.0) -> bool:
    """Check whether level rules of two pieces each make a table with bars."""
    ends = 100 + piece, 100 + 2 * piece
    rules = [rule for y in (100, 160) for rule in (level(y, 100, ends[0]), level(y + off, ends[0], ends[1]))]
    return is_table([*rules, *(upright(x, 100, 160) for x in (100, *ends))], TWO)


def short_rules(width: float) -> bool:
    """Check whether level rules of this width make a table with the two bars at their ends."""
    rules = [level(y, 100, 100 + width) for y in (100, 130, 160)]
    return is_table([*rules, upright(100, 100, 160), upright(100 + width, 100, 160)], TWO)


def band(*rows: Sequence[str], shift: float = 0.0, height: float = 0.5, width: float = 200.0) -> bool:
    """Check whether rows of cells between two rules make a table."""
    lines = [
        line(cell, 101 + 30 * n, 130 + 20 * k, 125 + 30 * n)
        for k, row in enumerate(rows)
        for n, cell in enumerate(row)
    ]
    last = 130 + 20 * len(rows)
    rules = (level(100, 100, 100 + width, height), level(last, 100 + shift, 100 + width + shift, height))
    return is_table(rules, lines)


def cells_with(prose: int, length: int = 19) -> bool:
    """Check whether rows of twenty cells, so many of them this long, make a table."""
    texts = [han(length)] * prose + ["甲"] * (20 - prose)
    return band(*[texts[k : k + 2] for k in range(0, 20, 2)])


# ------------------------------------------------------------------- captions and notes


def roles(*lines: TypeLine, strokes: Sequence[Box] = (), pictures: Sequence[Box] = ()) -> list[str]:
    """Return what the lines of a page are, from top to bottom."""
    given = page(lines, strokes=tuple(strokes), pictures=tuple(pictures))
    return [one.role for one in find_floats(given, BODY).lines]


def caption_below(gap: float) -> bool:
    """Check whether a caption in type of the text so far below a picture is one."""
    return roles(line("图1 全县耕地", 100, 200 + gap + 8.8), pictures=[PICTURE]) == ["caption"]


def caption_lines(count: int) -> bool:
    """Check whether small lines one below the other are all of a caption."""
    first = line("图1 全县耕地", 100, 100, size=9.0)
    more = [line(han(8), 100, 100 + 12 * k, size=9.0) for k in range(1, count)]
    return set(roles(first, *more)) == {"caption"}


def second_line(step: float = 12.0, size: float = 9.0, x0: float = 100.0) -> bool:
    """Check whether a line below a caption of 72 points is part of it."""
    return (
        roles(line("图1 全县耕地.", 100, 100, 172, size=9.0), line(han(8), x0, 100 + step, size=size))[1]
        == "caption"
    )


def note(top: float = 700.0, text: str = "①见前文。", rule: Box | None = None) -> bool:
    """Check whether small type below a text is a note."""
    lines = (line(han(40), 50, 100), line(text, 50, top + 0.88 * 9, size=9.0))
    return roles(*lines, strokes=[rule] if rule else [])[1] == "note"


def next_note(step: float = 12.0, x0: float = 200.0, x1: float = 260.0) -> bool:
    """Check whether an unmarked line belongs to the note above it, which stands from 200 to 290."""
    lines = (line(han(50), 20, 100), line("①见前文所述的各条", 200, 700, 290, size=9.0))
    return roles(*lines, line("又见", x0, 700 + step, x1, size=9.0))[2] == "note"


EDGES: Edges = {
    "furniture _rules, of a frame": (in_frame, (3.0,), (1.0,)),
    "furniture is_furniture, of a last page": (last_page, (1,), (0,)),
    "furniture EDGE": (head, (134.7,), (134.9,)),
    "furniture MOST_ROWS": (heads, (4,), (5,)),
    "furniture LONGEST_ROW": (lambda n: head(name="报" * n), (90,), (91,)),
    "furniture RULE": (over_rule, (270.0,), (269.0,)),
    "furniture RULE_SLACK": (over_rule, (300.0, 52.6), (300.0, 52.4)),
    "furniture RULE_REACH": (over_rule, (300.0, 94.9), (300.0, 95.1)),
    "furniture SAME_HEIGHT, HALF_STEP": (over_rule, (300.0, 60.0, 64.4), (300.0, 60.0, 64.6)),
    "furniture OFF": (lambda gap: head(gap=gap, count=2), (17.1,), (16.9,)),
    "furniture FAR": (counted, (26.1,), (25.9,)),
    "furniture FEW_PAGES": (lambda count: head(count=count), (2,), (1,)),
    "furniture FEW_PAGES, close": (lambda count: head(gap=16.0, count=count), (3,), (2,)),
    "furniture OFTEN": (often, (5,), (4,)),
    "furniture SAME_ROW": (
        lambda off: len(rows_of([line("甲", 50, 50), line("乙", 90, 50 + off)])) == 1, (4.9,), (5.1,)
    ),
    "furniture OTHER_LINE": (alone, (5.9,), (6.1,)),
    "page SMALL_TYPE, of a number": (small_number, (9.4,), (9.6,)),
    "page SMALL_TYPE, of a label": (lambda size: label(han(8), size=size), (9.4,), (9.6,)),
    "floats LABEL_REACH": (lambda away: label(x=200 + away), (19.9,), (20.1,)),
    "floats LONGEST_LABEL": (lambda n: label(han(n)), (24,), (25,)),
    "floats LONGEST_FIGURE_LABEL": (lambda n: label(han(n), size=10.0), (6,), (7,)),
    "floats SMALLEST_IMAGE": (
        lambda wide: label(x=115.0, pictures=[Box(100, 100, 100 + wide, 200)]), (36.0,), (35.9,)
    ),
    "floats FEWEST_PARTS": (lambda n: label(x=150.0, pictures=parts(n)), (8,), (7,)),
    "floats MOST_OF_PAGE": (
        lambda high: label(pictures=[Box(100, 100, 500, 100 + high)]), (659.0,), (661.0,)
    ),
    "floats RASTER": (
        lambda x: label(x=111.0, size=10.0, pictures=[Box(70, 130, 110, 170), Box(x, 130, 160, 170)]),
        (111.9,),
        (112.1,),
    ),
    "floats TOUCH": (touching, (3.9,), (4.1,)),
    "floats TOUCH, lengths of rules": (lambda n: band("甲乙", "丙丁", shift=n), (4.0,), (4.1,)),
    "floats SAME_RULE": (drawn_in_pieces, (11.0, 1.4), (11.0, 1.6)),
    "floats SHORTEST_PIECE": (drawn_in_pieces, (10.0,), (9.9,)),
    "floats SHORTEST_RULE": (short_rules, (12.0,), (11.9,)),
    "floats SIDES_OF_FRAME": (grid, (2, 3), (2, 2)),
    "floats FEWEST_SIDES": (grid, (2, 3), (1, 4)),
    "floats TOUCH, sides": (apart, (8.1,), (7.9,)),
    "floats MIDDLE": (low_cell, (163.3,), (163.4,)),
    "floats LEVEL_SIDES": (grid, (3, 1), (2, 1)),
    "floats FEWEST_PARTS, of a chart": (
        lambda n: grid(3, 3, pictures=[Box(120, 110, 140, 130)] * n), (8,), (9,)
    ),
    "page FRAME_SLACK": (beyond_frame, (1.9,), (2.1,)),
    "page MIN_RULE_ASPECT": (lambda wide: band("甲乙", "丙丁", width=wide, height=10.0), (80.1,), (79.9,)),
    "floats FEWEST_ROWS": (lambda n: band(*["甲乙"] * n), (2,), (1,)),
    "floats MIN_ROWS_WITH_CELLS": (lambda n: band(*["甲乙"] * n, *["甲"] * (8 - n)), (4,), (3,)),
    "floats MAX_PROSE_SHARE": (cells_with, (4,), (5,)),
    "floats PROSE_IN_TABLE": (cells_with, (5, 18), (5, 19)),
    "floats CAPTION_REACH": (caption_below, (29.9,), (30.1,)),
    "floats MAX_CAPTION_LINES": (caption_lines, (12,), (13,)),
    "floats CAPTION_LEADING": (second_line, (16.1,), (16.3,)),
    "floats SAME_SIZE": (second_line, (12.0, 8.5), (12.0, 8.4)),
    "floats CAPTION_SHIFT": (second_line, (12.0, 9.0, 189.9), (12.0, 9.0, 190.1)),
    "floats NOTES_FROM": (note, (360.1,), (359.9,)),
    "floats NOTE_RULE_GAP": (
        lambda gap: note(700, "见前文", level(700 - gap, 50, 150)), (19.9,), (20.1,)
    ),
    "floats NOTE_RULE_SHIFT": (
        lambda off: note(700, "见前文", level(690, 50 + off, 190)), (29.9,), (30.1,)
    ),
    "floats STACK_STEP": (next_note, (21.5,), (21.7,)),
    "floats STACK_INDENT": (next_note, (12.0, 298.9, 320.0), (12.0, 299.1, 320.0)),
    "floats STACK_OUTDENT": (next_note, (12.0, 160.0, 173.1), (12.0, 160.0, 172.9)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
