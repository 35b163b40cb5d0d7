"""Hold the run and the report that a thread works on, so that every line of its log names them.

`log_context` sets them for a block; a new thing to know is a field of `LogContext`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class LogContext:
    """Ids, as the database has them; None where there is none."""

    run: str | None = None
    report: str | None = None


NOTHING = LogContext()
CONTEXT: ContextVar[LogContext] = ContextVar("subject", default=NOTHING)


@contextmanager
def log_context(**known: str) -> Iterator[None]:
    """Log the work of the block as being about a run, a report, or both; what is known already stays known.

    >>> with log_context(run="r"), log_context(report="a"):
    ...     CONTEXT.get()
    LogContext(run='r', report='a')
    """
    token = CONTEXT.set(CONTEXT.get())
    try:
        bind(**known)
        yield
    finally:
        CONTEXT.reset(token)


def bind(**known: str) -> None:
    """Add to what the work is about, up to the end of the block of `log_context` around it."""
    CONTEXT.set(replace(CONTEXT.get(), **known))
