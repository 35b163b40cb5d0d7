"""HTML: the main text of a page, without navigation, scripts and footers.

trafilatura finds the main text; where it finds none, all visible text is taken, so that an odd page
is read and not lost. A tag that ends a paragraph is one entry in `BLOCKS`.
"""

import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any

from etl.errors import RejectError
from etl.model import RawReport, Reading
from etl.read.encoding import Decoded, decode
from etl.read.plain import all_ended, reading, unify_lines
from etl.read.tags import Piece, pieces, visible, written

# A page of this size is a dump, and parsing it would take minutes.
MAX_PAGE = 20_000_000
# trafilatura's own 250 is meant for letters; forty Chinese characters are a paragraph.
MIN_MAIN_TEXT = "40"
# More than in any page; one with more is read without its tags.
MAX_OPEN_TAGS = 100_000
# A tree with so much less than the page is not the page; one sign of a list is no loss.
LOST_CHARACTERS = 20
# Shorter titles of a window are "首页" or "无标题文档".
MIN_WINDOW_TITLE = 6
TITLE_BLOCKS = 5

CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")
UNSEEN_TAGS = "//script|//style|//noscript|//template|//nav|//footer|//form|//head|//comment()"
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "code", "dd", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("li", "main", "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul"),
        *("head", "item", "list", "quote", "row"),  # trafilatura's own
    )
)
LINES = frozenset(("br", "lb"))
CELLS = frozenset(("td", "th", "cell"))
# Elements without markup in them whose content is text all the same.
SHOWN = frozenset(("title", "textarea", "xmp"))
_CHINESE = "[\u3000-\u9fff\uff00-\uffef“”‘’…—]"
WRAP = re.compile(rf"(?<={_CHINESE})[ \t\r]*\n[ \t\r\n]*(?={_CHINESE})")
SPACE = re.compile(r"[ \t\r\n\f\v]+")
MARKS = str.maketrans("", "", "\x01\x02")
# A document type with entities of its own: no browser reads them, and none is let through.
DOCTYPE = re.compile(
    r"\A(\s*(?:<\?xml[^<>]{0,200}>\s*)?)<!DOCTYPE[^\[<>]{0,500}\[[^\]]*\]\s*>", re.IGNORECASE
)
PREFORMATTED = re.compile(r"<pre\b", re.IGNORECASE)
WINDOW_TITLE_END = re.compile(r"[_|｜].*|\s[-–—].*|[-–—][^-–—]*(?:网|报|台|站|频道|政府|中心|在线)$")


def read_html(raw: RawReport) -> Reading:
    r"""The main text of a page, paragraphs separated by ``\n\n``, ``<br>`` as ``\n``.

    A text without tags under the name of a page is read as plain text.

    Raises:
        RejectError: ``encoding``, ``binary``, ``blank``; ``html`` for a page without any text or of
            more than 20 million bytes.
    """
    if len(raw.payload) > MAX_PAGE:
        raise _unusable(f"{len(raw.payload)} bytes, allowed are {MAX_PAGE}")
    match = CHARSET.search(raw.payload[:4096])
    decoded = decode(raw.payload, match[1].decode("ascii") if match else None)
    if not TAG.search(decoded.text):
        return reading(unify_lines(decoded.text), decoded.encoding)
    text = _page_text(decoded)
    if not text:
        raise _unusable("tags, but no text between them")
    return reading(text, decoded.encoding, all_ended(text))


def _page_text(decoded: Decoded) -> str:
    # Here, because this import costs more than reading a hundred plain texts.
    from trafilatura import bare_extraction  # noqa: PLC0415

    source = _tidy(decoded.text)
    if source.count("<") >= MAX_OPEN_TAGS:
        return _bare_text(pieces(source))
    cut = tuple(pieces(source))
    tree = _tree(cut)
    if tree is None:
        return _bare_text(cut)
    title = _title(tree)
    page: Any = bare_extraction(tree, include_comments=False, include_tables=True, config=_config())
    text = _text(page.body) if page is not None else ""
    return _with_title(text or _visible_text(cut), title)


def _tree(cut: Sequence[Piece]) -> Any:  # noqa: ANN401 - lxml elements have no types
    """The page as a tree; None where it is no page, and where the parser would lose some of its text."""
    from lxml.etree import LxmlError  # noqa: PLC0415
    from lxml.html import HTMLParser, fromstring  # noqa: PLC0415
    from trafilatura.utils import is_dubious_html, repair_faulty_html  # noqa: PLC0415

    source = "".join(piece.source for piece in cut)
    begins = source[:50].lower()
    # Of its own for each page, for its log. Without its limits for texts and with a wider one for depth.
    parser = HTMLParser(collect_ids=False, default_doctype=False, remove_pis=True, huge_tree=True)
    try:
        tree = fromstring(repair_faulty_html(source, begins), parser=parser)
    except (LxmlError, ValueError):
        return None
    if is_dubious_html(begins) and len(tree) < 2:  # noqa: PLR2004 - text around a tag or two
        return None
    return None if _loses(tree, parser.error_log, cut) else tree


def _loses(tree: Any, log: Any, cut: Sequence[Piece]) -> bool:  # noqa: ANN401 - lxml has no types
    """Whether a tree is not the whole page: the parser gave up, or much text is missing."""
    from lxml.etree import ErrorLevels  # noqa: PLC0415

    if log.filter_from_level(ErrorLevels.FATAL):
        return True
    found = sum(visible(text) for text in tree.getroottree().getroot().itertext())
    return written(cut) - found > LOST_CHARACTERS


def _tidy(source: str) -> str:
    """The page without our own marks and entities of its own; lines wrapped in Chinese are whole again."""
    clean = DOCTYPE.sub(r"\1<!DOCTYPE html>", source.translate(MARKS))
    return clean if PREFORMATTED.search(clean) else WRAP.sub("", clean)


def _config() -> Any:  # noqa: ANN401 - trafilatura has no types
    from trafilatura.settings import use_config  # noqa: PLC0415

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", MIN_MAIN_TEXT)
    return config


def _text(tree: Any) -> str:  # noqa: ANN401 - lxml elements have no types
    """Text below an element, an empty line between blocks, a tab between cells."""
    found: list[str] = []
    _collect(tree, found)
    return _blocks("".join(found))


def _blocks(marked: str) -> str:
    blocks = ("\n".join(_stripped(block.split("\x02"))) for block in marked.split("\x01"))
    return "\n\n".join(block for block in blocks if block)


def _stripped(lines: list[str]) -> list[str]:
    return [line for line in (line.strip() for line in lines) if line]


def _collect(tree: Any, pieces: list[str]) -> None:  # noqa: ANN401 - lxml elements have no types
    from lxml.etree import iterwalk  # noqa: PLC0415

    for event, element in iterwalk(tree, events=("start", "end")):
        mark = "\x01" if element.tag in BLOCKS else "\x02" if element.tag in LINES else ""
        if event == "start":
            pieces += (mark, _flow(element.text))
        else:
            pieces += ("\t" if element.tag in CELLS else mark if mark == "\x01" else "", _flow(element.tail))


def _flow(text: str | None) -> str:
    """Text as a browser flows it."""
    return SPACE.sub(" ", text) if text else ""


def _visible_text(cut: Sequence[Piece]) -> str:
    """All text of a page but what a browser does not show and what is navigation by its tag."""
    tree = _tree(cut)
    for element in tree.xpath(UNSEEN_TAGS):
        if element.getparent() is not None:
            element.drop_tree()
    return _text(tree)


def _bare_text(cut: Iterable[Piece]) -> str:
    """All text without the tags, for pages that no parser takes whole."""
    return _blocks("".join(_bare(piece) for piece in cut))


def _bare(piece: Piece) -> str:
    if piece.kind == "tag":
        name = piece.name.removeprefix("/")
        return "\x01" if name in BLOCKS else "\x02" if name in LINES else "\t" if name in CELLS else ""
    if piece.kind == "text" or piece.name in SHOWN:
        return _flow(unescape(piece.source))
    return ""


def _title(tree: Any) -> str:  # noqa: ANN401 - lxml elements have no types
    """The headline: the h1 that the window's title repeats, else that title without the site's name."""
    window = SPACE.sub(" ", tree.findtext(".//title") or "").strip()
    heads = [SPACE.sub(" ", head.text_content()).strip() for head in tree.iter("h1")]
    repeated = next((head for head in heads if head and window.startswith(head)), "")
    if repeated or (len(heads) == 1 and not window):
        return repeated or heads[0]
    short = WINDOW_TITLE_END.sub("", window).strip()
    return short if len(short) >= MIN_WINDOW_TITLE else ""


def _with_title(text: str, title: str) -> str:
    """Put the headline back where the main text begins below it."""
    start = "".join("".join(text.split("\n\n")[:TITLE_BLOCKS]).split())
    if not title or not text or "".join(title.split()) in start:
        return text
    return f"{title}\n\n{text}"


def _unusable(found: str) -> RejectError:
    return RejectError(
        "read", "html", f"found {found}; expected a page with a report; save its text as a file"
    )
