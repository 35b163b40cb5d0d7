"""Seconds that work takes, by stage: `stage` marks a stretch of it, `measured` collects what is marked.

Where nobody measures, a mark costs nothing worth telling.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter

from etl.stages import Stage

Clock = dict[Stage, float]
# Who measures in this thread.
CLOCK: ContextVar[Clock | None] = ContextVar("clock", default=None)


@contextmanager
def measured() -> Iterator[Clock]:
    """Seconds by stage of all that is marked in this block, and of nothing in other threads."""
    seconds: Clock = {}
    token = CLOCK.set(seconds)
    try:
        yield seconds
    finally:
        CLOCK.reset(token)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Work of a stage, by the clock on the wall; marks of two stages must not lie in each other."""
    clock, start = CLOCK.get(), perf_counter()
    try:
        yield
    finally:
        if clock is not None:
            clock[name] = clock.get(name, 0.0) + perf_counter() - start
