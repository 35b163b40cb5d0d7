import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.extraction.times.finder import _compiled
from etl.text.first_characters import compile_with_lookahead, digits, first_characters, look_ahead

PARTS = st.sampled_from(
    [
        "一",
        "[二三]",
        "\\d",
        "四?",
        "(?:五|六七)",
        "(?<!一)",
        "(?=八)",
        "(?:九){0,2}",
        "$",
        "[^一]",
        ".",
        "(十)",
    ]
)


@pytest.mark.parametrize(
    ("expression", "firsts"),
    [
        ("一月|二月", "一二"),
        ("(?<![一二])(?:十?三|四{0,2}五)日", "十三四五"),
        ("[一-三]?月", "一丁七丂七丄丅丆万丈三月"),
        ("(?:甲|乙)?(?:丙)?", None),
        ("[^一]", None),
        (".", None),
        ("(一)\\1", "一"),
        ("(?i:a)b", None),
    ],
)
def test_beginnings(expression: str, firsts: str | None) -> None:
    """What a match can begin with is read off the expression; None where that cannot be said."""
    assert first_characters(expression) == (None if firsts is None else frozenset(firsts))


def test_digits_of_every_script() -> None:
    """Every character that an expression calls a digit is one."""
    assert frozenset(re.findall("\\d", "".join(map(chr, range(0x110000))))) == digits()


def test_all_digits_are_looked_ahead_for_by_their_name() -> None:
    """The class of a look ahead holds no character beyond the first plane, which would make it slow."""
    assert look_ahead("\\d年|十年") == "(?=[\\d十])(?:\\d年|十年)"


@given(
    st.lists(st.lists(PARTS, min_size=1, max_size=4), min_size=1, max_size=4), st.text("一二四五六七八九十0a")
)
@settings(max_examples=200, deadline=None)
def test_a_look_ahead_changes_no_match(branches: list[list[str]], text: str) -> None:
    """Any expression finds with the look ahead what it finds without."""
    expression = "|".join("".join(parts) for parts in branches)
    plain = [match.span() for match in re.finditer(expression, text)]

    assert [match.span() for match in compile_with_lookahead(expression).finditer(text)] == plain


def test_times_are_looked_ahead_for() -> None:
    """The expression for times begins with known characters, whatever festivals there are."""
    pattern = _compiled(("春节",), ("十三五",), ("光绪",), ("清",)).pattern

    assert pattern.startswith("(?=[")
    assert {"春", "光", "清", "今", "0"} <= set(first_characters(pattern) or ())
