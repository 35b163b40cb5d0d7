"""Paragraphs from a raw text: page furniture out, wrapped lines and cut sentences joined again.

`repair` is the way in. What a seam looks like is in ``joins``, which seams are taken is in ``order``,
what the lines tell is in ``lines`` and ``furniture``.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from etl.model import Reading, Repaired
from etl.repair.furniture import find
from etl.repair.joins import Gap, JoinModel, glue
from etl.repair.lines import Line, layout, split
from etl.repair.order import Path, Source, arrange, restored
from etl.traced import Change, Traced, concat

__all__ = ["Gap", "JoinModel", "repair"]

_VISIBLE = re.compile(r"[^\s\u200b\ufeff]")
_ROUNDS = 4  # furniture hides furniture at most this deep
_SUGGESTED = 0.5  # a join below the threshold is worth a word to a reviewer from here on


def repair(reading: Reading, joins: JoinModel, threshold: float) -> Repaired:
    """Restore the paragraphs of a reading, each traced to the raw text.

    Joins at or above ``threshold`` (a probability) are made; likely ones below it become suggestions.
    A reading whose format marks its paragraphs is only split.
    """
    lines = split(reading.text, reading.breaks)
    if reading.certain_paragraphs:
        return Repaired(tuple(Traced.raw(line.text, line.start) for line in lines), ())
    removed = find(lines, layout(lines))
    for _ in range(_ROUNDS):
        source = _source(reading.text, lines, removed)
        path = arrange(source, joins, threshold)
        late = _late_furniture(source, path)
        if not late:
            break
        kept = [index for index in range(len(lines)) if index not in removed]
        removed |= {kept[i]: confidence for at, confidence in late.items() for i in path.paragraphs[at]}
    changes = [_removal(lines[index], confidence) for index, confidence in removed.items()]
    changes += _joins(source, path)
    paragraphs = tuple(_paragraph([source.lines[i] for i in part]) for part in path.paragraphs)
    return Repaired(paragraphs, tuple(sorted(changes, key=lambda change: (change.start, change.end))))


def _source(raw: str, lines: Sequence[Line], removed: Collection[int]) -> Source:
    kept = [line for index, line in enumerate(lines) if index not in removed]
    return Source(raw, kept, _holes(lines, removed), layout(kept))


def _late_furniture(source: Source, path: Path) -> dict[int, float]:
    """Furniture that shows only when wrapped lines have come together, by paragraph.

    Asked of the restored text itself, so that restoring it once more would find nothing new.
    """
    lines = restored(source, path)
    return find(lines, layout(lines))


def _holes(lines: Sequence[Line], removed: Collection[int]) -> frozenset[int]:
    """Which of the lines that stay, counted without the others, follow one that was taken out."""
    holes, kept = set(), 0
    for index in range(len(lines)):
        if index in removed:
            holes.add(kept)
        else:
            kept += 1
    return frozenset(holes)


def _removal(line: Line, confidence: float) -> Change:
    return Change("repair", "furniture", line.start, line.end, line.text, "", confidence)


def _joins(source: Source, path: Path) -> Iterator[Change]:
    """The ledger of joins made, and of those that stayed below the threshold.

    A join stands at the white space after its left half; what stood further on, up to the right
    half, is furniture with a line of its own.
    """
    for index, probability in path.seams.items():
        left, right = source.lines[index - 1], source.lines[index]
        applied = index in path.joined
        if not applied and probability < _SUGGESTED:
            continue
        rule = "wrapped line" if index in path.wrapped else "cut sentence"
        visible = _VISIBLE.search(source.raw, left.end, right.start)
        end = visible.start() if visible else right.start
        before = source.raw[left.end : end]
        after = glue(left.text, right.text)
        yield Change("repair", rule, left.end, end, before, after, round(probability, 4), applied)


def _paragraph(lines: Sequence[Line]) -> Traced:
    """The lines as one text, with a space put in only between Latin words."""
    if len(lines) == 1:
        return Traced.raw(lines[0].text, lines[0].start)
    pieces: list[Traced] = []
    for line in lines:
        if pieces and (space := glue(pieces[-1].text, line.text)):
            pieces.append(Traced.inserted(space, pieces[-1].runs[-1].raw_end))
        pieces.append(Traced.raw(line.text, line.start))
    return concat(pieces)
