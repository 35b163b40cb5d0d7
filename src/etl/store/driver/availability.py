"""Track whether a server answers, and for how long none has, for all calls that use its client at once.

Without it each call would look for a server that is gone anew, and one that begins late would look longest.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pymongo.monitoring import (
    TopologyClosedEvent,
    TopologyDescriptionChangedEvent,
    TopologyListener,
    TopologyOpenedEvent,
)

POLL_SECONDS = 0.05


class Availability(TopologyListener):
    """Whether a server that takes writes answers, and since when none does.

    Args:
        patience: for how many seconds one that was heard once is waited for.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lost: float | None = None

    def opened(self, event: TopologyOpenedEvent) -> None:
        """Nothing was heard yet, which is no loss."""

    def description_changed(self, event: TopologyDescriptionChangedEvent) -> None:
        """A server was heard, or was not in time."""
        before, after = (
            one.has_writable_server() for one in (event.previous_description, event.new_description)
        )
        if after:
            self._lost = None
        elif before:
            self._lost = time.monotonic()

    def closed(self, event: TopologyClosedEvent) -> None:  # noqa: ARG002 - the driver's own call
        """Nobody asks any more."""
        self._lost = None

    @property
    def lost(self) -> bool:
        """Whether a server that was heard is not any more."""
        return self._lost is not None

    @property
    def gone(self) -> bool:
        """Whether it has been lost for longer than it is waited for."""
        return self._lost is not None and time.monotonic() - self._lost >= self._patience


# Of the database that this thread works with.
_CURRENT: ContextVar[Availability | None] = ContextVar("availability", default=None)


@contextmanager
def tracking(availability: Availability | None) -> Iterator[None]:
    """Let calls of this thread, for as long as the block lasts, be about the database of this client."""
    before = _CURRENT.get()
    _CURRENT.set(availability)
    try:
        yield
    finally:
        _CURRENT.set(before)


def wait_until_available() -> bool:
    """Whether a server is there, as far as is known; one that was lost is waited for first."""
    availability = _CURRENT.get()
    while availability and availability.lost:
        if availability.gone:
            return False
        time.sleep(POLL_SECONDS)
    return True
