"""Number the kind of a line by its characters alone, for constraints and models.

`kind_of` asks the predicates of ``etl.structure``. A new kind goes to the end of `KINDS`; then the tree
classifiers are trained again.
"""

from functools import lru_cache

from etl.structure import (
    is_byline,
    is_caption,
    is_dateline,
    is_document_number,
    is_footnote,
    is_heading,
    is_note,
    is_row,
    is_salutation,
    is_speaker,
    stands_alone,
)


def _is_label(line: str) -> bool:
    """Check whether a line is a caption, a dateline, a byline or the number of a document."""
    return is_caption(line) or is_dateline(line) or is_byline(line) or is_document_number(line)


PLAIN, FIRST = 1, 2
KINDS = (is_note, is_footnote, is_row, is_salutation, _is_label, is_speaker, is_heading)
ALONE = range(FIRST, FIRST + KINDS.index(_is_label) + 1)
"""Kinds of lines that stand alone, the same as `etl.structure.stands_alone` says."""

CACHED = 2048  # lines whose kinds are remembered, over the passes of a report
SPEAKER = FIRST + KINDS.index(is_speaker)


@lru_cache(maxsize=CACHED)
def kind_of(line: str) -> int:
    """Return the number of the first predicate of `KINDS` that holds, from `FIRST` on; `PLAIN` for none."""
    asked = range(FIRST if stands_alone(line) else ALONE.stop, FIRST + len(KINDS))
    return next((number for number in asked if KINDS[number - FIRST](line)), PLAIN)
