"""Anchor a stretch of the restored text in the raw text, and find it there again.

The ends of a passage's window are characters to which a visible place of the raw text leads back. A character
that was put in, or stands for others only as a whole, cannot be an end; the window is wider there.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from etl.corrections.values import Passage
from etl.model.decisions import FEWEST, WORDS, Anchor, Visible
from etl.model.traced import RawToText, TextRun, Traced

# Characters on each side of a place by which it is found: all that are known, else fewer and fewer.
CLOSER = (WORDS, WORDS // 2, WORDS // 4, FEWEST // 2)


class Ground:
    """A raw text and the text restored from it, in which stretches are anchored."""

    def __init__(self, raw: str, whole: Traced) -> None:
        self._whole = whole
        self._where = RawToText(whole.runs)
        self._visible = Visible.of(raw)

    def passage(self, start: int, end: int) -> Passage | None:
        """Return the passage of ``text[start:end]``, with a neighbour where empty; None if it has no anchor.

        It has none where nothing before it, or nothing behind it, comes from the raw text.
        """
        text = self._whole.text
        empty = start == end
        left = start - (empty and start > 0 and text[start - 1] != "\n")
        right = end + (empty and text[end : end + 1] not in ("", "\n"))
        first = next((at for at in range(left, -1, -1) if self._begins(at) is not None), None)
        last = next((at for at in range(right, len(text) + 1) if self._ends(at) is not None), None)
        if first is None or last is None:
            return None
        raw_start, raw_end = self._begins(first), self._ends(last)
        if raw_start is None or raw_end is None:
            raise AssertionError("unreachable: both ends were chosen for having one")
        anchors = (self._visible.anchor(raw_start), self._visible.anchor(raw_end))
        return Passage(*anchors, text[first:last], start - first, end - last)

    def _begins(self, at: int) -> int | None:
        """Return the raw offset of character ``at``; None where no window can begin that is found again."""
        run = self._run_at(at)
        if run is None:
            return None
        raw = run.raw_start + (at - run.start if run.is_verbatim else 0)
        seen = raw < run.raw_end and self._visible.sees(raw)
        return raw if seen and self._where.at(raw) == at else None

    def _ends(self, at: int) -> int | None:
        """Return the raw offset behind the character before ``at``; None where no window can end."""
        run = self._run_at(at - 1)
        if run is None:
            return None
        raw = run.raw_start + at - run.start if run.is_verbatim else run.raw_end
        seen = raw > run.raw_start and self._visible.sees(raw - 1)
        return raw if seen and self._where.end(raw) == at else None

    def _run_at(self, at: int) -> TextRun | None:
        if not 0 <= at < len(self._whole):
            return None
        return self._whole.runs[bisect_right(self._whole.runs, at, key=lambda run: run.start) - 1]


def locate(visible: Visible, passage: Passage) -> tuple[int, int] | None:
    """Find the raw offsets of a passage's window; None where its place is gone or may be one of several.

    A decision about a repair takes the likeliest of several places; a correction never does.
    """
    start, end = _find(visible, passage.start), _find(visible, passage.end)
    if start is None or not end or start >= len(visible.offsets):
        return None
    begins, ends = visible.offsets[start], visible.offsets[end - 1] + 1
    return begins, ends


def _find(visible: Visible, anchor: Anchor) -> int | None:
    """Find an anchor by its words; return how many visible characters are before it, None if not found.

    The place where it was wins among several with the same words; else it must be the only one.
    """
    was = bisect_left(visible.offsets, anchor.at)
    for near in CLOSER:
        before, after = anchor.before[-near:], anchor.after[:near]
        if both := visible.occurrences(before + after, len(before)):
            return was if was in both else _only(both)
    sides = ((anchor.before, len(anchor.before)), (anchor.after, 0))
    found = (_only(visible.occurrences(words, shift)) for words, shift in sides if len(words) >= FEWEST)
    return next((at for at in found if at is not None), None)


def _only(found: Sequence[int]) -> int | None:
    return found[0] if len(found) == 1 else None
