from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from etl.engines import Engines
from etl.extraction.choosing import KINDS, NameCandidate, choose_names, surest
from etl.extraction.context import Context
from etl.extraction.network.outputs import ENTITY_TAGS
from etl.extraction.resources.tagger import Name

NAMES = {"PER": [(0, 3)], "ORG": [], "LOC": [(5, 7)], "TIME": []}
spans = st.builds(
    lambda start, size, score: NameCandidate(start + size, start, "PER", score),
    st.integers(0, 9), st.integers(1, 4), st.integers(1, 9).map(float),
)  # fmt: skip


def _context(engines: Engines, tags: list[str], names: tuple[Name, ...]) -> Context:
    text = "赵国栋抵达广州市"
    probabilities = np.full((len(text), len(ENTITY_TAGS)), 0.0001, dtype=np.float32)
    for i, tag in enumerate(tags):
        probabilities[i, ENTITY_TAGS.index(tag)] = 0.999
    told = {kind: np.full(len(text), 0.5, dtype=np.float32) for kind in KINDS}
    return Context(
        text,
        text,
        (),
        engines.lexicon,
        None,
        probabilities=told,
        names=names,
        tag_probabilities=probabilities,
    )


def test_without_the_network_all_stays(engines: Engines) -> None:
    """A tagger that tells no names changes nothing of what the finders have."""
    context = Context("赵国栋抵达广州市", "赵国栋抵达广州市", (), engines.lexicon, None)

    assert choose_names(context, NAMES, ()) == NAMES


def test_a_sure_name_replaces_one_with_other_edges(engines: Engines) -> None:
    """Where the network is sure of 广州市, the finders' 广州 gives way; what both see stays."""
    tags = ["B-PER", "I-PER", "I-PER", "O", "O", "B-LOC", "I-LOC", "I-LOC"]
    context = _context(engines, tags, (Name("PER", 0, 3), Name("LOC", 5, 8)))

    assert choose_names(context, NAMES, ()) == {"ORG": [], "PER": [(0, 3)], "LOC": [(5, 8)], "TIME": []}


def test_undisputed_spans_are_left_alone(engines: Engines) -> None:
    """No name of the network's own lies over a time or a sum."""
    context = _context(engines, ["O"] * 5 + ["B-LOC", "I-LOC", "I-LOC"], (Name("LOC", 5, 8),))

    assert choose_names(context, {kind: [] for kind in KINDS}, [(6, 8)])["LOC"] == []


@given(st.lists(spans, max_size=7))
def test_the_surest_together(every: list[NameCandidate]) -> None:
    """The spans kept overlap nowhere, and no other choice without overlap adds up to more."""
    kept = surest(every)

    assert not _overlap(kept)
    choices = (c for n in range(len(every) + 1) for c in combinations(every, n) if not _overlap(c))
    assert sum(c.score for c in kept) == max(sum(c.score for c in choice) for choice in choices)


def _overlap(chosen: tuple[NameCandidate, ...] | list[NameCandidate]) -> bool:
    return any(a.start < b.end and b.start < a.end for a, b in combinations(chosen, 2))


def test_a_time_that_no_form_has_is_the_networks(engines: Engines) -> None:
    """A stretch that the network is sure to be a time is one, though no form of the finders reads it so."""
    context = _context(engines, ["O"] * 5 + ["B-TIME", "I-TIME", "I-TIME"], (Name("TIME", 5, 8),))

    assert choose_names(context, {kind: [] for kind in KINDS}, ())["TIME"] == [(5, 8)]


def test_dates_stay_whatever_the_network_says(engines: Engines) -> None:
    """A number with its unit is a time, though the network sees none anywhere."""
    text = "去年6月25日抵达"
    probabilities = np.tile(np.eye(1, len(ENTITY_TAGS), dtype=np.float32), (len(text), 1))
    context = Context(text, text, (), engines.lexicon, None, tag_probabilities=probabilities)

    assert choose_names(context, {"ORG": [], "PER": [], "LOC": [], "TIME": [(0, 7)]}, ())["TIME"] == [(0, 7)]
