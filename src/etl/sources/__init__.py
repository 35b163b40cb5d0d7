"""Where reports come from: files, folders, patterns, archives, and any store that fsspec opens.

`list_candidates` offers, `fetch` reads, `exists` looks whether anything is there; none knows text. A new kind
of source is a module here, a branch in `_kind`, and one in `fetch` and `exists`.
"""

import glob
import heapq
import os
from collections.abc import Iterator, Sequence
from itertools import chain

from etl.errors import UnavailableError
from etl.model import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import OPENERS, archive_protocol, fetch_member, has_member, list_archive
from etl.sources.local import (
    LEADS_OUT,
    fetch_local,
    has_file,
    leads_out,
    list_file,
    list_folder,
    real_folder,
)
from etl.sources.names import (
    MAGIC,
    Offer,
    Skipped,
    is_archive,
    is_sidecar,
    local_path,
    local_uri,
    media_type,
    order,
    protocol,
    refuse_passwords,
    reject,
    split_member,
)
from etl.sources.remote import fetch_remote, has_remote, is_file, list_remote, resolve

__all__ = ["PASSING", "Offer", "Skipped", "exists", "fetch", "list_candidates", "local_uri", "media_type"]

# Reasons of a RejectError that say nothing against the report: the next run finds it again, or not.
PASSING = frozenset(("vanished", "changing"))


def list_candidates(sources: Sequence[str], limits: SourceSettings) -> Iterator[Offer]:
    """Everything that the sources offer, each URI once, in the order of their places.

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
    streams = [_kind(source, limits) for source in dict.fromkeys(sources)]
    return _once(heapq.merge(*streams, key=_order))


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


def exists(uri: str, limits: SourceSettings) -> bool:
    """Whether anything is at a place; no report is opened. What may not be read is there.

    Raises:
        TransientError: the disk, share or store does not say.
    """
    kind = protocol(uri)
    if kind in OPENERS:
        return has_member(uri, limits)
    return has_file(uri) if kind in ("", "file") else has_remote(uri)


def _order(offer: Offer) -> tuple[str, str]:
    return order(offer.uri)


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
        return list_archive(_container(container), wanted, kind, limits)
    if kind == "file":
        return _local(_literal(source), source, limits)
    if kind:
        if is_archive(source) and not MAGIC.search(source) and is_file(source):
            return list_archive(_container(source), "", archive_protocol(source), limits)
        return _unpacked(list_remote(source, limits), limits)
    return _local(source, source, limits)


def _literal(uri: str) -> str:
    """The path of a ``file://`` URI as it was typed, or as this package writes it."""
    path = uri.removeprefix("file://")
    return path if os.path.lexists(path) else local_path(uri)


def _container(source: str) -> str:
    """The one URI of an archive, however it was named."""
    if protocol(source) in ("", "file"):
        return local_uri(_literal(source))
    place = resolve(source)
    return place.uri(place.path)


def _local(path: str, source: str, limits: SourceSettings) -> Iterator[Offer]:
    if os.path.isdir(path):  # noqa: PTH112 - names that are not UTF-8 stay as they are
        return _unpacked(list_folder(path, limits), limits)
    if os.path.lexists(path):
        return _named(path, limits)
    if "**" in path.split("/"):
        return _deep(path, source, limits)
    found = glob.glob(path) if MAGIC.search(path) else []  # noqa: PTH207 - as above
    if not found:
        raise _missing(source)
    # Without two stars a match cannot be named twice, so a merge of the matches is in order.
    within = real_folder(_root(path)[0])
    return heapq.merge(*(_matched(name, within, limits) for name in found), key=_order)


def _matched(path: str, within: str, limits: SourceSettings) -> Iterator[Offer]:
    """What a pattern without ``**`` has named, unless a link leads to it out of the pattern's folder."""
    if not limits.follow_links and leads_out(path, within):
        return iter((Skipped(local_uri(path), LEADS_OUT),))
    if os.path.isdir(path):  # noqa: PTH112 - as above
        return _unpacked(list_folder(path, limits, within=within), limits)
    return _named(path, limits)


def _root(path: str) -> tuple[str, list[str]]:
    """The folder where a pattern begins, and its parts from there."""
    parts = path.split("/")
    start = next(number for number, part in enumerate(parts) if MAGIC.search(part))
    return "/".join(parts[:start]) or ("/" if path.startswith("/") else "."), parts[start:]


def _deep(path: str, source: str, limits: SourceSettings) -> Iterator[Offer]:
    """What a pattern with ``**`` names, links followed no further than a folder's are."""
    root, pattern = _root(path)
    offers = list_folder(root, limits, pattern)
    first = next(offers, None) if os.path.isdir(root) else None  # noqa: PTH112 - as above
    if first is None:
        raise _missing(source)
    return _unpacked(chain((first,), offers), limits)


def _unpacked(offers: Iterator[Offer], limits: SourceSettings) -> Iterator[Offer]:
    """What was found in a folder, with the members of each archive in its place."""
    for offer in offers:
        if not (isinstance(offer, Candidate) and is_archive(offer.uri)):
            yield offer
            continue
        try:
            yield from list_archive(offer.uri, "", archive_protocol(offer.uri), limits)
        except UnavailableError as error:
            yield reject(offer.uri, "unreadable", str(error))


def _missing(source: str) -> UnavailableError:
    hint = "no file matches it" if MAGIC.search(source) else "there is no such file or folder"
    return UnavailableError(f"source {source} does not exist: {hint}; check the path")


def _named(path: str, limits: SourceSettings) -> Iterator[Offer]:
    """A file that was named directly; an archive gives its members once it is settled."""
    if is_sidecar(path):
        yield Skipped(local_uri(path), "a sidecar, read with its report")
        return
    for offer in list_file(path, limits):
        if isinstance(offer, Candidate) and is_archive(path):
            yield from list_archive(offer.uri, "", archive_protocol(path), limits)
        else:
            yield offer
