"""Replace characters by others that look alike, where their context proves these right.

Done: a circle or a zero between the Chinese numerals of a year becomes 〇 (二○二○年 to 二〇二〇年).
Not done: 零 and 〇 elsewhere, and the dots · • ‧ ・ in names, which are each right in some house
style; compatibility ideographs (U+F900 on), which a name may need. A new look-alike is a new rule here
with the context that proves it wrong.
"""

import re
from collections.abc import Iterator

from etl.model.traced import Edit
from etl.text.numerals import UNITS

_ZEROS = "○◯OＯ0〇零"
CIRCLE = re.compile("[○◯OＯ0]")
_YEAR = re.compile(
    f"(?<![{UNITS}{_ZEROS}A-Za-z1-9])"
    f"(?:[一二][{UNITS}{_ZEROS}]{{3}}(?=年|[－—～-]{{1,2}}[一二][{UNITS}{_ZEROS}]{{3}}年)"
    f"|[{UNITS}][{UNITS}{_ZEROS}]{{1,2}}(?=年))"
)


def round_year_zeros(text: str) -> Iterator[Edit]:
    """Yield edits that write the zeros among the numerals of a year as 〇.

    >>> [(e.start, e.replacement) for e in round_year_zeros("二○二○年")]
    [(1, '〇'), (3, '〇')]
    """
    if not CIRCLE.search(text):
        return
    for year in _YEAR.finditer(text):
        for zero in CIRCLE.finditer(text, year.start(), year.end()):
            yield Edit(zero.start(), zero.end(), "〇", "year zero")
