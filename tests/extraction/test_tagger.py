import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.engines import Engines
from etl.extraction.resources.tagger import MAX_PIECE_LENGTH, NAMES, split_pieces


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
