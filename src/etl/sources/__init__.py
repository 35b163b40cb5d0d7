"""List and read reports from files, folders, patterns, archives, and any store that fsspec opens.

`list_candidates` offers, `fetch` reads, `exists` looks whether anything is there, `scope_of` says what may
come from a source; none knows text. A new kind of source is a module here and a line in `registry.KINDS`.

A kind of source is a `source`: `local_source`, `remote_source`, `archive_source` over `local`, `remote` and
`archive`. `members`, `zips` and `tars` read archives, `names` says what a report is called, `sidecar` what is
known of it.

The package imports values, errors, settings and logins. Jobs, checks and whoever is given a source may import
it; no stage may.
"""

import heapq
from collections.abc import Iterator, Sequence

from etl.model.report import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.names import Offer, Skipped, local_uri, media_type, refuse_passwords, sort_key
from etl.sources.registry import source_of
from etl.sources.source import Scope, UriRange

__all__ = [
    "PASSING",
    "Offer",
    "Scope",
    "Skipped",
    "UriRange",
    "exists",
    "fetch",
    "list_candidates",
    "local_uri",
    "media_type",
    "scope_of",
]

# Reasons of a RejectError that say nothing against the report: the next run finds it again, or not.
PASSING = frozenset(("vanished", "changing"))


def list_candidates(sources: Sequence[str], limits: SourceSettings) -> Iterator[Offer]:
    """Yield every offer of the sources, each URI once, sorted by place and then by name within an archive.

    An archive gives its members, wherever it was found. Names are looked at as the iteration goes on; no
    report is opened.

    Args:
        sources: files, folders, patterns (``*``, ``?``, ``[]``, ``**``), archives and URLs.
        limits: known suffixes and what an archive may hold.

    Raises:
        UnavailableError: a source does not exist; for local ones at once, for others when reached.
        SetupError: a source holds a password.
    """
    refuse_passwords(sources)
    streams = [source_of(source).list(source, limits) for source in dict.fromkeys(sources)]
    return _once(heapq.merge(*streams, key=_order))


def fetch(candidate: Candidate, limits: SourceSettings) -> RawReport:
    """Read the bytes of a candidate, and the day that its sidecar gives.

    Raises:
        RejectError: stage ``source``; reason ``vanished``, ``changing``, ``unreadable``,
            ``too large``, ``sidecar``, ``archive`` or ``archive limit``.
        TransientError: the disk, share or store failed and may work again.
    """
    return source_of(candidate.uri).fetch(candidate, limits)


def exists(uri: str, limits: SourceSettings) -> bool:
    """Check whether anything lies at a URI, without opening it; what access rights hide counts as there.

    Raises:
        TransientError: the disk, share or store does not say.
    """
    return source_of(uri).exists(uri, limits)


def scope_of(source: str) -> Scope:
    """Return the ranges of URIs that a source may give; empty for a single file."""
    return source_of(source).scope(source)


def _order(offer: Offer) -> tuple[str, str]:
    return sort_key(offer.uri)


def _once(offers: Iterator[Offer]) -> Iterator[Offer]:
    """Yield each offer once where overlapping sources share it; equal offers arrive as neighbours."""
    last = None
    for offer in offers:
        if offer != last:
            yield offer
        last = offer
