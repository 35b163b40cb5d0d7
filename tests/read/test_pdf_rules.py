"""Rules around columns of text part articles, and make no table of them."""

from dataclasses import replace

from tests.read.type_on_pages import BODY, han, level, line, page, upright

from etl.read.pdf.floats import find_floats
from etl.read.pdf.page import Box, TypeLine


def column(x0: float, rows: int, mark: str = "，", length: int = 15) -> list[TypeLine]:
    """Return full lines below each other, each with a mark in its middle."""
    text = han(length // 2) + mark + han(length - length // 2 - len(mark))
    return [line(text, x0, 120 + 16 * k) for k in range(rows)]


def is_table(*lines: TypeLine, bars: tuple[Box, ...] = ()) -> bool:
    """Check whether these lines between two rules across the page, with others between, are a table."""
    rules = (level(100, 50, 400), level(300, 50, 400))
    found = find_floats(page(lines, strokes=(*rules, *bars)), BODY)
    return any(one.role == "table" for one in found.lines)


def test_columns_between_two_rules_are_text() -> None:
    """Two columns of text between two rules are no table, though their lines stand side by side."""
    assert not is_table(*column(50, 10), *column(230, 10))


def test_cells_between_two_rules_are_a_table() -> None:
    """Cells without marks of clauses are a table, though they are equally long."""
    assert is_table(*column(50, 10, ""), *column(230, 10, ""))


def test_one_column_of_remarks_is_a_table() -> None:
    """A table one of whose columns says something in full lines is a table."""
    assert is_table(*column(50, 10, "", length=4), *column(230, 10))


def test_two_lines_are_no_column() -> None:
    """A cell of two lines beside remarks is none of two columns."""
    assert is_table(*column(50, 2), *column(230, 4))
    assert not is_table(*column(50, 3), *column(230, 4))


def test_framed_columns_are_text() -> None:
    """A frame with a bar between two columns of text is no table."""
    sides = (upright(50, 100, 300), upright(215, 100, 300), upright(400, 100, 300))
    assert not is_table(*column(50, 10), *column(230, 10), bars=sides)
    assert is_table(*column(50, 10, ""), *column(230, 10, ""), bars=sides)


def with_head(width: float) -> bool:
    """Check whether columns of text are a table below cells of a head, a rule of this width between them."""
    cells = (line("原条文", 50, 113), line("新条文", 230, 113))
    rows = [*column(50, 8), *column(230, 8)]
    moved = [replace(one, base=one.base + 20, box=one.box._replace(top=one.box.top + 20)) for one in rows]
    return is_table(*cells, *moved, bars=(level(118, 50, 50 + width),))


def test_a_head_over_columns_makes_a_table() -> None:
    """Articles before and after a change are a table: a rule parts its head from its cells."""
    assert with_head(350)
    assert with_head(176)
    assert not with_head(174)


def test_a_headline_within_columns_is_no_head() -> None:
    """An article below another between rules has full lines, too, and makes no table of both."""
    lower = [line("，" + han(14), x0, 230 + 16 * k) for x0 in (50, 230) for k in range(4)]
    assert not is_table(*column(50, 6), *column(230, 6), *lower, bars=(level(212, 50, 400),))
