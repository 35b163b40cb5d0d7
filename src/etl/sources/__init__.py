"""Where reports come from: files, folders, patterns, archives, and any store that fsspec opens.

`list_candidates` offers, `fetch` reads; neither knows text. A new kind of source is a module here, a
branch in `_kind` and one in `fetch`.
"""

import glob
import heapq
import os
from collections.abc import Iterator, Sequence

from etl.errors import UnavailableError
from etl.model import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import OPENERS, archive_protocol, fetch_member, list_archive
from etl.sources.local import fetch_local, list_file, list_folder
from etl.sources.names import (
    MAGIC,
    SIDECAR,
    Offer,
    Skipped,
    is_archive,
    local_path,
    local_uri,
    media_type,
    protocol,
    split_member,
)
from etl.sources.remote import fetch_remote, is_file, list_remote

__all__ = ["PASSING", "Offer", "Skipped", "fetch", "list_candidates", "local_uri", "media_type"]

# Reasons of a RejectError that say nothing against the report: the next run finds it again, or not.
PASSING = frozenset(("vanished", "changing"))


def list_candidates(sources: Sequence[str], limits: SourceSettings) -> Iterator[Offer]:
    """Everything that the sources offer, in the order of the URIs, each URI once.

    Names are looked at as the iteration goes on; no report is opened.

    Args:
        sources: files, folders, patterns (``*``, ``?``, ``[]``, ``**``), archives and URLs.
        limits: known suffixes and what an archive may hold.

    Raises:
        UnavailableError: a source does not exist; for local ones at once, for others when reached.
    """
    streams = [_kind(source, limits) for source in dict.fromkeys(sources)]
    return _once(heapq.merge(*streams, key=lambda offer: offer.uri))


def fetch(candidate: Candidate, limits: SourceSettings) -> RawReport:
    """The bytes of a candidate, and the day that its sidecar gives.

    Raises:
        RejectError: stage ``source``; reason ``vanished``, ``changing``, ``unreadable``,
            ``too large``, ``sidecar``, ``archive`` or ``archive limit``.
        TransientError: the disk, share or store failed and may work again.
    """
    kind = protocol(candidate.uri)
    if kind in OPENERS:
        return fetch_member(candidate, limits)
    return fetch_local(candidate, limits) if kind in ("", "file") else fetch_remote(candidate, limits)


def _once(offers: Iterator[Offer]) -> Iterator[Offer]:
    """Leave out what overlapping sources offer twice; they arrive side by side."""
    last = None
    for offer in offers:
        if offer != last:
            yield offer
        last = offer


def _kind(source: str, limits: SourceSettings) -> Iterator[Offer]:
    """The lister of one source, chosen by its protocol, then by what is there."""
    kind = protocol(source)
    if kind in OPENERS and "::" in source:
        wanted, container = split_member(source)
        inner = container if protocol(container) else local_uri(container)
        return list_archive(inner, wanted, kind, limits)
    if kind == "file":
        literal = source.removeprefix("file://")
        return _local(literal if os.path.lexists(literal) else local_path(source), source, limits)
    if kind:
        if is_archive(source) and not MAGIC.search(source) and is_file(source):
            return list_archive(source, "", archive_protocol(source), limits)
        return list_remote(source, limits)
    return _local(source, source, limits)


def _local(path: str, source: str, limits: SourceSettings) -> Iterator[Offer]:
    if os.path.isdir(path):  # noqa: PTH112 - names that are not UTF-8 stay as they are
        return list_folder(path, limits)
    if os.path.lexists(path):
        return _named(path, limits)
    found = _matches(path) if MAGIC.search(path) else []
    if not found:
        hint = "no file matches it" if MAGIC.search(path) else "there is no such file or folder"
        raise UnavailableError(f"source {source} does not exist: {hint}; check the path")
    return heapq.merge(*(_local(name, source, limits) for name in found), key=lambda offer: offer.uri)


def _matches(pattern: str) -> list[str]:
    """Paths that a pattern names; with ``**`` only files, each once, however many links lead to it."""
    found = sorted(glob.iglob(pattern, recursive=True), key=local_uri)  # noqa: PTH207 - as above
    if "**" not in pattern:
        return found
    files = {os.path.realpath(path): path for path in reversed(found) if not os.path.isdir(path)}  # noqa: PTH112
    return sorted(files.values(), key=local_uri)


def _named(path: str, limits: SourceSettings) -> Iterator[Offer]:
    """A file that was named directly; an archive gives its members once it is settled."""
    if path.lower().endswith(SIDECAR):
        yield Skipped(local_uri(path), "a sidecar, read with its report")
        return
    for offer in list_file(path, limits):
        if isinstance(offer, Candidate) and is_archive(path):
            yield from list_archive(offer.uri, "", archive_protocol(path), limits)
        else:
            yield offer
