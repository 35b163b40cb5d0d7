"""The recurrent network reads sentences in batches as if each stood alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extraction.network import recurrent
from etl.extraction.network.outputs import ENTITY_TAGS, OUTSIDE
from etl.extraction.network.recurrent import RecurrentReader

READER = RecurrentReader()
SENTENCES = ("县长李明在广州主持会议。", "好", "長江是母親河，", "a1。", " ", "\n", "😀", "\ud800", "赵")
TEXTS = st.lists(st.lists(st.sampled_from(SENTENCES), max_size=12).map("".join), max_size=4)


@given(TEXTS)
def test_texts_together_are_read_as_each_alone(texts: list[str]) -> None:
    """What is said of a text does not depend on what is read beside it, nor on how many at once."""
    together = READER.read_all(texts)

    for text, found in zip(texts, together, strict=True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(recurrent, "BATCH_SIZE", 1)
            (alone,) = READER.read_all([text])
        assert found.shape == (len(text), len(ENTITY_TAGS))
        assert np.allclose(found, alone, atol=1e-4)


@given(TEXTS)
def test_chances_of_a_character_add_up(texts: list[str]) -> None:
    """Each character has a probability for each tag; what belongs to no sentence stands in no name."""
    for text, found in zip(texts, READER.read_all(texts), strict=True):
        assert np.allclose(found.sum(axis=1), 1, atol=1e-4)
        assert all(found[i, OUTSIDE] == 1 for i, character in enumerate(text) if character in "\n😀\ud800")


def test_names_are_told() -> None:
    """A person and a place in plain words have the likeliest tags of one."""
    (found,) = READER.read_all(["县长李明在广州主持会议。"])
    tags = [ENTITY_TAGS[tag] for tag in found.argmax(axis=1)]

    assert tags[2:4] == ["B-PER", "I-PER"]
    assert tags[5:7] == ["B-LOC", "I-LOC"]
