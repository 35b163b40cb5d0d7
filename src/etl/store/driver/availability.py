"""Track whether a server answers, and since when none has, for all calls that share a client.

Without it each call would look anew for a server that is gone, and the call that begins last would look
longest.
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
    """A listener to the driver that knows whether a writable server answers, and since when none does.

    Args:
        patience: seconds to wait for a server that answered before.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lost: float | None = None

    def opened(self, event: TopologyOpenedEvent) -> None:
        """Do nothing: a server that has not answered yet is not lost."""

    def description_changed(self, event: TopologyDescriptionChangedEvent) -> None:
        """Note that a writable server answers, or since when none does."""
        before, after = (
            one.has_writable_server() for one in (event.previous_description, event.new_description)
        )
        if after:
            self._lost = None
        elif before:
            self._lost = time.monotonic()

    def closed(self, event: TopologyClosedEvent) -> None:  # noqa: ARG002 - the driver's own call
        """Forget that the server was lost, because the client is closed."""
        self._lost = None

    @property
    def lost(self) -> bool:
        """Whether a server that answered before does so no more."""
        return self._lost is not None

    @property
    def gone(self) -> bool:
        """Whether the server has been lost for longer than the patience."""
        return self._lost is not None and time.monotonic() - self._lost >= self._patience


# Of the database that this thread works with.
_CURRENT: ContextVar[Availability | None] = ContextVar("availability", default=None)


@contextmanager
def tracking(availability: Availability | None) -> Iterator[None]:
    """Let `wait_until_available` in this context ask about the given client's server within the block."""
    before = _CURRENT.get()
    _CURRENT.set(availability)
    try:
        yield
    finally:
        _CURRENT.set(before)


def wait_until_available() -> bool:
    """Wait for a server that is lost; return False once it has been lost for too long, else True."""
    availability = _CURRENT.get()
    while availability and availability.lost:
        if availability.gone:
            return False
        time.sleep(POLL_SECONDS)
    return True
