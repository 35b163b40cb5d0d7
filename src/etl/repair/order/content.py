"""Describe each content line of a report, that is, all lines but furniture and floats.

`read_content` is called once a report. A new property of a line is a field of `Content`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.repair.layout.cells import in_list
from etl.repair.layout.chars import CLOSING, OTHER_CLASS, POINT, RUNNING, SENTENCE
from etl.repair.layout.kinds import ALONE, SPEAKER, kind_of
from etl.repair.layout.lines import Bools, Floats, Index, Ints, Lines
from etl.repair.layout.stats import FULL_SLACK, LayoutStats, layout, numbering, opening
from etl.repair.overrides import NO_BOUND_OVERRIDES, BoundOverrides
from etl.repair.scorer.scores import Scores
from etl.structure import ends_sentence, is_article, is_contents_row, is_numbered, is_speaker, stands_alone
from etl.text.expressions import compiled

OPEN_MARKS, SENTENCE_MARK, INNER_MARK = "，、；：（《“", re.compile("[。！？]"), re.compile("[，、；]")
WORD_APART = compiled("[^\\s，。、；：:]{1,8}(?:\u3000| {4})[ \u3000]*\\S")  # an entry's word apart
LABEL = compiled("[\u4e00-\u9fff]{2,4}[：:]")  # of a part of a notice: 备注：, 注意：
# Lengths set by hand on whole texts (docs/decisions/0035).
LONGEST_ALONE = 160  # characters of what may stand alone in text that is not wrapped
LONGEST_HEADING = 45  # characters; a longer line that ends in mid-sentence is no heading (0022)
SHORT_TITLE = 30  # characters up to which a first line is a title whatever marks of clauses it has
CLAUSE_MARKS = 4  # marks of clauses from which on a longer first line is no title
ENTRY_SHARE = 0.3  # share of the other lines that open so from which on they are entries
OVERLONG = 4  # characters beyond the width of the page from which on a line is a paragraph put together


@dataclass(frozen=True, slots=True)
class Content:
    """The content lines of a report and what was found of each; arrays have one entry a content line.

    Attributes:
        line_index: indices of the content lines in `Lines`.
        spans: where they start and end in the raw text.
        gap: line breaks before the line, furniture left out; `dropped` counts these lines, `feed` page ends.
        right_margin: characters that the line lacks to the full width.
        alike: share (0 to 1) of the other lines that open as it does, see `opening`; 0 where it has none.
        kind: what a short line looks like by itself, see `kind_of`; 0 for a line of running text.
        overrides: what people decided about these lines.
        line_end_states: [n - 1] what the format knows of each seam, see `Lines.line_end_states`.
        told: [n - 1] what gap and indent say of each seam, see `layout`.
        rank: share (0 to 1) of the report's gaps that are at least as wide as the one before the line.
        closed: it ends a sentence, also inside closing quotes.
        unmatched: it closes a quote or bracket that it did not open.
        alone: it continues no line, and no line continues it.
        fresh: it begins something new, such as an article of a law or a turn of speech.
        listed: it stands in a list or table, see `in_list`.
    """

    lines: Lines
    stats: LayoutStats
    scores: Scores
    line_index: Index
    spans: Sequence[tuple[int, int]]
    gap: Ints
    feed: Ints
    dropped: Ints
    right_margin: Floats
    number: Ints
    alike: Floats
    kind: Ints
    rank: Floats
    line_end_states: Ints
    told: Ints
    closed: Bools
    unmatched: Bools
    alone: Bools
    fresh: Bools
    listed: Bools
    overrides: BoundOverrides = NO_BOUND_OVERRIDES

    def __len__(self) -> int:
        return len(self.line_index)

    @property
    def quiet(self) -> Bools:
        """At which seams [n - 1] neither a page ends nor a line was left out."""
        out: Bools = (self.feed[1:] == 0) & (self.dropped[1:] == 0)
        return out

    @property
    def broken(self) -> Bools:
        """Behind which lines [n - 1] a full line ends in mid-sentence."""
        out: Bools = (self.right_margin[:-1] <= FULL_SLACK) & RUNNING[self.lines.end[self.line_index[:-1]]]
        return out

    @property
    def entries(self) -> Bools:
        """Which lines [n] are entries: they open with a label, word, cell or dash, as many others do."""
        out: Bools = self.alike >= ENTRY_SHARE
        return out


def read_content(lines: Lines, stats: LayoutStats, scores: Scores, furniture: Bools) -> Content:
    """Describe the content lines; ``furniture`` [lines] marks the lines that are left out."""
    line_index = np.flatnonzero(~furniture)
    firsts = np.zeros_like(line_index)  # the first of the lines left out before it, or itself
    firsts[1:] = line_index[:-1] + 1
    gap, feed = (np.maximum.reduceat(one, firsts) for one in (lines.gap, lines.feed))
    dropped = (line_index - firsts).astype(np.int32)
    right_margin = stats.width - lines.size[line_index]
    number = np.array([numbering(lines.texts[k]) for k in line_index.tolist()], np.int32)
    kinds, asked = np.zeros(len(line_index), np.int32), _asked(lines, stats, line_index, gap)
    kinds[asked] = [kind_of(lines.line(k)) for k in line_index[asked].tolist()]
    spans = [(lines.starts[k], lines.ends[k]) for k in line_index.tolist()]
    order = np.sort(gap[1:])
    rank = 1 - np.searchsorted(order, gap, side="left") / max(1, len(order))
    # an open line end between makes the seam open
    line_end_states = np.minimum.reduceat(lines.line_end_states, line_index)[:-1]
    unmatched = lines.unmatched_quotes[line_index] + lines.unmatched_brackets[line_index] > 0
    return Content(
        lines, stats, scores, line_index, spans, gap, feed, dropped, right_margin, number,
        _alike(lines, line_index), kinds, rank.astype(np.float32), line_end_states,
        layout(stats, gap[1:], lines.indent[line_index[1:]]), _closed(lines, line_index), unmatched,
        *_shapes(lines, stats, line_index, kinds), in_list(lines, stats, line_index),
    )  # fmt: skip


def _alike(lines: Lines, kept: Index) -> Floats:
    """Return the share (0 to 1) of the others that open as each of the lines ``kept`` does; [kept]."""
    opens = [opening(lines.line(k)) for k in kept.tolist()]
    comes, others = Counter(opens), max(1, len(opens) - 1)
    shares = np.array([(comes[one] - 1) / others if one else 0 for one in opens], np.float32)
    apart = np.array([bool(WORD_APART.match(lines.line(k))) for k in kept.tolist()], np.bool_)
    beside = np.append(False, apart[:-1]) | np.append(apart[1:], False)
    return np.where(apart & beside, np.maximum(shares, np.float32(ENTRY_SHARE)), shares)


def _asked(lines: Lines, stats: LayoutStats, line_index: Index, gap: Ints) -> Bools:
    """Return which lines [n] are short and, in wrapped text, not full or set off by a gap or indent."""
    out = lines.size[line_index] <= LONGEST_HEADING
    if stats.wrapped:
        off = (gap > stats.gap) | (lines.indent[line_index] > 0)
        out &= (stats.width - lines.size[line_index] > FULL_SLACK) | off | np.append(off[1:], True)
    return out


def wrapped_line_ends(content: Content) -> Bools:
    """Return which seams [n - 1] are line ends inside wrapped text, by their gap and indent."""
    out: Bools = (content.told <= 0) & content.stats.wrapped
    return out


def _closed(lines: Lines, kept: Index) -> Bools:
    """Return which of the lines ``kept`` [kept] end a sentence, also inside closing quotes or brackets."""
    end = lines.end[kept]
    closed = SENTENCE[end]
    for k in np.flatnonzero(CLOSING[end] | (end == OTHER_CLASS)).tolist():
        closed[k] = ends_sentence(lines.line(kept[k]))
    for k in np.flatnonzero(end == POINT).tolist():  # speech that breaks off
        closed[k] = lines.texts[kept[k]].endswith("...")
    return closed


def _shapes(lines: Lines, stats: LayoutStats, kept: Index, kinds: Ints) -> tuple[Bools, Bools]:
    """Return which lines ``kept`` stand alone, and which begin something new; [kept] each."""
    size, wrapped = lines.size[kept], stats.wrapped
    alone, fresh = np.zeros((2, len(kept)), np.bool_)
    asked = (kinds > 0) | (size <= LONGEST_ALONE) & (not wrapped)
    for k in np.flatnonzero(asked).tolist():
        line, kind = lines.line(kept[k]), int(kinds[k])
        alone[k] = kind in ALONE if kind else stands_alone(line)
        fresh[k] = (
            kind == SPEAKER or _begins(line, asked=kind > 0) or (not wrapped and bool(LABEL.match(line)))
        )
    if wrapped:
        leads = np.array([is_contents_row(lines.line(k)) for k in kept.tolist()], np.bool_)
        alone = alone & (stats.width - size > FULL_SLACK) | leads
    if not wrapped or size[0] > stats.width + OVERLONG:
        alone[0] |= _may_be_title(lines.texts[kept[0]]) and not _ends_page(lines, kept)
    return alone, fresh | alone


def _ends_page(lines: Lines, kept: Index) -> bool:
    """Check whether a page ends behind the first line, as the format says or furniture behind it shows."""
    first, behind = kept[0], kept[min(1, len(kept) - 1)]
    return bool(lines.feed[first + 1 : behind + 1].any() or behind > first + 1)


def _may_be_title(text: str) -> bool:
    """Check whether the first line may be the title: no full stop, no open end, if long few commas."""
    few = len(text) <= SHORT_TITLE or len(INNER_MARK.findall(text)) < CLAUSE_MARKS
    return SENTENCE_MARK.search(text) is None and text[-1] not in OPEN_MARKS and few


def _begins(line: str, *, asked: bool) -> bool:
    """Check whether the line begins an article, an item or, unless ``asked`` already, a turn of speech."""
    return is_article(line) or is_numbered(line) or (not asked and is_speaker(line))
