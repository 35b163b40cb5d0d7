"""HTML: the main text of a page, without navigation, scripts and footers.

trafilatura finds the main text; where it finds none, all visible text is taken, so that an odd page
is read and not lost. A tag that ends a paragraph is one entry in `BLOCKS`.
"""

import re
from typing import Any

from etl.errors import RejectError
from etl.model import RawReport, Reading
from etl.read.encoding import Decoded, decode
from etl.read.plain import reading, unify_lines

# A page of this size is a dump, and parsing it would take minutes.
MAX_PAGE = 20_000_000
# trafilatura's own 250 is meant for letters; forty Chinese characters are a paragraph.
MIN_MAIN_TEXT = "40"
# Deeper than any page; what nests deeper is read without its tags.
MAX_OPEN_TAGS = 100_000
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
    return reading(text, decoded.encoding, certain_paragraphs=True)


def _page_text(decoded: Decoded) -> str:
    # Here, because this import costs more than reading a hundred plain texts.
    from trafilatura import bare_extraction, load_html  # noqa: PLC0415

    source = _tidy(decoded.text)
    tree = load_html(source) if source.count("<") < MAX_OPEN_TAGS else None
    if tree is None:
        return _bare_text(source)
    title = _title(tree)
    page: Any = bare_extraction(tree, include_comments=False, include_tables=True, config=_config())
    text = _text(page.body) if page is not None else ""
    return _with_title(text or _visible_text(source), title)


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
    pieces: list[str] = []
    _collect(tree, pieces)
    blocks = ("\n".join(_stripped(block.split("\x02"))) for block in "".join(pieces).split("\x01"))
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


def _visible_text(source: str) -> str:
    """All text of a page but what a browser does not show and what is navigation by its tag."""
    from trafilatura import load_html  # noqa: PLC0415

    tree = load_html(source)
    if tree is None:
        return _bare_text(source)
    for element in tree.xpath(UNSEEN_TAGS):
        if element.getparent() is not None:
            element.drop_tree()
    return _text(tree)


def _bare_text(source: str) -> str:
    """What is left without tags, for pages that no parser takes."""
    return TAG.sub("\n", source).strip()


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
