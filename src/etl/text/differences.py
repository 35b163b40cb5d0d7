"""Compare two texts of one length, character by character."""

import numpy as np
from numpy.typing import NDArray


def differences(first: str, second: str) -> list[int]:
    """Return the offsets at which two texts of one length differ.

    >>> differences("发展中国", "發展中國")
    [0, 3]
    """
    found: list[int] = np.flatnonzero(_codes(first) != _codes(second)).tolist()
    return found


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
