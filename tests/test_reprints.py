import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import reprints
from etl.reprints import folded, is_reprint, resemble, signature

CASES = Path(__file__).resolve().parent / "cases/reprints/pairs.toml"
PAIRS = tomllib.loads(CASES.read_text(encoding="utf-8"))["pair"]
TEXTS = [pair[which] for pair in PAIRS for which in ("one", "two")]


def same(one: str, two: str) -> bool:
    """What the store asks of two reports, one after the other."""
    flats = folded(one), folded(two)
    signatures = [signature(flat) for flat in flats]
    if not set(signatures[0]) & set(signatures[1]):
        return False
    return resemble(*signatures) and is_reprint(*flats)


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(
            pair,
            id=pair["about"],
            marks=[pytest.mark.xfail(strict=True)] if pair["label"] == "known_failure" else [],
        )
        for pair in PAIRS
    ],
)
def test_pairs(pair: dict[str, Any]) -> None:
    """Reprints are recognized, and reports that only look like one are not."""
    assert same(pair["one"], pair["two"]) == pair["same"]


def test_signature_is_stored() -> None:
    """Signatures stay what they are in databases; when this fails, a migration must make them again."""
    numbers = signature(folded(TEXTS[0]))

    assert len(numbers) == len(set(numbers)) == reprints.BANDS
    assert all(-(1 << 63) <= number < 1 << 63 for number in numbers)
    assert numbers[:2] == (2296335773425729437, 2205700529685870953)


def test_huge() -> None:
    """Of a huge report the beginning is compared, so memory and time have a bound."""
    text = "".join(chr(0x4E00 + at * 7 % 20000) for at in range(60_000))

    assert len(folded(text * 40)) == reprints.MOST_CHARACTERS
    assert signature(folded(text * 40)) == signature(folded(text * 41))


@given(st.sampled_from(TEXTS), st.text("　 ，。！\n", max_size=3), st.integers(0, 40))
def test_marks_and_breaks(text: str, marks: str, at: int) -> None:
    """Marks, spaces and line breaks anywhere change nothing of what is compared."""
    assert folded(text[:at] + marks + text[at:]) == folded(text)


@given(st.text("一二三四五六七1２", max_size=80), st.text("一二三四五六七1２", max_size=80))
def test_either_way(one: str, two: str) -> None:
    """It does not matter which of two texts comes first, and every text is like itself."""
    assert is_reprint(one, two) == is_reprint(two, one)
    assert is_reprint(one, one) == (len(one) >= reprints.SHINGLE)
