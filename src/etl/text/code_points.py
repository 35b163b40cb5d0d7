"""See a text as an array of numbers, one a character, to compare or to count all characters at once."""

import numpy as np
from numpy.typing import NDArray


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the number of each character, also of half ones (lone surrogates)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def from_code_points(codes: NDArray[np.uint32]) -> str:
    """Return the text of which `code_points` made the numbers.

    >>> from_code_points(code_points("汉字"))
    '汉字'
    """
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
