"""Open zip archives, with the names that Chinese Windows writes in GBK.

What the directory declares is checked before a byte is unpacked, and no more than declared is read.
"""

import struct
import zipfile
from contextlib import ExitStack
from functools import partial
from typing import BinaryIO

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

UTF8_NAME = 0x800
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
LINK = 0o120000
FILE_TYPE = 0o170000
# Bytes of the directory for each member, with a generous name.
DIRECTORY_ENTRY = 600
END = b"PK\x05\x06"
END64 = b"PK\x06\x06"
END_SIZE = 22
END64_SIZE = 56
# The end counts members in two bytes; its greatest number says that it does not.
COUNTED = 0x10000
# The longest comment, the end record and the records of zip64 before it.
TAIL = 65_535 + END_SIZE + 20 + END64_SIZE


def open_zip(file: BinaryIO, limits: SourceSettings) -> Archive:
    """List the members of a zip archive and keep the file open to read them.

    Raises:
        RejectError: ``archive`` when it is broken, ``archive limit`` when it holds too much.
    """
    with ExitStack() as closing, rejecting_damage():
        closing.enter_context(file)
        declared = _check_directory(file, limits)
        opened = zipfile.ZipFile(file)
        found = opened.infolist()
        if declared is not None and len(found) != declared:
            raise damage_error(f"it says that it has {declared} members, its directory names {len(found)}")
        infos = [info for info in found if not info.is_dir()]
        _check_limits(infos, limits)
        members = {member.name: member for member in map(_member, infos)}
        closing.pop_all()
    return Archive(members, partial(_read, opened))


def _check_directory(file: BinaryIO, limits: SourceSettings) -> int | None:
    """Refuse a directory too large to hold in memory, before it is read.

    Return how many members the end record declares; None where it cannot say because there are too many.
    """
    size = file.seek(0, 2)
    start = max(0, size - TAIL)
    file.seek(start)
    tail = file.read(TAIL)
    at, at64 = tail.rfind(END), tail.rfind(END64)
    if at < 0 or len(tail) < at + END_SIZE:
        raise zipfile.BadZipFile("no end of its directory; the file is cut short or no zip")
    declared, length = struct.unpack_from("<HL", tail, at + 10)
    if 0 <= at64 < at and len(tail) >= at64 + END64_SIZE:
        length = struct.unpack_from("<Q", tail, at64 + 40)[0]
    if length > limits.max_members * DIRECTORY_ENTRY:
        raise over_limit(f"a directory of {length} bytes", f"{limits.max_members} members")
    return declared if declared < COUNTED - 1 else None


def _check_limits(infos: list[zipfile.ZipInfo], limits: SourceSettings) -> None:
    if len(infos) > limits.max_members:
        raise over_limit(f"{len(infos)} members", f"{limits.max_members} (source.max_members)")
    total = sum(info.file_size for info in infos)
    if total > limits.max_unpacked_bytes:
        raise over_limit(
            f"{total} bytes unpacked", f"{limits.max_unpacked_bytes} (source.max_unpacked_bytes)"
        )
    # Reckoned for the whole as well: members that share their packed bytes are a bomb of its own kind.
    packed = sum(info.compress_size for info in infos)
    for size, small in [(total, packed), *((info.file_size, info.compress_size) for info in infos)]:
        if size > RATIO_FROM and size > small * limits.max_ratio:
            raise over_limit(
                f"{small} bytes that unpack to {size}", f"{limits.max_ratio} times (source.max_ratio)"
            )


def _member(info: zipfile.ZipInfo) -> Member:
    mode = info.external_attr >> 16
    refusal = ""
    if info.flag_bits & ENCRYPTED:
        refusal = "found a member under a password, expected one without"
    elif info.compress_type not in METHODS:
        refusal = f"found a member packed by method {info.compress_type}, expected one of {METHODS}"
    return Member(
        name=_name(info),
        key=info,
        size=info.file_size,
        version=f"{info.CRC:08x}",
        why_skip="a link within an archive" if mode & FILE_TYPE == LINK else "",
        refusal=refusal,
    )


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name as it was meant: Chinese Windows writes GBK where the format says CP437."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME and not name.isascii():
        name = decode_name(name.encode("cp437"))
    return name.replace("\\", "/")


def _read(opened: zipfile.ZipFile, member: Member, limit: int) -> bytes:
    if not isinstance(member.key, zipfile.ZipInfo):
        raise TypeError(member.key)
    with rejecting_damage(member.name), opened.open(member.key) as file:
        return file.read(limit)
