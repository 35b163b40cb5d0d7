"""The two kinds of failure: what must be set aside, and what may work when tried again.

Retry and quarantine are decided by type, never by message. A new failure chooses one of the two
and says what was found, what was expected and what to do.
"""

from etl.stages import Stage


class EtlError(Exception):
    """Base of every error that this product raises on purpose."""


class RejectError(EtlError):
    """A report that cannot become a document; it goes to quarantine with its stage and reason.

    Attributes:
        stage: the room that gave up.
        reason: one short word an operator can filter by, such as ``encoding`` or ``format``.
    """

    def __init__(self, stage: Stage, reason: str, message: str) -> None:
        super().__init__(message)
        self.stage: Stage = stage
        self.reason = reason

    def __reduce__(self) -> tuple[type["RejectError"], tuple[Stage, str, str]]:
        """Survive the trip between worker processes, which rebuilds errors from their arguments."""
        return (type(self), (self.stage, self.reason, str(self)))


class TransientError(EtlError):
    """Something outside failed that may work again: a server restarting, a share that is away."""


class SetupError(EtlError):
    """The run cannot start: wrong use or settings (exit 2)."""


class UnavailableError(EtlError):
    """The run cannot start: no database, no source (exit 3)."""


class FencedError(EtlError):
    """A run that was taken for dead wakes up: another one took its place, and it must not write any more."""
