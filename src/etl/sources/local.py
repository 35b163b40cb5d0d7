"""List local files and folders lazily, in the order of their URIs, and open a file only to fetch it.

Listing looks at names, never at contents. Only regular files are opened, so that a pipe cannot block a run.
`names.why_skip` decides what a folder leaves out.
"""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import BinaryIO, NamedTuple

from etl.model.errors import RejectError, TransientError
from etl.model.report import Candidate, RawReport
from etl.settings import SourceSettings
from etl.sources.names import (
    Offer,
    Skipped,
    is_sidecar,
    join_stamps,
    local_path,
    local_uri,
    may_have_sidecar,
    media_type,
    reject,
    sidecar_names,
    why_skip,
)
from etl.sources.sidecar import published_on

# Without O_NONBLOCK, opening a pipe that took the place of a file would wait for ever.
OPEN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK

# Errors of a path that trying again cannot heal.
HOPELESS = frozenset((errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.ENXIO))


LEADS_OUT = "a link that leads out of the folder; set source.follow_links to follow such ones"


class Identity(NamedTuple):
    """The device and inode of a folder, which are the same under each of its names."""

    device: int
    inode: int


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A name found in a folder, with its URI and whether it is a folder or a link."""

    path: str
    uri: str
    is_folder: bool
    is_link: bool


def list_file(path: str, limits: SourceSettings) -> Iterator[Offer]:
    """Yield the offer of a file that was named directly; its suffix does not matter."""
    uri = local_uri(path)
    there = (name for name in sidecar_names(path) if os.path.exists(name))  # noqa: PTH110
    beside = {os.path.basename(name) for name in there if not _strays(name, limits)}  # noqa: PTH119
    yield _offer(FolderEntry(path, uri, is_folder=False, is_link=False), beside, limits)


def list_folder(
    path: str, limits: SourceSettings, pattern: Sequence[str] = (), within: str = ""
) -> Iterator[Offer]:
    """Yield offers below a folder: candidates for known suffixes and archives, else Skipped or Rejected.

    With a ``pattern`` (names and ``**``, one for each level) yield only files that match it, whatever their
    suffix. A link that leads out of the folder (or of ``within``, where that is given) is followed only where
    the settings allow it, and no folder is read twice because of links; files behind a link keep the name
    that leads through it. At any time the names of one folder for each level are held in memory.
    """
    root = os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps ".."
    inside = real_folder(root)
    sift = Sift(limits, len(root.rstrip("/")) + 1, pattern, within or inside)
    visited = {_identity(root)}
    stack = [_contents(root, sift)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif not isinstance(item, FolderEntry):
            yield item
        elif sift.strays(item):
            yield Skipped(item.uri, LEADS_OUT)
        elif not item.is_link or not _seen(item.path, inside, visited):
            stack.append(_contents(item.path, sift))
        elif not pattern:
            yield Skipped(item.uri, "a link to a folder that is read under another name")


@dataclass(frozen=True, slots=True)
class Sift:
    """The choice among a folder's files: by known suffix or pattern, and how far links are followed."""

    limits: SourceSettings
    root_length: int
    pattern: Sequence[str]
    within: str

    def strays(self, entry: FolderEntry) -> bool:
        """Check whether an entry is a link that leads out of ``within`` and may not be followed."""
        return entry.is_link and not self.limits.follow_links and leads_out(entry.path, self.within)

    def offers(self, entry: FolderEntry, beside: set[str]) -> Iterator[Offer]:
        """Yield the offer of one file; none where a pattern is given that does not match it.

        ``beside`` holds the names in the same folder that may be sidecars.
        """
        if self.pattern and not matches_pattern(entry.path[self.root_length :].split("/"), self.pattern):
            return
        if self.strays(entry):
            yield Skipped(entry.uri, LEADS_OUT)
        elif self.pattern and not is_sidecar(entry.path):
            yield _offer(entry, beside, self.limits)
        elif why := why_skip(entry.path, self.limits.suffixes):
            yield Skipped(entry.uri, why)
        else:
            yield _offer(entry, beside, self.limits)


def matches_pattern(names: Sequence[str], pattern: Sequence[str]) -> bool:
    """Check whether the parts of a path match those of a pattern; ``**`` stands for any number of folders.

    As in a shell, hidden names fit only what begins with a dot.

    >>> matches_pattern(["a", "b", "c.txt"], ["**", "*.txt"])
    True
    """
    if not pattern:
        return not names
    if pattern[0] == "**":
        shown = next((at for at, name in enumerate(names) if name.startswith(".")), len(names))
        return any(matches_pattern(names[start:], pattern[1:]) for start in range(shown + 1))
    if not names or (names[0].startswith(".") and not pattern[0].startswith(".")):
        return False
    return fnmatchcase(names[0], pattern[0]) and matches_pattern(names[1:], pattern[1:])


def real_folder(path: str) -> str:
    """Return a folder's path with its links resolved and a slash at its end, as `leads_out` expects it."""
    return os.path.join(os.path.realpath(path), "")  # noqa: PTH118 - names that are not UTF-8 stay as they are


def leads_out(path: str, within: str) -> bool:
    """Check whether a path exists and, with its links resolved, lies outside the folder ``within``."""
    return os.path.exists(path) and not real_folder(path).startswith(within)  # noqa: PTH110 - as above


def _strays(sidecar: str, limits: SourceSettings) -> bool:
    """Check whether a sidecar is a link that leads out of its folder and may not be followed."""
    if limits.follow_links or not os.path.islink(sidecar):  # noqa: PTH114 - as above
        return False
    return leads_out(sidecar, real_folder(os.path.dirname(sidecar)))  # noqa: PTH120 - as above


def _seen(path: str, inside: str, visited: set[Identity | None]) -> bool:
    """Check whether a linked folder is visited or lies inside the listed one; if not, mark it visited."""
    identity = _identity(path)
    if identity in visited or real_folder(path).startswith(inside):
        return True
    visited.add(identity)
    return False


def _identity(path: str) -> Identity | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - names that are not UTF-8 stay as they are
    except OSError:
        return None
    return Identity(found.st_dev, found.st_ino)


def _contents(folder: str, sift: Sift) -> Iterator[FolderEntry | Offer]:
    """Yield a FolderEntry for each folder in a folder, and offers for each file, by their URIs."""
    try:
        with os.scandir(folder) as found:
            entries = [_entry(item) for item in found]
    except OSError as error:
        yield reject(local_uri(folder), "unreadable", _unreadable(error))
        return
    # A folder sorts as its name with a slash: so its files come where their URIs belong.
    entries.sort(key=lambda entry: entry.uri + "/" if entry.is_folder else entry.uri)
    sidecar_like = (entry.path for entry in entries if entry.path.endswith(".json"))
    names = {os.path.basename(path) for path in sidecar_like if not _strays(path, sift.limits)}  # noqa: PTH119
    for entry in entries:
        if entry.is_folder:
            yield entry
        else:
            yield from sift.offers(entry, names)


def _entry(item: os.DirEntry[str]) -> FolderEntry:
    try:
        is_folder = item.is_dir()
    except OSError:  # a link to itself; the file's own stat says so again
        is_folder = False
    return FolderEntry(item.path, local_uri(item.path), is_folder, item.is_symlink())


def _offer(entry: FolderEntry, beside: set[str], limits: SourceSettings) -> Offer:
    """Return the candidate of a file, or why it is none.

    ``beside`` holds the names in the same folder that may be sidecars. A pipe, socket or device and a file
    younger than ``source.settle_seconds`` are Skipped; a file whose state cannot be read is Rejected.
    """
    try:
        found = os.stat(entry.path)  # noqa: PTH116 - names that are not UTF-8 stay as they are
        sidecar = next((s for s in sidecar_names(entry.path) if os.path.basename(s) in beside), None)  # noqa: PTH119
        extra = os.stat(sidecar).st_mtime_ns if sidecar else None  # noqa: PTH116
    except OSError as error:
        return reject(entry.uri, "unreadable", _unreadable(error))
    if not stat.S_ISREG(found.st_mode):
        return Skipped(entry.uri, "a pipe, socket or device, not a file")
    if time.time() - found.st_mtime < limits.settle_seconds:
        return Skipped(entry.uri, "still being written; left for the next run")
    modified = join_stamps(found.st_mtime_ns, extra)
    return Candidate(entry.uri, media_type(entry.uri), found.st_size, modified)


def fetch_local(candidate: Candidate, limits: SourceSettings) -> RawReport:
    """Read the bytes of a local file, and the day that its sidecar gives.

    Raises:
        RejectError: ``vanished``, ``changing``, ``unreadable``, ``too large`` or ``sidecar``.
        TransientError: the disk or share failed.
    """
    path = local_path(candidate.uri)
    try:
        payload, modified = _read(path, limits.max_bytes)
    except OSError as error:
        raise translate_error(candidate.uri, error) from error
    own, _, extra = (candidate.modified or "").partition("+")
    if own and (candidate.size, own) != (len(payload), str(modified)):
        raise _changing("since it was listed")
    day = published_on(path, partial(_load, limits)) if may_have_sidecar(candidate) else None
    mark = join_stamps(modified, extra or None)
    return RawReport(candidate.uri, candidate.media_type, payload, day, len(payload), mark)


def has_file(uri: str) -> bool:
    """Check whether anything lies at the path of a ``file://`` URI; what access rights hide counts as there.

    Raises:
        TransientError: the disk or share failed.
    """
    return holds_anything(uri, lambda: os.stat(local_path(uri)))  # noqa: PTH116 - names that are not UTF-8 stay as they are


def holds_anything(uri: str, look: Callable[[], object]) -> bool:
    """Check whether ``look`` finds anything at a URI; True too where access is denied.

    Raises:
        TransientError: ``look`` failed in a way that may pass.
    """
    try:
        look()
    except OSError as error:
        why = translate_error(uri, error)
        if isinstance(why, TransientError):
            raise why from error
        return why.reason != "vanished"
    return True


def _read(path: str, limit: int) -> tuple[bytes, int]:
    """Return the bytes and the mtime (in ns) of a file; refuse one that changed while it was read."""
    with open_regular(path) as file:
        before = os.fstat(file.fileno())
        check_size(before.st_size, limit)
        payload = file.read(limit + 1)
        after = os.fstat(file.fileno())
    check_size(len(payload), limit)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        payload
    ) != after.st_size:
        raise _changing("while it was read")
    return payload, after.st_mtime_ns


def _changing(when: str) -> RejectError:
    message = f"found a file that changed {when}, so it is being written; it is left for the next run"
    return RejectError("source", "changing", message)


def _load(limits: SourceSettings, path: str, limit: int) -> bytes | None:
    if _strays(path, limits):
        return None
    try:
        with open_regular(path) as file:
            return file.read(limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RejectError("source", "sidecar", f"its sidecar: {_unreadable(error)}") from error


def open_regular(path: str) -> BinaryIO:
    """Open a regular file for reading; refuse folders, pipes, sockets and devices.

    Raises:
        OSError: as the system says; IsADirectoryError also for pipes and devices.
    """
    number = os.open(path, OPEN_FLAGS)
    if stat.S_ISREG(os.fstat(number).st_mode):
        return os.fdopen(number, "rb")
    os.close(number)
    raise IsADirectoryError(errno.EISDIR, "Is a folder, pipe or device", path)


def check_size(size: int, limit: int) -> None:
    """Refuse a report of more than ``limit`` bytes, which is setting ``source.max_bytes``.

    Raises:
        RejectError: ``too large``.
    """
    if size > limit:
        raise RejectError(
            "source",
            "too large",
            f"found {size} bytes or more, allowed are {limit}; split the report or raise source.max_bytes",
        )


def translate_error(uri: str, error: OSError) -> RejectError | TransientError:
    """Translate an error of the system into a rejection or a transient error of the report at ``uri``."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return RejectError(
            "source", "vanished", "it was listed and is gone; it is read when it is back, or may be dropped"
        )
    if isinstance(error, PermissionError | IsADirectoryError) or error.errno in HOPELESS:
        return RejectError("source", "unreadable", _unreadable(error))
    return TransientError(f"{uri} could not be read ({_unreadable(error)}); it is tried again")


def _unreadable(error: OSError) -> str:
    return f"{error.strerror or error}; expected a file that may be read; check its permissions and links"


def literal_path(uri: str) -> str:
    """Return the path of a ``file://`` URI: as typed if a file has that name, else percent-decoded."""
    path = uri.removeprefix("file://")
    return path if os.path.lexists(path) else local_path(uri)
