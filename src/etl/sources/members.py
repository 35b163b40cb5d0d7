"""Describe an archive of any kind to the rest of the package: members by name, and a way to read one.

A new kind of archive makes an `Archive`; nothing is added here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from etl.damage import FAULTS, is_damage
from etl.model.errors import RejectError, brief, quoted

# Below this many bytes unpacked no packing ratio does harm; short reports pack very well.
RATIO_FROM = 1_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Attributes:
        name: as it is shown, with forward slashes.
        key: what the archive's own reader finds it by.
        size: bytes unpacked, as the archive declares.
        version: changes when the bytes may have changed.
        why_skip: why it is no report, such as a link; empty otherwise.
        refusal: why it cannot be read, such as a password; empty otherwise.
    """

    name: str
    key: object
    size: int
    version: str
    why_skip: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """The members of an open archive by name, and ``read``, which returns at most so many bytes of a member.

    ``read`` may be called from many threads at once; it raises RejectError ``archive``.
    """

    members: Mapping[str, Member]
    read: Callable[[Member, int], bytes]


def decode_name(name: bytes) -> str:
    """Decode a member's name as UTF-8, else GB18030, else UTF-8 with surrogates for undecodable bytes."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("utf-8", "surrogateescape")


@contextmanager
def rejecting_damage(member: str = "") -> Iterator[None]:
    """Turn errors that damaged bytes cause within into a rejection of the archive, or of ``member`` if given.

    Raises:
        RejectError: ``archive``.
    """
    try:
        yield
    except FAULTS as error:
        if not is_damage(error):
            raise
        # Both the name and the words, which quote names of the archive, are its maker's.
        why = brief(error) or type(error).__name__
        raise damage_error(f"{quoted(member)}: {why}" if member else why) from error


def damage_error(what: object) -> RejectError:
    """Return the rejection of an archive or member that cannot be unpacked, because of ``what``."""
    message = f"found an archive that cannot be unpacked: {what}; pack it again or fetch it anew"
    return RejectError("source", "archive", message)


def over_limit(found: str, allowed: str) -> RejectError:
    """Return the rejection of an archive that holds more than the settings allow."""
    message = f"found an archive with {found}, allowed are {allowed}; split it or raise the setting"
    return RejectError("source", "archive limit", message)
