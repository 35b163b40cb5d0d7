"""Which line follows which, and where a paragraph ends: the path through the pieces of a text.

Pieces stay in the order given; at each seam of the path the decision is made between joining and a
paragraph end, from both whole sides, so that a join can settle its neighbours. To move pieces, let
`arrange` weigh other successors for an end that stays open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from etl.repair.joins import NEVER, REACH, Gap, JoinModel, glue
from etl.repair.lines import Layout, Line, layout
from etl.structure import ends_sentence, stands_alone

_NEARBY = 4000  # characters each side in which an echo of the seam is looked for
_BODY = 40  # a last paragraph this long that ends in mid-sentence was cut
_SLACK = 2  # characters by which a full line of a wrapped text may be shorter


@dataclass(frozen=True, slots=True)
class Source:
    """What the path is laid through: the raw text, the lines kept, where furniture stood, the layout.

    Attributes:
        holes: indices of kept lines before which furniture was taken out.
    """

    raw: str
    lines: Sequence[Line]
    holes: frozenset[int]
    layout: Layout


@dataclass(frozen=True, slots=True)
class Path:
    """The decision.

    Attributes:
        paragraphs: the lines of each paragraph, as indices, in reading order.
        seams: probability that a line continues the one before it, by the index of the later line;
            only where there was something to decide.
        wrapped: those of the seams that are ordinary line ends of a wrapped text.
        joined: those of the seams that were joined.
    """

    paragraphs: tuple[tuple[int, ...], ...]
    seams: Mapping[int, float]
    wrapped: frozenset[int]
    joined: frozenset[int]


@dataclass(slots=True)
class _Piece:
    """A paragraph in the making: its lines, its first and last characters, its length."""

    first: int
    last: int
    head: str
    tail: str

    def add(self, other: "_Piece") -> None:
        """Continue this piece with another."""
        self.last = other.last
        space = glue(self.tail, other.head)
        if len(self.head) < REACH:
            self.head = (self.head + space + other.head)[:REACH]
        self.tail = (self.tail + space + other.tail)[-REACH:] if len(other.tail) < REACH else other.tail


def arrange(source: Source, joins: JoinModel, threshold: float) -> Path:
    """Lay the path: join every seam that reaches the threshold, both sides taken whole.

    A few joins can show that the rest was wrapped as well, so a path that still looks wrapped is laid
    again over its own paragraphs, until nothing more is joined.
    """
    path = _lay(source, joins, threshold)
    while True:
        lines = restored(source, path)
        set_as = layout(lines)
        if not set_as.width:
            return path
        later = _lay(Source(source.raw, lines, frozenset(), set_as), joins, threshold)
        if not later.joined:
            return path
        path = _compose(path, later)


def restored(source: Source, path: Path) -> list[Line]:
    """The paragraphs of a path as the lines of a restored text, one paragraph a line."""
    lines: list[Line] = []
    position = 0
    for part in path.paragraphs:
        texts = [source.lines[index].text for index in part]
        pieces = [glue(left, right) + right for left, right in pairwise(texts)]
        text = "".join((texts[0], *pieces))
        lines.append(Line(position, position + len(text), text, 1, page=False, indent=0))
        position += len(text) + 1
    return lines


def _compose(path: Path, later: Path) -> Path:
    """A path, and one laid over its paragraphs, as one."""
    first = {at: part[0] for at, part in enumerate(path.paragraphs)}
    return Path(
        tuple(tuple(i for at in part for i in path.paragraphs[at]) for part in later.paragraphs),
        {**path.seams, **{first[at]: later.seams[at] for at in later.joined}},
        path.wrapped | {first[at] for at in later.wrapped & later.joined},
        path.joined | {first[at] for at in later.joined},
    )


def _lay(source: Source, joins: JoinModel, threshold: float) -> Path:
    judge = _Judge(source, joins)
    pieces: list[_Piece] = []
    for index, line in enumerate(source.lines):
        piece = _Piece(index, index, line.text[:REACH], line.text[-REACH:])
        if pieces and judge.seam(pieces[-1], piece) >= threshold:
            _join(pieces, piece, judge, threshold)
        else:
            pieces.append(piece)
    joined = frozenset(i for piece in pieces for i in range(piece.first + 1, piece.last + 1))
    paragraphs = tuple(tuple(range(piece.first, piece.last + 1)) for piece in pieces)
    return Path(paragraphs, judge.wraps | judge.cuts, frozenset(judge.wraps), joined)


def _join(pieces: list[_Piece], piece: _Piece, judge: "_Judge", threshold: float) -> None:
    """Continue the last piece; one that has grown may in turn continue the one before it."""
    grown = len(pieces[-1].head) < REACH
    pieces[-1].add(piece)
    while grown and len(pieces) > 1 and judge.is_open(pieces[-1].first):
        if judge.seam(pieces[-2], pieces[-1]) < threshold:
            return
        grown = len(pieces[-2].head) < REACH
        last = pieces.pop()
        pieces[-1].add(last)


def _is_torn(lines: Sequence[Line], layout: Layout) -> bool:
    """Whether the text breaks off: then a column was written elsewhere, and one open seam is its hole."""
    if not lines or ends_sentence(lines[-1].text) or stands_alone(lines[-1].text):
        return False
    return len(lines[-1].text) >= (layout.width - _SLACK if layout.width else _BODY)


class _Judge:
    """Asks the model about seams and remembers what it said where there was something to decide."""

    def __init__(self, source: Source, joins: JoinModel) -> None:
        self._source = source
        self._joins = joins
        self._text = "".join(line.text for line in source.lines)
        self._offsets = list(accumulate((len(line.text) for line in source.lines), initial=0))
        self._torn = _is_torn(source.lines, source.layout)
        self.cuts: dict[int, float] = {}
        self.wraps: dict[int, float] = {}

    def is_open(self, index: int) -> bool:
        """Whether there was something to decide before this line."""
        return index in self.cuts or index in self.wraps

    def seam(self, left: _Piece, right: _Piece) -> float:
        """Probability that ``right`` continues ``left``."""
        gap = self._gap(left, right)
        probability = self._joins.probability(left.tail, right.head, gap)
        if probability > NEVER:
            (self.wraps if gap.wrap else self.cuts)[right.first] = probability
        return probability

    def _gap(self, left: _Piece, right: _Piece) -> Gap:
        source, layout = self._source, self._source.layout
        before, after = source.lines[left.last], source.lines[right.first]
        furniture = right.first in source.holes
        wide = after.page or furniture or after.newlines > layout.newlines
        wrap = bool(layout.width) and not wide
        filled = bool(layout.width) and layout.fills(before.text, after.text)
        settled = wrap and filled and after.indent <= 1
        return Gap(
            wrap=wrap,
            filled=filled,
            style=layout.style if layout.width else None,
            indented=after.indent > 1,
            bare=after.newlines == 1 and not after.page and not furniture,
            wide=wide,
            furniture=furniture,
            top=left.last == 0,
            torn=self._torn,
            echo=0 if settled or ends_sentence(left.tail) else self._echo(left, right),
        )

    def _echo(self, before: _Piece, after: _Piece) -> int:
        """How many characters round the seam stand together elsewhere nearby, the seam in their middle.

        Looked up in the text without its line ends, so that a restored text answers alike.
        """
        left, right = before.tail[-2:], after.head[:2]
        at = self._offsets[after.first]
        if self._stands_elsewhere(left + right, at - len(left)):
            return len(left + right)
        shorter = ((left + right[:-1], at - len(left)), (left[1:] + right, at - len(left) + 1))
        found = any(len(part) > 2 and self._stands_elsewhere(part, place) for part, place in shorter)  # noqa: PLR2004
        return len(left + right) - 1 if found else 0

    def _stands_elsewhere(self, part: str, place: int) -> bool:
        low, high = max(0, place - _NEARBY), place + _NEARBY
        return (
            self._text.find(part, low, place + len(part) - 1) >= 0
            or self._text.find(part, place + 1, high) >= 0
        )
