"""Find running heads, feet and page numbers by their place, and by what the pages of a document share.

Rows are examined from the edge of a page inwards; the first that is text ends the search. Another sign of
furniture is one more line in `_Pages.is_furniture`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from etl.read.pdf.page import ASCENT, FRAME_SLACK, SMALL_TYPE, Box, PdfPage, TypeLine
from etl.text.page_number import HAN_PAGE, PAGE

EDGE = 0.17  # of the height: rows further inside are no heads or feet
MOST_ROWS = 4  # rows at an edge that are asked: a head of three, and its rule's row
LONGEST_ROW = 90  # characters of a row: a head says less than two lines of text
RULE = 0.45  # of the width of the page: a rule that parts heads and feet from the text
SAME_HEIGHT = 5.0  # points
# Sizes of its type from base line to base line between a row of the page and the text: lines of a text stand
# less than OFF apart, paragraphs less than FAR.
OFF, FAR = 1.7, 2.6
FEW_PAGES = 2  # on which a row says the same: once is no habit
FEWEST_BESIDE = 2  # lines of a turned page, where one of them stands beside the text
OFTEN = 0.5  # of the pages that have a row at the place
SAME_ROW = 0.5  # of the smaller size: base lines that stand nearer are one row
RULE_SLACK = 0.25  # of the size: how far a row may reach over the rule that it stands on
RULE_REACH = 4.0  # sizes of the text between a row and its rule: a head of two rows still has it
HALF_STEP = 0.4  # of SAME_HEIGHT: heights that are nearer to the next step count for both
OTHER_LINE = 0.5  # of the size: what stands nearer is of the same line
DIGITS = re.compile(r"[0-9０-９]+")
_SIGNS = r"[\W_]{0,9}+"  # possessive: what follows is none of them
NUMBER = re.compile(
    rf"{_SIGNS}(?:第|共|p\.?|page)?{_SIGNS}(?:[0-9０-９]{{1,6}}|[ivxlcⅰ-ⅹ]{{1,7}}|{HAN_PAGE}){_SIGNS}{PAGE}?{_SIGNS}"
    rf"(?:(?:of|共|总|總)?{_SIGNS}(?:[0-9０-９]{{1,5}}|{HAN_PAGE}){_SIGNS}{PAGE}?{_SIGNS})?",
    re.IGNORECASE,
)
Row = tuple[TypeLine, ...]


def find_furniture(pages: Sequence[PdfPage], body: float) -> list[PdfPage]:
    """Mark running heads, feet and page numbers as furniture; ``body`` is the size of the text in points.

    A turned page is asked twice: for lines from left to right above and below its text, and for those beside.
    """
    level = _found([_as_held(page) for page in pages], body)
    out = [_with_across(page, found) for page, found in zip(pages, level, strict=True)]
    turned = iter(_found([page for page in out if page.across], body))
    return [next(turned) if page.across else page for page in out]


def _as_held(page: PdfPage) -> PdfPage:
    """Return a page as a reader holds it: of a line that runs down the first and the last sign."""
    if page.across is None:
        return page
    lines = (*page.across.lines, *chain.from_iterable(map(_ends, page.across.crossing)))
    return replace(page.across, lines=tuple(sorted(lines, key=lambda line: (line.base, line.box.x0))))


def _ends(line: TypeLine) -> Iterator[TypeLine]:
    box, size = line.box, line.size
    for top in (box.top, box.bottom - size):
        yield replace(line, box=Box(box.x0, top, box.x1, top + size), base=top + ASCENT * size)


def _with_across(page: PdfPage, found: PdfPage) -> PdfPage:
    if page.across is None:
        return found
    lines = tuple(line for line in found.lines if not line.vertical)
    return replace(page, across=replace(page.across, lines=lines))


def _found(pages: Sequence[PdfPage], body: float) -> list[PdfPage]:
    edged = [(page, _edges(page)) for page in pages]
    known = _Pages.of(edged, body)
    return [_marked(page, known.furniture(page, edges)) for page, edges in edged]


def _marked(page: PdfPage, found: set[TypeLine]) -> PdfPage:
    lines = tuple(replace(line, role="furniture") if line in found else line for line in page.lines)
    return replace(page, lines=lines) if found else page


def rows_of(lines: Sequence[TypeLine]) -> list[Row]:
    """Group lines on one base line into rows: from top to bottom, each from left to right."""
    rows: list[list[TypeLine]] = []
    for line in sorted(lines, key=lambda one: one.base):
        if rows and line.base - rows[-1][0].base <= SAME_ROW * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [tuple(sorted(row, key=lambda one: one.box.x0)) for row in rows]


def _edges(page: PdfPage) -> tuple[list[Row], list[Row]]:
    """Return the rows near the head and near the foot of a page, each the outermost first."""
    if not page.upright:
        return [], []
    rows = rows_of(page.lines)
    if page.across and len(rows) < FEWEST_BESIDE:
        return [], []
    top = [row for row in rows[:MOST_ROWS] if row[0].box.bottom <= EDGE * page.height]
    foot = [row for row in rows[::-1][:MOST_ROWS] if row[0].box.top >= (1 - EDGE) * page.height]
    return top, [row for row in foot if row not in top]


def _key(row: Row) -> str:
    """Return a row's words in any order, with # for every number, to compare it with rows of other pages."""
    return "\t".join(sorted(DIGITS.sub("#", "".join(line.text.split())) for line in row))


@dataclass(frozen=True, slots=True)
class _Pages:
    """What the pages of a document have in common; heights are in steps of `SAME_HEIGHT`.

    Attributes:
        count: number of pages with text.
        keys: how often the words of a row are printed at about a height.
        heights: how often an outermost row is at about a height.
        rules: how often a rule is at about a height.
        body: size of the text in points.
    """

    count: int
    keys: Counter[tuple[str, int]]
    heights: Counter[int]
    rules: Counter[int]
    body: float

    @classmethod
    def of(cls, pages: Sequence[tuple[PdfPage, tuple[list[Row], list[Row]]]], body: float) -> "_Pages":
        keys: Counter[tuple[str, int]] = Counter()
        heights: Counter[int] = Counter()
        rules: Counter[int] = Counter()
        for page, (top, foot) in pages:
            keys.update({(_key(row), near) for row in (*top, *foot) for near in _near(row[0].base)})
            heights.update({near for rows in (top, foot) for row in rows[:1] for near in _near(row[0].base)})
            rules.update({near for rule in _rules(page) for near in _near(rule.top)})
        return cls(sum(bool(page.lines) for page, _ in pages), keys, heights, rules, body)

    def furniture(self, page: PdfPage, edges: tuple[list[Row], list[Row]]) -> set[TypeLine]:
        """Return the lines of a page that are furniture."""
        out: set[TypeLine] = set()
        alone = sum(len(row) for rows in edges for row in rows) == len(page.lines)
        for rows, inward in zip(edges, (1, -1), strict=True):
            for k, row in enumerate(rows):
                if len("".join(line.text for line in row)) > LONGEST_ROW:
                    break
                if not self.is_furniture(page, rows[: k + 1], inward, alone=alone):
                    break
                out.update(row)
        return out

    def is_furniture(self, page: PdfPage, rows: Sequence[Row], inward: int, *, alone: bool) -> bool:
        """Check whether the last of these rows of an edge is furniture, given that those outside it are.

        ``inward`` is 1 for rows of the head, -1 for those of the foot; ``alone`` means that the page has no
        rows but at its edges: what a last page has may stand where other pages have their heads.
        """
        row, gap, first = rows[-1], _gap(page, rows[-1], inward), len(rows) == 1
        at = round(row[0].base / SAME_HEIGHT)
        if self.beyond_rule(page, row, inward):
            return True
        if self.keys[_key(row), at] >= (FEW_PAGES if gap >= OFF else FEW_PAGES + 1):
            return True
        if NUMBER.fullmatch("".join(line.text for line in row)) and (gap >= OFF or self._small(row)):
            return True
        if first and gap >= FAR and (_numbered(row) or (page.number and self._small(row))):
            return True
        often = self.heights[at] >= max(FEW_PAGES + 1, OFTEN * self.count)
        return first and often and not alone and (gap >= FAR or (gap >= OFF and self._small(row)))

    def beyond_rule(self, page: PdfPage, row: Row, inward: int) -> bool:
        """Check whether a rule across the page, as other pages have it, separates the row from the text."""
        for rule in _rules(page):
            outside = (rule.top - row[0].base) * inward > -RULE_SLACK * row[0].size
            near = abs(rule.top - row[0].base) <= RULE_REACH * self.body
            if outside and near and self.rules[round(rule.top / SAME_HEIGHT)] >= min(self.count, FEW_PAGES):
                return True
        return False

    def _small(self, row: Row) -> bool:
        return max(line.size for line in row) < SMALL_TYPE * self.body


def _numbered(row: Row) -> bool:
    """Check whether a row has several parts, one of which is a page number."""
    return len(row) > 1 and any(NUMBER.fullmatch(part.text) for part in row)


def _near(height: float) -> set[int]:
    at = height / SAME_HEIGHT
    return {round(at), round(at + HALF_STEP), round(at - HALF_STEP)}


def _rules(page: PdfPage) -> Iterator[Box]:
    """Yield the level rules across much of the page near its head or foot, without sides of frames."""
    upright = [stroke for stroke in page.strokes if stroke.height > FRAME_SLACK >= stroke.width]
    for stroke in page.strokes:
        edge = stroke.bottom <= EDGE * page.height or stroke.top >= (1 - EDGE) * page.height
        if edge and stroke.width >= RULE * page.width and stroke.is_level_rule:
            ends = (Box(x, stroke.top, x, stroke.bottom).grown(FRAME_SLACK) for x in (stroke.x0, stroke.x1))
            if not all(any(end.meets(side) for side in upright) for end in ends):
                yield stroke


def _gap(page: PdfPage, row: Row, inward: int) -> float:
    """Return the distance from a row to the next line inwards, in sizes of the row's type; `FAR` for none."""
    base = row[0].base
    beyond = [
        (line.base - base) * inward
        for line in page.lines
        if (line.base - base) * inward > OTHER_LINE * line.size
    ]
    return min(beyond) / row[0].size if beyond else FAR
