"""How likely one stretch of text continues another: a transparent sum of cues.

`JoinModel.probability` is all that the other modules know, so that a trained model can take its place.
A new cue is one entry in `WEIGHTS` and one line in `_cues`.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.repair.lines import Style
from etl.structure import (
    ends_sentence,
    is_article,
    is_continuation,
    is_heading,
    is_numbered,
    is_row,
    is_speaker,
    stands_alone,
)

REACH = 160  # characters each side of a seam that the model looks at


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two stretches of text.

    Attributes:
        wrap: an ordinary line end of a hard-wrapped text, as between two lines of one paragraph.
        filled: the line before is as full as it could be; False too where lines are not wrapped.
        style: how paragraphs of the text are told apart; None where lines are not wrapped.
        indented: the line after is indented.
        bare: no more than one line end.
        wide: a page end, or more line ends than usual.
        furniture: page furniture stood here.
        top: the text before is the first line of all; without a sentence in it, it is likely the title.
        torn: the text as a whole breaks off at its end, so a piece of it stands in the wrong place.
        echo: how many of the characters round the seam (up to 4) stand together elsewhere nearby.
    """

    wrap: bool = False
    filled: bool = False
    style: Style | None = None
    indented: bool = False
    bare: bool = True
    wide: bool = False
    furniture: bool = False
    top: bool = False
    torn: bool = False
    echo: int = 0


# Log-odds: a sum of 2.2 is a probability of 0.9. Fitted to damaged news and government reports, with
# displaced columns taken for a fifth as common as there, then rounded; rare cues are set by hand.
WEIGHTS = {
    "bias": -0.2,
    "left: long": 0.3,
    "left: short": -2.1,
    "left: has a sentence before": 2.2,
    "left: a comma inside": 1.4,
    "left: ends in a comma": 0.4,
    "left: ends in a word that leads on": 0.4,
    "left: ends after a colon or semicolon": -5.0,
    "left: ends a quotation or aside": -3.0,
    "left: only a heading by its looks": -1.9,
    "left: parts set apart by a space": -1.5,
    "right: begins with a mark that begins nothing": 4.0,
    "right: begins with a word that follows": 0.9,
    "right: begins as paragraphs do": -4.5,
    "right: looks like a heading": -1.0,
    "right: a number of its own": -5.0,
    "right: somebody speaks": -5.0,
    "quote: left open, closed at right": 3.5,
    "quote: left open, not closed at right": -4.0,
    "quote: closed at right, not open at left": -3.9,
    "number: crosses the seam": 2.5,
    "echo: three characters": 2.6,
    "echo: four characters": 2.8,
    "gap: a page end or wide": 1.9,
    "gap: furniture stood here": 2.8,
    "gap: bare line end": -1.5,
    "gap: after the first line": -3.7,
    "gap: a column is elsewhere": -0.9,
    "wrapped: left line is full": -1.0,
    "wrapped: left line is not full": -4.3,
    "wrapped: right is indented as paragraphs are": -3.0,
    "verse: both sides short": -3.0,
}

NEVER, SELDOM = 0.005, 0.02
_SURE, _LIKELY, _EVEN = 0.98, 0.95, 0.6

_NEVER_FIRST = frozenset("，。、；：？！）》〉”’』」】〕…%％,;:?!")
_FOLLOWING = re.compile(r"[的地得了着过過们們之性化者等]|以及|并且|並且|而且|或者|和|与|與|及|或")
_LEADING = re.compile(
    r"(?:[的地得和与與及或在对對从從把被将將向由为為于於以而并並是有使让讓其该該各每第约約近超达達共至到比按经經给給跟同"
    r"]|通过|通過|根据|根據|关于|關於|成为|成為|进行|進行|开展|開展|加强|加強|推进|推進|实现|實現|坚持|堅持|不断|不斷|以及"
    r"|许多|許多|一些|这个|這個|一个|一個|如何|能够|能夠|可以|已经|已經)$"
)
_OPENING = re.compile(
    r"近日|日前|目前|据悉|據悉|据了解|據了解|据介绍|據介紹|此外|同时|同時|另外|会议|會議|截至|为此|為此|与此同时|與此同時|今年|去年|近年|"
    r"[0-9]{1,2}月[0-9]{1,2}日|今天|昨天"
)
_LATIN_END = re.compile(r"[A-Za-z][A-Za-z0-9]*[,.;:!?)\]'\"%’”]*$|[0-9]$")
_LATIN_START = re.compile(r"[(\[\"'“‘]?[A-Za-z]|[0-9]")
_MEASURE = re.compile(
    r"[0-9０-９多余餘万萬亿億%％年月日时時个個名人元户戶亩畝吨噸公米里度次件项項家条條岁歲天所座余]"
)
_PAIRS = {
    "“": "”",
    "‘": "’",
    "《": "》",
    "（": "）",
    "(": ")",
    "【": "】",
    "「": "」",
    "『": "』",
    "〔": "〕",
}
_CLOSING = {closer: opener for opener, closer in _PAIRS.items()}
_PAIRED = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_CLOSING)) + "]")
_COMMA = re.compile("[，,、].")
_APART = re.compile(r"[\u3400-\u9fff”》】！？][ 　]+[\u3400-\u9fff“《【]")
_LONG, _SHORT, _VERSE = 45, 16, 20


class JoinModel:
    """How likely a stretch of text continues another, from cues with fixed weights."""

    @classmethod
    def load(cls) -> "JoinModel":
        """The model that the product ships."""
        return cls()

    def probability(self, left: str, right: str, gap: Gap) -> float:
        """Probability (0 to 1) that ``right`` continues the sentence or paragraph that ``left`` begins.

        ``left`` and ``right`` are stripped and not empty; up to `REACH` characters next to the seam are
        enough, a text shorter than that is taken for whole.
        """
        if gap.wrap and (settled := _line_end(left, right, gap)) is not None:
            return settled
        if ends_sentence(left) and not (right[0] in _CLOSING and _unclosed(left) == _CLOSING[right[0]]):
            return NEVER
        if _whole(left) or _whole(right) or is_article(right):
            return SELDOM
        probability = self._weigh(left, right, gap)
        if gap.style is None and gap.bare:
            return probability
        # A restored text has one paragraph a line. What would be joined there is joined here.
        return max(probability, self._weigh(left, right, _as_restored(gap)))

    def _weigh(self, left: str, right: str, gap: Gap) -> float:
        return _logistic(WEIGHTS["bias"] + sum(WEIGHTS[cue] for cue in _cues(left, right, gap)))


def glue(left: str, right: str) -> str:
    """What goes between two halves: a space between Latin words, else nothing.

    >>> glue("the World", "Health"), glue("世界", "卫生"), glue("COVID-", "19")
    (' ', '', '')
    """
    if not (left[-1].isascii() and right[0].isascii()):
        return ""
    if left[-1].isdigit() and right[0].isdigit():
        return ""
    return " " if _LATIN_END.search(left[-REACH:]) and _LATIN_START.match(right) else ""


def _as_restored(gap: Gap) -> Gap:
    """The same gap where nothing but a line end is left of it."""
    return Gap(top=gap.top, torn=gap.torn, echo=gap.echo)


def _line_end(left: str, right: str, gap: Gap) -> float | None:
    """The verdict at an ordinary line end of a wrapped text; None where the cues must decide."""
    ended = ends_sentence(left)
    if not gap.filled:
        return NEVER if ended else None
    if gap.indented and gap.style is Style.INDENT:
        return NEVER if ended else None
    if (left[-1].isdigit() and is_row(left)) or (right[-1].isdigit() and is_row(right)):
        return SELDOM
    if not ended and left[-1] not in ":：;；":
        return SELDOM if is_article(right) or is_continuation(right) else _SURE
    if is_numbered(right) or is_speaker(right) or stands_alone(right):
        return SELDOM
    return _EVEN if gap.style is Style.NONE else _LIKELY


def _cues(left: str, right: str, gap: Gap) -> Iterator[str]:
    yield from _left_cues(left)
    yield from _right_cues(right)
    yield from _gap_cues(gap)
    if gap.top and "。" not in left:
        yield "gap: after the first line"
    if len(left) <= _VERSE and len(right) <= _VERSE:
        yield "verse: both sides short"
    if left[-1].isdigit() and not left.isdigit() and _MEASURE.match(right):
        yield "number: crosses the seam"
    opened, closed = _unclosed(left), _unopened(right)
    if opened:
        yield f"quote: left open, {'closed' if closed == opened else 'not closed'} at right"
    elif closed:
        yield "quote: closed at right, not open at left"


def _left_cues(left: str) -> Iterator[str]:
    if len(left) >= _LONG:
        yield "left: long"
    elif len(left) < _SHORT:
        yield "left: short"
    if "。" in left:
        yield "left: has a sentence before"
    elif _COMMA.search(left):
        yield "left: a comma inside"
    if len(left) < REACH and _APART.search(left):
        yield "left: parts set apart by a space"
    if is_heading(left):
        yield "left: only a heading by its looks"
    yield from _last_mark(left)


def _last_mark(left: str) -> Iterator[str]:
    if left[-1] in "，、,":
        yield "left: ends in a comma"
    elif left[-1] in "：:；;":
        yield "left: ends after a colon or semicolon"
    elif left[-1] in "”’」』）)】》":
        yield "left: ends a quotation or aside"
    elif _LEADING.search(left[-4:]):
        yield "left: ends in a word that leads on"


def _right_cues(right: str) -> Iterator[str]:
    if right[0] in _NEVER_FIRST:
        yield "right: begins with a mark that begins nothing"
    elif _OPENING.match(right):
        yield "right: begins as paragraphs do"
    elif _FOLLOWING.match(right):
        yield "right: begins with a word that follows"
    if is_heading(right):
        yield "right: looks like a heading"
    if is_numbered(right):
        yield "right: a number of its own"
    elif is_speaker(right):
        yield "right: somebody speaks"


def _gap_cues(gap: Gap) -> Iterator[str]:
    if gap.furniture:
        yield "gap: furniture stood here"
    if gap.torn:
        yield "gap: a column is elsewhere"
    if gap.wide:
        yield "gap: a page end or wide"
    elif gap.bare:
        yield "gap: bare line end"
    if gap.style is not None:
        yield f"wrapped: left line is {'full' if gap.filled else 'not full'}"
        if gap.indented and gap.style is Style.INDENT:
            yield "wrapped: right is indented as paragraphs are"
    if gap.echo >= 3:  # noqa: PLR2004
        yield "echo: four characters" if gap.echo > 3 else "echo: three characters"  # noqa: PLR2004


def _whole(line: str) -> bool:
    return len(line) < REACH and stands_alone(line)


def _unclosed(text: str) -> str:
    """The last bracket or quote that the text opens and does not close; "" when all are closed."""
    open_marks: list[str] = []
    for mark in _PAIRED.findall(text):
        if mark in _PAIRS:
            open_marks.append(mark)
        elif open_marks and open_marks[-1] == _CLOSING[mark]:
            open_marks.pop()
    return open_marks[-1] if open_marks else ""


def _unopened(text: str) -> str:
    """The opener that the text's first unmatched closing mark belongs to; "" when there is none."""
    open_marks: list[str] = []
    for mark in _PAIRED.findall(text):
        if mark in _PAIRS:
            open_marks.append(mark)
        elif not open_marks:
            return _CLOSING[mark]
        elif open_marks[-1] == _CLOSING[mark]:
            open_marks.pop()
    return ""


def _logistic(score: float) -> float:
    return 1 / (1 + math.exp(-score))
