"""Read HTML: the main text of a page, without navigation, scripts and footers.

trafilatura finds the main text; where it finds none, all visible text is taken, so that an odd page
is read and not lost. A tag that gives the day of a page is one entry in `DATED`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from etl.model.errors import RejectError
from etl.model.report import RawReport, Reading
from etl.read.blocks import MarkedLine, MarkedText, reading_of, set_headings
from etl.read.days import first_day
from etl.read.encoding import Decoded, decode
from etl.read.page import SPACE, bare_lines, lines_of, prepare
from etl.read.plain import make_reading, unify_lines
from etl.read.tags import Token, count_visible, count_written, tokenize

# A page of this size is a dump, and parsing it would take minutes.
MAX_PAGE = 20_000_000
# trafilatura's own 250 is meant for letters; forty Chinese characters are a paragraph.
MIN_MAIN_TEXT = "40"
# More than in any page; one with more is read without its tags.
MAX_OPEN_TAGS = 100_000
# A tree with so much less than the page is not the page; one sign of a list is no loss.
LOST_CHARACTERS = 20
HEAD = 4_096  # bytes in which a page declares its encoding; browsers look at 1,024
BEGIN = 50  # characters by which trafilatura tells a page from a text
FEWEST_TAGS = 2  # below the root of a page: less is text around a tag
# Shorter titles of a window are "首页" or "无标题文档".
MIN_WINDOW_TITLE = 6
TITLE_BLOCKS = 5

CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
TAG = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")
UNSEEN_TAGS = "//script|//style|//noscript|//template|//nav|//footer|//form|//head|//comment()"
_CHINESE = "[\u3000-\u9fff\uff00-\uffef“”‘’…—]"
WRAP = re.compile(rf"(?<={_CHINESE})[ \t\r]*\n[ \t\r\n]*(?={_CHINESE})")
MARKS = str.maketrans("", "", "\x01\x02")
# Blocks of a page that make up so much of the main text are the main text.
MIN_TEXT_SHARE_KEPT = 0.95
SHORT_PAGE = 2_000
DATED = frozenset(
    (
        *("pubdate", "publishdate", "publish_date", "publishtime", "publish_time", "publication_date"),
        *("article:published_time", "og:published_time", "og:release_date", "datepublished", "releasedate"),
        *("firstpublishedtime", "dc.date", "dc.date.issued", "dcterms.issued", "createdate", "date"),
    )
)
LINKED_DAY = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
TITLED = frozenset(("articletitle", "og:title", "dc.title"))
# A document type with entities of its own: no browser reads them, and none is let through.
DOCTYPE = re.compile(
    r"\A(\s*(?:<\?xml[^<>]{0,200}>\s*)?)<!DOCTYPE[^\[<>]{0,500}\[[^\]]*\]\s*>", re.IGNORECASE
)
PREFORMATTED = re.compile(r"<pre\b", re.IGNORECASE)
WINDOW_TITLE_END = re.compile(r"[_|｜].*|\s[-–—].*|[-–—][^-–—]*(?:网|报|台|站|频道|政府|中心|在线)$")


def read_html(raw: RawReport) -> Reading:
    r"""Return the main text of a page, paragraphs separated by ``\n\n``, ``<br>`` as ``\n``.

    A text without tags under the name of a page is read as plain text.

    Raises:
        RejectError: ``encoding``, ``binary``, ``blank``; ``html`` for a page without any text or of
            more than 20 million bytes.
    """
    if len(raw.payload) > MAX_PAGE:
        raise _unusable(f"{len(raw.payload)} bytes, allowed are {MAX_PAGE}")
    match = CHARSET.search(raw.payload[:HEAD])
    decoded = decode(raw.payload, match[1].decode("ascii") if match else None)
    if not TAG.search(decoded.text):
        return make_reading(unify_lines(decoded.text), decoded.encoding)
    page = _page(decoded)
    if not page.text:
        raise _unusable("tags, but no text between them")
    return reading_of(page, decoded.encoding)


def _page(decoded: Decoded) -> MarkedText:
    # Here, because this import costs more than reading a hundred plain texts.
    from trafilatura import bare_extraction  # noqa: PLC0415

    source = _tidy(decoded.text)
    if source.count("<") >= MAX_OPEN_TAGS:
        return MarkedText(bare_lines(tokenize(source)))
    cut = tuple(_with_breaks(tokenize(source)))
    tree = _tree(cut)
    if tree is None:
        return MarkedText(bare_lines(cut))
    title, day = _title(tree), _day(tree)
    prepare(tree)
    found: Any = bare_extraction(tree, include_comments=False, include_tables=True, config=_config())
    main = lines_of(found.body) if found is not None else []
    return MarkedText(set_headings(_with_title(_whole(main, cut), title)), day)


def _whole(main: list[MarkedLine], cut: Sequence[Token]) -> list[MarkedLine]:
    """Return the main text; where it is short, completed by the blocks of the page that it consists of.

    The extraction loses the ends of short texts often. Without any main text all visible text is returned.
    """
    text = _squeezed(main)
    if len(text) > SHORT_PAGE and len(main) > 1:
        return main
    seen = _visible_lines(cut)
    found = _standing_in(text, seen)
    return seen if not main else found if len(_squeezed(found)) >= MIN_TEXT_SHARE_KEPT * len(text) else main


def _standing_in(text: str, lines: Sequence[MarkedLine]) -> list[MarkedLine]:
    """Return the lines of a page that make up a text one behind the other, empty lines between blocks."""
    out: list[MarkedLine] = []
    at = 0
    for line in lines:
        words = _squeezed([line])
        if words and text.startswith(words, at):
            out += [MarkedLine(""), line] if out and line.begins else [line]
            at += len(words)
    return out


def _squeezed(lines: Sequence[MarkedLine]) -> str:
    return "".join("".join(line.text for line in lines).split())


def _tree(cut: Sequence[Token]) -> Any:  # noqa: ANN401 - lxml elements have no types
    """Parse a page to a tree; None where it is no page, or where the parser would lose some of its text."""
    from lxml.etree import LxmlError  # noqa: PLC0415
    from lxml.html import HTMLParser, fromstring  # noqa: PLC0415
    from trafilatura.utils import is_dubious_html, repair_faulty_html  # noqa: PLC0415

    source = "".join(piece.source for piece in cut)
    begins = source[:BEGIN].lower()
    # Of its own for each page, for its log. Without its limits for texts and with a wider one for depth.
    parser = HTMLParser(collect_ids=False, default_doctype=False, remove_pis=True, huge_tree=True)
    try:
        tree = fromstring(repair_faulty_html(source, begins), parser=parser)
    except (LxmlError, ValueError):
        return None
    if is_dubious_html(begins) and len(tree) < FEWEST_TAGS:
        return None
    return None if _loses(tree, parser.error_log, cut) else tree


def _loses(tree: Any, log: Any, cut: Sequence[Token]) -> bool:  # noqa: ANN401 - lxml has no types
    """Check whether a tree lacks part of the page: the parser gave up, or much text is missing."""
    from lxml.etree import ErrorLevels  # noqa: PLC0415

    if log.filter_from_level(ErrorLevels.FATAL):
        return True
    found = sum(count_visible(text) for text in tree.getroottree().getroot().itertext())
    return count_written(cut) - found > LOST_CHARACTERS


def _tidy(source: str) -> str:
    """Drop from a page our own signs and its entity declarations, and join lines wrapped inside Chinese."""
    clean = DOCTYPE.sub(r"\1<!DOCTYPE html>", source.translate(MARKS))
    return clean if PREFORMATTED.search(clean) else WRAP.sub("", clean)


def _config() -> Any:  # noqa: ANN401 - trafilatura has no types
    from trafilatura.settings import use_config  # noqa: PLC0415

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", MIN_MAIN_TEXT)
    return config


def _with_breaks(cut: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens of a page, with a break for each line end of preformatted text."""
    inside = False
    for piece in cut:
        if piece.name in ("pre", "/pre"):
            inside = piece.name == "pre"
        if not inside or piece.kind != "text":
            yield piece
            continue
        for number, line in enumerate(piece.source.split("\n")):
            if number:
                yield Token("tag", "<br>", "br")
            yield Token("text", line)


def _visible_lines(cut: Sequence[Token]) -> list[MarkedLine]:
    """Return all text of a page except what a browser hides, and what is navigation by its tag."""
    tree = _tree(cut)
    for element in tree.xpath(UNSEEN_TAGS):
        if element.getparent() is not None:
            element.drop_tree()
    prepare(tree)
    return lines_of(tree)


def _day(tree: Any) -> date | None:  # noqa: ANN401 - lxml elements have no types
    """Return the day of publication that the page states: in meta tags, else in its text; None for none."""
    told = next(filter(None, map(first_day, _settings(tree, DATED))), None)
    return told or _marked_day(tree)


def _settings(tree: Any, names: frozenset[str]) -> Iterator[str]:  # noqa: ANN401 - lxml elements have no types
    """Yield the contents of the meta tags that have one of these names."""
    for element in tree.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        if name.lower() in names:
            yield element.get("content") or ""


def _marked_day(tree: Any) -> date | None:  # noqa: ANN401 - lxml elements have no types
    """Return the day of the page's only <time>, else that of its data for search engines; None for none."""
    times = {element.get("datetime") or "" for element in tree.iter("time")}
    if len(times) == 1 and (day := first_day(times.pop())):
        return day
    found = (LINKED_DAY.search(element.text or "") for element in tree.iter("script"))
    return next((first_day(one[1]) for one in found if one), None)


def _title(tree: Any) -> str:  # noqa: ANN401 - lxml elements have no types
    """Return the headline: the h1 that the window's title repeats, else that title without the site's name.

    Where the window's title is too short (首页), it is the only h1 that is not the site's name; "" for none.
    """
    window = SPACE.sub(" ", tree.findtext(".//title") or "").strip()
    heads = [SPACE.sub(" ", head.text_content()).strip() for head in tree.iter("h1")]
    repeated = next((head for head in heads if head and window.startswith(head)), "")
    if repeated or (len(heads) == 1 and not window):
        return repeated or heads[0]
    short = WINDOW_TITLE_END.sub("", window).strip()
    if len(short) >= MIN_WINDOW_TITLE:
        return short
    own = heads[0] if len(heads) == 1 and heads[0] not in window else ""
    named = (WINDOW_TITLE_END.sub("", found).strip() for found in _settings(tree, TITLED))
    return own or next(filter(None, named), "")


def _with_title(lines: list[MarkedLine], title: str) -> list[MarkedLine]:
    """Put the headline before the main text, unless the first blocks of the text have it."""
    first = [line.text for line in lines if line.text][:TITLE_BLOCKS]
    if not title or not first or "".join(title.split()) in "".join("".join(first).split()):
        return lines
    return [MarkedLine(title, "title"), MarkedLine(""), *lines]


def _unusable(found: str) -> RejectError:
    return RejectError(
        "read", "html", f"found {found}; expected a page with a report; save its text as a file"
    )
