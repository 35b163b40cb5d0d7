"""The recurrent network reads sentences in batches as if each stood alone, by each engine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import etl
from etl import openvino_session
from etl.extraction.network.graph_engines import ENGINES
from etl.extraction.network.outputs import ENTITY_TAGS, WORD_TAGS
from etl.extraction.network.recurrent import RecurrentReader
from etl.model.errors import SetupError

needs_openvino = pytest.mark.skipif(
    bool(openvino_session.fault()), reason=openvino_session.fault() or "it is installed"
)
EVERY = [pytest.param(name, marks=[needs_openvino] if name == "openvino" else []) for name in ENGINES]
READER, ONE_BY_ONE = RecurrentReader(), RecurrentReader(1)
SENTENCES = ("县长李明在广州主持会议。", "好", "長江是母親河，", "a1。", " ", "𠮷", "赵")
TEXTS = st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=12).map("".join), max_size=6)


@given(TEXTS)
def test_sentences_together_are_read_as_each_alone(sentences: list[str]) -> None:
    """What is said of a sentence does not depend on what is read beside it, nor on how many at once."""
    together, at = READER.answer_all(sentences), 0

    assert together.entities.shape == (sum(map(len, sentences)), len(ENTITY_TAGS))
    for sentence in sentences:
        part = together.part(at, at + len(sentence))
        for mine, others in zip(part, ONE_BY_ONE.answer_all([sentence]), strict=True):
            assert np.allclose(mine, others, atol=2e-3)
        at += len(sentence)


@pytest.mark.parametrize("engine", EVERY)
@pytest.mark.parametrize("size", [0, 3, 64])
def test_a_batch_answers_as_each_sentence_alone(engine: str, size: int) -> None:
    """Padding changes nothing: every batch size gives what unbatched reading gives."""
    sentences = [*SENTENCES, SENTENCES[0] * 9]
    alone = RecurrentReader(1, engine).answer_all(sentences)
    found = RecurrentReader(size, engine).answer_all(sentences)

    assert np.allclose(found.entities, alone.entities, atol=1e-3 if engine == "onnxruntime" else 0.02)


@given(TEXTS)
def test_chances_of_a_character_add_up(sentences: list[str]) -> None:
    """Each character has a probability for each tag of a name, and for each kind of name by its word."""
    found = READER.answer_all(sentences)

    assert np.allclose(found.entities.sum(axis=1), 1, atol=1e-4)
    assert found.names.max(initial=0) <= 1


def test_words_and_names_are_told() -> None:
    """A person and a place in plain words have the likeliest tags of one, and so have the words around."""
    found = READER.answer_all(["县长李明在广州主持会议。"])
    tags = [ENTITY_TAGS[tag] for tag in found.entities.argmax(axis=1)]

    assert tags[2:4] == ["B-PER", "I-PER"]
    assert tags[5:7] == ["B-LOC", "I-LOC"]
    assert np.flatnonzero(found.starts > 0).tolist()[:5] == [0, 2, 4, 5, 7]
    assert [WORD_TAGS[tag] for tag in found.words.argmax(axis=1)[[0, 2, 4, 5]]] == ["n", "PER", "p", "LOC"]
    assert found.names[2:4, 0].min() > 0.9


@needs_openvino
def test_engines_find_the_same_names() -> None:
    """Of the characters 99 of 100 have the same likeliest tag, though OpenVINO has 16 bits."""
    sentences = [*SENTENCES, SENTENCES[0] * 9]
    first, other = (RecurrentReader(0, engine).answer_all(sentences).entities for engine in ENGINES)

    assert (first.argmax(axis=1) == other.argmax(axis=1)).mean() >= 0.99


def test_an_engine_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says how to install it."""
    monkeypatch.setitem(sys.modules, "openvino", None)

    with pytest.raises(SetupError, match=r"is not installed; pip install 'report-etl\[openvino\]'"):
        RecurrentReader(0, "openvino")


def _alone(code: str, **variables: str) -> str:
    """What a new process prints."""
    code = f"from etl.extraction.network.recurrent import RecurrentReader\n{code}"
    environment = {**os.environ, **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout


@needs_openvino
def test_a_processor_without_such_numbers_is_refused() -> None:
    """Where OpenVINO would answer with other precision it is not used; the message names the way out."""
    code = (
        "try: RecurrentReader(0, 'openvino')\nexcept Exception as error: print(type(error).__name__, error)"
    )
    said = _alone(code, OV_CPU_MAX_ISA="AVX2")

    assert said.startswith(
        "SetupError extract.engine is openvino, but this processor has neither avx512_bf16"
    )
    assert said.endswith("; set extract.engine to onnxruntime\n")


@pytest.mark.parametrize("engine", EVERY)
def test_nobody_is_told_of_a_model(engine: str, tmp_path: Path) -> None:
    """Engines leave no number of this machine behind by which they would tell their makers of each use."""
    variables = {
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path),
        "CI": "",
        "ORT_RUNNING_UNIT_TESTS": "",
    }

    assert _alone(f"RecurrentReader(0, {engine!r})", **variables) == ""
    assert list(tmp_path.iterdir()) == []


def test_engines_are_imported_in_one_place() -> None:
    """No other module imports an engine that would tell its maker, before that is forbidden."""
    root = Path(etl.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"(?m)^(?:import|from) (?:onnxruntime|openvino)\b", path.read_text(encoding="utf-8"))
    }

    assert found == {"onnx_session.py"}
