"""Break whole reports the ways extractions do, and know of every character where it belongs.

Training data for the tree classifiers of ``etl.repair`` come from `broken`. How pages look is in
``break_looks.py``, what is printed on them in ``break_articles.py``; a new kind of damage is a piece of
`Press`. Nothing here is known to the code it trains.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from break_looks import Heads, Look

NEVER_FIRST = set("，。、；：？！）》〉】」』”’…—·%‰℃,.;:?!)]")
NEVER_LAST = set("（《〈【「『“‘([")
SENTENCE_ENDS = set("。！？…”；：")
# Paragraphs of the shortest excerpts, and how many reports are cut down to one.
FEW, SHORT = 4, 0.25
HALF = str.maketrans({"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "？": "?", "！": "!"})


@dataclass(frozen=True)
class Broken:
    """A broken report and its truth.

    Attributes:
        text: as an extraction would have written it.
        places: for each character its place in the paragraphs joined by line ends; -1 for furniture.
        paragraphs: the article, title first.
    """

    text: str
    places: tuple[int, ...]
    paragraphs: tuple[str, ...]


Line = tuple[int, int, int]  # paragraph, start, end


def set_lines(paragraph: str, width: int, *, by_display: bool) -> list[tuple[int, int]]:
    """Break a paragraph into printed lines with the rules for what may start and end one."""
    out, start = [], 0
    while start < len(paragraph):
        end, used = start, 0.0
        while end < len(paragraph):
            used += 0.5 if by_display and paragraph[end].isascii() else 1
            if used > width:
                break
            end += 1
        end = _legal(paragraph, max(end, start + 1), start) if end < len(paragraph) else end
        out.append((start, end))
        start = end
    return out


def _legal(paragraph: str, end: int, start: int) -> int:
    for k in (end, end + 1, end - 1, end - 2, end + 2, end - 3):
        if start < k < len(paragraph) and _may_break(paragraph, k):
            return k
    return min(end, len(paragraph))


def _may_break(paragraph: str, k: int) -> bool:
    a, b = paragraph[k - 1], paragraph[k]
    if b in NEVER_FIRST or a in NEVER_LAST:
        return False
    return not (a.isascii() and b.isascii() and a.isalnum() and b.isalnum())


class Press:
    """Prints one article and loses its order, keeping places."""

    def __init__(self, paragraphs: Sequence[str], look: Look) -> None:
        self.paragraphs, self.look, self.rng = paragraphs, look, look.rng
        self.offsets, at = [], 0
        for paragraph in paragraphs:
            self.offsets.append(at)
            at += len(paragraph) + 1
        self.lines: list[Line] = [
            (n, a, b)
            for n, p in enumerate(paragraphs)
            for a, b in set_lines(p, look.width, by_display=look.by_display)
        ]
        self.out: list[tuple[str, int]] = []
        self.heads = Heads(self.rng, paragraphs[0])

    def weights(self) -> list[float]:
        """How likely a page or column ends after each line; 0 where it may not."""
        out = []
        told = (
            0.06 if self.look.between.endswith(("　", " ")) else 0.0
        )  # else nobody could tell the cut from an end
        for n, _, b in self.lines:
            p = self.paragraphs[n]
            if b == len(p):
                out.append(0.6 if n else 0.0)
            elif len(p) < 40 or len(p) - b < 2 or b < 6:
                out.append(0.0)
            else:
                out.append(told if p[b - 1] in SENTENCE_ENDS else 1.0)
        out[-1] = 0.0
        return out

    def cuts(self) -> tuple[dict[int, str], list[tuple[int, int]]]:
        """Page ends by line index (the cut stands after the line), and columns as (first, last + 1)."""
        weights, count = self.weights(), len(self.lines)
        pages: dict[int, str] = {}
        columns: list[tuple[int, int]] = []
        for _ in range(self.look.columns):
            for _ in range(30):
                a = self.draw(weights, 0, count)
                b = self.draw(weights, a + 3, min(a + 40, count)) if a is not None else None
                if a is None or b is None or any(not (b < x or a > y) for x, y in columns):
                    continue
                if (
                    self.lines[a][2] == len(self.paragraphs[self.lines[a][0]])
                    and self.lines[b][2] == len(self.paragraphs[self.lines[b][0]])
                    and self.rng.random() < 0.9
                ):
                    continue
                columns.append((a, b))
                break
        at = self.rng.randint(3, self.look.page_lines)
        while self.look.pages and at < count - 1:
            cut = self.draw(weights, at - 2, at + 3)
            if cut is not None and not any(a <= cut <= b for a, b in columns):
                pages[cut] = "page"
            at += max(4, int(self.rng.gauss(self.look.page_lines, 2)))
        return pages, columns

    def draw(self, weights: Sequence[float], low: int, high: int) -> int | None:
        """A line index in [low, high) by weight."""
        span = range(max(low, 0), min(high, len(weights)))
        total = sum(weights[k] for k in span)
        return self.rng.choices(span, [weights[k] for k in span])[0] if total > 0 else None

    def put(self, text: str) -> None:
        """Write what is not the article's."""
        self.out.append((text, -1))

    def print_lines(self, first: int, last: int) -> None:
        """Write the lines [first, last) with the breaks between them."""
        for k in range(first, last):
            n, a, b = self.lines[k]
            if k > first:
                self.put(self.paragraph_gap(n) if a == 0 else "\n" if self.look.wrapped else "")
            self.out.append((self.paragraphs[n][a:b], self.offsets[n] + a))

    def paragraph_gap(self, n: int) -> str:
        """What stands before paragraph n: in some reports more space around headings."""
        look, between = self.look, self.look.between
        head = [len(self.paragraphs[k]) < 31 and self.paragraphs[k][-1] not in "。！？" for k in (n - 1, n)]
        wide = {"before": head[1], "both": head[0] or head[1], "random": self.rng.random() < 0.06}.get(
            look.spaced, False
        )
        return "\n" * (between.count("\n") + 1 + (n % 2)) + between.lstrip("\n") if wide else between

    def page_gap(self) -> None:
        """A page break, with its furniture."""
        gap = self.rng.choice(self.look.gaps)
        if not self.look.furnished or self.rng.random() < 0.08:
            self.put(gap)
            return
        lines = self.heads.next()
        near = self.rng.choice(("\n\n", "\n\n", "\n", "\n\n\n"))
        if len(lines) > 1 and self.rng.random() < 0.6:
            half = len(lines) // 2
            self.put(near + near.join(lines[:half]) + gap + near.join(lines[half:]) + near)
        elif self.rng.random() < 0.5:
            self.put(near + "\n".join(lines) + gap)
        else:
            self.put(gap + "\n".join(lines) + near)

    def run(self) -> Broken:
        """Print, move, and make the characters dirty."""
        pages, columns = self.cuts()
        edges = sorted({0, len(self.lines), *(k + 1 for k in pages), *(x + 1 for c in columns for x in c)})
        body: list[tuple[int, int]] = []
        moved: list[tuple[int, int]] = []
        for a, b in pairwise(edges):
            inside = any(x + 1 <= a and b <= y + 1 for x, y in columns)
            (moved if inside else body).append((a, b))
        landed, tails = self.share(body, moved)
        last: int | None = None
        for k, (a, b) in enumerate(body):
            if last is not None:
                self.seam(a, last)
            self.print_lines(a, b)
            last = b
            for piece in landed.get(k, ()):
                self.land(piece)
                last = -1
        for piece in tails:
            self.land(piece)
        return self.dirty()

    def share(
        self, body: list[tuple[int, int]], moved: list[tuple[int, int]]
    ) -> tuple[dict[int, list[tuple[int, int]]], list[tuple[int, int]]]:
        """Which moved piece lands behind which piece of the body, and which at the end of the file."""
        landed: dict[int, list[tuple[int, int]]] = {}
        tails = []
        for piece in moved:
            spots = [k for k in range(len(body) - 1) if body[k][1] != piece[0]]
            if spots and self.rng.random() < self.look.landing:
                landed.setdefault(self.rng.choice(spots), []).append(piece)
            else:
                tails.append(piece)
        self.rng.shuffle(tails)
        return landed, tails

    def seam(self, start: int, last: int) -> None:
        """What stands between two pieces of the body: a page break, or a hole that closed up."""
        if last in (start, -1):
            self.page_gap()
            return
        self.put(
            self.rng.choice(
                [
                    self.look.between.rstrip("　 "),
                    self.look.between.rstrip("　 "),
                    "\n\n\n\n",
                    "\n",
                    self.rng.choice(self.look.gaps),
                ]
            )
        )

    def land(self, piece: tuple[int, int]) -> None:
        """Write a displaced piece where it does not belong."""
        draw = self.rng.random()
        if self.look.furnished and draw < 0.3:
            self.page_gap()
        elif draw > 0.8:  # nothing shows that another piece begins
            self.put(self.look.between.rstrip("　 "))
        else:
            self.put(
                self.rng.choice(
                    ["\n\n\n\n", "\n\n\n", self.rng.choice(self.look.gaps), "\n\n\n\n\n", "\n\n\n"]
                )
            )
        self.print_lines(*piece)

    def dirty(self) -> Broken:
        """Half width, stray spaces; places kept."""
        chars: list[str] = []
        places: list[int] = []
        for text, at in self.out:
            for k, char in enumerate(text):
                chars.append(char)
                places.append(at + k if at >= 0 and not char.isspace() else -1)
                if (
                    self.look.stray
                    and at >= 0
                    and k + 1 < len(text)
                    and "一" <= char <= "龥"
                    and "一" <= text[k + 1] <= "龥"
                    and self.rng.random() < self.look.stray
                ):
                    chars.append(" ")
                    places.append(-1)
        whole = "".join(chars)
        return Broken(
            whole.translate(HALF) if self.look.half else whole, tuple(places), tuple(self.paragraphs)
        )


def broken(article: Sequence[str], rng: random.Random) -> Broken:
    """One broken report; many are short, for a notice of a few paragraphs breaks as a newspaper does."""
    if len(article) > FEW and rng.random() < SHORT:
        first, count = rng.randrange(1, len(article) - FEW + 1), rng.randint(FEW, 2 * FEW)
        article = (article[0], *article[first : first + count])
    return Press(article, Look(rng)).run()
