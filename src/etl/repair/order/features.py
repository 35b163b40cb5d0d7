"""Describe each seam to the tree classifiers: its layout, sentence, quotes and numbers, and its rivals.

`adjacent` describes the seams in file order, `second_look` adds how they compare with other pieces,
`jumps` describes pieces that are no neighbours, `finals` the pieces that may end the text. A
new feature is one more column and its name in `TABLES`; then the tree classifiers are trained again
(``benchmarks/train_joins.py``), which know the names of the features that they were trained on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.repair.layout.chars import DIGIT
from etl.repair.layout.lines import Floats, Index
from etl.repair.layout.stats import LayoutStats
from etl.repair.order.content import Content
from etl.repair.scorer.feature_names import LAYOUT, TABLES

# The trees were trained with these; limits of features stand in `TABLES`.
MATCH = 2.0  # log-odds that quotes which agree across a seam add to its score before rivals are ranked
SURPLUS = -3.0  # the same for a quote that is closed and was not opened
UNCLOSED = -1.5  # the same for a quote that is opened and not closed
GAP_OF_END = 9  # line breaks that are told of the end of the file
NO_RIVAL = 9  # lead (log-odds) that is told where there is no rival
NO_NEIGHBOUR = -9  # score and lead (log-odds) that are told of the successor of the last line
LAST_RANK = 9  # rank among rivals from which on all are told alike
BOUNDS = {
    name: np.array([(one.least, one.most) for one in table], np.float32).T for name, table in TABLES.items()
}
"""Of each of the `TABLES` the least and the most of every column; [2, features]."""


def quote_score(content: Content, i: Index, j: Index) -> Floats:
    """Return what quotes and brackets across lines ``i`` and ``j`` add to their score (log-odds); [i, j]."""
    out, lines = np.zeros(np.broadcast(i, j).shape, np.float32), content.lines
    for opened, wanted in (
        (lines.open_quotes, lines.unmatched_quotes),
        (lines.open_brackets, lines.unmatched_brackets),
    ):
        if not (opened.any() or wanted.any()):
            continue
        have, need = opened[content.line_index[i]] > 0, wanted[content.line_index[j]] > 0
        out += MATCH * (have & need) + SURPLUS * (~have & need) + UNCLOSED * (have & ~need)
    return out


def pair_features(content: Content, i: Index, j: Index, seam: Floats) -> list[npt.ArrayLike]:
    """Return the columns [n] that describe any two lines ``i`` and ``j``; ``seam`` is their score [n]."""
    lines, scores = content.lines, content.scores
    a, b = content.line_index[i], content.line_index[j]
    return [
        seam, scores.ends[a], scores.starts[b], lines.end[a], lines.start[b], lines.start[a], lines.end[b],
        lines.open_quotes[a], lines.unmatched_quotes[b],
        lines.open_brackets[a], lines.unmatched_brackets[b], quote_score(content, i, j),
        (lines.end[a] == DIGIT) & (lines.start[b] == DIGIT),
        lines.size[a], lines.size[b], content.right_margin[i], content.right_margin[j],
        content.number[i], content.number[j], content.kind[i], content.kind[j],
        lines.indent[a], lines.indent[b],
    ]  # fmt: skip


def layout_features(stats: LayoutStats) -> list[float]:
    """Return the columns that describe how the whole report was set, one number each."""
    return [getattr(stats, one.name) for one in LAYOUT]


def seam_scores(content: Content, seams: Index) -> Floats:
    """Score (log-odds) the seams [n - 1] of the file; 0 for those neither in ``seams`` nor beside them."""
    out, beside = np.zeros(len(content) - 1, np.float32), np.zeros(len(content) + 1, np.bool_)
    beside[seams[:, None] + (0, 1, 2)] = True
    near = np.flatnonzero(beside[1:-1])
    out[near] = content.scores.seams(content.line_index[near], content.line_index[near + 1])
    return out


def adjacent(content: Content, i: Index, scored: Floats) -> Floats:
    """Return rows [i, features] for seams of the file; seam i is between content lines i and i + 1."""
    j = i + 1
    last = len(content) - 1
    stats = content.stats
    seam, gap = scored[i], content.gap[j]
    padded = np.concatenate([[0.0], scored, [0.0]]).astype(np.float32)
    gap_after = np.append(content.gap, 0)[j + 1]
    columns = [
        *pair_features(content, i, j, seam),
        gap, content.feed[j], content.dropped[j], content.rank[j],
        gap - stats.gap, gap - stats.closed_gap, content.told[i],
        padded[i], padded[i + 2], content.gap[i], gap_after,
        content.right_margin[np.maximum(i - 1, 0)], i, last - i, *layout_features(stats), last,
    ]  # fmt: skip
    return columns_of("adjacent", columns)


def in_wrapped(content: Content, rows: Floats) -> Floats:
    """Return the rows of `adjacent` [n, features + 1] with the hanging indent, for wrapped text alone."""
    out: Floats = np.insert(rows, -1, np.float32(content.stats.hanging_indent), axis=1)
    return out


def columns_of(name: str, columns: Sequence[npt.ArrayLike]) -> Floats:
    """Return rows [n, features] of the table ``name`` from its columns, each clipped to its limits.

    The first column has an entry a row; a single number holds for all rows.
    """
    out = np.empty((len(np.asarray(columns[0])), len(columns)), np.float32)
    for k, (_, column) in enumerate(zip(TABLES[name], columns, strict=True)):
        out[:, k] = column
    least, most = BOUNDS[name]
    return np.clip(out, least, most, out=out)


@dataclass(frozen=True, slots=True)
class Open:
    """The seams of the file at which something may be missing, and the pieces between them.

    Piece p ends at `left[p]` and piece p + 1 starts at `right[p]`; the last piece ends with the file.

    Attributes:
        left: [n + 1] content lines that end a piece; the last one ends the file.
        right: [n] content lines that start a piece.
        odds: [n + 1] log-odds, of the first classification, that a piece's neighbour does not follow it.
        scores: [n + 1, n] log-odds that `right[j]` continues `left[i]`, balance of quotes included.
        plain: [n + 1, n] the same without the balance of quotes.
        row_lead, column_lead: [n + 1, n] lead (log-odds) over the best other pair of its row and column.
        row_rank, column_rank: [n + 1, n] number of better pairs in its row and column.
    """

    left: Index
    right: Index
    odds: Floats
    scores: Floats
    plain: Floats
    row_lead: Floats
    column_lead: Floats
    row_rank: Floats
    column_rank: Floats

    @property
    def own(self) -> Floats:
        """Score [n + 1] of each piece with the piece behind it in the file."""
        return np.append(np.diagonal(self.scores), np.float32(NO_NEIGHBOUR))

    @property
    def own_lead(self) -> Floats:
        """Lead [n + 1] of the piece behind it over all rivals."""
        return np.append(np.diagonal(self.row_lead), np.float32(NO_NEIGHBOUR))


def rivals(content: Content, seams: Index, odds: Floats) -> Open:
    """Score every open left edge, and the end of the file, against every open right edge; [n + 1, n].

    ``seams`` [n] are the open seams, ``odds`` [n] the log-odds that something is missing at each.
    """
    left, right = np.append(seams, len(content) - 1), seams + 1
    i, j = np.meshgrid(content.line_index[left], content.line_index[right], indexing="ij")
    plain = content.scores.seams(i.ravel(), j.ravel()).reshape(i.shape)
    balance = quote_score(content, left[:, None], right[None, :])
    scores = plain + balance
    return Open(
        left, right, np.append(odds, np.float32(0)), scores, plain,
        _lead(scores), _lead(scores.T).T, _rank(scores), _rank(scores.T).T,
    )  # fmt: skip


def _lead(scores: Floats) -> Floats:
    """Return the lead (log-odds) of each entry over the best other entry of its row; shape of ``scores``."""
    if scores.shape[1] == 1:
        return np.full(scores.shape, NO_RIVAL, np.float32)
    top = np.partition(scores, scores.shape[1] - 2, axis=1)[:, -2:]
    return np.asarray(scores - np.where(scores == top[:, 1:], top[:, :1], top[:, 1:]), np.float32)


def _rank(scores: Floats) -> Floats:
    """Return the rank of each entry in its row, 0 for the best, at most `LAST_RANK`; shape of ``scores``."""
    order = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1, kind="stable")
    return np.minimum(order, LAST_RANK).astype(np.float32)


def rival_features(found: Open, i: Index, j: Index) -> list[npt.ArrayLike]:
    """Return the columns [n] that compare each pair of ``left[i]`` and ``right[j]`` with its rivals."""
    score, own, lead = found.scores[i, j], found.own, found.own_lead
    return [
        score, found.row_lead[i, j], found.column_lead[i, j], found.row_rank[i, j], found.column_rank[i, j],
        found.odds[i], found.odds[j], own[i], own[j], score - own[i], score - own[j], lead[i], lead[j],
        len(found.right), (found.odds > 0).sum(),
    ]  # fmt: skip


def jumps(content: Content, found: Open, pairs: tuple[Index, Index]) -> Floats:
    """Return rows [pairs, features] for ``left[i]`` and ``right[j]`` that are no neighbours in the file."""
    i, j = pairs
    left, right = found.left[i], found.right[j]
    gap, stats = np.append(content.gap, GAP_OF_END), content.stats
    rank, feed = np.append(content.rank, np.float32(0)), np.append(content.feed, 0)
    dropped = np.append(content.dropped, 0)
    columns = [
        *pair_features(content, left, right, found.plain[i, j]),
        *rival_features(found, i, j),
        gap[left + 1], gap[right],
        gap[left + 1] - stats.closed_gap, gap[right] - stats.closed_gap,
        rank[left + 1], rank[right], feed[left + 1], feed[right],
        dropped[left + 1], dropped[right],
        i > j, j - i, i == len(found.right), len(found.right) - 1 - j, len(content) - right,
        *layout_features(stats), len(content),
    ]  # fmt: skip
    return columns_of("jumps", columns)


def second_look(content: Content, found: Open, rows: Floats) -> Floats:
    """Return the rows of `adjacent` for the open seams with the comparison added; [seams, features]."""
    n = np.arange(len(found.right))
    more = [
        *rival_features(found, n, n),
        content.scores.ends[content.line_index[-1]],
        content.lines.end[content.line_index[-1]],
    ]
    return columns_of("second", [*rows[found.left[:-1]].T, *more])


def finals(content: Content, found: Open) -> Floats:
    """Return rows [n + 1, features] for the pieces, by which the one that ends the text is found."""
    count = len(found.left)
    left, n = found.left, np.arange(count)
    gap, kept = np.append(content.gap, GAP_OF_END), content.line_index
    best = found.scores.max(axis=1)
    columns = [
        n == count - 1, content.scores.ends[kept[left]], content.lines.end[kept[left]],
        content.lines.open_quotes[kept[left]],
        content.lines.size[kept[left]], content.right_margin[left],
        best, best - found.own, found.own, found.odds, gap[left + 1],
        np.append(content.rank, np.float32(0))[left + 1], content.scores.ends[kept[-1]],
        content.lines.end[kept[-1]], best[-1],
        (found.odds > 0).sum(),
        count - n, count, content.number[left],
        *layout_features(content.stats),
    ]  # fmt: skip
    return columns_of("finals", columns)
