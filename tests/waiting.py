"""Waiting for what another process or thread does: as long as it takes, and long where it never comes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 400.0  # seconds; a test that waits for so long waits for what never comes


def until(ask: Callable[[], T], seconds: float = PATIENCE) -> T:
    """The first answer that is something; the last one where none came in time."""
    end = time.monotonic() + seconds
    while not (found := ask()) and time.monotonic() < end:
        time.sleep(0.05)
    return found
