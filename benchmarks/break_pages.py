"""Whole pages as extractions of real PDFs write them, each with its head and number, their truth known.

Training data beside those of ``break_reports.py``: indents take room in the first line and are mostly
dropped, first and last pages have heads too, titles and headings come in two lines, columns end anywhere.
Pages whose paragraphs were put together are left to ``break_reports.py``: where narrow columns leave two
words of a paragraph at their foot, trees learn from them that headings go on.
"""

import random
from collections.abc import Iterator, Sequence

from break_looks import Heads
from break_reports import SENTENCE_ENDS, Broken, Line, set_lines

INDENT, LONGEST_HEADING, TITLE_LINES = 2, 30, 4
BREAKS = ("\n", "\n", "\n\n", "\n\n", "\n\f", "\f", "\n\n\n")


class Pages:
    """Prints one article page by page, and writes what an extraction makes of it."""

    def __init__(self, paragraphs: Sequence[str], rng: random.Random) -> None:
        self.paragraphs, self.rng, pick = paragraphs, rng, rng.choice
        self.offsets, at = [], 0
        for paragraph in paragraphs:
            self.offsets.append(at)
            at += len(paragraph) + 1
        self.columns = pick((1, 1, 2, 2, 3, 4))
        self.width = rng.randint(24, 46) if self.columns == 1 else rng.randint(12, 26)
        self.length = rng.randint(16, 44)
        self.style = pick(("lines", "lines", "blocks"))
        self.indent = pick((INDENT, INDENT, INDENT, 0))
        kept = pick(("", "", "", pick(("　　", "    ", "  "))))
        self.kept = kept if self.indent and self.style == "lines" else ""
        self.order = pick(("first", "last", "around"))
        self.disorder = pick(("", "", "turns", "turns", "columns")) if self.style == "blocks" else ""
        self.near, self.gap = pick(("\n", "\n", "\n\n")), pick(BREAKS)
        self.heads, self.out = Heads(rng, paragraphs[0]), list[tuple[str, int]]()

    def run(self) -> Broken:
        """Print all."""
        bare = self.rng.random() < 0.15  # the first page often has no head
        pages = list(self._pages())
        for k, columns in enumerate(pages):
            head = [] if bare and k == 0 else self.heads.next()
            cut = {"first": len(head), "last": 0}.get(self.order, len(head) // 2)
            self._furniture(head[:cut], after=self.near)
            for n, column in enumerate(self._disordered(columns)):
                if n:
                    self._put("\n" if self.style == "lines" else "\n\n")
                self._column(column)
            self._furniture(head[cut:], before=self.near)
            if k + 1 < len(pages):
                self._put(self.gap)
        text = "".join(piece for piece, _ in self.out)
        places = [
            at + k if at >= 0 and not c.isspace() else -1
            for piece, at in self.out
            for k, c in enumerate(piece)
        ]
        return Broken(text, tuple(places), tuple(self.paragraphs))

    def _disordered(self, columns: Sequence[Sequence[Line]]) -> Sequence[Sequence[Line]]:
        """Columns as programs write them that go by height: once a report in turns, or exchanged."""
        if not self.disorder or len(columns) == 1 or self.rng.random() < 0.5:
            return columns
        if self.disorder == "columns":
            return self.rng.sample(columns, len(columns))
        rows, self.disorder = self.rng.randint(2, 10), ""
        turns = [column[k : k + 1] for k in range(rows) for column in columns]
        return [piece for piece in (*turns, *(column[rows:] for column in columns)) if piece]

    def _furniture(self, head: Sequence[str], before: str = "", after: str = "") -> None:
        if head:
            self._put(before + self.near.join(head) + after)

    def _put(self, text: str) -> None:
        self.out.append((text, -1))

    def _column(self, lines: Sequence[Line]) -> None:
        for k, (n, a, b) in enumerate(lines):
            if k and a:
                self._put("\n")
            elif k:
                self._put("\n" if self.style == "lines" else "\n\n")
            if not a and n:
                self._put(self.kept)
            self.out.append((self.paragraphs[n][a:b], self.offsets[n] + a))

    def _pages(self) -> Iterator[list[list[Line]]]:
        """The lines of each column of each page."""
        page: list[list[Line]] = []
        column: list[Line] = []
        room = self.length - TITLE_LINES
        lines = list(self._lines())
        for k, line in enumerate(lines):
            column.append(line)
            if k + 1 == len(lines) or self._ends(len(column), room, line):
                page.append(column)
                column = []
                if len(page) == self.columns or k + 1 == len(lines):
                    yield page
                    page, room = [], self.length

    def _ends(self, count: int, room: int, line: Line) -> bool:
        """Whether the column ends behind a line: when it is full, but never behind a heading."""
        n, _, b = line
        return count >= room and not (b == len(self.paragraphs[n]) and self._is_heading(n))

    def _is_heading(self, n: int) -> bool:
        text = self.paragraphs[n]
        return len(text) <= LONGEST_HEADING and text[-1] not in SENTENCE_ENDS

    def _lines(self) -> Iterator[Line]:
        wide = int((self.width * self.columns) / 1.7)
        for n, text in enumerate(self.paragraphs):
            first = 0 if n == 0 or self._is_heading(n) else self.indent
            width = max(wide, 8) if n == 0 else self.width
            for a, b in set_lines("　" * first + text, width, by_display=True):
                yield n, max(a - first, 0), b - first


def paged(article: Sequence[str], rng: random.Random) -> Broken:
    """One report as its pages were extracted."""
    return Pages(article, rng).run()
