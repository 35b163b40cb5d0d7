"""Names of the features that each tree classifier reads, in the order of their columns.

`check` compares them with those that the shipped ones were trained on. A new feature is a name here, at the
place of its column in ``features.py`` or ``confidence.py``; then the tree classifiers are trained again.
"""

from collections.abc import Mapping, Sequence

from etl.errors import SetupError


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


PAIR = _names(
    """seam ends starts end start left_start right_end opened wanted b_opened b_wanted balance digits
    left_size right_size left_slack right_slack left_number right_number left_kind right_kind
    left_indent right_indent"""
)
NEAR = _names(
    """gap feed dropped rank over_gap over_closed layout seam_before seam_after gap_before gap_after
    slack_before first last"""
)
LAYOUT = _names("width full gap closed_gap indented indented_closed mean blank_style told_breaks told_joins")
RIVAL = _names(
    """own row_lead column_lead row_rank column_rank left_odds right_odds own_left own_right over_left
    over_right left_lead right_lead pieces open"""
)
FILE = _names("file_ends file_end")
JUMP = _names(
    """left_gap right_gap left_over right_over left_page right_page left_feed right_feed left_dropped
    right_dropped back distance ends_file to_last_piece to_last_line"""
)
FINAL = _names(
    """ends_file ends end opened size slack best over_own own_left odds gap page file_ends file_end file_best
    open to_last_piece pieces number"""
)
TRUST = _names(
    """own row_lead column_lead kind joined moved last plain score score_row_lead score_column_lead
    score_row_rank score_column_rank ends starts end start given given_there weakest moves gain pieces
    doubtful_given doubtful odds final left_size right_size full"""
)
FEATURES: Mapping[str, tuple[str, ...]] = {
    "adjacent": (*PAIR, *NEAR, *LAYOUT, "lines"),
    "wrapped": (*PAIR, *NEAR, *LAYOUT, "hang", "lines"),
    "second": (*PAIR, *NEAR, *LAYOUT, "lines", *RIVAL, *FILE),
    "jumps": (*PAIR, *RIVAL, *JUMP, *LAYOUT, "lines"),
    "finals": (*FINAL, *LAYOUT),
    "kinds": (*PAIR, *LAYOUT),
    "trust": TRUST,
}


def check(known: Mapping[str, Sequence[str]]) -> None:
    """Refuse tree classifiers that were trained on other features than they are given, or in another order.

    Raises:
        SetupError: says which classifier and features, and what to do.
    """
    for name, told in FEATURES.items():
        learned = tuple(known.get(name, ()))
        if told != learned:
            odd = ", ".join(sorted(set(told) ^ set(learned))) or "they come in another order"
            raise SetupError(
                f"the tree classifier {name!r} was trained on other features than this version gives it: "
                f"{odd}; install program and models from one release, or run benchmarks/train_joins.py"
            )
