"""Compare two texts of one length, character by character."""

import numpy as np

from etl.text.code_points import code_points


def differences(first: str, second: str) -> list[int]:
    """Return the offsets at which two texts of one length differ.

    >>> differences("发展中国", "發展中國")
    [0, 3]
    """
    found: list[int] = np.flatnonzero(code_points(first) != code_points(second)).tolist()
    return found
