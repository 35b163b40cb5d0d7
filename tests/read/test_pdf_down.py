"""PDFs whose lines run from top to bottom: registers, heads and numbers, letters, and where it all stands."""

from collections.abc import Sequence
from itertools import chain

import pytest
from tests.read.joined import paragraphs
from write_pdf import Page, pdf, wrapped

from etl.model.report import RawReport, Reading
from etl.read import read

TEXT = (
    "縣水利局組織四個工作組，分赴柳樹鎮、石橋鎮和上坪鄉，逐條查看淤塞和垮塌的渠段。",
    "鎮裏請來技術員重新測量，決定把渠底降低四十厘米，並在兩處彎道加砌護坡，村民輪流看護材料。",
    "修渠也帶動了用水辦法的改變，現在各村推選放水員，按田畝和作物排定次序，都寫在本子上。",
    "明春還要把石橋鎮的支渠接上幹渠，所需木料已由縣政府撥給，工人由各村輪流派出。",
)
Lines = list[tuple[float, float, float, str]]


def column(texts: Sequence[str], right: float = 340, top: float = 60, ems: int = 14) -> Lines:
    """Return paragraphs set in lines from top to bottom, the first at the right."""
    lines = [line for text in texts for line in wrapped(text, ems)]
    return [(right - 18 * k, top + 10 * indent, 10, text) for k, (indent, text) in enumerate(lines)]


def reading(*pages: Page) -> Reading:
    """Return what a PDF of these pages says."""
    return read(RawReport("file:///a.pdf", "application/pdf", pdf(pages)))


def place(found: Reading, words: str) -> list[tuple[int, ...]]:
    """Return page and box of the first of these words in a reading, in whole points."""
    start = found.text.index(words)
    return [tuple(round(one) for one in box) for box in found.layout.boxes(start, start + len(words))]


def test_paragraphs() -> None:
    """Lines from top to bottom, the first at the right, are joined to paragraphs."""
    found = reading(Page(down=column(TEXT)))

    assert paragraphs(found) == list(TEXT)
    assert found.ordered
    assert found.pages
    assert not found.pages.doubtful


def test_registers() -> None:
    """The upper of two registers is read first, and a paragraph goes on from its last line to the next."""
    lines = [(0.0, indent, text) for one in TEXT for indent, text in wrapped(one, 14)]
    upper = [(340 - 18 * k, 60 + 10 * deep, 10, text) for k, (_, deep, text) in enumerate(lines[:5])]
    lower = [(340 - 18 * k, 230 + 10 * deep, 10, text) for k, (_, deep, text) in enumerate(lines[5:])]

    found = reading(Page(down=[*lower, *upper]))

    assert paragraphs(found) == list(TEXT)
    assert found.pages
    assert found.pages.columns == 2


def test_heads_and_numbers() -> None:
    """Heads above and beside the text and numbers below it are of the page; a paragraph goes on over them."""
    lines = column(TEXT)
    halves = lines[:5], [(x + 5 * 18, y, size, text) for x, y, size, text in lines[5:]]
    pages = [
        Page(
            lines=[(160, 30, 8, "水利月報"), (190, 540, 8, f"— {n} —")],
            down=[*half, (385, 60, 8, "第十二期")],
        )
        for n, half in enumerate(halves, 7)
    ]
    found = reading(*pages)

    assert paragraphs(found) == list(TEXT)
    assert sum(mark.mark == "furniture" for mark in found.marks) == 6


def test_numbers_beside_the_text() -> None:
    """The number of a page, one small character beside the foot of the text, is of the page."""
    lines = column(TEXT)
    halves = lines[:5], [(x + 5 * 18, y, size, text) for x, y, size, text in lines[5:]]
    pages = [Page(down=[*half, (30, 192, 6, sign)]) for sign, half in zip("三四", halves, strict=True)]

    assert paragraphs(reading(*pages)) == list(TEXT)


def test_letters_and_figures() -> None:
    """Letters turned by the clock, figures one below the other or side by side stand in their line."""
    down = [
        (300, 60, 10, "共有"),
        (300, 90, 10, "人參加"),
        (300, 140, 10, "會議，九月"),
        (280, 60, 10, "號結束，共"),
    ]
    level = [(295, 88.8, 10, "25"), (297.5, 198.8, 10, "1"), (297.5, 208.8, 10, "2"), (277.5, 118.8, 10, "3")]
    found = reading(
        Page(down=[*down, (280, 120, 10, "日。")], sideways=[(296.5, 121, 10, "WHO")], lines=level)
    )

    assert found.text == "共有25人參加WHO會議，九月12\n號結束，共3日。"


def test_signs_each_by_itself() -> None:
    """Characters that the file prints one by one, a blank behind each, are read as well."""
    signs = [
        (x - 5, top + 10 * k + 8.8, size, f"{sign} ")
        for x, top, size, text in column(TEXT)
        for k, sign in enumerate(text)
    ]
    assert paragraphs(reading(Page(lines=signs))) == list(TEXT)


def test_mark_at_the_head_of_a_line() -> None:
    """A full stop alone in the last line of a paragraph ends it, in its form for such lines, too."""
    for mark in "。︒":
        text = f"{TEXT[0][:26]}{mark}"
        lines = [(340, 80, 10, text[:12]), (322, 60, 10, text[12:26]), (304, 60, 10, mark)]
        more = [(286, 80, 10, TEXT[1][:12]), (268, 60, 10, TEXT[1][12:20])]
        signs = [
            (x - 5, y + 10 * k + 8.8, s, sign)
            for x, y, s, row in (*lines, *more)
            for k, sign in enumerate(row)
        ]

        assert paragraphs(reading(Page(lines=signs))) == [text, TEXT[1][:20]]


def test_order_of_the_file() -> None:
    """Lines that the file prints in any order, and halves of them, are read in theirs."""
    halves = [
        [(x, y, size, text[:6]), (x, y + 60, size, text[6:])] for x, y, size, text in column(TEXT) if text
    ]
    mixed = [one for one in [*chain.from_iterable(halves[1::2]), *chain.from_iterable(halves[::2])] if one[3]]

    assert paragraphs(reading(Page(down=mixed))) == list(TEXT)


def test_title_and_table_from_left_to_right() -> None:
    """A title above the lines and a table beside them stay by themselves, each in its own direction."""
    cells = [("鄉鎮", "渠道"), ("柳樹鎮", "12"), ("石橋鎮", "9")]
    table = [(50 + 50 * k, 75 + 20 * n, 9, cell) for n, row in enumerate(cells) for k, cell in enumerate(row)]
    rules = [(45, 60 + 20 * n, 145, 60 + 20 * n) for n in range(4)]
    rules += [(45 + 50 * n, 60, 45 + 50 * n, 120) for n in range(3)]
    lines = [(120, 40, 16, "渠道修復進展通報"), *table]
    found = reading(Page(lines=lines, down=column(TEXT, top=80, right=380), rules=rules))

    assert paragraphs(found) == ["渠道修復進展通報", *TEXT, *("\t".join(row) for row in cells)]
    assert place(found, "進展") == [(1, 184, 26, 216, 42)]
    assert place(found, "石橋鎮\t9")[0][:3] == (1, 50, 107)


def test_boxes() -> None:
    """The box of words stands where they are printed on the page as a reader holds it."""
    found = reading(Page(down=column(TEXT)), Page(down=column(TEXT[:1], right=200)))

    assert place(found, "縣水") == [(1, 335, 80, 345, 100)]
    assert place(found, "作組，\n分赴") == [(1, 335, 170, 345, 200), (1, 317, 60, 327, 80)]
    last = found.layout.boxes(found.text.rindex("縣水"), found.text.rindex("縣水") + 1)[0]
    assert [round(one) for one in last] == [2, 195, 80, 205, 90]


def test_box_of_a_short_line() -> None:
    """The second of two characters in a line of its own stands below the first."""
    found = reading(Page(down=[*column(TEXT[:1]), (280, 60, 10, "上。")]))

    assert [round(one) for one in found.layout.boxes(len(found.text) - 1, len(found.text))[0]] == [
        1,
        275,
        70,
        285,
        80,
    ]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(turn: int) -> None:
    """A page with lines from top to bottom that is shown turned is read as any other."""
    assert paragraphs(reading(Page(down=column(TEXT), extra=f"/Rotate {turn}"))) == list(TEXT)


def test_page_of_few_signs() -> None:
    """The last page, with fewer signs in its line than in head and number, is read as those before it."""
    last = "餘下的工程明春再辦。"
    head, number = (150, 30, 8, "水利月報　縣水利協會發行"), (190, 540, 8, "— 1 —")
    pages = [Page(lines=[head, number], down=column(TEXT)) for _ in range(2)]
    found = reading(*pages, Page(lines=[head, number], down=[(340, 80, 10, last)]))

    assert paragraphs(found)[-1] == last


CELLS = [(60.0 + 60 * k, 100.0 + 13 * n, 10.0, "有無"[(n + k) % 2]) for k in range(5) for n in range(9)]
LABEL = [(40.0, 100.0 + 12 * k, 10.0, sign) for k, sign in enumerate("各鄉鎮完工渠道")]
PROSE = [(60.0, 300.0 + 16 * n, 10.0, text) for n, text in enumerate(chain.from_iterable([TEXT] * 2))]


@pytest.mark.parametrize("lines", [[*PROSE, *CELLS], [*CELLS, *PROSE], [*LABEL, *PROSE]])
def test_pages_that_run_from_left_to_right(lines: Lines) -> None:
    """Cells of one character below each other, or a label that runs down, turn no page."""
    found = reading(Page(width=560, lines=lines))

    assert all(text in found.text.split("\n") for text in TEXT)
