"""Name the features that each tree classifier reads, with their limits, in the order of their columns.

`check` compares the names with those that the shipped ones were trained on. A new feature is a name here, at
the place of its column in ``features.py`` or ``confidence.py``; then the tree classifiers are trained again.
"""

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from etl.model.errors import SetupError


class Feature(NamedTuple):
    """The name and limits of one column of a tree classifier.

    Attributes:
        name: the name in the file of models.
        least, most: limits that values are clipped to; in characters, line breaks, lines, pieces or quotes.
    """

    name: str
    least: float
    most: float


Table = tuple[Feature, ...]


def _table(words: str) -> Table:
    """Parse features parted by white space, those with limits as ``name[least,most]``."""
    cut = (word.rstrip("]").partition("[") for word in words.split())
    limited = ((name, limits.split(",") if limits else (-inf, inf)) for name, _, limits in cut)
    return tuple(Feature(name, float(least), float(most)) for name, (least, most) in limited)


# The trees were trained with these limits, so that a change of one needs new trees (docs/decisions/0035).
PAIR = _table(
    """seam ends starts end start left_start right_end opened[0,2] wanted[0,2] b_opened[0,2] b_wanted[0,2]
    balance digits left_size[0,150] right_size[0,150] left_slack[-9,60] right_slack[-9,60] left_number
    right_number left_kind right_kind left_indent[0,8] right_indent[0,8]"""
)
NEAR = _table(
    """gap[0,8] feed dropped[0,3] rank over_gap over_closed layout seam_before seam_after gap_before[0,8]
    gap_after[0,8] slack_before[-9,60] first[0,5] last[0,5]"""
)
LAYOUT = _table("width full gap closed_gap indented indented_closed mean blank_style told_breaks told_joins")
HANG = _table("hang")
LINES = _table("lines[0,400]")
RIVAL = _table(
    """own row_lead column_lead row_rank column_rank left_odds right_odds own_left own_right over_left
    over_right left_lead right_lead pieces[0,60] open"""
)
FILE = _table("file_ends file_end")
JUMP = _table(
    """left_gap[0,9] right_gap[0,8] left_over right_over left_page right_page left_feed right_feed
    left_dropped[0,3] right_dropped[0,3] back distance[-20,20] ends_file to_last_piece[0,8]
    to_last_line[0,50]"""
)
FINAL = _table(
    """ends_file ends end opened size[0,150] slack[-9,60] best over_own own_left odds gap[0,9] page file_ends
    file_end file_best open to_last_piece[0,8] pieces[0,60] number"""
)
TRUST = _table(
    """own row_lead column_lead kind joined moved last plain score score_row_lead score_column_lead
    score_row_rank score_column_rank ends starts end start given given_there weakest moves gain pieces
    doubtful_given doubtful odds final left_size[0,150] right_size[0,150] full"""
)
TABLES: Mapping[str, Table] = {
    "adjacent": PAIR + NEAR + LAYOUT + LINES,
    "wrapped": PAIR + NEAR + LAYOUT + HANG + LINES,
    "second": PAIR + NEAR + LAYOUT + LINES + RIVAL + FILE,
    "jumps": PAIR + RIVAL + JUMP + LAYOUT + LINES,
    "finals": FINAL + LAYOUT,
    "trust": TRUST,
}
"""By the stored name of a tree classifier; what `columns_of` makes at once."""

FEATURES = {name: tuple(feature.name for feature in table) for name, table in TABLES.items()}
"""The names of the features alone; `check` asks the file of models for these."""


def check(known: Mapping[str, Sequence[str]]) -> None:
    """Refuse tree classifiers that were trained on other features than they are given, or in another order.

    Raises:
        SetupError: names the classifier, the features that differ, and what to do.
    """
    for name, told in FEATURES.items():
        learned = tuple(known.get(name, ()))
        if told != learned:
            odd = ", ".join(sorted(set(told) ^ set(learned))) or "they come in another order"
            raise SetupError(
                f"the tree classifier {name!r} was trained on other features than this version gives it: "
                f"{odd}; install program and models from one release, or run benchmarks/train_joins.py"
            )
