"""Open tar archives, plain or packed by gzip, bzip2 or xz.

A packed archive is unpacked once, as a whole, into a file without a name, so that its members can be
read in any order and by many threads. A new packing is one line in `_opener`.
"""

import bz2
import gzip
import lzma
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import IO, BinaryIO

from etl.model.errors import quoted
from etl.settings import SourceSettings
from etl.sources.members import (
    RATIO_FROM,
    Archive,
    Member,
    damage_error,
    decode_name,
    over_limit,
    rejecting_damage,
)

BLOCK = 1 << 20
HEADER = 512


def open_tar(file: BinaryIO, limits: SourceSettings) -> Archive:
    """List the members of a tar archive; unpack it to a temporary file to read them, and close ``file``.

    Raises:
        RejectError: ``archive`` when it is broken, ``archive limit`` when it holds too much.
    """
    with rejecting_damage():
        with file:
            flat = _unpacked(file, limits)
        members = _members(flat, limits)
    return Archive({member.name: member for member in members}, partial(_read, flat))


def _unpacked(file: BinaryIO, limits: SourceSettings) -> IO[bytes]:
    """Write the whole archive, unpacked, to a temporary file without a name; refuse one over the limits."""
    packed = file.seek(0, 2)
    file.seek(0)
    start = file.read(6)
    file.seek(0)
    with ExitStack() as closing:
        flat = closing.enter_context(tempfile.TemporaryFile())
        for total, block in _blocks(_opener(start, file)):
            if total > limits.max_unpacked_bytes:
                raise over_limit(
                    f"more than {total - len(block)} bytes unpacked", f"{limits.max_unpacked_bytes}"
                )
            if total > RATIO_FROM and total > packed * limits.max_ratio:
                raise over_limit(
                    f"{packed} bytes that unpack to {total} and more", f"{limits.max_ratio} times"
                )
            flat.write(block)
        flat.flush()
        closing.pop_all()  # it lives as long as the archive is kept open
    return flat


def _opener(start: bytes, file: BinaryIO) -> IO[bytes] | gzip.GzipFile:
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if start.startswith(b"BZh"):
        return bz2.BZ2File(file)
    return lzma.LZMAFile(file) if start.startswith(b"\xfd7zXZ") else file


def _blocks(stream: IO[bytes] | gzip.GzipFile) -> Iterator[tuple[int, bytes]]:
    """Yield the blocks of a stream, each with the number of bytes read so far."""
    total = 0
    while block := stream.read(BLOCK):
        total += len(block)
        yield total, block


def _members(flat: IO[bytes], limits: SourceSettings) -> list[Member]:
    flat.seek(0)
    members: list[Member] = []
    # Names come as the bytes they are; surrogates stand for those that are not UTF-8.
    with tarfile.TarFile(fileobj=flat, mode="r", encoding="utf-8", errors="surrogateescape") as archive:
        for info in archive:
            if not info.isdir():
                members.append(_member(info, flat))
            if len(members) > limits.max_members:
                raise over_limit(f"more than {limits.max_members} members", "that many (source.max_members)")
            archive.members = []  # type: ignore[attr-defined] # tarfile would keep every header
        _check_end(flat, archive.offset)  # where it found no further header
    return members


def _check_end(flat: IO[bytes], offset: int) -> None:
    """Refuse an archive whose headers end in bytes that are no header, or without the zero block of an end.

    `tarfile` takes either for the end: members behind a damaged header would be missing silently.
    """
    block = os.pread(flat.fileno(), HEADER, offset)
    if len(block) < HEADER:
        raise tarfile.ReadError("it has no end; it is cut short" if offset else "it is empty")
    if any(block):
        raise tarfile.ReadError(f"the header at byte {offset} is damaged; members behind it cannot be found")


def _member(info: tarfile.TarInfo, flat: IO[bytes]) -> Member:
    why = ""
    if info.issym() or info.islnk():
        why = f"a link to {quoted(info.linkname)} within an archive"
    elif not info.isreg() or info.issparse():
        why = "a device, pipe or sparse file within an archive"
    name = decode_name(info.name.encode("utf-8", "surrogateescape")).removeprefix("./")
    version = "" if why else f"{_checksum(flat, info.offset_data, info.size):08x}"
    return Member(name, (info.offset_data, info.size), info.size, version, why)


def _checksum(flat: IO[bytes], offset: int, size: int) -> int:
    """Return the CRC-32 of a member's bytes, as a zip archive declares it; mtimes in a tar say little."""
    value, end = 0, offset + size
    while offset < end and (block := os.pread(flat.fileno(), min(BLOCK, end - offset), offset)):
        value = zlib.crc32(block, value)
        offset += len(block)
    return value


def _read(flat: IO[bytes], member: Member, limit: int) -> bytes:
    """Read at most ``limit`` bytes of a member, by offset, so that threads do not disturb each other."""
    match member.key:
        case (int(offset), int(size)):
            payload = os.pread(flat.fileno(), min(size, limit), offset)
        case _:
            raise TypeError(member.key)
    if len(payload) < min(size, limit):
        raise damage_error(f"{quoted(member.name)}: it is cut short")
    return payload
