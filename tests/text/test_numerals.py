import pytest

from etl.text.numerals import parse_number, parse_ordinal

SIGNS = "零一二三四五六七八九"


def written(number: int) -> str:
    """A number below a thousand as it is counted out."""
    hundreds, tens, ones = (int(digit) for digit in f"{number:03}")
    out = (SIGNS[hundreds] + "百" if hundreds else "") + (SIGNS[tens] + "十" if tens else "")
    zero = "零" if hundreds and ones and not tens else ""
    return out + zero + (SIGNS[ones] if ones or not out else "")


def forms(number: int) -> set[str]:
    """A number counted out, digit by digit, and in Arabic digits of both widths."""
    counted = written(number)
    wide = "".join(chr(ord("０") + int(digit)) for digit in str(number))
    signs = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    teen = {counted.removeprefix("一")} if 10 <= number < 20 else set[str]()
    return {counted, counted.replace("零", "〇"), str(number), wide, signs} | teen


def test_ordinals() -> None:
    """Every number below a thousand is read in every way of writing it."""
    assert {n: forms(n) for n in range(1000) if {parse_ordinal(form) for form in forms(n)} != {n}} == {}


@pytest.mark.parametrize(
    ("words", "ordinal", "amount"),
    [
        ("一百五", 105, 150.0),
        ("四百零五", 405, 405.0),
        ("百零九", 109, 109.0),
        ("二OO九", 2009, 2009.0),
        ("", None, None),
        ("某", None, None),
    ],
)
def test_ordinals_and_amounts(words: str, ordinal: int | None, amount: float | None) -> None:
    """Behind a hundred a last digit counts ones in an ordinal, and tens in an amount."""
    assert (parse_ordinal(words), parse_number(words)) == (ordinal, amount)
