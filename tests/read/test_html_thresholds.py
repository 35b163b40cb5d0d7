"""Every length and share by which the text of a page is told has a page on each side of it."""

import pytest
from lxml.html import HTMLParser, fromstring
from tests.thresholds import Edges, divides

from etl.model.report import RawReport
from etl.read import html
from etl.read.blocks import MarkedLine
from etl.read.tags import Token, tokenize

HAN = "水渠路面桥梁河堤树苗灯杆" * 200


def tokens(source: str) -> tuple[Token, ...]:
    """Return the tokens of a page."""
    return tuple(tokenize(source))


def loses(missing: int) -> bool:
    """Whether a tree that lacks so many characters has lost some of the page."""
    tree, log = fromstring("<p>水"), HTMLParser().error_log
    return html._loses(tree, log, tokens(f"<p>水{HAN[:missing]}"))


def declares(end: int) -> bool:
    """Whether an encoding is believed that is declared up to so many bytes from the begin of a page."""
    declared = b"<meta charset=big5"
    page = b"<!--" + b"x" * (end - len(declared) - 7) + b"-->" + declared + b"><p>"
    raw = RawReport("file:///a.html", "text/html", page + "箭刚拜出".encode("gb18030"))
    return html.read_html(raw).encoding.name == "big5hkscs"


def is_page(elements: int) -> bool:
    """Whether so many elements without a root are a page."""
    return html._tree(tokens(f"<div>{'<p>水渠</p>' * elements}</div>")) is not None


def titled(size: int) -> bool:
    """Whether the title of a window, so long, is that of the report."""
    return bool(html._title(fromstring(f"<html><head><title>{HAN[:size]}</title></head><p>水</html>")))


def repeated(block: int) -> bool:
    """Whether a title is found in this block of the text, and so not put before it."""
    lines = [MarkedLine("山水")] * (block - 1) + [MarkedLine(HAN[:8])]
    return html._with_title(lines, HAN[:8]) is lines


def kept(found: int) -> bool:
    """Whether a text of a hundred characters is the blocks of its page, which have so many of them."""
    main = [MarkedLine(HAN[:found]), MarkedLine("田" * (100 - found))]
    return html._whole(main, tokens(f"<html><body><p>{HAN[:found]}</p></body></html>")) is not main


def long(size: int) -> bool:
    """Whether a text of this length is taken as it is found."""
    main = [MarkedLine(HAN[: size - 4]), MarkedLine("田野山水")]
    page = f"<html><body><p>{HAN[: size - 4]}</p><p>田野山水</p></body></html>"
    return html._whole(main, tokens(page)) is main


EDGES: Edges = {
    "html LOST_CHARACTERS": (loses, (21,), (20,)),
    "html HEAD": (declares, (4096,), (4097,)),
    "html FEWEST_TAGS": (is_page, (2,), (1,)),
    "html MIN_WINDOW_TITLE": (titled, (6,), (5,)),
    "html TITLE_BLOCKS": (repeated, (5,), (6,)),
    "html MIN_TEXT_SHARE_KEPT": (kept, (95,), (94,)),
    "html SHORT_PAGE": (long, (2001,), (2000,)),
}


@pytest.mark.parametrize("number", EDGES)
def test_numbers_divide(number: str) -> None:
    """What stands on the one side of a number is told from what stands on the other."""
    assert divides(*EDGES[number])
