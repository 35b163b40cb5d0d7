"""What is left out to save time changes nothing: seams not looked at, lines that are not read again."""

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seam_graphs import encoder

from etl.engines import default
from etl.model.report import Encoding, Reading, Repaired
from etl.repair import repair
from etl.repair.layout.lines import read_lines
from etl.repair.order import restorer
from etl.repair.order.constraints import LineConstraints, Seams, forbidden, forbidden_jumps
from etl.repair.order.content import Content
from etl.repair.order.shortcuts import all_forbidden
from etl.repair.overrides import NO_BOUND_OVERRIDES, BoundOverrides
from etl.repair.scorer.dense_encoder import DenseEncoder
from etl.settings import load

CASES = Path(__file__).parents[1] / "cases" / "repair"
TEXTS = [
    case.get("text") or case["given"]
    for name in ("undamaged", "cuts", "columns")
    for case in tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
]
THRESHOLD = load().repair.threshold


def restore(text: str) -> Repaired:
    """Repair at the threshold of the settings."""
    return repair(Reading(text, (), Encoding("utf-8", 1.0)), default().restorer, THRESHOLD)


def test_seams_that_are_not_looked_at_would_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every case comes out the same, and as sure, where all seams are looked at and all pieces met."""
    few = [restore(text) for text in TEXTS]
    monkeypatch.setattr(restorer, "all_forbidden", lambda _: None)
    monkeypatch.setattr(restorer, "nothing_moves", lambda *_: False)
    every = [restore(text) for text in TEXTS]

    assert [one.paragraphs for one in every] == [one.paragraphs for one in few]
    for one, other in zip(every, few, strict=True):
        assert [replace(change, confidence=1.0) for change in one.changes] == [
            replace(change, confidence=1.0) for change in other.changes
        ]
        assert [change.confidence for change in one.changes] == pytest.approx(
            [change.confidence for change in other.changes], abs=0.01
        )


def test_seams_that_cannot_be_joined_are_not_asked_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the order of a text stands, the same is joined where all seams are asked about."""
    monkeypatch.setattr(restorer, "may_move", lambda _: False)
    few = [restore(text) for text in TEXTS]
    monkeypatch.setattr(restorer, "joinable", lambda _, asked: asked)

    assert [restore(text) for text in TEXTS] == few


@dataclass(frozen=True)
class Guarded:
    """As much of the content as is asked to tell which seams are closed off."""

    constraints: LineConstraints
    overrides: BoundOverrides = NO_BOUND_OVERRIDES

    def __len__(self) -> int:
        return len(self.constraints.closed)


def by_looks(left: npt.NDArray[np.intp], right: npt.NDArray[np.intp]) -> Seams:
    """Seams of which nothing is known but the looks of their lines."""
    unknown = np.zeros(len(left), np.bool_)
    return Seams(left, right, unknown, unknown)


@given(st.integers(2, 6), st.data())
def test_lines_at_closed_seams_are_joined_to_nothing(count: int, data: st.DataObject) -> None:
    """What ends before a closed seam, or ends the file, looks as if it went on with nothing behind one."""
    lines = st.lists(st.booleans(), min_size=count, max_size=count).map(np.array)
    names = [field.name for field in fields(LineConstraints) if field.name != "wrapped"]
    constraints = LineConstraints(**{name: data.draw(lines) for name in names}, wrapped=False)
    few = all_forbidden(cast("Content", Guarded(constraints)))
    if few is None:
        return

    n = np.flatnonzero(few.ends)
    assert forbidden(constraints, by_looks(n, n + 1)).all()
    left, right = np.meshgrid(np.append(n, count - 1), n + 1)
    assert forbidden_jumps(constraints, by_looks(left.ravel(), right.ravel())).all()


@given(st.text("文a， 　“”（\n\f\t。", max_size=40))
def test_lines_set_anew_are_those_that_would_be_read(text: str) -> None:
    """Lines put one behind the other are the same as read from the text that they make."""
    lines = read_lines(text, ())
    raw = "\n".join(lines.line(k) for k in range(len(lines)))
    anew, again = lines.anew(raw), read_lines(raw, ())

    for name in type(lines).__slots__:
        np.testing.assert_array_equal(getattr(anew, name), getattr(again, name))
    assert again.stands_as(anew)


@pytest.mark.parametrize("count", [0, 1, 5, 130])
def test_layers_are_matrices_multiplied(count: int) -> None:
    """What onnxruntime makes of the graph that training exports is what numpy makes of its matrices."""
    rng = np.random.default_rng(2)
    sizes = {"deep": (300, 20), "deep_bias": (20,), "high": (20, 9), "low": (3, 9), "out_bias": (9,)}
    halves = {name: rng.normal(size=size).astype(np.float16) for name, size in sizes.items()}
    weights = {name: half.astype(np.float32) for name, half in halves.items()}
    rows, seen = (rng.normal(size=(count, width)).astype(np.float32) for width in (300, 3))

    hidden = np.maximum(rows @ weights["deep"] + weights["deep_bias"], 0)
    made = hidden @ weights["high"] + seen @ weights["low"] + weights["out_bias"]

    np.testing.assert_allclose(DenseEncoder(encoder(weights))(rows, seen), made, atol=1e-3)
