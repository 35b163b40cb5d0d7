"""Declare `Source`, the protocol of a kind of source, and `Scope`, the URIs that may lie in a source.

A new question to a source is a method of the protocol.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from etl.model.report import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import OPENERS
from etl.sources.names import Offer, is_archive


@dataclass(frozen=True, slots=True)
class UriRange:
    """URIs that begin with ``start`` and, where ``container`` is given, lie in an archive there.

    Attributes:
        start: prefix of the whole URI; for members of archives, their protocol.
        container: prefix of the archive's URI, or the whole of it where ``exact``; empty for any.
        exact: whether ``container`` is one archive's whole URI rather than a prefix.
    """

    start: str
    container: str = ""
    exact: bool = False


# The reports that a source may have given; none for a single file, which says nothing of others.
Scope = tuple[UriRange, ...]


def folder_scope(prefix: str) -> Scope:
    """Return the scope of a folder: all URIs that begin with ``prefix``, and members of archives there."""
    return (UriRange(prefix), *(UriRange(f"{kind}://", prefix) for kind in OPENERS))


def pattern_scope(prefix: str, pattern: str) -> Scope:
    """Return the scope of a pattern below ``prefix``; with archive members only if it may name archives."""
    return folder_scope(prefix) if is_archive(pattern) or pattern.endswith("*") else (UriRange(prefix),)


class Source(Protocol):
    """One kind of source, chosen by the protocol of a URI in `registry`."""

    def list(self, source: str, limits: SourceSettings) -> Iterator[Offer]:
        """Yield every offer of one source, sorted by place and then by name within an archive.

        Raises:
            UnavailableError: the source does not exist.
        """

    def fetch(self, candidate: Candidate, limits: SourceSettings) -> RawReport:
        """Read the bytes of a candidate, and the day that its sidecar gives.

        Raises:
            RejectError, TransientError: as `etl.sources.fetch`.
        """

    def exists(self, uri: str, limits: SourceSettings) -> bool:
        """Check whether anything lies at a URI, without opening a report.

        Raises:
            TransientError: the disk, share or store does not say.
        """

    def scope(self, source: str) -> Scope:
        """Return the ranges of URIs that one source may give."""
