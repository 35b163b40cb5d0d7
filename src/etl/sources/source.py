"""What a kind of source answers for: `Source`, its protocol, and `Scope`, the URIs that lie under one.

A new question to a source is a method of the protocol.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from etl.model import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import OPENERS
from etl.sources.names import Offer, is_archive


@dataclass(frozen=True, slots=True)
class UriRange:
    """URIs that begin with ``start`` and, where ``container`` is given, lie in an archive there.

    Attributes:
        start: of the whole URI; for members of archives, their protocol.
        container: what the URI of the archive begins with, or is, where ``exact``.
        exact: whether the archive is the very one.
    """

    start: str
    container: str = ""
    exact: bool = False


# The reports that a source may have given; none for a single file, which says nothing of others.
Scope = tuple[UriRange, ...]


def below(prefix: str) -> Scope:
    """What lies under a folder, also in archives there."""
    return (UriRange(prefix), *(UriRange(f"{kind}://", prefix) for kind in OPENERS))


def matching(prefix: str, pattern: str) -> Scope:
    """What a pattern may name; members of archives only where it may name archives."""
    return below(prefix) if is_archive(pattern) or pattern.endswith("*") else (UriRange(prefix),)


class Source(Protocol):
    """One kind of source, chosen by the protocol of a URI, see `registry`."""

    def list(self, source: str, limits: SourceSettings) -> Iterator[Offer]:
        """Everything that one source offers, in the order of the places.

        Raises:
            UnavailableError: it does not exist.
        """

    def fetch(self, candidate: Candidate, limits: SourceSettings) -> RawReport:
        """The bytes of a candidate, and the day that its sidecar gives.

        Raises:
            RejectError, TransientError: as `etl.sources.fetch`.
        """

    def exists(self, uri: str, limits: SourceSettings) -> bool:
        """Whether anything is at a place.

        Raises:
            TransientError: the disk, share or store does not say.
        """

    def scope(self, source: str) -> Scope:
        """The URIs of reports that one source may give."""
