"""Offer members of archives as reports, named ``zip://member::container``; unpack none to disk by name.

An archive is opened once a process and its members are read from it at random; what it may hold is
bounded by the settings. A new kind of archive is a module with an opener, entered in `OPENERS`.
"""

import os
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import BinaryIO

from etl.model.errors import RejectError, TransientError, UnavailableError, quoted
from etl.model.report import Candidate, RawReport, Rejected
from etl.settings import SourceSettings
from etl.sources.local import check_size, open_regular, translate_error
from etl.sources.members import Archive, Member
from etl.sources.names import (
    MAGIC,
    Offer,
    Skipped,
    is_archive,
    is_sidecar,
    join_stamps,
    local_path,
    may_have_sidecar,
    media_type,
    member_uri,
    protocol,
    reject,
    sidecar_names,
    sort_key,
    split_member,
    why_skip,
)
from etl.sources.remote import resolve
from etl.sources.sidecar import published_on
from etl.sources.tars import open_tar
from etl.sources.zips import open_zip

OPENERS: dict[str, Callable[[BinaryIO, SourceSettings], Archive]] = {"zip": open_zip, "tar": open_tar}
# Open archives kept by a process: as many as its threads are likely to read from at once.
KEPT = 4

_UNSAFE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:")


def archive_protocol(name: str) -> str:
    """Return the key in `OPENERS`, ``zip`` or ``tar``, that the suffix of an archive's name asks for."""
    return "zip" if name.lower().endswith(".zip") else "tar"


def list_archive(uri: str, wanted: str, kind: str, limits: SourceSettings) -> Iterator[Offer]:
    """Yield an offer for each wanted member of the archive at ``uri``; one Rejected for a broken archive.

    Args:
        uri: URI of the container.
        wanted: a member's name, which is always tried, a folder, or a pattern; empty for all.
        kind: ``zip`` or ``tar``.
        limits: what an archive may hold.

    Raises:
        UnavailableError: no member has the name or matches the pattern.
    """
    try:
        archive = _opened(uri, kind, limits)
    except RejectError as error:
        yield reject(uri, error.reason, str(error))
        return
    except TransientError as error:
        raise UnavailableError(str(error)) from error
    named = archive.members.get(wanted)
    if named is not None:
        yield _offer(archive, named, member_uri(kind, named.name, uri))
        return
    chosen = [member for name, member in archive.members.items() if _chosen(name, wanted)]
    if wanted and not chosen:
        raise UnavailableError(f"source {uri} has no member {wanted}; list the archive to see its names")
    named_by = {member_uri(kind, member.name, uri): member for member in chosen}
    for address in sorted(named_by, key=sort_key):
        yield _sifted(archive, named_by[address], address, limits)


def expand_archives(offers: Iterator[Offer], limits: SourceSettings) -> Iterator[Offer]:
    """Yield the offers of a folder, with each archive among them replaced by the offers of its members."""
    for offer in offers:
        if not (isinstance(offer, Candidate) and is_archive(offer.uri)):
            yield offer
            continue
        try:
            yield from list_archive(offer.uri, "", archive_protocol(offer.uri), limits)
        except UnavailableError as error:
            yield reject(offer.uri, "unreadable", str(error))


def _chosen(name: str, wanted: str) -> bool:
    if not wanted:
        return True
    if MAGIC.search(wanted):
        return fnmatchcase(name, wanted)
    return name.startswith(wanted.rstrip("/") + "/")


def _sifted(archive: Archive, member: Member, uri: str, limits: SourceSettings) -> Offer:
    """Return a member as a candidate, as skipped with the reason, or as rejected, going by its name."""
    if why := member.why_skip or why_skip(member.name, limits.suffixes, opens=False):
        return Skipped(uri, why)
    return _offer(archive, member, uri)


def _offer(archive: Archive, member: Member, uri: str) -> Candidate | Skipped | Rejected:
    if is_sidecar(member.name):
        return Skipped(uri, why_skip(member.name, ()))
    if _UNSAFE.search(member.name):
        message = (
            f"found a member named {quoted(member.name)}, expected a path within the archive; pack it again"
        )
        return reject(uri, "unsafe name", message)
    if member.refusal:
        return reject(uri, "archive", f"{member.refusal}; pack the archive again")
    extra = next(
        (archive.members[name] for name in sidecar_names(member.name) if name in archive.members), None
    )
    modified = join_stamps(member.version, extra and extra.version)
    return Candidate(uri, media_type(member.name), member.size, modified)


def fetch_member(candidate: Candidate, limits: SourceSettings) -> RawReport:
    """Read the bytes of an archive's member, and the day that its sidecar in the archive gives.

    Raises:
        RejectError: ``archive``, ``archive limit``, ``vanished``, ``too large`` or ``sidecar``.
        TransientError: the disk or store of the archive failed.
    """
    name, container = split_member(candidate.uri)
    archive = _opened(container, protocol(candidate.uri), limits)
    try:
        payload = _load(archive, name, limits.max_bytes + 1)
    except OSError as error:
        raise translate_error(candidate.uri, error) from error
    if payload is None:
        raise translate_error(candidate.uri, FileNotFoundError(name))
    check_size(len(payload), limits.max_bytes)
    day = None
    if may_have_sidecar(candidate):
        day = published_on(name, lambda path, limit: _load(archive, path, limit))
    return RawReport(candidate.uri, candidate.media_type, payload, day, len(payload), candidate.modified)


def has_member(uri: str, limits: SourceSettings) -> bool:
    """Check whether an archive has a member of this name; True too for an archive that cannot be opened.

    Raises:
        TransientError: the disk or store of the archive failed.
    """
    name, container = split_member(uri)
    try:
        archive = _opened(container, protocol(uri), limits)
    except RejectError as error:
        return error.reason != "vanished"
    except UnavailableError as error:
        raise TransientError(str(error)) from error
    return name in archive.members


def _load(archive: Archive, name: str, limit: int) -> bytes | None:
    member = archive.members.get(name)
    if member is None:
        return None
    if member.refusal:
        raise RejectError("source", "archive", f"{member.refusal}; pack the archive again")
    return archive.read(member, limit)


def _opened(uri: str, kind: str, limits: SourceSettings) -> Archive:
    """Open an archive, or return the one that this process holds open of the same version.

    Raises:
        RejectError: ``archive``, ``archive limit``, ``vanished`` or ``unreadable``.
        TransientError: the disk or store failed.
    """
    try:
        # A forked worker must not share the place in the file with its parent, hence the pid.
        return _open(uri, kind, limits, _version(uri), os.getpid())
    except OSError as error:
        raise translate_error(uri, error) from error


@lru_cache(maxsize=KEPT)
def _open(uri: str, kind: str, limits: SourceSettings, version: str, process: int) -> Archive:
    del version, process  # part of the key
    return OPENERS[kind](_container(uri), limits)


def _version(uri: str) -> str:
    if protocol(uri) == "file":
        found = os.stat(local_path(uri))  # noqa: PTH116 - names that are not UTF-8 stay as they are
        return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}"
    place = resolve(uri)
    return repr(sorted((key, str(value)) for key, value in place.files.info(place.path).items()))


def _container(uri: str) -> BinaryIO:
    if protocol(uri) == "file":
        return open_regular(local_path(uri))
    place = resolve(uri)
    file: BinaryIO = place.files.open(place.path, "rb")
    return file
