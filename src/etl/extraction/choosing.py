"""Choose which names and times stand where the finders and the network disagree.

The finders know forms and lists, the network has read more contexts. Each span that one of them or the
tagger of words proposes is weighed by what is known of it (`features`), and the spans that together are
the surest stay. Without a tagger that tells names (`etl.extraction.resources.tagger.Tagged.names`) all
stays as the finders have it. A new feature is a line in `features` and a column of weights, which
``benchmarks/choose_names.py`` measures.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.extraction.context import Context, Span, covered
from etl.extraction.network.outputs import ENTITY_TYPES
from etl.extraction.network.shares import SpanShares, read_shares
from etl.extraction.organizations.government_bodies import find_teams
from etl.extraction.organizations.names import is_name as names_organization
from etl.extraction.organizations.patterns import find_by_pattern, find_clubs
from etl.extraction.people.finder import shows_person
from etl.extraction.people.forms import find_by_form
from etl.extraction.people.names import end_before_office
from etl.extraction.people.names import is_name as names_person
from etl.extraction.people.roles import VILLAGE_ENDS, role_before, role_behind
from etl.extraction.places.finder import names_place
from etl.extraction.places.patterns import find_forecasts
from etl.extraction.times.chosen import may_be_time
from etl.text.expressions import compiled

KINDS = ("ORG", "PER", "LOC", "TIME")
# The places of the other three in `ENTITY_TYPES`.
OTHERS = {kind: [ENTITY_TYPES.index(other) for other in KINDS if other != kind] for kind in KINDS}
# What each feature adds to the logarithm of the odds that a span is a name of a kind; what is there at first.
# Fitted on stretches that nobody had looked at, and on other sets; what the finders have counts more, most of
# all by a form: outside of what taught the networks they know more than these do (docs/decisions/0135).
FEATURES = (
    "network", "found", "begins", "ends", "best", "word", "tagger", "other kind",
    "against found", "against best",
    "listed", "one", "long", "again", "found again",
    "alone", "two", "beside role", "form",
)  # fmt: skip
FOUND = FEATURES.index("found")
WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "ORG": (
        0.65, 1.11, 0.11, 0.26, 0.73, 0.05, -0.10, 0.02, -0.76, 0.26, 0.00, 0.00, 0.19, 0.33, -0.13,
        -0.45, 0.00, 0.00, 3.03,
    ),
    "PER": (
        0.43, 2.03, 0.25, 0.27, 0.16, -0.47, 0.10, 0.05, -1.23, -0.47, 0.00, 0.16, 0.30, 0.24, 0.10,
        -0.95, -0.45, 1.34, 3.21,
    ),
    "LOC": (
        0.67, 0.53, 0.08, 0.18, 0.77, 0.00, -0.07, -0.03, -0.39, 0.31, 0.72, 0.22, 0.60, 0.16, -0.05,
        -0.62, 0.00, 0.00, 1.89,
    ),
    "TIME": (
        0.58, 5.15, 0.21, 0.26, 0.78, -0.35, 0.00, -0.08, -1.78, 0.35, 0.00, -0.90, 0.78, 0.29, 0.09,
        -0.53, 0.00, 0.00, 3.43,
    ),
}  # fmt: skip
FIRST: Mapping[str, float] = {"ORG": -1.77, "PER": -1.12, "LOC": -1.84, "TIME": -2.44}
# Beyond this a probability says no more; from this length on a name is long.
BOUND, LONG = 6.0, 8
# A share whose odds lie beyond the bound.
BEYOND = 0.002
# What shows the kind of a name: its end, for a time a number and its unit.
SHOWN = {
    "ORG": compiled(
        "..[部委局院校会社厂司所站队团党行馆办处室厅署府盟联台店组）)]\\Z|.军\\Z|.大(?:药房|饭店|卖场|商场)\\Z"
    ),
    "LOC": compiled("..(?:[省市县区州盟旗乡镇村屯街道路巷桥河江湖海洋岛山峰港湾国]|[旧遗]址|故居|城市群)\\Z"),
    "TIME": compiled("[0-9〇零元一二三四五六七八九十][年月日号时点]|\\d[-/.]\\d|\\d{6}"),
}
CAPITAL = "首都"
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
        people: where persons of either begin.
        rows: the name of the network that each of ``best`` is a part of, or is.
    """

    kind: str
    found: frozenset[Span]
    best: frozenset[Span]
    words: frozenset[Span]
    taken: tuple[set[int], set[int]]
    people: frozenset[int]
    rows: Mapping[Span, Span]

    def against(self, span: Span) -> tuple[float, float]:
        """Return 1 where finders or network have another name of any kind at a span that they lack."""
        by_finders, by_network = self.taken
        return (
            float(span not in self.found and not by_finders.isdisjoint(range(*span))),
            float(span not in self.best and not by_network.isdisjoint(range(*span))),
        )


def choose_names(
    context: Context, found: Mapping[str, Sequence[Span]], taken: Iterable[Span]
) -> Mapping[str, list[Span]]:
    """Return the names of each of `KINDS`, in order of place.

    Args:
        context: the text, with what the network says of it.
        found: the finders' spans by kind.
        taken: spans that nobody disputes, such as sums.
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
    every = [(told, told.found | _free(context, told, used)) for told in _proposed(context, found)]
    read = {told.rows.get(span, span) for told, spans in every for span in spans}
    shares = read_shares(probabilities, read)
    for told, spans in every:
        yield from _compared(
            context, told, {span: shares[told.rows.get(span, span)] for span in sorted(spans)}
        )


def _proposed(context: Context, found: Mapping[str, Sequence[Span]]) -> Iterator[Proposed]:
    """Yield what each of the three proposes, kind by kind."""
    ends = {kind: dict(found.get(kind, ())) for kind in ENTITY_TYPES}
    best: dict[str, dict[Span, Span]] = {kind: {} for kind in ENTITY_TYPES}
    for name in context.names:
        whole = (name.start, name.end)
        end = end_before_office(context, whole) if name.kind == "PER" else name.end
        best[name.kind].update(dict.fromkeys(row((name.start, end), ends[name.kind]), whole))
    taken = (
        covered(span for spans in found.values() for span in spans),
        covered(span for kind in KINDS for span in best[kind]),
    )
    people = frozenset(start for start, _ in (*found["PER"], *best["PER"]))
    for kind in KINDS:
        words = frozenset(context.words[i][:2] for i in context.tagged(kind))
        yield Proposed(kind, frozenset(found[kind]), frozenset(best[kind]), words, taken, people, best[kind])


def _free(context: Context, told: Proposed, used: set[int]) -> set[Span]:
    """Return what only the network or the tagger of words proposes and nothing speaks against."""
    ends = dict(told.found)
    starts = sorted(ends)
    return {
        span
        for span in (told.best | told.words) - told.found
        if used.isdisjoint(range(*span))
        and may_name(context, told.kind, span)
        and row(span, ends) == [span]
        and not (told.kind == "TIME" and _holds_two(span, starts))
    }


def _holds_two(span: Span, starts: Sequence[int]) -> bool:
    """Check for two times that the forms keep apart, though they stand beside each other: 今天|到|昨天."""
    return bisect_left(starts, span[1]) - bisect_left(starts, span[0]) > 1


def row(span: Span, ends: Mapping[int, int]) -> list[Span]:
    """Return the found names of which a span is a row, one behind the other (嵊州|新昌); else the span.

    Args:
        span: what is proposed.
        ends: where each name that was found ends, by where it begins.
    """
    at, names = span[0], list[Span]()
    while at < span[1] and at in ends:
        names.append((at, ends[at]))
        at = ends[at]
    return names if at == span[1] else [span]


def may_name(context: Context, kind: str, span: Span) -> bool:
    """Check that what only the network or the tagger of words proposes is not known to be no name."""
    if kind == "TIME":
        return may_be_time(context, span)
    if kind == "LOC":
        return names_place(context, span)
    return names_person(context, span) if kind == "PER" else names_organization(context, span)


def _compared(context: Context, told: Proposed, shares: Mapping[Span, SpanShares]) -> Iterator[Weighed]:
    """Yield each span of one kind with its features: its own, and those by the other names of the text."""
    number = ENTITY_TYPES.index(told.kind)
    odds = {span: _odds(share.whole[number]) for span, share in shares.items()}
    alike: defaultdict[str, list[Span]] = defaultdict(list)
    for span in odds:
        alike[context.folded[slice(*span)]].append(span)
    sure = {name for name, spans in alike.items() if any(odds[s] > SURE for s in told.found & {*spans})}
    written = _written(context, told)
    for name, spans in alike.items():
        alone = float(len(context.text) >= LONG_TEXT and sure <= {name})
        for span, elsewhere in _elsewhere(spans, odds, told.found):
            own = (odds[span], *features(context, told, span, shares[span]), *elsewhere, alone)
            yield Weighed(told.kind, *span, (*own, *_kind_features(context, told, span, written)))


def _elsewhere(
    spans: Sequence[Span], odds: Mapping[Span, float], found: frozenset[Span]
) -> Iterator[tuple[Span, tuple[float, float]]]:
    """Yield each span of one name with the best odds of the others, and whether one of them was found."""
    best = sorted((odds[span] for span in spans), reverse=True)[:2]
    many = sum(span in found for span in spans)
    for span in spans:
        again = best[odds[span] == best[0]] if len(best) > 1 else 0.0
        yield span, (again, float(many > (span in found)))


def _written(context: Context, told: Proposed) -> Mapping[Span, float]:
    """Return how much its writing shows each found name: an end, a date, a person's form, others beside."""
    if told.kind == "LOC":
        letters = {span for span in told.found if span[1] - span[0] == 1}
        pairs = {span for span in letters if not letters.isdisjoint(_beside(span))}
        pairs.update(find_forecasts(context))
        return {span: _shown_place(context, told.people, span) + (span in pairs) for span in told.found}
    if told.kind != "PER":
        written = set[Span]()
        if told.kind == "ORG":
            written.update(find_by_pattern(context), find_clubs(context), find_teams(context))
        return {
            span: float(_is_shown(context, told.kind, span)) + float(span in written) for span in told.found
        }
    starts, ends = {start for start, _ in told.found}, {end for _, end in told.found}
    formed = told.found.intersection(find_by_form(context))
    glued = {span for span in told.found if span[0] in ends or span[1] in starts}
    shown = formed | glued | {span for span in told.found if shows_person(context, span)}
    return dict.fromkeys(shown, 1.0)


def _beside(span: Span) -> tuple[Span, Span]:
    """Return the characters before and behind one character: 中|欧."""
    return (span[0] - 1, span[0]), (span[1], span[1] + 1)


def _shown_place(context: Context, people: Collection[int], span: Span) -> float:
    """Return 1 for a place on a list or the end of one, and 1 for who is from there: 石桥村|周海明."""
    villager = span[1] in people and context.folded[span[1] - 1] in VILLAGE_ENDS
    named = _is_listed(context, span) or _is_shown(context, "LOC", span)
    named = named or context.folded.startswith(CAPITAL, max(0, span[0] - len(CAPITAL)), span[0])
    return float(named) + float(villager or role_behind(context, span[1]) is not None)


def _is_listed(context: Context, span: Span) -> bool:
    """Check for a division or a place of the list."""
    return context.is_division(*span) or context.folded[slice(*span)] in context.lexicon.places.known


def _is_shown(context: Context, kind: str, span: Span) -> bool:
    """Check whether a name ends or is written as its kind is."""
    ends = context.lexicon.organizations.suffixes
    if kind == "ORG" and (
        context.folded.endswith(ends, span[0] + 1, span[1]) or role_behind(context, span[1])
    ):
        return True
    return bool(SHOWN[kind].search(context.folded, *span))


def _kind_features(
    context: Context, told: Proposed, span: Span, written: Mapping[Span, float]
) -> tuple[float, ...]:
    """Return the last three of `FEATURES`; only persons have the first two."""
    if told.kind != "PER":
        return (0.0, 0.0, written.get(span, 0.0))
    role = role_before(context, span[0]) or role_behind(context, span[1])
    return (float(span[1] - span[0] == 2), float(bool(role)), written.get(span, 0.0))  # noqa: PLR2004


def features(context: Context, told: Proposed, span: Span, shares: SpanShares) -> tuple[float, ...]:
    """Return what is known of one span by itself: all of `FEATURES` but the first and the last six."""
    kind, (start, end) = told.kind, span
    number = ENTITY_TYPES.index(kind)
    return (
        float(span in told.found),
        _odds(shares.begins[number]),
        _odds(shares.ends[number]),
        float(span in told.best),
        float(span in told.words),
        _odds(context.probability(kind, start, end) if kind in context.probabilities else 0.5),
        _odds(max(shares.whole[other] for other in OTHERS[kind])),
        *told.against(span),
        float(kind == "LOC" and _is_listed(context, span)),
        float(end - start == 1),
        float(end - start >= LONG),
    )


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
