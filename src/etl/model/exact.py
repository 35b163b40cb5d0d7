"""Hold decimal numbers so that they print, compare and are stored exactly as they were written."""

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bson.decimal128 import Decimal128

# That a ``Decimal128`` holds.
MOST_DIGITS = 34


class Amount(float):
    """A decimal number of at most fifteen digits: a float to its readers, a ``Decimal128`` in the database.

    Of the numbers of so few digits no two share a float, so that the written one comes back from it. Sums of
    floats are inexact, sums of `exact` are not.

    >>> Amount(Decimal("434999999.99")), Amount(Decimal("0.1")).exact + Amount(Decimal("0.2")).exact
    (434999999.99, Decimal('0.3'))
    """

    __slots__ = ()

    @property
    def exact(self) -> Decimal:
        """The number as it was written, without zeros at the end of its decimals."""
        written = Decimal(repr(float(self)))
        digits = f"{written:f}".removesuffix(".0")
        return Decimal(digits) if len(digits) <= MOST_DIGITS else written

    def stored(self) -> "Decimal128":
        """Return the number as the database keeps it."""
        from bson.decimal128 import Decimal128  # noqa: PLC0415 - texts need no database

        return Decimal128(self.exact)


def amount(value: Decimal | None) -> Amount | None:
    """Return a value as an Amount; None stays None."""
    return None if value is None else Amount(value)
