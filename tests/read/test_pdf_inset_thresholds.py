"""What tells the line ends of quotations, items and signatures from those of the column has two sides."""

from dataclasses import replace
from typing import Any

import pytest
from tests.read.test_pdf_seam_thresholds import LEFT, RIGHT, block, full
from tests.read.type_on_pages import BODY, han, line
from tests.thresholds import Edges, divides

from etl.model.report import LineEnd
from etl.read.pdf.lines import merged
from etl.read.pdf.seams import line_end_states

Rows = list[dict[str, Any]]


def states(*blocks: Rows) -> list[list[LineEnd]]:
    """Return the states of the line ends of blocks, in a document that indents its paragraphs."""
    indented = [full(x1=RIGHT - 60), full(x0=LEFT + 20)] * 5
    return line_end_states([*(block(*rows) for rows in blocks), block(*indented)], BODY)


def quotation(inset: float = 20.0, right: float = 20.0, lines: int = 3, short: int = 0) -> bool:
    """Check whether the first line of a quotation goes on, some of its lines being short."""
    rows = [full(x0=LEFT + inset, x1=RIGHT - right)] * lines
    rows += [full(x0=LEFT + inset, x1=RIGHT - right - 50)] * short
    return states([*[full()] * 30, *rows, full()])[0][30] == "join"


def in_type(size: float) -> bool:
    """Check whether a quotation goes on whose last line is in type of this size."""
    rows = [full(x0=LEFT + 20, x1=RIGHT - 20)] * 2 + [full(x0=LEFT + 20, x1=RIGHT - 20, size=size)]
    return states([*[full()] * 30, *rows, full()])[0][30] == "join"


def item(text: str, below: float = 20.0) -> bool:
    """Check whether an item of two lines goes on in one that begins so far right of its mark."""
    rows = [full(text=text, x0=LEFT), full(x0=LEFT + below, x1=RIGHT - 60), full(x0=LEFT)]
    rows[0]["text"] = text
    return states([*[full()] * 9, *rows])[0][9] == "join"


def item_over_pages(shift: float = 0.0, first: str = "（2）", after: str = "", end: str = "") -> bool:
    """Check whether an item goes on in the next block, ``shift`` points off the place of its text."""
    above = [full() | {"text": "（1）" + han(17)}, full(x0=LEFT + 30, x1=RIGHT - 60)]
    last = full() | {"text": first + han(17) + end}
    below = full(x0=LEFT + 30 + shift) | {"text": after + han(17)}
    begun = [full()] * 9
    return states([*begun, *above, last], [below, *begun])[0][-1] == "join"


def item_before_another(shift: float = 0.0) -> bool:
    """Check whether an item goes on before the next mark of a page whose margin is another."""
    above = [full(x0=LEFT + 35) | {"text": "（1）" + han(17)}, full(x0=LEFT + 65)]
    mark = full(x0=LEFT - 20) | {"text": "（2）" + han(17)}
    below = [full(x0=LEFT + 10 + shift), mark, full(x0=LEFT + 10)]
    return states([*[full()] * 9, *above], below)[0][-1] == "join"


def signature(x0: float = 150.0, width: float = 60.0, off: float = 10.0) -> bool:
    """Check whether a name at the right ends, a date below it that begins so far off."""
    name = full(x0=LEFT + x0, x1=LEFT + x0 + width)
    date = full(x0=LEFT + x0 - off, x1=LEFT + x0 - off + 40)
    last = full(x0=LEFT, x1=LEFT + x0 + width)
    return states([last, last, name, date])[0][2] == "end"


def one_line_over_an_item(text: str) -> bool:
    """Check whether a full line of an item's rest goes on in a line that this stands below."""
    rows = [full(x0=LEFT + 20), full(x0=LEFT + 20, x1=RIGHT - 60), full()]
    rows[2]["text"] = text + han(17)
    return states(rows + [full()] * 9)[0][0] == "join"


def speakers(x0: float = 60.0) -> bool:
    """Check whether a speech ends in a full line above the next name, whose words are hung so far."""
    said = full(x0=LEFT + 60)
    name, words = line("甲：", LEFT, 0, LEFT + 20), line(han(14), LEFT + x0, 0, RIGHT)
    rows = block(*[full()] * 9, said, said | {"text": han(13) + "。"}, full(), said)
    rows[11] = replace(merged([name, words]), base=rows[11].base)
    return line_end_states([rows], BODY)[0][10] == "end"


def next_item(text: str, mark: str = "（2）") -> bool:
    """Check whether an item that ends in a full line ends above a mark further out."""
    first = full() | {"text": "（1）" + han(17)}
    rows = [first, full(x0=LEFT + 30), full(x0=LEFT + 30) | {"text": text}, full() | {"text": mark + han(17)}]
    return states([*[full()] * 9, *rows, full(x0=LEFT + 30)])[0][11] == "end"


EDGES: Edges = {
    "seams _begins_anew, hung": (speakers, (69.9,), (70.1,)),
    "seams _begins_anew, the next mark": (next_item, (han(16) + "；",), (han(16) + "；", han(3))),
    "margins INSET": (quotation, (17.1, 17.1), (7.9, 17.1)),
    "margins INSET, deepest": (quotation, (29.9, 29.9), (30.1, 30.1)),
    "margins EVEN": (quotation, (20.0, 29.9), (20.0, 30.1)),
    "margins FULL_LINES": (quotation, (20.0, 20.0, 2, 1), (20.0, 20.0, 1, 2)),
    "margins FULL_LINES, of two": (quotation, (20.0, 20.0, 3), (20.0, 20.0, 2)),
    "margins MOSTLY_FULL": (quotation, (20.0, 20.0, 3, 3), (20.0, 20.0, 3, 4)),
    "margins quoted, one size": (in_type, (BODY,), (9.9,)),
    "seams _hangs, behind its mark": (item, ("一、" + han(18), 27.9), ("一、" + han(18), 28.1)),
    "seams _hangs, in mid-sentence": (item, ("一、" + han(18),), ("一、" + han(17) + "。",)),
    "seams _hangs, a mark": (item, ("一、" + han(18),), (han(20),)),
    "seams _hangs_across": (item_over_pages, (7.9,), (8.1,)),
    "seams _hangs_across, no item": (item_over_pages, (0.0,), (0.0, han(3))),
    "seams _hangs_across, the next item": (item_over_pages, (0.0,), (0.0, "（2）", "（3）")),
    "seams _hangs_across, a sentence's end": (item_over_pages, (0.0,), (0.0, "（2）", "", "。")),
    "seams _hangs_across, before a mark": (item_before_another, (7.9,), (8.1,)),
    "seams SIGNED": (signature, (90.0, 89.9), (90.0, 90.1)),
    "seams SAME_PLACE, of a signature": (signature, (150.0, 60.0, 4.6), (150.0, 60.0, 4.4)),
    "seams DEEPEST_INDENT, of a signature": (signature, (60.1,), (59.9,)),
    "seams _begins_anew": (one_line_over_an_item, ("（2）",), (han(3),)),
}


@pytest.mark.parametrize("name", EDGES)
def test_both_sides(name: str) -> None:
    """What stands on the one side holds, what stands on the other does not."""
    assert divides(*EDGES[name])
