"""Foreign names spelt by sound, whole, however the tagger divided them or what it called their parts.

The tagger knows that 若斯潘 or 布拉兹塞克 is a name of some kind long before it knows where it begins and of
which kind it is. What weighs for a person or a place is a step in `_is_person`; the characters that
spell such names are in ``config/lexicon/people.toml``.
"""

from bisect import bisect_right
from collections.abc import Iterator

import numpy as np

from etl.extract.context import Context, Span
from etl.extract.roles import role_before, role_behind
from etl.extract.tagger import NAMES

DOTS = "·・•‧"
SHORTEST = 3
LONGEST = 20
# How sure the tagger must be that each character is in a name of some kind, and how sure of all on average.
EACH = 0.18
MEAN = 0.5
# How sure of a person: beside a role, and without one.
INTRODUCED = 0.12
ALONE = 0.35
PLACE_ENDS = frozenset("省市县区镇乡村州岛河山湖港湾海江")


def foreign_people(context: Context) -> Iterator[Span]:
    """Names spelt by sound that are rather persons than places or bodies."""
    return (span for span in _runs(context) if _is_person(context, span))


def _is_person(context: Context, span: Span) -> bool:
    person, place, body = (
        float(context.chances[kind][slice(*span)].mean()) for kind in ("PER", "LOC", "ORG")
    )
    if context.folded[span[1] : span[1] + 1] in PLACE_ENDS:
        return False
    if role_before(context, span[0]) or role_behind(context, span[1]):
        return person >= INTRODUCED
    return person >= ALONE and person >= place and person >= body


def _runs(context: Context) -> Iterator[Span]:
    """Stretches of at least three sounds that are parts of some name and of no known one."""
    if not context.chances:
        return
    named = sum(context.chances.values(), np.zeros(len(context.text), dtype=np.float32))
    sounds, known = context.lexicon.people.sounds, _known(context)
    start = None
    for i, sign in enumerate([*context.folded, ""]):
        inside = sign and (sign in sounds or (start is not None and sign in DOTS)) and i not in known
        if inside and named[i] >= EACH:
            start = i if start is None else start
            continue
        if start is not None:
            end = _end(context, start, i)
            long = SHORTEST <= end - start <= LONGEST and not _holds_place(context, (start, end))
            if long and float(named[start:end].mean()) >= MEAN:
                yield (start, end)
        start = None


def _end(context: Context, start: int, end: int) -> int:
    """The end of a run without the first sound of a word that goes on behind it: 卡拉奇|多云."""
    i = bisect_right(context.words, end - 1, key=lambda word: word.start) - 1
    word = context.words[i]
    if i and word.start > start and word.end > end == word.start + 1 and word.tag not in NAMES:
        end = word.start
    return start + len(context.folded[start:end].rstrip(DOTS))


def _holds_place(context: Context, span: Span) -> bool:
    """几|内亚比绍: whether a known place of three or more characters stands in a run, or began before it."""
    known = context.lexicon.places.known
    return any(
        context.folded[start:end] in known
        for start in range(max(0, span[0] - 1), span[1] - 1)
        for end in range(max(start + SHORTEST, span[0] + 2), span[1] + 1)
    )


def _known(context: Context) -> set[int]:
    """Offsets of titles, and of places and bodies that are known by name."""
    people = context.lexicon.people
    words = (context.lexicon.places.known, context.lexicon.organizations.bodies, people.roles, people.enders)
    return {
        i
        for word in context.words
        if any(context.folded[word.start : word.end] in group for group in words)
        or context.is_division(word.start, word.end)
        for i in range(word.start, word.end)
    }
