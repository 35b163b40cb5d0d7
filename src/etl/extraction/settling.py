"""Settle which names stand where the finders and the network disagree.

The finders know forms and lists, the network has read more contexts. Each span that one of them or the
tagger of words proposes is weighed by what is known of it (`signs`), and the spans that together are
the surest stay. Without a tagger that tells names (`etl.extraction.resources.tagger.Tagged.names`) all
stays as the finders have it. A new sign is a line in `signs` and a column of weights, which
``benchmarks/settle_names.py`` measures.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.extraction.context import Context, Span, covered
from etl.extraction.network.outputs import ENTITY_TYPES
from etl.extraction.network.tagger import chance

KINDS = ("ORG", "PER", "LOC")
# What each sign adds to the logarithm of the odds that a span is a name of a kind; what is there at first.
SIGNS = ("network", "found", "tagger", "other kind", "division", "one", "long", "again", "found again")
WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "ORG": (0.77, 1.69, -0.11, 0.10, 0.00, -0.77, 0.40, 0.37, 0.57),
    "PER": (1.03, 2.22, -0.26, -0.18, 0.00, 0.08, 0.20, 0.08, 0.36),
    "LOC": (0.74, 1.72, -0.08, -0.19, 0.09, 0.20, 0.28, 0.13, 0.43),
}
FIRST: Mapping[str, float] = {"ORG": -0.15, "PER": -1.00, "LOC": -1.51}
# Beyond this a chance says no more; from this length on a name is long.
BOUND, LONG = 6.0, 8


class Candidate(NamedTuple):
    """A span that may be a name of a kind, and the logarithm of its odds."""

    end: int
    start: int
    kind: str
    score: float


class Weighed(NamedTuple):
    """A span that may be a name of a kind, and its `SIGNS`."""

    kind: str
    start: int
    end: int
    signs: tuple[float, ...]

    def candidate(self, weights: Mapping[str, Sequence[float]], first: Mapping[str, float]) -> Candidate:
        """Add the signs up."""
        score = first[self.kind] + sum(w * s for w, s in zip(weights[self.kind], self.signs, strict=True))
        return Candidate(self.end, self.start, self.kind, score)


def settle(
    context: Context, found: Mapping[str, Sequence[Span]], taken: Iterable[Span]
) -> Mapping[str, list[Span]]:
    """Return the names of each of `KINDS`, in order of place.

    Args:
        context: the text, with what the network says of it.
        found: the finders' spans by kind.
        taken: spans that nobody disputes, such as times and sums.
    """
    if context.chances is None:
        return {kind: list(found[kind]) for kind in KINDS}
    every = (weighed.candidate(WEIGHTS, FIRST) for weighed in weigh(context, context.chances, found, taken))
    kept = surest([candidate for candidate in every if candidate.score > 0])
    return {kind: [(c.start, c.end) for c in kept if c.kind == kind] for kind in KINDS}


def weigh(
    context: Context,
    chances: NDArray[np.float32],
    found: Mapping[str, Sequence[Span]],
    taken: Iterable[Span],
) -> Iterator[Weighed]:
    """Yield what the finders, the network or the tagger of words propose, each once, with its signs."""
    used = covered([*taken, *context.closed])
    for kind in KINDS:
        own = set(found[kind])
        told = {(name.start, name.end) for name in context.names if name.kind == kind}
        told |= {(word.start, word.end) for word in context.words if word.tag == kind}
        every = sorted(own | {span for span in told - own if used.isdisjoint(range(*span))})
        odds = {span: network_odds(chances, kind, span) for span in every}
        alike: defaultdict[str, list[Span]] = defaultdict(list)
        for span in every:
            alike[context.folded[slice(*span)]].append(span)
        for span in every:
            others = [one for one in alike[context.folded[slice(*span)]] if one != span]
            again = (
                max((odds[one] for one in others), default=0.0),
                float(any(one in own for one in others)),
            )
            yield Weighed(
                kind, *span, (odds[span], float(span in own), *signs(context, chances, kind, span), *again)
            )


def signs(context: Context, chances: NDArray[np.float32], kind: str, span: Span) -> tuple[float, ...]:
    """Return what is known of one span by itself."""
    others = (network_odds(chances, other, span) for other in KINDS if other != kind)
    return (
        _odds(context.probability(kind, *span)),
        max(others),
        float(kind == "LOC" and context.is_division(*span)),
        float(span[1] - span[0] == 1),
        float(span[1] - span[0] >= LONG),
    )


def network_odds(chances: NDArray[np.float32], kind: str, span: Span) -> float:
    """Return the logarithm of the odds that the network gives a span, within bounds."""
    return _odds(chance(chances, ENTITY_TYPES.index(kind) + 1, *span))


def _odds(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return min(max(math.log(share / (1 - share)), -BOUND), BOUND)


def surest(every: Iterable[Candidate]) -> list[Candidate]:
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
