from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extraction.network import cascade
from etl.extraction.network.cascade import CascadeTagger, doubtful
from etl.extraction.network.outputs import ENTITY_TAGS
from etl.extraction.network.recurrent import RecurrentReader
from etl.extraction.network.tagger import NetworkTagger, model_file
from etl.extraction.resources.tagger import NAMES, Tagged, Tagger, Word

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


class Words:
    """A tagger that cuts each run of characters other than line breaks, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def tag(self, text: str) -> tuple[Word, ...]:
        return self.read(text).words

    def read(self, text: str) -> Tagged:
        return self.read_all([text])[0]

    def read_all(self, texts: Sequence[str]) -> tuple[Tagged, ...]:
        self.given += texts
        return tuple(_cut(text) for text in texts)


def _cut(text: str) -> Tagged:
    words = tuple(Word(i, i + 1, "slow") for i, character in enumerate(text) if not character.isspace())
    return Tagged(words, {name: np.full(len(text), 0.5, dtype=np.float32) for name in NAMES})


def _told(text: str, least: float = 1.0, tag: str = "B-PER", at: int = 0) -> Tagged:
    """Everything is surely no name, but for the character at a place, which may have a tag."""
    tags = np.zeros((len(text), len(ENTITY_TAGS)), dtype=np.float32)
    tags[:, 0] = 1.0
    tags[at, 0], tags[at, ENTITY_TAGS.index(tag)] = least, 1.0 - least
    return Tagged((), {name: np.zeros(len(text), dtype=np.float32) for name in NAMES}, (), tags)


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

    mask = doubtful(text, _told(text, least, tag, len(SURE) + 3)).mask

    assert mask.any() == read_again
    assert not mask[: len(SURE)].any()
    assert not mask[-len(SURE) :].any()
    assert mask[len(SURE) : -len(SURE)].all() == read_again


def test_only_what_is_in_doubt_is_given_on() -> None:
    """The slower tagger gets line breaks for the rest; a sentence has the words of who read it."""
    text = SURE + UNSURE
    sure = (Word(0, 2, "n"), Word(len(SURE), len(SURE) + 3, "PER"))
    told = replace(_told(text, 0.5, at=len(SURE)), words=sure)
    one = doubtful(text, told)

    assert one.left() == "\n" * len(SURE) + UNSURE
    settled = one.settled(_cut(one.left()), np.zeros((len(text), len(ENTITY_TAGS)), dtype=np.float32))
    assert settled.words[0] == sure[0]
    assert [word.tag for word in settled.words[1:]] == ["slow"] * len(UNSURE)


@given(st.lists(st.lists(st.sampled_from(SENTENCES), max_size=8).map("".join), max_size=4))
def test_sentences_in_doubt_are_read_as_by_lac_alone(texts: list[str]) -> None:
    """If all is in doubt, words are LAC's and names of both networks; if nothing is, all is the network's."""
    network, lac = _network(), _lac()
    all_doubted, none = _with(network, lac, 1.1, texts), _with(network, lac, 0.0, texts)

    for text, doubted, sure in zip(texts, all_doubted, none, strict=True):
        by_lac, by_network = lac.read(text), network.read(text)
        assert doubted.words == by_lac.words
        assert sure.words == by_network.words
        assert sure.names == by_network.names
        by_reader = _names().read_all([text])[0]
        if by_network.tag_probabilities is not None and doubted.tag_probabilities is not None:
            mean = (by_network.tag_probabilities + by_reader) / 2
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(cascade, "SURE", 1.1)
                asked = doubtful(text, by_network).mask
            assert np.allclose(doubted.tag_probabilities[asked], mean[asked], atol=1e-5)
        for name in NAMES:
            assert np.allclose(sure.probabilities[name], by_network.probabilities[name])


def _with(network: NetworkTagger, lac: Tagger, edge: float, texts: Sequence[str]) -> tuple[Tagged, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cascade, "SURE", edge)
        return CascadeTagger(network, lac, _names()).read_all(texts)


@cache
def _network() -> NetworkTagger:
    return NetworkTagger(model_file(None))


@cache
def _names() -> RecurrentReader:
    return RecurrentReader()


@cache
def _lac() -> Tagger:
    return Tagger(0)


def test_the_slower_tagger_is_asked_once_for_all_texts() -> None:
    """All texts of a batch reach it in one call, each with its own sentences."""
    words = Words()
    tagged = CascadeTagger(_network(), words, _names()).read_all([SURE, UNSURE, ""])

    assert [len(text) for text in words.given] == [len(SURE), len(UNSURE), 0]
    assert [len(one.probabilities["PER"]) for one in tagged] == [len(SURE), len(UNSURE), 0]
