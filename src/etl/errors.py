"""The two kinds of failure: what is quarantined, and what may work when tried again.

Retry and quarantine are decided by type, never by message. A new failure chooses one of the two
and says what was found, what was expected and what to do.
"""

from etl.stages import Stage


class EtlError(Exception):
    """Base of every error that this product raises on purpose."""


class RejectError(EtlError):
    """A report that cannot become a document; it goes to quarantine with its stage and reason.

    Attributes:
        stage: the stage that failed.
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


def quoted(value: object, most: int = 60) -> str:
    r"""Write a value from outside as it stands in a message: in quotes, on one line, and cut.

    >>> quoted("a\nb"), quoted("x" * 100, 5)
    ("'a\\nb'", "'xxxx…")
    """
    return _cut(repr(value[:most] + "…" if isinstance(value, str) and len(value) > most else value), most)


def brief(words: object, most: int = 200) -> str:
    r"""Write words from outside, such as an error that quotes what it found, on one line, and cut.

    >>> brief("a\x1b[2J"), brief("x" * 100, 5)
    ('a\\x1b[2J', 'xxxxx…')
    """
    return _cut(repr(str(words))[1:-1], most)


def _cut(shown: str, most: int) -> str:
    return shown if len(shown) <= most else f"{shown[:most]}…"
