"""Choose which names stand where the finders and the network disagree.

The finders know forms and lists, the network has read more contexts. Each span that one of them or the
tagger of words proposes is weighed by what is known of it (`features`), and the spans that together are
the surest stay. Without a tagger that tells names (`etl.extraction.resources.tagger.Tagged.names`) all
stays as the finders have it. A new feature is a line in `features` and a column of weights, which
``benchmarks/choose_names.py`` measures.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.extraction.context import Context, Span, covered
from etl.extraction.network.outputs import ENTITY_TYPES
from etl.extraction.network.tagger import name_probability
from etl.extraction.organizations.names import is_name as names_organization
from etl.extraction.people.finder import shows_person
from etl.extraction.people.forms import find_by_form
from etl.extraction.people.names import is_name as names_person
from etl.extraction.people.roles import role_before, role_behind
from etl.extraction.places.finder import names_place

KINDS = ("ORG", "PER", "LOC")
# What each feature adds to the logarithm of the odds that a span is a name of a kind; what is there at first.
# Those of persons are fitted on names judged in other kinds of texts, too (docs/decisions/0108). For others
# the finders count 1.7 more than was fitted; a fixed form counts 4.0, so that no other feature outweighs it.
FEATURES = (
    "network", "found", "begins", "ends", "best", "word", "tagger", "other kind",
    "against found", "against best",
    "division", "one", "long", "again", "found again",
    "alone", "two", "beside role", "form",
)  # fmt: skip
FOUND = FEATURES.index("found")
WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "ORG": (
        0.32, 5.18, 0.05, 0.31, 0.60, -1.53, 0.13, 0.04, 0.02, 0.31, 0.00, -0.61, -0.10, 0.06, 1.33,
        0.0, 0.0, 0.0, 0.0,
    ),
    "PER": (
        0.26, 1.48, 0.13, 0.24, -0.12, -0.92, 0.38, -0.01, -2.54, -0.18, 0.00, -1.26, -0.38, 0.03, 0.93,
        -1.56, -0.96, 1.59, 4.0,
    ),
    "LOC": (
        0.14, 4.04, 0.30, 0.37, -0.11, -0.77, 0.20, 0.22, -0.49, -0.72, -0.05, 0.45, 0.65, -0.00, 0.82,
        0.0, 0.0, 0.0, 0.0,
    ),
}  # fmt: skip
FIRST: Mapping[str, float] = {"ORG": -2.59, "PER": -0.44, "LOC": -1.46}
# Beyond this a probability says no more; from this length on a name is long.
BOUND, LONG = 6.0, 8
# A share whose odds lie beyond the bound.
BEYOND = 0.002
# A name of these odds is sure; in a text of this length somebody else would be named, too.
SURE, LONG_TEXT = 2.0, 300


class NameCandidate(NamedTuple):
    """A span that may be a name of a kind, and the logarithm of its odds."""

    end: int
    start: int
    kind: str
    score: float


class Weighed(NamedTuple):
    """A span that may be a name of a kind, and its `FEATURES`."""

    kind: str
    start: int
    end: int
    features: tuple[float, ...]

    def candidate(self, weights: Mapping[str, Sequence[float]], first: Mapping[str, float]) -> NameCandidate:
        """Add the features up."""
        score = first[self.kind] + sum(map(mul, weights[self.kind], self.features))
        return NameCandidate(self.end, self.start, self.kind, score)


class Proposed(NamedTuple):
    """The spans of one kind by the finders, the network and the tagger of words.

    Attributes:
        taken: the offsets within any name of the finders, and within any of the network.
    """

    kind: str
    found: frozenset[Span]
    best: frozenset[Span]
    words: frozenset[Span]
    taken: tuple[set[int], set[int]]

    def against(self, span: Span) -> tuple[float, float]:
        """Return 1 where finders or network have another name of any kind at a span that they lack."""
        by_finders, by_network = (not taken.isdisjoint(range(*span)) for taken in self.taken)
        return float(by_finders and span not in self.found), float(by_network and span not in self.best)


def choose_names(
    context: Context, found: Mapping[str, Sequence[Span]], taken: Iterable[Span]
) -> Mapping[str, list[Span]]:
    """Return the names of each of `KINDS`, in order of place.

    Args:
        context: the text, with what the network says of it.
        found: the finders' spans by kind.
        taken: spans that nobody disputes, such as times and sums.
    """
    if context.tag_probabilities is None:
        return {kind: list(found[kind]) for kind in KINDS}
    every = (
        weighed.candidate(WEIGHTS, FIRST)
        for weighed in weigh(context, context.tag_probabilities, found, taken)
    )
    kept = surest([candidate for candidate in every if candidate.score > 0])
    return {kind: [(c.start, c.end) for c in kept if c.kind == kind] for kind in KINDS}


def weigh(
    context: Context,
    probabilities: NDArray[np.float32],
    found: Mapping[str, Sequence[Span]],
    taken: Iterable[Span],
) -> Iterator[Weighed]:
    """Yield what the finders, the network or the tagger of words propose, each once, with its features."""
    used = covered([*taken, *context.closed])
    by_finders = covered(span for spans in found.values() for span in spans)
    by_network = covered((name.start, name.end) for name in context.names if name.kind in KINDS)
    for kind in KINDS:
        told = Proposed(
            kind,
            frozenset(found[kind]),
            frozenset((name.start, name.end) for name in context.names if name.kind == kind),
            frozenset(context.words[i][:2] for i in context.tagged(kind)),
            (by_finders, by_network),
        )
        free = {span for span in (told.best | told.words) - told.found if used.isdisjoint(range(*span))}
        free = {span for span in free if may_name(context, kind, span)}
        odds = {span: network_odds(probabilities, kind, span) for span in sorted(told.found | free)}
        yield from _compared(context, probabilities, told, odds)


def may_name(context: Context, kind: str, span: Span) -> bool:
    """Check that what only the network or the tagger of words proposes is not known to be no name."""
    if kind == "LOC":
        return names_place(context, span)
    return names_person(context, span) if kind == "PER" else names_organization(context, span)


def _compared(
    context: Context, probabilities: NDArray[np.float32], told: Proposed, odds: Mapping[Span, float]
) -> Iterator[Weighed]:
    """Yield each span of one kind with its features: its own, and those by the other names of the text."""
    alike: defaultdict[str, list[Span]] = defaultdict(list)
    for span in odds:
        alike[context.folded[slice(*span)]].append(span)
    sure = {name for name, spans in alike.items() if any(odds[s] > SURE for s in told.found & {*spans})}
    written = _written(context, told)
    for name, spans in alike.items():
        alone = float(len(context.text) >= LONG_TEXT and sure <= {name})
        for span, elsewhere in _elsewhere(spans, odds, told.found):
            own = (odds[span], *features(context, probabilities, told, span), *elsewhere, alone)
            yield Weighed(told.kind, *span, (*own, *_person_features(context, told, span, written)))


def _elsewhere(
    spans: Sequence[Span], odds: Mapping[Span, float], found: frozenset[Span]
) -> Iterator[tuple[Span, tuple[float, float]]]:
    """Yield each span of one name with the best odds of the others, and whether one of them was found."""
    best = sorted((odds[span] for span in spans), reverse=True)[:2]
    many = sum(span in found for span in spans)
    for span in spans:
        again = best[odds[span] == best[0]] if len(best) > 1 else 0.0
        yield span, (again, float(many > (span in found)))


def _written(context: Context, told: Proposed) -> frozenset[Span]:
    """Return the found persons whose writing shows them: a fixed form, or others glued to the name."""
    if told.kind != "PER":
        return frozenset()
    starts, ends = {start for start, _ in told.found}, {end for _, end in told.found}
    formed = told.found.intersection(find_by_form(context))
    glued = {span for span in told.found if span[0] in ends or span[1] in starts}
    return formed | glued | {span for span in told.found if shows_person(context, span)}


def _person_features(
    context: Context, told: Proposed, span: Span, written: frozenset[Span]
) -> tuple[float, ...]:
    """Return the last three of `FEATURES`, which only the name of a person has."""
    if told.kind != "PER":
        return (0.0, 0.0, 0.0)
    role = role_before(context, span[0]) or role_behind(context, span[1])
    return (float(span[1] - span[0] == 2), float(bool(role)), float(span in written))  # noqa: PLR2004


def features(
    context: Context, probabilities: NDArray[np.float32], told: Proposed, span: Span
) -> tuple[float, ...]:
    """Return what is known of one span by itself: all of `FEATURES` but the first and the last six."""
    kind, (start, end) = told.kind, span
    number = ENTITY_TYPES.index(kind) + 1
    stops = 1 - float(probabilities[end, 2 * number]) if end < len(probabilities) else 1.0
    others = (network_odds(probabilities, other, span) for other in KINDS if other != kind)
    return (
        float(span in told.found),
        _odds(float(probabilities[start, 2 * number - 1])),
        _odds(stops),
        float(span in told.best),
        float(span in told.words),
        _odds(context.probability(kind, start, end)),
        max(others),
        *told.against(span),
        float(kind == "LOC" and context.is_division(start, end)),
        float(end - start == 1),
        float(end - start >= LONG),
    )


def network_odds(probabilities: NDArray[np.float32], kind: str, span: Span) -> float:
    """Return the logarithm of the odds that the network gives a span, within bounds."""
    return _odds(name_probability(probabilities, ENTITY_TYPES.index(kind) + 1, *span))


def _odds(share: float) -> float:
    if not BEYOND < share < 1 - BEYOND:
        return BOUND if share > BEYOND else -BOUND
    return min(max(math.log(share / (1 - share)), -BOUND), BOUND)


def surest(every: Iterable[NameCandidate]) -> list[NameCandidate]:
    """Return those candidates without overlap whose scores add up to the most, in order of place."""
    ordered = sorted(every)
    ends = [c.end for c in ordered]
    best: list[tuple[float, int, int]] = [(0.0, -1, -1)]  # sum, candidate taken, entry to go on from
    for i, candidate in enumerate(ordered):
        before = bisect_right(ends, candidate.start, hi=i)
        together = best[before][0] + candidate.score
        best.append((together, i, before) if together > best[i][0] else (best[i][0], -1, i))
    kept, at = [], len(ordered)
    while at:
        _, taken, at = best[at]
        if taken >= 0:
            kept.append(ordered[taken])
    return kept[::-1]
