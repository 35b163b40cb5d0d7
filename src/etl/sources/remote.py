"""List and read remote stores: whatever fsspec can open, such as ``memory://``, or ``s3://`` with its driver.

Folders are walked one at a time, in the order of URIs. Nothing is added here for a new store: install its
fsspec driver.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from etl.model.errors import TransientError, UnavailableError
from etl.model.report import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.local import check_size, holds_anything, translate_error
from etl.sources.names import (
    MAGIC,
    Offer,
    Skipped,
    join_stamps,
    may_have_sidecar,
    media_type,
    reject,
    sidecar_names,
    why_skip,
)
from etl.sources.sidecar import published_on

# What stores call the mark of a version, the most exact first.
STAMPS = (
    "ETag",
    "etag",
    "md5Hash",
    "version_id",
    "mtime",
    "LastModified",
    "last_modified",
    "updated",
    "created",
)


class StorePath(NamedTuple):
    """A file system of fsspec, a path in it, and the prefix of its URIs where protocols are chained."""

    files: Any
    path: str
    chain: str

    def uri(self, path: str) -> str:
        """Return the URI of a path in the same store."""
        return self.chain + str(self.files.unstrip_protocol(path))


def resolve(url: str) -> StorePath:
    """Find the file system and path that a URL names.

    Raises:
        UnavailableError: the protocol is unknown, its driver is missing, or the address is wrong.
    """
    # Here, because the import costs more than reading a hundred plain texts.
    from fsspec.core import url_to_fs  # noqa: PLC0415

    chain = url.rpartition("::")[0]
    try:
        files, path = url_to_fs(url)
    except (ValueError, ImportError, OSError) as error:
        raise UnavailableError(
            f"source {url} cannot be opened: {error}; check the URL and its driver"
        ) from error
    return StorePath(files, path, chain + "::" if chain else "")


def remote_uri(url: str) -> str:
    """Return the one URI of an object, however its URL was written."""
    place = resolve(url)
    return place.uri(place.path)


def list_remote(url: str, limits: SourceSettings) -> Iterator[Offer]:
    """Yield offers for a URL: for one file, for all files below a folder, or for what a pattern names.

    Raises:
        UnavailableError: nothing is there, or the store does not answer.
    """
    place = resolve(url)
    try:
        if MAGIC.search(place.path) and not place.files.exists(place.path):
            found = sorted(place.files.glob(place.path), key=place.uri)
        else:
            found = [place.path] if place.files.exists(place.path) else []
        if not found:
            raise UnavailableError(f"source {url} does not exist; check the URL")
        for path in found:
            yield from _listed(place, path, limits)
    except OSError as error:
        raise UnavailableError(
            f"source {url} cannot be listed: {error}; check access to the store"
        ) from error


def is_file(url: str) -> bool:
    """Check whether a URL names one file.

    Raises:
        UnavailableError: the URL cannot be resolved (see `resolve`), or the store does not answer.
    """
    place = resolve(url)
    try:
        return bool(place.files.isfile(place.path))
    except OSError as error:
        raise UnavailableError(
            f"source {url} cannot be listed: {error}; check access to the store"
        ) from error


def _listed(place: StorePath, path: str, limits: SourceSettings) -> Iterator[Offer]:
    info = place.files.info(path)
    if info["type"] != "directory":
        extra = next(
            (place.files.info(name) for name in sidecar_names(path) if place.files.exists(name)), None
        )
        yield _candidate(place, info, extra)
        return
    stack = [_contents(place, path, limits)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, str):
            stack.append(_contents(place, item, limits))
        else:
            yield item


def _contents(place: StorePath, folder: str, limits: SourceSettings) -> Iterator[Offer | str]:
    """Yield an offer for each file of a folder, and the path of each folder in it, in the order of URIs."""
    try:
        infos = {info["name"]: info for info in place.files.ls(folder, detail=True)}
    except OSError as error:
        yield reject(
            place.uri(folder), "unreadable", f"{error}; expected a folder; check access to the store"
        )
        return
    own = folder.rstrip("/")
    rows = [(_order(place, info), info) for name, info in infos.items() if name.rstrip("/") != own]
    for _, info in sorted(rows, key=lambda row: row[0]):
        name = info["name"]
        if info["type"] == "directory":
            yield name
        elif why := why_skip(name, limits.suffixes):
            yield Skipped(place.uri(name), why)
        else:
            extra = next((infos[path] for path in sidecar_names(name) if path in infos), None)
            yield _candidate(place, info, extra)


def _order(place: StorePath, info: dict[str, Any]) -> str:
    uri = place.uri(info["name"])
    return uri.rstrip("/") + "/" if info["type"] == "directory" else uri


def _candidate(place: StorePath, info: dict[str, Any], sidecar: dict[str, Any] | None) -> Candidate:
    uri = place.uri(info["name"])
    modified = join_stamps(_version(info), None if sidecar is None else _version(sidecar) or "sidecar")
    return Candidate(uri, media_type(uri), info.get("size"), modified)


def _version(info: dict[str, Any]) -> str | None:
    """Return a file's version mark, equal in a listing and in a look at the file; None where it has none."""
    value = next((info[name] for name in STAMPS if info.get(name) is not None), None)
    if isinstance(value, datetime):
        return repr(value.timestamp())
    return None if value is None else str(value).strip('"').replace("+", "-")


def fetch_remote(candidate: Candidate, limits: SourceSettings) -> RawReport:
    """Read the bytes of a file in a store, and the day that its sidecar gives.

    Raises:
        RejectError: ``vanished``, ``unreadable``, ``too large`` or ``sidecar``.
        TransientError: the store failed.
    """
    try:
        place = resolve(candidate.uri)
    except UnavailableError as error:
        raise TransientError(str(error)) from error
    try:
        payload = _load(place, place.path, limits.max_bytes + 1)
    except OSError as error:
        raise translate_error(candidate.uri, error) from error
    if payload is None:
        raise translate_error(candidate.uri, FileNotFoundError(place.path))
    check_size(len(payload), limits.max_bytes)
    day = _day(place, candidate) if may_have_sidecar(candidate) else None
    return RawReport(candidate.uri, candidate.media_type, payload, day, len(payload), candidate.modified)


def has_remote(uri: str) -> bool:
    """Check whether a store has anything at a URL; what access rights hide counts as there.

    Raises:
        TransientError: the store failed.
    """
    try:
        place = resolve(uri)
    except UnavailableError as error:
        raise TransientError(str(error)) from error
    return holds_anything(uri, lambda: place.files.info(place.path))


def _day(place: StorePath, candidate: Candidate) -> date | None:
    try:
        return published_on(place.path, lambda path, limit: _load(place, path, limit))
    except OSError as error:
        raise translate_error(candidate.uri, error) from error


def _load(place: StorePath, path: str, limit: int) -> bytes | None:
    try:
        with place.files.open(path, "rb") as file:
            return bytes(file.read(limit))
    except FileNotFoundError:
        return None
