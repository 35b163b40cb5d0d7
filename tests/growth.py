"""How the cost of an action grows with its input, measured so that no machine's speed or load decides.

A test asks for the `exponent` of a small and a large input: 1 is in proportion, 2 with the square. Seconds
are for `benchmarks/`.
"""

import gc
import math
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
# Halfway between growth in proportion and growth with the square.
LIMIT = 1.5
# How often one tries to see a growth in proportion before one believes another one.
TRIES = 6
# Too little processor time to be compared with anything.
NOTHING = 0.002


def exponent(
    action: Callable[[T], object], small: T, large: T, times: float, enough: float = NOTHING
) -> float:
    """The power of its size with which the cost of an action grows; ``large`` is so many times ``small``.

    0 where the large input takes no longer than ``enough``, which is too little to be judged. The least of
    some tries that end with the first one in proportion: others on the machine only ever add to a time.
    """
    least = math.inf
    for _ in range(TRIES):
        whole = seconds(action, large)
        if whole <= enough:
            return 0.0
        part = max(min(seconds(action, small), seconds(action, small)), 1e-9)
        least = min(least, math.log(whole / part) / math.log(times))
        if least < LIMIT:
            break
    return least


def seconds(action: Callable[[T], object], given: T) -> float:
    """Processor time of this thread for one call; the collector of all tests' garbage rests."""
    gc.disable()
    try:
        begun = time.thread_time()
        action(given)
        return time.thread_time() - begun
    finally:
        gc.enable()
