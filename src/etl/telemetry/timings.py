"""Seconds that work takes, by stage: `stage` marks a stretch of it, `measured` collects what is marked.

Where nobody measures, a mark costs nothing worth telling.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

from etl.model.stages import Stage

Seconds = dict[Stage, float]


@dataclass(frozen=True, slots=True)
class Clock:
    """Accumulates seconds by stage for one thread.

    Attributes:
        seconds: by stage, so far.
        entered: is told of each stage as it begins.
    """

    seconds: Seconds = field(default_factory=dict)
    entered: Callable[[Stage], None] | None = None


# Who measures in this thread, and the stage it is in.
CLOCK: ContextVar[Clock | None] = ContextVar("clock", default=None)
INSIDE: ContextVar[Stage | None] = ContextVar("inside", default=None)


@contextmanager
def measured(entered: Callable[[Stage], None] | None = None) -> Iterator[Seconds]:
    """Measure seconds by stage of all that is marked in this block, in this thread alone.

    ``entered`` is told of each stage as it begins.
    """
    clock = Clock(entered=entered)
    token = CLOCK.set(clock)
    try:
        yield clock.seconds
    finally:
        CLOCK.reset(token)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Measure the block as work of a stage, in wall time; the time of a stage within it is its own."""
    clock, outer, start = CLOCK.get(), INSIDE.get(), perf_counter()
    if clock and clock.entered:
        clock.entered(name)
    token = INSIDE.set(name)
    try:
        yield
    finally:
        INSIDE.reset(token)
        spent = perf_counter() - start
        add({name: spent} | ({outer: -spent} if outer else {}))
        if clock and clock.entered and outer:
            clock.entered(outer)


def add(seconds: Mapping[Stage, float]) -> None:
    """Count seconds that another process measured as if they were spent here."""
    clock = CLOCK.get()
    if clock:
        for name, value in seconds.items():
            clock.seconds[name] = clock.seconds.get(name, 0.0) + value
