"""Keep with a text where it came from, and change it by one function alone.

A rule never edits: it yields `Edit`s. `apply` makes the new text and the ledger, so the explanation cannot
differ from the work. Moving a paragraph is slicing and joining `Traced`s.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple, Protocol, TypeVar

from etl.model.stages import EditStage

_SPLITTABLE = 2  # characters; a single one stands for a single one, whatever it came from


class TextRun(NamedTuple):
    """A stretch of provenance: ``text[start:end]`` came from ``raw[raw_start:raw_end]``.

    Equally long stretches correspond character by character; others only as a whole.
    An empty raw stretch is an insertion at that place.
    """

    start: int
    end: int
    raw_start: int
    raw_end: int

    @property
    def is_verbatim(self) -> bool:
        """Whether both stretches are equally long, so that they correspond character by character."""
        return self.end - self.start == self.raw_end - self.raw_start


@dataclass(frozen=True, slots=True)
class Edit:
    """A rule's proposal: put ``replacement`` in the place of ``text[start:end]``."""

    start: int
    end: int
    replacement: str
    rule: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the ledger.

    Attributes:
        stage: the stage that made the change.
        rule: the rule within it.
        start, end: the place in the raw text.
        before, after: the text there before and after (for a move: the start of the piece moved).
        confidence: probability that the change is right, 0 to 1.
        applied: False for a suggestion that stayed below the threshold.
        to: for a move, the raw offset after which the piece now stands; None otherwise.
        decided: a person decided it; if it is not applied, it was rejected.
    """

    stage: EditStage
    rule: str
    start: int
    end: int
    before: str
    after: str
    confidence: float
    applied: bool = True
    to: int | None = None
    decided: bool = False

    @property
    def open(self) -> bool:
        """Whether it is a suggestion that nobody has decided."""
        return not (self.applied or self.decided)


@dataclass(frozen=True, slots=True)
class Traced:
    """A text and, in ``runs``, where each stretch of it stands in the raw text.

    Runs cover ``text`` without gaps, in order.
    """

    text: str
    runs: tuple[TextRun, ...]

    @classmethod
    def raw(cls, text: str, at: int = 0) -> "Traced":
        """Make a text that equals the raw text from raw offset ``at`` on."""
        return cls(text, (TextRun(0, len(text), at, at + len(text)),) if text else ())

    @classmethod
    def inserted(cls, text: str, at: int) -> "Traced":
        """Make a text that the raw text does not have, inserted at raw offset ``at``."""
        return cls(text, (TextRun(0, len(text), at, at),) if text else ())

    def __len__(self) -> int:
        return len(self.text)

    def slice(self, start: int, end: int) -> "Traced":
        """Return ``text[start:end]`` with its provenance; offsets must lie within the text."""
        if start >= end:
            return Traced("", ())
        runs: list[TextRun] = []
        for k in range(self._run_at(start), len(self.runs)):  # a copy of the rest would cost its length
            run = self.runs[k]
            if run.start >= end:
                break
            runs += _pieces(run, max(start, run.start), min(end, run.end), shift=start)
        return Traced(self.text[start:end], tuple(runs))

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest raw stretch that holds all of ``text[start:end]``."""
        if start < end and self.runs:
            run = self.runs[self._run_at(start)]
            if end <= run.end:  # nearly every edit lies within one run
                if not run.is_verbatim:
                    return run.raw_start, run.raw_end
                return run.raw_start + start - run.start, run.raw_start + end - run.start
        spans = self.raw_spans(start, end)
        if not spans:
            at = self._raw_point(start)
            return (at, at)
        return (min(a for a, _ in spans), max(b for _, b in spans))

    def raw_spans(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return the raw stretches of ``text[start:end]`` in reading order, neighbours merged."""
        out: list[tuple[int, int]] = []
        for run in self.slice(start, end).runs:
            if out and out[-1][0] <= run.raw_start <= out[-1][1]:
                out[-1] = (out[-1][0], max(out[-1][1], run.raw_end))
            else:
                out.append((run.raw_start, run.raw_end))
        return tuple(out)

    def _run_at(self, position: int) -> int:
        return max(0, bisect_right(self.runs, position, key=lambda run: run.start) - 1)

    def _raw_point(self, position: int) -> int:
        if not self.runs:
            return 0
        run = self.runs[self._run_at(position)]
        if position >= run.end:
            return run.raw_end
        return run.raw_start + (position - run.start if run.is_verbatim else 0)


class RawToText:
    """A map from raw offsets to offsets in the text made of them, the inverse of `Traced.raw_span`.

    A raw offset whose character the text lacks maps to None. A stretch that corresponds to another only as a
    whole is mapped at its two ends, and nowhere within.
    """

    def __init__(self, runs: Iterable[TextRun]) -> None:
        self._by_text = [run for run in runs if run.raw_start < run.raw_end]
        self._by_raw = sorted(self._by_text, key=lambda run: (run.raw_start, run.start))
        # Up to each run the furthest end in the raw text: runs may lie within others.
        self._reach = tuple(accumulate((run.raw_end for run in self._by_raw), max))

    def at(self, raw: int) -> int | None:
        """Return the first character's offset whose raw text begins at a raw offset; None for none."""
        found = (
            run.start + raw - run.raw_start
            for run in self._over(raw, raw + 1)
            if run.is_verbatim or run.raw_start == raw
        )
        return min(found, default=None)

    def end(self, raw: int) -> int | None:
        """Return the offset after the last character whose raw text ends at the raw offset; None for none."""
        found = (
            run.end + raw - run.raw_end
            for run in self._over(raw - 1, raw)
            if run.is_verbatim or run.raw_end == raw
        )
        return max(found, default=None)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the first unbroken stretch of text that came from a raw stretch; None where there is none.

        A part of a stretch that corresponds to others as a whole is all of it.
        """
        found: tuple[int, int] | None = None
        for run in self._over(start, end) if start < end else ():
            here = _stretch_of(run, start, end)
            if found and here[0] != found[1]:
                break
            found = (found[0] if found else here[0], here[1])
        return found

    def after(self, raw: int) -> int:
        """Return the offset after the characters that precede a raw offset; 0 where there are none."""
        found = self.end(raw)
        if found is not None:
            return found
        last = bisect_left(self._by_raw, raw, key=_raw_start) - 1
        return self._by_raw[last].end if last >= 0 else 0

    def following(self, raw: int) -> int:
        """Return the raw offset at which the text goes on after the characters that precede a raw offset.

        It is that offset itself where the text goes on as the raw one does, or ends.
        """
        here = self.after(raw)
        at = bisect_right(self._by_text, here, key=lambda run: run.end)
        if at == len(self._by_text):
            return raw
        run = self._by_text[at]
        return run.raw_start + (max(0, here - run.start) if run.is_verbatim else 0)

    def _over(self, start: int, end: int) -> Iterator[TextRun]:
        """Yield the runs that came from any part of a raw stretch, in the order of the raw text."""
        first = bisect_right(self._reach, start)
        last = bisect_left(self._by_raw, end, key=_raw_start)
        return (run for run in self._by_raw[first:last] if run.raw_end > start)


def _raw_start(run: TextRun) -> int:
    return run.raw_start


def _stretch_of(run: TextRun, start: int, end: int) -> tuple[int, int]:
    """Return the part of a run's text that came from a raw stretch, which the run's own must overlap."""
    if not run.is_verbatim:
        return run.start, run.end
    low, high = max(start, run.raw_start), min(end, run.raw_end)
    return run.start + low - run.raw_start, run.start + high - run.raw_start


def concat(pieces: Iterable[Traced]) -> Traced:
    """Join pieces to one text, and merge neighbouring runs that continue each other."""
    texts: list[str] = []
    runs: list[TextRun] = []
    position = 0
    for piece in pieces:
        texts.append(piece.text)
        for run in piece.runs:
            moved = TextRun(run.start + position, run.end + position, run.raw_start, run.raw_end)
            _append(runs, moved)
        position += len(piece.text)
    return Traced("".join(texts), tuple(runs))


def apply(traced: Traced, edits: Iterable[Edit], stage: EditStage) -> tuple[Traced, tuple[Change, ...]]:
    """Apply edits (in any order, not overlapping); return the new text and the changes for the ledger.

    Edits that change nothing are left out of the ledger.

    Raises:
        ValueError: two edits overlap or one lies outside the text; a rule is wrong.
    """
    ordered = [
        e for e in sorted(edits, key=lambda e: (e.start, e.end)) if not _changes_nothing(e, traced.text)
    ]
    if not ordered:
        return traced, ()
    _check(ordered, len(traced.text))
    changes = tuple(_change(traced, edit, stage) for edit in ordered)
    if all(len(e.replacement) == e.end - e.start for e in ordered):
        return replace(traced, text=_splice(traced.text, ordered)), changes
    return _rebuild(traced, ordered), changes


def _changes_nothing(edit: Edit, text: str) -> bool:
    """Check whether an edit within the text changes nothing; an edit outside of it must reach `_check`."""
    inside = 0 <= edit.start <= edit.end <= len(text)
    return inside and text[edit.start : edit.end] == edit.replacement


def _check(ordered: Sequence[Edit], length: int) -> None:
    position = 0
    for edit in ordered:
        if not position <= edit.start <= edit.end <= length:
            raise ValueError(f"edit {edit} overlaps its neighbour or lies outside 0..{length}")
        position = edit.end


def _splice(text: str, ordered: Sequence[Edit]) -> str:
    out: list[str] = []
    position = 0
    for edit in ordered:
        out += (text[position : edit.start], edit.replacement)
        position = edit.end
    out.append(text[position:])
    return "".join(out)


def _rebuild(traced: Traced, ordered: Sequence[Edit]) -> Traced:
    """Apply edits in one walk over runs and edits, so that cost grows with their sum, not their product."""
    text = _splice(traced.text, ordered)
    runs: list[TextRun] = []
    position = shift = index = 0
    for edit in ordered:
        index = _copy(traced, (position, edit.start), shift, index, runs)
        if len(edit.replacement) == edit.end - edit.start:
            index = _copy(traced, (edit.start, edit.end), shift, index, runs)
        else:
            start = edit.start + shift
            raw = traced.raw_span(edit.start, edit.end)
            for piece in _as_whole(TextRun(start, start + len(edit.replacement), *raw)):
                _append(runs, piece)
        shift += len(edit.replacement) - (edit.end - edit.start)
        position = edit.end
    _copy(traced, (position, len(traced.text)), shift, index, runs)
    return Traced(text, tuple(runs))


def _copy(traced: Traced, span: tuple[int, int], shift: int, index: int, runs: list[TextRun]) -> int:
    start, end = span
    while index < len(traced.runs) and traced.runs[index].end <= start:
        index += 1
    at = index
    while at < len(traced.runs) and traced.runs[at].start < end:
        run = traced.runs[at]
        for piece in _pieces(run, max(start, run.start), min(end, run.end), shift=-shift):
            _append(runs, piece)
        at += 1
    return index


def _append(runs: list[TextRun], run: TextRun) -> None:
    """Append a run, merged with the last one where the two continue each other character by character."""
    if run.start == run.end:
        return
    if runs:
        last = runs[-1]
        if last.raw_end == run.raw_start and last.is_verbatim and run.is_verbatim:
            runs[-1] = TextRun(last.start, run.end, last.raw_start, run.raw_end)
            return
    runs.append(run)


def _pieces(run: TextRun, start: int, end: int, shift: int) -> tuple[TextRun, ...]:
    """Return the part of a run over ``start`` to ``end``, moved back by ``shift``."""
    if run.is_verbatim:
        offset = run.raw_start - run.start
        return (TextRun(start - shift, end - shift, start + offset, end + offset),)
    return _as_whole(TextRun(start - shift, end - shift, run.raw_start, run.raw_end))


def _as_whole(run: TextRun) -> tuple[TextRun, ...]:
    """Return a run so that it corresponds to its raw stretch as a whole, even if both are equally long.

    It is then split into two runs that both point to all of the raw stretch, so that no reader maps it
    character by character.
    """
    if not run.is_verbatim or run.end - run.start < _SPLITTABLE:
        return (run,)
    return (run._replace(end=run.start + 1), run._replace(start=run.start + 1))


def _change(traced: Traced, edit: Edit, stage: EditStage) -> Change:
    raw_start, raw_end = traced.raw_span(edit.start, edit.end)
    before = traced.text[edit.start : edit.end]
    return Change(stage, edit.rule, raw_start, raw_end, before, edit.replacement, edit.confidence)


class Spanned(Protocol):
    """Anything with a start and an end."""

    @property
    def start(self) -> int:
        """Offset of its first character."""

    @property
    def end(self) -> int:
        """Offset after its last character."""


S = TypeVar("S", bound=Spanned)


def narrowest_over(spans: Iterable[S], cuts: Sequence[int]) -> dict[int, S]:
    """Return the narrowest span over each piece between two cuts, by the number of the piece.

    Every span begins and ends at one of the ascending ``cuts``; where two are equally long, the later wins.
    """
    over: dict[int, S] = {}
    for span in sorted(spans, key=lambda one: one.start - one.end):
        first, last = bisect_left(cuts, span.start), bisect_left(cuts, span.end)
        over.update(dict.fromkeys(range(first, last), span))
    return over
