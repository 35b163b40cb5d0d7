import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.thresholds import Edges, divides

from etl import reprints
from etl.reprints import fold_text, is_reprint, resemble, signature

CASES = Path(__file__).resolve().parent / "cases/reprints/pairs.toml"
PAIRS = tomllib.loads(CASES.read_text(encoding="utf-8"))["pair"]
TEXTS = [pair[which] for pair in PAIRS for which in ("one", "two")]


def same(one: str, two: str) -> bool:
    """What the store asks of two reports, one after the other."""
    flats = fold_text(one), fold_text(two)
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
    numbers = signature(fold_text(TEXTS[0]))

    assert len(numbers) == len(set(numbers)) == reprints.BANDS
    assert all(-(1 << 63) <= number < 1 << 63 for number in numbers)
    assert numbers[:2] == (2296335773425729437, 2205700529685870953)


def test_huge() -> None:
    """Of a huge report the beginning is compared, so memory and time have a bound."""
    text = "".join(chr(0x4E00 + at * 7 % 20000) for at in range(60_000))

    assert len(fold_text(text * 40)) == reprints.MOST_CHARACTERS
    assert signature(fold_text(text * 40)) == signature(fold_text(text * 41))


@given(st.sampled_from(TEXTS), st.text("　 ，。！\n", max_size=3), st.integers(0, 40))
def test_marks_and_breaks(text: str, marks: str, at: int) -> None:
    """Marks, spaces and line breaks anywhere change nothing of what is compared."""
    assert fold_text(text[:at] + marks + text[at:]) == fold_text(text)


@given(st.text("一二三四五六七1２", max_size=80), st.text("一二三四五六七1２", max_size=80))
def test_either_way(one: str, two: str) -> None:
    """It does not matter which of two texts comes first, and every text is like itself."""
    assert is_reprint(one, two) == is_reprint(two, one)
    assert is_reprint(one, one) == (len(one) >= reprints.SHINGLE)


def letters(count: int, after: int = 0) -> str:
    """Characters of which none comes twice, from a place on."""
    return "".join(chr(0x4E00 + after + k) for k in range(count))


def mostly(tail: int) -> bool:
    """Whether a text of eighty characters and a tail is like one with another tail of that size."""
    return is_reprint(letters(80) + letters(tail, 1_000), letters(80) + letters(tail, 2_000))


def inside(rows: int) -> bool:
    """Whether a text of so many rows, one character of which is wrong, is like the right one."""
    text = letters(rows + reprints.SHINGLE - 1)
    return is_reprint(text, f"{text[:30]}错{text[31:]}")


def renumbered(lost: int) -> bool:
    """Whether a text is like one in which so many of its sixteen numbers are others."""
    parts = [(letters(60, 60 * k), 100 + k) for k in range(16)]
    other = "".join(f"{words}{number + (500 if k < lost else 0)}" for k, (words, number) in enumerate(parts))
    return is_reprint("".join(f"{words}{number}" for words, number in parts) + letters(9, 3_000), other)


def alike(halves: int) -> bool:
    """Whether so many equal values of forty are enough to compare texts."""
    numbers = [(1 + k) << 32 | 1 for k in range(20)]
    others = [number ^ (1 << 32) ^ (halves <= k) for k, number in enumerate(numbers)]
    return resemble(numbers, others)


EDGES: Edges = {
    # Seventy-five rows of a hundred are common, and of a hundred and one.
    "SHARED": (mostly, (25,), (26,)),
    # One wrong character takes six rows away.
    "SHARED_INSIDE": (inside, (60,), (59,)),
    "LOST_NUMBERS": (renumbered, (4,), (5,)),
    "LEAST_CHARACTERS": (lambda size: signature(letters(size)), (50,), (49,)),
    "LEAST_EQUAL": (alike, (6,), (5,)),
    "MOST_CHARACTERS": (
        lambda at: fold_text("字" * (at - 1) + "题" + "字" * 9) != fold_text("字" * (at + 9)),
        (50_000,),
        (50_001,),
    ),
}


@pytest.mark.parametrize("number", EDGES)
def test_numbers_divide(number: str) -> None:
    """What stands on the one side of a number is told from what stands on the other."""
    assert divides(*EDGES[number])


@pytest.mark.parametrize("bit", [0, 31, 32, 63])
def test_either_half_of_a_value(bit: int) -> None:
    """Values are compared by halves of thirty-two bits: one wrong bit leaves the other half equal."""
    assert resemble([0] * 6, [1 << bit] * 6)
    assert not resemble([0] * 6, [1 << 31 | 1 << 32] * 6)
