import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.engines import Engines
from etl.extraction.resources.best_tags import CANDIDATES, best_tags, judge
from etl.extraction.resources.tagger import MAX_PIECE_LENGTH, NAMES, split_pieces


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.2, 1.0, 3.0]),
    st.lists(st.integers(1, 12), min_size=1, max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_the_search_finds_the_best_path(seed: int, scale: float, lengths: list[int]) -> None:
    """Searching only what is open, among few candidates, gives what the search of everything gives."""
    random = np.random.default_rng(seed)
    tags = CANDIDATES + 2
    scores = random.normal(scale=scale, size=(sum(lengths), tags)).astype(np.float32)
    scores[:, CANDIDATES:] -= 20.0
    steps = random.uniform(-0.21, 0.21, size=(tags, tags)).astype(np.float32)
    ends = np.cumsum(lengths)
    firsts = np.isin(np.arange(ends[-1]), ends - lengths)

    found = best_tags(scores, steps, firsts, judge(scores, steps))

    for end, length in zip(ends, lengths, strict=True):
        assert _worth(found[end - length : end], scores[end - length : end], steps) == pytest.approx(
            _worth(np.array(_slowly(scores[end - length : end], steps)), scores[end - length : end], steps),
            abs=1e-4,
        )


def test_a_lead_decides_a_tag() -> None:
    """A tag whose lead no transitions could take is not searched; one whose lead they could is."""
    steps = np.array([[0.21, -0.21], [-0.21, 0.21]], dtype=np.float32)
    for lead, is_open in ((0.85, False), (0.83, True)):
        scores = np.array([[lead, 0.0]], dtype=np.float32)
        assert judge(scores, steps).open.tolist() == [is_open]


def _worth(tags: np.ndarray, scores: np.ndarray, steps: np.ndarray) -> float:
    """What a sequence of tags adds up to."""
    return float(scores[np.arange(len(tags)), tags].sum() + steps[tags[:-1], tags[1:]].sum())


def _slowly(scores: np.ndarray, steps: np.ndarray) -> list[int]:
    total, back = scores[0], []
    for own in scores[1:]:
        options = total[:, None] + steps
        back.append(options.argmax(axis=0))
        total = options.max(axis=0) + own
    path = [int(total.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


@given(st.lists(st.text(alphabet="中国人王，。！\n😀 \ud800a1\u200b", max_size=40), max_size=5))
@settings(max_examples=40, deadline=None)
def test_texts_read_together_are_read_as_alone(engines: Engines, texts: list[str]) -> None:
    """What is read beside a text changes neither its words nor its tag_probabilities."""
    together = engines.tagger.read_all(texts)

    assert len(together) == len(texts)
    for text, found in zip(texts, together, strict=True):
        alone = engines.tagger.read(text)
        assert found.words == alone.words
        for name in NAMES:
            assert found.probabilities[name] == pytest.approx(alone.probabilities[name], abs=1e-5)


@given(st.text(alphabet="中国人王，。！\n😀 \ud800a1\u200b", max_size=60))
@settings(max_examples=60, deadline=None)
def test_words_lie_in_order_and_hold_no_blanks(engines: Engines, text: str) -> None:
    """Words never overlap, and blanks, line breaks, emoji and lone surrogates are in none of them."""
    position = 0
    for word in engines.tagger.tag(text):
        assert position <= word.start < word.end <= len(text)
        assert not set(text[word.start : word.end]) & set("\n😀 \ud800\u200b")
        position = word.end


def test_chances_belong_to_characters(engines: Engines) -> None:
    """Each character has a chance for each kind of name, together at most one, high where a name is."""
    text = "局长赵国栋在广州。\n"
    tagged = engines.tagger.read(text)

    assert set(tagged.probabilities) == set(NAMES)
    assert all(len(probabilities) == len(text) for probabilities in tagged.probabilities.values())
    assert all(0 <= sum(column) <= 1.001 for column in zip(*tagged.probabilities.values(), strict=True))
    assert tagged.probabilities["PER"][2:5].min() > 0.9
    assert tagged.probabilities["LOC"][6:8].min() > 0.9
    assert max(probabilities[-1] for probabilities in tagged.probabilities.values()) == 0


def test_pieces_are_short() -> None:
    """A sentence without an end is cut, so that memory stays bounded."""
    text = "长，" * 5000 + "字" * 5000

    assert max(end - start for start, end in split_pieces(text)) <= MAX_PIECE_LENGTH
    assert "".join(text[a:b] for a, b in split_pieces(text)) == text


@pytest.mark.shared
def test_no_person_of_the_seed_is_lost(engines: Engines, shared: Path) -> None:
    """The tagger finds nearly all persons of the seed report by itself."""
    gold = json.loads((shared / "bench" / "seed" / "facts.json").read_text(encoding="utf-8"))
    text = (shared / "bench" / "seed" / "restored.txt").read_text(encoding="utf-8")
    names = {text[w.start : w.end] for w in engines.tagger.tag(text) if w.tag == "PER"}

    assert len(names & {person["name"] for person in gold["persons"]}) >= 22
