"""Serve local files, folders and patterns, named by a path or a ``file://`` URI."""

import glob
import heapq
import os
from collections.abc import Iterator
from itertools import chain

from etl.model.errors import UnavailableError
from etl.model.report import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.archive import archive_protocol, expand_archives, list_archive
from etl.sources.local import (
    LEADS_OUT,
    fetch_local,
    has_file,
    leads_out,
    list_file,
    list_folder,
    literal_path,
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
    protocol,
    sort_key,
)
from etl.sources.source import Scope, UriRange, folder_scope, pattern_scope


class LocalSource:
    """Files of this machine and of what is mounted on it."""

    def list(self, source: str, limits: SourceSettings) -> Iterator[Offer]:
        """Yield offers for a file, a folder's files, or a pattern's matches; an archive gives its members."""
        return _listed(literal_path(source) if protocol(source) else source, source, limits)

    def fetch(self, candidate: Candidate, limits: SourceSettings) -> RawReport:
        """Read the bytes of a file, and the day that its sidecar gives."""
        return fetch_local(candidate, limits)

    def exists(self, uri: str, limits: SourceSettings) -> bool:
        """Check whether anything lies at the path; what access rights hide counts as there."""
        del limits
        return has_file(uri)

    def scope(self, source: str) -> Scope:
        """Return the URIs that may lie in a folder, pattern or archive; none for a single file."""
        path = local_path(source) if protocol(source) else source
        magic = MAGIC.search(path)
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises when a disk fails, and then nothing is known
            return folder_scope(local_uri(path.rstrip("/") or "/") + "/")
        if magic:
            return pattern_scope(local_uri(path[: magic.start()].rpartition("/")[0] or ".") + "/", path)
        if not is_archive(path):
            return ()
        return (UriRange(f"{archive_protocol(path)}://", local_uri(path), exact=True),)


def _listed(path: str, source: str, limits: SourceSettings) -> Iterator[Offer]:
    if os.path.isdir(path):  # noqa: PTH112 - names that are not UTF-8 stay as they are
        return expand_archives(list_folder(path, limits), limits)
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
    """Yield offers for one match of a pattern without ``**``; Skipped if a link leads out of ``within``."""
    if not limits.follow_links and leads_out(path, within):
        return iter((Skipped(local_uri(path), LEADS_OUT),))
    if os.path.isdir(path):  # noqa: PTH112 - as above
        return expand_archives(list_folder(path, limits, within=within), limits)
    return _named(path, limits)


def _root(path: str) -> tuple[str, list[str]]:
    """Split a pattern into the folder before its first wildcard and the parts from there on."""
    parts = path.split("/")
    start = next(number for number, part in enumerate(parts) if MAGIC.search(part))
    return "/".join(parts[:start]) or ("/" if path.startswith("/") else "."), parts[start:]


def _deep(path: str, source: str, limits: SourceSettings) -> Iterator[Offer]:
    """Yield offers for what a pattern with ``**`` names; links are followed as far as those of a folder."""
    root, pattern = _root(path)
    offers = list_folder(root, limits, pattern)
    first = next(offers, None) if os.path.isdir(root) else None  # noqa: PTH112 - as above
    if first is None:
        raise _missing(source)
    return expand_archives(chain((first,), offers), limits)


def _missing(source: str) -> UnavailableError:
    hint = "no file matches it" if MAGIC.search(source) else "there is no such file or folder"
    return UnavailableError(f"source {source} does not exist: {hint}; check the path")


def _named(path: str, limits: SourceSettings) -> Iterator[Offer]:
    """Yield offers for a file that was named directly; an archive gives its members once fully written."""
    if is_sidecar(path):
        yield Skipped(local_uri(path), "a sidecar, read with its report")
        return
    for offer in list_file(path, limits):
        if isinstance(offer, Candidate) and is_archive(path):
            yield from list_archive(offer.uri, "", archive_protocol(path), limits)
        else:
            yield offer


def _order(offer: Offer) -> tuple[str, str]:
    return sort_key(offer.uri)
