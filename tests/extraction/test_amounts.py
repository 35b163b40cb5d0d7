from collections.abc import Callable
from typing import Any

import pytest

from etl.model.mentions import Extraction, Money
from etl.text.numerals import parse_number

TABLE = "money.toml"


def test_sums_have_their_values(case: dict[str, Any], found: Callable[..., Extraction]) -> None:
    """Every sum of the table is found whole, with value, range, currency and certainty, and no other."""
    sums = [e for e in found(case["text"]).entities if isinstance(e, Money)]

    got = [[m.text, m.value or 0, m.max or 0, m.currency, m.at_least, m.approximate] for m in sums]
    assert got == case["sums"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("20余万", 200_000),
        ("1.5万亿", 1.5e12),
        ("三百二十", 320),
        ("十五", 15),
        ("3万2777", 32_777),
        ("两千零五", 2005),
        ("一亿三千万", 130_000_000),
        ("二〇二〇", 2020),
        ("1,234,567.5", 1_234_567.5),
        ("百", 100),
        ("四百五", 450),
        ("一万三", 13_000),
        ("5万4千6百", 54_600),
        ("五兆六十二亿四万五千二", 5_006_200_045_200),
        ("四万万", 400_000_000),
        ("一百零十万", 1_100_000),
        ("十二点五亿", 1_250_000_000),
        ("二三十", 20),
    ],
)
def test_numbers_are_read_in_every_writing(words: str, value: float) -> None:
    """A number in digits, in characters or in both has one value."""
    assert parse_number(words) == value


def test_what_is_no_number_has_no_value() -> None:
    """Words without a digit give None instead of a guess."""
    assert parse_number("某") is None
    assert parse_number("") is None
