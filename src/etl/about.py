"""What the work of this thread is about, for whoever logs: the run and the report.

`about` says it for a block; a new thing to know is a field of `Subject`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Subject:
    """Ids, as the database has them; None where there is none."""

    run: str | None = None
    report: str | None = None


NOTHING = Subject()
SUBJECT: ContextVar[Subject] = ContextVar("subject", default=NOTHING)


@contextmanager
def about(**known: str) -> Iterator[None]:
    """Work that is about a run, a report, or both; what is known already stays known.

    >>> with about(run="r"), about(report="a"):
    ...     SUBJECT.get()
    Subject(run='r', report='a')
    """
    token = SUBJECT.set(SUBJECT.get())
    try:
        mention(**known)
        yield
    finally:
        SUBJECT.reset(token)


def mention(**known: str) -> None:
    """From here to the end of the block of `about` around it, the work is about this, too."""
    SUBJECT.set(replace(SUBJECT.get(), **known))
