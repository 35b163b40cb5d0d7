"""Declare the two kinds of failure: what is quarantined, and what may work when tried again.

Retry and quarantine are decided by type, never by message. A new failure chooses one of the two
and says what was found, what was expected and what to do.
"""

from etl.model.stages import Stage


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
        """Return how to rebuild the error from its three arguments, for its way between worker processes."""
        return (type(self), (self.stage, self.reason, str(self)))


class TransientError(EtlError):
    """Something outside failed that may work again: a server restarting, a share that is away."""


class SetupError(EtlError):
    """A wrong use or setting, so that the run cannot start (exit 2)."""


class UnavailableError(EtlError):
    """A missing database or source, so that the run cannot start (exit 3)."""


class FencedError(EtlError):
    """The end of a run that lost its lease: another one took it over, and this one may not write any more."""


def quoted(value: object, most: int = 60) -> str:
    r"""Write a value from outside as it stands in a message: in quotes, on one line, and cut.

    >>> quoted("a\nb"), quoted("x" * 100, 5)
    ("'a\\nb'", "'xxxx…")
    """
    return shorten(repr(value[:most] + "…" if isinstance(value, str) and len(value) > most else value), most)


def brief(words: object, most: int = 200) -> str:
    r"""Write words from outside, such as an error that quotes what it found, on one line, and cut.

    >>> brief("a\x1b[2J"), brief("x" * 100, 5)
    ('a\\x1b[2J', 'xxxxx…')
    """
    return shorten(repr(str(words))[1:-1], most)


def shorten(words: str, most: int) -> str:
    """Cut words that are longer than so many characters, and show that they were."""
    return words if len(words) <= most else f"{words[:most]}…"
