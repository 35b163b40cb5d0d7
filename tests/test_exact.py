from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from etl.model.exact import Amount


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(-20, 40))
def test_comes_back_as_written(digits: int, power: int) -> None:
    """A number of up to fifteen digits of any size is exact, and is stored as it is."""
    written = Decimal(digits).scaleb(power)
    one = Amount(written)

    assert one.exact == written
    assert one.stored().to_decimal() == written
