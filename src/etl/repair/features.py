"""What the combiners are told of each seam: layout, sentence, quotes, numbers, and the rivals.

A seam stands between two content lines. `adjacent` describes the seams of the file as given, `rivals` adds what
only a comparison with other pieces can say, `jumps` describes pieces that do not stand beside each other. A new
sign is one more column; then the combiners are trained again (``benchmarks/train_joins.py``).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.repair.lines import Floats, Ints, Lines
from etl.repair.scores import Scores
from etl.repair.sheet import Sheet, layout, numbering
from etl.structure import is_footnote, is_heading, is_note, is_row, is_salutation, is_speaker, stands_alone

Index = npt.NDArray[np.intp]
DIGITS = 10
FURNITURE_FROM = 0.5
LONGEST_HEADING, SPACE_LEFT = 45, 2.5
KINDS = (is_note, is_footnote, is_row, is_salutation, stands_alone, is_speaker, is_heading)
"""Asked in this order of a short line; its kind is 2 and on, 1 for a short line that is none of these."""
MATCH, SURPLUS, UNCLOSED = 2.0, -3.0, -1.5
"""What agreeing, surplus and unclosed quotes add to a seam's score before rivals are ranked."""


@dataclass(frozen=True, slots=True)
class Content:
    """The content lines of a report and what was found of each; arrays have one entry a content line.

    Attributes:
        kept: indices of the content lines in `Lines`.
        gap: line breaks before the line, furniture between left out; `feed` and `dropped` say what else stood there.
        opened, wanted: quotes left open at the end of the paragraph so far, and closed in the rest of it.
        slack: how much of the full width the line leaves.
        kind: what a short line looks like by itself, see `KINDS`; 0 for a line of running text.
        rank: how few of the gaps in the report are as wide as the one before the line, 0 to 1.
    """

    lines: Lines
    sheet: Sheet
    scores: Scores
    kept: Index
    gap: Ints
    feed: Ints
    dropped: Ints
    opened: Ints
    wanted: Ints
    b_opened: Ints
    b_wanted: Ints
    slack: Floats
    number: Ints
    kind: Ints
    rank: Floats

    def __len__(self) -> int:
        return len(self.kept)


def read_content(lines: Lines, sheet: Sheet, scores: Scores, furniture: npt.NDArray[np.bool_]) -> Content:
    """Lay the content lines out, furniture left aside."""
    kept = np.flatnonzero(~furniture)
    gap = _over(lines.gap, kept)
    feed, dropped = _over(lines.feed, kept), np.diff(np.append(-1, kept)).astype(np.int32) - 1
    slack = sheet.width - lines.size[kept]
    runs_on = _runs_on(lines, sheet, kept, gap)
    opened, wanted = _carry(lines.opened[kept], lines.wanted[kept], runs_on)
    b_opened, b_wanted = _carry(lines.bracket_opened[kept], lines.bracket_wanted[kept], runs_on)
    number = np.array([numbering(lines.texts[k]) for k in kept], np.int32)
    kinds = _kinds(lines, sheet, kept, gap)
    order = np.sort(gap[1:])
    rank = 1 - np.searchsorted(order, gap, side="left") / max(1, len(order))
    return Content(
        lines, sheet, scores, kept, gap, feed, dropped, opened, wanted, b_opened, b_wanted, slack, number, kinds,
        rank.astype(np.float32),
    )  # fmt: skip


def _over(values: Ints, kept: Index) -> Ints:
    """The largest value from behind the content line before up to each content line."""
    edges = np.append(0, kept[:-1] + 1)
    out: Ints = np.maximum.reduceat(values, edges)
    return out


def _kinds(lines: Lines, sheet: Sheet, kept: Index, gap: Ints) -> Ints:
    """The kind of each short line; in wrapped text only of lines that leave space or stand off."""
    asked = lines.size[kept] <= LONGEST_HEADING
    if sheet.wrapped:
        off = (gap > sheet.gap) | (lines.indent[kept] > 0)
        asked &= (sheet.width - lines.size[kept] > SPACE_LEFT) | off | np.append(off[1:], True)
    out = np.zeros(len(kept), np.int32)
    for k in np.flatnonzero(asked):
        out[k] = _kind(lines.raw[lines.starts[kept[k]] : lines.ends[kept[k]]])
    return out


def _kind(line: str) -> int:
    return next((number for number, asks in enumerate(KINDS, 2) if asks(line)), 1)


def _runs_on(lines: Lines, sheet: Sheet, kept: Index, gap: Ints) -> list[bool]:
    """For each content line, whether the next probably belongs to its paragraph (only to follow quotes)."""
    if not sheet.wrapped:
        return [False] * len(kept)
    short = (sheet.width - lines.size[kept] > 2.5) & (lines.end[kept] <= 2)
    wide = (gap > sheet.gap) | (lines.indent[kept] > 0) & (sheet.indented < 0.5)
    out = ~short
    out[:-1] &= ~wide[1:]
    out[-1] = False
    return [bool(v) for v in out]


def _carry(opened: Ints, wanted: Ints, runs_on: list[bool]) -> tuple[Ints, Ints]:
    """Marks open and missing over whole paragraphs: openings carried forward, closings backward."""
    if not any(runs_on) or not (opened.any() or wanted.any()):
        return opened, wanted
    forward, back = opened.tolist(), wanted.tolist()
    for k in range(1, len(forward)):
        if runs_on[k - 1]:
            forward[k] += max(0, forward[k - 1] - int(wanted[k]))
    for k in range(len(back) - 2, -1, -1):
        if runs_on[k]:
            back[k] += max(0, back[k + 1] - int(opened[k]))
    return np.array(forward, np.int32), np.array(back, np.int32)


def quote_score(content: Content, i: Index, j: Index) -> Floats:
    """What the balance of quotes and brackets across i|j adds to the seam's score."""
    out = np.zeros(np.broadcast(i, j).shape, np.float32)
    for opened, wanted in ((content.opened, content.wanted), (content.b_opened, content.b_wanted)):
        have, need = opened[i] > 0, wanted[j] > 0
        out += MATCH * (have & need) + SURPLUS * (~have & need) + UNCLOSED * (have & ~need)
    return out


def pair_signs(content: Content, i: Index, j: Index, seam: Floats) -> list[npt.ArrayLike]:
    """Columns that any two lines i|j have, beside each other or not."""
    lines, scores = content.lines, content.scores
    a, b = content.kept[i], content.kept[j]
    return [
        seam, scores.ends[a], scores.starts[b], lines.end[a], lines.start[b], lines.start[a], lines.end[b],
        np.minimum(content.opened[i], 2), np.minimum(content.wanted[j], 2),
        np.minimum(content.b_opened[i], 2), np.minimum(content.b_wanted[j], 2),
        quote_score(content, i, j),
        (lines.end[a] == DIGITS) & (lines.start[b] == DIGITS),
        np.minimum(lines.size[a], 150), np.minimum(lines.size[b], 150),
        np.clip(content.slack[i], -9, 60), np.clip(content.slack[j], -9, 60),
        content.number[i], content.number[j], content.kind[i], content.kind[j], np.minimum(lines.indent[a], 8), np.minimum(lines.indent[b], 8),
    ]  # fmt: skip


def adjacent(content: Content) -> Floats:
    """Rows for the seams of the file as given; row k stands between content lines k and k + 1."""
    count = len(content) - 1
    i = np.arange(count)
    j = i + 1
    kept, sheet = content.kept, content.sheet
    seam = content.scores.seams(kept[:-1], kept[1:])
    gap = content.gap[1:]
    padded = np.concatenate([[0.0], seam, [0.0]]).astype(np.float32)
    before = np.append(content.slack[:1], content.slack[: count - 1])
    columns = [
        *pair_signs(content, i, j, seam),
        np.minimum(gap, 8), content.feed[1:], np.minimum(content.dropped[1:], 3), content.rank[1:],
        gap - sheet.gap, gap - sheet.closed_gap, layout(sheet, gap, content.lines.indent[kept[1:]]),
        padded[:count], padded[2:], np.minimum(content.gap[:count], 8), np.minimum(np.append(gap[1:], 0), 8),
        np.clip(before, -9, 60), np.minimum(i, 5), np.minimum(count - i, 5),
        *[np.full(count, v) for v in (*sheet.figures(), min(count, 400))],
    ]  # fmt: skip
    return _table(columns)


def _table(columns: list[npt.ArrayLike]) -> Floats:
    out = np.empty((len(np.asarray(columns[0])), len(columns)), np.float32)
    for k, column in enumerate(columns):
        out[:, k] = column
    return out


@dataclass(frozen=True, slots=True)
class Open:
    """The seams of the file at which something may be missing, and the pieces between them.

    Piece p ends at `left[p]` and piece p + 1 starts at `right[p]`; the last piece ends with the file.

    Attributes:
        left: [n + 1] content lines that end a piece; the last one ends the file.
        right: [n] content lines that start a piece.
        odds: [n + 1] log-odds of the first look that a piece's own neighbour is not its successor.
        scores: [n + 1, n] score that `right[j]` continues `left[i]`, balance of quotes included.
        plain: the same without balance.
    """

    left: Index
    right: Index
    odds: Floats
    scores: Floats
    plain: Floats


def rivals(content: Content, seams: Index, odds: Floats) -> Open:
    """Meet the left side of every open seam, and the end of the file, with every right side."""
    left, right = np.append(seams, len(content) - 1), seams + 1
    plain = content.scores.pairs(content.kept[left], content.kept[right])
    balance = quote_score(content, left[:, None], right[None, :])
    return Open(left, right, np.append(odds, np.float32(0)), plain + balance, plain)


def _lead(scores: Floats) -> Floats:
    """For each entry its lead over the best other entry of its row."""
    if scores.shape[1] == 1:
        return np.full(scores.shape, 9, np.float32)
    top = np.partition(scores, scores.shape[1] - 2, axis=1)[:, -2:]
    return np.asarray(scores - np.where(scores == top[:, 1:], top[:, :1], top[:, 1:]), np.float32)


def _rank(scores: Floats) -> Floats:
    order = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1, kind="stable")
    return np.minimum(order, 9).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Standing:
    """How each pair of an `Open` stands against its rivals; arrays are [n + 1, n]."""

    row_lead: Floats
    column_lead: Floats
    row_rank: Floats
    column_rank: Floats
    own_left: Floats
    own_right: Floats
    own_lead: Floats


def standing(found: Open) -> Standing:
    """Compare every pair with the others of its row and column and with the neighbours given."""
    scores, n = found.scores, len(found.right)
    own = np.diagonal(scores)
    row_lead = _lead(scores)
    return Standing(
        row_lead, _lead(scores.T).T, _rank(scores), _rank(scores.T).T, np.append(own, np.float32(-9)), own,
        np.append(row_lead[np.arange(n), np.arange(n)], np.float32(-9)),
    )  # fmt: skip


def open_signs(found: Open, against: Standing, i: Index, j: Index) -> list[npt.ArrayLike]:
    """Columns that compare the pairs left[i] | right[j] with their rivals."""
    own = found.scores[i, j]
    return [
        own, against.row_lead[i, j], against.column_lead[i, j], against.row_rank[i, j], against.column_rank[i, j],
        found.odds[i], found.odds[j], against.own_left[i], against.own_right[j],
        own - against.own_left[i], own - against.own_right[j], against.own_lead[i], against.own_lead[j],
        np.full(len(i), min(len(found.right), 60)), np.full(len(i), float((found.odds > 0).sum())),
    ]  # fmt: skip


def jumps(content: Content, found: Open, against: Standing, pairs: tuple[Index, Index]) -> Floats:
    """Rows for pairs left[i] | right[j] that are not neighbours in the file."""
    i, j = pairs
    left, right = found.left[i], found.right[j]
    gap, sheet = np.append(content.gap, 9), content.sheet
    rank, feed = np.append(content.rank, np.float32(0)), np.append(content.feed, 0)
    dropped = np.append(content.dropped, 0)
    columns = [
        *pair_signs(content, left, right, found.plain[i, j]),
        *open_signs(found, against, i, j),
        np.minimum(gap[left + 1], 9), np.minimum(gap[right], 8), gap[left + 1] - sheet.closed_gap, gap[right] - sheet.closed_gap,
        rank[left + 1], rank[right], feed[left + 1], feed[right],
        np.minimum(dropped[left + 1], 3), np.minimum(dropped[right], 3),
        i > j, np.clip(j - i, -20, 20), i == len(found.right), np.minimum(len(found.right) - 1 - j, 8),
        np.minimum(len(content) - right, 50),
        *[np.full(len(i), v) for v in (*sheet.figures(), min(len(content), 400))],
    ]  # fmt: skip
    return _table(columns)


def second_look(content: Content, found: Open, against: Standing, rows: Floats) -> Floats:
    """The rows of the open seams, with what the rivals say."""
    n = np.arange(len(found.right))
    last = content.scores.ends[content.kept[-1]]
    more = [*open_signs(found, against, n, n), np.full(len(n), last), np.full(len(n), content.lines.end[content.kept[-1]])]
    return np.concatenate([rows[found.left[:-1]], _table(more)], axis=1)


def finals(content: Content, found: Open, against: Standing) -> Floats:
    """Rows for the pieces: does the article end with piece p?"""
    count = len(found.left)
    left, n = found.left, np.arange(count)
    gap, kept = np.append(content.gap, 9), content.kept
    best = found.scores.max(axis=1)
    columns = [
        n == count - 1, content.scores.ends[kept[left]], content.lines.end[kept[left]], content.opened[left],
        np.minimum(content.lines.size[kept[left]], 150), np.clip(content.slack[left], -9, 60),
        best, best - against.own_left, against.own_left, found.odds, np.minimum(gap[left + 1], 9),
        np.append(content.rank, np.float32(0))[left + 1], np.full(count, content.scores.ends[kept[-1]]),
        np.full(count, content.lines.end[kept[-1]]), np.full(count, best[-1]), np.full(count, float((found.odds > 0).sum())),
        np.minimum(count - n, 8), np.full(count, min(count, 60)), content.number[left],
        *[np.full(count, v) for v in content.sheet.figures()],
    ]  # fmt: skip
    return _table(columns)


def kind_signs(content: Content, ends: tuple[Index, Index], seam: Floats) -> Floats:
    """Rows for lines known to follow each other: are they one paragraph?"""
    left, right = ends
    figures = content.sheet.figures()
    return _table([*pair_signs(content, left, right, seam), *[np.full(len(left), v) for v in figures]])
