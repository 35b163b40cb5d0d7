"""Tables of PDFs: one row a line, cells between tabs, empty ones kept; pieces on pages are one."""

from collections.abc import Sequence
from itertools import pairwise

from write_pdf import Page, pdf

import etl
from etl.model.mentions import Person
from etl.model.report import Report

TEXT = "县水利局组织四个工作组，分赴各乡镇逐条查看渠段，结果如下表所示，供各单位参照执行。"
Cells = Sequence[Sequence[str]]
Line = tuple[float, float, float, str]


def grid(rows: Cells, top: float = 100, edges: Sequence[float] = (40, 140, 240, 340)) -> Page:
    """A table with rules around each cell, 16 points a row, and a line of text above it."""
    lines: list[Line] = [(40, top - 30, 10, TEXT[:30])]
    for k, row in enumerate(rows):
        lines += [(x + 4, top + 12 + 16 * k, 10, cell) for x, cell in zip(edges, row, strict=False) if cell]
    bottom = top + 16 * len(rows)
    rules = [(edges[0], top + 16 * k, edges[-1], top + 16 * k) for k in range(len(rows) + 1)]
    return Page(lines=lines, rules=[*rules, *((x, top, x, bottom) for x in edges)])


def made(*pages: Page) -> Report:
    """The report of a PDF."""
    return etl.process(pdf(pages), uri="memory:a.pdf")


def table(report: Report) -> list[list[str]]:
    """The rows of all tables of a report."""
    return [p.text.split("\t") for p in report.paragraphs if p.kind == "table"]


def test_empty_cells() -> None:
    """Cells that are empty stay, at either end of a row too, and each row counts the same cells."""
    rows = (("乡镇", "渠道", "备注"), ("柳树镇", "12", ""), ("", "9", "已完工"), ("上坪乡", "", "在建"))

    assert table(made(grid(rows))) == [list(row) for row in rows]


def test_cells_without_upright_rules() -> None:
    """Where three level rules are all that is printed, the gaps that rows share part the cells."""
    rows = (
        ("乡镇", "渠道", "长度"),
        ("柳树镇", "12", "18.6"),
        ("石桥镇", "", "11.2"),
        ("上坪乡", "7", "8.4"),
    )
    page = grid(rows)
    level = [(40, y, 340, y) for y in (100, 116, 164)]

    assert table(made(Page(lines=page.lines, rules=level))) == [list(row) for row in rows]


def test_cell_of_several_lines() -> None:
    """The lines of one cell are one row with what stands beside them."""
    page = grid(
        (("乡镇", "做法", "户"), ("柳树镇", "", "12"), ("石桥镇", "清淤", "7"), ("上坪乡", "砌石", "3"))
    )
    taller = [(x, y + 14 if y > 130 else y + 7 if y > 120 else y, size, t) for x, y, size, t in page.lines]
    rules = [
        (a, b + 14 if b > 120 else b, c, d + 14 if d > 120 else d) for a, b, c, d in page.rules
    ]  # fmt: skip
    cell = [(144, 128, 10, "请技术员重新测量"), (144, 142, 10, "并加砌护坡")]
    found = table(made(Page(lines=[*taller, *cell], rules=rules)))

    assert found[1] == ["柳树镇", "请技术员重新测量并加砌护坡", "12"]
    assert len(found) == 4


def test_cell_over_two_rows() -> None:
    """A cell over several rows stands in the first of them, the cells below it are empty."""
    page = grid((("乡镇", "渠道", "长度"), ("", "东渠", "3"), ("", "西渠", "5"), ("石桥镇", "北渠", "2")))
    rules = [r if r[1] != 132 else (140, 132, 340, 132) for r in page.rules]
    found = table(made(Page(lines=[*page.lines, (44, 136, 10, "柳树镇")], rules=rules)))

    assert found[1:3] == [["柳树镇", "东渠", "3"], ["", "西渠", "5"]]


def test_continued_table() -> None:
    """A table that goes on over a page is one; the head that is printed again is explained in the ledger."""
    head = ("乡镇", "渠道", "备注")
    first, second = (
        (("柳树镇", "12", "好"), ("石桥镇", "9", "")),
        (("上坪乡", "7", ""), ("杨家湾", "3", "好")),
    )
    page = grid((head, *first), top=460)
    again = grid((head, *second), top=60)
    upper = Page(lines=[*page.lines, (196, 548, 9, "1")], rules=page.rules)
    lower = Page(lines=[*again.lines[1:], (44, 50, 9, "续表1"), (196, 548, 9, "2")], rules=again.rules)
    report = made(upper, lower)

    assert table(report) == [list(row) for row in (head, *first, *second)]
    gone = [edit.before for edit in report.edits if edit.rule == "furniture"]
    assert "\t".join(head) in gone
    assert "续表1" in gone


def test_cells_are_searched() -> None:
    """Names and sums are found in cells, none of them over two, and no fact is read out of a row."""
    rows = (
        ("捐赠人", "受赠人", "款项"),
        ("张建国", "捐款给李红", "5万元"),
        ("绛县红十字会", "捐赠给人民医院", "口罩100个"),
    )
    report = made(grid(rows))

    assert {"张建国", "李红"} <= {e.text for e in report.entities if isinstance(e, Person)}
    assert any(entity.type == "money" and entity.text == "5万元" for entity in report.entities)
    assert not any("\t" in entity.text for entity in report.entities)
    assert report.facts == ()


def test_rows_are_never_repaired() -> None:
    """Rows that come again and again, and cells that look cut, stay as they are printed."""
    rows = (("项目", "适用", "说明"), *((("", "√适用", "按期完成，"),) * 6))

    assert table(made(grid(rows))) == [list(row) for row in rows]


def test_rows_of_other_formats() -> None:
    """Rows of Word and Markdown are of the same kind; a cell alone in its row is text."""
    report = etl.process(
        "# 通报\n\n|村|户|\n|---|---|\n|甲村|3|\n\n春耕从三月开始。".encode(), uri="memory:a.md"
    )

    assert [p.text for p in report.paragraphs if p.kind == "table"] == ["村\t户", "甲村\t3"]
    page = (
        "<html><body><table><tr><td>春耕从三月开始，全县的水渠都已经修好了。</td></tr></table></body></html>"
    )
    kinds = {p.kind for p in etl.process(page.encode(), uri="memory:a.html").paragraphs}
    assert "table" not in kinds


def test_rules_of_low_rows() -> None:
    """Bars that are drawn row by row, each lower than a rule is long, part cells all the same."""
    rows = (
        ("乡镇", "渠道", "备注"),
        ("柳树镇", "12", ""),
        ("石桥镇", "9", "已完工"),
        ("上坪乡", "7", "在建"),
    )
    edges, low = (40, 140, 240, 340), 11.5
    cells = [
        (x + 4, 100 + low * k + 9, 7, cell)
        for k, row in enumerate(rows)
        for x, cell in zip(edges, row, strict=False)
        if cell
    ]
    level = [(a, 100 + low * k, b, 100 + low * k) for k in range(5) for a, b in pairwise(edges)]
    bars = [(x, 100 + low * k, x, 100 + low * (k + 1)) for k in range(4) for x in edges]

    assert table(made(Page(lines=cells, rules=[*level, *bars]))) == [list(row) for row in rows]
