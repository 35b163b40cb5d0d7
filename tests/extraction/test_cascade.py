from collections.abc import Sequence
from functools import cache
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extraction.network import cascade
from etl.extraction.network.answers import Answer, decode, nothing_said
from etl.extraction.network.cascade import CascadeTagger, doubtful
from etl.extraction.network.outputs import ENTITY_TAGS
from etl.extraction.network.recurrent import RecurrentReader
from etl.extraction.network.tagger import NetworkTagger, model_file
from etl.extraction.resources.tagger import Tagged, split_pieces

SENTENCES = (
    "江州市人民政府召开会议。",
    "局长赵国栋出席！",
    "江州",
    "。",
    " ",
    "\n",
    "😀",
    "\ud800",
    "a1，\u200b",
)
SURE = "会议讨论了工作。"
UNSURE = "彭丽媛陪同出席。"


class Slow:
    """A network that says of each character what it was made with, and remembers what it was given."""

    def __init__(self, words: float) -> None:
        self.given: list[str] = []
        self._words = words

    def answer_all(self, sentences: Sequence[str]) -> Answer:
        self.given += sentences
        return _said("".join(sentences), words=self._words)


def _said(text: str, least: float = 1.0, tag: str = "B-PER", at: int = 0, words: float = 0.0) -> Answer:
    """Everything is surely no name, but for the character at a place, which may have a tag."""
    said = nothing_said(len(text))
    if text:
        said.entities[at, 0], said.entities[at, ENTITY_TAGS.index(tag)] = least, 1.0 - least
    said.starts[:] = words
    return said


@pytest.mark.parametrize(
    ("least", "tag", "read_again"),
    [
        (0.69, "B-PER", True),
        (0.71, "B-PER", False),
        (0.69, "I-LOC", True),
        (0.31, "I-ORG", True),
        (0.29, "I-ORG", False),
        (0.5, "B-TIME", False),
        (0.5, "I-MONEY", False),
    ],
)
def test_a_sentence_is_read_again_below_the_edge(least: float, tag: str, *, read_again: bool) -> None:
    """One character of which it is unsure where in a name it stands makes its sentence doubtful."""
    text = SURE + UNSURE + SURE

    pieces = doubtful(text, _said(text, least, tag, len(SURE) + 3))

    assert pieces == [(len(SURE), len(SURE) + len(UNSURE))] * read_again


def test_only_what_is_in_doubt_is_given_on() -> None:
    """The second network gets the sentences in doubt of all texts of a batch in one call."""
    slow = Slow(0.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            cascade, "doubtful", lambda text, _: [(i, i + 1) for i, c in enumerate(text) if c == "彭"]
        )
        found = CascadeTagger(_network(), cast("RecurrentReader", slow)).read_all([SURE + "彭丽媛", "", "彭"])

    assert slow.given == ["彭", "彭"]
    assert [len(one.probabilities["PER"]) for one in found] == [len(SURE) + 3, 0, 1]


def test_both_count_alike_where_a_sentence_is_read_again() -> None:
    """A word begins where both together say so; elsewhere the first one says it."""
    first, second = _said("甲乙丙丁", words=1.0), _said("丙丁", words=-3.0)
    mixed = first.mixed(second, np.array([2, 3]))

    assert mixed.starts.tolist() == [1.0, 1.0, -1.0, -1.0]
    assert first.starts.tolist() == [1.0] * 4
    assert [word[:2] for word in decode("甲乙丙丁", mixed).words] == [(0, 1), (1, 4)]


@given(st.lists(st.lists(st.sampled_from(SENTENCES), max_size=8).map("".join), max_size=4))
def test_all_or_nothing_may_be_in_doubt(texts: list[str]) -> None:
    """If all is in doubt, words and names are those of both; if nothing is, those of the first network."""
    all_doubted, none = _with(1.1, texts), _with(0.0, texts)

    for text, doubted, sure in zip(texts, all_doubted, none, strict=True):
        assert sure.words == _network().read(text).words
        assert sure.names == _network().read(text).names
        first = _network().answer(text)
        for start, end in split_pieces(text):
            second = _reader().answer_all([text[start:end]])
            expected = (first.entities[start:end] + second.entities) / 2
            assert doubted.tag_probabilities is not None
            assert np.allclose(doubted.tag_probabilities[start:end], expected, atol=1e-3)


def _with(edge: float, texts: Sequence[str]) -> tuple[Tagged, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cascade, "SURE", edge)
        return CascadeTagger(_network(), _reader()).read_all(texts)


@cache
def _network() -> NetworkTagger:
    return NetworkTagger(model_file(None))


@cache
def _reader() -> RecurrentReader:
    return RecurrentReader()
