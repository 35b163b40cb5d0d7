import tomllib
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LIMIT, exponent

from etl.normalize import RULES, Rule, normalize
from etl.traced import Traced

TABLE = Path(__file__).parents[1] / "cases" / "normalize" / "cases.toml"
CASES = tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]
ALPHABETS = [
    "中国,;:",
    "中a1,.:()",
    "中\"'，a ",
    "中 \u3000，文",
    "中\u200b\u200d \ufeff",
    "１．５－：中a",
    "二○0年零",
]
HOSTILE = [
    "中",
    "a",
    "1",
    ",",
    "(",
    '"',
    " ",
    "\u200b",
    ".",
    "１",
    "○",
    "中 ",
    "a,",
    "(中",
    "http://,",
    "中　",
    "<",
    "{",
    "a(",
]


def clean(text: str) -> str:
    """The text alone."""
    return normalize(Traced.raw(text))[0].text


def known(case: dict[str, str]) -> ParameterSet:
    """A row of the table; known failures must fail."""
    marks = [pytest.mark.xfail(reason="undecidable without more context")] * (case["kind"] == "known_failure")
    return pytest.param(case["before"], case.get("after", case["before"]), marks=marks)


@pytest.mark.parametrize(("before", "after"), [known(case) for case in CASES])
def test_each_case_comes_out_as_the_table_says(before: str, after: str) -> None:
    """Damaged text is normalized, and what is right stays."""
    assert clean(before) == after


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_cleaning_twice_is_cleaning_once(alphabet: str) -> None:
    """Normalized text is changed by no rule."""

    @given(st.text(alphabet, max_size=24))
    def holds(text: str) -> None:
        once = clean(text)

        assert clean(once) == once

    holds()


@given(st.text("中, 国\u200b\"('１.", max_size=30))
def test_every_character_remembers_its_place(text: str) -> None:
    """The raw text at an untouched character's place is that character."""
    raw = "头" + text + "尾"
    result, changes = normalize(Traced.raw(raw))
    edited = [(change.start, change.end) for change in changes]

    for at, character in enumerate(result.text):
        start, end = result.raw_span(at, at + 1)
        assert raw[start:end] == character or any(a <= start and end <= b for a, b in edited)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_linear_on_any_single_character_class(rule: Rule) -> None:
    """The time for a text is in proportion to its length."""
    for unit in HOSTILE:
        small, large = ("中" + unit * (size // len(unit)) for size in (10_000, 80_000))

        assert exponent(lambda text: sum(1 for _ in rule(text)), small, large, 8) < LIMIT, unit


def test_names_of_compatibility_ideographs_are_left_alone() -> None:
    """U+F900 to U+FAFF come out as they went in."""
    text = "".join(map(chr, range(0xF900, 0xFA6E)))

    assert clean(text) == text


@pytest.mark.shared
def test_the_seed_gets_the_punctuation_of_its_restored_text(shared: Path) -> None:
    """Each line of the damaged report, normalized, stands in the restored one."""
    raw = (shared / "bench" / "seed" / "report.txt").read_text(encoding="utf-8")
    restored = (shared / "bench" / "seed" / "restored.txt").read_text(encoding="utf-8")

    assert [line for line in raw.splitlines() if clean(line) not in restored] == []
